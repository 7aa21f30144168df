"""Examples as word pieces, in batches of like length."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.pieces import Pieces, Vocabulary
from qa.reading_model import PASSAGE, layout
from training.reader.records import Example


@dataclass(frozen=True, slots=True)
class Encoded:
    """Hold the word pieces of one example; `first` and `last` mark where an answer may begin and end.

    `ids` begins with [CLS]; the second segment, title and passage, begins at `second`, the
    passage at `passage`, and `places` gives the characters of each of its word pieces.
    """

    ids: list[int]
    second: int
    passage: int
    places: list[tuple[int, int]]
    first: list[int]
    last: list[int]


def encoded(examples: Sequence[Example], file: Path) -> list[tuple[Example, Encoded]]:
    """Cut examples into word pieces by a tokenizer.json; leave out those whose answer stands after the last piece."""
    vocabulary = Vocabulary(file)
    cls, sep = vocabulary.id("[CLS]"), vocabulary.id("[SEP]")

    def cut(texts: list[str]) -> dict[str, Pieces]:
        unique = list(dict.fromkeys(texts))
        return dict(zip(unique, vocabulary.bare(unique), strict=True))

    questions = cut([one.question for one in examples])
    titles = cut([one.title for one in examples])
    passages = cut([one.passage for one in examples])
    found = []
    for one in examples:
        passage = passages[one.passage]
        places = passage.places[:PASSAGE]
        laid = layout(questions[one.question].ids, titles[one.title].ids, passage.ids, cls, sep)
        first, last = [], []
        for start, end in one.spans:
            inside = [i for i, (a, b) in enumerate(places) if a < end and start < b]
            if inside and (one.within or places[inside[-1]][1] >= end):
                first += [laid.passage + i for i in inside] if one.within else [laid.passage + inside[0]]
                last += [laid.passage + i for i in inside] if one.within else [laid.passage + inside[-1]]
        if one.spans and not first:
            continue
        ends = sorted(set(first)), sorted(set(last))
        found.append((one, Encoded(laid.ids, laid.second, laid.passage, places, *ends)))
    return found


def batches(lengths: Sequence[int], pieces: int, seed: int) -> list[list[int]]:
    """Group examples of like length, so many word pieces a batch, padding counted; shuffled."""
    draw = random.Random(seed)
    order = list(range(len(lengths)))
    draw.shuffle(order)
    pools = [sorted(order[at : at + 4096], key=lambda i: lengths[i]) for at in range(0, len(order), 4096)]
    found: list[list[int]] = []
    for pool in pools:
        batch: list[int] = []
        for i in pool:
            if batch and lengths[i] * (len(batch) + 1) > pieces:
                found.append(batch)
                batch = []
            batch.append(i)
        if batch:
            found.append(batch)
    draw.shuffle(found)
    return found


def padded(batch: Sequence[Encoded]) -> dict[str, np.ndarray]:
    """Give int64 `ids`, `segments` and `mask`, shape (batch, longest), and bool `inside`, true on the passage."""
    longest = max(len(one.ids) for one in batch)
    shape = (len(batch), longest)
    ids, segments, mask = (np.zeros(shape, np.int64) for _ in range(3))
    inside = np.zeros(shape, bool)
    for row, one in enumerate(batch):
        ids[row, : len(one.ids)] = one.ids
        segments[row, one.second : len(one.ids)] = 1
        mask[row, : len(one.ids)] = 1
        inside[row, one.passage : len(one.ids) - 1] = True
    return {"ids": ids, "segments": segments, "mask": mask, "inside": inside}
