from datetime import date

import numpy as np
from pytest import fixture, mark

from index.segment import Filters, Row, Segment
from index.vectors import VectorIndex

ROWS = [
    Row(3, date(2021, 3, 2), date(2021, 3, 2), "Harbour Post", ["oak", "elm"], b""),
    Row(5, date(2022, 5, 7), date(2022, 6, 1), "Straße", ["oak", "oak", "fir"], b""),
    Row(6, None, None, "", ["ash"], b""),
    Row(9, date(2022, 5, 7), date(2022, 5, 7), "HARBOUR POST", ["elm", "ash", "yew"], b""),
]


@fixture
def segment() -> Segment:
    vectors = np.eye(4, dtype="<f4")
    rows = [row._replace(vector=vector.tobytes()) for row, vector in zip(ROWS, vectors, strict=True)]
    return Segment.of(rows, VectorIndex(4, 4, lambda _: vectors))


@mark.parametrize(
    ("filters", "fitting"),
    [
        (Filters(), [3, 5, 6, 9]),
        (Filters(after=date(2021, 3, 2)), [3, 5, 9]),
        (Filters(before=date(2021, 3, 2)), [3]),
        (Filters(date(2021, 3, 3), date(2022, 5, 6)), []),
        (Filters(sources=("harbour post", "STRASSE")), [3, 5, 9]),
        (Filters(sources=("nobody",)), []),
        (Filters(after=date(2022, 1, 1), sources=("Harbour Post",)), [9]),
        (Filters(as_of=date(2022, 5, 31)), [3, 6, 9]),
        (Filters(as_of=date(2021, 3, 1)), [6]),
    ],
)
def test_filters_take_the_first_and_last_day_and_sources_in_any_case(
    segment: Segment, filters: Filters, fitting: list[int]
) -> None:
    allowed = segment.allowed(filters)
    assert segment.numbers[allowed].tolist() == fitting
    assert {number for number, _ in segment.nearest(np.ones(4, np.float32) / 2, 9, allowed)} == set(fitting)
    found = [number for number, _ in segment.matching({"elm": 1.0, "ash": 1.0}, 9, allowed)]
    assert set(found) == set(fitting) - {5}


def test_matching_gives_the_best_first_and_no_more_than_asked(segment: Segment) -> None:
    assert [number for number, _ in segment.matching({"oak": 1.0}, 9, None)] == [5, 3]
    assert [number for number, _ in segment.matching({"oak": 1.0, "yew": 9.0}, 2, None)] == [9, 5]
    assert segment.matching({"gold": 1.0}, 9, None) == segment.matching({}, 9, None) == []


def test_vectors_are_added_batch_by_batch(monkeypatch) -> None:
    monkeypatch.setattr("index.segment._BATCH", 3)
    vectors = np.eye(10, dtype="<f4")
    rows = [Row(i + 1, None, None, "", [], vector.tobytes()) for i, vector in enumerate(vectors)]
    segment = Segment.of(rows, VectorIndex(10, 10, lambda _: vectors))
    assert [segment.nearest(vector, 1, None)[0][0] for vector in vectors] == list(range(1, 11))
