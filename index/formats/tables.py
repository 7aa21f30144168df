"""Tables with named columns into articles, one a row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from index.errors import ArticleError
from index.formats.encodings import decoded
from index.formats.given import MAX_BYTES, Given
from index.formats.named_fields import NAMES, distinct, record_article
from index.records import Article

_SEPARATORS = (",", ";", "\t")
"""Programs set to a language with a decimal comma write ; between columns, in files named .csv too."""

_LONGEST_HEADER = 100_000
_MAX_COLUMNS_SHOWN = 12


def read(given: Given) -> Iterator[Article | ArticleError]:
    """Read each row under the header as an article; a row that is none comes as an error in its place.

    Raises: ArticleError, when the header names no column for the text.
    """
    text = decoded(given.data(), given.where, given.charset)
    yield from distinct(_rows(text, _separator(text, given.where), given), given)


def _separator(text: str, where: str) -> str:
    header = re.split(r"[\r\n]", text, maxsplit=1)[0][:_LONGEST_HEADER]
    columns = {separator: _columns(next(csv.reader([header], delimiter=separator), [])) for separator in _SEPARATORS}
    for separator, found in columns.items():
        if set(found) & set(NAMES["text"]):
            return separator
    shown = max(columns.values(), key=len)
    raise ArticleError(
        f"{where} has the columns {', '.join(map(repr, shown[:_MAX_COLUMNS_SHOWN])) or 'none'}",
        f"a first row that names a column {' or '.join(map(repr, NAMES['text']))}",
        f"Name the columns; these are known: {' '.join(name for names in NAMES.values() for name in names)}",
    )


def _columns(header: list[str]) -> list[str]:
    return [name.strip().lower()[:60] for name in header]


def _rows(text: str, separator: str, given: Given) -> Iterator[tuple[int, Article | ArticleError]]:
    csv.field_size_limit(MAX_BYTES)  # of the whole process; the default, 131,072, is less than a long article
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    columns: list[str] = []
    line = 0
    while True:
        try:
            row = next(rows, None)
            if row is None:
                break
            if not columns:
                columns = _columns(row)
            else:
                line = rows.line_num
                if any(row):
                    yield line, record_article(dict(zip(columns, row, strict=False)), given, line)
        except csv.Error as error:
            line = rows.line_num
            yield line, ArticleError(f"{given.where}, line {line}, is no row ({error})", "a row", "Correct it")
        except ArticleError as error:
            yield line, error
    if not line:
        raise ArticleError(f"{given.where} has no row under its header", "an article a row", "Check how it was made")
