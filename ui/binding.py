"""Where a server listens."""

from __future__ import annotations

import errno
import socket
import sys

from index import FootnoteError

HOST = "127.0.0.1"
FIRST_PORT = 7860
_PORTS = 40


class ServeError(FootnoteError):
    """Nothing can be served there."""


def bound(port: int | None, host: str = HOST) -> socket.socket:
    """Take a port of a host's; without one, the first free one from `FIRST_PORT` on.

    Raises: ServeError, when no port is free, or the host is not this machine's.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise _not_ours(host, error) from error
    wanted = range(FIRST_PORT, FIRST_PORT + _PORTS) if port is None else [port]
    for one in wanted:
        found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sends at once where it is TCP
        if sys.platform != "win32":
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((address[0], one))
        except (OSError, OverflowError) as error:
            found.close()
            if isinstance(error, OSError) and error.errno == errno.EADDRNOTAVAIL:
                raise _not_ours(host, error) from error
        else:
            return found
    raise ServeError(
        f"no free port ({', '.join(map(str, wanted[:1]))}{' and after' if port is None else ''}) on {host}",
        "one to serve on",
        "Give another with --port",
    )


def address_of(listening: socket.socket) -> str:
    """Write where a socket listens, as an http address."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - read, not bound
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _not_ours(host: str, error: OSError) -> ServeError:
    return ServeError(
        f"{host} is no address of this machine ({error.strerror or error})",
        "one to serve on, such as 127.0.0.1 or 0.0.0.0",
        "Give another with --host",
    )
