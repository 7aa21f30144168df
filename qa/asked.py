"""What kind of thing a question asks for, and whether a sentence brings one."""

from __future__ import annotations

import re
from enum import StrEnum

from index.terms import located_terms, terms


class Kind(StrEnum):
    """A kind of thing that a question asks for."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    REASON = "reason"
    MEANING = "meaning"
    OTHER = "other"


_NUMBER_WORDS = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|twenty|thirty|forty|fifty|"
    r"hundreds?|thousands?|millions?|billions?|trillions?|half|once|twice|first|second|third|fourth|fifth|sixth|seventh)"
)
_MONTHS = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
)
_DAYS = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"

_QUESTIONS = {
    Kind.NUMBER: (
        r"\bhow (?:many|much|long|far|old|big|large|tall|high|often|fast|heavy|deep|wide)\b|"
        r"\bwhat (?:number|percentage|share|proportion|fraction|age)\b"
    ),
    Kind.TIME: (
        r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time|decade|century|period)\b|"
        r"\bhow long ago\b|\bsince when\b"
    ),
    Kind.PLACE: (
        r"\bwhere\b|"
        r"\b(?:what|which) (?:city|country|place|town|state|island|location|venue|province|region|continent)\b"
    ),
    Kind.PERSON: (
        r"\bwho(?:m|se)?\b|"
        r"\b(?:what|which) (?:person|president|leader|official|minister|secretary|adviser|spokes\w+)\b"
    ),
    Kind.REASON: r"\bwhy\b|\bhow come\b|\bwhat (?:reason|caused|led)\b",
}
_MEANING = re.compile(
    r"\s*what\s+(?:is|are|was|were|does)\s+(?:an?\s+|the\s+)?(.+?)(?:\s+(?:mean|stand for))?\s*\??\s*", re.I
)
_LONGEST_MEANT = 3
_EXPLAINS = r"[”’\"']?(?:,|\s+\(|\s*[–—:]|[^.,;:–—]{0,40}?(?:\s[–—-]\s|\b(?:is|are|was|were|means?|refers?|stands?)\b))"

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


def kind_asked(question: str) -> Kind:
    """Say what kind of thing a question asks for, by its question words."""
    found = [
        (match.start(), kind) for kind, pattern in _QUESTIONS.items() if (match := re.search(pattern, question, re.I))
    ]
    if found:
        return min(found)[1]
    return Kind.MEANING if _meant(question) else Kind.OTHER


def brings(sentence: str, kind: Kind, question: str) -> bool:
    """Say whether a sentence holds something of a kind that the question did not say itself."""
    question_terms = frozenset(terms(question))
    if kind is Kind.MEANING:
        return re.search(rf"\b{re.escape(_meant(question))}{_EXPLAINS}", sentence, re.I) is not None
    if kind is Kind.PERSON:
        names = _NAME.findall(sentence[0].lower() + sentence[1:] if " " in sentence else sentence)
        starts_with_name = re.match(r"[“\"‘']?(?:[A-Z][\w’'-]+\s+){2,}", sentence) is not None
        fresh = [t for name in names for _, _, t in located_terms(name) if t not in question_terms]
        return bool(fresh) or starts_with_name
    if kind is Kind.OTHER:
        return True
    for match in _BRINGS[kind].finditer(sentence):
        found = {term for _, _, term in located_terms(match.group())}
        if not found or found - question_terms:
            return True
    return False


def _meant(question: str) -> str:
    """Give what a question of the form "What is …?" wants explained, "" when it is no such question."""
    match = _MEANING.fullmatch(question)
    meant = match.group(1) if match else ""
    return meant if 0 < len(meant.split()) <= _LONGEST_MEANT and terms(meant) else ""
