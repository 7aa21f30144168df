"""How well passages fit a query: words, phrases and meaning, weighed together.

Weights and constants were chosen on one half of public question sets; docs/log.md has the figures,
also those of reciprocal rank fusion, which this replaced.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

K1, B = 1.2, 0.75
"""BM25's saturation of repeated words and its normalization of length."""

WORDS, COSINE, PHRASES, COVERAGE = 0.35, 0.65, 0.15, 0.08
"""Weights of the four parts, each of which lies between 0 and 1 (the cosine between -1 and 1)."""


def rarity(count: int, total: int) -> float:
    """Give the weight of a term that `count` of `total` documents hold."""
    return math.log(1 + (total - count + 0.5) / (count + 0.5))


def scores(
    query: Mapping[str, float],
    documents: Sequence[Sequence[Sequence[str]]],
    cosines: Sequence[float],
    counts: Mapping[str, int],
    total: int,
    mean_length: float,
) -> np.ndarray:
    """Score documents for a query, its terms with their weights, shape (documents,); higher is better.

    A document is its fields, each a sequence of terms in order; `counts` says how many of the
    `total` documents of the library hold each term of the query, `mean_length` how many terms one
    has. `cosines` are those of query and document vectors.
    """
    words = list(query)
    rarities = {word: query[word] * rarity(counts[word], total) for word in words}
    whole = sum(rarities.values()) or 1.0
    pairs = {(a, b): min(rarities[a], rarities[b]) for a, b in pairwise(words)}
    found = []
    for fields, cosine in zip(documents, cosines, strict=True):
        frequency = Counter(term for terms in fields for term in terms)
        length = K1 * (1 - B + B * frequency.total() / mean_length)
        together = {pair for terms in fields for pair in pairwise(terms)}
        bm25 = sum(rarities[word] * frequency[word] / (frequency[word] + length) for word in words)
        phrases = sum(weight for pair, weight in pairs.items() if pair in together)
        coverage = sum(rarities[word] for word in words if word in frequency)
        found.append((WORDS * bm25 + PHRASES * phrases + COVERAGE * coverage) / whole + COSINE * cosine)
    return np.array(found, dtype=np.float64)
