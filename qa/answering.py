"""A question in, a cited answer out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.library import Library
from qa.followup import standalone
from qa.reader import READ, read
from qa.records import Answer, Turn
from qa.retriever import checked, retrieve


def answer(
    question: str,
    library: Library,
    *,
    history: Sequence[Turn] = (),
    after: date | None = None,
    before: date | None = None,
    sources: Sequence[str] = (),
) -> Answer:
    """Answer a question with one to three sentences of the articles, the best first, or with none.

    `history` is the conversation so far, oldest turn first; the filters are those of `retrieve`.
    Raises: QuestionError, for a blank or overlong question; LibraryEmpty.
    """
    question = checked(question)
    query = standalone(question, history)
    hits = retrieve(question, library, k=READ, history=history, after=after, before=before, sources=sources)
    reading = read(query, hits, library)
    return Answer(question, query, reading.citations, tuple(hits), reading.confidence)
