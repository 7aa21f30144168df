"""Inverted lists against plain Python."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import MonkeyPatch, approx, mark

from index import postings as module
from index.postings import Postings
from index.ranking import K1, B

WORDS = st.sampled_from("oak elm ash fir yew box".split())


def bm25(rarities: dict[str, float], passages: list[list[str]]) -> list[float]:
    mean = sum(map(len, passages)) / len(passages) or 1.0
    return [
        sum(
            rarity * (count := passage.count(word)) / (count + K1 * (1 - B + B * len(passage) / mean))
            for word, rarity in rarities.items()
        )
        for passage in passages
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12), min_size=1, max_size=9))
@mark.parametrize("chunk", [2, 50_000])
def test_scores_are_those_of_bm25_to_a_255th(chunk: int, passages: list[list[str]]) -> None:
    with MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", chunk)
        held = Postings.of(passages)
    scores = np.zeros(len(passages), dtype=np.float32)
    rarities = {"oak": 1.0, "elm": 2.0, "gold": 3.0}
    held.add_scores(scores, rarities)
    expected = bm25(rarities, passages)
    assert scores.tolist() == approx(expected, abs=3 / 255)
    assert [score > 0 for score in scores] == [score > 0 for score in expected]
    assert held.lengths.tolist() == [len(passage) for passage in passages]
    among = np.arange(len(passages)) % 2 == 0
    for word in ("oak", "yew", "gold"):
        assert held.count(word) == sum(word in passage for passage in passages)
        assert held.count(word, among) == sum(word in passage for passage in passages[::2])


def test_without_passages_nothing_is_found() -> None:
    held = Postings.of([])
    held.add_scores(np.zeros(0, np.float32), {"oak": 1.0})
    assert held.count("oak") == 0
