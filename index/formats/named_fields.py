"""Articles out of records with named fields: a line of JSON, a row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from index.errors import ArticleError
from index.formats.building import build, check_characters
from index.formats.given import Given
from index.records import Article

NAMES = {
    "id": ("id",),
    "title": ("title",),
    "author": ("author",),
    "source": ("source",),
    "url": ("url",),
    "published": ("published", "date"),
    "text": ("text", "body", "content"),
}
"""The names a field may go by; the first one that holds something is taken."""


def record_article(record: Mapping[str, object], given: Given, line: int) -> Article:
    """Make an article of a record.

    Raises: ArticleError, when a field is no string, or the text is missing.
    """
    where = f"{given.where}, line {line}"
    fields: dict[str, str] = {}
    for field, names in NAMES.items():
        name = next((name for name in names if record.get(name) not in (None, "")), field)
        value = record.get(name)
        if value is not None and not isinstance(value, str):
            raise ArticleError(
                f"{where}, field {name!r} is {type(value).__name__}", "a string", "Put the value in quotation marks"
            )
        fields[field] = value or ""
    check_characters("".join(fields.values()), where)
    text = fields.pop("text")
    if not text.strip():
        raise ArticleError(f"{where}, field 'text' is missing or empty", "the article's text", "Correct the line")
    origin = f"{given.origin}#{fields['id']}" if fields["id"] else ""
    return build(fields, text, where=where, fallback=given.stem, origin=origin, dated="record")


def distinct(found: Iterable[tuple[int, Article | ArticleError]], given: Given) -> Iterator[Article | ArticleError]:
    """Give what was found in the lines of a file, with an error for an id that an earlier line has."""
    lines_of: dict[str, int] = {}
    for line, one in found:
        if isinstance(one, Article) and lines_of.setdefault(one.id, line) != line:
            yield ArticleError(
                f"{given.where}, line {line}, has the id of line {lines_of[one.id]} ({one.id!r})",
                "an id of its own",
                "Change one, or take one of the two out",
            )
        else:
            yield one
