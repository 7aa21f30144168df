"""Measure libraries of growing size: adding, opening, searching, memory, disk, and what is missed.

    python -m benchmarks.scale DATA [--passages 10000 100000 1000000] [--queries 200]

DATA is the folder that benchmarks/sets.py reads. The texts are synthetic, of a Zipf vocabulary with dates and sources.
Their vectors are drawn as real ones lie: a real passage's (MTRAG clapnq) moved by part of the difference of two others;
the queries' are those of that set's real questions, so the time of the encoder is not in the figures. Each library is
searched in a process of its own, and stays in .footnote/scale for the next run.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.quality import ROOT, vectors
from benchmarks.sets import load
from index import Article, Library
from index import vectors as index_vectors
from index.encoder import SentenceEncoder
from index.records import Query
from index.segment import Filters

_FOLDER = ROOT / ".footnote" / "scale"
_VOCABULARY = 300_000
_SENTENCES = 70
_SOURCES = 40
_FIRST_DAY, _DAYS = date(2016, 1, 1), 3650
_BATCH = 500
_CHECKED = 100


class Drawn:
    """Give each text a vector of its own out of a pool, shape (n, dimension); registered ones the given vector."""

    name = fingerprint = "drawn"

    def __init__(self, pool: np.ndarray, given: dict[str, np.ndarray] | None = None) -> None:
        self._pool = pool
        self._given = given or {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([self._given[text] if text in self._given else self._one(text) for text in texts])

    def _one(self, text: str) -> np.ndarray:
        drawn = np.frombuffer(hashlib.blake2b(text.encode(), digest_size=16).digest(), dtype=np.uint32)
        a, b, c = self._pool[drawn[:3] % len(self._pool)]
        vector: np.ndarray = a + np.float32(0.2 + 0.4 * drawn[3] / 2**32) * (b - c)
        return vector / np.linalg.norm(vector)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--passages", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--search", type=Path, help=argparse.SUPPRESS)
    settings = parser.parse_args()
    pool, questions = _real(settings.data)
    if settings.search:
        _search(settings.search, pool, questions, settings.queries)
        return
    for wanted in settings.passages:
        folder = _FOLDER / str(wanted)
        _fill(folder, wanted, Drawn(pool))
        command = [sys.executable, "-m", "benchmarks.scale", str(settings.data), "--search", str(folder)]
        subprocess.run([*command, "--queries", str(settings.queries)], check=True, cwd=ROOT)


def _real(data: Path) -> tuple[np.ndarray, np.ndarray]:
    real = load("mtrag-clapnq-rewrite", data)
    texts = [f"{passage.title}\n{passage.text}" for passage in real.passages]
    questions = [question.text for question in real.questions]
    encoder = SentenceEncoder()
    return (
        vectors(texts, _FOLDER / "pool.npy", encoder.encode),
        vectors(questions, _FOLDER / "questions.npy", encoder.encode),
    )


def _articles(first: int) -> Iterator[Article]:
    ranks = np.arange(_VOCABULARY) + 8.0
    chances = np.cumsum(ranks**-1.05)
    number = first
    while True:
        rng = np.random.default_rng(number)
        drawn = np.searchsorted(chances, rng.random(10 * _SENTENCES + 4) * chances[-1])
        sentences = [
            " of the ".join(
                [" ".join(f"w{word}" for word in drawn[i : i + 5]), " ".join(f"w{w}" for w in drawn[i + 5 : i + 10])]
            )
            for i in range(0, 10 * _SENTENCES, 10)
        ]
        source = int(_SOURCES * rng.random() ** 2)
        day = _FIRST_DAY + timedelta(days=int(rng.integers(_DAYS)))
        title = " ".join(f"w{word}" for word in drawn[-4:])
        yield Article(f"a{number}", title, ". ".join(sentences) + ".", f"Source {source}", published=day)
        number += 1


def _fill(folder: Path, wanted: int, encoder: Drawn) -> None:
    if not Library.exists(folder):
        Library.create(folder, encoder).close()
    with Library.open(folder, encoder) as library:
        (articles, passages), start = library.counts(), time.perf_counter()
        begun = passages
        source = _articles(articles)
        while passages < wanted:
            library.add([next(source) for _ in range(_BATCH)])
            passages = library.counts()[1]
        taken = time.perf_counter() - start
        start = time.perf_counter()
        library.save_cache()
        caching = time.perf_counter() - start
    added = (
        f"{(passages - begun) / taken:,.0f} passages added a second (encoding not counted), "
        if passages > begun
        else ""
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"\n{passages:,} passages: {added}caches made in {caching:.1f} s, most memory {peak:.2f} GB", flush=True)


def _queries(library: Library, questions: np.ndarray, count: int) -> tuple[list[Query], dict[str, np.ndarray]]:
    """Give queries of five words of a passage each, by real questions' vectors."""
    rng = np.random.default_rng(7)
    ids = rng.integers(library.counts()[0], size=count)
    made, given = [], {}
    for i, id in enumerate(ids.tolist()):
        parts = library.passages(f"a{id}")
        passage = parts[int(rng.integers(len(parts)))]
        words = dict.fromkeys(word for word in passage.text.replace(".", "").split() if word.startswith("w"))
        drawn = rng.choice(list(words), 5, replace=False).tolist()
        text = f"{i} {' '.join(drawn)}"
        given[text] = questions[i % len(questions)]
        made.append(Query((text,), tuple((word, 1.0) for word in drawn)))
    return made, given


