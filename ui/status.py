"""What a library holds and whether it is whole, as text and JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from statistics import median

from index.checking import Checked
from index.database import FILE
from index.failures import Failures
from index.families import Families
from index.languages import language
from index.salvage import Saved
from index.schema import FORMAT
from index.segment_cache import CACHE_FILES
from index.store import Store
from index.versions import Versions
from ui.wording import counted

_READ = 1000
_GAPS = 5
_UNUSUAL = 5
_WEEK = 7
_LINES = 40
_SOURCES = 20
_FAILURES = 10
_REASONS = 3


@dataclass(frozen=True, slots=True)
class Status:
    """Hold what a library holds; `months` are (source, month or "", articles).

    `in_families` counts the articles that are near-copies of others, `uncompared` those of which that is not known.
    `gaps` are pairs of days with nothing published between them, the longest first. `bytes` are
    those of the database with its log, and of the cache.
    """

    folder: str
    format: int
    model: str
    fingerprint: str
    articles: int
    passages: int
    months: list[tuple[str, str, int]]
    gaps: list[tuple[date, date]]
    languages: dict[str, int]
    failures: dict[str, list[str]]
    bytes: tuple[int, int]
    families: int
    in_families: int
    uncompared: int
    with_older_versions: int
    older_versions: int


def status(store: Store) -> Status:
    """Look a library over."""
    folder = store.database.file.parent
    settings = store.settings()
    articles, passages = store.counts()
    families = Families(store.database)
    return Status(
        str(folder),
        FORMAT,
        settings["encoder"],
        settings["encoder_fingerprint"],
        articles,
        passages,
        store.months(),
        unusual_gaps(store.days()),
        dict(Counter(map(language, store.beginnings(_READ))).most_common()),
        Failures(store.database).all(),
        (_size(folder, [f"{FILE}*"]), _size(folder, CACHE_FILES)),
        *families.counts(),
        families.uncompared(),
        *Versions(store).counts(),
    )


def unusual_gaps(days: list[date]) -> list[tuple[date, date]]:
    """Give the longest stretches without an article: over a week, and over five times the usual one."""
    gaps = sorted(pairwise(days), key=lambda pair: pair[0] - pair[1])
    lengths = [(last - first).days for first, last in gaps]
    least = max(_WEEK, _UNUSUAL * median(lengths)) if lengths else 0
    return [gap for gap, length in zip(gaps, lengths, strict=True) if length > least][:_GAPS]


def status_text(found: Status, *, everything: bool = False) -> str:
    """Write a status; long lists are cut, unless `everything` is wanted."""
    lines = [
        f"{found.folder}: {counted(found.articles, 'article')}, {counted(found.passages, 'passage')}",
        f"format {found.format}, model {found.model} ({found.fingerprint[:12]}…)",
        f"{found.bytes[0] / 1e6:.1f} MB on the disk, and {found.bytes[1] / 1e6:.1f} MB that can be made again",
    ]
    if found.families:
        families = "1 family" if found.families == 1 else f"{found.families:,} families"
        lines.append(f"{found.in_families:,} of the articles are near-copies of others, in {families}")
    if found.uncompared:
        lines.append(
            f"{counted(found.uncompared, 'article')} not yet compared with the others; footnote check does that"
        )
    if found.with_older_versions:
        older = counted(found.older_versions, "older version")
        lines.append(f"{counted(found.with_older_versions, 'article')} with {older}; footnote versions ID lists them")
    if found.months:
        lines += ["", *_source_lines(found, everything)]
    if found.gaps:
        lines += ["", "unusually long without an article:"]
        lines += [f"  {first} to {last} ({(last - first).days} days)" for first, last in found.gaps]
    if found.languages:
        lines += ["", "languages, by script and commonest words: " + _listed(found.languages)]
    if found.failures:
        lines += ["", *_failure_lines(found.failures, everything)]
    return "\n".join(lines)


def _source_lines(found: Status, everything: bool) -> list[str]:
    """List the sources, the largest first: with their months, or, where that is long, with the first and the last."""
    sources: dict[str, list[tuple[str, int]]] = {}
    for source, month, number in found.months:
        sources.setdefault(source, []).append((month or "no date", number))
    totals = {source: sum(number for _, number in of) for source, of in sources.items()}
    order = sorted(sources, key=lambda source: (-totals[source], source))
    if everything or len(sources) + len(found.months) <= _LINES:
        lines = ["articles by source and month:"]
        for source in order:
            lines.append(f"  {source or 'no source'} ({totals[source]:,})")
            lines += [f"    {month}  {number:7,}" for month, number in sources[source]]
        return lines
    lines = [f"articles by source, of {counted(len(sources), 'source')}:"]
    for source in order[:_SOURCES]:
        months = sorted({month for month, _ in sources[source]} - {"no date"})
        period = f"  {months[0]} to {months[-1]}" if len(months) > 1 else f"  {months[0]}" if months else ""
        lines.append(f"  {source or 'no source'} ({totals[source]:,}){period}")
    rest = sum(totals[source] for source in order[_SOURCES:])
    return [*lines, *_others(len(order) - _SOURCES, f"{counted(rest, 'article')}; footnote status --all")]


def _failure_lines(failures: dict[str, list[str]], everything: bool) -> list[str]:
    lines = [f"{counted(len(failures), 'file')} could not be read when last tried:"]
    for reasons in list(failures.values())[: None if everything else _FAILURES]:
        shown = reasons if everything else reasons[:_REASONS]
        lines += [f"  {reason}" for reason in shown]
        lines += [f"    and {len(reasons) - len(shown):,} more in it"] if len(reasons) > len(shown) else []
    return [*lines, *([] if everything else _others(len(failures) - _FAILURES, "footnote status --all"))]


def _others(number: int, more: str) -> list[str]:
    return [f"  and {counted(number, 'other')} ({more})"] if number > 0 else []


def json_text(found: Status) -> str:
    return json.dumps(asdict(found), ensure_ascii=False, indent=2, default=str)


def checked_text(checked: Checked, folder: Path) -> str:
    """Say what a check found, and what to do."""
    lines = [f"damaged: {problem}" for problem in checked.damage]
    lines += [f"mended: {what}" for what in checked.mended]
    lines.append(f"{counted(checked.whole, 'article')} as stored, with all passages and vectors.")
    if checked.older:
        lines.append(f"{counted(checked.older, 'older version')} as stored, too.")
    if checked.doubtful:
        lines.append(f"{counted(len(checked.doubtful), 'article')} with changed bytes: {', '.join(checked.doubtful)}")
    if checked.lost:
        lines.append(f"{counted(checked.lost, 'article')} cannot be read.")
    if checked.damage:
        lines.append(
            f"Put a backup back: footnote restore FILE --library NEW. Or save what can be read: "
            f"footnote check --salvage NEW --library {folder}"
        )
    return "\n".join(lines)


def saved_text(saved: Saved, target: Path) -> str:
    """Say what was saved of a damaged library."""
    older = f" with {counted(saved.older, 'older version')}" if saved.older else ""
    kept = f"{counted(saved.articles, 'article')}{older}, {counted(saved.conversations, 'conversation')}"
    lines = [f"saved into {target}: {kept}"]
    if saved.doubtful:
        lines.append(f"Bytes have changed in these; add their files again: {', '.join(saved.doubtful)}")
    if saved.lost:
        lines.append(f"{counted(saved.lost, 'article')} could not be read; add the files again.")
    return "\n".join(lines)


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in counts.items())


def _size(folder: Path, patterns: list[str]) -> int:
    return sum(file.stat().st_size for pattern in patterns for file in folder.glob(pattern))
