"""What kinds of things, such as people ask for, a sentence brings."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """A kind of thing that people ask for."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    REASON = "reason"


_NUMBER_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty|fifty|"
    r"hundreds?|thousands?|millions?|billions?|trillions?|half|once|twice|first|second|third|fourth|fifth|sixth|seventh)"
)
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAYS = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"

_BRINGS = {
    Kind.PLACE: re.compile(
        r"\b(?:in|at|on|near|from|to|over|off|outside|inside|across|through|into|toward|towards|above|around|of|for)\s+"
        rf"(?:the\s+|a\s+)?(?:[a-z]+\s+){{0,2}}?(?!{_MONTHS}\b|{_DAYS}\b|Mr\b|Ms\b|Mrs\b|President\b)[A-Z][\w’'-]+"
    ),
    Kind.TIME: re.compile(
        rf"\b{_MONTHS}\b|\b{_DAYS}\b|\b1[0-9]\d\d\b|\b20\d\d\b|\b\d+(?:st|nd|rd|th) century\b|\b\d0s\b|"
        r"\b(?:today|yesterday|tomorrow|tonight|ago|(?:earlier this|last|next|this)\s+"
        r"(?:week|month|year|summer|spring|autumn|fall|winter))\b"
    ),
    Kind.NUMBER: re.compile(rf"\d|\b{_NUMBER_WORDS}\b", re.I),
    Kind.REASON: re.compile(
        r"\b(?:because|since|due to|so that|in order to|as a result|owing to|after|"
        r"to (?:avoid|prevent|ensure|protect|reduce|make|keep|stop)|"
        r"reason|caused?|blam\w+|therefore|hence|for fear|in response|in protest)\b",
        re.I,
    ),
}
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)*")


def brings(sentence: str, kind: Kind) -> bool:
    """Say whether a sentence holds something of a kind."""
    if kind is Kind.PERSON:
        names = _NAME.findall(sentence[0].lower() + sentence[1:] if " " in sentence else sentence)
        starts_with_name = re.match(r"[“\"‘']?(?:[A-Z][\w’'-]+\s+){2,}", sentence) is not None
        return bool(names) or starts_with_name
    return _BRINGS[kind].search(sentence) is not None
