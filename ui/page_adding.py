"""Articles added and removed from the page, by those who may change the library."""

from __future__ import annotations

import asyncio
import json
import os
import queue
import re
import tempfile
import threading
import unicodedata
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from index import Article, FootnoteError, Library, Outcome
from index.errors import ArticleError
from index.files import KINDS, article_files, read_articles
from index.formats.building import build
from index.formats.given import MAX_BYTES, MAX_FILE_BYTES
from index.web.addresses import is_address
from ui.authority import may_change
from ui.escaping import UNSEEN, escaped
from ui.receiving import batches
from ui.wording import byline, counted

if TYPE_CHECKING:
    from ui.page_links import Links

_SHOWN = 50
_UNDOABLE = 20
_LINK_BYTES = 20_000
_REASONS = 20
_UNSAFE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class NotAllowed(FootnoteError):
    """A visitor may not change the library."""


class Adding:
    """Add articles to a library one upload at a time, and remove them with a way back; from the web with `links`."""

    def __init__(self, library: Library, links: Links | None = None) -> None:
        self._library = library
        self._links = links
        self._writing = threading.Lock()
        self._removed: OrderedDict[str, Article] = OrderedDict()

    @property
    def fetches(self) -> bool:
        """Say whether links are taken."""
        return self._links is not None

    def offer(self, app: FastAPI) -> None:
        """Take files, texts and links at addresses of a web application."""

        async def receive(request: Request) -> StreamingResponse:
            folder = tempfile.TemporaryDirectory(prefix="footnote-")
            try:
                _check_owner(request)
                file, fields = await _taken(request, Path(folder.name))
                lines = self._added(lambda told: self._add(file, fields, told), folder)
            except FootnoteError as error:
                folder.cleanup()
                lines = _refused(error)
            except BaseException:  # the visitor has gone
                folder.cleanup()
                raise
            return StreamingResponse(lines, media_type="application/x-ndjson")

        async def fetch(request: Request) -> StreamingResponse:
            try:
                _check_owner(request)
                links = self._links
                if links is None:
                    raise NotAllowed(
                        "links are not fetched here", "files and texts", "Start Footnote with footnote serve --fetch"
                    )
                address = await _link(request)
                lines = self._added(lambda told: self._add_link(address, links, told))
            except FootnoteError as error:
                lines = _refused(error)
            return StreamingResponse(lines, media_type="application/x-ndjson")

        app.add_api_route("/_page/articles", receive, methods=["POST"], response_model=None)
        app.add_api_route("/_page/links", fetch, methods=["POST"], response_model=None)

    def remove(self, data: Any, request: Any) -> dict[str, Any]:
        """Remove an article; it can be put back until a few others have been removed.

        Raises: NotAllowed; ArticleError, when there is none; LibraryUnwritable.
        """
        article = self._library.remove(_article_id(data, request))
        if article is None:
            raise ArticleError("this article is not in the library", "one that it holds", "It may be gone already")
        self._removed[article.id] = article
        while len(self._removed) > _UNDOABLE:
            self._removed.popitem(last=False)
        return {"id": article.id, "title": article.title}

    def restore(self, data: Any, request: Any) -> dict[str, Any]:
        """Put a removed article back.

        Raises: NotAllowed; ArticleError, when it cannot be any more; LibraryUnwritable.
        """
        id = _article_id(data, request)
        article = self._removed.get(id)
        if article is None:
            raise ArticleError("this article was removed too long ago", "one removed just now", "Add it anew")
        with self._writing:
            (outcome,) = self._library.add([article])
        if isinstance(outcome, ArticleError):
            raise outcome
        del self._removed[id]
        return {"id": id, "title": article.title}

    async def _added(
        self, work: Callable[[queue.SimpleQueue[_Told]], None], folder: tempfile.TemporaryDirectory[str] | None = None
    ) -> AsyncIterator[str]:
        """Tell as lines of JSON how far the adding is, and at the end what became of it."""
        told: queue.SimpleQueue[_Told] = queue.SimpleQueue()
        threading.Thread(target=work, args=(told,), daemon=True).start()
        within = folder.name if folder else ""
        with folder or nullcontext():
            while True:
                said = await asyncio.to_thread(told.get)
                if isinstance(said, FootnoteError):
                    yield _line(html=_refusal(said, within), done=1, of=1, added=0)
                    return
                if isinstance(said, Exception):
                    raise said
                if isinstance(said, _Added):
                    yield _line(html=said.html(within), done=1, of=1, added=said.counts.total())
                    return
                yield _line(said=said) if isinstance(said, str) else _line(done=said[0], of=said[1])

    def _add(self, file: Path, fields: dict[str, str] | None, told: queue.SimpleQueue[_Told]) -> None:
        added = _Added()
        try:
            articles = list(_articles(file, fields, added))
            size, done = sum(len(one.text) for one in articles), 0

            def progress(characters: int) -> None:
                nonlocal done
                done += characters
                told.put((min(done, size), size))

            with self._writing:
                for batch in batches(articles):
                    for article, outcome in zip(batch, self._library.add(batch, progress), strict=True):
                        added.note(article, outcome)
            told.put(added)
        except Exception as error:  # noqa: BLE001 - told to the visitor's request, which raises it
            told.put(error)

    def _add_link(self, address: str, links: Links, told: queue.SimpleQueue[_Told]) -> None:
        added = _Added()
        try:
            for found in links.read(address, told.put):
                if isinstance(found, ArticleError):
                    added.refused.append(found)
                    continue
                with self._writing:
                    (outcome,) = self._library.add([found])
                added.note(found, outcome)
            self._library.failures.note({address: [str(error) for error in added.refused[:_REASONS]]})
            told.put(added)
        except Exception as error:  # noqa: BLE001 - told to the visitor's request, which raises it
            told.put(error)


