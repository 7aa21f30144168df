"""Addresses of pages, checked before anything is asked of them (idna)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin, urlsplit

from index.errors import FetchError

MOST_CHARACTERS = 4_000
MOST_ENTRIES = 50
"""How many entries of a feed are read unless another number is given."""

PORTS = {"http": 80, "https": 443}

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NEVER = re.compile(r"[\x00-\x20\x7f-\x9f\\\s\ud800-\udfff]")
RESERVED = "/:?[]@!$&'()*+,;=%"
"""Characters that mean something else when they are written with a %; `quote` leaves letters, digits and -._~ too."""


@dataclass(frozen=True, slots=True)
class Address:
    """Hold where a page is. `host` is a name in lower-case ASCII, or an IP address; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.site}{self.target}"

    @property
    def site(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Name host and port as a Host header does."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_number(self) -> bool:
        """Say whether the host is an IP address, which needs no resolver."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()


def is_address(text: str) -> bool:
    """Say whether what was typed is meant for an address, of whatever kind, and not for a path."""
    return bool(_SCHEME.match(text))


def parsed(text: str) -> Address:
    """Read an address as typed; its fragment is left out.

    Raises: FetchError, when it is no http(s) address, holds a password, or writes its host as browsers alone read it.
    """
    shown = repr(text[:200])
    if len(text) > MOST_CHARACTERS:
        raise FetchError(
            f"an address of {len(text):,} characters", f"at most {MOST_CHARACTERS:,}", "Give the page's own address"
        )
    if _NEVER.search(text):
        raise FetchError(
            f"{shown} holds a space, a backslash or a control character", "an address without", "Write %20 for a space"
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"{shown} is no address ({error})", "such as https://example.org/page", "Correct it") from None
    if parts.scheme not in PORTS:
        raise FetchError(
            f"{shown} is not of the web ({parts.scheme or 'no scheme'})", "http:// or https://", "Give its web address"
        )
    if "@" in parts.netloc:
        raise FetchError(
            f"an address at {parts.hostname or 'no host'} that holds a name or password",
            "an address without",
            "Take out what stands before the @; what needs a password can be saved as a file and added",
        )
    if port == 0:
        raise FetchError(f"{shown} names port 0", "a port from 1 to 65535", "Correct it")
    host = _host(parts.netloc.rpartition(":")[0] if _has_port(parts.netloc) else parts.netloc, shown)
    target = quote(parts.path or "/", safe=RESERVED)
    if parts.query:
        target += "?" + quote(parts.query, safe=RESERVED)
    return Address(parts.scheme, host, port or PORTS[parts.scheme], target)


def joined(base: Address, link: str) -> Address:
    """Read a link that stands at an address.

    Raises: FetchError.
    """
    try:
        return parsed(urljoin(str(base), link.strip()))
    except ValueError as error:
        raise FetchError(f"{link[:200]!r} is no address ({error})", "a web address", "Leave it out") from None


def same_host(one: str, other: str) -> bool:
    """Say whether two hosts are one, `www.` apart."""
    return one.removeprefix("www.") == other.removeprefix("www.")


def _has_port(netloc: str) -> bool:
    return ":" in netloc.rpartition("]")[2]


def _host(written: str, shown: str) -> str:
    import idna

    problem = FetchError(f"{shown} names no host that can be looked up", "such as example.org", "Correct it")
    if written.startswith("["):
        try:
            address = IPv6Address(written[1:-1])
        except ValueError:
            raise problem from None
        if written[-1:] != "]" or address.scope_id:
            raise problem
        return str(address)
    try:
        host = written.lower() if written.isascii() else idna.encode(written, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        raise problem from None
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise problem
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(host))
        except ValueError:
            raise FetchError(
                f"{shown} writes an IP address in a way of its own", "four numbers with points", "Give the host's name"
            ) from None
    return host
