"""Which sentences of the passages found answer a question, or none.

A first reader: it weighs how near a sentence is to the question in words and in meaning.
It cannot tell a near miss from an answer as a trained model could; docs/log.md says how far
it can be trusted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np

from index.library import Library
from index.passages import spoken_date
from index.records import Hit, Passage
from index.sentences import sentence_spans
from index.terms import terms
from qa.asked import Kind, brings, kind_asked
from qa.records import Citation

READ = 8
"""How many passages are read."""

_LONG, _SHORTEST_CLAUSE = 120, 25
_CLAUSE_END = re.compile(r"[,;:](?=\s)|\s[–—-]\s|\s(?=(?:and|but|when|while|which|who|because|that|after|before)\s)")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Mark a sentence of a passage that was found, in characters of the article's text."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.hit.passage.article.text[self.start : self.end]


FEATURES = (
    "cosine of question and sentence, or its nearest clause",
    "cosine of question and title, date and sentence",
    "words of the question in the sentence, by rarity",
    "words of the question in title, date and passage, by rarity",
    "brings the kind of thing asked for",
    "1 / rank of the passage",
    "speaks of another year",
)

WEIGHTS = np.array([5.88, 2.65, 1.77, 1.95, 1.26, 1.56, -2.26, -8.78], dtype=np.float32)
"""Fitted by training/sentence_reader.py, in the order of `FEATURES`, the bias last."""

THRESHOLD = 0.69
"""Least probability that some sentence answers at which one is shown; chosen where the weights were fitted."""

_MOST = 3
_NEARLY_AS_GOOD = 0.7
_SAME_WORDS = 0.6


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold the citations of an answer, none when nothing answers, and the probability that something does."""

    citations: tuple[Citation, ...]
    confidence: float


def read(question: str, hits: Sequence[Hit], library: Library) -> Reading:
    """Cite the one to three sentences that answer, the likeliest first; none when none does.

    A second and third are cited where they are nearly as likely and say something else. The
    score of a citation is the probability that its sentence answers, given that one or none does.
    """
    candidates = sentences(hits)
    if not candidates or not terms(question):
        return Reading((), 0.0)
    odds = np.exp(features(question, candidates, library) @ WEIGHTS[:-1] + WEIGHTS[-1])
    confidence = float(1 - 1 / (1 + odds.sum()))
    if confidence < THRESHOLD:
        return Reading((), confidence)
    best = odds.max()
    chosen: list[tuple[Sentence, frozenset[str], float]] = []
    for i in np.argsort(-odds, kind="stable"):
        words = frozenset(terms(candidates[i].text))
        if odds[i] < _NEARLY_AS_GOOD * best or len(chosen) == _MOST:
            break
        if all(len(words & other) < _SAME_WORDS * min(len(words), len(other)) for _, other, _ in chosen):
            chosen.append((candidates[i], words, float(odds[i] / (1 + odds.sum()))))
    citations = tuple(
        Citation(number, sentence.hit.passage, sentence.start, sentence.end, score)
        for number, (sentence, _, score) in enumerate(chosen, start=1)
    )
    return Reading(citations, confidence)


def sentences(hits: Sequence[Hit]) -> list[Sentence]:
    """Give the sentences of passages, in order, without headings and fragments."""
    found = []
    for hit in hits:
        passage = hit.passage
        for start, end in sentence_spans(passage.text):
            text = passage.text[start:end]
            if len(text.split()) >= 3 and not text.startswith("#"):
                found.append(Sentence(hit, passage.start + start, passage.start + end))
    return found


def features(question: str, candidates: Sequence[Sentence], library: Library) -> np.ndarray:
    """Measure each sentence against the question: float32, shape (candidates, FEATURES)."""
    asked = frozenset(terms(question))
    rarity = _rarity(asked, library)
    kind = kind_asked(question)
    heads = [f"{article.title} ({spoken_date(article)})" for article in (s.hit.passage.article for s in candidates)]
    headed = [f"{head}\n{sentence.text}" for head, sentence in zip(heads, candidates, strict=True)]
    parts = [_clauses(sentence.text) for sentence in candidates]
    vectors = library.encode([question, *headed, *chain(*parts)])
    cosines = iter(vectors[1:] @ vectors[0])
    with_head = list(islice(cosines, len(headed)))
    nearest = [max(islice(cosines, len(part))) for part in parts]
    wide = {sentence.hit.rank: _around(sentence.hit.passage) for sentence in candidates}
    return np.array(
        [
            (
                nearest[i],
                with_head[i],
                _share(asked, frozenset(terms(sentence.text)), rarity),
                _share(asked, wide[sentence.hit.rank], rarity),
                kind is not Kind.OTHER and brings(sentence.text, kind, question),
                1 / sentence.hit.rank,
                _of_another_year(question, sentence),
            )
            for i, sentence in enumerate(candidates)
        ],
        dtype=np.float32,
    ).reshape(len(candidates), len(FEATURES))


def _clauses(sentence: str) -> list[str]:
    """Give a sentence and, when it is long, its clauses: one of them may answer what the whole blurs."""
    if len(sentence) < _LONG:
        return [sentence]
    return [sentence, *(part for part in _CLAUSE_END.split(sentence) if len(part) >= _SHORTEST_CLAUSE)]


def _rarity(words: frozenset[str], library: Library) -> dict[str, float]:
    counts = library.passage_counts(sorted(words))
    total = library.counts()[1]
    return {word: math.log(1 + (total + 1) / (counts[word] + 0.5)) for word in words}


def _around(passage: Passage) -> frozenset[str]:
    article = passage.article
    return frozenset(terms(f"{article.title} {spoken_date(article)} {passage.text}"))


def _share(asked: frozenset[str], present: frozenset[str], rarity: dict[str, float]) -> float:
    whole = sum(rarity[word] for word in asked)
    return sum(rarity[word] for word in asked & present) / whole if whole else 0.0


def _of_another_year(question: str, sentence: Sentence) -> bool:
    """Say whether the question names years and the sentence, by its words or else its article's date, none of them."""
    asked = set(_YEAR.findall(question))
    published = sentence.hit.passage.article.published
    spoken = set(_YEAR.findall(sentence.text)) or ({str(published.year)} if published else asked)
    return bool(asked) and not asked & spoken
