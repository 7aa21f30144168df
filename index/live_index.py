"""What is searched of a library as it is now: a cached segment, later ones, and what is gone of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from index import segment_cache
from index.ranking import rarity
from index.segment import Filters, Ranking, Segment
from index.store import Store
from index.vectors import VectorIndex

_FEW = 1000
_SHARE = 10
_SEGMENTS = 8


@dataclass(frozen=True, slots=True, eq=False)
class LiveIndex:
    """Search one state of a library; another state makes another one, mostly of the same segments.

    A passage's number is never given to another one and later ones are higher, so of a segment all holds but what is
    gone, however old it is. `live`, bool, says for each segment which rows are still there, None for all of them.
    """

    state: str
    segments: tuple[Segment, ...]
    live: tuple[np.ndarray | None, ...]

    def __len__(self) -> int:
        return sum(_sizes(self.segments, self.live))

    @property
    def mean_length(self) -> float:
        """Give the mean number of terms of a passage, with title and date; 1 without passages."""
        total = 0
        for segment, live in zip(self.segments, self.live, strict=True):
            lengths = segment.postings.lengths
            total += int((lengths if live is None else lengths[live]).sum(dtype=np.int64))
        return total / (len(self) or 1) or 1.0

    def counts(self, words: Sequence[str]) -> dict[str, int]:
        """Give for each term the number of passages that hold it."""
        parts = list(zip(self.segments, self.live, strict=True))
        return {word: sum(segment.postings.count(word, live) for segment, live in parts) for word in words}

    def candidates(self, vector: np.ndarray, words: Sequence[str], k: int, filters: Filters) -> tuple[Ranking, Ranking]:
        """Give the k passages nearest to a vector, and the k that BM25 ranks first for the terms."""
        total, counts = len(self), self.counts(list(dict.fromkeys(words)))
        rarities = {word: rarity(count, total) for word, count in counts.items()}
        near: Ranking = []
        matching: Ranking = []
        for segment, live in zip(self.segments, self.live, strict=True):
            allowed = live
            if filters:
                fits = segment.allowed(filters)
                allowed = fits if live is None else fits & live
            near += segment.nearest(vector, k, allowed)
            matching += segment.matching(rarities, k, allowed)
        return _best(near, k), _best(matching, k)

    def among(self, numbers: Sequence[int], filters: Filters) -> list[int]:
        """Give those of some passages that fit the filters."""
        fitting: set[int] = set()
        for segment in self.segments:
            at = np.flatnonzero(np.isin(segment.numbers, numbers))
            fitting.update(segment.numbers[at[segment.allowed(filters)[at]]].tolist())
        return [number for number in numbers if number in fitting]

    @classmethod
    def of(cls, store: Store, folder: Path, earlier: Self | None) -> Self:
        """Give what is searched of what `store` shows now; call inside `store.reading()`.

        The segments of `earlier`, else the one in the cache files, are used on, with one more for what is new. Where
        more than one passage in ten differs from the first of both, all is made anew and written to the folder, if
        it can be.
        Raises: LibraryDamaged; WordsDamaged.
        """
        settings, state = store.settings(), store.state()
        if earlier is not None and earlier.state == state:
            return earlier
        library, dimension = settings["id"], int(settings["dimension"])
        if earlier is not None and earlier.state.startswith(f"{library}-"):
            found = cls._from(store, state, dimension, earlier.segments, earlier.live)
            if found:
                return found
        cached = segment_cache.load(folder, library)
        if cached is not None and cached.vectors.dimension == dimension:
            found = cls._from(store, state, dimension, (cached,), (None,))
            if found:
                return found
        whole = _segment(store, 0, store.counts()[1], dimension)
        with suppress(OSError):  # a cache: a folder that cannot be written does without
            segment_cache.save(whole, folder, library)
        return cls(state, (whole,), (None,))

    @classmethod
    def _from(
        cls,
        store: Store,
        state: str,
        dimension: int,
        segments: tuple[Segment, ...],
        live: tuple[np.ndarray | None, ...],
    ) -> Self | None:
        """Use segments on, the first of them as long as little of it differs from what `store` shows."""
        top, total = _highest(segments), store.counts()[1]
        new = store.passages_above(top)
        # Of what is not new ever fewer are left: as many are the same ones, unless `segments` are of a later state.
        if total - new != sum(_sizes(segments, live)) or (not new and top != store.highest_passage()):
            numbers = store.numbers()
            live = tuple(_still(segment, numbers) for segment in segments)
        sizes = _sizes(segments, live)
        if sum(sizes) != total - new:  # they are of a later state, and were made without what was gone then
            return None
        if len(segments[0]) - sizes[0] + total - sizes[0] > max(_FEW, len(segments[0]) // _SHARE):
            return None
        if new:
            if len(segments) == _SEGMENTS:
                segments, live = segments[:1], live[:1]
                top = _highest(segments)
                new = store.passages_above(top)
            segments = (*segments, _segment(store, top, new, dimension))
            live = (*live, None)
        return cls(state, segments, live)


def _sizes(segments: Sequence[Segment], live: Sequence[np.ndarray | None]) -> list[int]:
    return [
        len(segment) if still is None else int(np.count_nonzero(still))
        for segment, still in zip(segments, live, strict=True)
    ]


def _highest(segments: Sequence[Segment]) -> int:
    return max((int(segment.numbers[-1]) for segment in segments if len(segment)), default=0)


def _segment(store: Store, above: int, count: int, dimension: int) -> Segment:
    vectors = VectorIndex(dimension, count, partial(store.sample, dimension=dimension))
    return Segment.of(store.rows_above(above, dimension), vectors)


def _still(segment: Segment, numbers: np.ndarray) -> np.ndarray | None:
    """Say which rows of a segment are among numbers, ascending; None for all of them."""
    still = np.isin(segment.numbers, numbers, assume_unique=True)
    return None if still.all() else still


def _best(ranking: Ranking, k: int) -> Ranking:
    return sorted(ranking, key=lambda item: (-item[1], item[0]))[:k]
