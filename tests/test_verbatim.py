"""The same words in another text, but for white space and quotation marks."""

import re

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index.verbatim import plain, standing

QUOTE = "“Rye is the favourite,” said Ms. Quint’s aunt."


@mark.parametrize(
    "text",
    [
        QUOTE,
        f"Before. {QUOTE} After.",
        'Before. "Rye is the favourite," said Ms. Quint\'s aunt.',
        "«Rye is  the\nfavourite,» said\u00a0Ms. Quint‘s aunt. After.",
    ],
)
def test_white_space_and_quotation_marks_make_no_difference(text: str) -> None:
    start, end = standing(QUOTE, text)
    assert plain(text[start:end]) == plain(QUOTE)


@mark.parametrize(
    "text",
    [
        "",
        "“Rye is the favourite” said Ms. Quint’s aunt.",
        "“Rye is the Favourite,” said Ms. Quint’s aunt.",
        "“Rye is the favourite,” said Ms. Quint’s aunt!",
        "“Rye is the\n\nfavourite,” said Ms. Quint’s aunt.",
        "“Rye is the very favourite,” said Ms. Quint’s aunt.",
    ],
)
def test_any_other_difference_is_one(text: str) -> None:
    assert standing(QUOTE, text) is None


def test_a_quote_begins_and_ends_with_whole_words() -> None:
    assert standing("he left", "She said he left.") == (9, 16)
    assert standing("he left", "the left") is None
    assert standing("he left", "he leftover") is None
    assert standing(" ", "anything") is None


TEXTS = st.text(st.sampled_from("ab .\n\"'“”’(*[\\"), max_size=30)


@given(TEXTS, TEXTS, TEXTS)
def test_what_is_found_says_the_same_and_stands_in_one_paragraph(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    found = standing(quote, text)
    if found:
        assert plain(text[slice(*found)]) == plain(quote)
        assert not re.search(r"\n\s*\n", text[slice(*found)])


@given(TEXTS.filter(str.strip), TEXTS, TEXTS)
def test_a_sentence_is_found_where_it_was_put(quote: str, before: str, after: str) -> None:
    if not re.search(r"\n\s*\n", quote.strip()):
        assert standing(quote, f"{before} {quote.strip()} {after}")
