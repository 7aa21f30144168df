"""The vectors of a library's present, whatever the cache remembers, against numpy."""

from pathlib import Path

import numpy as np
from pytest import MonkeyPatch, approx, fixture, mark

from index import Article, live_vectors
from index.live_vectors import LiveVectors
from index.passages import passages
from index.store import Store
from index.vectors import VectorIndex


@fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "library", {"dimension": "8"})


def put(store: Store, *ids: str) -> None:
    with store.writing():
        for id in ids:
            article = Article(id, "T", f"Text of {id}.")
            vectors = np.random.default_rng(int(id)).standard_normal((1, 8), dtype=np.float32)
            store.put(article, passages(article), vectors)


def remove(store: Store, *ids: str) -> None:
    with store.writing():
        for id in ids:
            store.delete(id)


def now(store: Store, folder: Path, earlier: LiveVectors | None = None) -> LiveVectors:
    with store.reading():
        live = LiveVectors.of(store, folder, earlier)
    assert len(live) == len(store.numbers())
    return live


def assert_exact(live: LiveVectors, store: Store) -> None:
    numbers = store.numbers()
    vectors = store.vectors(numbers, 8)
    query = np.ones(8, dtype=np.float32)
    best = np.argsort(-(vectors @ query))
    found = live.search(query, 5)
    assert [number for number, _ in found] == numbers[best[:5]].tolist()
    assert [score for _, score in found] == approx((vectors @ query)[best[:5]].tolist(), abs=1e-5)
    allowed = numbers[::2].tolist()
    expected = [number for number in numbers[best].tolist() if number in allowed][:5]
    assert [number for number, _ in live.search(query, 5, allowed)] == expected


def test_changes_since_the_cache_was_made_are_searched_with_it(store: Store, tmp_path: Path) -> None:
    put(store, *map(str, range(30)))
    first = now(store, tmp_path)
    written = (tmp_path / "vectors.faiss").stat().st_mtime_ns
    put(store, "40", "41")
    remove(store, "3", "41")
    second = now(store, tmp_path, first)
    assert second.base is first.base
    assert (len(second.gone), len(second.fresh)) == (1, 1)
    assert_exact(second, store)
    assert_exact(now(store, tmp_path), store)
    assert (tmp_path / "vectors.faiss").stat().st_mtime_ns == written, "the file is not written for a few changes"


def test_the_same_state_is_looked_up_once(store: Store, tmp_path: Path) -> None:
    put(store, "1")
    first = now(store, tmp_path)
    assert now(store, tmp_path, first) is first


def test_many_changes_make_a_new_index_and_file(store: Store, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(live_vectors, "_FEW", 3)
    put(store, *map(str, range(10)))
    first = now(store, tmp_path)
    remove(store, "1", "2")
    put(store, "20", "21")
    second = now(store, tmp_path, first)
    assert second.base is not first.base
    assert_exact(second, store)
    reread = VectorIndex.load(tmp_path, store.settings()["id"])
    assert sorted(reread.numbers.tolist()) == store.numbers().tolist()


def test_the_cache_of_another_library_is_not_taken(store: Store, tmp_path: Path) -> None:
    put(store, *map(str, range(5)))
    now(store, tmp_path)
    other = Store.create(tmp_path / "other", {"dimension": "8"})
    put(other, "9", "8", "7")
    assert_exact(now(other, tmp_path), other)


@mark.parametrize("step", range(6))
def test_any_history_is_searched_exactly(store: Store, tmp_path: Path, step: int, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(live_vectors, "_FEW", 4)
    drawn = np.random.default_rng(step)
    put(store, *map(str, range(20)))
    live = now(store, tmp_path)
    for i in range(12):
        held = [article.id for article in store.articles()]
        remove(store, *drawn.choice(held, 2, replace=False).tolist())
        put(store, *(str(100 * (i + 1) + j) for j in range(drawn.integers(1, 4))))
        live = now(store, tmp_path, live if drawn.random() < 0.7 else None)
        assert_exact(live, store)
