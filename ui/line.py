"""Who is answered next: a few at a time, in turns."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class _Waiting:
    visitor: str
    round: int
    admitted: asyncio.Future[None]
    moved: Callable[[int], None]
    told: int = 0


class Line:
    """Let `at_once` questions be answered at a time, one of each visitor's before the next of anyone's.

    To be used in one event loop.
    """

    def __init__(self, at_once: int = 0) -> None:
        self._free = at_once or max(2, os.cpu_count() or 1)
        self._waiting: list[_Waiting] = []
        self._served: Counter[str] = Counter()
        self._round = 0
        self._latest: dict[str, int] = {}

    @asynccontextmanager
    async def place(self, visitor: str, moved: Callable[[int], None] = lambda before: None) -> AsyncIterator[None]:
        """Wait for a turn, and hold it; `moved` is told how many other visitors come before, when that changes."""
        round = max(self._round, self._latest.get(visitor, -1) + 1)
        self._latest[visitor] = round
        one = _Waiting(visitor, round, asyncio.get_running_loop().create_future(), moved)
        self._waiting.append(one)
        self._waiting.sort(key=lambda waiting: waiting.round)
        self._admit()
        try:
            await one.admitted
            yield
        finally:
            if one in self._waiting:
                self._waiting.remove(one)
            else:
                self._free += 1
                self._served -= Counter([visitor])
            if not self._served[visitor] and all(waiting.visitor != visitor for waiting in self._waiting):
                del self._latest[visitor]
            self._admit()

    def _admit(self) -> None:
        while self._free and self._waiting:
            one = self._waiting.pop(0)
            self._round = one.round
            self._free -= 1
            self._served[one.visitor] += 1
            if not one.admitted.done():
                one.admitted.set_result(None)
        before = set(self._served)
        for one in self._waiting:
            number = len(before - {one.visitor})
            before.add(one.visitor)
            if number != one.told:
                one.told = number
                one.moved(number)
