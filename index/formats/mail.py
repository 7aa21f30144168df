"""E-mails (.eml) into articles: subject, sender, date, and the text or else the HTML of the message."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import collapse_rfc2231_value, parseaddr, parsedate_to_datetime

from index.errors import ArticleError
from index.formats.building import build, characters_only
from index.formats.encodings import decoded
from index.formats.given import Given
from index.formats.markup import html_text
from index.records import Article


def read(given: Given) -> Iterator[Article]:
    """Read a message as one article; attachments and messages inside it are left out.

    Raises: ArticleError, when it has no text.
    """
    # compat32: the newer policies raise all kinds of exceptions at headers that senders get wrong
    message = email.message_from_bytes(given.data(), policy=email.policy.compat32)
    name, address = parseaddr(_header(message, "From"))
    fields = {
        "title": _header(message, "Subject"),
        "author": name or address,
        "published": _date(_header(message, "Date")),
    }
    yield build(
        fields,
        characters_only(_text(message, given.where)),
        where=given.where,
        fallback=given.stem,
        origin=given.origin,
        dated="Date header",
    )


def _text(message: Message, where: str) -> str:
    parts = [part for part in _parts(message) if part.get_content_disposition() != "attachment"]
    for kind in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == kind:
                text = _decoded(part, where)
                text = html_text(text)[1] if kind == "text/html" else text
                if text.strip():
                    return text
    raise ArticleError(f"{where} holds no text", "a message with a text", "Leave it out")


def _parts(message: Message) -> Iterator[Message]:
    """Give the parts of a message, in order, messages that it forwards left closed."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = part.get_payload() if part.is_multipart() else None
        if not isinstance(inner, list):
            yield part
        elif part.get_content_maintype() == "multipart":
            waiting.extend(one for one in reversed(inner) if isinstance(one, Message))


def _decoded(part: Message, where: str) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    try:
        return data.decode(collapse_rfc2231_value(part.get_param("charset", "ascii")))
    except (LookupError, ValueError):
        return decoded(data, where)


def _header(message: Message, name: str) -> str:
    value = message.get(name, "")
    try:
        value = str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        value = str(value)
    return characters_only(" ".join(value.split()))


def _date(value: str) -> str:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
