"""Who is answered next: a few at a time, in the order in which they came."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class _Waiting:
    visitor: str
    admitted: asyncio.Future[None]
    moved: Callable[[int], None]
    told: int = 0


class Line:
    """Let `at_once` questions be answered at a time; a visitor who asks much does not hold up the others.

    To be used in one event loop.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[_Waiting] = []
        self._served: Counter[str] = Counter()

    @asynccontextmanager
    async def place(self, visitor: str, moved: Callable[[int], None]) -> AsyncIterator[None]:
        """Wait for a turn, and hold it; `moved` is told how many other visitors come before, when that changes."""
        one = _Waiting(visitor, asyncio.get_running_loop().create_future(), moved)
        self._waiting.append(one)
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
            self._admit()

    def _admit(self) -> None:
        while self._free and self._waiting:
            one = min(self._waiting, key=lambda waiting: self._served[waiting.visitor])
            self._waiting.remove(one)
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
