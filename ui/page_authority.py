"""Who a visitor of the page is, and what a visitor may do: the one place that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

_LOOPBACK = frozenset({"127.0.0.1", "::1"})


def owner_of(request: HTTPConnection) -> str:
    """Name the owner of the visitor's conversations."""
    return ""


def may_change(request: HTTPConnection) -> bool:
    """Say whether a visitor may add and remove articles and judge answers: on this machine, from this page itself."""
    return request.client is not None and request.client.host in _LOOPBACK and from_this_page(request)


def from_this_page(request: HTTPConnection) -> bool:
    """Say whether a request was made by a page of this server, as browsers tell; other programs name no origin."""
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
