from pathlib import Path

import numpy as np
from pytest import approx, mark

from index.vectors import VectorIndex


def unit(rng: np.random.Generator, n: int, dimension: int = 16) -> np.ndarray:
    vectors = rng.standard_normal((n, dimension)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@mark.parametrize("seed", range(8))
def test_search_agrees_with_two_lines_of_numpy(seed: int) -> None:
    rng = np.random.default_rng(seed)
    vectors, query = unit(rng, 200), unit(rng, 1)[0]
    numbers = rng.permutation(5000)[:200]
    allowed = rng.choice(numbers, 40, replace=False) if seed % 2 else None
    found = VectorIndex(numbers, vectors).search(query, 10, None if allowed is None else list(allowed))
    scores = {
        int(n): float(s) for n, s in zip(numbers, vectors @ query, strict=True) if allowed is None or n in allowed
    }
    expected = sorted(scores.items(), key=lambda item: -item[1])[:10]
    assert [n for n, _ in found] == [n for n, _ in expected]
    assert [s for _, s in found] == approx([s for _, s in expected], abs=1e-5)


def test_fewer_than_k_come_back_where_there_are_fewer() -> None:
    vectors = unit(np.random.default_rng(0), 3)
    index = VectorIndex(np.array([4, 5, 6]), vectors)
    assert len(index.search(vectors[0], 10)) == 3
    assert [n for n, _ in index.search(vectors[0], 10, [5])] == [5]
    assert index.search(vectors[0], 10, []) == index.search(vectors[0], 10, [99]) == []
    assert VectorIndex(np.array([]), np.zeros((0, 16), np.float32)).search(vectors[0], 3) == []


def test_a_saved_index_is_read_back_for_its_state_only(tmp_path: Path) -> None:
    vectors = unit(np.random.default_rng(1), 9)
    index = VectorIndex(np.arange(9), vectors)
    index.save(tmp_path, "state-1")
    loaded = VectorIndex.load(tmp_path, "state-1")
    assert loaded is not None
    assert loaded.search(vectors[2], 4) == index.search(vectors[2], 4)
    assert VectorIndex.load(tmp_path, "state-2") is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["vectors.faiss", "vectors.json"]


@mark.parametrize("name", ["vectors.faiss", "vectors.json"])
@mark.parametrize("damage", ["cut", "flipped", "gone", "empty"])
def test_a_damaged_cache_is_not_read(tmp_path: Path, name: str, damage: str) -> None:
    VectorIndex(np.arange(9), unit(np.random.default_rng(1), 9)).save(tmp_path, "s")
    file = tmp_path / name
    data = bytearray(file.read_bytes())
    if damage == "cut":
        file.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        data[len(data) // 2] ^= 0xFF
        file.write_bytes(data)
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        file.unlink()
    assert VectorIndex.load(tmp_path, "s") is None
