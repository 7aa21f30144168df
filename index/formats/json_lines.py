"""JSON lines into articles, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from index.errors import ArticleError
from index.formats.encodings import decoded_utf_8
from index.formats.given import MAX_BYTES, Given
from index.formats.named_fields import distinct, record_article
from index.records import Article


def read(given: Given) -> Iterator[Article | ArticleError]:
    """Read each line as an article; a line that is none comes as an error in its place.

    Raises: ArticleError, when there is no line.
    """
    if not given.size:
        raise ArticleError(f"{given.where} is empty", "one JSON object a line", "Check how it was made")
    yield from distinct(_lines(given), given)


def _lines(given: Given) -> Iterator[tuple[int, Article | ArticleError]]:
    with given.open() as stream:
        number = 0
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            if len(line) > MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BYTES)
                yield (
                    number,
                    ArticleError(
                        f"{given.where}, line {number}, has more than {MAX_BYTES / 1e6:.0f} MB",
                        "a smaller record",
                        "Split it into its articles",
                    ),
                )
            elif line.strip():
                try:
                    yield number, record_article(_record(line, f"{given.where}, line {number}"), given, number)
                except ArticleError as error:
                    yield number, error


def _record(line: bytes, where: str) -> dict[str, Any]:
    try:
        record: Any = json.loads(decoded_utf_8(line, where))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{where}, is not JSON ({error})", "one JSON object a line", "Correct the line") from error
    if not isinstance(record, dict):
        raise ArticleError(
            f"{where}, is not an object", 'an object such as {"title": …, "text": …}', "Correct the line"
        )
    return record
