"""A question in its conversation into what is searched, and why."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from index.engine import Engine
from index.records import Query
from index.terms import located_terms, terms
from qa.leaning import NAME, SHIFT, YEAR, Lean, bare, correction, fragment, is_bare, lean, subject
from qa.leaning import PERSON as PERSON_WORD
from qa.names import last_word, names, person
from qa.recalled import Recalled
from qa.records import Resolved, Turn

CARRIED, LIGHT, FADING = 0.4, 0.2, 0.7
"""Weights of a word taken from the turn before, and of a word of earlier questions, less so with each turn."""
_MOST_CARRIED = 8
_LEAST_LIGHT = 0.03
_MAX_ADDED = 300


def resolve(question: str, history: Sequence[Turn], library: Engine) -> Resolved:
    """Say what a question means in its conversation, the oldest turn first.

    A question that stands alone keeps its words; one that leans has its pronouns, its date or
    its missing part filled from the question before and the sentences quoted for it.
    """
    recalled = Recalled(history, library)
    if not recalled.turns:
        return alone(question)
    kind = lean(question)
    text, carried = _FILLED[kind](question, recalled, library)
    own = subject(bare(question))
    words = {term: 1.0 for _, _, term in own}
    for term in carried:
        words.setdefault(term, CARRIED)
    light = _light(recalled, words)
    texts = [bare(question)] if kind is Lean.NONE else [bare(question), text]
    if kind in {Lean.MORE, Lean.SHIFTED, Lean.FRAGMENT, Lean.CORRECTION}:
        words = {**{term: 1.0 for _, _, term in subject(text)}, **words}
        texts = [text]
    again = tuple(cited.place for turn in recalled.turns for cited in turn.cited)
    return Resolved(
        question,
        text,
        Query(
            tuple(texts),
            tuple(words.items()),
            tuple((term, weight) for term, (_, weight) in light.items()),
            recalled.places,
        ),
        kind,
        tuple(_said(recalled)),
        tuple(word for word, _ in light.values()),
        again if kind is Lean.MORE else (),
        tuple(dict.fromkeys(recalled.gone)),
        in_conversation=True,
    )


def _said(recalled: Recalled) -> Iterator[str]:
    """Give the last two turns as the reader reads them: the question, and the sentence that answered it."""
    for turn, quotes in zip(recalled.turns[:-3:-1], recalled.quotes[:-3:-1], strict=True):
        question = _shortened(turn.question)
        yield f"{question} {_shortened(quotes[0].text)}" if quotes else question


def alone(question: str) -> Resolved:
    """Take a question by its own words."""
    return Resolved(
        question, question, Query((question,), tuple((term, 1.0) for term in dict.fromkeys(terms(question))))
    )


def remembered(
    question: str, text: str, lean: Lean = Lean.NONE, light: Sequence[str] = (), *, in_conversation: bool = False
) -> Resolved:
    """Give what a question was taken to mean before, to show it and not to search it again."""
    return Resolved(question, text, Query((text,), ()), lean, (), tuple(light), in_conversation=in_conversation)


def _light(recalled: Recalled, words: dict[str, float]) -> dict[str, tuple[str, float]]:
    """Give the words of earlier questions, by term, with their weights."""
    found: dict[str, tuple[str, float]] = {}
    weight = LIGHT
    for turn in reversed(recalled.turns):
        if weight < _LEAST_LIGHT:
            break
        text = turn.question[:_MAX_ADDED]
        for start, end, term in subject(text):
            if term not in words:
                found.setdefault(term, (text[start:end], weight))
        weight *= FADING
    return found


_Filled = tuple[str, list[str]]


def _unchanged(question: str, recalled: Recalled, library: Engine) -> _Filled:
    return question, []


def _with_quote(question: str, recalled: Recalled, library: Engine) -> _Filled:
    quote = _shortened(recalled.quote.text)
    return (f"{question} {quote}", terms(quote)) if quote else _appended(question, recalled, library)


def _again(question: str, recalled: Recalled, library: Engine) -> _Filled:
    return recalled.question, terms(recalled.question)


def _appended(question: str, recalled: Recalled, library: Engine) -> _Filled:
    """Add the words of the question before, and what answered it."""
    words = _carried(question, recalled, library)
    return f"{question} {' '.join(words.values())}".strip(), list(words)


def _shifted(question: str, recalled: Recalled, library: Engine) -> _Filled:
    """Put a year in the place of "the year before"."""
    match = SHIFT.search(question)
    quoted = recalled.quote
    years = [int(year) for text in (recalled.question, quoted.short, quoted.text) for year in YEAR.findall(text)]
    if not match or not years or "year" not in match.group().lower():
        return _appended(question, recalled, library)
    earlier = re.search(r"before|earlier|previous|preceding", match.group(), re.I)
    year = years[0] + (-1 if earlier else 1)
    dated = f"{question[: match.start()]}in {year}{question[match.end() :]}"
    if len(subject(bare(dated))) <= 1:
        return _with_year(recalled.question, str(year)), terms(YEAR.sub("", recalled.question))
    return _appended(dated, recalled, library)


def _corrected(question: str, recalled: Recalled, library: Engine) -> _Filled:
    return _substituted(correction(question).strip(" ?!.…"), question, recalled, library)


def _completed(question: str, recalled: Recalled, library: Engine) -> _Filled:
    return _substituted(fragment(question), question, recalled, library)


_ASKING = re.compile(
    r"^\s*(?:and\s+|but\s+|so\s+)*(?:(?:who|whom|whose\s+\w+|what|when|where|why|which\s+\w+|how(?:\s+(?:long|often|far|much|old|big|high))?|"
    r"how\s+many\s+\w+|since when)\b\s*)",
    re.I,
)
_PREPOSITION = re.compile(
    r"^(?:in|on|at|from|to|with|about|of|for|by|after|before|since|during|against|under|over)\s+", re.I
)


def _substituted(part: str, question: str, recalled: Recalled, library: Engine) -> _Filled:
    """Put a part of a question into the question before, in the place of its like."""
    before = recalled.question
    carried = terms(before)
    if is_bare(part):
        if recalled.quote.short:
            carried += terms(recalled.quote.short)
        tail = _ASKING.sub("", before, count=1)
        return f"{part[:1].upper()}{part[1:]} {tail}", carried
    if YEAR.search(part):
        dateless = YEAR.sub("", before)
        only_years = YEAR.fullmatch(_PREPOSITION.sub("", part))
        dated = _with_year(before, only_years.group()) if only_years else f"{dateless.rstrip(' ?')} {part}?"
        return dated, terms(dateless)
    slot = _slot(part, before, recalled, library)
    if slot:
        start, end = slot
        return f"{before[:start]}{_PREPOSITION.sub('', part)}{before[end:]}", terms(before[:start] + " " + before[end:])
    return f"{before.rstrip(' ?')} {part}?", carried


_FORMS = (
    re.compile(r"\b(?:the )?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last)\b", re.I),
    re.compile(r"\b(?:the )?(?:\w+est|most \w+|least \w+)\b", re.I),
    re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"),
)


def _slot(part: str, before: str, recalled: Recalled, library: Engine) -> tuple[int, int] | None:
    """Find what a part of another question takes the place of: its like by form, or a name."""
    for form in _FORMS:
        old = form.search(before)
        if old and form.search(part):
            return old.span()
    found = [(before.index(name), before.index(name) + len(name)) for name in names(before) if name in before]
    preposition = _PREPOSITION.match(part)
    if preposition:
        same = [
            span for span in found if before[: span[0]].lower().endswith(f" {preposition.group().lower().strip()} ")
        ]
        return same[-1] if same else None
    if len(found) <= 1:
        return found[0] if found else None
    asked = _is_person(part, recalled, library)
    like = [span for span in found if _is_person(before[slice(*span)], recalled, library) == asked]
    return like[-1] if like and (len(like) == 1 or not asked) else None


_HIS, _HER = ("Mr", "Sir"), ("Ms", "Mrs")
_ANY = ("Dr", "Gen", "Sen", "Gov", "Prof")


def _is_person(phrase: str, recalled: Recalled, library: Engine) -> bool:
    name = person(phrase)
    return bool(name) and (last_word(name) in recalled.people or _titled(name, (*_HIS, *_HER, *_ANY), library) > 0)


def _titled(name: str, titles: Sequence[str], library: Engine) -> int:
    """Count the passages in which the last word of a name follows one of the titles."""
    last = terms(last_word(name))
    return library.phrase_count([[*terms(title), *last] for title in titles]) if last else 0


def _with_year(text: str, year: str) -> str:
    return YEAR.sub(year, text) if YEAR.search(text) else f"{text.rstrip(' ?')} in {year}?"


def _with_person(question: str, recalled: Recalled, library: Engine) -> _Filled:
    """Put the name of the person meant in the place of the first pronoun."""
    match = PERSON_WORD.search(question)
    if not match:
        return _appended(question, recalled, library)
    pronoun = match.group().lower()
    name = _whom(_gender(pronoun), recalled, library)
    words = _carried(question, recalled, library)
    if not name:
        return f"{question} {' '.join(words.values())}".strip(), list(words)
    after = question[match.end() :]
    possessive = pronoun in {"his", "hers"} or (pronoun == "her" and bool(re.match(r"\s+[a-z]", after)))
    filled = f"{question[: match.start()]}{name}{'’s' if possessive else ''}{after}"
    return filled, list(dict.fromkeys([*terms(name), *words]))


def _whom(gender: str, recalled: Recalled, library: Engine) -> str:
    """Find the person meant: whom the pronoun before meant, else who answered, was asked about or quoted about."""

    def fits(name: str) -> bool:
        if not name or not _is_person(name, recalled, library):
            return False
        his, hers = _titled(name, _HIS, library), _titled(name, _HER, library)
        return his >= hers if gender == "m" else hers >= his

    asked_who = bool(re.match(r"\s*(?:and\s+)?(?:who|whom|whose|which\s+\w+)\b", recalled.question, re.I))
    order = [recalled.question, recalled.quote.short, recalled.quote.text]
    if asked_who:
        order.insert(0, recalled.quote.short)
    before = PERSON_WORD.search(recalled.turns[-1].question)
    if before and _gender(before.group()) == gender:
        order.insert(0, recalled.question[before.start() :])
    return next((name for text in order for name in map(person, names(text)) if fits(name)), "")


def _gender(pronoun: str) -> str:
    return "m" if pronoun.lower() in {"he", "him", "his", "himself"} else "f"


def _carried(question: str, recalled: Recalled, library: Engine) -> dict[str, str]:
    """Choose the words of the question before and of its short answer, by term; at most `_MOST_CARRIED`."""
    own = set(terms(question))
    found: dict[str, str] = {}
    short = recalled.quote.short if len(recalled.quote.short) <= 60 else ""
    for text in (recalled.question, short):
        for start, end, term in subject(text) if text else ():
            if term not in own and not (YEAR.search(question) and YEAR.fullmatch(text[start:end])):
                found.setdefault(term, text[start:end])
    if len(found) <= _MOST_CARRIED:
        return found
    counts, total = library.passage_counts(list(found)), library.counts()[1]
    spoken = [{term for _, _, term in located_terms(turn.question[:_MAX_ADDED])} for turn in recalled.turns]

    def worth(term: str) -> float:
        rarity = math.log((total + 1) / (counts[term] + 0.5)) / math.log(total + 2) if counts[term] else 0.0
        return (
            rarity + 0.3 * bool(NAME.search(f"x {found[term]}")) + 0.1 * min(3, sum(term in words for words in spoken))
        )

    kept = set(sorted(found, key=lambda term: -worth(term))[:_MOST_CARRIED])
    return {term: word for term, word in found.items() if term in kept}


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_ADDED else text[:_MAX_ADDED].rsplit(" ", 1)[0]


_FILLED = {
    Lean.NONE: _unchanged,
    Lean.WHO_SAID: _with_quote,
    Lean.MORE: _again,
    Lean.SHIFTED: _shifted,
    Lean.FRAGMENT: _completed,
    Lean.CORRECTION: _corrected,
    Lean.PERSON: _with_person,
    Lean.POINTER: _appended,
    Lean.SHORT: _appended,
}
