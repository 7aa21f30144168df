from collections.abc import Sequence

import numpy as np
from conftest import LetterEncoder
from pytest import approx

from index.remembering import RememberingEncoder


class Counting(LetterEncoder):
    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.encoded += texts
        return super().encode(texts)


def test_a_text_is_encoded_once_and_its_vector_is_the_same() -> None:
    counting = Counting()
    remembering = RememberingEncoder(counting)
    texts = ["oak", "elm", "oak"]
    for _ in range(2):
        assert remembering.encode(texts) == approx(LetterEncoder().encode(texts))
    assert remembering.encode(["ash", "elm"]) == approx(LetterEncoder().encode(["ash", "elm"]))
    assert counting.encoded == ["oak", "elm", "ash"]


def test_the_text_used_longest_ago_is_forgotten_first() -> None:
    counting = Counting()
    remembering = RememberingEncoder(counting, size=2)
    for texts in (["oak"], ["elm"], ["oak"], ["ash"], ["oak"], ["elm"]):
        remembering.encode(texts)
    assert counting.encoded == ["oak", "elm", "ash", "elm"]


def test_more_texts_than_fit_are_still_encoded() -> None:
    texts = [f"tree {chr(97 + i)}" for i in range(9)]
    assert RememberingEncoder(LetterEncoder(), size=3).encode(texts) == approx(LetterEncoder().encode(texts))
