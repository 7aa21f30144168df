"""Articles out of fields and a text, with the checks that every kind of file shares."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime

from index.errors import ArticleError
from index.formats.given import MAX_BYTES
from index.records import Article

FIELDS = ("id", "title", "author", "source", "url", "published")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_MAX_TITLE = 90
_NO_TEXT = re.compile("[\0\ud800-\udfff\ufffe\uffff]")


def build(
    fields: Mapping[str, str],
    text: str,
    *,
    where: str,
    fallback: str,
    origin: str,
    dated: str,
    pages: tuple[int, ...] = (),
) -> Article:
    """Make an article; `fallback` titles it when neither the fields nor the text do.

    White space around the text is taken off, so a text that comes with pages must have none.

    Raises: ArticleError, when it has no text or too much, an id or a date that is none, or half characters.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ArticleError(f"{where} holds no text", "an article", "Leave it out, or give it its text")
    check_characters(text + "".join(fields.values()), where)
    size = len(text.encode())
    if size > MAX_BYTES:
        raise ArticleError(
            f"{where} has {size / 1e6:.1f} MB of text",
            f"at most {MAX_BYTES / 1e6:.0f} MB in an article",
            "Split it into its articles",
        )
    title, author, source = (" ".join(fields.get(field, "").split()) for field in ("title", "author", "source"))
    title = title or _title_of(text) or fallback
    url = fields.get("url", "").strip()
    published = _day(fields.get("published", "").strip(), where)
    id = fields.get("id", "").strip()
    if id and not _ID.fullmatch(id):
        raise ArticleError(
            f"{where} has the id {id[:130]!r}", "letters, digits and . _ - only, at most 120", "Correct the id"
        )
    id = id or content_id(title, text, source, url, published)
    return Article(
        id,
        title,
        text,
        source,
        url,
        published,
        published_from=dated if published else "",
        origin=origin,
        author=author,
        pages=pages,
    )


def content_id(title: str, text: str, source: str, url: str, published: date | None) -> str:
    """Name an article that brings no id: its title, readable, and a hash of all it says."""
    content = json.dumps([title, text, source, url, published.isoformat() if published else ""])
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_title).strip("-")[:40].strip("-")
    return f"{slug or 'article'}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def characters_only(text: str) -> str:
    """Take out what is no character: zeros, half characters, and the two that Unicode keeps empty."""
    return _NO_TEXT.sub("", text)


def check_characters(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{where} holds half a character ({text[error.start]!r})", "Unicode text", "Write the file again as UTF-8"
        ) from None
    if "\0" in text:
        raise ArticleError(f"{where} holds a zero character", "text", "Take it out")


def _title_of(text: str) -> str:
    line = re.sub(r"^#+\s*", "", text.split("\n", 1)[0]).strip()
    if len(line) <= _MAX_TITLE:
        return line
    return line[:_MAX_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


def _day(value: str, where: str) -> date | None:
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise ArticleError(
            f"{where} was published {value[:60]!r}", "a date such as 2022-11-14", "Correct it, or leave it out"
        ) from None
