"""Which sentences of the passages found answer a question, or none."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from index.engine import Engine
from index.passages import spoken_date
from index.records import Article, Hit, Place
from index.sentences import sentence_spans
from index.terms import terms
from index.verbatim import plain
from qa.calibration import SCREEN, THRESHOLD, WEIGHTS, WEIGHTS_IN_CONVERSATION
from qa.reading_model import Scores, read_passages
from qa.records import Citation, Resolved

READ, READ_IN_CONVERSATION = 16, 12
"""How many passages are read; fewer where what was said before is read with each."""

FEATURES = (
    "the reader's logit that the passage answers",
    "its best span less no span",
    "log share of the spans that begin in this sentence",
    "1 / rank of the passage",
    "score of the passage",
    "words of the question in title, date and passage, by rarity",
    "a number of the question is not there",
    "share of the names of the question that are not there",
    "speaks of another year",
    "cosine of question and sentence",
    "cosine of question and sentence with the one before",
)

_MOST = 3
_NEARLY_AS_GOOD = 0.25
_SAME_WORDS = 0.6
_NEARLY_SAME_WORDS = 0.8
_LEAST_SHARE = 0.002
_PROMISING = 8
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_NAME = re.compile(r"(?<=\s)[^\W\d_a-z][\w’'-]*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """Mark a sentence of a passage and its likeliest short answer, in characters of the article's text.

    `before` is where the sentence before it begins, if that stands in the passage.
    """

    hit: Hit
    before: int
    start: int
    end: int
    answer: tuple[int, int]

    @property
    def text(self) -> str:
        return self.hit.passage.article.text[self.start : self.end]

    @property
    def with_the_one_before(self) -> str:
        return self.hit.passage.article.text[self.before : self.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """Hold what was read: the citations of an answer, none when nothing answers.

    `closest` are the two likeliest sentences when there is no citation, no words of theirs marked;
    `confidence` is the probability that one of the sentences answers.
    """

    citations: tuple[Citation, ...]
    confidence: float
    closest: tuple[Citation, ...] = ()


def depth(meant: Resolved) -> int:
    """Give how many passages are read for a question."""
    return READ_IN_CONVERSATION if meant.said else READ


def read(meant: Resolved, hits: Sequence[Hit], library: Engine) -> Reading:
    """Cite the one to three sentences that answer, the likeliest first; none when none does.

    A second and third are cited where they would be shown alone too and say something else, or
    the same in another article. The score of a citation is the probability that its sentence
    answers, given that one or none does.
    """
    if not meant.query.words:
        return Reading((), 0.0)
    sentences, rows = candidates(meant, hits, library)
    if not sentences:
        return Reading((), 0.0)
    odds = _odds(rows, meant)
    shares = odds / (1 + odds.sum())
    confidence = float(1 - 1 / (1 + odds.sum()))
    order = [int(i) for i in np.argsort(-odds, kind="stable")]
    if confidence < THRESHOLD:
        near = _citations([(sentences[i], shares[i]) for i in _different(order, sentences, 2, library)])
        return Reading((), confidence, tuple(replace(one, answer=None) for one in near))
    alone = [i for i in order if i == order[0] or _adds(odds[i], odds[order[0]])]
    chosen = _different(alone, sentences, _MOST, library)
    return Reading(_citations([(sentences[i], shares[i]) for i in chosen]), confidence)


def reread(meant: Resolved, hits: Sequence[Hit], library: Engine) -> list[Hit]:
    """Order passages by how likely they answer, the likeliest first; those without a sentence stay last, in order."""
    sentences, rows = candidates(meant, hits, library)
    best: dict[int, float] = {}
    for sentence, odds in zip(sentences, _odds(rows, meant), strict=True):
        best[sentence.hit.rank] = max(float(odds), best.get(sentence.hit.rank, 0.0))
    return sorted(hits, key=lambda hit: -best.get(hit.rank, 0.0))


def candidates(meant: Resolved, hits: Sequence[Hit], library: Engine) -> tuple[list[Sentence], np.ndarray]:
    """Give the most promising sentences and their features: float32, shape (sentences, FEATURES).

    All features but the cosines choose them, because each cosine costs the encoding of a text.
    """
    titles = [titled(hit.passage.article) for hit in hits]
    texts = [(title, hit.passage.text) for title, hit in zip(titles, hits, strict=True)]
    read = read_passages(meant.asked, texts, meant.said)
    rarity = _rarity(dict(meant.query.words), library)
    numbers = set(_NUMBER.findall(meant.text))
    quoted = {plain(text) for text in _texts_at(meant.besides, library)}
    names = {frozenset(terms(name)) for name in _NAME.findall(meant.text)} - {frozenset()}
    sentences: list[Sentence] = []
    rows: list[tuple[float, ...]] = []
    for hit, title, parts in zip(hits, titles, read, strict=True):
        around = f"{title}\n{hit.passage.text}"
        there = frozenset(terms(around))
        shared = (
            1 / hit.rank,
            hit.score,
            _share(there, rarity),
            float(bool(numbers - set(_NUMBER.findall(around)))),
            sum(not name & there for name in names) / max(1, len(names)),
        )
        for part in sorted(parts, key=lambda part: -part.whole):
            for share, best, sentence in _sentences(hit, part):
                again = any(sentence.hit is other.hit and sentence.start == other.start for other in sentences)
                if not again and not _at_any(meant.besides, sentence) and plain(sentence.text) not in quoted:
                    sentences.append(sentence)
                    rows.append((part.whole, best, math.log(share), *shared, _of_another_year(meant.text, sentence)))
    if not rows:
        return [], np.zeros((0, len(FEATURES)), np.float32)
    promising = np.argsort(-(np.array(rows) @ SCREEN), kind="stable")[:_PROMISING]
    kept = [sentences[i] for i in promising]
    spoken = [one.text for one in kept], [one.with_the_one_before for one in kept]
    vectors = library.encoder.encode([*meant.query.texts, *chain(*spoken)])
    question, others = vectors[: len(meant.query.texts)].mean(axis=0), vectors[len(meant.query.texts) :]
    cosines = (others @ (question / (np.linalg.norm(question) or 1.0))).reshape(2, -1).T
    return kept, np.hstack([np.array(rows)[promising], cosines]).astype(np.float32)


def _odds(rows: np.ndarray, meant: Resolved) -> np.ndarray:
    weights = WEIGHTS_IN_CONVERSATION if meant.said else WEIGHTS
    odds: np.ndarray = np.exp(np.clip(rows @ weights[:-1] + weights[-1], -30, 30))
    return odds


def titled(article: Article) -> str:
    """Give what the reader reads above a passage: title and date."""
    return f"{article.title} ({spoken_date(article)})" if article.published else article.title


def _sentences(hit: Hit, part: Scores) -> list[tuple[float, float, Sentence]]:
    """Give each sentence with its share of the spans, the part's best span less none, and its own best span."""
    if not len(part.places):
        return []
    spans = part.spans()
    best = float(spans.max())
    mass = np.exp(spans - best)
    mass /= mass.sum()
    passage = hit.passage
    found = []
    first, last = int(part.places[0, 0]), int(part.places[-1, 1])
    spoken = sentence_spans(passage.text)
    for (before, _), (start, end) in zip([*spoken[:1], *spoken], spoken, strict=False):
        if end <= first or start >= last or not _quotable(passage.text[start:end]):
            continue
        inside = np.flatnonzero((part.places[:, 0] >= start) & (part.places[:, 1] <= end))
        if not len(inside):
            continue
        a, b = int(inside[0]), int(inside[-1]) + 1
        share = float(mass[a:b].sum())
        if share >= _LEAST_SHARE:
            own = spans[a:b, a:b]
            i, j = np.unravel_index(int(own.argmax()), own.shape)
            answer = passage.start + int(part.places[a + i, 0]), passage.start + int(part.places[a + j, 1])
            base = passage.start
            found.append((share, best - part.none, Sentence(hit, base + before, base + start, base + end, answer)))
    return found


