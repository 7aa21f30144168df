"""What the gate turns away, and what it says to whom it lets in; the application behind it tells what came."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

from pytest import MonkeyPatch, mark

from ui import body_limit, gate
from ui.authority import READER_COOKIE, Authority
from ui.forwarding import Forwarding
from ui.gate import Gate

TOKEN = "t" * 32
REMOTE = Authority(TOKEN, names=("footnote.example.org",))
LOCAL = {"host": "127.0.0.1:7860"}
FAR = {"host": "footnote.example.org"}
OWNER = {**FAR, "authorization": f"Bearer {TOKEN}"}


class Answered:
    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.names = [name for name, _ in messages[0]["headers"]]
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def values(self) -> dict[str, Any]:
        return json.loads(self.body)


async def behind(scope, receive, send) -> None:
    """Read the whole body and tell of it and of who sent it; answer "gone" to a client that left."""
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            size = -1
            break
        size += len(message.get("body", b""))
        if not message.get("more_body"):
            break
    visitor = scope["state"]["visitor"]
    told = {
        "size": size,
        "path": scope["path"],
        "root_path": scope["root_path"],
        "client": scope["client"][0],
        "scheme": scope["scheme"],
        "host": dict(scope["headers"])[b"host"].decode(),
        "headers": sorted(name.decode() for name, _ in scope["headers"]),
        "owner": visitor.owner,
        "may_change": visitor.may_change,
    }
    headers = [
        (b"content-type", b"application/json"),
        (b"server", b"something/1.0"),
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(told).encode()})


async def _call(app, path: str, headers, method: str, body: Iterable[bytes], peer: str) -> Answered:
    chunks = list(body) or [b""]
    sent: list[dict[str, Any]] = []

    async def messages() -> AsyncIterator[dict[str, Any]]:
        for number, chunk in enumerate(chunks, 1):
            if chunk == b"PAUSE":
                await asyncio.sleep(30)
            yield {"type": "http.request", "body": chunk, "more_body": number < len(chunks)}
        while True:
            yield {"type": "http.disconnect"}

    coming = messages()

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    pairs = headers.items() if isinstance(headers, dict) else headers
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs],
        "client": (peer, 1),
        "server": ("127.0.0.1", 7860),
    }
    await app(scope, lambda: anext(coming), send)
    return Answered(sent)


def call(
    path: str = "/api/v1/ask",
    headers=LOCAL,
    *,
    method: str = "POST",
    body: Iterable[bytes] = (),
    authority: Authority | None = None,
    app=None,
    peer: str = "127.0.0.1",
    root_path: str = "",
) -> Answered:
    return asyncio.run(
        _call(app or Gate(behind, authority or Authority(), root_path), path, headers, method, body, peer)
    )


def test_what_comes_from_this_machine_is_the_owners() -> None:
    answered = call()
    assert answered.status == 200
    assert answered.values["owner"] == ""
    assert answered.values["may_change"]
    assert "set-cookie" not in answered.headers


def test_each_answer_says_what_a_page_may_load_and_not_what_serves_it() -> None:
    for answered in (call(), call(path="/nowhere"), call(headers={"host": "evil.example"})):
        assert "default-src 'none'" in answered.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answered.headers["content-security-policy"]
        assert "http" not in answered.headers["content-security-policy"]
        assert answered.headers["x-content-type-options"] == "nosniff"
        assert answered.headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in answered.headers["permissions-policy"]
        assert "server" not in answered.headers
        assert "access-control-allow-origin" not in answered.headers


@mark.parametrize("host", ["evil.example", "localhost.evil.example", "10.0.0.1", ""])
@mark.parametrize("method", ["GET", "POST"])
def test_a_name_that_is_not_ours_is_turned_away(host: str, method: str) -> None:
    answered = call(headers={"host": host}, method=method)
    assert answered.status == 400
    assert answered.values["do"]


def test_no_host_or_two_are_turned_away() -> None:
    assert call(headers={}).status == 400
    assert call(headers=[("host", "localhost"), ("host", "evil.example")]).status == 400


@mark.parametrize(
    "said",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
        {"origin": "https://127.0.0.1:7860.evil.example"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example", "sec-fetch-site": "same-origin"},
    ],
)
@mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_what_another_sites_page_sends_is_turned_away(said: dict[str, str], method: str) -> None:
    assert call(headers={**LOCAL, **said}, method=method).status == 403


@mark.parametrize(
    "said",
    [
        {},
        {"origin": "http://127.0.0.1:7860"},
        {"origin": "http://127.0.0.1:7860", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_what_our_own_page_or_a_program_sends_is_let_in(said: dict[str, str]) -> None:
    assert call(headers={**LOCAL, **said}).status == 200


@mark.parametrize("method", ["PUT", "TRACE", "CONNECT", "X" * 100])
def test_other_methods_are_refused(method: str) -> None:
    assert call(method=method).status == 405


@mark.parametrize(
    "path",
    ["/api/v1/articles/../../etc/passwd", "/assets/../../x", "/assets/a\0b", "/static/..\\x", "/..", "/api/v1/.."],
)
def test_paths_that_lead_elsewhere_are_turned_away(path: str) -> None:
    assert call(path, method="GET").status == 404


@mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file/x",
        "/gradio_api/proxy=http://evil.example",
        "/gradio_api/info",
        "/gradio_api/api/ask",
        "/gradio_api/run/ask",
        "/gradio_api/call/ask",
        "/gradio_api/upload",
        "/gradio_api/upload_progress",
        "/gradio_api/stream/x",
        "/gradio_api/dev/reload",
        "/gradio_api/vibe-edit",
        "/gradio_api/deep_link",
        "/gradio_api/runs",
        "/login",
        "/monitoring",
        "/run/ask",
        "/nowhere",
    ],
)
@mark.parametrize("method", ["GET", "POST"])
def test_of_gradio_only_what_the_page_needs_is_open(path: str, method: str) -> None:
    assert call(path, method=method).status == 404


def test_an_announced_body_that_is_too_large_is_not_read() -> None:
    answered = call(headers={**LOCAL, "content-length": "8000001"}, body=[b"never read"])
    assert answered.status == 413
    assert answered.values["expected"] == "at most 8 MB"
    assert call("/api/v1/articles/files", headers={**LOCAL, "content-length": "100000000"}).status == 200
    assert call(headers={**LOCAL, "content-length": "many"}).status == 400
    assert call(headers={**LOCAL, "content-length": "-1"}).status == 400


def test_a_body_that_grows_too_large_is_cut_off() -> None:
    answered = call(body=[b"x" * 1_000_000] * 9)
    assert answered.status == 413
    assert call(body=[b"x" * 1_000_000] * 8).values["size"] == 8_000_000


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "SECONDS", 0.05)
    assert call(body=[b"a", b"PAUSE", b"b"]).status == 408


def test_strangers_get_a_cookie_and_no_one_elses_conversations() -> None:
    first, second = call(headers=FAR, authority=REMOTE), call(headers=FAR, authority=REMOTE)
    assert not first.values["may_change"]
    assert first.values["owner"] != second.values["owner"] != ""
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{READER_COOKIE}=")
    assert "HttpOnly; SameSite=Lax" in cookie
    assert "Path=/;" in cookie
    assert "Secure" not in cookie
    again = call(headers={**FAR, "cookie": f"a=b; {cookie.split(';')[0]}"}, authority=REMOTE)
    assert again.values["owner"] == first.values["owner"]
    assert "set-cookie" not in again.headers


def test_of_two_cookies_of_a_name_the_first_counts() -> None:
    cookie = call(headers=FAR, authority=REMOTE).headers["set-cookie"].split(";")[0]
    own = call(headers={**FAR, "cookie": cookie}, authority=REMOTE).values["owner"]
    planted = f"{cookie}; {READER_COOKIE}={'A' * 43}"
    assert call(headers={**FAR, "cookie": planted}, authority=REMOTE).values["owner"] == own


@mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/articles", "POST"),
        ("/api/v1/articles/files", "POST"),
        ("/api/v1/articles/x", "DELETE"),
        ("/_page/articles", "POST"),
    ],
)
def test_changing_the_library_needs_the_token_before_any_body_is_read(path: str, method: str) -> None:
    refused = call(path, FAR, method=method, authority=REMOTE, body=[b"x" * 1000])
    assert refused.status == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert call(path, OWNER, method=method, authority=REMOTE).status == 200
    assert call(path, LOCAL, method=method).status == 200


def test_a_wrong_token_is_refused_even_where_none_is_needed() -> None:
    answered = call(headers={**FAR, "authorization": f"Bearer {TOKEN}x"}, authority=REMOTE)
    assert answered.status == 401
    assert answered.values["found"] == "a wrong token"


def test_a_private_server_lets_no_one_read_without_the_token() -> None:
    private = Authority(TOKEN, private=True, names=("footnote.example.org",))
    for path in ("/", "/config", "/assets/x.js", "/api/docs", "/api/v1/articles", "/gradio_api/queue/data", "/mcp"):
        assert call(path, FAR, method="GET", authority=private).status == 401, path
        assert call(path, OWNER, method="GET", authority=private).status == 200, path
    assert call("/api/v1/health", FAR, method="GET", authority=private).status == 200
    assert call("/unlock", FAR, method="GET", authority=private).status == 200
    shown = call("/", {**FAR, "accept": "text/html,*/*"}, method="GET", authority=private)
    assert (shown.status, shown.headers["location"]) == (303, "/unlock")


def test_strangers_may_ask_so_often_and_the_owner_always(monkeypatch: MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_AT_ONCE", 3)
    app = Gate(behind, REMOTE)
    statuses = [call(headers=FAR, app=app, peer="10.0.0.9").status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]
    assert call(headers=FAR, app=app, peer="10.0.0.9").headers["retry-after"] == "1"
    assert call(headers=FAR, app=app, peer="10.0.0.10").status == 200
    assert call(headers=OWNER, app=app, peer="10.0.0.9").status == 200
    assert call(headers=FAR, app=app, peer="10.0.0.9", method="GET", path="/api/v1/articles").status == 200


def test_a_path_under_which_a_proxy_serves_may_be_there_or_not() -> None:
    for path in ("/footnote/api/v1/ask", "/api/v1/ask"):
        told = call(path, root_path="/footnote").values
        assert (told["root_path"], told["path"]) == ("/footnote", "/footnote/api/v1/ask")
    assert call("/footnotes/api/v1/ask", root_path="/footnote").status == 404
    cookie = call("/footnote/api/v1/ask", FAR, authority=REMOTE, root_path="/footnote").headers["set-cookie"]
    assert "Path=/footnote;" in cookie


def test_a_proxy_that_we_were_not_told_of_makes_no_one_the_owner() -> None:
    app = Forwarding(Gate(behind, Authority()), ())
    for name in ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip"):
        assert call(headers={**LOCAL, name: "10.0.0.1"}, app=app).status == 403
    assert call(headers=LOCAL, app=app).status == 200


def test_what_a_stranger_says_of_forwarding_is_taken_off() -> None:
    app = Forwarding(Gate(behind, REMOTE), ("10.1.0.0/16",))
    said = {
        **FAR,
        "x-forwarded-host": "evil.example",
        "x-forwarded-for": "1.2.3.4",
        "x-gradio-server": "http://evil.example",
    }
    told = call(headers=said, app=app, peer="10.2.0.1").values
    assert told["headers"] == ["host"]
    assert told["host"] == "footnote.example.org"
    told = call(headers={**said, "host": "inner", "x-forwarded-host": "footnote.example.org"}, app=app, peer="10.1.0.1")
    assert told.values["host"] == "footnote.example.org"
    assert told.values["headers"] == ["host", "x-forwarded-for"]


def test_a_web_socket_is_closed() -> None:
    sent: list[dict[str, Any]] = []

    async def connect() -> None:
        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await Gate(behind, Authority())({"type": "websocket", "path": "/", "headers": []}, None, send)

    asyncio.run(connect())
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_only_the_scripts_of_the_page_as_it_was_served_may_run() -> None:
    async def page(scope, receive, send) -> None:
        assert b"accept-encoding" not in dict(scope["headers"]), "what is compressed has no digests"
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b"<script>one()</scr", "more_body": True})
        await send({"type": "http.response.body", "body": b"ipt><script src=x.js></script><script a>two()</script>"})

    headers = {**LOCAL, "accept-encoding": "br"}
    answered = call("/", headers, method="GET", app=Gate(page, Authority()))
    scripts = answered.headers["content-security-policy"].split("script-src ")[1].split(";")[0]
    assert scripts.count("sha256-") == 2
    assert "unsafe-inline" not in scripts
    assert answered.body.endswith(b"two()</script>")
