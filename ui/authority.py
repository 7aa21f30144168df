"""Who may do what: the library's owner, and its visitors.

The gate (ui/gate.py) notes in each request who makes it. What answers it asks

    owner_of(request)    whose conversations it may keep, list, reopen, rename, delete, export:
                         the `owner` of everything in qa/conversations.py and index/shelf.py
    may_change(request)  whether it may add and remove articles

where `request` is one of Starlette or FastAPI, or the `gr.Request` that a Gradio handler gets for a parameter annotated
with it. The owner's conversations are those of "", which the command line keeps too.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

READER_COOKIE = "footnote_reader"
OWNER_COOKIE = "footnote_owner"
READER_SECONDS = 180 * 24 * 3600
OWNER_SECONDS = 30 * 24 * 3600

_LOCAL = ("localhost", "127.0.0.1", "::1")
_READER = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::\d{1,5})?")


class WrongToken(Exception):
    """A token was given, and it is not the owner's."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Say who makes a request.

    `owner` names the visitor's conversations, "" for the library's owner; `may_change` is true of the owner alone.
    `new_reader` is the value of the cookie that a visitor who has none is to be given.
    """

    owner: str = ""
    may_change: bool = True
    new_reader: str = ""


def visitor_of(request: Any) -> Visitor:
    """Give who makes a request.

    Raises: LookupError, for a request that did not come through the gate.
    """
    visitor = getattr(request.state, "visitor", None) if request is not None else None
    if not isinstance(visitor, Visitor):
        raise LookupError("the request did not come through the gate, so nothing is known of who makes it")
    return visitor


def owner_of(request: Any) -> str:
    """Give whose conversations a request may see, "" for the library's owner; LookupError as in `visitor_of`."""
    return visitor_of(request).owner


def may_change(request: Any) -> bool:
    """Say whether a request may add and remove articles; LookupError as in `visitor_of`."""
    return visitor_of(request).may_change


@dataclass(frozen=True, slots=True)
class Authority:
    """Decide who makes a request, and under which names the server may be called.

    Without a `token` everyone who reaches the server is the owner: for addresses of this machine alone. `private` asks
    for the token to read, too. `names` are names beside those of this machine; `any_address` allows every address
    written in digits, which no foreign name can be made to point a browser's requests at.
    """

    token: str = ""
    private: bool = False
    names: tuple[str, ...] = ()
    any_address: bool = False

    def knows_host(self, host: str) -> bool:
        """Say whether a Host header names this server: against pages that point a name of theirs at it."""
        name = host_name(host)
        if name in _LOCAL or name in self.names:
            return True
        return self.any_address and _is_address(name)

    def knows_origin(self, origin: str, host: str) -> bool:
        """Say whether an Origin header is that of our own page, called under the Host `host`.

        Behind a proxy that writes another Host, the names given to the server count too.
        """
        scheme, separator, rest = origin.partition("://")
        if not separator or scheme not in {"http", "https"} or not host_name(rest):
            return False
        return rest.lower() == host.lower() or host_name(rest) in self.names

    def visitor(self, authorization: str, cookies: Mapping[str, str]) -> Visitor:
        """Say who makes a request, by its Authorization header and its cookies.

        Raises: WrongToken.
        """
        if not self.token:
            return Visitor()
        if authorization:
            kind, _, given = authorization.partition(" ")
            if kind.lower() != "bearer" or not self.is_token(given.strip()):
                raise WrongToken
            return Visitor()
        if self._is_pass(cookies.get(OWNER_COOKIE, "")):
            return Visitor()
        reader = cookies.get(READER_COOKIE, "")
        fresh = "" if _READER.fullmatch(reader) else secrets.token_urlsafe(32)
        return Visitor(_owner(fresh or reader), may_change=False, new_reader=fresh)

    def is_token(self, given: str) -> bool:
        """Say whether this is the owner's token, in a time that does not tell how much of it was right."""
        return bool(self.token) and hmac.compare_digest(_digest(given), _digest(self.token))

    def owner_pass(self) -> str:
        """Make the value of the cookie that stands for the token in a browser, for `OWNER_SECONDS`."""
        until = str(int(time.time()) + OWNER_SECONDS)
        return f"{until}.{self._signature(until)}"

    def _is_pass(self, value: str) -> bool:
        until, _, signature = value.partition(".")
        if not until.isascii() or not until.isdigit() or len(until) > 12:
            return False
        right = hmac.compare_digest(_digest(signature), _digest(self._signature(until)))
        return right and int(until) > time.time()

    def _signature(self, until: str) -> str:
        return hmac.new(self.token.encode(), f"footnote owner until {until}".encode(), hashlib.sha256).hexdigest()


def host_name(host: str) -> str:
    """Give the name in "name:port", in lower case, "" when it is none; "[::1]:80" gives "::1"."""
    found = _NAME.fullmatch(host)
    return (found["six"] or found["name"]).lower() if found else ""


def is_loopback(host: str) -> bool:
    """Say whether an address or name is one that only this machine reaches."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_unspecified(host: str) -> bool:
    """Say whether a host stands for all addresses of this machine."""
    return _is_address(host) and ipaddress.ip_address(host).is_unspecified


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _owner(reader: str) -> str:
    """Name a reader's conversations, so that who reads the library's file cannot pass for the reader."""
    return hashlib.sha256(f"footnote reader {reader}".encode()).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
