"""Make questions that lean on a conversation from questions that stand alone."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from index.sentences import sentence_spans
from index.terms import located_terms, terms
from qa.reading_model import in_conversation
from training.reader import near_misses
from training.reader.records import Example

_PREPOSITION = re.compile(
    r"\b(?:in|on|at|from|to|with|about|of|for|by|during|into|near|between|under|within|around)\s+(?:the\s+)?$", re.I
)
_ASKING = re.compile(r"^(who|what|when|where|why|how)\b\s*", re.I)
_OPENINGS = ("and", "so", "but", "ok,", "and then,", "thanks.", "hm,")
_NAMED = ("he", "she", "it", "they", "him", "her", "them")
_THINGS = ("it", "it", "they", "them", "this", "that", "that one", "these", "those")
_PHRASE = re.compile(
    r"\b(?:the|an?|this|his|her|its|their)\s+(?:[a-z-]+(?<!ed)\s+){0,2}[a-z-]+(?=\s+(?:of|in|on|at|by|to|for|from|with|is|was|are|"
    r"were|did|do|does|has|have|had|and|that|which|who|during|after|before|when|as)\b|[’']s\b|[?,]|$)"
)
_OWNERS = ("its", "his", "her", "their")


def leaning(paragraphs: Sequence[Sequence[Example]], number: int, draw: random.Random) -> list[Example]:
    """Make so many answered follow-ups; the examples of each paragraph stand together."""
    sharing: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
    everything = [one for paragraph in paragraphs for one in paragraph]
    for one in everything:
        for _, _, term in located_terms(one.question):
            sharing[one.title, term].append(one)
    made: list[Example] = []
    for one in draw.sample(everything, len(everything)):
        found = _completed(one, draw) if draw.random() < 0.2 else _pointing(one, sharing, draw)
        if found:
            made.append(replace(one, question=found, source="follow-up"))
        if len(made) == number:
            break
    return made


def changed(examples: Sequence[Example], number: int, draw: random.Random) -> list[Example]:
    """Put a conversation about something else before so many questions that stand alone."""
    pool = list(examples)
    return [
        replace(one, question=in_conversation(one.question, _history(draw.sample(pool, draw.choice((1, 1, 2))), draw)))
        for one in draw.sample(pool, number)
    ]


def of_another(follow_ups: Sequence[Example], number: int, draw: random.Random) -> list[Example]:
    """Give follow-ups with the passage of one and the conversation of another, which the passage does not answer."""
    made = []
    while len(made) < number:
        one, other = draw.sample(list(follow_ups), 2)
        asked, _, _ = one.question.partition(" | ")
        _, bar, said = other.question.partition(" | ")
        if one.title != other.title and len(terms(asked)) <= 3:
            made.append(replace(one, question=f"{asked}{bar}{said}", spans=(), source="other-conversation"))
    return made


def _pointing(one: Example, sharing: dict[tuple[str, str], list[Example]], draw: random.Random) -> str | None:
    """Put a pronoun, or nothing, in the place of what an earlier question or answer has named."""
    shared = [term for _, _, term in located_terms(one.question) if len(sharing[one.title, term]) > 1]
    if not shared:
        return None
    alike = sharing[one.title, draw.choice(shared)]
    beside = [other for other in alike if other.passage == one.passage]
    earlier = draw.choice(beside if len(beside) > 1 and draw.random() < 0.7 else alike)
    if earlier.question == one.question or (earlier.spans == one.spans and earlier.passage == one.passage):
        return None
    history = _history([earlier], draw)
    known = set(terms(" ".join(history)))
    question = _left_open(one.question, known, draw)
    if question is None:
        return None
    if draw.random() < 0.3:
        older = draw.choice(sharing[one.title, draw.choice(shared)])
        history += _history([older], draw) if older.question not in (one.question, earlier.question) else []
    return in_conversation(_opened(question, draw), history)


def _left_open(question: str, known: set[str], draw: random.Random) -> str | None:
    """Take the longest runs of known words out of a question; None when there is none."""
    runs = _runs(question, known)
    if not runs:
        return None
    runs.sort(key=lambda run: run[0] - run[1])
    for start, end in sorted(runs[: draw.choice((1, 1, 2))], reverse=True):
        before, after = question[:start], question[end:]
        preposition = _PREPOSITION.search(before)
        owner = re.match(r"[’']s?\b", after)
        if owner:
            before, after = before + draw.choice(_OWNERS), after[owner.end() :]
        elif preposition and draw.random() < 0.45:
            before = before[: preposition.start()].rstrip()
        elif preposition and preposition.group().lower().strip() in {"in", "at", "to", "near"} and draw.random() < 0.5:
            before = before[: preposition.start()] + "there"
        else:
            name = question[start].isupper()
            before = re.sub(r"\b(?:the|an?)\s+$", "", before, flags=re.I) + draw.choice(_NAMED if name else _THINGS)
        question = before + after
    question = re.sub(r"\s+([?,.])", r"\1", " ".join(question.split()))
    return question if len(question.split()) >= 2 else None


def _runs(question: str, known: set[str]) -> list[tuple[int, int]]:
    """Find the names and the phrases with an article that hold a known word and do not open the question."""
    phrases = near_misses.names(question) + [m.span() for m in _PHRASE.finditer(question)]
    found: list[tuple[int, int]] = []
    for start, end in sorted(phrases, key=lambda span: span[0] - span[1]):
        words = terms(question[start:end])
        if start and words and words[-1] in known and not any(start < b and a < end for a, b in found):
            found.append((start, end))
    return found


def _completed(one: Example, draw: random.Random) -> str | None:
    """Ask a like question first, then only for the part that differs."""
    question = one.question
    answers = [one.passage[a:b] for a, b in one.spans]
    kind = draw.choice(("word", "year", "name"))
    asking = _ASKING.match(question)
    if kind == "word" and asking:
        others = [word for word in ("who", "when", "where", "why", "how") if word != asking.group(1).lower()]
        part = asking.group(1) if draw.random() < 0.5 else f"{draw.choice(('and', 'but'))} {asking.group(1).lower()}"
        return in_conversation(f"{part}?", [f"{draw.choice(others).capitalize()} {question[asking.end() :]}"])
    change = near_misses.other_number if kind == "year" else near_misses.other_name
    earlier = change(question, one.passage, answers, draw)
    if not earlier or earlier == question:
        return None
    part = _difference(earlier, question)
    opening = draw.choice(("And", "and", "What about", "what about", "How about", "no, I meant"))
    return in_conversation(f"{opening} {part}?", [earlier]) if part else None


def _difference(earlier: str, question: str) -> str:
    """Give the words of a question that another like it has not, with the preposition before them."""
    old, new = earlier.split(), question.rstrip("?").split()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    stop = 0
    while stop < min(len(old), len(new)) - start and old[-1 - stop].rstrip("?") == new[-1 - stop]:
        stop += 1
    if start and _PREPOSITION.search(f"{new[start - 1]} "):
        start -= 1
    return " ".join(new[start : len(new) - stop]).rstrip("’'s") if len(new) - stop - start <= 6 else ""


def _history(earlier: Sequence[Example], draw: random.Random) -> list[str]:
    """Give what was said, the newest first: a question, and mostly the sentence that answered it."""
    said = []
    for one in earlier:
        sentence = next(
            (one.passage[a:b] for a, b in sentence_spans(one.passage) for start, _ in one.spans[:1] if a <= start < b),
            "",
        )
        said.append(f"{one.question} {sentence}".strip() if draw.random() < 0.75 else one.question)
    return said


def _opened(question: str, draw: random.Random) -> str:
    if draw.random() < 0.35:
        question = question[:1].lower() + question[1:]
    return f"{draw.choice(_OPENINGS)} {question[:1].lower()}{question[1:]}" if draw.random() < 0.15 else question
