"""A kept conversation as a page to print: questions, quotes, and where each stands."""

from __future__ import annotations

from pathlib import Path

from qa import Citation
from qa.conversations import Conversation, Told
from ui.escaping import escaped
from ui.wording import NOT_FOUND, byline, lost_note, parts, query_note, reply_lines

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
    note = query_note(answer)
    lines += [f'<p class="quiet">{escaped(note)}</p>'] if note else []
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
    url = f" {escaped(article.url)}" if article.url else ""
    place = f"{escaped(article.id)}, characters {citation.start}-{citation.end}"
    return f'<li dir="auto">{escaped(article.title)}. {escaped(byline(article))}.{url} <small>({place})</small></li>'
