"""Compare the exported models with sentence-transformers, in turn, in one run: speed and what it costs in quality.

    python -m benchmarks.runtime DATA [--parts encoding quality start answers]

DATA is the folder that benchmarks/sets.py reads. "encoding" encodes the same passages with both; "quality" ranks by the
vectors of both; "start" runs a whole process from start to answer, on a library of 10,741 passages, with both;
"answers" times answers in a running process. Libraries and vectors are those of benchmarks/quality.py.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality import ROOT, drawn, key, passage_library, vectors
from benchmarks.sets import NAMES, BenchmarkSet, load
from index.encoder import SentenceEncoder
from index.exporting import encoded, loaded
from qa import answer, measures
from qa.answering import prepare

_ROUNDS = 3
_PASSAGES = 384
_STARTS = 5
_QUESTION = "when was the first national park established"
_ASK = """
import sys, time
from pathlib import Path
from index import Library
from index.encoder import SentenceEncoder
from qa import answer
from ui.records import answer_values
class Original(SentenceEncoder):
    def encode(self, texts):
        from index.exporting import encoded, loaded
        self.model = getattr(self, "model", None) or loaded(self.folder, self.name)
        return encoded(self.model, texts)
with Library.open(sys.argv[1], Original() if sys.argv[2] == "original" else SentenceEncoder()) as library:
    answer_values(answer(sys.argv[3], library))
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one part after the other."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.runtime", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--parts", nargs="*", default=list(_PARTS), choices=list(_PARTS))
    parser.add_argument("--libraries", type=Path, default=ROOT / ".footnote" / "quality", metavar="DIR")
    settings = parser.parse_args(arguments)
    for part in settings.parts:
        _PARTS[part](settings.data, settings.libraries)


def _encoding(data: Path, libraries: Path) -> None:
    texts = [f"{p.title}\n{p.text[:800]}" for p in load("mtrag-govt-lastturn", data).passages[:_PASSAGES]]
    encoder = SentenceEncoder()
    original = loaded(encoder.folder, encoder.name)
    expected, found = encoded(original, texts[:32]), encoder.encode(texts[:32])
    cosines = (expected * found).sum(axis=1)
    print(f"cosine to sentence-transformers: mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    rates: dict[str, list[float]] = {"sentence-transformers fp32": [], "exported": []}
    for _ in range(_ROUNDS):
        for name, run in (("sentence-transformers fp32", lambda t: encoded(original, t)), ("exported", encoder.encode)):
            began = time.perf_counter()
            run(texts)
            rates[name].append(len(texts) / (time.perf_counter() - began))
    middle = {name: statistics.median(values) for name, values in rates.items()}
    print(", ".join(f"{name} {value:.1f} passages/s" for name, value in middle.items()))
    print(f"ratio {middle['exported'] / middle['sentence-transformers fp32']:.2f}")


def _quality(data: Path, libraries: Path) -> None:
    encoder = SentenceEncoder()
    original = loaded(encoder.folder, encoder.name)
    print("| set | n | nDCG@10 sentence-transformers | nDCG@10 exported | difference |\n|---|---|---|---|---|")
    for name in NAMES:
        one = load(name, data)
        figures = []
        for suffix, run in (("original", lambda t: encoded(original, t)), ("exported", encoder.encode)):
            figures.append(_ndcg(one, run, libraries / f"{key(one)}-{suffix}.npy"))
        n = len(drawn(one.questions, 400))
        print(f"| {name} | {n} | {figures[0]:.4f} | {figures[1]:.4f} | {figures[1] - figures[0]:+.4f} |", flush=True)


def _ndcg(one: BenchmarkSet, run: Callable[[list[str]], np.ndarray], file: Path) -> float:
    questions = drawn(one.questions, 400)
    passages = vectors([f"{p.title}\n{p.text}".strip() for p in one.passages], file, run)
    ids = [p.id for p in one.passages]
    found = []
    for question, row in zip(questions, run([q.text for q in questions]) @ passages.T, strict=True):
        top = [ids[i] for i in np.argsort(-row, kind="stable")[:10]]
        relevant = set(question.relevant)
        found.append(measures.ndcg([id in relevant for id in top], 10, len(relevant)))
    return float(np.mean(found))


def _start(data: Path, libraries: Path) -> None:
    one = load("mtrag-clapnq-lastturn", data)
    with passage_library(one, libraries / key(one)) as library:
        folder = library.path
        print(f"from start to answer, {library.counts()[1]:,} passages, {_STARTS} processes each, in turn:")
    seconds: dict[str, list[float]] = {"exported": [], "original": []}
    for _ in range(_STARTS):
        for name, values in seconds.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", _ASK, str(folder), name, _QUESTION], check=True, cwd=ROOT)
            values.append(time.perf_counter() - began)
    for name, values in seconds.items():
        print(f"{name}: median {statistics.median(values):.2f} s, least {min(values):.2f}, most {max(values):.2f}")
    print(f"ratio {statistics.median(seconds['exported']) / statistics.median(seconds['original']):.3f}")


def _answers(data: Path, libraries: Path) -> None:
    for name in ("mtrag-clapnq-rewrite", "squad"):
        one = load(name, data)
        with passage_library(one, libraries / key(one)) as library:
            prepare(library)
            seconds = []
            for question in drawn(one.questions, 200):
                began = time.perf_counter()
                answer(question.text[:1000], library)
                seconds.append(time.perf_counter() - began)
            middle, most = np.quantile(seconds, [0.5, 0.95])
            print(f"answers, {name}, {library.counts()[1]:,} passages: p50 {middle:.3f} s, p95 {most:.3f} s")


_PARTS = {"encoding": _encoding, "quality": _quality, "start": _start, "answers": _answers}

if __name__ == "__main__":
    main()
