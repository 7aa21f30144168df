"""Answers, articles and summaries as text for a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from collections.abc import Sequence

from index import Article, Library
from index.records import Version
from index.shelf import Kept
from qa import Answer, Citation, Written
from qa.conversations import Conversation
from qa.evaluation import Outcome, Report
from qa.records import Reply
from qa.writing import WrittenSentence
from ui.wording import (
    ALSO_SHOWN,
    CLOSEST,
    DOUBTFUL,
    NOT_FOUND,
    address,
    also_note,
    as_of_note,
    byline,
    counted,
    day,
    doubtful_parts,
    dropped_note,
    gone_note,
    lost_note,
    no_answer_notes,
    pages,
    parts,
    query_note,
    reply_lines,
    searched,
    trust,
    written_head,
)

_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BOLD, _PLAIN = "\x1b[1m", "\x1b[22m"
_UNDERLINED, _EVEN = "\x1b[4m", "\x1b[24m"


def safe(text: str) -> str:
    """Replace the characters that would drive a terminal or turn the direction of its text."""
    return _UNSAFE.sub("\ufffd", text)


def bold_here() -> bool:
    """Say whether standard output is a terminal that may be shown bold type."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def answer_text(answer: Answer, library: Library, *, bold: bool = False) -> str:
    """Write an answer: its quotes with their numbers, then where each stands; the words that answer in bold type."""
    if answer.reply:
        return _reply_text(answer.reply)
    notes = [note for note in (as_of_note(answer), query_note(answer), gone_note(answer)) if note]
    lines = [*map(safe, notes), ""] if notes else []
    if not answer.found:
        lines += [f"{NOT_FOUND} Searched {searched(library)}.", *map(safe, no_answer_notes(answer))]
        if answer.closest:
            lines += ["", CLOSEST, *_quoted(answer.closest, bold=bold)]
        return "\n".join(lines)
    return "\n".join([*lines, *_quoted(answer.citations, bold=bold), "", trust(answer)])


def written_text(written: Written, *, underline: bool = False) -> str:
    """Write what a language model wrote, each line behind a bar, doubtful words marked "(?)" and underlined."""
    lines = [safe(written_head(written))]
    for one in written.sentences:
        text = "".join(_doubtful(part, underline=underline) if bad else part for part, bad in _safe_parts(one))
        lines.append(f"  | {text} {''.join(f'[{number}]' for number in one.quotes)}")
    if any(one.doubtful for one in written.sentences):
        lines.append(f"  (?) {DOUBTFUL}")
    note = dropped_note(written)
    return "\n".join([*lines, *([f"  {note}"] if note else [])])


def _safe_parts(sentence: WrittenSentence) -> list[tuple[str, bool]]:
    return [(safe(part).replace("\n", " "), bad) for part, bad in doubtful_parts(sentence)]


def _doubtful(words: str, *, underline: bool) -> str:
    return f"{_UNDERLINED}{words}{_EVEN}(?)" if underline else f"_{words}_(?)"


def _quoted(citations: Sequence[Citation], *, bold: bool) -> list[str]:
    lines = []
    for citation in citations:
        before, said, after = map(safe, parts(citation))
        lines.append(f"“{before}{f'{_BOLD}{said}{_PLAIN}' if bold and said else said}{after}” [{citation.number}]")
    for citation in citations:
        article = citation.passage.article
        on = pages(article, citation.start, citation.end)
        lines += [
            "",
            safe(f"[{citation.number}] {article.title}"),
            safe(f"    {byline(article)}"),
            safe(f"    {article.id}, {on + ', ' if on else ''}characters {citation.start}-{citation.end}"),
        ]
        if article.url:
            lines.append(safe(f"    {address(article, citation.start, citation.end)}"))
        lines += _also(citation)
    return lines


def _also(citation: Citation) -> list[str]:
    if not citation.also:
        return []
    lines = [f"    {also_note(citation)}:"]
    for copy in citation.also[:ALSO_SHOWN]:
        article = copy.article
        link = f", {article.url}" if article.url else ""
        lines.append(safe(f"    - {byline(article)}, {article.id}, characters {copy.start}-{copy.end}{link}"))
    more = len(citation.also) - ALSO_SHOWN
    return [*lines, f"    - and {more:,} more"] if more > 0 else lines


def _reply_text(reply: Reply) -> str:
    lines = [safe(line) for line in reply_lines(reply)]
    for one in reply.listed:
        where = f" ({counted(one.passages, 'passage')})" if one.passages else ""
        lines.append(f"  {article_line(one.article).strip()}{where}")
    return "\n".join(lines)


def conversation_text(conversation: Conversation, library: Library) -> str:
    """Write a kept conversation out, each question before its answer."""
    lines = []
    for told in conversation.told:
        lines += [safe(f"> {told.answer.question}"), answer_text(told.answer, library)]
        lines += [lost_note(told.lost)] if told.lost else []
        lines.append("")
    return "\n".join(lines).rstrip()


def kept_line(kept: Kept) -> str:
    """Write a kept conversation on one line: last change, id, number of turns, name."""
    changed = kept.changed.astimezone().strftime("%Y-%m-%d %H:%M")
    return safe(f"{changed}  {kept.id}  {counted(kept.turns, 'question'):>13}  {kept.name}")


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
    return safe(f"{day(article):>17}  {article.id}  {article.title} ({_source(article)})").replace("\n", " ")


def version_line(version: Version) -> str:
    """Write a version of an article on one line: from when until when, version, length, id, title."""
    article = version.article
    since = version.since.isoformat() if version.since else ""
    until = version.until.isoformat() if version.until else ""
    length = counted(len(article.text), "character")
    line = f"{since:>10} to {until or 'now':10}  version {article.version}  {length:>18}  {article.id}  {article.title}"
    return safe(line).replace("\n", " ")


def _source(article: Article) -> str:
    return article.source or article.author or "no source"
