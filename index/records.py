"""The records of the index: article, version, passage, hit, place, query."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Article:
    """Hold one item as it was given; offsets into `text` are the truth for every quote.

    `published_from` says where the date came from ("front matter", "record"), "" without a date.
    `origin` says where the article was read, for replacing it when that changes; never shown to readers.
    `author` is the byline, as it stands there. `pages` is empty for what has no pages; else the offsets in `text` at
    which page 2, 3, … begin, never falling: `pages[n - 2]` is that of the first character of page n, and of the
    next page with text where page n has none. A character's page is `bisect.bisect_right(pages, offset) + 1`.
    `version` is a number that a library gives to this state of the article and to no other; 0 outside of one.
    """

    id: str
    title: str
    text: str
    source: str = ""
    url: str = ""
    published: date | None = None
    published_from: str = ""
    origin: str = ""
    author: str = ""
    pages: tuple[int, ...] = ()
    version: int = field(default=0, compare=False)

    def pages_of(self, start: int, end: int) -> tuple[int, int] | None:
        """Give the first and the last page of a span; None where there are no pages, or the span is empty."""
        if not self.pages or start >= end:
            return None
        return bisect_right(self.pages, start) + 1, bisect_right(self.pages, end - 1) + 1


@dataclass(frozen=True, slots=True)
class Version:
    """Hold an article as it was from the day `since` until before the day `until`.

    `since` is None where it is not known; `until` is None for the newest version.
    """

    article: Article
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Passage:
    """Mark a span of an article, in characters: the unit that is encoded and found."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Hit:
    """Hold one found passage. Higher score is better; rank counts from 1.

    `also` are passages of near-copies of its article that say nothing beyond it.
    """

    passage: Passage
    score: float
    rank: int
    also: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Name a span of an article by the article's id, in characters of its text.

    `version` is that of the text meant, 0 for the newest.
    """

    article: str
    start: int
    end: int
    version: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """Say what is searched, where one text alone does not.

    The mean vector of `texts` is compared. `words` are terms with their weights, in order;
    passages that hold one are candidates. `light` are terms with weights that only reorder
    candidates. The passages at `again` are candidates whatever they hold.
    """

    texts: tuple[str, ...]
    words: tuple[tuple[str, float], ...]
    light: tuple[tuple[str, float], ...] = ()
    again: tuple[Place, ...] = ()
