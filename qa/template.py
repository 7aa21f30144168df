"""A set of judged questions to be filled in by a person: sentences worth asking about, the questions left blank."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from index.errors import LibraryEmpty
from index.library import Library
from index.records import Article
from index.sentences import sentence_spans
from index.terms import terms
from qa.worth_asking import Kind, brings

FEWEST_WORDS, MOST_WORDS = 6, 40

_WHOLE = re.compile(r"[“\"‘'«(]?(?P<first>[^\W_]).*[.!…][”\"’'»)]*", re.DOTALL)
_LEANING = re.compile(
    r"[“\"‘'(]?(?:he|she|it|they|we|i|you|his|her|its|their|this|that|these|those|but|and|so|then|there|such)\b", re.I
)
"""How a sentence begins that needs the one before it."""

_NEAR_COPY = 0.6
"""Share of the fewer words of two sentences above which only one of them is taken."""

_LINE_ENDS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
"""What JSON leaves as it is, though other programs end a line there."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    article: Article
    start: int
    end: int
    terms: frozenset[str]

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


def template(library: Library, *, count: int = 40, seed: int = 0) -> Iterator[str]:
    """Give at most `count` judged questions without their questions, as JSON lines for a person to fill in.

    Four fifths mark a sentence to ask about, spread over the articles and their dates; the last
    fifth are for questions that the articles do not answer, and say so in `hint`, which
    `read_questions` passes over. The same library, count and seed give the same lines.
    The person fills in every "question" and may delete lines; a line whose question is still
    blank is refused by `read_questions`, which names it. Where other sentences answer as well,
    they are for the person to add to "relevant".
    Raises: LibraryEmpty, when no sentence can be asked about.
    """
    ids = [article.id for article in library.articles()]
    unanswerable = count // 5
    chosen = _chosen(library, _spread(ids, count - unanswerable, seed), count - unanswerable, seed)
    if count > 0 and not chosen:
        raise LibraryEmpty(
            f"the library {library.path} holds no sentence to ask about",
            f"articles with sentences of {FEWEST_WORDS} to {MOST_WORDS} words",
            f"Add some: footnote add PATH --library {library.path}",
        )
    rows = [_answerable(sentence) for sentence in chosen]
    unanswerable = min(unanswerable, len(chosen) // 4)
    others = _spread(ids, unanswerable, seed + 1)
    rows += [_unanswerable(library, others[number % len(others)]) for number in range(unanswerable)]
    return (
        json.dumps({"id": f"t{number:03}", **row}, ensure_ascii=False).translate(_LINE_ENDS)
        for number, row in enumerate(rows, start=1)
    )


def _answerable(sentence: _Sentence) -> dict[str, Any]:
    span = {
        "article": sentence.article.id,
        "start": sentence.start,
        "end": sentence.end,
        "text": sentence.text,
    }
    return {"kind": "", "question": "", "history": [], "answerable": True, "answers": [], "relevant": [span]}


def _unanswerable(library: Library, id: str) -> dict[str, Any]:
    article = library.article(id)
    title = article.title if article else id
    hint = f"Ask something that “{title}” sounds as if it answered, but that no article answers."
    return {
        "kind": "",
        "question": "",
        "history": [],
        "answerable": False,
        "answers": [],
        "relevant": [],
        "hint": hint,
    }


def _spread(ids: Sequence[str], wanted: int, seed: int) -> list[str]:
    """Order articles, given by date, so that the first `wanted` come from all along them."""
    draw = Random(seed)  # noqa: S311 - a draw, not a secret
    parts = min(wanted, len(ids))
    first = [draw.randrange(part * len(ids) // parts, (part + 1) * len(ids) // parts) for part in range(parts)]
    rest = sorted(set(range(len(ids))) - set(first))
    draw.shuffle(rest)
    return [ids[place] for place in [*first, *rest]]


def _chosen(library: Library, ids: Sequence[str], wanted: int, seed: int) -> list[_Sentence]:
    """Take the best sentence of each article in turn, then the next best, until there are enough."""
    chosen: list[_Sentence] = []
    waiting = [_ranked(library, id, seed) for id in ids]
    while waiting and len(chosen) < wanted:
        still = []
        for sentences in waiting:
            if len(chosen) == wanted:
                break
            found = next((one for one in sentences if not any(_near_copies(one, other) for other in chosen)), None)
            if found:
                chosen.append(found)
                still.append(sentences)
        waiting = still
    return chosen


def _ranked(library: Library, id: str, seed: int) -> Iterator[_Sentence]:
    """Give the sentences of an article that can be asked about, best first; chance decides among equals."""
    article = library.article(id)
    if article is None:
        return
    chance = Random(f"{seed} {id}")  # noqa: S311 - a draw, not a secret
    found = []
    for start, end in sentence_spans(article.text):
        text = article.text[start:end]
        whole = _WHOLE.fullmatch(text)
        if whole and not whole["first"].islower() and FEWEST_WORDS <= len(text.split()) <= MOST_WORDS:
            worth = sum(brings(text, kind) for kind in Kind) - 2 * bool(_LEANING.match(text))
            found.append((-worth - chance.random(), start, _Sentence(article, start, end, frozenset(terms(text)))))
    for _, _, sentence in sorted(found, key=lambda one: one[:2]):
        if sentence.terms:
            yield sentence


def _near_copies(one: _Sentence, other: _Sentence) -> bool:
    return len(one.terms & other.terms) > _NEAR_COPY * min(len(one.terms), len(other.terms))
