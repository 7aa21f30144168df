"""A kept conversation as a page to print: questions, quotes, and where each stands."""

from __future__ import annotations

from pathlib import Path

from index import Article
from qa import Citation
from qa.conversations import Conversation, Told
from ui.escaping import escaped
from ui.wording import (
    NOT_FOUND,
    address,
    also_note,
    as_of_note,
    byline,
    lost_note,
    pages,
    parts,
    query_note,
    reply_lines,
)

CSS = Path(__file__).with_name("conversation.css").read_text("utf-8")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def conversation_html(conversation: Conversation) -> str:
    """Write a conversation as one page that needs nothing else; all text is escaped."""
    kept = conversation.kept
    notes: list[str] = []
    turns = "".join(_turn(told, notes) for told in conversation.told)
    sources = f"<h2>Sources</h2><ol>{''.join(notes)}</ol>" if notes else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escaped(kept.name)}</title><style>{CSS}</style></head><body><main>"
        f'<h1 dir="auto">{escaped(kept.name)}</h1><p class="quiet">{kept.started:%Y-%m-%d %H:%M} UTC</p>'
        f"{turns}{sources}</main></body></html>\n"
    )


def _turn(told: Told, notes: list[str]) -> str:
    answer = told.answer
    lines = [f'<h2 dir="auto">{escaped(answer.question)}</h2>']
    if answer.reply:
        return "".join([*lines, *(f"<p>{escaped(line)}</p>" for line in reply_lines(answer.reply))])
    notes_above = filter(None, (as_of_note(answer), query_note(answer)))
    lines += [f'<p class="quiet">{escaped(note)}</p>' for note in notes_above]
    lines += [f"<p><b>{NOT_FOUND}</b></p>"] if not answer.found and not told.lost else []
    for citation in answer.citations:
        notes.append(_source(citation))
        before, said, after = map(escaped, parts(citation))
        quote = f"{before}<strong>{said}</strong>{after}" if said else before
        lines.append(f'<blockquote dir="auto">“{quote}” <sup>[{len(notes)}]</sup></blockquote>')
    lines += [f'<p class="quiet">{escaped(lost_note(told.lost))}</p>'] if told.lost else []
    return "".join(lines)


def _source(citation: Citation) -> str:
    article = citation.passage.article
    also = "; ".join(_place(one.article, one.start, one.end) for one in citation.also)
    others = f"; {escaped(also_note(citation))}: {also}" if also else ""
    own = _place(article, citation.start, citation.end)
    return f'<li dir="auto">{escaped(article.title)}. {own}{others}</li>'


def _place(article: Article, start: int, end: int) -> str:
    url = f" {escaped(address(article, start, end))}" if article.url else ""
    on = ", ".join(part for part in (article.id, pages(article, start, end), f"characters {start}-{end}") if part)
    return f"{escaped(byline(article))}.{url} <small>({escaped(on)})</small>"
