"""Put together what the reader learns from in one round: answers, near misses and passages about something else."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.parts import Part
from index.sentences import sentence_spans
from training.reader import conversations, near_misses
from training.reader.records import Example
from training.reader.sources import clapnq, squad_dev, squad_train

LONGEST = 800
"""Passages are cut to so many characters, as the library does."""

ELSEWHERE, LEFT_OUT, OTHER_NAME, OTHER_NUMBER, OPPOSITE, DENIED = 22_000, 16_000, 14_000, 5_000, 7_000, 2_000
"""How many unanswerable questions of each kind are made in a round."""

HUMAN_NEAR_MISSES, HUMAN_ANSWERS, CLAPNQ = 4, 2, 3
"""How often the questions that people wrote are repeated in a round."""


def one_round(data: Path, seed: int) -> list[Example]:
    """Give the examples of one round, shuffled; the same for the same seed."""
    draw = random.Random(seed)
    paragraphs = squad_train(data)
    answered = [one for paragraph in paragraphs for one in paragraph]
    found = [cropped(one, draw) for one in answered]
    found += _elsewhere(answered, [p[0] for p in paragraphs if p], ELSEWHERE, draw)
    found += _made(answered, LEFT_OUT, "left-out", _left_out, draw)
    found += _made(answered, OTHER_NAME, "other-name", _asking(near_misses.other_name), draw)
    found += _made(answered, OTHER_NUMBER, "other-number", _asking(near_misses.other_number), draw)
    found += _made(answered, OPPOSITE, "opposite", _asking(lambda q, p, a, d: near_misses.opposite(q, d)), draw)
    found += _made(answered, DENIED, "denied", _asking(lambda q, p, a, d: near_misses.denied(q, d)), draw)
    for one in squad_dev(data, Part.LEARN):
        for _ in range(HUMAN_ANSWERS if one.spans else HUMAN_NEAR_MISSES):
            found.append(cropped(one, draw))
    found += [cropped(one, draw) for one in clapnq(data, Part.LEARN) for _ in range(CLAPNQ)]
    found = [_worn(one, draw) for one in found]
    draw.shuffle(found)
    return found


FOLLOW_UPS, THEIRS_LEFT_OUT, THEIRS_ELSEWHERE, OF_ANOTHER, CHANGED, PLAIN = 24_000, 6_000, 6_000, 5_000, 6_000, 20_000
"""How many questions in conversation, of each kind, and how many plain examples a round of conversations has."""


def conversation_round(data: Path, seed: int) -> list[Example]:
    """Give the examples of one round of conversations, shuffled; the same for the same seed."""
    draw = random.Random(seed)
    paragraphs = squad_train(data)
    answered = [one for paragraph in paragraphs for one in paragraph]
    follow_ups = conversations.leaning(paragraphs, FOLLOW_UPS + THEIRS_LEFT_OUT * 2, draw)
    found = [cropped(one, draw) for one in follow_ups[:FOLLOW_UPS]]
    found += _made(follow_ups[FOLLOW_UPS:], THEIRS_LEFT_OUT, "follow-up-left-out", _left_out, draw)
    found += _elsewhere(follow_ups, [p[0] for p in paragraphs if p], THEIRS_ELSEWHERE, draw)
    found += [cropped(one, draw) for one in conversations.of_another(follow_ups, OF_ANOTHER, draw)]
    found += [cropped(one, draw) for one in conversations.changed(answered, CHANGED, draw)]
    plain = one_round(data, seed)[:PLAIN]
    human = [one for one in squad_dev(data, Part.LEARN) if not one.spans]
    found += [cropped(one, draw) for one in conversations.changed(human, len(human), draw)]
    found += plain
    draw.shuffle(found)
    return found


def cropped(one: Example, draw: random.Random) -> Example:
    """Keep whole sentences of a passage, with the answer: half the time most of it, else a part."""
    sentences = sentence_spans(one.passage)
    longest = LONGEST if draw.random() < 0.5 else draw.randint(250, 600)
    if not sentences or len(one.passage) <= longest:
        return one
    needed = [i for i, (a, b) in enumerate(sentences) if any(a < end and start < b for start, end in one.spans[:1])]
    first = min(needed) if needed else draw.randrange(len(sentences))
    last = max(needed) if needed else first
    while True:
        options = []
        if first > 0 and sentences[last][1] - sentences[first - 1][0] <= longest:
            options.append("before")
        if last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= longest:
            options.append("after")
        if not options:
            break
        if draw.choice(options) == "before":
            first -= 1
        else:
            last += 1
    start, end = sentences[first][0], sentences[last][1]
    spans = tuple((a - start, b - start) for a, b in one.spans if start <= a and b <= end)
    if one.spans and not spans:
        return one
    return replace(one, passage=one.passage[start:end], spans=spans)


def _elsewhere(
    answered: Sequence[Example], passages: Sequence[Example], number: int, draw: random.Random
) -> list[Example]:
    """Pair questions with passages that share their words and lack the answer, mostly of the same article."""
    import bm25s

    asked = draw.sample(list(answered), number * 5 // 4)
    words = bm25s.BM25()
    words.index(
        bm25s.tokenize([f"{p.title} {p.passage}" for p in passages], stopwords="en", show_progress=False),
        show_progress=False,
    )
    queries = bm25s.tokenize([one.question for one in asked], stopwords="en", show_progress=False, return_ids=False)
    made = []
    for one, query in zip(asked, queries, strict=True):
        scores = words.get_scores(query) if query else np.zeros(len(passages))
        top = np.argpartition(-scores, 8)[:8]
        answer = [one.passage[a:b].lower() for a, b in one.spans]
        fit = [
            passages[i]
            for i in top
            if passages[i].passage != one.passage and not any(text in passages[i].passage.lower() for text in answer)
        ]
        if fit:
            other = draw.choice(fit)
            made.append(cropped(Example(one.question, other.title, other.passage, (), "elsewhere"), draw))
    return made[:number]


_Make = Callable[[Example, random.Random], Example | None]


def _made(answered: Sequence[Example], number: int, source: str, make: _Make, draw: random.Random) -> list[Example]:
    made: list[Example] = []
    for i in draw.sample(range(len(answered)), len(answered)):
        found = make(answered[i], draw)
        if found is not None:
            made.append(replace(found, source=source))
        if len(made) == number:
            break
    return made


def _left_out(one: Example, draw: random.Random) -> Example | None:
    left = near_misses.without_answer(one.passage, one.spans, [one.passage[a:b] for a, b in one.spans])
    return cropped(replace(one, passage=left, spans=()), draw) if left else None


def _asking(
    change: Callable[[str, str, list[str], random.Random], str | None],
) -> _Make:
    def make(one: Example, draw: random.Random) -> Example | None:
        near = cropped(one, draw)
        question = change(near.question, near.passage, [near.passage[a:b] for a, b in near.spans], draw)
        return replace(near, question=question, spans=()) if question and question != near.question else None

    return make


def _worn(one: Example, draw: random.Random) -> Example:
    """Take away what people leave out: the question mark, the title."""
    question = one.question.rstrip("? ") if draw.random() < 0.15 else one.question
    return replace(one, question=question, title=one.title if draw.random() < 0.75 else "")
