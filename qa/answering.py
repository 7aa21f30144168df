"""A question in, a cited answer out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from index.engine import Engine
from index.records import Article
from index.terms import located_terms
from qa import followup
from qa.asides import reply
from qa.reader import depth, read
from qa.reading_model import load
from qa.records import Answer, Citation, Filter, Resolved, Turn
from qa.retriever import checked


def answer(
    question: str,
    library: Engine,
    *,
    history: Sequence[Turn] = (),
    after: date | None = None,
    before: date | None = None,
    sources: Sequence[str] = (),
    as_of: date | None = None,
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
        return Answer(question, followup.alone(question), (), (), reply=said, as_of=as_of)
    meant = followup.alone(question) if alone else followup.resolve(question, history, library)
    hits = library.search(meant.query, k=depth(meant), after=after, before=before, sources=sources, as_of=as_of)
    reading = read(meant, hits, library)

    def held_elsewhere(citations: Sequence[Citation]) -> tuple[Citation, ...]:
        found = []
        for one in citations:
            article = one.passage.article
            also = library.elsewhere(
                article, one.start, one.end, after=after, before=before, sources=sources, as_of=as_of
            )
            found.append(replace(one, also=also))
        return tuple(found)

    if reading.citations:
        cited = held_elsewhere(reading.citations)
        return Answer(question, meant, cited, tuple(hits), reading.confidence, as_of=as_of)
    filtered = after or before or sources or as_of
    return Answer(
        question,
        meant,
        (),
        tuple(hits),
        reading.confidence,
        held_elsewhere(reading.closest),
        unknown_words(meant.text, library, as_of),
        _hidden_by(meant, library, after, before, sources, as_of) if filtered else (),
        as_of=as_of,
    )


def prepare(library: Engine) -> None:
    """Load the models now, so that the first question does not wait for them.

    Raises: LibraryEmpty; ModelError.
    """
    library.search("ready", k=1)
    load()


def unknown_words(query: str, library: Engine, as_of: date | None = None) -> tuple[str, ...]:
    """Give the words of a query that stand in no article, nor in one as of a day, as they were typed."""
    words = located_terms(query)
    counts = library.passage_counts(sorted({term for _, _, term in words}), as_of=as_of)
    return tuple(dict.fromkeys(query[start:end] for start, end, term in words if not counts[term]))


def _hidden_by(
    meant: Resolved,
    library: Engine,
    after: date | None,
    before: date | None,
    sources: Sequence[str],
    as_of: date | None,
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
            (Filter.AS_OF, as_of is not None and library.article_at(article.id, as_of) != article),
        )
        if shut
    )


def _in_time(article: Article, after: date | None, before: date | None) -> bool:
    if not after and not before:
        return True
    day = article.published
    return day is not None and (after or day) <= day <= (before or day)
