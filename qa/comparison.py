"""Two reports question by question: what changed on average, by how much for sure, and which questions flipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from qa import measures
from qa.evaluation import Outcome, Report, ReportError, Row

SECONDS = "seconds"
"""The name of the one measure that is better when it is lower."""

_GOOD = frozenset({Outcome.RIGHT, Outcome.REFUSED})


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold a measure over the n questions for which both reports have it.

    `first` and `second` are means over just these questions, `difference` is second - first,
    `low` and `high` are its 95% bootstrap interval and `p` is the p-value of a two-sided randomization test.
    """

    name: str
    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    n: int

    @property
    def better(self) -> bool | None:
        """Say whether the second report is better, or worse; None while the interval holds 0."""
        if self.low <= 0 <= self.high:
            return None
        return (self.difference > 0) is not (self.name == SECONDS)


@dataclass(frozen=True, slots=True)
class Flip:
    """Hold a question that is right (or rightly refused) in one report and wrong in the other."""

    first: Row
    second: Row

    @property
    def lost(self) -> bool:
        return self.first.outcome in _GOOD

    @property
    def wrong(self) -> Row:
        """Give the row of the report that is wrong."""
        return self.second if self.lost else self.first


@dataclass(frozen=True, slots=True)
class Comparison:
    """Hold what changed from a first report to a second, over the `common` questions of both.

    `flips` are the lost questions, then the won ones, each with the surest wrong one first.
    """

    differences: tuple[Difference, ...]
    flips: tuple[Flip, ...]
    common: int
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    warnings: tuple[str, ...]


def compare(first: Report, second: Report) -> Comparison:
    """Compare two reports over the questions that both have, matched by id.

    Raises: ReportError, when they share no question or judge different units.
    """
    units = first.settings.get("unit"), second.settings.get("unit")
    if units[0] != units[1]:
        raise ReportError(
            f"one report judges by {units[0]}, the other by {units[1]}",
            "two reports of the same unit",
            "Evaluate again with the same unit",
        )
    before, after = ({row.id: row for row in report.rows} for report in (first, second))
    pairs = [(row, after[id]) for id, row in before.items() if id in after]
    if not pairs:
        raise ReportError(
            "the two reports have no question in common",
            "reports of the same questions",
            "Evaluate both on the same file of questions, with the same limit and seed",
        )
    flips = [Flip(a, b) for a, b in pairs if (a.outcome in _GOOD) is not (b.outcome in _GOOD)]
    return Comparison(
        tuple(_differences(pairs)),
        tuple(sorted(flips, key=lambda flip: (not flip.lost, -flip.wrong.confidence))),
        len(pairs),
        tuple(id for id in before if id not in after),
        tuple(id for id in after if id not in before),
        tuple(_warnings(first, second, pairs)),
    )


def _differences(pairs: Sequence[tuple[Row, Row]]) -> list[Difference]:
    found = []
    for name in dict.fromkeys(name for a, b in pairs for name in a.values if name in b.values):
        both = [(a, b) for a, b in pairs if name in a.values and name in b.values]
        found.append(_difference(name, [a.values[name] for a, _ in both], [b.values[name] for _, b in both]))
    return [*found, _difference(SECONDS, [a.seconds for a, _ in pairs], [b.seconds for _, b in pairs])]


def _difference(name: str, first: Sequence[float], second: Sequence[float]) -> Difference:
    differences = [b - a for a, b in zip(first, second, strict=True)]
    return Difference(
        name,
        fmean(first),
        fmean(second),
        fmean(differences),
        *measures.interval(differences),
        measures.randomization(differences),
        len(differences),
    )


def _warnings(first: Report, second: Report, pairs: Sequence[tuple[Row, Row]]) -> list[str]:
    found = []
    if first.settings.get("questions") != second.settings.get("questions"):
        changed = sum(_judgement(a) != _judgement(b) for a, b in pairs)
        found.append(
            "The reports were made on different questions; only those of both are compared"
            + (f", and {changed} of these are worded or judged differently." if changed else ".")
        )
    if first.settings.get("library") != second.settings.get("library"):
        found.append("The reports were made on different libraries, or on different states of one.")
    return found


def _judgement(row: Row) -> tuple[object, ...]:
    return row.question, row.answerable, row.judged, row.answers
