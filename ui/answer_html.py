"""A question and its answer as HTML for the page; every character of an article or a question is escaped.

What can be pressed is an element of ours with a `data-do`; text never becomes an element, so none can be forged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from index import Article, Place
from index.passages import spoken
from qa import Answer, Citation
from qa.judging import Judgement, Verdict
from qa.records import Filter, Mention, Reply
from ui.escaping import escaped
from ui.quote_context import context_before
from ui.wording import (
    ALONE,
    CLOSEST,
    NOT_FOUND,
    address,
    also_note,
    as_of_note,
    byline,
    counted,
    day,
    gone_note,
    lost_note,
    no_answer_notes,
    pages,
    query_note,
    reply_lines,
    trust,
)
from ui.wording import parts as quote_parts

_PLACE = re.compile(r"(\d{1,9})-(\d{1,9})-([A-Za-z0-9][A-Za-z0-9._-]{0,119})(?:@(\d{1,18}))?")
_WRONG = {Verdict.NO_ANSWER: "Not an answer", Verdict.SOURCE: "Wrong source"}
_WITHOUT = {
    Filter.DATE: "Ask again for all dates",
    Filter.SOURCE: "Ask again in all outlets",
    Filter.AS_OF: "Ask again as of now",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold what a search was limited to."""

    after: date | None = None
    before: date | None = None
    sources: tuple[str, ...] = ()
    as_of: date | None = None

    def text(self) -> str:
        """Say it, "" when it was not limited."""
        said = [f"from {spoken(self.after)}"] if self.after else []
        said += [f"until {spoken(self.before)}"] if self.before else []
        said += [f"as it stood on {spoken(self.as_of)}"] if self.as_of else []
        said += [f"in {', '.join(self.sources)}"] if self.sources else []
        return " ".join(said)


@dataclass(frozen=True, slots=True)
class Shown:
    """Say how a turn is shown: its number from 0, and what is known besides the answer."""

    number: int
    searched: str = ""
    seconds: float | None = None
    limits: Limits = field(default_factory=Limits)
    alone: bool = False
    lost: int = 0
    note: str = ""
    judgement: Judgement | None = None
    may_judge: bool = False


def turn_html(answer: Answer, shown: Shown) -> str:
    """Draw a question with its answer."""
    return (
        f'<section class="fn-turn" data-turn="{shown.number}" aria-labelledby="fn-q{shown.number}">'
        f"{question_html(answer.question, shown.number)}{''.join(_answer(answer, shown))}</section>"
    )


def question_html(question: str, number: int) -> str:
    """Draw a question alone."""
    return f'<h2 class="fn-asked" id="fn-q{number}" dir="auto" tabindex="-1">{escaped(question)}</h2>'


def stage_html(text: str) -> str:
    """Draw what is being done for a question."""
    return f'<p class="fn-stage fn-working">{escaped(text)}</p>'


def message_html(text: str) -> str:
    """Draw why there is no answer, where that is not the articles' fault."""
    return f'<p class="fn-message">{escaped(text)}</p>'


def place(written: str) -> Place | None:
    """Read the place of a citation as the page gives it back; None when it is none."""
    match = _PLACE.fullmatch(written)
    if match is None:
        return None
    start, end, id, version = match.groups()
    return Place(id, int(start), int(end), int(version or 0))


def written_place(article: Article, start: int, end: int) -> str:
    """Write a place as `place` reads it; it names the version, so that it holds when the article changes."""
    return f"{start}-{end}-{article.id}{f'@{article.version}' if article.version else ''}"


def _answer(answer: Answer, shown: Shown) -> list[str]:
    if answer.reply:
        return [_reply(answer.reply)]
    parts = [f'<p class="fn-note">{ALONE}</p>'] if shown.alone else []
    note = query_note(answer)
    if note:
        button = '<button class="fn-link" data-do="alone">Search only the words I typed</button>'
        parts.append(f'<p class="fn-note">{escaped(note)} {button}</p>')
    parts += [
        f'<p class="fn-note">{escaped(line)}</p>'
        for line in (as_of_note(answer), gone_note(answer), lost_note(shown.lost))
        if line
    ]
    if answer.found:
        parts.append(_quotes(answer.citations, shown))
    elif not shown.lost:
        parts.append(_nothing(answer, shown))
    parts.append(_foot(answer, shown))
    return parts


def _quotes(citations: Sequence[Citation], shown: Shown, *, near: bool = False) -> str:
    drawn = "".join(_quote(one, shown, near=near) for one in citations)
    return f'<ol class="fn-quotes">{drawn}</ol>'


def _quote(citation: Citation, shown: Shown, *, near: bool) -> str:
    article, number = citation.passage.article, citation.number
    where = written_place(article, citation.start, citation.end)
    on = pages(article, citation.start, citation.end)
    before, said, after = map(escaped, quote_parts(citation))
    quote = f"{before}<strong>{said}</strong>{after}" if said else before
    source = f"{article.source or 'no source'}, {day(article)}: {article.title}"
    cite = (
        f'<button class="fn-cite" data-do="read" data-place="{escaped(where)}" '
        f'aria-label="{escaped(f"Source {number}, read it in the article: {source}")}">[{number}]</button>'
    )
    named = (article.author, article.source or "no source", f"“{article.title}”", day(article), on, _web(citation))
    copied = f"“{citation.quote}” — {', '.join(filter(None, named))}"
    return (
        f'<li class="fn-quote"><blockquote dir="auto">{_context(citation)}'
        f"<p>“{quote}”\u2060&nbsp;{cite}</p></blockquote>"
        f'<p class="fn-source" dir="auto"><b>{escaped(article.source or "no source")}</b> '
        f"<span>{escaped(day(article))}</span> <cite>{escaped(article.title)}</cite>"
        f"{''.join(f' <span>{escaped(part)}</span>' for part in (article.author, on) if part)}</p>{_also(citation)}"
        f'<div class="fn-tools"><button data-do="copy" data-copy="{escaped(copied)}">Copy quote</button>'
        f"{_checks(where, citation, shown, near=near)}</div></li>"
    )


