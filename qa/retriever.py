"""A question in its conversation into ranked passages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.engine import Engine
from index.errors import QuestionError
from index.records import Hit
from qa import followup
from qa.records import Turn

MAX_QUESTION = 1_000
"""Longest question in characters."""


def retrieve(
    question: str,
    library: Engine,
    *,
    k: int = 5,
    history: Sequence[Turn] = (),
    after: date | None = None,
    before: date | None = None,
    sources: Sequence[str] = (),
    as_of: date | None = None,
    alone: bool = False,
) -> list[Hit]:
    """Find the k passages that best fit a question, best first.

    `history` is the conversation so far, oldest turn first; with `alone` the question is taken
    by its own words all the same. `after` and `before` are the first
    and last day of publication allowed; articles without a date are found only without them.
    `sources` are names of sources, compared without regard to case. `as_of` a day, articles are
    searched as they were then.
    Raises: QuestionError, for a blank or overlong question; LibraryEmpty.
    """
    question = checked(question)
    meant = followup.alone(question) if alone else followup.resolve(question, history, library)
    return library.search(meant.query, k=k, after=after, before=before, sources=sources, as_of=as_of)


def checked(question: str) -> str:
    """Give the question without surrounding white space.

    Raises: QuestionError, when it is blank, longer than `MAX_QUESTION`, or holds half a character.
    """
    question = question.strip()
    if any("\ud800" <= char <= "\udfff" for char in question):
        raise QuestionError("the question holds half a character", "Unicode text", "Type it anew")
    if not question or not any(char.isalnum() for char in question):
        raise QuestionError("the question is blank", "a few words", "Type what you want to know")
    if len(question) > MAX_QUESTION:
        raise QuestionError(
            f"the question has {len(question):,} characters", f"at most {MAX_QUESTION:,}", "Ask for one thing at a time"
        )
    return question
