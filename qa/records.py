"""The records of a conversation: citation, answer, turn, and what a question was taken to mean."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.records import Article, Hit, Passage, Place, Query
from qa.leaning import Lean


@dataclass(frozen=True, slots=True)
class Citation:
    """Quote a span of an article. `start` and `end` are characters of the article's text.

    `number` counts from 1 within an answer; a higher `score` is better. `answer` marks the words
    within the span that answer, None where nothing is known of them. `also` are the places in
    near-copies of the article where the same sentence stands, but for white space and quotation marks.
    """

    number: int
    passage: Passage
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None
    also: tuple[Passage, ...] = ()

    @property
    def quote(self) -> str:
        return self.passage.article.text[self.start : self.end]

    @property
    def place(self) -> Place:
        return Place(self.passage.article.id, self.start, self.end, self.passage.article.version)

    @property
    def short(self) -> str:
        """Give the words that answer; "" where nothing is known of them."""
        return self.passage.article.text[slice(*self.answer)] if self.answer else ""

    @property
    def pages(self) -> tuple[int, int] | None:
        """Give the first and the last page that the quote stands on; None where the article has no pages."""
        return self.passage.article.pages_of(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Cited:
    """Name a quote of an earlier turn; `answer` are the characters of its article that answered."""

    place: Place
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one question of a conversation with what was answered.

    `answer` is the quotes as they were read, "" when there were none; `query` is what was
    searched for the question, "" when it was the question itself. `cited` are the quotes with
    the words in them that answered, the best first, where they are known.
    """

    question: str
    answer: str = ""
    query: str = ""
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolved:
    """Hold what a question was taken to mean in its conversation.

    `asked` is the question as it was typed, `text` the same made to stand alone as far as that
    goes, `query` what is searched for it, `said` what was said before that its answer is read
    with, the newest first. `light` are
    words of earlier questions that count a little. `besides` are places already quoted that a
    question for more does not want again, `gone` the ids of articles that were quoted before and
    are no longer in the library. `in_conversation` says whether something was said before.
    """

    asked: str
    text: str
    query: Query
    lean: Lean = Lean.NONE
    said: tuple[str, ...] = ()
    light: tuple[str, ...] = ()
    besides: tuple[Place, ...] = ()
    gone: tuple[str, ...] = ()
    in_conversation: bool = False


class Aside(StrEnum):
    """Name what is said to the chat and not asked of the articles."""

    GREETING = "greeting"
    THANKS = "thanks"
    BYE = "bye"
    HELP = "help"
    ARTICLES = "articles"
    SOURCES = "sources"
    DATES = "dates"
    MENTIONS = "mentions"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Mention:
    """Hold an article and in how many of its passages something stands."""

    article: Article
    passages: int


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what the library says about itself.

    `articles` and `passages` are how many it holds, all of which were counted over. Of a count
    `phrase` is what was counted, `total` the number of articles and `holding` the number of
    passages with it; `listed` are the first of those articles. `dates` are the first and the
    last day of publication and the number of articles without one.
    """

    aside: Aside
    articles: int
    passages: int
    phrase: str = ""
    total: int = 0
    holding: int = 0
    listed: tuple[Mention, ...] = ()
    sources: tuple[tuple[str, int], ...] = ()
    dates: tuple[date | None, date | None, int] = (None, None, 0)
    topics: tuple[str, ...] = ()


class Filter(StrEnum):
    """Name a limit that was set on what is searched."""

    DATE = "date"
    SOURCE = "source"
    AS_OF = "as of"


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what was found for a question; no citation means that nothing answers it.

    `meant` is what the question was taken to mean, `hits` the passages that were read, best first; `confidence` is
    the probability that one of their sentences answers, whether it was shown or not.
    The rest helps when nothing answers: `closest` are the two sentences nearest to an answer,
    which are none; `unknown` the words of the query that no article holds; `hidden_by` the
    filters but for which there is an answer. `reply` is what the library says about itself to
    what was not asked of the articles. `as_of` is the day as of which was asked, None for now.
    """

    question: str
    meant: Resolved
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    confidence: float = 0.0
    closest: tuple[Citation, ...] = ()
    unknown: tuple[str, ...] = ()
    hidden_by: tuple[Filter, ...] = ()
    reply: Reply | None = None
    as_of: date | None = None

    @property
    def query(self) -> str:
        """Give what was searched, as a text."""
        return self.meant.text

    @property
    def found(self) -> bool:
        return bool(self.citations)

    @property
    def turn(self) -> Turn:
        """Give the turn that this answer makes in the history of the next question."""
        return Turn(
            self.question,
            " ".join(citation.quote for citation in self.citations),
            self.query,
            tuple(Cited(one.place, one.answer) for one in self.citations),
        )
