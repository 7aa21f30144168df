"""Which reader is for which kind of file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from index.errors import ArticleError
from index.formats import docx, epub, feeds, html, json_lines, mail, markdown, pdf, plain, tables
from index.formats.given import Given
from index.records import Article

_Reader = Callable[[Given], Iterator[Article | ArticleError]]

PLAIN: dict[str, _Reader] = {
    ".txt": plain.read,
    ".md": markdown.read,
    ".jsonl": json_lines.read,
    ".csv": tables.read,
    ".tsv": tables.read,
}
"""Kinds that are little more than their text."""

INTRICATE: dict[str, _Reader] = {
    ".html": html.read,
    ".htm": html.read,
    ".pdf": pdf.read,
    ".docx": docx.read,
    ".epub": epub.read,
    ".eml": mail.read,
    ".xml": feeds.read,
    ".rss": feeds.read,
    ".atom": feeds.read,
}
"""Kinds whose parsers can crash, hang or take all memory: read in a process of their own."""

FEEDS = frozenset({".xml", ".rss", ".atom"})
ARCHIVE = ".zip"
READERS = PLAIN | INTRICATE


def read(given: Given) -> Iterator[Article | ArticleError]:
    """Read the articles of one file; what cannot be read comes as an error in its place."""
    try:
        yield from READERS[given.suffix](given)
    except ArticleError as error:
        yield error
    except OSError as error:
        yield unreadable(given.where, error)


def unreadable(where: str, error: OSError) -> ArticleError:
    return ArticleError(
        f"{where} cannot be read ({error.strerror or error})", "a file you may read", "Check its permissions"
    )
