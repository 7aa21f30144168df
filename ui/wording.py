"""What both faces say about articles and answers, as plain unescaped text."""

from __future__ import annotations

from index import Article, Library
from index.passages import spoken_date
from qa import Answer


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


NOT_FOUND = "Not in the articles."
EMPTY_HINT = "Try other words; only what the articles say can be found."
