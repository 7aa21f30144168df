"""Files into articles: plain text, Markdown with front matter, JSON lines."""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.records import Article

KINDS = (".txt", ".md", ".jsonl")
MAX_BYTES = 5_000_000
"""Largest article, as a file or as a record: several novels."""

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_MAX_FRONT_MATTER = 20_000
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
_FIELDS = ("id", "title", "source", "url", "published")
_MAX_TITLE = 90


def article_files(paths: Sequence[str | Path]) -> tuple[list[Path], list[Path], list[ArticleError]]:
    """Find the files to read under paths, in order; then those of other kinds; then what is wrong.

    A folder is searched to its leaves, hidden files and folders left out. A file named by
    itself must be of a known kind.
    """
    files: dict[Path, None] = {}
    others: list[Path] = []
    errors: list[ArticleError] = []
    for path in map(Path, paths):
        if path.is_dir():
            for folder, folders, names in os.walk(
                path, onerror=lambda e: errors.append(_unreadable(Path(e.filename), e))
            ):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(name for name in names if not name.startswith(".")):
                    file = Path(folder, name)
                    if file.suffix.lower() in KINDS:
                        files[file] = None
                    else:
                        others.append(file)
        elif not path.exists():
            errors.append(ArticleError(f"{path} does not exist", "a file or a folder", "Check the path"))
        elif path.suffix.lower() not in KINDS or not path.is_file():
            errors.append(
                ArticleError(
                    f"{path} is of a kind that cannot be read ({path.suffix or 'no suffix'})",
                    ", ".join(KINDS),
                    "Save it as text",
                )
            )
        else:
            files[path] = None
    return list(files), others, errors


def read_articles(file: Path) -> Iterator[Article | ArticleError]:
    """Read the articles of one file; what cannot be read comes as an error in its place."""
    try:
        if file.suffix.lower() == ".jsonl":
            yield from _records(file)
        else:
            yield _whole(file)
    except ArticleError as error:
        yield error
    except OSError as error:
        yield _unreadable(file, error)


def content_id(title: str, text: str, source: str, url: str, published: date | None) -> str:
    """Name an article that brings no id: its title, readable, and a hash of all it says."""
    content = json.dumps([title, text, source, url, published.isoformat() if published else ""])
    ascii_title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_title).strip("-")[:40].strip("-")
    return f"{slug or 'article'}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _whole(file: Path) -> Article:
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise ArticleError(
            f"{file} has {size / 1e6:.1f} MB",
            f"at most {MAX_BYTES / 1e6:.0f} MB in an article",
            "Split it into its articles",
        )
    text = _decoded(file.read_bytes(), str(file))
    fields: dict[str, str] = {}
    if file.suffix.lower() == ".md":
        fields, text = _front_matter(text, str(file))
    return _article(fields, text, where=str(file), fallback=file.stem, origin=str(file.resolve()), dated="front matter")


def _records(file: Path) -> Iterator[Article | ArticleError]:
    lines_of: dict[str, int] = {}
    with open(file, "rb") as stream:
        number = 0
        while line := stream.readline(MAX_BYTES + 1):
            number += 1
            where = f"{file}, line {number}"
            if len(line) > MAX_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MAX_BYTES)
                yield ArticleError(
                    f"{where}, has more than {MAX_BYTES / 1e6:.0f} MB", "a smaller record", "Split it into its articles"
                )
                continue
            if not line.strip():
                continue
            try:
                article = _record(line, where, file)
                if article.id in lines_of:
                    raise ArticleError(
                        f"{where}, has the id of line {lines_of[article.id]} ({article.id!r})",
                        "an id of its own",
                        "Change one, or take one of the two out",
                    )
            except ArticleError as error:
                yield error
            else:
                lines_of[article.id] = number
                yield article
    if not number:
        raise ArticleError(f"{file} is empty", "one JSON object a line", "Check how it was made")


def _record(line: bytes, where: str, file: Path) -> Article:
    try:
        record: Any = json.loads(_decoded(line, where))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"{where}, is not JSON ({error})", "one JSON object a line", "Correct the line") from error
    if not isinstance(record, dict):
        raise ArticleError(
            f"{where}, is not an object", 'an object such as {"title": …, "text": …}', "Correct the line"
        )
    fields: dict[str, str] = {}
    for field in (*_FIELDS, "text"):
        value = record.get(field)
        if value is not None and not isinstance(value, str):
            raise ArticleError(
                f"{where}, field {field!r} is {type(value).__name__}", "a string", "Put the value in quotation marks"
            )
        fields[field] = value or ""
    if not fields["text"].strip():
        raise ArticleError(f"{where}, field 'text' is missing or empty", "the article's text", "Correct the line")
    _check_characters(fields["text"] + "".join(fields[field] for field in _FIELDS), where)
    origin = f"{file.resolve()}#{fields['id']}" if fields["id"] else ""
    return _article(fields, fields["text"], where=where, fallback=file.stem, origin=origin, dated="record")


def _article(fields: dict[str, str], text: str, *, where: str, fallback: str, origin: str, dated: str) -> Article:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise ArticleError(f"{where} holds no text", "an article", "Leave it out, or give it its text")
    title = " ".join(fields.get("title", "").split()) or _title_of(text) or fallback
    source, url = " ".join(fields.get("source", "").split()), fields.get("url", "").strip()
    published = _day(fields.get("published", "").strip(), where)
    id = fields.get("id", "").strip()
    if id and not _ID.fullmatch(id):
        raise ArticleError(
            f"{where} has the id {id[:130]!r}", "letters, digits and . _ - only, at most 120", "Correct the id"
        )
    id = id or content_id(title, text, source, url, published)
    return Article(id, title, text, source, url, published, dated if published else "", origin)


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
    for field in _FIELDS:
        if not isinstance(found.get(field, ""), str):
            raise ArticleError(f"{where}, front matter field {field!r} is not text", "one value", "Correct it")
    return {field: found.get(field, "") for field in _FIELDS}, text[match.end() :]


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


def _decoded(data: bytes, where: str) -> str:
    if b"\0" in data:
        raise ArticleError(f"{where} is binary", "text", "Leave it out, or save it as text")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(
            f"{where} is not UTF-8 (byte 0x{data[error.start]:02x} at {error.start:,})",
            "UTF-8 text",
            "Save it as UTF-8",
        ) from None
    return text


def _check_characters(text: str, where: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ArticleError(
            f"{where} holds half a character ({text[error.start]!r})", "Unicode text", "Write the file again as UTF-8"
        ) from None
    if "\0" in text:
        raise ArticleError(f"{where} holds a zero character", "text", "Take it out")


def _unreadable(file: Path, error: OSError) -> ArticleError:
    return ArticleError(
        f"{file} cannot be read ({error.strerror or error})", "a file you may read", "Check its permissions"
    )