def _at_any(places: Sequence[Place], sentence: Sentence) -> bool:
    article = sentence.hit.passage.article
    return any(
        article.id == place.article
        and (place.version == article.version or 0 in {place.version, article.version})
        and sentence.start < place.end
        and place.start < sentence.end
        for place in places
    )


def _texts_at(places: Sequence[Place], library: Engine) -> Iterator[str]:
    for place in places:
        article = library.article(place.article, place.version)
        if article is not None:
            yield article.text[place.start : place.end]


def _quotable(text: str) -> bool:
    return len(text.split()) >= 3 and not text.startswith("#")


def _adds(odds: float, best: float) -> bool:
    return odds >= _NEARLY_AS_GOOD * best and odds / (1 + odds) >= THRESHOLD


def _different(order: Sequence[int], sentences: Sequence[Sentence], most: int, library: Engine) -> list[int]:
    """Choose in order, leaving out what repeats one chosen: word for word, in the same article, or in a near-copy."""
    families = library.families([one.hit.passage.article for one in sentences])
    chosen: list[int] = []
    for i in order:
        if not any(_repeats(sentences[i], sentences[j], akin=families[i] == families[j]) for j in chosen):
            chosen.append(i)
        if len(chosen) == most:
            break
    return chosen


def _repeats(one: Sentence, other: Sentence, *, akin: bool) -> bool:
    if plain(one.text) == plain(other.text):
        return True
    words, said = frozenset(terms(one.text)), frozenset(terms(other.text))
    if one.hit.passage.article.id == other.hit.passage.article.id:
        together = one.start < other.end and other.start < one.end
        return together or len(words & said) >= _SAME_WORDS * min(len(words), len(said))
    numbers = set(_NUMBER.findall(one.text)) == set(_NUMBER.findall(other.text))
    return akin and numbers and len(words & said) >= _NEARLY_SAME_WORDS * max(len(words), len(said))


def _citations(chosen: Sequence[tuple[Sentence, float]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(number, one.hit.passage, one.start, one.end, float(score), one.answer)
        for number, (one, score) in enumerate(chosen, start=1)
    )


def _rarity(weights: dict[str, float], library: Engine) -> dict[str, float]:
    counts = library.passage_counts(sorted(weights))
    total = library.counts()[1]
    return {word: weight * math.log(1 + (total + 1) / (counts[word] + 0.5)) for word, weight in weights.items()}


def _share(present: frozenset[str], rarity: dict[str, float]) -> float:
    whole = sum(rarity.values())
    return sum(worth for word, worth in rarity.items() if word in present) / whole if whole else 0.0


def _of_another_year(question: str, sentence: Sentence) -> float:
    """Say whether the question names years and the sentence, by its words or else its article's date, none of them."""
    asked = set(_YEAR.findall(question))
    published = sentence.hit.passage.article.published
    spoken = set(_YEAR.findall(sentence.text)) or ({str(published.year)} if published else asked)
    return float(bool(asked) and not asked & spoken)
