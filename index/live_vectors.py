"""The vectors of a library as they are now: a cached index, and what changed since it was made."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from index.store import Store
from index.vectors import Ranking, VectorIndex

_FEW = 1000
_SHARE = 20


@dataclass(frozen=True, slots=True)
class LiveVectors:
    """Search the vectors of one state of a library; another state makes another one, mostly of the same parts.

    `base` may be as old as it likes: a passage's number is never given to another one, so of `base`
    all holds but `gone`, and `fresh` holds the rest.
    """

    state: str
    base: VectorIndex
    gone: np.ndarray
    fresh: VectorIndex

    def __len__(self) -> int:
        return len(self.base) - len(self.gone) + len(self.fresh)

    def search(self, vector: np.ndarray, k: int, allowed: Sequence[int] | None = None) -> Ranking:
        """Give the k nearest passage numbers with their cosine, best first, as `VectorIndex.search` does."""
        found = self.base.search(vector, k, allowed, self.gone) + self.fresh.search(vector, k, allowed)
        return sorted(found, key=lambda item: -item[1])[:k]

    @classmethod
    def of(cls, store: Store, folder: Path, earlier: Self | None) -> Self:
        """Give the vectors of what `store` shows now; call inside `store.reading()`.

        The index of `earlier`, else the one in the cache file, is used on. Where more than one
        passage in twenty differs from it, a new index is made and written to the folder, if it
        can be.
        Raises: LibraryDamaged.
        """
        settings, state = store.settings(), store.state()
        if earlier is not None and earlier.state == state:
            return earlier
        library, dimension = settings["id"], int(settings["dimension"])
        same = earlier is not None and earlier.state.startswith(f"{library}-")
        base = earlier.base if earlier is not None and same else VectorIndex.load(folder, library)
        numbers = store.numbers()
        if base is not None and base.dimension == dimension:
            known = base.numbers
            gone = np.setdiff1d(known, numbers)
            new = np.setdiff1d(numbers, known)
            if len(gone) + len(new) <= max(_FEW, len(base) // _SHARE):
                return cls(state, base, gone, VectorIndex(new, store.vectors(new, dimension)))
        base = VectorIndex(numbers, store.vectors(numbers, dimension))
        with suppress(OSError):  # a cache: a folder that cannot be written does without
            base.save(folder, library)
        return cls(state, base, numbers[:0], VectorIndex(numbers[:0], np.zeros((0, dimension), np.float32)))
