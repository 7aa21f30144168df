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

import numpy as np

from index.library import Library
from index.passages import spoken_date
from index.records import Hit
from index.sentences import sentence_spans
from index.terms import located_terms, terms
from qa.asked import Kind, brings, kind_asked
from qa.records import Citation

READ = 8
"""How many passages are read."""

_NAME = re.compile(r"[A-Z][\w’'-]*|\d[\d.,]*")


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
    "cosine to the question",
    "words of the question in the sentence, by rarity",
    "words in the sentence or its neighbours",
    "words in the passage, title or date",
    "names and numbers of the question in the sentence",
    "names and numbers in the passage, title or date",
    "brings the kind asked for",
    "brings it, for a question with a kind",
    "1 / rank of the passage",
    "length",
    "rarest word missing from passage, title and date",
)


WEIGHTS = np.array(
    [
        3.567,  # cosine to the question
        3.873,  # words of the question in the sentence, by rarity
        2.034,  # words in the sentence or its neighbours
        0.487,  # words in the passage, title or date
        -0.980,  # names and numbers of the question in the sentence
        1.418,  # names and numbers in the passage, title or date
        0.660,  # brings the kind asked for
        -0.016,  # brings it, for a question with a kind
        3.373,  # 1 / rank of the passage
        0.245,  # length
        0.211,  # rarest word missing from passage, title and date
        -10.569,  # bias
    ],
    dtype=np.float32,
)
"""Fitted by training/sentence_reader.py, in the order of `FEATURES`, the bias last."""

THRESHOLD = 0.46
"""Least probability that some sentence answers at which one is shown; chosen where the weights were fitted."""

_MOST = 3
_NEARLY_AS_GOOD = 0.5
_SAME_WORDS = 0.6


def read(question: str, hits: Sequence[Hit], library: Library) -> tuple[Citation, ...]:
    """Cite the one to three sentences that answer, the likeliest first; none when none does.

    A second and third are cited where they are nearly as likely and say something else. The
    score of a citation is the probability that its sentence answers, given that one or none does.
    """
    candidates = sentences(hits)
    if not candidates:
        return ()
    odds = np.exp(features(question, candidates, library) @ WEIGHTS[:-1] + WEIGHTS[-1])
    if 1 - 1 / (1 + odds.sum()) < THRESHOLD:
        return ()
    best = odds.max()
    chosen: list[tuple[Sentence, frozenset[str], float]] = []
    for i in np.argsort(-odds, kind="stable"):
        words = frozenset(terms(candidates[i].text))
        if odds[i] < _NEARLY_AS_GOOD * best or len(chosen) == _MOST:
            break
        if all(len(words & other) < _SAME_WORDS * min(len(words), len(other)) for _, other, _ in chosen):
            chosen.append((candidates[i], words, float(odds[i] / (1 + odds.sum()))))
    return tuple(
        Citation(number, sentence.hit.passage, sentence.start, sentence.end, score)
        for number, (sentence, _, score) in enumerate(chosen, start=1)
    )


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
    asked = list(dict.fromkeys(terms(question)))
    counts = library.passage_counts(asked)
    total = library.counts()[1]
    rarity = {word: math.log(1 + (total + 1) / (counts[word] + 0.5)) for word in asked}
    named = {
        term
        for start, end, term in located_terms(question)
        if _NAME.fullmatch(question[start:end]) and not (start == 0 and question[start:end].istitle())
    }
    kind = kind_asked(question)
    vectors = library.encoder.encode([question, *(sentence.text for sentence in candidates)])
    cosines = vectors[1:] @ vectors[0]
    own = [frozenset(terms(sentence.text)) for sentence in candidates]
    around: dict[int, frozenset[str]] = {}
    for sentence in candidates:
        if id(sentence.hit) not in around:
            article = sentence.hit.passage.article
            around[id(sentence.hit)] = frozenset(
                terms(f"{article.title} {spoken_date(article)} {sentence.hit.passage.text}")
            )
    rows = []
    for i, sentence in enumerate(candidates):
        near = own[i]
        for j in (i - 1, i + 1):
            if 0 <= j < len(candidates) and candidates[j].hit is sentence.hit:
                near |= own[j]
        wide = around[id(sentence.hit)]
        has_kind = brings(sentence.text, kind, frozenset(asked))
        rows.append(
            (
                cosines[i],
                _share(asked, own[i], rarity),
                _share(asked, near, rarity),
                _share(asked, wide, rarity),
                _share(named, own[i], rarity),
                _share(named, wide, rarity),
                float(has_kind),
                float(has_kind and kind is not Kind.OTHER),
                1 / sentence.hit.rank,
                math.log(len(sentence.text)) - 5,
                max((rarity[word] for word in asked if word not in wide), default=0.0) / math.log(2 * total + 3),
            )
        )
    return np.array(rows, dtype=np.float32).reshape(len(rows), len(FEATURES))


def _share(asked: Sequence[str] | set[str], present: frozenset[str], rarity: dict[str, float]) -> float:
    whole = sum(rarity[word] for word in asked)
    return sum(rarity[word] for word in asked if word in present) / whole if whole else 1.0
