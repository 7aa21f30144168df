"""One request to one checked address, within limits of time and size (httpcore2)."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpcore2

from index.errors import FetchError
from index.web.addresses import Address
from index.web.networks import is_public

CONNECT_SECONDS = 10.0
"""Longest time for looking a host up, and for connecting to it."""

READ_SECONDS = 15.0
"""Longest silence."""

TOTAL_SECONDS = 60.0
"""Longest time for a whole answer."""

Resolver = Callable[[str, int], Sequence[str]]


def resolved(host: str, port: int) -> list[str]:
    """Look a host up; the addresses in the order in which to try them.

    Raises: OSError, also when it takes too long.
    """
    answers: queue.Queue[list[str] | OSError] = queue.Queue()

    def look_up() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([str(address[0]) for *_, address in found])
        except OSError as error:
            answers.put(error)
        except UnicodeError as error:
            answers.put(OSError(str(error)))

    threading.Thread(target=look_up, daemon=True).start()  # the system's own look-up cannot be told when to stop
    try:
        answer = answers.get(timeout=CONNECT_SECONDS)
    except queue.Empty:
        raise TimeoutError("no answer") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold the head of an answer, the names of its headers in lower case, and the way to its body."""

    status: int
    headers: Mapping[str, str]
    parts: Iterator[bytes]

    def body(self, where: str, most: int) -> Iterator[bytes]:
        """Give the body, unpacked, piece by piece.

        Raises: FetchError, when it has more bytes than `most`, packed or unpacked, or cannot be unpacked.
        """
        coding = self.headers.get("content-encoding", "").strip().lower()
        if coding not in {"", "identity", "gzip", "x-gzip"}:
            raise FetchError(
                f"{where} comes packed as {coding[:40]!r}, which was not asked for",
                "gzip, or not packed",
                "Save the page from a browser and add the file",
            )
        length = self.headers.get("content-length", "")
        if length.isdecimal() and int(length) > most:
            raise _too_large(where, most)
        parts = _bounded(self.parts, where, most)
        yield from _bounded(_unpacked(parts, where), where, most) if coding.endswith("gzip") else parts


class Connections:
    """Open connections to public addresses only.

    A host is looked up once for each request, all its addresses must be `allowed`, and the connection goes to one of
    those very addresses, so that a second answer of the resolver changes nothing. Proxies of the environment are not
    used: a proxy would look the host up itself. Certificates are those the system trusts, or `certificates`.
    """

    def __init__(
        self,
        resolver: Resolver = resolved,
        allowed: Callable[[str], bool] = is_public,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        self._resolver = resolver
        self._allowed = allowed
        self._certificates = certificates or httpcore2.default_ssl_context()

    @contextmanager
    def asked(self, address: Address, headers: Mapping[str, str]) -> Iterator[Answer]:
        """Ask for an address; redirects are answers too.

        Raises: FetchError, here and while the body is read.
        """
        deadline = time.monotonic() + TOTAL_SECONDS
        url = httpcore2.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=address.port,
            target=address.target.encode(),
        )
        request = httpcore2.Request(
            "GET",
            url,
            headers=[
                ("Host", address.authority),
                *headers.items(),
                ("Accept-Encoding", "gzip"),
                ("Connection", "close"),
            ],
            extensions={"timeout": {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS}},
        )
        with _told(address):
            backend = _Backend(self._checked(address), deadline)
            with httpcore2.HTTPConnection(url.origin, self._certificates, network_backend=backend) as connection:
                response = connection.handle_request(request)
                try:
                    names = {
                        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
                    }
                    yield Answer(response.status, names, response.iter_stream())
                finally:
                    response.close()

    def _checked(self, address: Address) -> Sequence[str]:
        if address.is_number:
            found: Sequence[str] = [address.host]
        else:
            try:
                found = self._resolver(address.host, address.port)
            except TimeoutError:
                raise FetchError(
                    f"{address.host} was not looked up within {CONNECT_SECONDS:.0f} seconds",
                    "an answer of the name server",
                    "Check the connection, and try again",
                ) from None
            except OSError as error:
                raise _no_host(address, error.strerror or str(error)) from None
        if not found:
            raise _no_host(address, "no address")
        closed = [number for number in found if not self._allowed(number)]
        if closed:
            place = "" if address.is_number else f" is at {closed[0]}, which"
            raise FetchError(
                f"{address.host}{place} is not an address of the public internet",
                "a page that anybody can reach",
                "Save the page as a file and add that",
            )
        return list(dict.fromkeys(found))


