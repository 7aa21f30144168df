"""Measure Footnote's retrieval beside that of other libraries, on the same passages and questions.

    python -m benchmarks.peers DATA [--questions N] [--sets NAME…] [--systems NAME…] [--environment DIR]

DATA is the folder that benchmarks/sets.py reads. The others get an environment of their own
(benchmarks/peers.txt), made at the first run. One system runs at a time, each in a process of its
own, on one thread and without a network. Sets with the same passages share one index, and so its costs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peer_worker import SYSTEMS
from benchmarks.sets import NAMES, BenchmarkSet, load
from qa import measures

ROOT = Path(__file__).parent.parent
REQUIREMENTS = Path(__file__).with_name("peers.txt")
WORKER = Path(__file__).with_name("peer_worker.py")
OWN = "Footnote"
LONGEST = 3600
"""Seconds after which a system is given up."""


class PeerError(Exception):
    """A system cannot be installed or run; the message is the reason, in one line."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every system on every set and print a table as it grows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, metavar="N", help="draw at most N questions of each set")
    parser.add_argument("--sets", nargs="+", default=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--systems", nargs="+", default=list(SYSTEMS), choices=list(SYSTEMS), metavar="NAME")
    parser.add_argument("--environment", type=Path, default=ROOT / ".footnote" / "peers", metavar="DIR")
    given = parser.parse_args(arguments)
    unknown = [name for name in given.sets if not _named(name)]
    if unknown:
        parser.error(f"no set {unknown[0]!r}; there are {', '.join(NAMES)}")
    names = dict.fromkeys(full for name in given.sets for full in _named(name))
    drawn = [_drawn(load(name, given.data), given.questions) for name in names]

    no_peers = ""
    try:
        python = environment(given.environment)
    except PeerError as error:
        python, no_peers = Path(), str(error)
    versions: dict[str, str] = {}
    print("| set | system | " + " | ".join(_COLUMNS) + " |")
    print("|---|---|" + "---:|" * len(_COLUMNS), flush=True)
    for _, same in groupby(drawn, key=lambda one: one.passages):
        sets = list(same)
        for system in given.systems:
            try:
                if no_peers and system != OWN:
                    raise PeerError(no_peers)
                found = run(system, sets, Path(sys.executable) if system == OWN else python)
            except PeerError as error:
                for one in sets:
                    print(f"| {one.name} | {system} | failed: {error} |" + " |" * (len(_COLUMNS) - 1), flush=True)
                continue
            versions |= found["versions"]
            for one in sets:
                print(f"| {one.name} | {system} | " + " | ".join(_cells(one, found)) + " |", flush=True)
    print("\n" + ", ".join(f"{name} {version}" for name, version in versions.items()))


def environment(folder: Path) -> Path:
    """Make the environment of the peers, unless it is there with these requirements; give its Python.

    Raises: PeerError.
    """
    python = folder.absolute() / "bin" / "python"
    made = folder / "installed.txt"
    if made.is_file() and made.read_text("utf-8") == REQUIREMENTS.read_text("utf-8"):
        return python
    _called([sys.executable, "-m", "venv", str(folder)], os.environ)
    _called([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS)], os.environ)
    made.write_text(REQUIREMENTS.read_text("utf-8"), "utf-8")
    return python


def run(system: str, sets: Sequence[BenchmarkSet], python: Path) -> dict[str, Any]:
    """Ask the questions of sets with the same passages; give rankings and seconds by set and question.

    Raises: PeerError.
    """
    job = {
        "passages": [{"id": one.id, "title": one.title, "text": one.text} for one in sets[0].passages],
        "questions": [{"id": _key(one, q.id), "text": q.text} for one in sets for q in one.questions],
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    kept |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "CUDA_VISIBLE_DEVICES": "", **_ONE_THREAD}
    if system == OWN:
        kept["PYTHONPATH"] = str(ROOT)
    with tempfile.TemporaryDirectory() as folder:
        wanted, result = Path(folder, "job.json"), Path(folder, "result.json")
        wanted.write_text(json.dumps(job), "utf-8")
        _called([str(python), str(WORKER), system, str(wanted), str(result)], kept)
        found: dict[str, Any] = json.loads(result.read_text("utf-8"))
        return found


def _cells(one: BenchmarkSet, found: dict[str, Any]) -> Iterator[str]:
    rows = []
    for question in one.questions:
        flags = [id in question.relevant for id in found["rankings"][_key(one, question.id)]]
        rows.append(
            (
                measures.success(flags, 1),
                measures.success(flags, 5),
                measures.reciprocal_rank(flags, 10),
                measures.ndcg(flags, 10, len(question.relevant)),
            )
        )
    yield from (f"{value:.3f}" for value in np.mean(rows, axis=0))
    yield f"{found['build_seconds']:.1f}"
    seconds = [found["query_seconds"][_key(one, question.id)] for question in one.questions]
    yield from (f"{1000 * value:.1f}" for value in np.quantile(seconds, [0.5, 0.95]))
    yield f"{found['peak_bytes'] / 1e6:.0f}"
    yield str(len(rows))


def _called(command: Sequence[str], variables: Any) -> None:
    try:
        done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=LONGEST, check=False)
    except OSError as error:
        raise PeerError(_cell(str(error))) from error
    except subprocess.TimeoutExpired as error:
        raise PeerError(f"not done after {LONGEST} s") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise PeerError(_cell(lines[-1] if lines else f"exit status {done.returncode}"))


def _drawn(one: BenchmarkSet, limit: int | None) -> BenchmarkSet:
    if limit is None or limit >= len(one.questions):
        return one
    return BenchmarkSet(one.name, one.passages, tuple(random.Random(0).sample(one.questions, limit)))


def _named(name: str) -> list[str]:
    return [full for full in NAMES if full == name or full.startswith(name + "-")]


def _key(one: BenchmarkSet, id: str) -> str:
    return f"{one.name} {id}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[:200]


_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
"""Two threads that wait for each other on a busy machine make a query ten times slower, whose ever it is."""
_COLUMNS = ("Success@1", "Success@5", "RR@10", "nDCG@10", "build s", "query p50 ms", "p95 ms", "peak MB", "n")


if __name__ == "__main__":
    main()
