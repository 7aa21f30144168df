"""The chat page: questions and quotes on the left, the cited article on the right.

The only file that knows Gradio; it takes seconds to import and is imported by ui/server.py when serving.
What is shown is drawn by our own HTML (page.html, answer_html.py); Gradio carries the questions and the calls.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import Response

from index import FootnoteError, Library
from index.files import KINDS
from qa import LanguageModel
from qa.conversations import ConversationError, reopen
from qa.suggesting import suggestions
from ui import page_checks, page_keeping, page_reading
from ui.authority import may_change, owner_of
from ui.conversation_html import conversation_html
from ui.line import Line
from ui.page_adding import Adding
from ui.page_asking import Asking
from ui.page_talks import Talks
from ui.page_writing import Writing
from ui.wording import searched

if TYPE_CHECKING:
    from ui.page_links import Links

FOLDER = Path(__file__).parent
ASSETS = {
    "page.css": "text/css",
    "written.css": "text/css",
    "page.svg": "image/svg+xml",
    **{
        f"page{part}.js": "text/javascript"
        for part in ("", "_asking", "_reading", "_keeping", "_filters", "_adding", "_writing", "_keys", "_telling")
    },
}
_LINKS = {"text/css": "stylesheet", "text/javascript": "modulepreload"}
_HEAD = '<link rel="icon" href="_page/page.svg">' + "".join(
    f'<link rel="{_LINKS[kind]}" href="_page/{name}">' for name, kind in ASSETS.items() if kind in _LINKS
)
_START = """
const begin = (module) => module.start(element, (asked) => trigger('submit', asked), server);
import(new URL('_page/page.js', document.baseURI)).then(begin);
"""
_TELL = """
const answer = () => ({ detail: element.querySelector('[data-key]') });
watch('value', () => document.dispatchEvent(new CustomEvent('footnote-told', answer())));
"""
_MOST_AT_ONCE = 400
"""How many events Gradio carries at once; those that wait for their answer (ui/line.py) are among them."""
_MOST_OUTLETS = 300


def mount(
    app: FastAPI, library: Library, line: Line, writer: LanguageModel | None = None, links: Links | None = None
) -> None:
    """Put the page for a library at the root of a web application; questions wait in `line`.

    `writer` writes over its quotes; with `links` its owner adds pages of the web.
    """
    adding = Adding(library, links)
    _offer_assets(app)
    _offer_print(app, library)
    adding.offer(app)
    gr.mount_gradio_app(
        app,
        page(library, adding, line, writer),
        path="/",
        head=_HEAD,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        max_file_size=1,  # files come to ui/page_adding.py, which asks first who sends them
    )


def page(library: Library, adding: Adding, line: Line, writer: LanguageModel | None = None) -> gr.Blocks:
    """Make the page for a library; it remembers the latest conversations, which the library keeps."""
    talks = Talks(library)
    writing = Writing(writer)
    asking = Asking(library, talks, line, writing)
    suggested = _Suggested(library)

    async def ask(event: gr.EventData, request: gr.Request) -> AsyncIterator[Any]:
        told = asking.ask(getattr(event, "question", None), str(request.session_hash), _plain(request))
        async for html in told:
            yield html

    def holds(data: Any, request: Request) -> dict[str, Any]:
        first, last, _ = library.dates()
        return {
            "searched": searched(library),
            "outlets": [[name, number] for name, number in library.sources()[:_MOST_OUTLETS] if name],
            "first": first.isoformat() if first else "",
            "last": last.isoformat() if last else "",
            "mayChange": may_change(request),
            "mayFetch": may_change(request) and adding.fetches,
        }

    def suggest(data: Any, request: Request) -> list[str]:
        return suggested.now()

    def read(data: Any, request: Request) -> dict[str, Any]:
        return page_reading.read(data, library, request)

    def kept(data: Any, request: Request) -> dict[str, Any]:
        return page_keeping.listed(data, library, request)

    def open_kept(data: Any, request: Request) -> dict[str, Any]:
        return page_keeping.opened(data, library, request)

    def rename(data: Any, request: Request) -> dict[str, Any]:
        return page_keeping.renamed(data, library, request)

    def delete(data: Any, request: Request) -> dict[str, Any]:
        return page_keeping.deleted(data, library, request, talks)

    def judge(data: Any, request: Request) -> dict[str, Any]:
        return page_checks.judged(data, library, request)

    def remove(data: Any, request: Request) -> dict[str, Any]:
        return adding.remove(data, request)

    def restore(data: Any, request: Request) -> dict[str, Any]:
        return adding.restore(data, request)

    async def stop(data: Any, request: Request) -> None:
        asking.stop(_key(data))

    async def write(data: Any, request: gr.Request) -> dict[str, str]:
        return await writing.written(_key(data), _plain(request))

    calls: list[Callable[..., Any]] = [holds, suggest, read, kept, open_kept, rename, delete, judge, remove, restore]
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as blocks:
        shell = gr.HTML(
            _shell(),
            js_on_load=_START,
            apply_default_css=False,
            server_functions=[*map(_answering, calls), stop, write],
        )
        told = gr.HTML("", js_on_load=_TELL, apply_default_css=False, elem_id="fn-told", visible="hidden")
        shell.submit(
            ask,
            None,
            told,
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=None,
            trigger_mode="multiple",
        )
    blocks.max_threads = _MOST_AT_ONCE
    blocks.queue(default_concurrency_limit=None)
    return blocks  # type: ignore[no-any-return]


def _key(data: Any) -> str:
    return str(data.get("key", "")) if isinstance(data, dict) else ""


def _shell() -> str:
    return (FOLDER / "page.html").read_text("utf-8").replace("[kinds]", " ".join(KINDS))


def _answering(function: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    """Give a function for calls from the page alone, that tells its errors to the page in place of raising them."""

    def answered(data: Any, request: gr.Request) -> Any:
        try:
            return function(data, _plain(request))
        except FootnoteError as error:
            return {"error": str(error)}

    answered.__name__ = function.__name__
    return answered


def _plain(request: gr.Request | Request) -> Request:
    """Give FastAPI's request, which Gradio wraps for events and not for calls."""
    plain = request.request if isinstance(request, gr.Request) else request
    if plain is None:
        raise TypeError("a call without a request")
    return plain


class _Suggested:
    """Find questions to suggest once for each state of the library, while nobody waits."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._finding = threading.Lock()
        self._found: tuple[str, list[str]] = "", []

    def now(self) -> list[str]:
        with self._finding:
            state = self._library.state()
            if self._found[0] != state:
                self._found = state, suggestions(self._library)
            return self._found[1]


def _offer_assets(app: FastAPI) -> None:
    for name, kind in ASSETS.items():
        app.add_api_route(f"/_page/{name}", _asset(FOLDER / name, kind), response_model=None)
    run = uuid.uuid4().hex
    app.add_api_route("/_page/alive", lambda: Response(run, media_type="text/plain"), response_model=None)


def _asset(file: Path, kind: str) -> Callable[[], Response]:
    text = file.read_text("utf-8")

    def asset() -> Response:
        return Response(text, media_type=kind, headers={"cache-control": "no-cache"})

    return asset


def _offer_print(app: FastAPI, library: Library) -> None:
    def show(id: str, request: Request) -> Response:
        try:
            return Response(conversation_html(reopen(id, library, owner_of(request))), media_type="text/html")
        except ConversationError as error:
            return Response(str(error), 404, media_type="text/plain")

    app.add_api_route("/_page/conversations/{id}.html", show, response_model=None)
