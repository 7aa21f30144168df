"""The records of a conversation: citation, answer, turn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from index.records import Hit, Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """Quote a span of an article. `start` and `end` are characters of the article's text.

    `number` counts from 1 within an answer; a higher `score` is better. `answer` marks the words
    within the span that answer, None where nothing is known of them.
    """

    number: int
    passage: Passage
    start: int
    end: int
    score: float
    answer: tuple[int, int] | None = None

    @property
    def quote(self) -> str:
        return self.passage.article.text[self.start : self.end]

    @property
    def short(self) -> str:
        """Give the words that answer; "" where nothing is known of them."""
        return self.passage.article.text[slice(*self.answer)] if self.answer else ""


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one question of a conversation with what was answered.

    `answer` is the quotes as they were read, "" when there were none; `query` is what was
    searched for the question, "" when it was the question itself.
    """

    question: str
    answer: str = ""
    query: str = ""


class Filter(StrEnum):
    """Name a limit that was set on what is searched."""

    DATE = "date"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what was found for a question; no citation means that nothing answers it.

    `query` is what was searched, `hits` the passages that were read, best first; `confidence` is
    the probability that one of their sentences answers, whether it was shown or not.
    The rest helps when nothing answers: `closest` are the two sentences nearest to an answer,
    which are none; `unknown` the words of the query that no article holds; `hidden_by` the
    filters but for which there is an answer.
    """

    question: str
    query: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    confidence: float = 0.0
    closest: tuple[Citation, ...] = ()
    unknown: tuple[str, ...] = ()
    hidden_by: tuple[Filter, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.citations)

    @property
    def turn(self) -> Turn:
        """Give the turn that this answer makes in the history of the next question."""
        return Turn(self.question, " ".join(citation.quote for citation in self.citations), self.query)
