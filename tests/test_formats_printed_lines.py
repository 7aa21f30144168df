from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index.formats.printed_lines import LINE_END_HYPHEN, Line, flowing_text


def lines(*texts: str, left: float = 72, right: float = 500, top: float = 700, step: float = 14) -> list[Line]:
    """Set texts one under the other, all of one width; an empty one leaves its line empty."""
    return [
        Line(text, left, right, top - step * number, top - step * number, 11)
        for number, text in enumerate(texts)
        if text
    ]


def flow(*pages: Sequence[Line]) -> str:
    return flowing_text(pages)[0]


def test_a_wider_step_parts_paragraphs() -> None:
    assert flow(lines("It snowed", "all day", "", "until noon", "and on")) == "It snowed all day\n\nuntil noon and on"


def test_an_indent_or_a_short_line_parts_paragraphs_after_a_sentence() -> None:
    a, b, c = lines("It snowed all", "day.", "Then it thawed.")
    assert flow([a, b, Line(c.text, 90, 500, c.bottom, c.bottom, 11)]) == "It snowed all day.\n\nThen it thawed."
    short = Line(b.text, 72, 110, b.bottom, b.bottom, 11)
    assert flow([a, short, c]) == "It snowed all day.\n\nThen it thawed."
    assert flow([a, b, c]) == "It snowed all day. Then it thawed."


def test_a_heading_in_larger_letters_stands_alone() -> None:
    head, text = lines("Snow in June", "It snowed.")
    assert flow([Line(head.text, 72, 200, 700, 700, 18), text]) == "Snow in June\n\nIt snowed."


def test_items_of_a_list_are_paragraphs() -> None:
    assert flow(lines("Bring:", "• gloves", "• a hat", "1. rope")) == "Bring:\n\n• gloves\n\n• a hat\n\n1. rope"


def test_a_sentence_runs_on_over_a_page_or_a_column() -> None:
    page, following = lines("It snowed on the"), lines("hill of Ode.", "Then it thawed.")
    assert flowing_text([page, following]) == ("It snowed on the hill of Ode. Then it thawed.", (17,))
    assert flow([*page, *lines("hill of Ode.", left=320, top=720)]) == "It snowed on the hill of Ode."
    assert flow(lines("It snowed."), lines("Then it thawed.")) == "It snowed.\n\nThen it thawed."


@mark.parametrize(
    ("rest", "mended"),
    [
        ("", "completely"),
        ("Completely open.", "completely"),
        ("Read com-pletely here.", "com-pletely"),
        ("The com are pletely gone.", "com-pletely"),
    ],
)
def test_a_broken_word_is_mended_as_the_rest_of_the_text_writes_it(rest: str, mended: str) -> None:
    for broken in (
        lines("It was com-", "pletely shut.", rest),
        lines(f"It was com{LINE_END_HYPHEN}pletely shut.", rest),
    ):
        assert flow(broken).startswith(f"It was {mended} shut.")


def test_a_hyphen_before_a_capital_or_a_number_stays() -> None:
    assert flow(lines("the Franco-", "German border")) == "the Franco-German border"
    assert flow(lines(f"from 2019{LINE_END_HYPHEN}20 on")) == "from 2019-20 on"


def test_a_word_broken_over_a_page_belongs_to_both() -> None:
    text, pages = flowing_text([lines("It was com-"), lines("pletely shut.")])
    assert text == "It was completely shut."
    assert text[pages[0] :] == "pletely shut."


def test_heads_and_numbers_that_many_pages_share_are_left_out() -> None:
    days = ["Monday", "Tuesday", "Friday"]
    pages = [lines("Hill Gazette", f"It snowed on {day}.", str(n)) for n, day in enumerate(days, 9)]
    assert flow(*pages) == "It snowed on Monday.\n\nIt snowed on Tuesday.\n\nIt snowed on Friday."


def test_rows_of_numbers_are_not_taken_for_heads() -> None:
    pages = [lines("Hill Gazette", f"{n} 5 7", "It snowed.", f"{n} 4 4", str(n)) for n in range(9)]
    assert all(f"{n} 5 7 It snowed." in flow(*pages) and f"{n} 4 4" in flow(*pages) for n in range(9))


LINES = st.builds(
    Line,
    st.text("abc -.\u00e9A1", min_size=1).map(lambda text: " ".join(text.split()) or "x"),
    *[st.floats(0, 700)] * 4,
    st.floats(0, 30),
)


@given(st.lists(st.lists(LINES, max_size=6), max_size=5))
def test_pages_begin_in_order_and_no_letter_is_lost(pages: list[list[Line]]) -> None:
    text, offsets = flowing_text(pages)
    assert len(offsets) == max(len(pages) - 1, 0)
    assert all(a <= b for a, b in pairwise([0, *offsets, len(text)]))
    if len(pages) < 3:
        letters = "".join(line.text for page in pages for line in page)
        assert text.replace(" ", "").replace("\n", "").replace("-", "") == letters.replace(" ", "").replace("-", "")
