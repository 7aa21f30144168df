"""The server as it is met from outside: a proxy before it, browsers of several people, sockets that misbehave."""

from __future__ import annotations

import json
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from conftest import chromium, serving
from playwright.sync_api import expect, sync_playwright
from pytest import MonkeyPatch, fixture, mark, raises
from test_page import ask

from index import Library
from ui.authority import Authority
from ui.binding import ServeError, bound
from ui.owner_token import FILE
from ui.server import Reach, access, tell_of_token

TOKEN = "t" * 32


@fixture
def token(monkeypatch: MonkeyPatch) -> str:
    monkeypatch.setenv("FOOTNOTE_TOKEN", TOKEN)
    return TOKEN


@contextmanager
def proxied(target: str) -> Iterator[str]:
    """Serve another server under /footnote, as a reverse proxy does; give the address."""
    upstream = urlsplit(target)

    class Passing(BaseHTTPRequestHandler):
        def _pass(self) -> None:
            path = self.path.removeprefix("/footnote") or "/"
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            with closing(HTTPConnection(upstream.hostname, upstream.port, timeout=60)) as connection:
                self._pass_by(connection, path, body)

        def _pass_by(self, connection: HTTPConnection, path: str, body: bytes) -> None:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
            said = {"X-Forwarded-Host": self.headers["host"], "X-Forwarded-For": "203.0.113.9"}
            connection.request(self.command, path, body, {**kept, **said, "Host": upstream.netloc})
            response = connection.getresponse()
            self.send_response_only(response.status)
            for name, value in response.getheaders():
                if name.lower() not in {"transfer-encoding", "connection"}:
                    self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            while chunk := response.read1(65536):
                self.wfile.write(chunk)
                self.wfile.flush()

        do_GET = do_POST = do_DELETE = do_PATCH = do_HEAD = _pass

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Pass over browsers that leave."""

    server = Quiet(("127.0.0.1", 0), Passing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/footnote"
    finally:
        server.shutdown()
        server.server_close()


def test_behind_a_proxy_under_a_path_each_reader_has_conversations_of_their_own(seed_folder: Path, token: str) -> None:
    options = ["--root-path", "/footnote", "--proxy", "127.0.0.1"]
    with (
        serving(seed_folder, *options) as inner,
        proxied(inner.removesuffix("/footnote")) as address,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        one, two = browser.new_context(), browser.new_context()
        page = one.new_page()
        outside, faults = [], []
        page.on(
            "request", lambda asked: None if asked.url.startswith((address, "data:")) else outside.append(asked.url)
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/")
        ask(page, "Where did Biden and Xi meet in 2022?")
        assert one.request.get(f"{address}/api/v1/conversations").json()["total"] == 1
        assert two.request.get(f"{address}/api/v1/conversations").json()["total"] == 0
        (kept,) = one.request.get(f"{address}/api/v1/conversations").json()["conversations"]
        export = f"{address}/conversations/{kept['id']}.md"
        assert one.request.get(export).ok
        assert two.request.get(export).status == 404
        assert two.request.delete(f"{address}/api/v1/articles/bali-report").status == 401
        assert outside == []
        assert faults == []
        shown = two.new_page()
        shown.goto(f"{address}/unlock")
        shown.get_by_label("The owner's token").fill(token)
        shown.get_by_role("button").click()
        expect(shown).to_have_url(f"{address}/")
        assert two.request.get(f"{address}/api/v1/status").json()["may_change"]


def test_a_private_page_asks_for_the_token_first(seed_folder: Path, token: str) -> None:
    with (
        serving(seed_folder, "--private") as address,
        sync_playwright() as playwright,
        chromium(playwright) as browser,
    ):
        page = browser.new_page()
        page.goto(address)
        expect(page).to_have_url(f"{address}/unlock")
        page.get_by_label("The owner's token").fill("not the token, but long enough")
        page.get_by_role("button").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("The owner's token").fill(token)
        page.get_by_role("button").click()
        ask(page, "Where did Biden and Xi meet in 2022?")


@fixture(scope="module")
def served(seed_page: str) -> tuple[str, int]:
    parts = urlsplit(seed_page)
    return parts.hostname, parts.port


def raw(served: tuple[str, int], *pieces: bytes) -> bytes:
    """Send bytes as they are; give what comes back until the server closes."""
    with socket.create_connection(served, timeout=30) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
        except OSError:
            pass  # it has heard enough
        answered = b""
        try:
            while chunk := connection.recv(65536):
                answered += chunk
        except ConnectionError:
            pass
        return answered


HEAD = b"POST /api/v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"


@mark.parametrize(
    ("pieces", "status"),
    [
        ((HEAD, b"Content-Length: 99999999999\r\n\r\n{"), 413),
        ((HEAD, b"Content-Length: 10, 20\r\n\r\n{"), 400),
        ((HEAD, b"Content-Length: 10\r\nContent-Length: 20\r\n\r\n{"), 400),
        ((HEAD, b"X: a\r\nHost: evil.example\r\n\r\n"), 400),
        ((b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",), 400),
        ((b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",), 400),
        (
            (b"GET /api/v1/articles/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",),
            404,
        ),
        ((b"GET /assets/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",), 404),
        ((b"GET /static/..%5c..%5cx HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",), 404),
        ((b"GET /" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",), 400),
    ],
    ids=range(10),
)
def test_requests_that_misbehave_are_refused(served: tuple[str, int], pieces: tuple[bytes, ...], status: int) -> None:
    answered = raw(served, *pieces)
    assert answered.startswith(b"HTTP/1.1 %d " % status), answered[:200]
    assert b"server:" not in answered.lower()
    assert b"root:" not in answered


def test_a_body_in_chunks_is_cut_off_where_it_grows_too_large(served: tuple[str, int]) -> None:
    chunk = b"%x\r\n%s\r\n" % (1_000_000, b"x" * 1_000_000)
    answered = raw(served, HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 9, b"0\r\n\r\n")
    assert b" 413 " in answered.splitlines()[0]
    body = answered.split(b"\r\n\r\n", 1)[1]
    assert json.loads(body)["found"] == "a body that is too large"


def test_gradios_own_doors_are_shut(served: tuple[str, int]) -> None:
    connection = HTTPConnection(*served, timeout=30)
    for path in (
        "/gradio_api/info",
        "/gradio_api/openapi.json",
        f"/gradio_api/file={__file__}",
        "/gradio_api/proxy=http://x",
    ):
        connection.request("GET", path)
        response = connection.getresponse()
        assert (response.status, json.loads(response.read())["do"]) == (404, "Correct it"), path
    connection.request("POST", "/gradio_api/queue/join", b"{}", {"Origin": "http://evil.example"})
    assert connection.getresponse().status == 403
    connection.close()


def test_on_this_machine_no_token_is_needed_and_elsewhere_one_is_made(small: Library) -> None:
    assert access(small, Reach(), private=False) == (Authority(), None)
    assert not (small.path / FILE).exists()
    for reach in (Reach("0.0.0.0"), Reach(names=("x.example",)), Reach(root_path="/x"), Reach(proxies=("10.0.0.1",))):
        authority, token = access(small, reach, private=False)
        assert authority.token == token.value == (small.path / FILE).read_text().strip()
        assert not authority.visitor("", {}).may_change
        assert stat.S_IMODE((small.path / FILE).stat().st_mode) == 0o600
    everywhere, _ = access(small, Reach("0.0.0.0"), private=False)
    assert everywhere.knows_host("192.168.0.9:7860")
    assert everywhere.knows_host(f"{socket.gethostname()}:7860")
    assert access(small, Reach(), private=True)[0].private


def test_the_token_is_shown_to_a_person_and_not_to_a_log(small: Library, capsys, monkeypatch: MonkeyPatch) -> None:
    _, token = access(small, Reach("0.0.0.0"), private=False)
    tell_of_token(token)
    logged = capsys.readouterr().out
    assert str(token.file) in logged
    assert token.value not in logged
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    tell_of_token(token)
    assert token.value in capsys.readouterr().out
    tell_of_token(None)
    assert capsys.readouterr().out == ""


def test_what_the_server_prints_holds_no_token(seed_folder: Path, token: str) -> None:
    printed: list[str] = []
    with serving(seed_folder, "--host-name", "footnote.example.org", said_before=printed):
        assert "owner's token" in printed[0]
        assert token not in printed[0]


@mark.parametrize(
    ("wrong", "option"),
    [
        (Reach(names=("a b",)), "--host-name"),
        (Reach(names=("http://x",)), "--host-name"),
        (Reach(root_path="footnote"), "--root-path"),
        (Reach(root_path="/a/../b"), "--root-path"),
        (Reach(root_path='/"x'), "--root-path"),
        (Reach(proxies=("*",)), "--proxy"),
        (Reach(proxies=("10.0.0.1/8",)), "--proxy"),
    ],
)
def test_what_is_no_name_path_or_proxy_is_refused(wrong: Reach, option: str) -> None:
    with raises(ServeError, match=option):
        wrong.checked()


def test_an_address_of_another_machine_cannot_be_served_on() -> None:
    for host in ("192.0.2.1", "nowhere.invalid"):
        with raises(ServeError, match="--host"):
            bound(None, host)


def test_answers_are_sent_at_once() -> None:
    """Without a protocol in the socket asyncio leaves Nagle's algorithm on, and an answer waits 40 ms for its body."""
    with bound(None) as listening:
        assert listening.proto == socket.IPPROTO_TCP
