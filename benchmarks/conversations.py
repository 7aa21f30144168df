"""Print how questions are understood in their conversations, and what that costs.

    python -m benchmarks.conversations DATA [--part choose|report|both] [--libraries DIR]

Needs the extra "bench". DATA is the folder that benchmarks/sets.py reads. MTRAG: retrieval for the last turn
alone, for the last turn with its history (each earlier turn asked and answered by Footnote), and for the
rewrite by people. Demo conversations: is a follow-up answered like its form that stands alone, as people wrote it?
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.demo_conversations import JudgedTurn, conversations, part_of_conversation
from benchmarks.parts import Part, other_part
from benchmarks.quality import ROOT, demo, filled, passage_library
from benchmarks.sets import load, rows
from index import Library
from qa import Answer, Turn, answer, measures, retrieve
from qa.followup import resolve
from qa.retriever import MAX_QUESTION

_DOMAINS = ("clapnq", "govt")
_PARTS = {"choose": (Part.CHOOSE,), "report": (Part.REPORT,), "both": tuple(Part)}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conversations", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--part", choices=_PARTS, default="report")
    parser.add_argument("--libraries", type=Path, default=ROOT / ".footnote" / "quality", metavar="DIR")
    parser.add_argument("--misses", action="store_true", help="show the follow-ups that are answered otherwise")
    settings = parser.parse_args(arguments)
    _demo(settings.libraries, _PARTS[settings.part], settings.misses)
    for domain in _DOMAINS:
        _mtrag(domain, settings.data, settings.libraries, _PARTS[settings.part])


def _mtrag(domain: str, data: Path, libraries: Path, parts: Sequence[Part]) -> None:
    last, rewrite = (load(f"mtrag-{domain}-{name}", data) for name in ("lastturn", "rewrite"))
    rewritten = {question.id: question.text for question in rewrite.questions}
    asked = {row["_id"]: _turns(row["text"]) for row in rows(data / "mtrag" / domain / "questions.jsonl.gz")}
    kinds = _turn_kinds(data)
    found: defaultdict[str, list[list[tuple[float, float]]]] = defaultdict(list)
    costs: list[tuple[float, float, float]] = []
    with passage_library(last, libraries / _key(libraries, domain)) as library:
        told: dict[tuple[str, ...], Answer] = {}
        for question in last.questions:
            conversation, _, number = question.id.partition("<::>")
            if other_part(conversation) not in parts:
                continue
            turns = asked[question.id]
            history: list[Turn] = []
            for i, turn in enumerate(turns[:-1]):
                before = tuple(turns[: i + 1])
                if before not in told:
                    told[before] = answer(turn[:MAX_QUESTION], library, history=history)
                history.append(told[before].turn)
            rankings = [
                _ids(library, question.text, []),
                _ids(library, question.text, history),
                _ids(library, rewritten[question.id], []),
            ]
            figures = [_figures(ranking, question.relevant) for ranking in rankings]
            kind = "first" if number == "1" else kinds.get(tuple(turns), "other")
            for name in (kind, *(("all but first",) if number != "1" else ())):
                found[name].append(figures)
            if number != "1":
                costs.append(_cost(question.text, history, library))
    print(
        f"\n| mtrag-{domain} turns | n | last turn alone | with its history | rewritten by people |"
        "\n|---|---|---|---|---|"
    )
    for kind in sorted(found, key=lambda name: (name == "all but first", name != "first", name)):
        cells = []
        for system in zip(*found[kind], strict=True):
            success, gain = np.array(system).T
            low, high = measures.interval(list(success))
            cells.append(f"{success.mean():.3f} ({low:.3f}-{high:.3f}) / {gain.mean():.3f}")
        print(f"| {kind} | {len(found[kind])} | {' | '.join(cells)} |", flush=True)
    resolving, bare, full = 1000 * np.median(np.array(costs), axis=0)
    print(
        f"\nSuccess@5 (95%) / nDCG@5. Resolving takes {resolving:.1f} ms (p50), "
        f"searching {bare:.1f} ms by the bare words and {full:.1f} ms as resolved."
    )


def _demo(libraries: Path, parts: Sequence[Part], misses: bool) -> None:
    like: defaultdict[str, list[bool]] = defaultdict(list)
    right: list[tuple[bool, bool]] = []
    with filled(demo().articles, libraries / "answers-seeds") as library:
        for id, turns in conversations():
            if part_of_conversation(id) not in parts:
                continue
            history: list[Turn] = []
            for turn in turns:
                found, ideal = answer(turn.question, library, history=history), answer(turn.standalone, library)
                history.append(found.turn)
                if turn.kind == "first":
                    continue
                right_so = _right(found, turn)
                same = _first(found) == _first(ideal) or _overlap(found, ideal) or (right_so and bool(turn.relevant))
                like[turn.kind].append(same)
                if turn.kind == "follow-up":
                    like[f"– {turn.needs}"].append(same)
                    right.append((right_so, _right(ideal, turn)))
                if misses and not same:
                    print(f"{id} {turn.needs or turn.kind}: {turn.question} | {found.query} | {turn.standalone}")
                    for one in (found, ideal):
                        print(f"    {one.confidence:.2f} {'right' if _right(one, turn) else '     '} {_quote(one)}")
    print("| demo conversations | n | answered like the form that stands alone |\n|---|---|---|")
    for kind, flags in sorted(like.items(), key=lambda item: (item[0].startswith("–"), item[0])):
        print(f"| {kind} | {len(flags)} | {np.mean(flags):.3f} |")
    own, ideal_right = np.array(right).mean(axis=0)
    print(
        f"\nOf {len(right)} follow-ups {own:.3f} are answered or refused rightly, "
        f"of their forms that stand alone {ideal_right:.3f}."
    )


def _turns(text: str) -> list[str]:
    return [turn.strip() for turn in text.split("|user|:")[1:]]


def _turn_kinds(data: Path) -> dict[tuple[str, ...], str]:
    kinds = {}
    for conversation in rows(data / "mtrag" / "conversations.jsonl.gz"):
        turns: list[str] = []
        for message in conversation["messages"]:
            if message["speaker"] == "user":
                turns.append(message["text"].strip())
                kinds[tuple(turns)] = message["enrichments"]["Multi-Turn"][0].lower()
    return kinds


def _key(libraries: Path, domain: str) -> str:
    return next((folder.name for folder in libraries.glob(f"mtrag-{domain}-*") if folder.is_dir()), f"mtrag-{domain}")


def _ids(library: Library, question: str, history: Sequence[Turn]) -> list[str]:
    hits = retrieve(question[:MAX_QUESTION], library, k=10, history=history)
    return list(dict.fromkeys(hit.passage.article.id for hit in hits))


def _figures(ranking: Sequence[str], relevant: Sequence[str]) -> tuple[float, float]:
    flags = [id in relevant for id in ranking]
    return measures.success(flags, 5), measures.ndcg(flags, 5, len(relevant))


def _cost(question: str, history: Sequence[Turn], library: Library) -> tuple[float, float, float]:
    began = time.perf_counter()
    meant = resolve(question[:MAX_QUESTION], history, library)
    resolved = time.perf_counter()
    library.search(question, k=16)
    bare = time.perf_counter()
    library.search(meant.query, k=16)
    return resolved - began, bare - resolved, time.perf_counter() - bare


def _first(found: Answer) -> tuple[str, int, int] | None:
    first = found.citations[0] if found.citations else None
    return (first.passage.article.id, first.start, first.end) if first else None


def _overlap(found: Answer, other: Answer) -> bool:
    one, two = _first(found), _first(other)
    return one is not None and two is not None and one[0] == two[0] and one[1] < two[2] and two[1] < one[2]


def _right(found: Answer, turn: JudgedTurn) -> bool:
    first = _first(found)
    if first is None:
        return not turn.relevant
    return any(first[0] == s.article and first[1] < s.end and s.start < first[2] for s in turn.relevant)


def _quote(found: Answer) -> str:
    return found.citations[0].quote[:100] if found.citations else "none"


if __name__ == "__main__":
    main()
