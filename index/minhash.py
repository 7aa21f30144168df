"""How alike two texts are, by the runs of five words they share, and a few numbers by which like texts find each other.

Source: A. Broder, On the resemblance and containment of documents (1997); J. Leskovec, A. Rajaraman and J. Ullman,
Mining of Massive Datasets (2014), 3.4, for the bands.
"""

from __future__ import annotations

import re
from functools import cache
from zlib import crc32

import numpy as np

WORDS = 5
"""How many words follow one another in a shingle."""
ROWS, BANDS = 3, 42
"""A band is the least hashes of a text under so many orders; texts that agree in a band are candidates."""

_WORD = re.compile(r"[^\W_]+")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def shingles(text: str) -> np.ndarray:
    """Give the runs of five words of a text as hashes: uint64, ascending, none twice; of a shorter text its one run."""
    words = _WORD.findall(text.casefold())
    hashes = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    if not len(hashes):
        return hashes
    width = min(WORDS, len(hashes))
    runs = np.zeros(len(hashes) - width + 1, dtype=np.uint64)
    for place in range(width):
        runs = _mixed(runs * _MULTIPLIER + hashes[place : place + len(runs)])
    return np.unique(runs)


def bands(shingled: np.ndarray) -> list[int]:
    """Give the band hashes of a text's shingles, 32 bits each; none for a text without words.

    Two texts agree in a band with the probability resemblance ** ROWS.
    """
    if not len(shingled):
        return []
    multipliers, addends = _orders()
    least = np.full(len(multipliers), np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(shingled), 4096):
        part = shingled[start : start + 4096, None] * multipliers + addends
        least = np.minimum(least, (part >> np.uint64(32)).astype(np.uint32).min(axis=0))
    found = np.arange(BANDS, dtype=np.uint64)
    for row in least.reshape(BANDS, ROWS).T:
        found = _mixed(found * _MULTIPLIER + row)
    return [int(one) for one in found >> np.uint64(32)]


def shared(one: np.ndarray, other: np.ndarray) -> int:
    """Count the shingles that two texts share."""
    return len(np.intersect1d(one, other, assume_unique=True))


def _mixed(values: np.ndarray) -> np.ndarray:
    values = values ^ (values >> np.uint64(29))
    values = values * np.uint64(0xBF58476D1CE4E5B9)
    mixed: np.ndarray = values ^ (values >> np.uint64(32))
    return mixed


@cache
def _orders() -> tuple[np.ndarray, np.ndarray]:
    """Give what makes each order of the hashes: odd multipliers and addends, the same on every machine."""
    drawn = _mixed(np.arange(1, 2 * ROWS * BANDS + 1, dtype=np.uint64) * _MULTIPLIER)
    multipliers, addends = np.split(drawn, 2)
    return multipliers | np.uint64(1), addends
