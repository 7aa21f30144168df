"""The records of a conversation: citation, answer, turn."""

from __future__ import annotations

from dataclasses import dataclass

from index.records import Hit, Passage


@dataclass(frozen=True, slots=True)
class Citation:
    """Quote a span of an article. `start` and `end` are characters of the article's text.

    `number` counts from 1 within an answer; a higher `score` is better.
    """

    number: int
    passage: Passage
    start: int
    end: int
    score: float

    @property
    def quote(self) -> str:
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Turn:
    """Hold one question of a conversation with what was answered.

    `answer` is the quotes as they were read, "" when there were none; `query` is what was
    searched for the question, "" when it was the question itself.
    """

    question: str
    answer: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what was found for a question; no citation means that nothing answers it.

    `query` is what was searched, `hits` the passages that were read, best first; `confidence` is
    the probability that one of their sentences answers, whether it was shown or not.
    """

    question: str
    query: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    confidence: float = 0.0

    @property
    def found(self) -> bool:
        return bool(self.citations)

    @property
    def turn(self) -> Turn:
        """Give the turn that this answer makes in the history of the next question."""
        return Turn(self.question, " ".join(citation.quote for citation in self.citations), self.query)
