"""The chat page on this machine's own address."""

from __future__ import annotations

import os
import socket
import sys
import threading
import webbrowser
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

from index import FootnoteError, Library
from qa.answering import prepare
from qa.conversations import ConversationError, reopen
from ui.conversation_export import conversation_json, conversation_markdown
from ui.terminal import safe
from ui.wording import searched

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
FIRST_PORT = 7860
_PORTS = 40

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'none'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class ServeError(FootnoteError):
    """The page cannot be served."""


def application(library: Library) -> FastAPI:
    """Make the web application: the page, and headers that let it load nothing from outside."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from fastapi import FastAPI
    from starlette.middleware.trustedhost import TrustedHostMiddleware

    from ui.page import mount

    app = FastAPI(title="Footnote", docs_url=None, redoc_url=None, openapi_url=None)

    app.add_middleware(_Guarded)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    _offer_exports(app, library)
    mount(app, library)
    return app


def _offer_exports(app: FastAPI, library: Library) -> None:
    from fastapi.responses import Response

    @app.get("/conversations/{id}.{kind}", response_model=None)
    def export(id: str, kind: Literal["md", "json"]) -> Any:
        try:
            conversation = reopen(id, library)
        except ConversationError as error:
            return Response(str(error), 404, media_type="text/plain")
        text = conversation_markdown(conversation) if kind == "md" else conversation_json(conversation)
        kinds = {"md": "text/markdown", "json": "application/json"}
        headers = {"content-disposition": f'attachment; filename="conversation-{conversation.kept.id[:8]}.{kind}"'}
        return Response(text, media_type=kinds[kind], headers=headers)


class _Guarded:
    """Add to every response the headers that let the page load nothing from outside."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_HEADERS]
            await send(message)

        await self._app(scope, receive, guarded if scope["type"] == "http" else send)


def serve(library: Library, *, port: int | None = None, open_browser: bool = False) -> int:
    """Serve the page until it is stopped; print its address; give the exit status.

    Without a port, the first free one from `FIRST_PORT` on is taken.
    Raises: ServeError, when no port is free; LibraryEmpty.
    """
    import uvicorn

    with _bound(port) as bound:
        bound.listen(128)  # from here on whoever opens the address waits, and is not refused
        prepare(library)
        server = uvicorn.Server(uvicorn.Config(application(library), log_level="warning"))
        address = f"http://{HOST}:{bound.getsockname()[1]}"
        print(safe(f"Footnote answers from {searched(library)}."))
        print(f"Open {address} (Ctrl-C stops).", flush=True)
        if open_browser and _has_display():
            threading.Timer(0.5, webbrowser.open, [address]).start()
        with suppress(KeyboardInterrupt):  # the way to stop it
            server.run(sockets=[bound])
    return 0


def _bound(port: int | None) -> socket.socket:
    wanted = range(FIRST_PORT, FIRST_PORT + _PORTS) if port is None else [port]
    for one in wanted:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform != "win32":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((HOST, one))
        except (OSError, OverflowError):
            found.close()
        else:
            return found
    raise ServeError(
        f"no free port ({', '.join(map(str, wanted[:1]))}{' and after' if port is None else ''}) on {HOST}",
        "one to serve the page on",
        "Give another with --port",
    )


def _has_display() -> bool:
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
