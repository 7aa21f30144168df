"""A comparison of two reports as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from qa.comparison import SECONDS, Comparison, Difference, Flip
from qa.evaluation import Row
from ui.terminal import safe
from ui.wording import counted

_HEAD = ("measure", "first", "second", "difference", "95% interval", "p", "n", "")
_NAMED = 10
_VERDICT = {True: "better", False: "worse", None: ""}


def comparison_text(comparison: Comparison) -> str:
    """Write a comparison: a table of the measures, then the questions that were lost and won."""
    lines = [f"{counted(comparison.common, 'question')} in both reports."]
    for name, ids in (("first", comparison.only_first), ("second", comparison.only_second)):
        if ids:
            lines.append(f"Only in the {name}, left out: {counted(len(ids), 'question')} ({_names(ids)}).")
    lines += [f"Warning: {warning}" for warning in comparison.warnings]
    lines += ["", *_table(comparison.differences)]
    lines += ["", "The difference is second - first; better and worse: the interval leaves out 0."]
    lines += _flips("Lost", [flip for flip in comparison.flips if flip.lost])
    lines += _flips("Won", [flip for flip in comparison.flips if not flip.lost])
    return safe("\n".join(lines))


def _table(differences: Sequence[Difference]) -> list[str]:
    rows = [_HEAD, *(_cells(difference) for difference in differences)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return [
        "  ".join(
            cell.ljust(width) if column in {0, len(_HEAD) - 1} else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _cells(difference: Difference) -> tuple[str, ...]:
    digits = 4 if difference.name == SECONDS else 3
    return (
        _one_line(difference.name),
        f"{difference.first:.{digits}f}",
        f"{difference.second:.{digits}f}",
        f"{difference.difference:+.{digits}f}",
        f"{difference.low:+.{digits}f} to {difference.high:+.{digits}f}",
        "<0.001" if difference.p < 0.001 else f"{difference.p:.3f}",
        str(difference.n),
        _VERDICT[difference.better],
    )


def _flips(name: str, flips: Sequence[Flip]) -> list[str]:
    lines = ["", f"{name}: {counted(len(flips), 'question')}"]
    for flip in flips:
        lines += [
            "",
            f"{_one_line(flip.first.id)}: {flip.first.outcome} -> {flip.second.outcome}",
            f"    {_one_line(flip.first.question)}",
            f"    first:  {_quoted(flip.first)}",
            f"    second: {_quoted(flip.second)}",
        ]
    return lines


def _quoted(row: Row) -> str:
    if not row.quotes:
        return f"nothing quoted (confidence {row.confidence:.2f})"
    best = row.quotes[0]
    return f"“{_one_line(best.quote)}” ({_one_line(best.article)}, confidence {row.confidence:.2f})"


def _names(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _NAMED:,} more" if len(ids) > _NAMED else ""
    return ", ".join(_one_line(id) for id in ids[:_NAMED]) + more


def _one_line(text: str) -> str:
    return " ".join(text.split())
