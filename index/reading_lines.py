"""What passes between Footnote and the process that reads files for it: lines of JSON, never pickles."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from index.errors import ArticleError
from index.records import Article

MOST_BYTES = 64_000_000
"""Longest line: an article of the largest size, every character escaped."""


@dataclass(frozen=True, slots=True)
class Member:
    """Name a member of an archive that can be read."""

    number: int
    where: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold what is worth telling the user."""

    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold what a feed says of a page: where it is, "" if nowhere, and the article that the feed itself holds of it."""

    link: str
    known: Article | ArticleError


@dataclass(frozen=True, slots=True)
class Done:
    """End the answer to a request."""


Found = Article | ArticleError | Entry | Member | Notice | Done


def to_line(found: Found) -> bytes:
    """Write what was found as one line."""
    return json.dumps(_value(found)).encode() + b"\n"


def _value(found: Found) -> dict[str, Any]:
    value: dict[str, Any]
    if isinstance(found, Entry):
        value = {"link": found.link, "known": _value(found.known)}
    elif isinstance(found, ArticleError):
        value = {"found": found.found, "expected": found.expected, "remedy": found.remedy}
    else:
        value = asdict(found)
        if isinstance(found, Article) and found.published:
            value["published"] = found.published.isoformat()
    return {type(found).__name__: value}


def from_line(line: bytes) -> Found:
    """Read what `to_line` wrote.

    Raises: ValueError, KeyError, TypeError, when it is something else.
    """
    return _found(json.loads(line))


def _found(written: Any) -> Found:
    ((kind, value),) = dict(written).items()
    if kind == "Entry":
        known = _found(value["known"])
        if not isinstance(known, Article | ArticleError):
            raise ValueError(f"an entry that holds a {type(known).__name__}")
        return Entry(str(value["link"]), known)
    if kind == "Article":
        published = date.fromisoformat(value["published"]) if value["published"] else None
        return Article(**{**value, "published": published, "pages": tuple(value["pages"])})
    makers: dict[str, type[ArticleError | Member | Notice | Done]] = {
        "ArticleError": ArticleError,
        "Member": Member,
        "Notice": Notice,
        "Done": Done,
    }
    return makers[kind](**value)
