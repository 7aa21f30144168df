"""What is measured, as functions of plain values. docs/measures.md works one example of each by hand."""

from __future__ import annotations

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

Span = tuple[str, int, int]
"""An article's id and the first and last-plus-one character in it."""


def success(relevant: Sequence[bool], k: int) -> float:
    """Say whether any of the first k is relevant: 1 or 0. `relevant` is the ranking, best first."""
    return float(any(relevant[:k]))


def recall(relevant: Sequence[bool], k: int, total: int) -> float:
    """Give the share of all `total` relevant ones that are among the first k; 0 without any."""
    return sum(relevant[:k]) / total if total else 0.0


def reciprocal_rank(relevant: Sequence[bool], k: int) -> float:
    """Give 1 / rank of the first relevant one, 0 when none is among the first k."""
    return next((1 / rank for rank, right in enumerate(relevant[:k], start=1) if right), 0.0)


def ndcg(relevant: Sequence[bool], k: int, total: int) -> float:
    """Give the discounted gain of the first k, relative to the best ranking of `total` relevant ones.

    Source: Järvelin and Kekäläinen, TOIS 2002; gain 1, discount log2(rank + 1).
    """
    best = sum(1 / math.log2(rank + 1) for rank in range(1, min(total, k) + 1))
    found = sum(1 / math.log2(rank + 1) for rank, right in enumerate(relevant[:k], start=1) if right)
    return found / best if best else 0.0


def normalized(answer: str) -> str:
    """Fold an answer for comparison: lower case, no punctuation, no articles, single spaces.

    Source: Rajpurkar et al., SQuAD (2016), the official evaluation script's rules.
    """
    bare = "".join(char for char in answer.lower() if char not in _PUNCTUATION)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def exact_match(answer: str, accepted: Sequence[str]) -> float:
    """Say whether an answer is one of the accepted ones, after `normalized`: 1 or 0."""
    return float(any(normalized(answer) == normalized(one) for one in accepted))


def f1(answer: str, accepted: Sequence[str]) -> float:
    """Give the best F1 of an answer's words against the accepted answers, after `normalized`."""
    return max((_word_f1(normalized(answer).split(), normalized(one).split()) for one in accepted), default=0.0)


def holds(quote: str, accepted: Sequence[str]) -> bool:
    """Say whether a quote holds an accepted answer, as whole words, after `normalized`."""
    words = f" {normalized(quote)} "
    return any(f" {normalized(one)} " in words for one in accepted if normalized(one))


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Say whether a span shares a character with any of the others."""
    article, start, end = span
    return any(article == other and start < last and first < end for other, first, last in others)


def auroc(answerable: Sequence[float], unanswerable: Sequence[float]) -> float:
    """Give the probability that an answerable question is surer than an unanswerable one; NaN without one of each.

    Ties count half. Source: Mann and Whitney (1947).
    """
    if not len(answerable) or not len(unanswerable):
        return math.nan
    ordered = np.sort(np.asarray(unanswerable, dtype=float))
    values = np.asarray(answerable, dtype=float)
    below = np.searchsorted(ordered, values, side="left")
    not_above = np.searchsorted(ordered, values, side="right")
    return float((below + not_above).mean() / (2 * len(ordered)))


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """Give (coverage, risk) after answering the surest question, the two surest, and so on.

    Coverage is the share answered, risk the share of those that is wrong; questions of equal
    confidence are answered together. Source: El-Yaniv and Wiener, JMLR 2010.
    """
    order = sorted(range(len(right)), key=lambda i: -confidences[i])
    curve: list[tuple[float, float]] = []
    wrong = 0
    for count, i in enumerate(order, start=1):
        wrong += not right[i]
        if count == len(order) or confidences[order[count]] != confidences[i]:
            curve.append((count / len(order), wrong / count))
    return curve


def interval(
    values: Sequence[float],
    *,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
    statistic: Callable[[np.ndarray], np.ndarray] | None = None,
) -> tuple[float, float]:
    """Give the bootstrap percentile interval of a mean; NaN, NaN of nothing.

    `statistic` takes samples of shape (draws, n) and gives shape (draws,), the mean by default.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    array = np.asarray(values, dtype=float)
    if not len(array):
        return math.nan, math.nan
    samples = array[np.random.default_rng(seed).integers(0, len(array), (draws, len(array)))]
    found = samples.mean(axis=1) if statistic is None else statistic(samples)
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def randomization(differences: Sequence[float], *, seed: int = 0, draws: int = 10_000) -> float:
    """Give the two-sided p-value of a mean difference of pairs under random signs; 1 of nothing.

    Source: Smucker, Allan and Carterette, CIKM 2007.
    """
    array = np.asarray(differences, dtype=float)
    array = array[array != 0]
    if not len(array):
        return 1.0
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (draws, len(array)))
    return float((1 + (np.abs(signs @ array) >= abs(array.sum()) - 1e-12).sum()) / (draws + 1))


_PUNCTUATION = frozenset(string.punctuation + "‘’“”–—…")


def _word_f1(found: list[str], accepted: list[str]) -> float:
    if not found or not accepted:
        return float(found == accepted)
    common = sum((Counter(found) & Counter(accepted)).values())
    return 2 * common / (len(found) + len(accepted))
