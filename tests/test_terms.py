import re

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index.terms import located_terms, terms


@mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. and the US and us", ["us", "us"]),
        ("Biden’s and Biden's visits", ["biden", "biden", "visit"]),
        ("1,204.5 dollars", ["1204.5", "dollar"]),
        ("Nov. 14, in November", ["novemb", "14", "novemb"]),
        ("five men, 5 boats", ["5", "men", "5", "boat"]),
        ("in May; they may", ["may"]),
        ("naïve Zoë", ["naiv", "zoe"]),
        ("week.The end", ["week", "end"]),
        ("won’t, O’Brien", ["won", "obrien"]),
        ("the of and", []),
        ("", []),
    ],
)
def test_words_are_searched_in_one_spelling(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@given(st.text())
def test_a_term_is_of_letters_digits_and_dots_and_stands_where_it_says(text: str) -> None:
    for start, end, term in located_terms(text):
        assert 0 <= start < end <= len(text)
        assert re.fullmatch(r"[^\W_.]+(?:\.[^\W_]+)*", term), term
        assert terms(text[start:end]) == [term] or text[start:end] in {"may", "us", "it"}
