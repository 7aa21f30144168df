"""A kept conversation as a file: Markdown with footnotes, or JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from index import Article
from qa import Citation
from qa.conversations import Conversation, Told
from ui.escaping import UNSEEN
from ui.records import conversation_values
from ui.wording import NOT_FOUND, address, also_note, as_of_note, byline, lost_note, pages, query_note, reply_lines

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    """Escape every mark that Markdown or HTML could read, and characters that turn the text around."""
    return _PUNCTUATION.sub(r"\\\1", UNSEEN.sub("\ufffd", " ".join(text.split("\n"))))


def conversation_markdown(conversation: Conversation) -> str:
    """Write questions and quotes, and where each quote stands as a footnote; all text is escaped."""
    lines = [f"# {escaped(conversation.kept.name)}", "", f"{conversation.kept.started:%Y-%m-%d %H:%M} UTC", ""]
    footnotes: list[str] = []
    for told in conversation.told:
        lines += [f"**{escaped(told.answer.question)}**", "", *_answer(told, footnotes), ""]
    return "\n".join([*lines, *footnotes]).rstrip() + "\n"


def conversation_json(conversation: Conversation) -> str:
    """Write everything that is kept of a conversation."""
    return json.dumps(conversation_values(conversation), ensure_ascii=False, indent=2) + "\n"


def _answer(told: Told, footnotes: list[str]) -> Iterator[str]:
    answer = told.answer
    if answer.reply:
        yield " ".join(escaped(line) for line in reply_lines(answer.reply))
        return
    for note in filter(None, (as_of_note(answer), query_note(answer))):
        yield from (f"*{escaped(note)}*", "")
    if not answer.found and not told.lost:
        yield NOT_FOUND
    for citation in answer.citations:
        footnotes.append(f"[^{len(footnotes) + 1}]: {_where(citation)}")
        yield f"> “{escaped(citation.quote)}”[^{len(footnotes)}]"
        yield ""
    if told.lost:
        yield f"*{lost_note(told.lost)}*"


def _where(citation: Citation) -> str:
    also = [_place(passage.article, passage.start, passage.end) for passage in citation.also]
    others = f"; {also_note(citation)}: {'; '.join(also)}" if also else ""
    article = citation.passage.article
    place = _place(article, citation.start, citation.end)
    return f"{escaped(article.title)}. {place}{others}"


def _place(article: Article, start: int, end: int) -> str:
    link = f" {escaped(address(article, start, end))}" if article.url else ""
    on = pages(article, start, end)
    place = f"{escaped(article.id)}, {escaped(on) + ', ' if on else ''}characters {start}-{end}"
    return f"{escaped(byline(article))}.{link} ({place})"
