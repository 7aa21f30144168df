"""Answers, articles and summaries as text for a terminal."""

from __future__ import annotations

import re
from collections import Counter

from index import Article, Library
from qa import Answer
from qa.evaluation import Outcome, Report
from ui.wording import EMPTY_HINT, NOT_FOUND, byline, counted, day, query_note, searched

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


def report_text(report: Report) -> str:
    """Write the figures of an evaluation with their intervals, and what became of the questions."""
    lines = [f"{'':28}{'value':>8}{'95% interval':>18}{'n':>7}"]
    for name, figure in report.figures.items():
        lines.append(f"{name:28}{figure.value:8.3f}{figure.low:10.3f}-{figure.high:.3f}{figure.n:10}")
    outcomes = Counter(row.outcome for row in report.rows)
    parts = [f"{outcomes[outcome]} {outcome}" for outcome in Outcome if outcomes[outcome]]
    lines += ["", f"{counted(len(report.rows), 'question')}: {', '.join(parts) or 'none'}."]
    return safe("\n".join(lines))


def article_line(article: Article) -> str:
    """Write an article on one line: date, id, title, source."""
    return safe(f"{day(article):>17}  {article.id}  {article.title} ({article.source or 'no source'})").replace(
        "\n", " "
    )
