"""Fit what the reader's scores are worth, choose the threshold, and report both on other questions.

    python -m training.reader.calibrate DATA [--libraries DIR] [--reader FILE] [--fewer N]

DATA is the folder that benchmarks/sets.py reads. What it prints goes into qa/calibration.py.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

import qa.reading_model
from benchmarks.answer_sets import AnswerSet, load_answers, part_of
from benchmarks.parts import Part
from benchmarks.quality import ROOT, demo, filled
from index import Library
from qa import measures
from qa.calibration import THRESHOLD
from qa.followup import resolve
from qa.questions import JudgedQuestion
from qa.reader import FEATURES, Sentence, candidates, depth

_SETS = ("squad-answers", "onestop-answers", "clapnq-answers", "seeds")
_ANSWERED = 0.9
_REFUSED = 0.97
"""How many questions about something else are to be refused."""


@dataclass(frozen=True, slots=True)
class Group:
    """Hold the sentences read for one question: features, and which of them answer."""

    rows: np.ndarray
    right: np.ndarray
    answerable: bool


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.reader.calibrate")
    parser.add_argument("data", type=Path)
    parser.add_argument("--libraries", type=Path, default=ROOT / ".footnote" / "quality")
    parser.add_argument("--reader", type=Path, default=qa.reading_model.FILE)
    parser.add_argument("--fewer", type=int, default=400, metavar="N", help="at most N questions of a set and part")
    settings = parser.parse_args(arguments)
    qa.reading_model.FILE = settings.reader
    sets = {name: demo() if name == "seeds" else load_answers(name, settings.data) for name in _SETS}
    read = _Reader(sets, settings.libraries, settings.fewer)

    chosen = {name: read.asked(name, name, Part.CHOOSE) for name in _SETS}
    elsewhere = {
        "SQuAD asked of OneStop": read.asked("squad-answers", "onestop-answers", Part.CHOOSE),
        "OneStop asked of SQuAD": read.asked("onestop-answers", "squad-answers", Part.CHOOSE),
    }
    weights = fit([*chosen.values(), *elsewhere.values()])
    for name, value in zip((*FEATURES, "bias"), weights, strict=True):
        print(f"{value:8.3f}  {name}")
    threshold = max(THRESHOLD, careful([g for groups in elsewhere.values() for g in groups], weights))
    print(f"WEIGHTS = {[round(float(w), 3) for w in weights]}\nTHRESHOLD = {threshold:.2f}\n")
    for part, title in ((Part.CHOOSE, "chosen on"), (Part.REPORT, "reported")):
        groups = {name: read.asked(name, name, part) for name in _SETS}
        for name, some in groups.items():
            print(line(f"{name}, {title}", some, weights, threshold))
        for asked, of in (("squad-answers", "onestop-answers"), ("onestop-answers", "squad-answers")):
            others = read.asked(asked, of, part)
            own = [g for g in groups[asked] if g.answerable]
            print(line(f"{asked} of {of}, {title}", [*own, *others], weights, threshold))
        print()
    reported = [g for name in _SETS for g in read.asked(name, name, Part.REPORT)]
    for low, high, right, n in bins(reported, weights, threshold):
        print(f"confidence {low:.2f}-{high:.2f}: first quote right {right:.3f}, n={n}")


class _Reader:
    def __init__(self, sets: dict[str, AnswerSet], libraries: Path, most: int) -> None:
        self._sets, self._libraries, self._most = sets, libraries, most

    @cache  # noqa: B019 - there is one reader, and it lives as long as the program
    def asked(self, name: str, of: str, part: Part) -> list[Group]:
        """Ask questions of a set and part of the articles of a set; of those of another set none is answerable."""
        own = name == of
        questions = [q for q in self._sets[name].questions if part_of(name, q) is part and (own or q.answerable)]
        questions = sorted(questions, key=lambda q: hashlib.sha256(q.id.encode()).digest())[: self._most]
        with filled(self._sets[of].articles, self._libraries / f"answers-{of}") as library:
            return [group(q, library, own=own) for q in questions]


def group(question: JudgedQuestion, library: Library, *, own: bool) -> Group:
    meant = resolve(question.question, question.history, library)
    sentences, rows = candidates(meant, library.search(meant.query, k=depth(meant)), library)
    spans = [(span.article, span.start, span.end) for span in question.relevant] if own else []
    right = [answers(one, spans, question.answers if own else ()) for one in sentences]
    return Group(rows, np.array(right, dtype=bool), bool(spans))


def answers(one: Sentence, spans: Sequence[measures.Span], accepted: Sequence[str]) -> bool:
    place = one.hit.passage.article.id, one.start, one.end
    return measures.overlaps(place, spans) or measures.holds(one.text, accepted)


def fit(
    sets: Sequence[Sequence[Group]],
    *,
    steps: int = 3000,
    rate: float = 0.03,
    near: np.ndarray | None = None,
    decay: float = 2e-3,
) -> np.ndarray:
    """Fit weights and a bias so that softmax over the sentences and "none" (score 0) is likeliest.

    They are drawn, by `decay`, to the weights they are to be `near`, else to 0.
    Each set weighs alike. A question whose right sentences were not read counts as one that nothing answers.
    """
    data = [group for groups in sets for group in groups]
    weigh = np.array([1 / len(groups) / len(sets) for groups in sets for _ in groups], np.float32)
    width = max(len(g.rows) for g in data)
    x = np.zeros((len(data), width, len(FEATURES) + 1), np.float32)
    there = np.zeros((len(data), width), bool)
    right = np.zeros((len(data), width), bool)
    for i, g in enumerate(data):
        x[i, : len(g.rows), :-1], x[i, : len(g.rows), -1] = g.rows, 1
        there[i, : len(g.rows)], right[i, : len(g.rows)] = True, g.right
    none = ~right.any(1)
    home = np.zeros(x.shape[2], np.float32) if near is None else near
    w = home.copy()
    first, second = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        scores = np.where(there, np.clip(x @ w, -30, 30), -30)
        e = np.exp(scores - scores.max(1, keepdims=True))
        zero = np.exp(-scores.max(1))
        p = e / (e.sum(1) + zero)[:, None]
        target = np.where(right, p, 0)
        target = np.where(none[:, None], 0, target / np.maximum(target.sum(1, keepdims=True), 1e-9))
        gradient = np.einsum("nsf,ns,n->f", x, p - target, weigh) + decay * np.append(
            w[:-1] - home[:-1], 0 if near is None else w[-1] - home[-1]
        )
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        w -= rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return w


def best(g: Group, w: np.ndarray) -> tuple[float, bool]:
    """Give the probability that some sentence answers, and whether the likeliest one does."""
    if not len(g.rows):
        return 0.0, False
    scores = np.clip(g.rows @ w[:-1] + w[-1], -30, 30)
    return float(1 - 1 / (1 + np.exp(scores).sum())), bool(g.right[int(scores.argmax())])


def careful(groups: Sequence[Group], w: np.ndarray) -> float:
    """Find the lowest threshold at which as many as `_REFUSED` of the unanswerable questions are refused."""
    found = np.array([best(g, w)[0] for g in groups])
    return next(t for t in np.linspace(0.02, 0.98, 97).tolist() if (found < t).mean() >= _REFUSED)


def line(name: str, groups: Sequence[Group], w: np.ndarray, threshold: float) -> str:
    given = [best(g, w) for g in groups if g.answerable]
    none = [best(g, w)[0] for g in groups if not g.answerable]
    sure = sorted((p for p, _ in given), reverse=True)
    at_nine = sure[max(0, int(np.ceil(_ANSWERED * len(sure))) - 1)]
    answered = [p >= threshold for p, _ in given]
    parts = [
        f"{name:46s} n={len(given)}: read {np.mean([g.right.any() for g in groups if g.answerable]):.3f}",
        f"best right {np.mean([r for _, r in given]):.3f}",
        f"answered {np.mean(answered):.3f}",
        f"first quote right {np.mean([a and r for a, (_, r) in zip(answered, given, strict=True)]):.3f}",
    ]
    if none:
        parts += [
            f"| n={len(none)}: refused {np.mean([p < threshold for p in none]):.3f}",
            f"at 90% answered {np.mean([p < at_nine for p in none]):.3f}",
            f"AUROC {measures.auroc([p for p, _ in given], none):.3f}",
        ]
    return " ".join(parts)


def bins(
    groups: Sequence[Group], w: np.ndarray, threshold: float, count: int = 5
) -> Iterator[tuple[float, float, float, int]]:
    """Give how often the first quote is right by confidence, in so many parts of like size."""
    shown = sorted((p, r) for p, r in (best(g, w) for g in groups) if p >= threshold)
    for part in np.array_split(np.array(shown, dtype=float), count):
        yield float(part[0, 0]), float(part[-1, 0]), float(part[:, 1].mean()), len(part)


if __name__ == "__main__":
    main()
