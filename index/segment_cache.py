"""A segment kept in files beside the library, which can be made again from it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from index.postings import Postings
from index.segment import Segment
from index.vectors import VectorIndex
from index.whole_files import unfinished

_VECTORS = "search.faiss"
_ARRAYS = "search.arrays"
_STAMP = "search.json"
_FORMER = ["vectors.faiss", "vectors.json"]
CACHE_FILES = [f"{name}*" for name in (_VECTORS, _ARRAYS, _STAMP, *_FORMER)]
"""Patterns of the files, of those of earlier versions, and of what a program that was killed left of them."""


def save(segment: Segment, folder: Path, library: str) -> None:
    """Write a segment of a library, by its id; the stamp with sizes and hashes comes last.

    Raises: OSError, when the folder cannot be written.
    """
    arrays = dict(_arrays(segment))
    with ExitStack() as stack:
        vectors, data, stamp = (stack.enter_context(unfinished(folder / name)) for name in (_VECTORS, _ARRAYS, _STAMP))
        segment.vectors.write(vectors)
        with data.open("wb") as stream:
            for array in arrays.values():
                stream.write(np.ascontiguousarray(array).data)
        files = {_VECTORS: _seal(vectors), _ARRAYS: _seal(data)}
        shapes = [[name, array.dtype.str, len(array)] for name, array in arrays.items()]
        content = {"library": library, "files": files, "arrays": shapes, "sources": segment.sources}
        stamp.write_text(json.dumps(content), encoding="utf-8")
        for new, name in ((vectors, _VECTORS), (data, _ARRAYS), (stamp, _STAMP)):
            os.replace(new, folder / name)


def load(folder: Path, library: str) -> Segment | None:
    """Read the segment that was saved for a library; None when there is none or a byte of it has changed."""
    try:
        stamp = json.loads((folder / _STAMP).read_bytes())
        if stamp["library"] != library or stamp["files"] != {
            name: _seal(folder / name) for name in (_VECTORS, _ARRAYS)
        }:
            return None
        arrays = _mapped(folder / _ARRAYS, stamp["arrays"])
        vectors = VectorIndex.read(folder / _VECTORS)
        numbers, published, source = arrays.pop("numbers"), arrays.pop("published"), arrays.pop("source")
        return Segment(numbers, published, source, tuple(stamp["sources"]), vectors, Postings(**arrays))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def forget(folder: Path) -> None:
    """Delete the files, and what a program that was killed left of them."""
    for pattern in CACHE_FILES:
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)


def _arrays(segment: Segment) -> Iterator[tuple[str, np.ndarray]]:
    """Give the arrays, those of the widest numbers first, so that each lies where its numbers may."""
    for name in ("numbers", "published", "source"):
        if name == "numbers":
            yield name, segment.numbers
            yield "hashes", segment.postings.hashes
            yield "starts", segment.postings.starts
        else:
            yield name, getattr(segment, name)
    for name in ("lengths", "positions", "weights"):
        yield name, getattr(segment.postings, name)


def _mapped(file: Path, shapes: list[list[Any]]) -> dict[str, np.ndarray]:
    data = np.memmap(file, dtype=np.uint8, mode="r") if file.stat().st_size else np.zeros(0, np.uint8)
    arrays, start = {}, 0
    for name, kind, length in shapes:
        end = start + length * np.dtype(kind).itemsize
        arrays[name] = data[start:end].view(kind)
        start = end
    return arrays


def _seal(file: Path) -> list[object]:
    with file.open("rb") as stream:
        return [file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()]
