"""An article cut into passages that begin and end with sentences."""

from __future__ import annotations

from datetime import date

from index.records import Article, Passage
from index.sentences import Span, paragraph_spans, sentences_between

MONTHS = (
    "January February March April May June July August September October November December"
).split()  # strftime would follow the locale

MAX_PASSAGE = 800
"""Longest passage in characters, about 180 word pieces: what the encoder still reads whole."""


def passages(article: Article) -> list[Passage]:
    """Cut an article into passages, in order.

    Each begins and ends with a sentence, none overlap, together they hold every character
    that is not white space, and none is longer than the longer of `MAX_PASSAGE` and its
    only sentence. Paragraphs stay whole where they fit; short ones share a passage.
    """
    spans: list[Span] = []
    for start, end in paragraph_spans(article.text):
        if spans and end - spans[-1][0] <= MAX_PASSAGE:
            spans[-1] = (spans[-1][0], end)
        elif end - start <= MAX_PASSAGE:
            spans.append((start, end))
        else:
            spans += _packed(sentences_between(article.text, start, end))
    return [Passage(article, start, end) for start, end in spans]


def encoded_text(passage: Passage) -> str:
    """Give what the encoder reads for a passage: title and date, then its own text."""
    article = passage.article
    published = f" ({spoken_date(article)})" if article.published else ""
    return f"{article.title}{published}\n{passage.text}"


def spoken_date(article: Article) -> str:
    """Write the date of an article as people ask for it: "14 November 2022"; "" without one."""
    return spoken(article.published) if article.published else ""


def spoken(day: date) -> str:
    """Write a date as people ask for it: "14 November 2022"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _packed(sentences: list[Span]) -> list[Span]:
    packed: list[Span] = []
    for start, end in sentences:
        if packed and end - packed[-1][0] <= MAX_PASSAGE:
            packed[-1] = (packed[-1][0], end)
        else:
            packed.append((start, end))
    return packed
