"""Numbers, dates and times where they stand in a text, and what they say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import lru_cache

Value = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """Mark a number, date or time in a text.

    `stated` are readings of it, of which one has to be known for it to be right; `implied` is
    what is known where it stands in a source: "14 November 2022" implies November.
    """

    start: int
    end: int
    stated: frozenset[Value]
    implied: frozenset[Value]


class Rest:
    """Hold what of a text has not been read yet, aligned with it character by character."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = aligned(text)

    def take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Give the matches of a pattern, in order; whoever reads one says so with `done`."""
        yield from pattern.finditer(self.text)

    def done(self, start: int, end: int) -> None:
        self.text = self.text[:start] + "\0" * (end - start) + self.text[end:]


def aligned(text: str) -> str:
    """Write a text in plain lower-case letters, marks and digits, each at the place of its own character."""
    return "".join(map(_plain, text))


_MARKS = {
    **dict.fromkeys("‘’‛ʼ′`´", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
}


@lru_cache(maxsize=10_000)
def _plain(char: str) -> str:
    if char in _MARKS:
        return _MARKS[char]
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    base = unicodedata.normalize("NFKD", char)
    lower = base[0].lower() if len(base) == 1 or unicodedata.combining(base[1]) else char.lower()
    return lower if len(lower) == 1 else char
