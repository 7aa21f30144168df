"""The web server: the page, and the JSON API beside it."""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import sys
import threading
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from index import Library
from qa.answering import prepare
from ui.authority import Authority, host_name, is_loopback, is_unspecified
from ui.binding import HOST, ServeError, address_of, bound
from ui.forwarding import Forwarding
from ui.gate import Gate
from ui.line import Line
from ui.owner_token import OwnerToken, owner_token
from ui.terminal import safe
from ui.wording import searched
from ui.work import Work

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from qa import LanguageModel
    from ui.page_links import Links

_DESCRIPTION = (
    "Answers to questions about articles, in the articles' own sentences. Bodies are JSON, errors too: what was found, "
    "what was expected, what to do. Where the server can be reached from other machines, adding and deleting articles "
    "needs the owner's token, as Authorization: Bearer TOKEN."
)
_ROOT_PATH = re.compile(r"(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


@dataclass(frozen=True, slots=True)
class Reach:
    """Say where a server listens, and under which names it is called.

    `names` are those a proxy or a name server gives it, `root_path` the path under which a proxy serves it, `proxies`
    the addresses whose X-Forwarded-… headers are believed.
    """

    host: str = HOST
    port: int | None = None
    names: Sequence[str] = ()
    root_path: str = ""
    proxies: Sequence[str] = ()
    token_file: Path | None = None

    @property
    def open_to_others(self) -> bool:
        """Say whether anyone but who uses this machine may reach the server."""
        others = any(not is_loopback(name) for name in self.names)
        return not is_loopback(self.host) or others or bool(self.proxies or self.root_path)

    def checked(self) -> Reach:
        """Give the same, with names as they are compared.

        Raises: ServeError, for a name, path or address that is none.
        """
        for name in self.names:
            if not host_name(name):
                raise ServeError(
                    f"the host name {name!r}", "a name such as footnote.example.org", "Correct --host-name"
                )
        root_path = self.root_path.rstrip("/")
        if not _ROOT_PATH.fullmatch(root_path):
            raise ServeError(f"the path {self.root_path!r}", "one such as /footnote", "Correct --root-path")
        for proxy in self.proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise ServeError(
                    f"the proxy {proxy!r}", "an address such as 10.0.0.1, or a network", "Correct --proxy"
                ) from None
        names = tuple(host_name(name) for name in self.names)
        return Reach(self.host, self.port, names, root_path, tuple(self.proxies), self.token_file)


def application(
    library: Library,
    authority: Authority | None = None,
    writer: LanguageModel | None = None,
    links: Links | None = None,
) -> FastAPI:
    """Make the web application: the page and the API. It is for behind a gate, as `guarded` puts it there.

    `writer` writes over the quotes on the page; with `links` the owner adds pages of the web there.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from ui.page import mount

    line = Line()
    app = without_page(library, authority or Authority(), line)
    mount(app, library, line, writer, links)
    return app


def without_page(library: Library, authority: Authority, line: Line) -> FastAPI:
    """Make the web application without the page, which takes seconds to import; questions wait in `line`."""
    from importlib.metadata import version

    from fastapi import FastAPI

    from ui.api import add_api
    from ui.api_docs import add_docs
    from ui.unlock import add_unlocking

    app = FastAPI(
        title="Footnote",
        description=_DESCRIPTION,
        version=version("footnote"),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    add_docs(app)
    add_unlocking(app, authority)
    add_api(app, library, Work(line))
    return app


def guarded(app: ASGIApp, authority: Authority, reach: Reach) -> ASGIApp:
    """Put before an application the gate, and before that what proxies say of who calls."""
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    gate: Any = Gate(app, authority, reach.root_path)
    return Forwarding(cast("ASGIApp", ProxyHeadersMiddleware(gate, list(reach.proxies))), reach.proxies)


def access(library: Library, reach: Reach, *, private: bool) -> tuple[Authority, OwnerToken | None]:
    """Say who may do what where a server can be reached so far; give the owner's token where one is needed.

    Raises: TokenError.
    """
    if not (reach.open_to_others or private):
        return Authority(names=tuple(reach.names)), None
    token = owner_token(library.path, reach.token_file)
    everywhere = is_unspecified(reach.host)
    own_name = socket.gethostname() if everywhere else reach.host
    return Authority(token.value, private, (*reach.names, own_name.lower()), any_address=everywhere), token


def serve(
    library: Library,
    reach: Reach | None = None,
    *,
    private: bool = False,
    open_browser: bool = False,
    writer: LanguageModel | None = None,
    links: Links | None = None,
) -> int:
    """Serve the page and the API until stopped; print the address; give the exit status.

    With `private` the owner's token is needed to read, too. `writer` writes over the quotes on the page; with
    `links` the owner adds pages of the web there.

    Raises: ServeError, TokenError, LibraryEmpty.
    """
    reach = (reach or Reach()).checked()
    with bound(reach.port, reach.host) as listening:
        listening.listen(128)  # from here on whoever opens the address waits, and is not refused
        authority, token = access(library, reach, private=private)
        prepare(library)
        app = guarded(application(library, authority, writer, links), authority, reach)
        address = f"{address_of(listening)}{reach.root_path}"
        print(safe(f"Footnote answers from {searched(library)}."))
        tell_of_token(token)
        if writer:
            print(safe(f"{writer.name} at {writer.address} is sent each question with its quotes, and writes below."))
        print(f"Open {address} (Ctrl-C stops).", flush=True)
        if open_browser and _has_display():
            threading.Timer(0.5, webbrowser.open, [address]).start()
        run(app, listening)
    return 0


def tell_of_token(token: OwnerToken | None) -> None:
    """Say where the owner's token is; show it to a person alone, not to a log."""
    if token is None:
        return
    where = f"kept in {token.file}" if token.file else "given by the environment"
    shown = f": {token.value}" if sys.stdout.isatty() else ""
    print(safe(f"Adding and deleting needs the owner's token, {where}{shown}"))
    print("What goes over http can be read on the way: put a proxy with https before it.")


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Serve an application until it is stopped."""
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )
    with suppress(KeyboardInterrupt):  # the way to stop it
        uvicorn.Server(config).run(sockets=[listening])


def _has_display() -> bool:
    return sys.platform in {"darwin", "win32"} or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
