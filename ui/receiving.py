"""Articles that come by HTTP into the library: records, and files."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from index import Article, FootnoteError, Library, Outcome
from index.errors import ArticleError
from index.files import article_files, read_articles
from index.formats.given import Given
from index.formats.named_fields import record_article

_ORIGIN = "received"
_BATCH_CHARACTERS = 60_000
_NOT_IN_NAMES = re.compile(r"[^\w. ()-]+")


@dataclass(frozen=True, slots=True)
class Received:
    """Say what became of one article: its id and what adding it did, or why it was refused.

    `clash` is true where its id belongs to another article.
    """

    id: str
    outcome: Outcome | None
    refusal: FootnoteError | None = None
    clash: bool = False


def add_records(records: Sequence[dict[str, Any]], library: Library) -> list[Received]:
    """Add articles out of records with named fields; one with the id of one that came before replaces it.

    Raises: LibraryUnwritable.
    """
    given = Given("articles", _ORIGIN, 0, _no_file)
    found: list[Article | ArticleError] = []
    for number, record in enumerate(records, start=1):
        try:
            found.append(record_article(record, given, number))
        except ArticleError as error:
            found.append(error)
    return _added(found, library)


def add_files(files: Iterable[tuple[str, BinaryIO]], library: Library) -> list[Received]:
    """Add the articles of files, each with its name, read as `footnote add` reads them.

    A file is not known by its name: one that changed is another, unless its articles bring their ids.
    Raises: LibraryUnwritable.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-received-") as folder:
        return _added(_read(files, Path(folder)), library)


def _read(files: Iterable[tuple[str, BinaryIO]], folder: Path) -> Iterator[Article | ArticleError]:
    for number, (name, stream) in enumerate(files):
        file = folder / str(number) / safe_name(name)
        file.parent.mkdir()
        with open(file, "wb") as written:
            shutil.copyfileobj(stream, written)
        _, _, errors = article_files([file])
        for found in errors or read_articles(file):
            yield _without(found, f"{file.parent}{os.sep}") if isinstance(found, ArticleError) else found


def _added(found: Iterable[Article | ArticleError], library: Library) -> list[Received]:
    results: dict[int, Received] = {}
    numbers: deque[int] = deque()

    def readable() -> Iterator[Article]:
        for number, one in enumerate(found):
            if isinstance(one, ArticleError):
                results[number] = Received("", None, one)
            else:
                numbers.append(number)
                yield replace(one, origin=f"{_ORIGIN}#{one.id}")

    for batch in batches(readable()):
        for article, outcome in zip(batch, library.add(batch), strict=True):
            results[numbers.popleft()] = _result(article, outcome)
    library.save_cache()
    return [results[number] for number in sorted(results)]


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Give articles in lists of a size at which encoding and writing them together pays."""
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if sum(len(article.text) for article in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _result(article: Article, outcome: Outcome | ArticleError) -> Received:
    if isinstance(outcome, ArticleError):
        refusal = ArticleError(
            f"the id {article.id!r} belongs to another article", outcome.expected, "Give it another, or delete that one"
        )
        return Received(article.id, None, refusal, clash=True)
    return Received(article.id, outcome)


def safe_name(name: str) -> str:
    """Make of what a client calls a file a name for one of ours: its last part, its end kept, nothing in it a path."""
    last = PurePosixPath(name.replace("\\", "/")).name
    last = _NOT_IN_NAMES.sub("_", last).lstrip(". ")
    stem, suffix = os.path.splitext(last)
    return f"{stem[:60] or 'file'}{suffix[:12]}"


def _without(error: ArticleError, folder: str) -> ArticleError:
    return ArticleError(*(text.replace(folder, "") for text in (error.found, error.expected, error.remedy)))


def _no_file() -> BinaryIO:
    raise OSError("a record has no file")
