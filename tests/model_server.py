"""A server on this machine that speaks chat completions, or pretends to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any


@dataclass
class Request:
    """Hold what was sent to the server."""

    path: str
    headers: dict[str, str]
    values: dict[str, Any]


@dataclass
class ModelServer:
    """Hold where a server listens, what it was sent, and the event that ends its waiting."""

    address: str = ""
    requests: list[Request] = field(default_factory=list)
    over: Event = field(default_factory=Event)


Behaviour = Callable[[BaseHTTPRequestHandler, ModelServer], None]


def completion(text: object, *, ended: str = "stop", **more: object) -> bytes:
    """Write a chat completion with a text."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text, **more}, "finish_reason": ended}
    return json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode()


def says(text: object, *, ended: str = "stop", **more: object) -> Behaviour:
    """Answer with a completion of a text."""
    return answers(completion(text, ended=ended, **more))


def answers(body: bytes, *, status: int = 200, **headers: str) -> Behaviour:
    """Answer with a body, whole."""

    def behave(handler: BaseHTTPRequestHandler, server: ModelServer) -> None:
        handler.send_response(status)
        handler.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def sends(*parts: bytes, pause: float = 0.0, endless: bytes = b"") -> Behaviour:
    """Send bytes as they are, without regard for HTTP; then, with a pause between, the last ones without end."""

    def behave(handler: BaseHTTPRequestHandler, server: ModelServer) -> None:
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()
        while endless and not server.over.wait(pause):
            handler.wfile.write(endless)
            handler.wfile.flush()

    return behave


def stalls(handler: BaseHTTPRequestHandler, server: ModelServer) -> None:
    """Take the question and send nothing."""
    server.over.wait(30)


@contextmanager
def model_server(behave: Behaviour) -> Iterator[ModelServer]:
    """Run a server that behaves so; it ends with the block."""
    server = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"]))
            server.requests.append(
                Request(self.path, {name.lower(): value for name, value in self.headers.items()}, json.loads(sent))
            )
            with suppress(OSError):  # whoever asked has gone
                behave(self, server)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{http.server_port}/v1"
    try:
        yield server
    finally:
        server.over.set()
        http.shutdown()
        http.server_close()
        thread.join()
