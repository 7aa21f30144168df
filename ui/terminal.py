"""Answers, articles and summaries as text for a terminal."""

from __future__ import annotations

import re

from index import Article, Library
from qa import Answer
from ui.wording import EMPTY_HINT, NOT_FOUND, byline, day, query_note, searched

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def safe(text: str) -> str:
    """Replace the characters that would drive a terminal or turn the direction of its text."""
    return _UNSAFE.sub("\ufffd", text)


def answer_text(answer: Answer, library: Library) -> str:
    """Write an answer: its quotes with their numbers, then where each stands."""
    note = query_note(answer)
    lines = [note, ""] if note else []
    if not answer.found:
        return safe("\n".join([*lines, f"{NOT_FOUND} Searched {searched(library)}.", EMPTY_HINT]))
    lines += [f"“{citation.quote}” [{citation.number}]" for citation in answer.citations]
    for citation in answer.citations:
        article = citation.passage.article
        lines += [
            "",
            f"[{citation.number}] {article.title}",
            f"    {byline(article)}",
            f"    {article.id}, characters {citation.start}-{citation.end}",
        ]
        if article.url:
            lines.append(f"    {article.url}")
    return safe("\n".join(lines))


def article_line(article: Article) -> str:
    """Write an article on one line: date, id, title, source."""
    return safe(f"{day(article):>17}  {article.id}  {article.title} ({article.source or 'no source'})").replace(
        "\n", " "
    )
