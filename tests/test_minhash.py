"""Shingles and band hashes against sets in plain Python."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.minhash import BANDS, ROWS, WORDS, bands, shared, shingles

TEXTS = st.lists(st.sampled_from("oak Elm ash, “fir” yew 12 été".split()), max_size=40).map(" ".join)


def runs(text: str) -> set[tuple[str, ...]]:
    words = [word.strip("“”,").casefold() for word in text.split()]
    width = min(WORDS, len(words))
    return {tuple(words[i : i + width]) for i in range(len(words) - width + 1)} if words else set()


@given(TEXTS, TEXTS)
def test_shingles_are_the_runs_of_five_words(one: str, other: str) -> None:
    hashed = shingles(one), shingles(other)
    assert [len(found) for found in hashed] == [len(runs(one)), len(runs(other))]
    assert shared(*hashed) == len(runs(one) & runs(other))


def test_punctuation_case_and_white_space_make_no_difference() -> None:
    np.testing.assert_array_equal(
        shingles("“The bakery,” she said, sold rye – and more."), shingles("the BAKERY she said\nsold rye and more")
    )
    assert bands(shingles("...")) == []


def test_texts_agree_in_a_band_as_often_as_they_should() -> None:
    drawn = random.Random(7)
    agreeing, expected = 0.0, 0.0
    for _ in range(150):
        words = [str(drawn.randrange(10**6)) for _ in range(600)]
        keep = drawn.randrange(100, 600)
        one, other = shingles(" ".join(words)), shingles(" ".join(words[:keep]))
        resemblance = shared(one, other) / len(one)
        first, second = bands(one), bands(other)
        assert len(first) == BANDS
        agreeing += sum(a == b for a, b in zip(first, second, strict=True)) / BANDS
        expected += resemblance**ROWS
    assert abs(agreeing - expected) / 150 < 0.02


def test_band_hashes_are_the_same_on_every_machine_and_day() -> None:
    """A library keeps them: others would find no near-copies of what is in it."""
    found = bands(shingles("The ferry to Oster ran two hours late on Friday, because fog lay on the water."))
    assert found[:3] == [951121874, 711814400, 310908029]


def test_a_long_text_agrees_with_itself_but_for_its_end_in_nearly_all_bands() -> None:
    words = [str(number) for number in range(9000)]
    whole, cut = bands(shingles(" ".join(words))), bands(shingles(" ".join(words[:8990])))
    assert sum(a == b for a, b in zip(whole, cut, strict=True)) >= BANDS - 2