class _Backend(httpcore2.NetworkBackend):
    """Connect to given addresses, whatever the host is called."""

    def __init__(self, addresses: Sequence[str], deadline: float) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        end = min(self._deadline, time.monotonic() + CONNECT_SECONDS)
        for number, address in enumerate(self._addresses):
            try:
                left = max(end - time.monotonic(), 0.001) / (len(self._addresses) - number)
                return _Stream(self._sockets.connect_tcp(address, port, left), self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if address == self._addresses[-1]:
                    raise
        raise httpcore2.ConnectError("no address")


class _Stream(httpcore2.NetworkStream):
    """Read and write until a deadline, however little comes at a time."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the whole answer")
        return min(left, timeout or left)


@contextmanager
def _told(address: Address) -> Iterator[None]:
    """Say in our words what went wrong with a connection."""
    try:
        yield
    except httpcore2.TimeoutException as error:
        step = "no connection" if isinstance(error, httpcore2.ConnectTimeout) else "no answer"
        raise FetchError(
            f"{address} is too slow ({step})",
            f"a connection within {CONNECT_SECONDS:.0f} seconds, no silence of {READ_SECONDS:.0f}, all within "
            f"{TOTAL_SECONDS:.0f}",
            "Try again later, or save the page as a file and add that",
        ) from None
    except httpcore2.NetworkError as error:
        cause = error.__cause__
        if isinstance(cause, ssl.SSLError):
            problem = getattr(cause, "verify_message", "") or cause.reason or "the handshake failed"
            raise FetchError(
                f"{address.host} has no secure connection that can be trusted ({problem})",
                f"a certificate of {address.host} that this system trusts",
                "Open it in a browser to see what is wrong; save the page and add the file",
            ) from None
        raise FetchError(
            f"{address.authority} cannot be reached ({error or type(error).__name__})",
            "a server that answers, without a proxy",
            "Check the address and the connection",
        ) from None
    except (httpcore2.ProtocolError, httpcore2.UnsupportedProtocol) as error:
        raise FetchError(
            f"{address} does not answer as a web server should ({str(error)[:200]})", "HTTP", "Try again later"
        ) from None


def _bounded(parts: Iterator[bytes], where: str, most: int) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > most:
            raise _too_large(where, most)
        yield part


_PIECE = 1 << 16


def _unpacked(parts: Iterator[bytes], where: str) -> Iterator[bytes]:
    """Undo gzip, never more than a piece at a time."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    try:
        for part in parts:
            while part:
                if stream.eof:
                    stream, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), False
                yield stream.decompress(part, _PIECE)
                begun = True
                part = stream.unused_data if stream.eof else stream.unconsumed_tail
    except zlib.error as error:
        raise FetchError(f"{where} cannot be unpacked ({error})", "sound gzip", "Try again later") from None
    while begun and not stream.eof:
        rest = stream.decompress(b"", _PIECE)
        if not rest:
            raise FetchError(f"{where} breaks off", "all of it", "Try again later")
        yield rest


def _too_large(where: str, most: int) -> FetchError:
    return FetchError(
        f"{where} is larger than {most / 1e6:,.1f} MB",
        "less in an answer of this kind",
        "Save it in parts, and add these",
    )


def _no_host(address: Address, problem: str) -> FetchError:
    return FetchError(
        f"there is no host {address.host} ({problem})",
        "a host that can be looked up",
        "Check the address and the connection",
    )
