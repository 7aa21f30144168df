"""A question in, a cited answer out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from index.library import Library
from index.records import Article
from index.terms import located_terms
from qa import followup
from qa.asides import reply
from qa.reader import depth, read
from qa.reading_model import load
from qa.records import Answer, Filter, Resolved, Turn
from qa.retriever import checked


def answer(
    question: str,
    library: Library,
    *,
    history: Sequence[Turn] = (),
    after: date | None = None,
    before: date | None = None,
    sources: Sequence[str] = (),
    alone: bool = False,
) -> Answer:
    """Answer a question with one to three sentences of the articles, the best first, or with none.

    `history` is the conversation so far, oldest turn first; with `alone` the question is taken
    by its own words all the same. The filters are those of `retrieve`.
    Raises: QuestionError, for a blank or overlong question; LibraryEmpty; ModelError.
    """
    question = checked(question)
    said = None if alone else reply(question, history, library)
    if said:
        return Answer(question, followup.alone(question), (), (), reply=said)
    meant = followup.alone(question) if alone else followup.resolve(question, history, library)
    hits = library.search(meant.query, k=depth(meant), after=after, before=before, sources=sources)
    reading = read(meant, hits, library)
    if reading.citations:
        return Answer(question, meant, reading.citations, tuple(hits), reading.confidence)
    hidden = _hidden_by(meant, library, after, before, sources) if after or before or sources else ()
    return Answer(
        question,
        meant,
        (),
        tuple(hits),
        reading.confidence,
        reading.closest,
        unknown_words(meant.text, library),
        hidden,
    )


def prepare(library: Library) -> None:
    """Load the models now, so that the first question does not wait for them.

    Raises: LibraryEmpty; ModelError.
    """
    library.search("ready", k=1)
    load()


def unknown_words(query: str, library: Library) -> tuple[str, ...]:
    """Give the words of a query that stand in no article, as they were typed."""
    words = located_terms(query)
    counts = library.passage_counts(sorted({term for _, _, term in words}))
    return tuple(dict.fromkeys(query[start:end] for start, end, term in words if not counts[term]))


def _hidden_by(
    meant: Resolved, library: Library, after: date | None, before: date | None, sources: Sequence[str]
) -> tuple[Filter, ...]:
    """Ask without filters; name those that shut out the best answer."""
    found = read(meant, library.search(meant.query, k=depth(meant)), library).citations
    if not found:
        return ()
    article = found[0].passage.article
    return tuple(
        name
        for name, shut in (
            (Filter.DATE, not _in_time(article, after, before)),
            (Filter.SOURCE, bool(sources) and article.source.casefold() not in {one.casefold() for one in sources}),
        )
        if shut
    )


def _in_time(article: Article, after: date | None, before: date | None) -> bool:
    if not after and not before:
        return True
    day = article.published
    return day is not None and (after or day) <= day <= (before or day)
