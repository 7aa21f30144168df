"""Nearest vectors. The only file that knows FAISS."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import numpy as np

EXACT_MOST = 150_000
"""Most vectors that are all compared; of more, those in the lists nearest to the query, at a byte per number."""

_LISTS_READ = 12
"""One list in so many is read, more of them where a filter lets few through."""

_LEARNT_FROM = 40
"""Vectors per list from which the lists are learnt."""


class VectorIndex:
    """Search unit vectors by inner product. Vectors are known by position: the first added has 0.

    `expected` is how many will be added; up to `EXACT_MOST` the search is exact. `sample` gives about so many of
    them as asked, float32, shape (n, dimension); it is called where the search is not.
    Source: Jégou et al., Product Quantization for Nearest Neighbor Search (2011), section IV, for the lists.
    """

    def __init__(self, dimension: int, expected: int, sample: Callable[[int], np.ndarray]) -> None:
        import faiss

        if expected <= EXACT_MOST:
            self._index: Any = faiss.IndexFlatIP(dimension)
            return
        lists = 2 ** round(math.log2(2 * math.sqrt(expected)))
        self._index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
        self._index.cp.niter = 10
        self._index.train(sample(_LEARNT_FROM * lists))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def add(self, vectors: np.ndarray) -> None:
        """Add vectors, float32, shape (n, dimension)."""
        self._index.add(vectors)

    def search(self, vector: np.ndarray, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Give the positions of the k nearest vectors, int64, and their cosines, float32, best first.

        `vector` has shape (dimension,). `allowed`, bool, shape (len(self),), says which may be found; fewer than k
        come back where there are fewer.
        """
        import faiss

        share = 1.0 if allowed is None else np.count_nonzero(allowed) / max(1, len(allowed))
        k = min(k, len(self))
        if k == 0 or share == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        options: dict[str, Any] = {}
        if allowed is not None:
            bits: Any = np.packbits(allowed, bitorder="little")
            options["sel"] = faiss.IDSelectorBitmap(bits)  # type: ignore[call-arg]
        parameters: Any = faiss.SearchParameters(**options)
        if isinstance(self._index, faiss.IndexIVF):
            lists = self._index.nlist
            probes = min(lists, math.ceil(lists / _LISTS_READ / share))
            parameters = faiss.SearchParametersIVF(nprobe=probes, **options)  # type: ignore[call-arg]
        with _one_thread():
            cosines, positions = self._index.search(vector.reshape(1, -1), k, params=parameters)
        found = positions[0] >= 0  # FAISS pads with -1 where it found fewer
        return positions[0][found], cosines[0][found]

    def write(self, file: Path) -> None:
        """Write the index to a file.

        Raises: OSError.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(file))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read an index that `write` wrote. The file must be whole: FAISS may end the process at a damaged one.

        Raises: OSError.
        """
        import faiss

        read = cls.__new__(cls)
        try:
            read._index = faiss.read_index(str(file))
        except RuntimeError as error:
            raise OSError(str(error)) from error
        return read


@contextmanager
def _one_thread() -> Iterator[None]:
    """Search with one thread: starting a second one takes longer than one query does."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)
