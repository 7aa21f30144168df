"""Addresses into articles: a page by itself, a feed by the pages of its entries."""

from __future__ import annotations

import logging
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from index import reading_process
from index.errors import ArticleError, FetchError
from index.formats.given import Fetched
from index.formats.kinds import FEEDS
from index.reading_lines import Entry
from index.records import Article
from index.web.addresses import MOST_ENTRIES, Address, joined, parsed, same_host
from index.web.visitor import Visitor

_LEAST_WHOLE = 1_000
"""Characters from which on the text of an entry may be the whole article."""

_BROKEN_OFF = re.compile(
    r"(…|\.\.\.|\[…\]|\[\.\.\.\]|(read|continue)[ \w]{0,20}(more|reading)?\W*)\s*\Z", re.IGNORECASE
)
_MOST_FAILURES = 5
"""After so many pages in a row that could not be fetched, the rest of a feed is not tried."""

_MANY_TO_ONE = frozenset({".csv", ".tsv", ".jsonl"})
_notices = logging.getLogger("footnote")


def read_address(
    text: str,
    *,
    most: int = MOST_ENTRIES,
    visitor: Visitor | None = None,
    told: Callable[[str], object] | None = None,
) -> Iterator[Article | ArticleError]:
    """Fetch a page or a feed and read its articles; what cannot be read comes as an error in its place.

    Of a feed the pages of its first `most` entries are fetched; where that fails, the entry's own text is the article
    if it seems whole: long, and not broken off. `told` is called with each address before it is fetched.
    One visitor for several calls keeps the pace that sites ask for.
    """
    visitor = visitor or Visitor()
    tell = told or (lambda _: None)
    try:
        address = parsed(text)
        with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
            tell(str(address))
            file, fetched = visitor.fetch(address, Path(folder), named=True)
            if fetched.suffix in FEEDS:
                entries = list(reading_process.read_fetched(file, fetched))
                yield from _feed(entries, fetched, most, visitor, tell)
            else:
                yield from _page(file, fetched)
    except FetchError as error:
        yield error


def _page(file: Path, fetched: Fetched) -> Iterator[Article | ArticleError]:
    host = urlsplit(fetched.final).hostname or ""
    for found in reading_process.read_fetched(file, fetched):
        if isinstance(found, Article):
            says = _host(found.url)
            own = bool(says) and (fetched.suffix in _MANY_TO_ONE or same_host(says, host))
            yield found if own else replace(found, url=fetched.final)
        elif isinstance(found, ArticleError):
            yield found


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        return (parts.hostname or "") if parts.scheme in {"http", "https"} else ""
    except ValueError:
        return ""


def _feed(
    entries: list[Article | ArticleError | Entry],
    fetched: Fetched,
    most: int,
    visitor: Visitor,
    tell: Callable[[str], object],
) -> Iterator[Article | ArticleError]:
    if len(entries) > most:
        _notices.warning("%s: left out %d entries after the first %d", fetched.asked, len(entries) - most, most)
    failures = 0
    base = parsed(fetched.final)
    for number, entry in enumerate(islice(entries, most), 1):
        if not isinstance(entry, Entry):
            yield entry
        elif not entry.link:
            yield entry.known
        elif failures >= _MOST_FAILURES:
            problem = FetchError(
                f"{entry.link[:200]} was not fetched, after {failures} others that could not be",
                "pages that can be fetched",
                "Try again later",
            )
            yield from _own_text(entry, base, [problem])
        else:
            tell(f"{number} of {min(len(entries), most)}: {entry.link[:200]}")
            found, reached = _entry_page(entry, base, visitor)
            failures = 0 if reached else failures + 1
            articles = [_completed(one, entry.known) for one in found if isinstance(one, Article)]
            if sum(len(one.text) for one in articles) * 2 < _whole_length(entry.known):
                articles = []  # the page shows its beginning alone
            yield from articles or _own_text(entry, base, found)


def _entry_page(entry: Entry, base: Address, visitor: Visitor) -> tuple[list[Article | ArticleError], bool]:
    """Read the page of an entry; say whether it could be fetched."""
    try:
        with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
            address = joined(base, entry.link)
            file, fetched = visitor.fetch(address, Path(folder))
            if fetched.suffix in FEEDS:
                return [
                    ArticleError(f"{fetched.asked} is a feed in a feed", "a page", "Give that address itself")
                ], True
            return list(_page(file, fetched)), True
    except FetchError as error:
        return [error], False


def _own_text(entry: Entry, base: Address, problems: list[Article | ArticleError]) -> Iterator[Article | ArticleError]:
    known = entry.known
    if isinstance(known, Article) and _whole_length(known):
        try:
            page = str(joined(base, entry.link))
            yield replace(known, url=page, origin=page)
        except FetchError:
            yield replace(known, url="")
    else:
        yield from problems


def _whole_length(known: Article | ArticleError) -> int:
    """Give the length of the text that a feed holds of an entry, 0 when it does not seem whole."""
    if isinstance(known, ArticleError) or _BROKEN_OFF.search(known.text[-60:]):
        return 0
    return len(known.text) if len(known.text) >= _LEAST_WHOLE else 0


def _completed(article: Article, known: Article | ArticleError) -> Article:
    """Take from the feed what the page does not say of its article."""
    if isinstance(known, ArticleError):
        return article
    dated = article if article.published else known
    return replace(
        article,
        author=article.author or known.author,
        source=article.source or known.source,
        published=dated.published,
        published_from=dated.published_from,
    )