@dataclass(slots=True)
class _Added:
    counts: Counter[Outcome] = field(default_factory=Counter)
    articles: list[Article] = field(default_factory=list)
    refused: list[ArticleError] = field(default_factory=list)

    def note(self, article: Article, outcome: Outcome | ArticleError) -> None:
        if isinstance(outcome, ArticleError):
            self.refused.append(outcome)
            return
        self.counts[outcome] += 1
        if len(self.articles) < _SHOWN:
            self.articles.append(article)

    def html(self, folder: str) -> str:
        names = {Outcome.ADDED: "added", Outcome.REPLACED: "replaced", Outcome.UNCHANGED: "here already"}
        parts = [f"{self.counts[one]:,} {name}" for one, name in names.items() if self.counts[one]]
        parts += [f"{len(self.refused):,} refused"] if self.refused else []
        total = self.counts.total() + len(self.refused)
        lines = f"<p><b>{counted(total, 'article')}: {', '.join(parts) or 'none found'}.</b></p>"
        lines += "".join(_refusal(error, folder) for error in self.refused[:_SHOWN])
        listed = "".join(
            f'<li><button class="fn-link" data-do="read" data-place="0-0-{escaped(one.id)}" dir="auto">'
            f"{escaped(one.title)}</button> <small>{escaped(byline(one))}</small></li>"
            for one in self.articles
        )
        return lines + (f"<ul>{listed}</ul>" if listed else "")


_Told = tuple[int, int] | str | _Added | Exception


async def _refused(error: FootnoteError) -> AsyncIterator[str]:
    yield _line(html=_refusal(error), done=1, of=1, added=0)


def _refusal(error: FootnoteError, folder: str = "") -> str:
    found = error.found.replace(f"{os.path.realpath(folder)}/", "").replace(f"{folder}/", "") if folder else error.found
    return (
        f'<p class="fn-refused"><b>Not added:</b> {escaped(found)}. Expected: {escaped(error.expected)}. '
        f"{escaped(error.remedy)}.</p>"
    )


def _line(**values: object) -> str:
    return json.dumps(values) + "\n"


def _check_owner(request: Request) -> None:
    if not may_change(request) or "x-footnote" not in request.headers:
        raise NotAllowed("you may read this library only", "its owner", "Ask the owner to add articles")


async def _link(request: Request) -> str:
    """Read the address that was sent.

    Raises: ArticleError.
    """
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LINK_BYTES:
            raise ArticleError("the link is too long", "the address of a page or a feed", "Correct it")
    try:
        address = json.loads(body)["address"].strip()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ArticleError("what came is no link from the page", "one", "Load it anew") from None
    if not is_address(address):
        raise ArticleError(f"{address[:200]!r} is no link", "one that begins with https:// or http://", "Correct it")
    return address  # type: ignore[no-any-return]


def _article_id(data: Any, request: Any) -> str:
    if not may_change(request):
        raise NotAllowed("you may read this library only", "its owner", "Ask the owner")
    return str(data.get("id", ""))[:200] if isinstance(data, dict) else ""


async def _taken(request: Request, folder: Path) -> tuple[Path, dict[str, str] | None]:
    """Write what was sent into a file; give it, and the fields of a text that was typed.

    Raises: ArticleError.
    """
    typed = request.headers.get("content-type", "").startswith("application/json")
    name = "pasted.txt" if typed else _name(request.query_params.get("name", ""))
    most = 6 * MAX_BYTES if typed else MAX_FILE_BYTES
    if not typed and Path(name).suffix.lower() not in KINDS:
        raise ArticleError(f"{name} is of a kind that cannot be read", ", ".join(KINDS), "Save it as one of these")
    size, file = 0, folder / name
    with open(file, "wb") as stream:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise ArticleError(f"{name} is too large", f"at most {most / 1e6:.0f} MB", "Split it")
            stream.write(part)
    return file, _fields(file) if typed else None


def _fields(file: Path) -> dict[str, str]:
    try:
        values = json.loads(file.read_bytes())
        names = ("title", "source", "url", "published", "text")
        return {name: str(values[name]) for name in names if values.get(name)}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise ArticleError("what came is no text from the page", "a text with its fields", "Load it anew") from None


def _name(given: str) -> str:
    """Make a name for a file out of the one it had on the visitor's machine."""
    name = UNSEEN.sub("", _UNSAFE_NAME.sub("_", unicodedata.normalize("NFC", given))).strip().lstrip(".")
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[:80] or 'file'}{dot}{suffix[:10]}" if dot else name[:80] or "file"


def _articles(file: Path, fields: dict[str, str] | None, added: _Added) -> Iterator[Article]:
    if fields is not None:
        text = fields.pop("text", "")
        yield build(fields, text, where="the text", fallback="Pasted text", origin="", dated="typed with the text")
        return
    files, _, errors = article_files([file])
    added.refused += errors
    for one in files:
        for found in read_articles(one):
            if isinstance(found, ArticleError):
                added.refused.append(found)
            else:
                yield replace(found, origin="")
