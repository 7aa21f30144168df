"""What the reader learns from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """Hold a question and a passage; `spans` are the characters of the passage that answer, none when it does not.

    `within` says that an answer may begin and end anywhere in a span (a marked sentence) and
    not only at its ends (a marked phrase). `source` names where the example is from.
    """

    question: str
    title: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    source: str
    within: bool = False
