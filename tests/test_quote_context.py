from pytest import mark

from index import Article, Passage
from qa import Citation
from ui.quote_context import context_before

TEXT = "Ms. Quint opened a bakery. {} On Sunday it rained."


def before(opening: str) -> str | None:
    text = TEXT.format(opening)
    start = text.index(opening)
    article = Article("a", "T", text)
    span = context_before(Citation(1, Passage(article, 0, len(text)), start, start + len(opening), 0.9))
    return text[slice(*span)] if span else None


@mark.parametrize(
    "quote",
    [
        "She sells rye.",
        "That surprised Mr. Brandt.",
        "However, it rained.",
        "“They came,” she said.",
        "But rye sold best.",
    ],
)
def test_a_quote_that_leans_brings_the_sentence_before(quote: str) -> None:
    assert before(quote) == "Ms. Quint opened a bakery."


@mark.parametrize("quote", ["Ms. Quint sells rye.", "Italy won.", "The shop closes at 4 p.m.", "Thessaly burned."])
def test_a_quote_that_stands_alone_brings_nothing(quote: str) -> None:
    assert before(quote) is None


def test_the_first_sentence_has_nothing_before_it() -> None:
    article = Article("a", "T", "She sells rye. He buys it.")
    assert context_before(Citation(1, Passage(article, 0, 26), 0, 14, 0.9)) is None


def test_a_sentence_far_back_is_given_whole_or_not_at_all() -> None:
    text = "Long words stand here " * 200 + "and end. She sells rye."
    start = text.index("She sells")
    article = Article("a", "T", text)
    span = context_before(Citation(1, Passage(article, 0, len(text)), start, len(text), 0.9))
    assert span is None or text[slice(*span)].endswith("and end.")
