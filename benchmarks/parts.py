"""Which questions of the public sets the reader learnt from, was chosen on, and is reported on."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class Part(StrEnum):
    """Say what a question is for."""

    LEARN = "learn"
    CHOOSE = "choose"
    REPORT = "report"


def squad_part(title: str) -> Part:
    """Say what an article of the SQuAD 2.0 half is for: 9 are learnt from, 2 chosen on, 4 reported."""
    drawn = _drawn(title) % 8
    return Part.REPORT if drawn == 2 else Part.CHOOSE if drawn in {0, 7} else Part.LEARN


def clapnq_part(id: str) -> Part:
    """Say what a question of the CLAPnq half is for: 3 of 8 learnt from, 1 chosen on, 4 reported."""
    drawn = _drawn(id) % 8
    return Part.REPORT if drawn < 4 else Part.CHOOSE if drawn == 4 else Part.LEARN


def other_part(id: str) -> Part:
    """Say what a question of a set is for that nothing is learnt from: half to choose, half to report."""
    return Part.CHOOSE if _drawn(id) % 2 else Part.REPORT


def _drawn(text: str) -> int:
    return hashlib.sha256(text.encode()).digest()[0]
