"""Books (.epub) into articles, one a chapter: a quote then names the chapter, and a changed one replaces itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from index.errors import ArticleError
from index.formats.building import build, characters_only
from index.formats.encodings import decoded
from index.formats.given import Given
from index.formats.markup import html_text, local_name, xml_tree
from index.formats.zipped import Zipped
from index.records import Article

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = frozenset({"application/xhtml+xml", "text/html"})


def read(given: Given) -> Iterator[Article | ArticleError]:
    """Read each document of the book's spine as an article; the table of contents is left out.

    Raises: ArticleError, when the book is damaged, locked, or lists no chapter with text.
    """
    with closing(Zipped(given)) as file:
        package_name = _package_name(file, given.where)
        package = xml_tree(file.data(package_name), given.where)
        book = _Book(package, given)
        found = 0
        for href in book.chapters:
            name = posixpath.normpath(posixpath.join(posixpath.dirname(package_name), unquote(href)))
            where = f"{given.where}!{name}"
            try:
                heading, text = html_text(decoded(file.data(name), where))
                if text:
                    found += 1
                    yield book.article(heading, text, where, f"{given.origin}!{name}")
            except ArticleError as error:
                found += 1
                yield error
        if not found:
            locked = any(member.filename == _ENCRYPTION for member in file.members)
            raise ArticleError(
                f"{given.where} {'is encrypted' if locked else 'holds no text'}", "a book with text", "Leave it out"
            )


class _Book:
    """Know what the package file says of a book: title, author, publisher, chapters in their order."""

    def __init__(self, package: Any, given: Given) -> None:
        self._stem = given.stem
        self._said: dict[str, str] = {}
        files: dict[str, str] = {}
        order: list[str] = []
        for node in package.iter():
            name = local_name(node)
            if name in {"title", "creator", "publisher", "date"}:
                self._said.setdefault(name, characters_only((node.text or "").strip()))
            elif name == "item" and node.get("media-type") in _CHAPTERS and "nav" not in node.get("properties", ""):
                files[node.get("id", "")] = node.get("href", "")
            elif name == "itemref":
                order.append(node.get("idref", ""))
        self.chapters = list(dict.fromkeys(files[id] for id in order if id in files))

    def article(self, heading: str, text: str, where: str, origin: str) -> Article:
        book = self._said.get("title", "")
        fields = {
            "title": characters_only(f"{book}: {heading}" if book and heading and heading != book else book or heading),
            "author": self._said.get("creator", ""),
            "source": self._said.get("publisher", ""),
            "published": _whole_date(self._said.get("date", "")),
        }
        return build(
            fields, characters_only(text), where=where, fallback=self._stem, origin=origin, dated="book's package file"
        )


def _package_name(file: Zipped, where: str) -> str:
    for node in xml_tree(file.data(_CONTAINER), where).iter():
        if local_name(node) == "rootfile" and node.get("full-path"):
            return str(node.get("full-path"))
    raise ArticleError(f"{where} names no package file", "an EPUB book", "Save it again")


def _whole_date(value: str) -> str:
    """Keep a date that has a day; books often give a year alone, which is no date of an article."""
    try:
        return datetime.fromisoformat(value).date().isoformat()
    except ValueError:
        return ""
