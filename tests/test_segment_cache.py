import json
from datetime import date
from pathlib import Path

import numpy as np
from pytest import fixture, mark

from index.segment import Filters, Row, Segment
from index.segment_cache import CACHE_FILES, forget, load, save
from index.vectors import VectorIndex


@fixture
def segment() -> Segment:
    vectors = np.eye(9, dtype="<f4")
    rows = [
        Row(
            2 * i + 1, date(2020, 1, i + 1) if i else None, date(2020, 1, 1), f"S{i % 2}", ["oak"] * i, vector.tobytes()
        )
        for i, vector in enumerate(vectors)
    ]
    return Segment.of(rows, VectorIndex(9, 9, lambda _: vectors))


def test_a_saved_segment_is_read_back_for_its_library_only(tmp_path: Path, segment: Segment) -> None:
    save(segment, tmp_path, "library-1")
    loaded = load(tmp_path, "library-1")
    assert loaded is not None
    vector = np.ones(9, np.float32) / 3
    assert loaded.nearest(vector, 4, None) == segment.nearest(vector, 4, None)
    assert loaded.matching({"oak": 1.0}, 4, None) == segment.matching({"oak": 1.0}, 4, None)
    filters = Filters(date(2020, 1, 3), sources=("s1",), as_of=date(2020, 1, 1))
    assert loaded.allowed(filters).tolist() == segment.allowed(filters).tolist()
    assert load(tmp_path, "library-2") is None
    assert sorted(file.suffix for file in tmp_path.iterdir()) == [".arrays", ".json", ".vectors"]


def test_a_segment_without_passages_is_kept_too(tmp_path: Path) -> None:
    save(Segment.of([], VectorIndex(9, 0, lambda _: np.zeros((0, 9), np.float32))), tmp_path, "l")
    loaded = load(tmp_path, "l")
    assert loaded is not None
    assert len(loaded) == 0
    assert loaded.vectors.dimension == 9


@mark.parametrize("name", ["search-*.vectors", "search-*.arrays", "search.json"])
@mark.parametrize("damage", ["cut", "flipped", "gone", "empty"])
def test_a_damaged_cache_is_not_read(tmp_path: Path, segment: Segment, name: str, damage: str) -> None:
    save(segment, tmp_path, "s")
    (file,) = tmp_path.glob(name)
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
    assert load(tmp_path, "s") is None


def test_saving_again_leaves_only_the_files_of_the_later_one(tmp_path: Path, segment: Segment) -> None:
    save(segment, tmp_path, "s")
    before = {file.name for file in tmp_path.glob("search-*")}
    rows = [Row(1, None, None, "", ["elm"], np.ones(9, "<f4").tobytes())]
    save(Segment.of(rows, VectorIndex(9, 1, lambda _: np.zeros((0, 9), np.float32))), tmp_path, "s")
    loaded = load(tmp_path, "s")
    assert loaded is not None
    assert loaded.numbers.tolist() == [1]
    after = {file.name for file in tmp_path.glob("search-*")}
    assert len(after) == 2
    assert not after & before


@mark.parametrize(
    "stamp",
    [
        None,
        [],
        {},
        {"library": "s"},
        {"library": "s", "files": 3},
        {"library": "s", "files": {}, "arrays": [], "sources": []},
    ],
)
def test_a_stamp_of_another_shape_is_not_taken(tmp_path: Path, segment: Segment, stamp: object) -> None:
    save(segment, tmp_path, "s")
    (tmp_path / "search.json").write_text(json.dumps(stamp))
    assert load(tmp_path, "s") is None


def test_forgetting_takes_the_files_of_earlier_versions_too(tmp_path: Path, segment: Segment) -> None:
    save(segment, tmp_path, "s")
    for name in ("vectors.faiss", "vectors.json", "search-vectors.new-x", "notes.txt"):
        (tmp_path / name).write_text("x")
    assert sum(len(list(tmp_path.glob(pattern))) for pattern in CACHE_FILES) == 6
    forget(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]
