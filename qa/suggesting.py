"""Questions that a library can answer, found by asking them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from index.errors import QuestionError
from index.library import Library
from index.records import Place
from index.sentences import sentence_spans
from qa.answering import answer
from qa.worth_asking import Kind, brings

_SAMPLED = 24
_TRIED = 24
_BEGINNING = 4_000
_SURE = 0.76

_VERB = (
    r"(?:met|held|shot|made|took|won|went|began|sold|built|wrote|became|led|left|gave|found|set|sent|drew|grew|lost|"
    r"brought|bought|broke|chose|came|fell|flew|kept|paid|put|ran|rose|spoke|spent|told|(?!said|asked|added)\w+ed)"
)
_REST = (
    r"(?P<rest>(?:\s+(?!that\b|who\b|which\b)[\w’'-]+){3,9}?)"
    r"(?=\s+(?:on|in|at|after|before|when|because|while|as)\b|[,.;])"
)
_ACTED = re.compile(
    rf"(?P<who>(?:(?:President|Secretary|Captain|Mr\.|Ms\.|Mrs\.|Dr\.)\s+)?[A-Z][a-z’]+(?:\s+[A-Z][\w’-]+){{1,2}})\s+"
    rf"(?P<verb>(?:will\s+)?{_VERB})\b{_REST}"
)
_WAS = re.compile(
    r"(?P<what>(?:The|An?)\s+(?:[\w’-]+\s+){1,4}?)(?P<was>was|were)\s+"
    r"(?P<done>\w+ed|built|made|held|sold|shot down|founded)\b"
)
_IS = re.compile(r"(?P<name>[A-Z][a-z’]+(?:\s+[A-Z][\w’-]+){1,2}), (?:the|a|an) [a-z]")
_UNCLEAR = re.compile(r"\b(?:he|she|it|they|his|her|its|their|this|that|these|those|there)\b", re.I)


def suggestions(library: Library, *, count: int = 4) -> list[str]:
    """Give at most `count` questions, each of which is answered by the sentence that it was made from.

    They come from different articles, the newest first.
    Raises: LibraryEmpty; ModelError.
    """
    found: list[str] = []
    tried = 0
    articles = list(islice(library.articles(), _SAMPLED))
    for form in _FORMS:
        for article in articles:
            for start, end, question in _candidates(article.text[:_BEGINNING], form):
                if len(found) == count or tried == _TRIED:
                    return found
                tried += 1
                if question not in found and _answered_there(question, library, Place(article.id, start, end)):
                    found.append(question)
                    break
    return found


def _answered_there(question: str, library: Library, place: Place) -> bool:
    try:
        answered = answer(question, library)
    except QuestionError:
        return False
    if not answered.found or answered.confidence < _SURE:
        return False
    first = answered.citations[0]
    return first.passage.article.id == place.article and first.start < place.end and place.start < first.end


def _candidates(text: str, form: _Form) -> Iterator[tuple[int, int, str]]:
    """Make questions out of sentences that say plainly who did what, when it was done, or who someone is."""
    for start, end in sentence_spans(text):
        question = form(text[start:end])
        if question:
            yield start, end, question


def _who_did(sentence: str) -> str:
    match = _ACTED.match(sentence)
    if match is None or not brings(sentence, Kind.PERSON) or _UNCLEAR.search(match["rest"]):
        return ""
    return f"Who {match['verb']}{match['rest']}?"


def _when_was(sentence: str) -> str:
    match = _WAS.match(sentence)
    if match is None or not brings(sentence, Kind.TIME) or _UNCLEAR.search(match["what"]):
        return ""
    what = match["what"].strip()
    return f"When {match['was']} {what[0].lower()}{what[1:]} {match['done']}?"


def _who_is(sentence: str) -> str:
    match = _IS.search(sentence)
    return f"Who is {match['name']}?" if match and brings(sentence, Kind.PERSON) else ""


_Form = Callable[[str], str]
_FORMS: tuple[_Form, ...] = (_when_was, _who_did, _who_is)
