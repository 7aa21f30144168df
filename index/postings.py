"""Which passages hold which terms: inverted lists, searched by BM25."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from index.ranking import K1, B

_CHUNK = 50_000
_STEPS = 255


@dataclass(frozen=True, slots=True, eq=False)
class Postings:
    """Hold for each term the positions of the passages with it, ascending, and what it weighs in each.

    Term i is the one whose hash is `hashes[i]`, uint64, ascending; its list is that between `starts[i]` and
    `starts[i + 1]` of `positions`, int32, and `weights`, uint8: BM25 without the rarity of the term, in 255ths.
    `lengths` are the numbers of terms of the passages, int32.
    """

    hashes: np.ndarray
    starts: np.ndarray
    positions: np.ndarray
    weights: np.ndarray
    lengths: np.ndarray

    @classmethod
    def of(cls, passages: Iterable[Sequence[str]]) -> Self:
        """Make the lists of passages, each the terms of one, repeats kept."""
        vocabulary: dict[str, int] = {}
        chunks: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        lengths: list[int] = []
        ids: list[int] = []
        first = 0
        for terms in passages:
            ids += [vocabulary.setdefault(term, len(vocabulary)) for term in terms]
            lengths.append(len(terms))
            if len(lengths) == first + _CHUNK:
                chunks.append(_counted(ids, lengths[first:], first))
                ids, first = [], len(lengths)
        chunks.append(_counted(ids, lengths[first:], first))
        hashes = np.array([_hash(term) for term in vocabulary], dtype=np.uint64)
        order = np.argsort(hashes)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return cls(hashes[order], *_sorted(chunks, rank, np.array(lengths, dtype=np.int32)))

    def add_scores(self, scores: np.ndarray, rarities: Mapping[str, float]) -> None:
        """Add to each passage's score, float32, shape (passages,), what its terms are worth, by their rarities."""
        for term, rarity in rarities.items():
            span = self._span(term)
            scores[self.positions[span]] += self.weights[span] * np.float32(rarity / _STEPS)

    def count(self, term: str, among: np.ndarray | None = None) -> int:
        """Count the passages with a term; only those where `among`, bool, is true, when it is given."""
        span = self._span(term)
        return span.stop - span.start if among is None else int(np.count_nonzero(among[self.positions[span]]))

    def _span(self, term: str) -> slice:
        wanted = _hash(term)
        at = int(np.searchsorted(self.hashes, np.uint64(wanted)))
        if at == len(self.hashes) or self.hashes[at] != wanted:
            return slice(0, 0)
        return slice(int(self.starts[at]), int(self.starts[at + 1]))


def _hash(term: str) -> int:
    return int.from_bytes(hashlib.blake2b(term.encode(), digest_size=8).digest(), "little")


def _counted(ids: Sequence[int], lengths: Sequence[int], first: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give term, position and count of each term of each passage of a chunk, by term, then position."""
    passages = np.repeat(np.arange(len(lengths)), np.array(lengths, dtype=np.int64))
    pairs, counts = np.unique(np.array(ids, dtype=np.int64) << 32 | passages, return_counts=True)
    positions = (pairs & 0xFFFFFFFF).astype(np.int32) + np.int32(first)
    return (pairs >> 32).astype(np.int32), positions, np.minimum(counts, _STEPS).astype(np.uint8)


def _sorted(
    chunks: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], rank: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Give starts, positions, weights and lengths, the terms in the order of their ranks.

    A counting sort, chunk by chunk: little more memory than the result takes.
    """
    sizes = sum((np.bincount(terms, minlength=len(rank)) for terms, _, _ in chunks), np.zeros(len(rank), np.int64))
    by_rank = np.empty_like(sizes)
    by_rank[rank] = sizes
    starts = np.concatenate([[0], np.cumsum(by_rank)])
    free = starts[:-1][rank]
    positions = np.empty(int(starts[-1]), dtype=np.int32)
    weights = np.empty(len(positions), dtype=np.uint8)
    norms = K1 * (1 - B + B * lengths / (lengths.mean() if lengths.sum() else 1.0))
    for terms, where, counts in chunks:
        present, first, held = np.unique(terms, return_index=True, return_counts=True)
        to = np.repeat(free[present] - first, held) + np.arange(len(terms))
        positions[to] = where
        weights[to] = np.ceil(_STEPS / (1 + norms[where] / counts))
        free[present] += held
    return starts, positions, weights, lengths
