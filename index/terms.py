"""Words as they are searched: folded, without the commonest ones, stemmed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache, lru_cache

_WORD = re.compile(
    r"(?:[^\W\d_]\.)+[^\W\d_](?![^\W_])"  # U.S
    r"|\d+(?:[.,]\d+)*(?![^\W_])"  # 1,204.5
    r"|[^\W_]+(?:[’'][^\W_]+)*"  # won't
)

STOP_WORDS = frozenset(
    (
        "a about above after again all also am an and any are as at be because been before being below between "
        "both but by can could did do does doing done down during each few for from further had has have having "
        "he her here hers herself him himself his how i if in into is it its itself just may me might more most "
        "must my myself no nor not now of off on once only or other ought our ours out over own same shall she "
        "should so some such than that the their theirs them themselves then there these they this those through "
        "to too under until up us very was we were what when where which while who whom whose why will with would "
        "you your yours yourself s t d ll re ve m"
    ).split()
)
"""English function and question words: they decide nothing about which passage is meant."""


def terms(text: str) -> list[str]:
    """Give the searchable words of a text, in order, repeats kept.

    Lower case, accents folded, dots and apostrophes taken out ("U.S." is "us", "Biden's" is
    "biden"), short months and small numbers spelt one way, stop words dropped, the rest
    stemmed with the English Snowball stemmer. A term holds letters, digits and dots only.
    Source: M. F. Porter, Snowball (2001), English stemmer.
    """
    return [term for _, _, term in located_terms(text)]


def located_terms(text: str) -> list[tuple[int, int, str]]:
    """Give each searchable word with its start and end in the text."""
    found = []
    for match in _WORD.finditer(text):
        term = _term(match.group())
        if term:
            found.append((match.start(), match.end(), term))
    return found


_SPELLINGS = {
    **{month[:3]: month for month in ["january", "february", "april", "august", "october", "november", "december"]},
    "sep": "september",
    "sept": "september",
    **{
        word: str(number)
        for number, word in enumerate(("two three four five six seven eight nine ten eleven twelve").split(), start=2)
    },
}
_NAMED_LIKE_STOP_WORDS = {"US": "us", "May": "may", "IT": "it"}


@lru_cache(maxsize=100_000)
def _term(word: str) -> str:
    if word in _NAMED_LIKE_STOP_WORDS:
        return _NAMED_LIKE_STOP_WORDS[word]
    letters = unicodedata.normalize("NFKD", word).casefold().replace("’", "'")
    if re.fullmatch(r"\d+(?:[.,]\d+)*", letters):
        return letters.replace(",", "")
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", letters):
        return letters.replace(".", "")
    folded = "".join(char for char in letters if char.isalnum() or char == "'")
    base = re.sub(r"'(?:s|t|re|ve|ll|d|m)$", "", folded).replace("'", "")
    if not base or base in STOP_WORDS:
        return ""
    return _stem()(_SPELLINGS.get(base, base))


@cache
def _stem() -> Callable[[str], str]:
    import snowballstemmer

    stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord
    return stem