def _search(folder: Path, pool: np.ndarray, questions: np.ndarray, count: int) -> None:
    with Library.open(folder, Drawn(pool)) as library:
        queries, given = _queries(library, questions, count)
    encoder = Drawn(pool, given)
    start = time.perf_counter()
    library = Library.open(folder, encoder)
    library.search(queries[0])
    opened = time.perf_counter() - start
    print("| | p50 ms | p95 ms |\n|---|---|---|")
    for name, filters in _FILTERS.items():
        times = []
        for query in queries:
            start = time.perf_counter()
            library.search(query, after=filters.after, before=filters.before, sources=filters.sources)
            times.append(1000 * (time.perf_counter() - start))
        print(f"| {name} | {np.percentile(times, 50):.1f} | {np.percentile(times, 95):.1f} |", flush=True)
    memory = _resident()
    sizes = [sum(f.stat().st_size for f in folder.glob(p)) / 1e9 for p in ("library*", "search*")]
    print(
        f"\nopened and first searched in {opened:.2f} s; resident memory {memory:.2f} GB; "
        f"on disk {sizes[0]:.2f} GB and caches {sizes[1]:.2f} GB"
    )
    _recall(library, queries[:_CHECKED], encoder)


_YEAR = (date(2020, 1, 1), date(2020, 12, 31))
_FILTERS = {
    "no filter": Filters(),
    "one year of ten": Filters(*_YEAR),
    "one source of forty": Filters(sources=("Source 30",)),
    "one source in one year": Filters(*_YEAR, ("Source 30",)),
}


def _resident() -> float:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1e6


def _recall(library: Library, queries: Sequence[Query], encoder: Drawn) -> None:
    """Print what part of the best ten of an exact search comes back, of vectors alone and of the whole search."""
    found = {
        name: [library.search(q, after=f.after, before=f.before, sources=f.sources) for q in queries]
        for name, f in _FILTERS.items()
    }
    with library._store.reading():
        index = library._live_index()
    index_vectors.EXACT_MOST = 10**9
    exact = Library.open(library.path, encoder)
    exact.path = Path("/nowhere")  # no cache is read or written
    with exact._store.reading():
        exact_index = exact._live_index()
    print("\n| recall@10 | vectors | whole search |\n|---|---|---|")
    for name, filters in _FILTERS.items():
        near, whole = [], []
        for query, hits in zip(queries, found[name], strict=True):
            vector = encoder.encode(query.texts)[0]
            best = [number for number, _ in exact_index.candidates(vector, [], 10, filters)[0]]
            got = {number for number, _ in index.candidates(vector, [], 100, filters)[0]}
            near.append(len(got.intersection(best)) / max(1, len(best)))
            right = exact.search(query, after=filters.after, before=filters.before, sources=filters.sources)
            places = {(hit.passage.article.id, hit.passage.start) for hit in hits}
            wanted = {(hit.passage.article.id, hit.passage.start) for hit in right}
            whole.append(len(places & wanted) / max(1, len(wanted)))
        print(f"| {name} | {np.mean(near):.3f} | {np.mean(whole):.3f} |", flush=True)


if __name__ == "__main__":
    main()
