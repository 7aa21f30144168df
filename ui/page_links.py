"""Web pages and feeds that the owner adds on the page by their addresses, where that was allowed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from index import Article
from index.errors import ArticleError
from index.web.reading import read_address
from index.web.visitor import Visitor

_REMEMBERED = 3600.0
"""Seconds after which sites are asked for their robots.txt again."""


class Links:
    """Read one address at a time, at the pace that sites ask for; `visits` makes who goes there."""

    def __init__(self, visits: Callable[[], Visitor] = Visitor) -> None:
        self._visits = visits
        self._reading = threading.Lock()
        self._visitor: Visitor | None = None
        self._since = 0.0

    def read(self, address: str, told: Callable[[str], object]) -> Iterator[Article | ArticleError]:
        """Read the articles at an address, as `index.web.reading.read_address` does."""
        with self._reading:
            if self._visitor is None or time.monotonic() - self._since > _REMEMBERED:
                self._visitor, self._since = self._visits(), time.monotonic()
            yield from read_address(address, visitor=self._visitor, told=told)
