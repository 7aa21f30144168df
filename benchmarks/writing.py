"""How well the words of written sentences that their quotes do not bear out are found.

The pairs (written_pairs.jsonl) were made by hand, before the checks: quotes, and sentences over them with the words
that no quote bears out in braces, each with its kind. Every other group of quotes was developed on; the rest is
reported. `python -m benchmarks.writing`, with `--show choose` or `--show report` for what went wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.parts import Part
from qa.support import Source, doubtful

_PAIRS = Path(__file__).with_name("written_pairs.jsonl")
_MARKED = re.compile(r"\{\{(?P<kind>[a-z]):(?P<words>.*?)\}\}")
_KINDS = {"n": "number", "d": "date", "p": "name", "q": "quotation", "g": "negation", "w": "other word"}


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold a sentence with the quotes it names, and the spans that these do not bear out, by kind."""

    sources: tuple[Source, ...]
    sentence: str
    unsupported: tuple[tuple[int, int, str], ...]


def pairs(part: Part) -> Iterator[Pair]:
    """Read the pairs: those of the odd groups to choose, of the even ones to report."""
    for number, line in enumerate(_PAIRS.read_text("utf-8").splitlines(), start=1):
        if (Part.CHOOSE if number % 2 else Part.REPORT) is part:
            group = json.loads(line)
            sources = tuple(
                Source(one["text"], one["title"], one["source"], date.fromisoformat(one["published"]))
                for one in group["quotes"]
            )
            for marked in group["sentences"]:
                yield _pair(sources, marked)


def _pair(sources: tuple[Source, ...], marked: str) -> Pair:
    text, spans, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        spans.append((len(text), len(text) + len(match["words"]), _KINDS[match["kind"]]))
        text += match["words"]
        at = match.end()
    return Pair(sources, text + marked[at:], tuple(spans))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=[Part.CHOOSE.value, Part.REPORT.value])
    show = parser.parse_args().show
    for part in (Part.CHOOSE, Part.REPORT):
        _table(part, list(pairs(part)), show=show == part.value)


def _table(part: Part, judged: list[Pair], *, show: bool) -> None:
    there, found = Counter[str](), Counter[str]()
    marked = right = clean = kept_clean = false = caught = 0
    for pair in judged:
        spans = doubtful(pair.sentence, pair.sources)
        for start, end, kind in pair.unsupported:
            there[kind] += 1
            found[kind] += any(_overlap((start, end), span) for span in spans)
        good = [any(_overlap(span, one[:2]) for one in pair.unsupported) for span in spans]
        marked, right = marked + len(spans), right + sum(good)
        clean, kept_clean = clean + (not pair.unsupported), kept_clean + (not pair.unsupported and not spans)
        false, caught = false + bool(pair.unsupported), caught + bool(pair.unsupported and spans)
        if show and (not all(good) or any(not _overlap_any(one, spans) for one in pair.unsupported)):
            print(f"  {pair.sentence}\n    marked {[pair.sentence[a:b] for a, b in spans]}, "
                  f"wanted {[pair.sentence[a:b] for a, b, _ in pair.unsupported]}")  # fmt: skip
    started = time.perf_counter()
    for pair in judged:
        doubtful(pair.sentence, [Source(one.quote, one.title, one.outlet, one.published) for one in pair.sources])
    cost = (time.perf_counter() - started) * 1000 / len(judged)
    print(f"{part.value}: {len(judged)} sentences")
    print(f"  precision of underlining {right}/{marked} = {right / marked:.3f}")
    print(f"  recall {found.total()}/{there.total()} = {found.total() / there.total():.3f}")
    for kind in _KINDS.values():
        print(f"    {kind:12}{found[kind]}/{there[kind]}")
    checked = [kind for kind in _KINDS.values() if kind != "other word"]
    print(f"    all but other words {sum(found[k] for k in checked)}/{sum(there[k] for k in checked)}")
    print(f"  sound sentences without a mark {kept_clean}/{clean}; unsound ones with a mark {caught}/{false}")
    print(f"  {cost:.2f} ms a sentence")


def _overlap_any(one: tuple[int, int, str], spans: tuple[tuple[int, int], ...]) -> bool:
    return any(_overlap(one[:2], span) for span in spans)


if __name__ == "__main__":
    main()
