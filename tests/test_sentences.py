from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index.sentences import MAX_SENTENCE, paragraph_spans, sentence_spans

PROSE = st.text(
    alphabet=st.sampled_from("abcXYZ .!?…\n\t“”’\"'()#-–0123456789éß中。\u00a0\u2028\x0b")
    | st.characters(codec="utf-8"),
    max_size=400,
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(PROSE)
def test_sentences_come_in_order_and_hold_every_character_that_is_not_white_space(text: str) -> None:
    spans = sentence_spans(text)
    inside = set()
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert end - start <= MAX_SENTENCE
        assert text[start:end] == text[start:end].strip()
        inside.update(range(start, end))
        last = end
    assert all(i in inside or text[i].isspace() for i in range(len(text)))


@given(PROSE)
def test_every_sentence_lies_in_one_paragraph(text: str) -> None:
    paragraphs = paragraph_spans(text)
    for start, end in sentence_spans(text):
        assert any(a <= start and end <= b for a, b in paragraphs)


@mark.parametrize(
    "whole",
    [
        "The two will meet on Nov. 14 in Bali.",
        "U.S. Sen. Maria Cole met the P.R.C. delegation at 9 a.m. in St. Louis.",
        "Mr. and Mrs. Hale saw Dr. J. R. Boone Jr. at the U.S. Capitol.",
        "“Why now?” the minister asked.",
        "“Will it rain?” Rosa Quint asked the captain.",
        "It cost $2.5 million, vs. $1.9 million a year before.",
        "She works for Acme Inc. in Boston.",
        "The talks (see fig. 3) went on … and on.",
        "He named No. 7 and No. 12.",
        "Timothy H.J. Moore wrote this report.",
    ],
)
def test_abbreviations_and_speech_do_not_end_a_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


@mark.parametrize(
    ("text", "expected"),
    [
        ("They came from the U.S. The talks began.", ["They came from the U.S.", "The talks began."]),
        ("“It is late.” He left.", ["“It is late.”", "He left."]),
        ("He said it (twice.) Then he left.", ["He said it (twice.)", "Then he left."]),
        ("Is it so? Yes, it is! We know.", ["Is it so?", "Yes, it is!", "We know."]),
        ("It closed at 4 p.m. The staff went home.", ["It closed at 4 p.m.", "The staff went home."]),
        ("He paid 5. She paid 6.", ["He paid 5.", "She paid 6."]),
        ("今日は晴れ。明日は雨。", ["今日は晴れ。", "明日は雨。"]),
        ("‘One goal.’ ‘Two goals.’", ["‘One goal.’", "‘Two goals.’"]),
    ],
)
def test_sentences_end_where_they_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_wrapped_line_goes_on_and_a_short_line_stands_alone() -> None:
    text = (
        "The Harbour\n"
        "The harbour was built in stone by people who\n"
        "had come from far away to fish in the cold\n"
        "water. They stayed.\n"
    )
    assert sentences(text) == [
        "The Harbour",
        "The harbour was built in stone by people who\nhad come from far away to fish in the cold\nwater.",
        "They stayed.",
    ]


def test_lines_of_an_unwrapped_text_are_paragraphs() -> None:
    long = (
        "The harbour was built in stone by people who had come from far away to fish in cold water, "
        + "and stayed " * 5
    )
    long = long.strip()
    assert sentences(f"{long}\nA caption without a stop\n{long}") == [long, "A caption without a stop", long]


def test_a_heading_is_a_sentence_of_its_own() -> None:
    assert sentences("## Why it matters\nIt matters much.") == ["## Why it matters", "It matters much."]


def test_a_text_without_stops_is_cut_at_spaces() -> None:
    pieces = sentences("word " * 1000)
    assert all(len(piece) <= MAX_SENTENCE and piece.startswith("word") and piece.endswith("word") for piece in pieces)


def test_an_empty_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n\n ") == []
