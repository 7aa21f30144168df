"""An answer as Markdown for the chat; every character of an article is escaped."""

from __future__ import annotations

import re

from index import Article, Library, Place
from qa import Answer, Citation
from qa.records import Reply
from ui.wording import (
    ALSO_SHOWN,
    CLOSEST,
    NOT_FOUND,
    also_note,
    as_of_note,
    byline,
    counted,
    gone_note,
    no_answer_notes,
    pages,
    query_note,
    reply_lines,
    searched,
    trust,
)
from ui.wording import parts as quote_parts

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINK = re.compile(r"#cite-(\d{1,9})-(\d{1,9})-([A-Za-z0-9][A-Za-z0-9._-]{0,119})(?:@(\d{1,18}))?")
_ALONE = re.compile(r"#alone-(\d{1,6})")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """Escape every mark that Markdown or HTML could read, and characters that turn the text around."""
    return _PUNCTUATION.sub(r"\\\1", _UNSEEN.sub("\ufffd", " ".join(text.split("\n"))))


def answer_markdown(answer: Answer, library: Library, turn: int = 0) -> str:
    """Write an answer: each quote with a link to its place, then title, source and date.

    `turn` counts the turns of the conversation from 0.
    """
    if answer.reply:
        return _reply(answer.reply)
    note = query_note(answer)
    as_of = as_of_note(answer)
    parts = [f"*{escaped(as_of)}*"] if as_of else []
    parts += [f"*{escaped(note)}* · [search only these words](#alone-{turn})"] if note else []
    gone = gone_note(answer)
    parts += [f"*{escaped(gone)}*"] if gone else []
    if not answer.found:
        parts.append(f"**{NOT_FOUND}** Searched {searched(library)}.")
        parts += map(escaped, no_answer_notes(answer))
        if answer.closest:
            parts += [f"*{CLOSEST}*", *map(_quoted, answer.closest)]
        return "\n\n".join(parts)
    parts += [*map(_quoted, answer.citations), f"<small>{escaped(trust(answer))}</small>"]
    return "\n\n".join(parts)


def turn_alone(link: str) -> int | None:
    """Read the number of a turn that is to be asked by its own words; None when the link is not for that."""
    match = _ALONE.fullmatch(link)
    return int(match.group(1)) if match else None


def place(link: str) -> Place | None:
    """Read the place from a citation's link; None when it is not one."""
    match = _LINK.fullmatch(link)
    return Place(match[3], int(match[1]), int(match[2]), int(match[4] or 0)) if match else None


def _reply(reply: Reply) -> str:
    parts = [escaped(line) for line in reply_lines(reply)]
    listed = []
    for one in reply.listed:
        where = f" · {counted(one.passages, 'passage')}" if one.passages else ""
        link = f"[{escaped(one.article.title)}](#cite-0-0-{one.article.id})"
        listed.append(f"- {link} <small>{escaped(byline(one.article))}{where}</small>")
    return "\n\n".join([*parts, *(["\n".join(listed)] if listed else [])])


def _quoted(citation: Citation) -> str:
    article = citation.passage.article
    link = f"[\\[{citation.number}\\]]({_link(article, citation.start, citation.end)})"
    on = pages(article, citation.start, citation.end)
    where = " · ".join(escaped(part) for part in (article.title, byline(article), on) if part)
    before, said, after = map(escaped, quote_parts(citation))
    quote = f"{before}<strong>{said}</strong>{after}" if said else before
    return f"“{quote}” {link}<br><small>{where}{_also(citation)}</small>"


def _also(citation: Citation) -> str:
    if not citation.also:
        return ""
    shown = citation.also[:ALSO_SHOWN]
    links = [f"[{escaped(byline(one.article))}]({_link(one.article, one.start, one.end)})" for one in shown]
    more = len(citation.also) - len(shown)
    links += [f"and {more:,} more"] if more else []
    return f"<br>{also_note(citation)}: {' · '.join(links)}"


def _link(article: Article, start: int, end: int) -> str:
    """Write a place as a link that `place` reads; it names the version, so that it holds when the article changes."""
    return f"#cite-{start}-{end}-{article.id}{f'@{article.version}' if article.version else ''}"
