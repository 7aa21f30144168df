"""An answer as Markdown for the chat; every character of an article is escaped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index import Library
from qa import Answer, Citation
from ui.wording import CLOSEST, NOT_FOUND, byline, no_answer_notes, query_note, searched, trust
from ui.wording import parts as quote_parts

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_LINK = re.compile(r"#cite-(\d{1,9})-(\d{1,9})-([A-Za-z0-9][A-Za-z0-9._-]{0,119})")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Place:
    """Name a span of an article, in characters."""

    article: str
    start: int
    end: int


def escaped(text: str) -> str:
    """Escape every mark that Markdown or HTML could read, and characters that turn the text around."""
    return _PUNCTUATION.sub(r"\\\1", _UNSEEN.sub("\ufffd", " ".join(text.split("\n"))))


def answer_markdown(answer: Answer, library: Library) -> str:
    """Write an answer: each quote with a link to its place, then title, source and date."""
    note = query_note(answer)
    parts = [f"*{escaped(note)}*"] if note else []
    if not answer.found:
        parts.append(f"**{NOT_FOUND}** Searched {searched(library)}.")
        parts += map(escaped, no_answer_notes(answer))
        if answer.closest:
            parts += [f"*{CLOSEST}*", *map(_quoted, answer.closest)]
        return "\n\n".join(parts)
    parts += [*map(_quoted, answer.citations), f"<small>{escaped(trust(answer))}</small>"]
    return "\n\n".join(parts)


def place(link: str) -> Place | None:
    """Read the place from a citation's link; None when it is not one."""
    match = _LINK.fullmatch(link)
    return Place(match.group(3), int(match.group(1)), int(match.group(2))) if match else None


def _quoted(citation: Citation) -> str:
    article = citation.passage.article
    link = f"[\\[{citation.number}\\]](#cite-{citation.start}-{citation.end}-{article.id})"
    where = f"{escaped(article.title)} · {escaped(byline(article))}"
    before, said, after = map(escaped, quote_parts(citation))
    quote = f"{before}<strong>{said}</strong>{after}" if said else before
    return f"“{quote}” {link}<br><small>{where}</small>"
