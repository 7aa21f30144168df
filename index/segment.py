"""Some passages of a library, made ready to be searched: their vectors, their words, what filters look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Self

import numpy as np

from index.postings import Postings
from index.vectors import VectorIndex

Ranking = list[tuple[int, float]]
"""Passage numbers with scores, best first."""

_BATCH = 10_000


class Row(NamedTuple):
    """Hold what is searched of a passage: `terms` are those of title, date and text.

    `since` is the day from which its article is as it is now, None for always.
    """

    number: int
    published: date | None
    since: date | None
    source: str
    terms: Sequence[str]
    vector: bytes


@dataclass(frozen=True, slots=True)
class Filters:
    """Limit a search: first and last day of publication, which articles without a date fit only when neither is
    given, and names of sources, compared without regard to case.
    """

    after: date | None = None
    before: date | None = None
    sources: tuple[str, ...] = ()
    as_of: date | None = None

    def __bool__(self) -> bool:
        return bool(self.after or self.before or self.sources or self.as_of)


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Search passages that never change; row i is the passage `numbers[i]`, int64, ascending.

    `published` and `since` are days, int32, as `date.toordinal` counts them, 0 without one; `source` are places in
    `sources`.
    """

    numbers: np.ndarray
    published: np.ndarray
    since: np.ndarray
    source: np.ndarray
    sources: tuple[str, ...]
    vectors: VectorIndex
    postings: Postings

    def __len__(self) -> int:
        return len(self.numbers)

    @classmethod
    def of(cls, rows: Iterable[Row], vectors: VectorIndex) -> Self:
        """Make a segment of rows, ascending by number; their vectors are added to an empty index."""
        numbers: list[int] = []
        published: list[int] = []
        since: list[int] = []
        source: list[int] = []
        sources: dict[str, int] = {}
        waiting = bytearray()

        def add_waiting() -> None:
            vectors.add(np.frombuffer(waiting, dtype="<f4").reshape(-1, vectors.dimension))

        def noted() -> Iterable[Sequence[str]]:
            nonlocal waiting
            for row in rows:
                numbers.append(row.number)
                published.append(_ordinal(row.published))
                since.append(_ordinal(row.since))
                source.append(sources.setdefault(row.source, len(sources)))
                waiting += row.vector
                if len(numbers) % _BATCH == 0:
                    add_waiting()
                    waiting = bytearray()
                yield row.terms

        postings = Postings.of(noted())
        add_waiting()
        return cls(
            np.array(numbers, dtype=np.int64),
            np.array(published, dtype=np.int32),
            np.array(since, dtype=np.int32),
            np.array(source, dtype=np.int32),
            tuple(sources),
            vectors,
            postings,
        )

    def allowed(self, filters: Filters) -> np.ndarray:
        """Say for each row whether it fits, bool, shape (rows,)."""
        fits = np.ones(len(self), dtype=bool)
        if filters.after or filters.before:
            fits &= self.published > 0
        if filters.after:
            fits &= self.published >= filters.after.toordinal()
        if filters.before:
            fits &= self.published <= filters.before.toordinal()
        if filters.as_of:
            fits &= self.since <= filters.as_of.toordinal()
        if filters.sources:
            wanted = {source.casefold() for source in filters.sources}
            fits &= np.array([source.casefold() in wanted for source in self.sources], dtype=bool)[self.source]
        return fits

    def nearest(self, vector: np.ndarray, k: int, allowed: np.ndarray | None) -> Ranking:
        """Give the k passages nearest to a vector, shape (dimension,), among the rows allowed."""
        positions, cosines = self.vectors.search(vector, k, allowed)
        return list(zip(self.numbers[positions].tolist(), cosines.tolist(), strict=True))

    def matching(self, rarities: Mapping[str, float], k: int, allowed: np.ndarray | None) -> Ranking:
        """Give the k passages that BM25 ranks first for any of the terms, by their rarities, among the rows allowed.

        Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009).
        """
        scores = np.zeros(len(self), dtype=np.float32)
        self.postings.add_scores(scores, rarities)
        if allowed is not None:
            scores *= allowed
        found = np.flatnonzero(scores)
        if len(found) > k:
            found = found[np.argpartition(-scores[found], k)[:k]]
        found = found[np.lexsort((found, -scores[found]))]
        return list(zip(self.numbers[found].tolist(), scores[found].tolist(), strict=True))


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
