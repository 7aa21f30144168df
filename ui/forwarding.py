"""What proxies say of the requests they pass on: believed of those we were told of, taken off otherwise."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

UNKNOWN_PROXY = "footnote.unknown_proxy"
"""Set in the scope of a request that a proxy passed on of which we were not told."""

_SAID = re.compile(rb"forwarded|x-forwarded-.*|x-real-ip")
_TO_GRADIO = frozenset({b"x-gradio-server", b"x-direct-url"})


class Forwarding:
    """Take the host from a believed proxy, whose other words uvicorn reads; strip what anyone else says.

    Gradio believes such headers of everyone, so none may reach it.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = app
        self._proxies = [ipaddress.ip_network(proxy) for proxy in proxies]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = self._read(scope)
        await self._app(scope, receive, send)

    def _read(self, scope: Scope) -> Scope:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        kept = [(name, value) for name, value in headers if not _SAID.fullmatch(name) and name not in _TO_GRADIO]
        if not self._believes(scope):
            return {**scope, "headers": kept, UNKNOWN_PROXY: any(_SAID.fullmatch(name) for name, _ in headers)}
        kept += [(name, value) for name, value in headers if name in {b"x-forwarded-for", b"x-forwarded-proto"}]
        host = next((value for name, value in headers if name == b"x-forwarded-host"), None)
        if host is not None:
            kept = [(name, value) for name, value in kept if name != b"host"]
            kept.append((b"host", host.split(b",")[0].strip()))
        return {**scope, "headers": kept}

    def _believes(self, scope: Scope) -> bool:
        try:
            peer = ipaddress.ip_address(scope["client"][0])
        except (KeyError, TypeError, ValueError):
            return False
        return any(peer in network for network in self._proxies)
