"""Plain text into an article."""

from __future__ import annotations

from collections.abc import Iterator

from index.formats.building import build
from index.formats.encodings import decoded
from index.formats.given import MAX_BYTES, Given
from index.records import Article


def read(given: Given) -> Iterator[Article]:
    """Read a file of text as one article.

    Raises: ArticleError.
    """
    text = decoded(given.data(MAX_BYTES), given.where, given.charset)
    yield build({}, text, where=given.where, fallback=given.stem, origin=given.origin, dated="")
