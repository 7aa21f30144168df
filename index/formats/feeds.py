"""Feeds, RSS and Atom, into articles, one an entry; an entry that only teases is taken with what it has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

from index.errors import ArticleError
from index.formats.building import build, characters_only
from index.formats.given import Given
from index.formats.markup import element_text, html_text, local_name, xml_tree
from index.records import Article

_ROOTS = frozenset("rss feed RDF".split())
_PREFIXES = {
    "": "",
    "http://www.w3.org/2005/Atom": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
"""The vocabularies that are read; others use the same names for other things, such as media:title."""

_TEXTS = ("content:encoded", "content", "description", "summary")
_DATES = ("pubDate", "published", "dc:date", "updated")
_AUTHORS = ("dc:creator", "author")
_IDS = ("guid", "id", "link")


def read(given: Given) -> Iterator[Article | ArticleError]:
    """Read each entry as an article; one that is none comes as an error in its place.

    Raises: ArticleError, when the file is no feed, or has no entry.
    """
    for _, found in entries(given):
        yield found


def entries(given: Given, *, titles: bool = False) -> Iterator[tuple[str, Article | ArticleError]]:
    """Read each entry as the link to its page, "" if it has none, and the article it is by itself, or why it is none.

    With `titles`, an entry that has a page and a title but no text has the title for its text.

    Raises: ArticleError, when the file is no feed, or has no entry.
    """
    root = xml_tree(given.data(), given.where)
    if local_name(root) not in _ROOTS:
        raise ArticleError(
            f"{given.where} is XML of another kind (<{local_name(root)[:40]}>)", "an RSS or Atom feed", "Leave it out"
        )
    found = [node for node in root.iter() if local_name(node) in {"item", "entry"}]
    if not found:
        raise ArticleError(f"{given.where} holds no entry", "a feed with entries", "Leave it out")
    channel = next((node for node in root if local_name(node) == "channel"), root)
    source = _plain(_named(channel).get("title"))
    for number, entry in enumerate(found, 1):
        parts = _named(entry)
        try:
            yield _link(parts.get("link")), _article(parts, source, given, f"{given.where}, entry {number}", titles)
        except ArticleError as error:
            yield _link(parts.get("link")), error


def _article(parts: dict[str, Any], source: str, given: Given, where: str, titles: bool) -> Article:
    text = next((text for name in _TEXTS if (text := _text(parts.get(name)))), "")
    if titles and not text and _link(parts.get("link")):
        text = _plain(parts.get("title"))
    dates = ((name, day) for name in _DATES if (day := _day(parts.get(name))))
    dated, published = next(dates, ("", ""))
    id = next((id for name in _IDS if (id := _plain(parts.get(name)))), "")
    fields = {
        "title": _plain(parts.get("title")),
        "author": next((name for key in _AUTHORS if (name := _author(parts.get(key)))), ""),
        "source": source,
        "url": _link(parts.get("link")),
        "published": published,
    }
    return build(
        fields,
        text,
        where=where,
        fallback=given.stem,
        origin=f"{given.origin}#{id}" if id else "",
        dated=f"feed's {dated.rpartition(':')[2]}",
    )


def _named(node: Any) -> dict[str, Any]:
    """Give a node's children by name, the first of each that holds something; of links, the one to the page."""
    found: dict[str, Any] = {}
    for child in node:
        name = local_name(child)
        space = child.tag[1:].partition("}")[0] if name and child.tag.startswith("{") else ""
        if not name or space not in _PREFIXES or child.get("rel", "alternate") != "alternate":
            continue
        if len(child) or child.attrib or (child.text or "").strip():
            found.setdefault(_PREFIXES[space] + name, child)
    return found


def _text(node: Any) -> str:
    """Give the text of an element that holds HTML, escaped or as elements of its own, or plain text."""
    if node is None:
        return ""
    if len(node):
        return characters_only(element_text(node))
    inner = node.text or ""
    if node.get("type") in {"text", "text/plain"}:
        return characters_only(inner).strip()
    return characters_only(html_text(inner)[1])


def _plain(node: Any) -> str:
    inner = "".join(node.itertext()) if node is not None else ""
    if "<" in inner or "&" in inner:
        inner = html_text(inner)[1] if "</" in inner else unescape(inner)
    return characters_only(" ".join(inner.split()))


def _author(node: Any) -> str:
    if node is None:
        return ""
    name = next((child for child in node if local_name(child) == "name"), node)
    return _plain(name)


def _link(node: Any) -> str:
    return "" if node is None else characters_only(node.get("href") or "".join(node.itertext())).strip()


def _day(node: Any) -> str:
    value = _plain(node)
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return parse(value).date().isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return ""
