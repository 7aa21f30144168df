"""How a question leans on its conversation, told from its own words."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache

from index.terms import located_terms, terms

_CHATTER = (
    "tell know knew explain clarify clarification please mean meant sure think thought want like talk talking speak "
    "speaking give mention mentioned say said sorry thanks thank ok okay oh well yes wow great right really actually "
    "maybe pretty summary summarize question answer wonder wondering curious heard hear told understand information "
    "regarding specifically way possible list example detail details sound seem back go going enough"
)


@cache
def chatter() -> frozenset[str]:
    """Give the terms that carry a conversation, not its subject."""
    return frozenset(terms(_CHATTER))


class Lean(StrEnum):
    """Name the way a question needs what was said before."""

    NONE = "stands alone"
    WHO_SAID = "asks who said what was quoted"
    MORE = "asks for more of the same"
    SHIFTED = "moves the question to another date"
    FRAGMENT = "is part of a question"
    CORRECTION = "corrects the question before"
    PERSON = "points to a person"
    POINTER = "points back"
    SHORT = "is too short to stand alone"


_ASIDE = re.compile(
    r"(?:(?:ok|okay|alright|so|well|oh|ah|wow|great|cool|nice|interesting|hm+|thanks|thank you|right|yes|yeah|i see|"
    r"sorry|please|by the way|oh my god)\b[\s,.!;:…-]*)+",
    re.I,
)
_JOINING = re.compile(r"(?:and|but|or|also|then)\b[\s,]*(?:so\b[\s,]*)?", re.I)
_RETURN = re.compile(
    r"(?:(?:talking|speaking|going back|coming back|back|turning|moving on|returning|switching)\s+(?:about|of|to)\s+)",
    re.I,
)
_CORRECTING = re.compile(
    r"(?:no|nope|not (?:that|him|her|it|those|them))\b[\s,.!;:…-]*(?:(?:sorry|but)[\s,]+)?"
    r"(?:(?:i\s+)?(?:meant|mean|am asking about|was asking about|asked about)\s+)?"
    r"|(?:i\s+)(?:meant|mean)\s+|(?:not\s+\S+(?:\s+\S+)?,\s+)",
    re.I,
)
_ABOUT = re.compile(r"(?:what|how)\s+about\s+|what\s+of\s+", re.I)
_SAYING = re.compile(
    r"\s*(?:and\s+)?who\s+(?:(?:said|says|told|announced|claimed|claims|thinks|wrote|stated)\s+"
    r"(?:that|this|it|so|these|those)|is\s+(?:that|this)\s+(?:quote|from)|(?:is|was)\s+(?:quoted|speaking))\b",
    re.I,
)
_MORE = re.compile(
    r"\s*(?:and\s+)?(?:(?:tell|say)\s+(?:me\s+)?more|(?:any(?:thing|one|body|where)?|what|who|where)\s+else"
    r"|(?:any\s+)?(?:more|others?|other ones|further details|more details|details))"
    r"\W*(?:please|about (?:it|that|this|him|her|them))?\W*",
    re.I,
)
_CLAUSE = re.compile(
    r"(?:who|whom|whose|what|when|where|why|which|how|did|does|do|is|are|was|were|has|have|had|can|could|will|would|"
    r"should|may|must|tell|list|name|give|explain|describe|show)\b",
    re.I,
)
_BARE = re.compile(
    r"(?:why(?:\s+(?:not|so|is that|was that))?|how(?:\s+(?:so|come|long|much|many|often|far|big|high|old|deep|fast))?|"
    r"(?:since |until |by )?when(?:\s+(?:was|is)\s+(?:that|it))?|(?:from )?where(?:\s+(?:was|is)\s+(?:that|it))?|"
    r"(?:by |with |to |from )?(?:whom|who)|whose|for how long|how long ago|what (?:time|year|day|date|for)|"
    r"(?:on )?which (?:one|day|date|year))(?:\s+exactly)?",
    re.I,
)
PERSON = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.I)
POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|one|ones|both|"
    r"the (?:former|latter|others?|same|first|second|third|last|next)(?: (?:one|of them|two|time))?)\b",
    re.I,
)
_NOT_POINTING = re.compile(
    r"\b(?:is|are|was|were|will|has|have|had|be|been|did|does|do)\s+there\b|\bthere\s+(?:is|are|was|were)\b"
    r"|\b(?:is|was)\s+it\s+(?:true|possible)\b(?:\s+that\b)?|\bthat\s+\w+(?:ed|s)\b|\bone\s+of\s+the\b|\bit\s+takes?\b"
    r"|\b(?:the\s+)(?:first|second|third|last|next)\s+(?=[a-z])(?!one|of them|two|time)",
    re.I,
)
SHIFT = re.compile(
    r"\b(?:(?:in |on |during )?the\s+(?:year|month|day)\s+(?:before|after|earlier|later)"
    r"|(?:in |on |during )?the\s+(?:previous|following|next|preceding)\s+(?:year|month|day)"
    r"|(?:a|one)\s+(?:year|month|day)\s+(?:earlier|later|before|after))\b(?!\s+[a-z])",
    re.I,
)
YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w’'-]+")


def bare(question: str) -> str:
    """Take off what only opens a turn: "Thanks! And", "Speaking of"; all of it stays when nothing else is left."""
    rest = question.strip()
    for opening in (_ASIDE, _CORRECTING, _JOINING, _RETURN):
        match = opening.match(rest)
        if match:
            rest = rest[match.end() :]
    return rest if any(char.isalnum() for char in rest) else question.strip()


def subject(text: str) -> list[tuple[int, int, str]]:
    """Give the searchable words that are not chatter, located; all searchable words where there is no other."""
    found = located_terms(text)
    return [word for word in found if word[2] not in chatter()] or found


def correction(question: str) -> str:
    """Give what a correction ("no, I meant …") puts in the place of something; "" when it is none."""
    match = _CORRECTING.match(question.strip())
    rest = question.strip()[match.end() :] if match else ""
    return "" if _CLAUSE.match(rest) else rest


def fragment(question: str) -> str:
    """Give the part of a question that a turn consists of ("in 2023", "Taiwan", "how long"); "" when it is more."""
    rest = bare(question).strip(" ?!.…")
    about = _ABOUT.match(rest)
    if _BARE.fullmatch(rest):
        return rest
    if about:
        rest = rest[about.end() :]
    few = len(terms(rest)) <= 3 and len(rest.split()) <= 6
    return rest if few and (about or _joined(question)) and not _CLAUSE.match(rest) else ""


def _joined(question: str) -> bool:
    return bool(_JOINING.match(_ASIDE.sub("", question.strip(), count=1)))


def is_bare(part: str) -> bool:
    """Say whether a fragment is a question word ("why", "how long")."""
    return bool(_BARE.fullmatch(part))


def lean(question: str) -> Lean:
    """Tell how a question leans."""
    if _SAYING.match(question):
        return Lean.WHO_SAID
    if _MORE.fullmatch(question.strip(" ?!.…")):
        return Lean.MORE
    if correction(question):
        return Lean.CORRECTION
    if SHIFT.search(question):
        return Lean.SHIFTED
    if fragment(question):
        return Lean.FRAGMENT
    rest = bare(question)
    pointed = _NOT_POINTING.sub(" ", rest)
    person = PERSON.search(pointed)
    if person and not _named_before(pointed, person.group(), person.start()):
        return Lean.PERSON
    joined = _joined(question) or bool(_ABOUT.match(rest))
    pointer = POINTING.search(pointed)
    if pointer and (joined or not NAME.search(pointed[: pointer.start()]) or _LAST.search(rest)):
        return Lean.POINTER
    if joined or len(subject(rest)) < 2:
        return Lean.SHORT
    return Lean.NONE


_LAST = re.compile(
    r"\b(?:that|this|it|so|them|him|those|these|there|then|the same|instead)"
    r"(?:\s+(?:too|either|as well|already|now|yet|again|before|at all))?\W*$",
    re.I,
)
_OBJECT = re.compile(r"\b(?:him|them)\b|\bher\b(?!\s+[a-z])", re.I)
_CONNECTING = re.compile(r"\b(?:when|that|after|before|because|while|who|if|since|until)\b", re.I)


def _named_before(text: str, pronoun: str, at: int) -> bool:
    """Say whether the question itself names whom a pronoun means: a name stands before it, in reach of it."""
    name = NAME.search(text[:at])
    if not name:
        return False
    return not _OBJECT.fullmatch(pronoun) or bool(_CONNECTING.search(text[name.end() : at]))
