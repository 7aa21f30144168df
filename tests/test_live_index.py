"""What is searched of a library's present, whatever the cache remembers, against numpy."""

from pathlib import Path

import numpy as np
from pytest import MonkeyPatch, approx, fixture, mark

from index import Article, live_index, segment_cache
from index.live_index import LiveIndex
from index.passages import passages
from index.segment import Filters
from index.store import Store
from index.terms import terms

QUERY = np.ones(8, dtype=np.float32) / np.sqrt(np.float32(8))


@fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "library", {"dimension": "8"})


def vector_of(id: str) -> np.ndarray:
    vector = np.random.default_rng(int(id)).standard_normal(8, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def put(store: Store, *ids: str) -> None:
    with store.writing():
        for id in ids:
            article = Article(id, "T", f"Text of {id}.", source=f"S{int(id) % 2}")
            store.put(article, passages(article), vector_of(id)[None])


def remove(store: Store, *ids: str) -> None:
    with store.writing():
        for id in ids:
            store.delete(id)


def now(store: Store, folder: Path, earlier: LiveIndex | None = None) -> LiveIndex:
    with store.reading():
        live = LiveIndex.of(store, folder, earlier)
    assert len(live) == len(store.numbers())
    return live


def assert_exact(live: LiveIndex, store: Store) -> None:
    numbers = store.numbers()
    held = [passage.article for passage in store.passages(numbers.tolist()).values()]
    cosines = np.array([vector_of(article.id) for article in held]) @ QUERY
    best = np.argsort(-cosines)
    words = terms(f"text {held[0].id}")
    near, matching = live.candidates(QUERY, words, 5, Filters())
    assert [number for number, _ in near] == numbers[best[:5]].tolist()
    assert [score for _, score in near] == approx(cosines[best[:5]].tolist(), abs=1e-5)
    assert matching[0][0] == numbers[0]
    odd = [number for number, article in zip(numbers.tolist(), held, strict=True) if article.source == "S1"]
    near, matching = live.candidates(QUERY, words, 50, Filters(sources=("s1",)))
    assert [number for number, _ in near] == [number for number in numbers[best].tolist() if number in odd]
    assert {number for number, _ in matching} == set(odd)
    assert live.among([*numbers.tolist(), 10**6], Filters(sources=("s1",))) == odd
    assert live.counts(["text", held[0].id, "gold"]) == {"text": len(held), held[0].id: 1, "gold": 0}
    assert live.mean_length == approx(np.mean([len(terms(f"{a.title} {a.text}")) for a in held]))


def test_changes_since_the_cache_was_made_are_searched_with_it(store: Store, tmp_path: Path) -> None:
    put(store, *map(str, range(30)))
    first = now(store, tmp_path)
    written = (tmp_path / "search.json").stat().st_mtime_ns
    put(store, "40", "41")
    remove(store, "3", "41")
    second = now(store, tmp_path, first)
    assert second.segments[0] is first.segments[0]
    assert [len(segment) for segment in second.segments] == [30, 1]
    assert_exact(second, store)
    assert_exact(now(store, tmp_path), store)
    assert (tmp_path / "search.json").stat().st_mtime_ns == written, "the file is not written for a few changes"


def test_the_same_state_is_looked_up_once(store: Store, tmp_path: Path) -> None:
    put(store, "1")
    first = now(store, tmp_path)
    assert now(store, tmp_path, first) is first


def test_many_changes_make_a_new_segment_and_files(store: Store, tmp_path: Path, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(live_index, "_FEW", 3)
    put(store, *map(str, range(10)))
    first = now(store, tmp_path)
    remove(store, "1", "2")
    put(store, "20", "21")
    second = now(store, tmp_path, first)
    assert second.segments[0] is not first.segments[0]
    assert_exact(second, store)
    reread = segment_cache.load(tmp_path, store.settings()["id"])
    assert reread is not None
    assert reread.numbers.tolist() == store.numbers().tolist()


def test_the_files_that_another_program_wrote_are_taken_before_all_is_made_anew(
    store: Store, tmp_path: Path, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setattr(live_index, "_FEW", 3)
    put(store, *map(str, range(10)))
    first = now(store, tmp_path)
    put(store, *map(str, range(10, 20)))
    now(store, tmp_path)
    written = (tmp_path / "search.json").stat().st_mtime_ns
    assert_exact(now(store, tmp_path, first), store)
    assert (tmp_path / "search.json").stat().st_mtime_ns == written


def test_later_segments_are_put_together_when_they_are_many(store: Store, tmp_path: Path) -> None:
    put(store, *map(str, range(10)))
    live = now(store, tmp_path)
    for id in range(10, 30):
        put(store, str(id))
        live = now(store, tmp_path, live)
        assert_exact(live, store)
    assert len(live.segments) <= live_index._SEGMENTS


def test_an_earlier_state_is_searched_as_it_was_with_the_segments_of_a_later_one(store: Store, tmp_path: Path) -> None:
    put(store, *map(str, range(5)))
    reader = Store.open(tmp_path / "library")
    with reader.reading():
        reader.state()
        remove(store, "0")
        put(store, "9")
        later = now(store, tmp_path)
        assert_exact(LiveIndex.of(reader, tmp_path, later), reader)
        assert_exact(LiveIndex.of(reader, tmp_path, None), reader)


def test_the_cache_of_another_library_is_not_taken(store: Store, tmp_path: Path) -> None:
    put(store, *map(str, range(5)))
    now(store, tmp_path)
    other = Store.create(tmp_path / "other", {"dimension": "8"})
    put(other, "9", "8", "7")
    assert_exact(now(other, tmp_path), other)


@mark.parametrize("step", range(6))
def test_any_history_is_searched_exactly(store: Store, tmp_path: Path, step: int, monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(live_index, "_FEW", 4)
    drawn = np.random.default_rng(step)
    put(store, *map(str, range(20)))
    live = now(store, tmp_path)
    for i in range(12):
        held = [article.id for article in store.articles()]
        remove(store, *drawn.choice(held, 2, replace=False).tolist())
        put(store, *(str(100 * (i + 1) + j) for j in range(drawn.integers(1, 4))))
        live = now(store, tmp_path, live if drawn.random() < 0.7 else None)
        assert_exact(live, store)
