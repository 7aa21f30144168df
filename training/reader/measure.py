"""Figures of a reader that is given the passage: where the answer stands, and whether there is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa import measures
from qa.reading_model import scored
from training.reader.encoding import Encoded
from training.reader.records import Example


@dataclass(frozen=True, slots=True)
class Prediction:
    """Hold the likeliest answer, characters of the passage, and what the two heads say for an answer at all.

    `whole` is the logit of the head on [CLS], `span` the score of the best span less that of none.
    """

    start: int
    end: int
    whole: float
    span: float


def predicted(one: Encoded, ends: np.ndarray, whole: float) -> Prediction:
    """Read the scores of one example: `ends` has shape (length, 2) or longer."""
    scores = scored(one.places, one.passage, ends, whole)
    spans = scores.spans()
    first, last = np.unravel_index(int(spans.argmax()), spans.shape)
    return Prediction(one.places[first][0], one.places[last][1], whole, float(spans[first, last]) - scores.none)


def figures(examples: Sequence[Example], predictions: Sequence[Prediction]) -> dict[str, float]:
    """Measure answers where there are some and the parting of answerable from unanswerable by either head."""
    pairs = list(zip(examples, predictions, strict=True))
    exact, overlap = [], []
    for one, found in pairs:
        if one.spans:
            answers = [one.passage[a:b] for a, b in one.spans]
            said = one.passage[found.start : found.end]
            exact.append(measures.exact_match(said, answers))
            overlap.append(measures.f1(said, answers))
    given = [(one, found) for one, found in pairs if one.spans]
    none = [found for one, found in pairs if not one.spans]
    result = {
        "n answerable": float(len(given)),
        "n unanswerable": float(len(none)),
        "HasAns EM": float(np.mean(exact)),
        "HasAns F1": float(np.mean(overlap)),
    }
    if none:
        for name, score in SCORES.items():
            result[f"AUROC {name}"] = measures.auroc([score(f) for _, f in given], [score(f) for f in none])
            result[f"best F1 {name}"] = best_f1([score(f) for _, f in given], overlap, [score(f) for f in none])
    return result


def best_f1(given: Sequence[float], overlap: Sequence[float], none: Sequence[float]) -> float:
    """Give the F1 over all questions, a rightly refused one counting 1, at the threshold where it is highest."""
    order = sorted([(s, o) for s, o in zip(given, overlap, strict=True)] + [(s, -1.0) for s in none], reverse=True)
    best = current = float(len(none))
    for _, value in order:
        current += value
        best = max(best, current)
    return best / len(order)


SCORES = {
    "whole": lambda p: p.whole,
    "span": lambda p: p.span,
    "both": lambda p: p.whole + 0.5 * p.span,
}
