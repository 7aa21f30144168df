"""What every request passes on its way in, and every answer on its way out.

A request must call this server by a name it knows, and must not come from another site's page. It learns who makes
it (ui/authority.py). Its body has a limit. Of Gradio only what the page needs can be reached. Answers get headers that
let a page load nothing from outside.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from typing import TYPE_CHECKING

from ui.authority import READER_COOKIE, READER_SECONDS, Authority, Visitor, WrongToken
from ui.body_limit import BodyLimit, declared_size, drain
from ui.forwarding import UNKNOWN_PROXY
from ui.http_errors import NO_TOKEN, WRONG_TOKEN, RequestError, error_response
from ui.rate_limit import RateLimit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES_BYTES = 110_000_000
"""Largest body that brings files: the largest file that is read, and what is written around it."""

_BODY_BYTES = 8_000_000
_LONG_BODIES = {
    "/api/v1/articles": 20_000_000,
    "/api/v1/articles/files": FILES_BYTES,
    "/_page/articles": FILES_BYTES,
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_METHODS = _SAFE | {"POST", "PATCH", "DELETE"}
_AT_ONCE, _PER_SECOND = 120, 10.0

_OURS = ("/api/", "/conversations/", "/_page/", "/mcp", "/unlock", "/lock")
_WITHOUT_TOKEN = frozenset({"/unlock", "/api/v1/health"})
_GRADIO = {
    "/",
    "/config",
    "/favicon.ico",
    "/manifest.json",
    "/robots.txt",
    "/theme.css",
    "/gradio_api/cancel",
    "/gradio_api/component_server/",
    "/gradio_api/queue/data",
    "/gradio_api/queue/join",
    "/gradio_api/reset",
    "/gradio_api/startup-events",
    "/gradio_api/theme.css",
}
_GRADIO_FOLDERS = ("/assets/", "/static/", "/svelte/", "/gradio_api/heartbeat/")
"""What the page needs of Gradio: not its files, its proxy, its own interface for programs, its tools for makers."""

_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_POLICY_OF_DATA = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_POLICY_OF_PRINT = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
_NOT_OURS = (b"server", b"x-powered-by", b"content-security-policy")


class Gate:
    """Let through what may come, and say who it is.

    `root_path` is the path under which a proxy serves us, which it may take off or leave on.
    """

    def __init__(self, app: ASGIApp, authority: Authority, root_path: str = "") -> None:
        self._app = app
        self._authority = authority
        self._root_path = root_path
        self._rate = RateLimit(_AT_ONCE, _PER_SECOND)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
            return
        path = scope["path"].removeprefix(self._root_path) or "/"
        outgoing = _Outgoing(send, path, self._root_path or "/", secure=scope.get("scheme") == "https")
        try:
            visitor = self._admitted(scope, path)
        except RequestError as error:
            if error is NO_TOKEN and _wants_page(scope, path):
                await _to_unlock(scope, receive, outgoing.send, self._root_path)
            else:
                if error.status == 413:
                    await drain(receive)
                await error_response(error)(scope, receive, outgoing.send)
            return
        outgoing.new_reader = visitor.new_reader
        scope = {
            **scope,
            "root_path": self._root_path,
            "path": self._root_path + path,
            "raw_path": (self._root_path + path).encode(),
            "state": {**scope.get("state", {}), "visitor": visitor},
        }
        if path == "/":  # what is compressed has no digests
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        limit = BodyLimit(receive, outgoing.send, _most_bytes(path))
        try:
            await self._app(scope, limit.receive, limit.send)
        finally:
            if limit.refused and not limit.began:
                if limit.refused == 413:
                    await drain(receive)
                await error_response(_refused(limit.refused, path))(scope, receive, outgoing.send)

    def _admitted(self, scope: Scope, path: str) -> Visitor:
        """Say who makes a request.

        Raises: RequestError, when it is not let through.
        """
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if sum(name == b"host" for name, _ in scope["headers"]) != 1 or not self._authority.knows_host(headers["host"]):
            raise RequestError(
                400,
                f"the host name {headers.get('host', '')[:80]!r}",
                "a name that this server knows",
                "Call it by its own name, or start it with --host-name NAME",
            )
        if scope.get(UNKNOWN_PROXY) and not self._authority.token:  # else whoever it lets in would be the owner
            raise RequestError(
                403,
                "a request through a proxy",
                "one from this machine",
                "Start the server with --proxy ADDRESS, the proxy's, so that the owner's token is needed",
            )
        if scope["method"] not in _METHODS:
            raise RequestError(
                405, f"the method {scope['method'][:20]}", "GET, POST, PATCH or DELETE", "Use one of them"
            )
        if "\0" in path or "\\" in path or ".." in path.split("/"):
            raise RequestError(404, "a path that leads elsewhere", "one of /api/docs", "Correct it")
        if scope["method"] not in _SAFE:
            self._check_origin(headers)
        try:
            visitor = self._authority.visitor(headers.get("authorization", ""), _cookies(headers.get("cookie", "")))
        except WrongToken:
            raise WRONG_TOKEN from None
        owners = self._authority.private or _changes_articles(scope["method"], path)
        if owners and not visitor.may_change and path not in _WITHOUT_TOKEN:
            raise NO_TOKEN
        if not (path.startswith(_OURS) or path in _GRADIO or path.startswith(_GRADIO_FOLDERS)):
            raise RequestError(404, f"the path {path[:80]!r}", "one of /api/docs", "Correct it")
        if scope["method"] not in _SAFE and not visitor.may_change:
            self._check_rate(scope)
        size = declared_size(scope)
        if size is not None and size < 0:
            raise RequestError(400, "a content-length that is no number", "the body's length", "Correct the header")
        if size is not None and size > _most_bytes(path):
            raise _refused(413, path)
        return visitor

    def _check_origin(self, headers: dict[str, str]) -> None:
        """Refuse what another site's page makes a browser send.

        Browsers write "null" for a form of a page that tells no referrer; then, and where no origin is named, what
        they say of the site decides. Programs say neither.
        """
        origin = headers.get("origin", "")
        site = headers.get("sec-fetch-site", "none" if not origin else "")
        same = site in {"same-origin", "none"}
        if not (self._authority.knows_origin(origin, headers["host"]) if origin not in {"", "null"} else same):
            raise RequestError(
                403,
                f"a request from a page of {(origin or 'another site')[:80]}",
                "one from Footnote's own page, or from a program",
                "Send it from there",
            )

    def _check_rate(self, scope: Scope) -> None:
        wait = self._rate.seconds_to_wait(scope["client"][0] if scope.get("client") else "")
        if wait:
            raise RequestError(
                429,
                "too many requests",
                f"at most {_PER_SECOND * 60:.0f} a minute without the owner's token",
                "Wait a little",
                retry_after=math.ceil(wait),
            )


class _Outgoing:
    """Give answers their headers, and visitors who have none their cookie.

    The page's own scripts are named in its policy by their digests, so that no other text can become one.
    """

    def __init__(self, send: Send, path: str, cookie_path: str, *, secure: bool) -> None:
        self._send = send
        self._path = path
        self._cookie_path = cookie_path
        self.secure = secure
        self.new_reader = ""
        self._held: Message | None = None
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self._path == "/" and _is_page(message):
                self._held, self._body = message, b""
                return
            policy = _POLICY_OF_DATA if self._path.startswith(_OURS) else _POLICY.format(scripts="")
            policy = _POLICY_OF_PRINT if self._path.startswith("/_page/conversations/") else policy
            await self._send({**message, "headers": self._headers(message, policy)})
            return
        if self._held is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        digests = [base64.b64encode(hashlib.sha256(text).digest()).decode() for text in _INLINE.findall(self._body)]
        policy = _POLICY.format(scripts="".join(f" 'sha256-{digest}'" for digest in digests))
        await self._send({**self._held, "headers": self._headers(self._held, policy)})
        await self._send({"type": "http.response.body", "body": self._body})
        self._held = None

    def _headers(self, message: Message, policy: str) -> list[tuple[bytes, bytes]]:
        headers = [
            (name, value)
            for name, value in message.get("headers", ())
            if name.lower() not in _NOT_OURS and not name.lower().startswith(b"access-control-")
        ]
        headers += [*_HEADERS, (b"content-security-policy", policy.encode())]
        # a form of a page that tells no referrer comes from the origin "null"
        headers.append((b"referrer-policy", b"same-origin" if self._path == "/unlock" else b"no-referrer"))
        if self.secure:  # browsers pass over it elsewhere, and complain
            headers.append((b"cross-origin-opener-policy", b"same-origin"))
        if self.new_reader and not self._path.startswith(_GRADIO_FOLDERS):
            headers.append((b"set-cookie", self._cookie().encode()))
        return headers

    def _cookie(self) -> str:
        secure = "; Secure" if self.secure else ""
        return (
            f"{READER_COOKIE}={self.new_reader}; Path={self._cookie_path}; Max-Age={READER_SECONDS}; "
            f"HttpOnly; SameSite=Lax{secure}"
        )


def _changes_articles(method: str, path: str) -> bool:
    return method not in _SAFE and (
        path in {"/api/v1/articles", "/_page/articles", "/_page/links"} or path.startswith("/api/v1/articles/")
    )


def _is_page(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])


def _wants_page(scope: Scope, path: str) -> bool:
    accepted = next((value for name, value in scope["headers"] if name == b"accept"), b"")
    return scope["method"] == "GET" and path in {"/", "/api/docs"} and b"text/html" in accepted


async def _to_unlock(scope: Scope, receive: Receive, send: Send, root_path: str) -> None:
    from starlette.responses import RedirectResponse

    await RedirectResponse(f"{root_path}/unlock", 303)(scope, receive, send)


def _most_bytes(path: str) -> int:
    return _LONG_BODIES.get(path, _BODY_BYTES)


def _refused(status: int, path: str) -> RequestError:
    if status == 408:
        return RequestError(408, "a body that does not come", "all of it, without long pauses", "Send it again")
    return RequestError(
        413,
        "a body that is too large",
        f"at most {_most_bytes(path) / 1e6:.0f} MB",
        "Send it in parts, or use footnote add",
    )


def _cookies(header: str) -> dict[str, str]:
    cookies: dict[str, str] = {}
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        cookies.setdefault(name, value)
    return cookies
