"""Pages fetched politely: robots.txt first, one request a second to a host, each redirect checked anew."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path

from index.errors import FetchError
from index.formats.given import Fetched
from index.web import robots
from index.web.addresses import PORTS, Address, joined
from index.web.connections import Answer, Connections
from index.web.media_types import kind_of, most_bytes

AGENT = "Footnote"
MOST_REDIRECTS = 5
LONGEST_WAIT = 10.0
"""Most seconds that are waited, once, because a server says when to come back."""

_PAUSE = 1.0
_ACCEPTED = "text/html, application/xhtml+xml, application/rss+xml, application/atom+xml, application/pdf, */*;q=0.5"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BUSY = frozenset({429, 503})
_SAVE = "Open it in a browser, save the page, and add the file"


class Visitor:
    """Fetch pages, and remember for one run what their sites asked for.

    `pause` and `clock` count seconds. No cookie is kept and nothing is sent but the address, a User-Agent and what is
    accepted.
    """

    def __init__(
        self,
        connections: Connections | None = None,
        *,
        pause: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connections = connections or Connections()
        self._pause = pause
        self._clock = clock
        self._rules: dict[str, robots.Rules | FetchError] = {}
        self._ready: dict[str, float] = {}
        self._headers = {"User-Agent": f"{AGENT}/{version('footnote')}", "Accept": _ACCEPTED}

    def fetch(self, asked: Address, folder: Path, *, named: bool = False) -> tuple[Path, Fetched]:
        """Fetch what stands at an address into a new file of a folder.

        A port other than 80 and 443 is only gone to when the user `named` the address, and then at that host alone.

        Raises: FetchError.
        """
        try:
            return self._followed(asked, folder, named)
        except FetchError as error:
            if str(asked) in error.found:
                raise
            raise FetchError(f"{asked} was not fetched: {error.found}", error.expected, error.remedy) from None

    def _followed(self, asked: Address, folder: Path, named: bool) -> tuple[Path, Fetched]:
        address = asked
        for _ in range(MOST_REDIRECTS + 1):
            own_port = named and (address.host, address.port) == (asked.host, asked.port)
            if address.port not in PORTS.values() and not own_port:
                raise FetchError(
                    f"{asked} leads to port {address.port} of {address.host}",
                    "port 80 or 443",
                    "Give that address itself",
                )
            self._ask_robots(address)
            with self._answered(address) as answer:
                if answer.status not in _REDIRECTS:
                    return self._saved(asked, address, answer, folder)
                address = _redirected(address, answer)
        raise FetchError(f"{asked} leads on more than {MOST_REDIRECTS} times", "a page", _SAVE)

    def _saved(self, asked: Address, address: Address, answer: Answer, folder: Path) -> tuple[Path, Fetched]:
        where = str(address)
        _check_status(answer, where)
        kind, charset = kind_of(answer.headers.get("content-type", ""), address.target, where)
        number = len(list(folder.iterdir()))
        file = folder / f"{number}{kind}"
        with file.open("wb") as written:
            for part in answer.body(where, most_bytes(kind)):
                written.write(part)
        return file, Fetched(str(asked), where, kind, charset)

    @contextmanager
    def _answered(self, address: Address) -> Iterator[Answer]:
        """Ask when it is time; once more, when the server is busy and says that it will not be for long."""
        with self._in_turn(address) as answer:
            wait = _wait(answer) if answer.status in _BUSY else None
            if wait is None or wait > LONGEST_WAIT:
                yield answer
                return
        self._pause(wait)
        with self._in_turn(address) as answer:
            yield answer

    @contextmanager
    def _in_turn(self, address: Address) -> Iterator[Answer]:
        wait = self._ready.get(address.host, 0.0) - self._clock()
        if wait > 0:
            self._pause(wait)
        rules = self._rules.get(address.site)
        try:
            with self._connections.asked(address, self._headers) as answer:
                yield answer
        finally:
            delay = rules.delay if isinstance(rules, robots.Rules) else 0.0
            self._ready[address.host] = self._clock() + max(_PAUSE, delay)

    def _ask_robots(self, address: Address) -> None:
        if address.site not in self._rules:
            self._rules[address.site] = self._robots(Address(address.scheme, address.host, address.port, "/robots.txt"))
        rules = self._rules[address.site]
        if isinstance(rules, FetchError):
            raise FetchError(rules.found, rules.expected, rules.remedy)
        if not rules.allow(address.target):
            raise FetchError(
                f"{address} is not for programs, says {address.site}/robots.txt",
                f"a page that {AGENT} may fetch",
                _SAVE,
            )

    def _robots(self, address: Address) -> robots.Rules | FetchError:
        """Ask a site for its rules; what cannot be told forbids all.

        Source: RFC 9309, section 2.3.1; 429 is taken for a server that is busy, not for one without rules.
        """
        try:
            for _ in range(MOST_REDIRECTS + 1):
                with self._in_turn(address) as answer:
                    if answer.status in _REDIRECTS:
                        address = _redirected(address, answer)
                    elif 200 <= answer.status < 300:
                        return robots.rules_for(AGENT, _beginning(answer, str(address)))
                    elif 400 <= answer.status < 500 and answer.status not in _BUSY:
                        return robots.ALL
                    else:
                        return FetchError(
                            f"{address} answers {answer.status}, so what may be fetched there is unknown",
                            "rules, or none",
                            "Try again later",
                        )
        except FetchError as error:
            return error
        return robots.ALL


def _beginning(answer: Answer, where: str) -> bytes:
    data = b""
    for part in answer.body(where, 20 * robots.MOST_BYTES):
        data += part
        if len(data) >= robots.MOST_BYTES:
            break
    return data


def _redirected(address: Address, answer: Answer) -> Address:
    location = answer.headers.get("location", "")
    if not location:
        raise FetchError(f"{address} leads on without saying where ({answer.status})", "a page", _SAVE)
    target = joined(address, location.encode("latin-1").decode("utf-8", "replace"))
    if (address.scheme, target.scheme) == ("https", "http"):
        raise FetchError(
            f"{address} leads to {target}, which is not secure", "https all the way", "Give that address itself"
        )
    return target


def _check_status(answer: Answer, where: str) -> None:
    status = answer.status
    if status in {200, 203}:
        return
    if status in _BUSY:
        wait = _wait(answer)
        later = "later" if wait is None else f"in {wait:.0f} seconds"
        raise FetchError(f"{where} is busy ({status})", "a page", f"Try again {later}")
    if status in {404, 410}:
        raise FetchError(f"{where} is not there ({status})", "a page", "Check the address")
    if status in {401, 402, 403, 407, 451}:
        raise FetchError(f"{where} refuses us ({status})", "a page that anybody may read", _SAVE)
    if status >= 500:
        raise FetchError(f"{where} fails at the server ({status})", "a page", "Try again later")
    raise FetchError(f"{where} gives no page ({status})", "a page", _SAVE)


def _wait(answer: Answer) -> float | None:
    """Give the seconds after which a server wants to be asked again, None when it does not say."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max((then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
