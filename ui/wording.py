"""What both faces say about articles and answers, as plain unescaped text."""

from __future__ import annotations

from index import Article, Library
from index.passages import spoken_date
from qa import Answer, Citation
from qa.calibration import measured
from qa.records import Filter


def day(article: Article) -> str:
    """Write the date of an article, as "15 November 2023"."""
    return spoken_date(article) or "no date"


def byline(article: Article) -> str:
    """Write source and date of an article."""
    return f"{article.source or 'no source'}, {day(article)}"


def counted(number: int, singular: str) -> str:
    """Write a number with its noun: "1 article", "1,204 passages"."""
    return f"{number:,} {singular}" if number == 1 else f"{number:,} {singular}s"


def searched(library: Library) -> str:
    """Say how much was searched."""
    articles, passages = library.counts()
    return f"{counted(passages, 'passage')} in {counted(articles, 'article')}"


def query_note(answer: Answer) -> str:
    """Say what was searched, when that is not what was typed; "" otherwise."""
    return f"Searched as: {answer.query}" if answer.query != answer.question else ""


def trust(answer: Answer) -> str:
    """Say how often such an answer was right when it was measured."""
    right, of = measured(answer.confidence)
    return f"In tests, the first quote was right in {right} of {of} cases like this."


def no_answer_notes(answer: Answer) -> list[str]:
    """Say what helps when nothing answers: words that occur nowhere, and filters that hide an answer."""
    notes = []
    if answer.unknown:
        words = ", ".join(f"“{word}”" for word in answer.unknown)
        notes.append(f"No article holds the {'word' if len(answer.unknown) == 1 else 'words'} {words}.")
    if answer.hidden_by:
        notes.append(f"There is an answer outside {' and '.join(_LIMITS[name] for name in answer.hidden_by)}.")
    if not answer.closest:
        notes.append(EMPTY_HINT)
    return notes


def parts(citation: Citation) -> tuple[str, str, str]:
    """Give a quote in three: before the words that answer, these, and after; all before where nothing is known."""
    if citation.answer is None:
        return citation.quote, "", ""
    start, end = (place - citation.start for place in citation.answer)
    return citation.quote[:start], citation.quote[start:end], citation.quote[end:]


_LIMITS = {Filter.DATE: "the dates asked for", Filter.SOURCE: "the sources asked for"}
CLOSEST = "Closest, but not an answer:"
NOT_FOUND = "Not in the articles."
EMPTY_HINT = "Try other words; only what the articles say can be found."
