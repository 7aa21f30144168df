"""A segment kept in files beside the library, which can be made again from it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import numpy as np

from index.postings import Postings
from index.segment import Segment
from index.vectors import VectorIndex
from index.whole_files import unfinished

_STAMP = "search.json"
_FORMER = ["vectors.faiss", "vectors.json"]
CACHE_FILES = ["search-*", f"{_STAMP}*", *(f"{name}*" for name in _FORMER)]
"""Patterns of the files, of those of earlier versions, and of what a program that was killed left of them."""


def save(segment: Segment, folder: Path, library: str) -> None:
    """Write a segment of a library, by its id; then a stamp with the names, sizes and hashes of the files.

    Raises: OSError, when the folder cannot be written; what was there before then stays.
    """
    arrays = dict(_arrays(segment))
    with ExitStack() as stack:
        new = {kind: stack.enter_context(unfinished(folder / f"search-{kind}")) for kind in ("vectors", "arrays")}
        stamp = stack.enter_context(unfinished(folder / _STAMP))
        segment.vectors.write(new["vectors"])
        with new["arrays"].open("wb") as stream:
            for array in arrays.values():
                stream.write(np.ascontiguousarray(array).data)
        files = {}
        for kind, file in new.items():
            size, seal = _sealed(file)
            files[kind] = name, _, _ = f"search-{seal[:12]}.{kind}", size, seal
            os.replace(file, folder / name)
        shapes = [[name, array.dtype.str, len(array)] for name, array in arrays.items()]
        content = {"library": library, "files": files, "arrays": shapes, "sources": segment.sources}
        stamp.write_text(json.dumps(content), encoding="utf-8")
        os.replace(stamp, folder / _STAMP)
    current = {name for name, _, _ in files.values()}
    for file in folder.glob("search-*"):
        if file.name not in current:
            with suppress(OSError):  # another program may be writing or reading it
                file.unlink()


def load(folder: Path, library: str) -> Segment | None:
    """Read the segment that was saved for a library; None when there is none or a byte of it has changed."""
    try:
        stamp = json.loads((folder / _STAMP).read_bytes())
        files = {kind: folder / Path(name).name for kind, (name, _, _) in stamp["files"].items()}
        if stamp["library"] != library or any(
            _sealed(files[kind]) != (size, seal) for kind, (_, size, seal) in stamp["files"].items()
        ):
            return None
        arrays = _mapped(files["arrays"], stamp["arrays"])
        vectors = VectorIndex.read(files["vectors"])
        numbers, published, since, source = map(arrays.pop, ("numbers", "published", "since", "source"))
        return Segment(numbers, published, since, source, tuple(stamp["sources"]), vectors, Postings(**arrays))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def forget(folder: Path) -> None:
    """Delete the files, and what a program that was killed left of them."""
    for pattern in CACHE_FILES:
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)


def _arrays(segment: Segment) -> Iterator[tuple[str, np.ndarray]]:
    """Give the arrays, those of the widest numbers first, so that each lies where its numbers may."""
    yield "numbers", segment.numbers
    yield "hashes", segment.postings.hashes
    yield "starts", segment.postings.starts
    yield "published", segment.published
    yield "since", segment.since
    yield "source", segment.source
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


def _sealed(file: Path) -> tuple[int, str]:
    with file.open("rb") as stream:
        return file.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()
