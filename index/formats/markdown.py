"""Markdown, with front matter or without, into an article (yaml)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.errors import ArticleError
from index.formats.building import FIELDS, build
from index.formats.encodings import decoded
from index.formats.given import MAX_BYTES, Given
from index.records import Article

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_FRONT_MATTER = 20_000


def read(given: Given) -> Iterator[Article]:
    """Read a file of Markdown as one article, its marks left in the text.

    Raises: ArticleError.
    """
    text = decoded(given.data(MAX_BYTES), given.where, given.charset).replace("\r\n", "\n")
    fields, text = _front_matter(text, given.where)
    yield build(fields, text, where=given.where, fallback=given.stem, origin=given.origin, dated="front matter")


def _front_matter(text: str, where: str) -> tuple[dict[str, str], str]:
    import yaml

    match = _FRONT_MATTER.match(text)
    if not match:
        return {}, text
    try:
        if len(match.group(1)) > _MAX_FRONT_MATTER:
            raise ValueError(f"longer than {_MAX_FRONT_MATTER} characters")
        found = yaml.load(match.group(1), Loader=yaml.BaseLoader)  # noqa: S506 - strings, lists and mappings only
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())[:200]
        raise ArticleError(
            f"{where} has front matter that is not YAML ({problem})", "key: value lines", "Correct it"
        ) from error
    if found is None or found == "":
        found = {}
    if not isinstance(found, dict):
        raise ArticleError(f"{where} has front matter that is not key: value lines", "such as title: …", "Correct it")
    for field in FIELDS:
        if not isinstance(found.get(field, ""), str):
            raise ArticleError(f"{where}, front matter field {field!r} is not text", "one value", "Correct it")
    return {field: found.get(field, "") for field in FIELDS}, text[match.end() :]