def _web(citation: Citation) -> str:
    where = address(citation.passage.article, citation.start, citation.end)
    return where if where.startswith(("http://", "https://")) else ""


def _also(citation: Citation) -> str:
    if not citation.also:
        return ""
    places = "".join(
        f'<li><button class="fn-link" data-do="read" dir="auto" '
        f'data-place="{escaped(written_place(one.article, one.start, one.end))}">'
        f"{escaped(byline(one.article))}</button></li>"
        for one in citation.also
    )
    return f'<details class="fn-also"><summary>{escaped(also_note(citation))}</summary><ul>{places}</ul></details>'


def _context(citation: Citation) -> str:
    span = context_before(citation)
    if span is None:
        return ""
    words = citation.passage.article.text[slice(*span)]
    return f'<p class="fn-before"><span class="fn-unseen">The sentence before: </span>{escaped(words)}</p>'


def _checks(where: str, citation: Citation, shown: Shown, *, near: bool) -> str:
    if not shown.may_judge:
        return ""
    verdict = shown.judgement.verdict(citation) if shown.judgement else None
    if near:
        return _verdict(where, Verdict.CHECKED, "It does answer", verdict)
    wrong = "".join(_verdict(where, one, name, verdict) for one, name in _WRONG.items())
    said = _WRONG.get(verdict, "Something wrong?") if verdict else "Something wrong?"
    kind = " fn-said" if verdict in _WRONG else ""
    return (
        f"{_verdict(where, Verdict.CHECKED, 'Checked', verdict)}"
        f'<details class="fn-wrong{kind}"><summary>{said}</summary>'
        f'<div class="fn-choices">{wrong}</div></details>'
    )


def _verdict(where: str, verdict: Verdict, name: str, present: Verdict | None) -> str:
    pressed = "true" if verdict is present else "false"
    return (
        f'<button class="fn-check" data-do="judge" data-place="{escaped(where)}" data-verdict="{verdict.value}" '
        f'aria-pressed="{pressed}">{name}</button>'
    )


def _nothing(answer: Answer, shown: Shown) -> str:
    lines = "".join(f"<li>{escaped(line)}</li>" for line in no_answer_notes(answer))
    again = "".join(
        f'<button class="fn-button" data-do="without" data-filter="{one.value}">{_WITHOUT[one]}</button>'
        for one in answer.hidden_by
    )
    again = again and f"<p>{again}</p>"
    near = (
        f'<h4>{CLOSEST}</h4><div class="fn-near">{_quotes(answer.closest, shown, near=True)}</div>'
        if answer.closest
        else ""
    )
    return f'<div class="fn-nothing"><h3>{NOT_FOUND}</h3><ul>{lines}</ul>{again}{near}</div>'


def _foot(answer: Answer, shown: Shown) -> str:
    said = [f"Searched {shown.searched}"] if shown.searched else []
    limits = shown.limits.text()
    said[:1] = [f"{said[0]} {limits}"] if said and limits else said[:1]
    said += [f"read {counted(len(answer.hits), 'passage')}"] if answer.hits else []
    said += [f"{shown.seconds:.2f} s"] if shown.seconds is not None else []
    lines = [" · ".join(said)] if said else []
    lines += [trust(answer)] if answer.found else []
    lines += [shown.note] if shown.note else []
    foot = "".join(f'<p class="fn-stage">{escaped(line)}</p>' for line in lines)
    return foot + (_turn_checks(answer, shown) if shown.may_judge else "")


def _turn_checks(answer: Answer, shown: Shown) -> str:
    judgement = shown.judgement or Judgement()
    pressed = "true" if judgement.absent else "false"
    absent = f'<button class="fn-check" data-do="absent" aria-pressed="{pressed}">Right, they do not say</button>'
    absent = "" if answer.found else absent
    kind = " fn-said" if judgement.missing else ""
    said = "Missing article noted" if judgement.missing else "Is an article missing?"
    return (
        f'<div class="fn-tools">{absent}<details class="fn-wrong{kind}">'
        f"<summary>{said}</summary>"
        '<div class="fn-choices"><label>Which article should be here? '
        f'<input name="missing" maxlength="500" value="{escaped(judgement.missing)}" dir="auto"></label>'
        '<button class="fn-button" data-do="missing">Keep the note</button></div></details></div>'
    )


def _reply(reply: Reply) -> str:
    lines = "".join(f"<p>{escaped(line)}</p>" for line in reply_lines(reply))
    listed = "".join(map(_mention, reply.listed))
    return f'<div class="fn-reply">{lines}{listed and f"<ul>{listed}</ul>"}</div>'


def _mention(one: Mention) -> str:
    where = byline(one.article) + (f" · {counted(one.passages, 'passage')}" if one.passages else "")
    return (
        f'<li><button class="fn-link" data-do="read" data-place="0-0-{escaped(one.article.id)}" dir="auto">'
        f"{escaped(one.article.title)}</button> <small>{escaped(where)}</small></li>"
    )


def turns_html(turns: Sequence[tuple[Answer, int]], judged: Mapping[int, Judgement], *, may_judge: bool) -> str:
    """Draw the turns of a kept conversation, each given with the number of its quotes that are lost."""
    return "".join(
        turn_html(answer, Shown(number, lost=lost, judgement=judged.get(number), may_judge=may_judge))
        for number, (answer, lost) in enumerate(turns)
    )
