"""Nearest vectors against two lines of numpy, exact ones and those of many."""

from pathlib import Path

import numpy as np
from pytest import MonkeyPatch, approx, mark

from index import vectors as module
from index.vectors import VectorIndex


def unit(rng: np.random.Generator, n: int, dimension: int = 16) -> np.ndarray:
    vectors = rng.standard_normal((n, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def index_of(vectors: np.ndarray) -> VectorIndex:
    index = VectorIndex(vectors.shape[1], len(vectors), lambda n: vectors[:: max(1, len(vectors) // n)])
    for start in range(0, len(vectors), 1000):
        index.add(vectors[start : start + 1000])
    return index


@mark.parametrize("seed", range(8))
def test_search_agrees_with_two_lines_of_numpy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors, query = unit(rng, 200), unit(rng, 1)[0]
    allowed = rng.random(200) < 0.2 if seed % 2 else None
    positions, cosines = index_of(vectors).search(query, 10, allowed)
    expected = np.where(True if allowed is None else allowed, vectors @ query, -2)
    assert positions.tolist() == np.argsort(-expected)[:10].tolist()
    assert cosines.tolist() == approx(np.sort(expected)[::-1][:10].tolist(), abs=1e-5)


def test_fewer_than_k_come_back_where_there_are_fewer() -> None:
    vectors = unit(np.random.default_rng(0), 3)
    index = index_of(vectors)
    assert len(index.search(vectors[0], 10)[0]) == 3
    assert index.search(vectors[0], 10, np.array([False, True, False]))[0].tolist() == [1]
    assert index.search(vectors[0], 10, np.zeros(3, bool))[0].tolist() == []
    assert index_of(np.zeros((0, 16), np.float32)).search(vectors[0], 3)[0].tolist() == []


@mark.parametrize("share", [None, 0.5, 0.01])
def test_of_many_vectors_nearly_all_of_the_best_are_found_and_none_that_is_not_allowed(
    share: float | None, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EXACT_MOST", 1000)
    rng = np.random.default_rng(3)
    centres = unit(rng, 50)
    vectors = centres[rng.integers(50, size=8000)] + 0.15 * rng.standard_normal((8000, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = index_of(vectors)
    allowed = None if share is None else rng.random(8000) < share
    found = 0
    for query in vectors[::200]:
        expected = np.where(True if allowed is None else allowed, vectors @ query, -2)
        positions, _ = index.search(query, 50, allowed)
        assert allowed is None or allowed[positions].all()
        found += len(set(positions.tolist()) & set(np.argsort(-expected)[:10].tolist()))
    assert found / 400 > 0.97


@mark.parametrize("most", [1000, 10])
def test_an_index_that_was_written_is_read_back_the_same(tmp_path: Path, most: int, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EXACT_MOST", most)
    vectors = unit(np.random.default_rng(1), 900)
    index = index_of(vectors)
    index.write(tmp_path / "index")
    again = VectorIndex.read(tmp_path / "index")
    assert (len(again), again.dimension) == (900, 16)
    assert [part.tolist() for part in again.search(vectors[2], 4)] == [
        part.tolist() for part in index.search(vectors[2], 4)
    ]
