"""Names in a text, and whom they name."""

from __future__ import annotations

import re

from index.terms import STOP_WORDS

TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Gen|Sen|Rep|Gov|Lt|Col|Capt|Sgt|Sir|Lady|Lord|King|Queen|Prince|Princess|Pope|Saint|St|"
    r"President|Secretary|Minister|Senator|Speaker|Chancellor|Premier|General|Admiral|Governor|Mayor|Judge|Justice|"
    r"Professor|Captain|Major|Colonel|Director|Chairman|Ambassador|Representative)"
)
WORD = r"(?:[A-Z][\w’'-]*[\w]|[A-Z](?:\.[A-Z])*\.?)"
_PHRASE = re.compile(
    rf"(?:{TITLE}\.\s+)*{WORD}(?:\s+(?:(?:of|de|von|van|der|al|bin)\s+)?{WORD})*(?:\s+(?:of\s+)?\d+\b)?"
)
_TITLES = re.compile(rf"^(?:{TITLE}\b\.?\s*)+")
_OPENS = re.compile(r"(?:^|[.?!:])\s*[”’\"']?\s*[“\"]?$")
_COMMON = frozenset(
    "officials tell list name give earlier later since during last next many most few nobody no one another other "
    "two three four five six seven eight nine ten monday tuesday wednesday thursday friday saturday sunday".split()
)


def names(text: str) -> list[str]:
    """Give the phrases of capitalised words, in order, without small words that open a sentence."""
    found = []
    for match in _PHRASE.finditer(text):
        phrase = match.group()
        first, _, rest = phrase.partition(" ")
        if _OPENS.search(text[: match.start()][-8:]) and first.casefold() in STOP_WORDS | _COMMON:
            phrase = rest
        phrase = re.sub(r"[’']s$", "", phrase)
        if phrase and phrase.casefold() not in _COMMON:
            found.append(phrase)
    return found


def person(phrase: str) -> str:
    """Take titles off a person's name."""
    return _TITLES.sub("", phrase)


def last_word(name: str) -> str:
    """Give the last word of a name, without the ending of a possessive."""
    return re.sub(r"[’']s$", "", name.split()[-1])
