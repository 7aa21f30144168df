from dataclasses import replace

from conftest import BAKERY, REPORT, meant
from pytest import mark

from index import Article, Passage
from qa import Answer, Citation
from qa.calibration import THRESHOLD, measured
from ui.wording import address, byline, no_answer_notes, pages, parts, trust


def test_trust_is_told_in_cases_that_were_measured() -> None:
    right, of = measured(0.99)
    assert (
        trust(Answer("Who?", meant("Who?"), (), (), 0.99))
        == f"In tests, the first quote was right in {right} of {of} cases like this."
    )


def test_more_confidence_was_right_more_often() -> None:
    for told in (False, True):
        found = [measured(confidence, in_conversation=told) for confidence in (THRESHOLD, (1 + THRESHOLD) / 2, 1.0)]
        shares = [right / of for right, of in found]
        assert shares == sorted(shares)
        assert 0.3 < shares[0] < shares[-1] < 1


@mark.parametrize(
    ("answer", "expected"), [(None, ("Rosa Quint opened", "", "")), ((5, 10), ("Rosa ", "Quint", " opened"))]
)
def test_a_quote_has_three_parts(answer: tuple[int, int] | None, expected: tuple[str, str, str]) -> None:
    assert parts(Citation(1, Passage(BAKERY, 0, 50), 0, 17, 0.9, answer)) == expected


def test_one_word_is_a_word_and_without_closest_there_is_a_hint() -> None:
    notes = no_answer_notes(Answer("What?", meant("What?"), (), (), 0.0, (), ("zither",)))
    assert notes[0] == "No article holds the word “zither”."
    assert notes[1].startswith("Try other words")


@mark.parametrize(
    ("author", "source", "said"),
    [
        ("", "", "no source, no date"),
        ("", "Hill Gazette", "Hill Gazette, no date"),
        ("Ann Lee", "", "Ann Lee, no date"),
        ("Ann Lee", "Hill Gazette", "Ann Lee, Hill Gazette, no date"),
        ("HILL GAZETTE", "Hill Gazette", "Hill Gazette, no date"),
        ("Ann Lee, " * 50, "Hill Gazette", f"{'Ann Lee, ' * 8}Ann Lee…, Hill Gazette, no date"),
    ],
)
def test_a_byline_is_author_source_and_date(author: str, source: str, said: str) -> None:
    assert byline(Article("a", "T", "Text.", source=source, author=author)) == said


def test_pages_are_counted_from_one_and_end_with_the_last_character() -> None:
    def said(start: int, end: int) -> str:
        return pages(REPORT, start, end)

    assert [said(0, 33), said(0, 34), said(33, 54), said(53, 55), said(54, 82)] == [
        "p. 1", "pp. 1–2", "p. 2", "pp. 2–4", "p. 4"
    ]  # fmt: skip
    assert said(5, 5) == pages(BAKERY, 0, 9) == ""


@mark.parametrize("url", ["", "http://[", "file:///a.pdf", "javascript:a.pdf"])
def test_an_address_that_is_none_is_given_as_it_is(url: str) -> None:
    assert address(replace(REPORT, url=url), 0, 9) == url
