"""Nearest vectors, and their cache file. The only file that knows FAISS."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

Ranking = list[tuple[int, float]]

_INDEX_FILE = "vectors.faiss"
_STAMP_FILE = "vectors.json"
CACHE_FILES = [f"{_INDEX_FILE}*", f"{_STAMP_FILE}*"]
"""Patterns of the cache files, and of what a program that was killed left of them."""


class VectorIndex:
    """Search unit vectors by inner product, exactly.

    `numbers` are the passage numbers, shape (n,), `vectors` float32, shape (n, dimension).
    """

    def __init__(self, numbers: np.ndarray, vectors: np.ndarray) -> None:
        import faiss

        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        if len(numbers):
            self._index.add_with_ids(vectors, numbers.astype(np.int64))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def numbers(self) -> np.ndarray:
        """Give the passage numbers, int64, shape (n,), in no order."""
        import faiss

        found: np.ndarray = faiss.vector_to_array(self._index.id_map)
        return found

    @property
    def dimension(self) -> int:
        return int(self._index.d)

    def search(
        self, vector: np.ndarray, k: int, allowed: Sequence[int] | None = None, without: Sequence[int] | np.ndarray = ()
    ) -> Ranking:
        """Give the k nearest passage numbers with their cosine, best first.

        `vector` has shape (dimension,). Only `allowed` numbers are found, all of them when None,
        then those `without` excepted; fewer than k come back where there are fewer.
        """
        import faiss

        k = min(k, len(self))
        if k == 0 or (allowed is not None and not len(allowed)):
            return []
        parameters = None
        if allowed is not None:
            selector = faiss.IDSelectorBatch(np.asarray(allowed, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        elif len(without):
            gone = faiss.IDSelectorBatch(np.asarray(without, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorNot(gone))  # type: ignore[call-arg]
        scores, numbers = self._index.search(vector.reshape(1, -1), k, params=parameters)
        return [
            (int(number), float(score))
            for number, score in zip(numbers[0], scores[0], strict=True)
            if number >= 0  # FAISS pads with -1 where it found fewer
        ]

    def save(self, folder: Path, state: str) -> None:
        """Write the index and, last, a stamp with `state`, the size and the hash of the file.

        Raises: OSError, when the folder cannot be written; an earlier cache then stays.
        """
        import faiss

        data = faiss.serialize_index(self._index).tobytes()
        stamp = {"state": state, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        _replace(folder / _INDEX_FILE, data)
        _replace(folder / _STAMP_FILE, json.dumps(stamp).encode())

    @classmethod
    def load(cls, folder: Path, state: str) -> VectorIndex | None:
        """Read the index that was saved with this state; None when there is none or it is damaged."""
        import faiss

        try:
            stamp = json.loads((folder / _STAMP_FILE).read_bytes())
            data = (folder / _INDEX_FILE).read_bytes()
        except (OSError, ValueError):
            return None
        if stamp != {"state": state, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}:
            return None
        loaded = cls.__new__(cls)
        loaded._index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        return loaded


def forget(folder: Path) -> None:
    """Delete the cache files, and what a program that was killed left of them."""
    for pattern in CACHE_FILES:
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)


def _replace(file: Path, data: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
