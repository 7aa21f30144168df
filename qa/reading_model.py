"""The trained reader: a question and a passage in, where an answer may stand and whether there is one out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import default_vocabulary

if TYPE_CHECKING:
    from index.graphs import Graph
    from index.pieces import Vocabulary

FILE = Path(__file__).parent / "model" / "reader.onnx"
INPUTS = ("ids", "segments", "mask")
OUTPUTS = ("ends", "whole")

QUESTION, TITLE, PASSAGE = 64, 24, 256
"""Most word pieces of each; a longer passage is read in parts."""
_OVERLAP = 64
_LONGEST_ANSWER = 30


def in_conversation(question: str, said: Sequence[str]) -> str:
    """Write a question as the reader reads it in its conversation: behind it what was said, the newest first."""
    return " | ".join([question, *said])


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold the word pieces that are read: [CLS] question [SEP] title [SEP] passage [SEP].

    The second segment, title and passage, begins at `second`, the passage at `passage`.
    """

    ids: list[int]
    second: int
    passage: int


def layout(question: list[int], title: list[int], passage: list[int], cls: int, sep: int) -> Layout:
    """Lay out a question, a title and a passage as the reader has learnt them, cut to their lengths."""
    head = [cls, *question[:QUESTION], sep]
    above = [*title[:TITLE], sep]
    return Layout([*head, *above, *passage[:PASSAGE], sep], len(head), len(head) + len(above))


@dataclass(frozen=True, slots=True)
class Scores:
    """Hold what was read in a passage.

    `whole` is the logit that it answers at all. `places` are the characters of its word pieces,
    shape (pieces, 2); `begin` and `end` the scores that an answer begins and ends at each, shape
    (pieces,), and `none` the sum of both for no answer.
    """

    whole: float
    places: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    none: float

    def spans(self) -> np.ndarray:
        """Give the score of every span by its first and last piece: shape (pieces, pieces), -inf where none may be."""
        sums = self.begin[:, None] + self.end[None, :]
        distance = np.arange(len(self.end))[None, :] - np.arange(len(self.begin))[:, None]
        return np.where((distance >= 0) & (distance < _LONGEST_ANSWER), sums, -np.inf)


def read_passages(question: str, passages: Sequence[tuple[str, str]], said: Sequence[str] = ()) -> list[list[Scores]]:
    """Read passages, each a title and a text, for a question; a long text has several parts, in order.

    What was `said` before it, the newest first, is read with it.

    Raises: ModelError, when the reader or the vocabulary does not load.
    """
    vocabulary = _vocabulary()
    asked, *rest = vocabulary.bare(
        [in_conversation(question, said), *(part for passage in passages for part in passage)]
    )
    cls, sep = vocabulary.id("[CLS]"), vocabulary.id("[SEP]")
    inputs, parts = [], []
    for number, (title, text) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
        last = max(len(text.ids) - _OVERLAP, 1)
        for start in range(0, last, PASSAGE - _OVERLAP):
            laid = layout(asked.ids, title.ids, text.ids[start : start + PASSAGE], cls, sep)
            inputs.append(inputs_of(laid.ids, laid.second))
            parts.append((number, laid.passage, text.places[start : start + PASSAGE]))
    found: list[list[Scores]] = [[] for _ in passages]
    for (number, at, places), (ends, whole) in zip(parts, _graph(FILE).run(inputs), strict=True):
        found[number].append(scored(places, at, ends[0], float(whole[0])))
    return found


def scored(places: list[tuple[int, int]], at: int, ends: np.ndarray, whole: float) -> Scores:
    """Take the scores of a passage, whose word pieces begin at `at`, from the graph's `ends`, shape (length, 2)."""
    begin, end = ends[at : at + len(places)].T
    return Scores(whole, np.array(places, dtype=np.int64).reshape(-1, 2), begin, end, float(ends[0].sum()))


def load() -> None:
    """Load the reader now, so that the first question does not wait for it."""
    _vocabulary()
    _graph(FILE)


def inputs_of(pieces: list[int], second: int) -> dict[str, np.ndarray]:
    """Give the graph's inputs for a layout: int64, shape (1, pieces)."""
    ids = np.array([pieces], dtype=np.int64)
    segments = np.zeros_like(ids)
    segments[0, second:] = 1
    return {"ids": ids, "segments": segments, "mask": np.ones_like(ids)}


@cache
def _graph(file: Path) -> Graph:
    from index.graphs import Graph

    return Graph(file)


@cache
def _vocabulary() -> Vocabulary:
    from index.pieces import Vocabulary

    return Vocabulary(default_vocabulary())
