"""Kept conversations, for the page: listed, opened, renamed, deleted."""

from __future__ import annotations

from typing import Any

from index import Library
from index.shelf import Kept
from qa.conversations import delete, rename, reopen
from qa.judging import judgements
from ui.answer_html import turns_html
from ui.authority import may_change, owner_of
from ui.escaping import escaped
from ui.page_talks import Talks
from ui.wording import counted

_LISTED = 300


def listed(data: Any, library: Library, request: Any) -> dict[str, Any]:
    """List a visitor's conversations, the latest first; the current one with what can be done with it."""
    current = _id(data)
    kept = library.conversations.all(owner_of(request))
    more = f'<p class="fn-hint">and {len(kept) - _LISTED:,} older ones</p>' if len(kept) > _LISTED else ""
    rows = "".join(_row(one, current) for one in kept[:_LISTED])
    return {"html": f"<ul>{rows}</ul>{more}" if rows else '<p class="fn-hint">None yet.</p>'}


def opened(data: Any, library: Library, request: Any) -> dict[str, Any]:
    """Open a conversation, its quotes taken anew from the articles.

    Raises: ConversationError.
    """
    id, owner = _id(data), owner_of(request)
    conversation = reopen(id, library, owner)
    turns = [(told.answer, told.lost) for told in conversation.told]
    html = turns_html(turns, judgements(library, id), may_judge=may_change(request))
    return {"html": html, "id": id, "turns": len(turns), "name": conversation.kept.name}


def renamed(data: Any, library: Library, request: Any) -> dict[str, Any]:
    """Give a conversation another name.

    Raises: ConversationError; LibraryUnwritable.
    """
    name = str(data.get("name", ""))[:500] if isinstance(data, dict) else ""
    return {"name": rename(_id(data), name, library, owner_of(request)) if name.strip() else ""}


def deleted(data: Any, library: Library, request: Any, talks: Talks) -> dict[str, Any]:
    """Delete a conversation for good.

    Raises: ConversationError; LibraryUnwritable.
    """
    id, owner = _id(data), owner_of(request)
    delete(id, library, owner)
    talks.forget(id, owner)
    return {"id": id}


def _id(data: Any) -> str:
    return str(data.get("conversation", ""))[:80] if isinstance(data, dict) else ""


def _row(kept: Kept, current: str) -> str:
    here = kept.id == current
    when = f"{kept.changed.astimezone():%-d %b %Y, %H:%M}"
    id = escaped(kept.id)
    saved = (
        f'<a href="conversations/{id}.md" download>Markdown</a> <a href="conversations/{id}.json" download>JSON</a> '
        f'<a href="_page/conversations/{id}.html" target="_blank" rel="noopener">To print</a>'
    )
    tools = (
        '<form class="fn-rename" data-do="rename"><label class="fn-unseen" for="fn-name">Name</label>'
        f'<input id="fn-name" name="name" maxlength="200" value="{escaped(kept.name)}" dir="auto">'
        '<button class="fn-button">Rename</button></form>'
        f'<p class="fn-saves">Save: {saved}</p>'
        '<p><button class="fn-link fn-danger" data-do="delete">Delete this conversation</button></p>'
    )
    marked = (' class="fn-current"', ' aria-current="true"', tools) if here else ("", "", "")
    told = f"{when} · {counted(kept.turns, 'question')}"
    return (
        f'<li{marked[0]}><button class="fn-open" data-do="open" data-conversation="{id}"{marked[1]}>'
        f'<span dir="auto">{escaped(kept.name)}</span><small>{escaped(told)}</small></button>{marked[2]}</li>'
    )
