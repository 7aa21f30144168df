"""Comparisons of reports against numbers worked by hand."""

from pytest import approx, raises

from qa.comparison import SECONDS, Comparison, compare
from qa.evaluation import Outcome, Quoted, Report, ReportError, Row, figures
from ui.comparison_text import comparison_text


def row(id: str, right: float, *, answerable: bool = True, confidence: float = 0.5, seconds: float = 0.1) -> Row:
    if answerable:
        outcome = Outcome.RIGHT if right else Outcome.WRONG
        values = {"first quote right": right}
    else:
        outcome = Outcome.REFUSED if right else Outcome.FALSE
        values = {"refused": right}
    quotes = () if outcome is Outcome.REFUSED else (Quoted(f"Quote \x1b[31m of {id}.", "a", "T", 0, 5, 0.5),)
    return Row(
        id,
        "",
        f"Question {id}?",
        f"Question {id}?",
        answerable,
        outcome,
        confidence,
        seconds,
        quotes,
        (),
        (),
        values,
        (),
    )


def report(*rows: Row, **settings: str) -> Report:
    settings = {"questions": "q", "library": "l", "unit": "passage", **settings}
    return Report(settings, rows, figures(rows))


FIRST = report(row("a", 1), row("b", 1, confidence=0.9), row("c", 0), row("d", 1), row("n", 1, answerable=False))
SECOND = report(
    row("a", 1, seconds=0.3),
    row("b", 0, confidence=0.6),
    row("c", 1),
    row("d", 0, confidence=0.8),
    row("n", 0, answerable=False, confidence=0.7),
)


def difference(comparison: Comparison, name: str):
    return next(one for one in comparison.differences if one.name == name)


def test_differences_are_paired_and_second_minus_first() -> None:
    found = difference(compare(FIRST, SECOND), "first quote right")
    assert (found.first, found.second, found.difference, found.n) == (0.75, 0.5, -0.25, 4)
    assert found.low <= -0.25 <= found.high
    assert found.better is None
    assert found.p == approx(1.0, abs=0.35), "of three that differ, two lost and one won: chance does that"
    assert difference(compare(FIRST, SECOND), "refused").difference == -1


def test_lower_seconds_are_better() -> None:
    slow, fast = (
        report(*(row(str(i), 1, seconds=2.0) for i in range(9))),
        report(*(row(str(i), 1, seconds=1.0) for i in range(9))),
    )
    assert difference(compare(slow, fast), SECONDS).better is True
    assert difference(compare(fast, slow), SECONDS).better is False
    assert difference(compare(slow, slow), SECONDS).better is None


def test_lost_questions_come_first_the_surest_wrong_one_before_the_others() -> None:
    flips = compare(FIRST, SECOND).flips
    assert [(flip.first.id, flip.lost) for flip in flips] == [("d", True), ("n", True), ("b", True), ("c", False)]


def test_questions_of_one_report_only_are_named() -> None:
    found = compare(report(row("a", 1), row("x", 1)), report(row("a", 1), row("y", 0)))
    assert (found.common, found.only_first, found.only_second) == (1, ("x",), ("y",))
    assert "Only in the first, left out: 1 question (x)." in comparison_text(found)


def test_reports_that_cannot_be_compared_are_refused() -> None:
    with raises(ReportError, match="no question in common"):
        compare(report(row("a", 1)), report(row("b", 1)))
    with raises(ReportError, match="judges by"):
        compare(report(row("a", 1)), report(row("a", 1), unit="article"))


def test_other_questions_and_libraries_are_warned_of() -> None:
    found = compare(report(row("a", 1)), report(row("a", 1), questions="other", library="other"))
    assert len(found.warnings) == 2
    assert compare(FIRST, SECOND).warnings == ()


def test_the_text_shows_the_table_and_the_flips_and_drives_no_terminal() -> None:
    text = comparison_text(compare(FIRST, SECOND))
    assert "5 questions in both reports." in text
    assert "first quote right" in text
    assert "Lost: 3 questions" in text
    assert "Won: 1 question" in text
    assert "d: right -> wrong quote" in text
    assert "\x1b" not in text
