"""A question in its conversation into a query that stands alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.terms import located_terms, terms
from qa.records import Turn

_OPENING = re.compile(
    r"\s*(?:and|but|or|so|also|what about|how about|what else|who else|where else|why|how so)\b", re.I
)
_POINTING = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|"
    r"one|ones|the former|the latter)\b(?!\s+(?:is|are|was|were)\s+there\b)",
    re.I,
)
_EXISTS = re.compile(r"\b(?:is|are|was|were|will|has|have|had|be|been|did)\s+there\b|\bthat\s+\w+ed\b", re.I)
_SAYING = re.compile(r"\s*who\s+(?:said|says|told|announced|claimed|thinks)\s+(?:that|this|it|so)\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-Z][\w’'-]+")
_MAX_ADDED = 400


def standalone(question: str, history: Sequence[Turn]) -> str:
    """Give the query for a question: itself, or with the words of the turn before that it leans on.

    A question leans on its conversation when it opens as a continuation ("And …", "What
    about …", "Why?"), or points back ("he", "that") without a name of its own, or has fewer
    than two words that can be searched. Of the turn before, years are left out when the
    question has a year of its own.
    """
    before = next((turn for turn in reversed(history) if turn.question.strip()), None)
    if before is None or not _leans(question):
        return question
    if _SAYING.match(question) and before.answer:
        return f"{question} {_shortened(before.answer)}"
    earlier = before.query or before.question
    if _YEAR.search(question):
        earlier = _YEAR.sub("", earlier)
    known = set(terms(question))
    added = [earlier[start:end] for start, end, term in located_terms(earlier) if term not in known]
    return f"{question} {_shortened(' '.join(dict.fromkeys(added)))}".strip()


def _leans(question: str) -> bool:
    if _OPENING.match(question) or len(terms(question)) < 2:
        return True
    pointing = _POINTING.search(_EXISTS.sub(" ", question))
    return bool(pointing) and not _NAME.search(question)


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_ADDED else text[:_MAX_ADDED].rsplit(" ", 1)[0]
