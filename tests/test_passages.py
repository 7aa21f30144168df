from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from index import Article
from index.passages import MAX_PASSAGE, encoded_text, passages
from index.sentences import MAX_SENTENCE, sentence_spans

PARAGRAPHS = st.lists(
    st.text(alphabet="abc XYZ.,?! ”“\n0", max_size=120)
    | st.integers(1, 40).map(lambda n: "One more of these sentences. " * n),
    max_size=12,
).map("\n\n".join)


@given(PARAGRAPHS)
def test_passages_cover_the_article_in_order_and_their_text_is_its_text(text: str) -> None:
    article = Article("id", "Title", text)
    found = passages(article)
    covered = set()
    last = 0
    for passage in found:
        assert passage.text == text[passage.start : passage.end]
        assert last <= passage.start < passage.end
        assert passage.end - passage.start <= max(MAX_PASSAGE, MAX_SENTENCE)
        covered.update(range(passage.start, passage.end))
        last = passage.end
    assert all(i in covered or text[i].isspace() for i in range(len(text)))


@given(PARAGRAPHS)
def test_no_sentence_is_cut_by_a_passage(text: str) -> None:
    found = passages(Article("id", "Title", text))
    for start, end in sentence_spans(text):
        assert sum(passage.start <= start and end <= passage.end for passage in found) == 1


def test_title_and_date_are_encoded_and_not_quoted() -> None:
    article = Article("id", "Snow in June", "It snowed.", published=date(2020, 6, 9))
    (passage,) = passages(article)
    assert passage.text == "It snowed."
    assert encoded_text(passage) == "Snow in June (9 June 2020)\nIt snowed."


def test_an_article_without_a_date_is_encoded_without_one() -> None:
    (passage,) = passages(Article("id", "Snow", "It snowed."))
    assert encoded_text(passage) == "Snow\nIt snowed."
