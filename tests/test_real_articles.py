"""The two articles the project was conceived from, added as they are."""

from collections.abc import Iterator
from pathlib import Path

from pytest import TempPathFactory, fixture, mark, skip

from index import Article, Library
from index.files import article_files, read_articles
from qa import answer

REAL = Path(__file__).parent.parent.parent / "shared" / "seeds"


@fixture(scope="module")
def real(tmp_path_factory: TempPathFactory) -> Iterator[Library]:
    if not REAL.is_dir():
        skip(f"LOUDLY: {REAL} is not here, so the two real articles were not asked")
    files, _, _ = article_files([REAL])
    with Library.create(tmp_path_factory.mktemp("real") / "library") as library:
        library.add([one for file in files for one in read_articles(file) if isinstance(one, Article)])
        yield library


@mark.parametrize(
    ("question", "words"),
    [
        ("Where will Biden and Xi meet in 2022?", "Bali"),
        ("What was shot down over the Atlantic Ocean?", "spy craft"),
        ("Who is the White House press secretary?", "Karine Jean"),
        ("How many conversations have they had since Biden took office?", "five conversations"),
        ("Will there be a joint statement?", "will not issue a joint statement"),
        ("What is strategic ambiguity?", "leaving open the question"),
    ],
)
def test_the_first_quote_answers(real: Library, question: str, words: str) -> None:
    found = answer(question, real)
    assert found.found
    assert words in found.citations[0].quote
    for citation in found.citations:
        assert citation.quote == real.article(citation.passage.article.id).text[citation.start : citation.end]


@mark.parametrize("question", ["What did the balloon cost?", "Who won the World Cup in 2018?", "How do I bake bread?"])
def test_what_they_do_not_say_is_refused(real: Library, question: str) -> None:
    assert not answer(question, real).found
