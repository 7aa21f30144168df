"""A web site on this machine for the tests, and a visitor that may go to it alone.

`certificates/news.pem` is a key and a self-signed certificate for news.example and other.example, good for nothing else.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO

from index.web.connections import Connections
from index.web.networks import is_public
from index.web.visitor import Visitor

CERTIFICATE = Path(__file__).parent / "certificates" / "news.pem"

Writer = Callable[[IO[bytes]], None]


@dataclass
class Reply:
    """What a path answers; `send`, if any, writes the body, or with status 0 everything."""

    body: bytes | str = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    send: Writer | None = None


@dataclass
class Site:
    port: int
    secure: bool = False
    replies: dict[str, Reply | list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "news.example") -> str:
        return f"http{'s' if self.secure else ''}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def reply(self, path: str) -> Reply:
        """Give the reply for a path; of several the next, and at last always the last."""
        found = self.replies.get(path, Reply(status=404))
        if isinstance(found, list):
            return found.pop(0) if len(found) > 1 else found[0]
        return found


@contextmanager
def served(*, secure: bool = False) -> Iterator[Site]:
    site = Site(0, secure)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            reply = site.reply(self.path)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            try:
                if reply.status:
                    self.send_response(reply.status)
                    for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                        self.send_header(name, value)
                    if not reply.send:
                        self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                reply.send(self.wfile) if reply.send else self.wfile.write(body)
            except OSError:
                pass  # the visitor had enough

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a handshake that the visitor broke off

    server = Server(("127.0.0.1", 0), Handler)
    if secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


class Waits:
    """A clock that goes on only when it is waited for."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waited: list[float] = []

    def pause(self, seconds: float) -> None:
        self.waited.append(round(seconds, 3))
        self.now += seconds

    def clock(self) -> float:
        return self.now


def visitor(
    hosts: Mapping[str, Sequence[str]] | None = None, *, waits: Waits | None = None, trusting: bool = True
) -> Visitor:
    """Make a visitor for whom every host is on this machine, unless `hosts` says where; 127.0.0.1 counts as public."""
    waits = waits or Waits()
    certificates = ssl.create_default_context(cafile=CERTIFICATE) if trusting else None
    connections = Connections(
        resolver=lambda host, _: (hosts or {}).get(host, ["127.0.0.1"]),
        allowed=lambda address: address == "127.0.0.1" or is_public(address),
        certificates=certificates,
    )
    return Visitor(connections, pause=waits.pause, clock=waits.clock)
