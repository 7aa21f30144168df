"""Measure changes to a library of synthetic articles: how long each takes, and until another program finds it."""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index import Article, Library
from index.checking import check
from index.copies import backup

_WORDS = 20_000
_ROUNDS = 5


class _Random:
    """Give each text a random unit vector of 384 numbers, always the same one."""

    name = fingerprint = "random"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = [np.random.default_rng(abs(hash(text))).standard_normal(384, dtype=np.float32) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows])


def article(number: int, passages: int) -> Article:
    """Make an article of about so many passages, out of words as rare as words are."""
    rng = np.random.default_rng(number)
    drawn = np.minimum(rng.zipf(1.2, 130 * passages), _WORDS)
    sentences = [" ".join(f"w{word}" for word in drawn[i : i + 13]) for i in range(0, len(drawn), 13)]
    return Article(f"a{number}", f"Article {number}", ". ".join(sentences) + ".", origin=f"/a{number}")


def timed(what: Callable[[], object]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def show(name: str, times: Sequence[float]) -> None:
    print(f"| {name} | {statistics.median(times):.3f} | {max(times):.3f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    wanted = parser.parse_args().passages
    folder = Path(tempfile.mkdtemp(prefix="footnote-upkeep-"))
    try:
        _measure(folder, wanted)
    finally:
        shutil.rmtree(folder)


def _measure(folder: Path, wanted: int) -> None:
    library = Library.create(folder / "library", _Random())
    number = 0
    filling = time.perf_counter()
    while library.counts()[1] < wanted:
        library.add([article(number + i, 10) for i in range(200)])
        number += 200
    filling = time.perf_counter() - filling
    articles, passages = library.counts()
    print(f"{articles:,} articles, {passages:,} passages, filled in {filling:.0f} s, vectors made up\n")
    print("| | s, median | most |\n|---|---|---|")
    other = Library.open(folder / "library", _Random())
    show("first search, no cache", [timed(lambda: library.search("w7 w900"))])
    show("opening and first search, cache", [timed(lambda: other.search("w7 w900"))])
    changes: dict[str, Callable[[int], object]] = {
        "add an article of 10 passages": lambda i: library.add([article(number + i, 10)]),
        "change one": lambda i: library.add([replace(article(i, 10), text=article(number + 50 + i, 10).text)]),
        "remove one": lambda i: library.remove(f"a{100 + i}"),
        "add 100 articles in one transaction": lambda i: library.add(
            [article(number + 1000 + 100 * i + j, 10) for j in range(100)]
        ),
    }
    for name, change in changes.items():
        wrote, found = [], []
        for i in range(_ROUNDS):
            wrote.append(timed(lambda change=change, i=i: change(i)))  # type: ignore[misc]
            found.append(timed(lambda: other.search("w7 w900")))
        show(name, wrote)
        show("- the next search of another program", found)
    show("search, nothing changed", [timed(lambda: other.search("w7 w900")) for _ in range(20)])
    show("save the cache after these", [timed(library.save_cache)])
    show("backup", [timed(lambda: backup(library.path, folder / "copy.sqlite"))])
    show("check", [timed(lambda: check(library.path))])
    show("rebuild the word index", [timed(library._store.rebuild_words)])
    other.close()
    show("vacuum", [timed(library.vacuum)])


if __name__ == "__main__":
    main()
