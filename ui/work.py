"""Work that would hold up the server, in threads, a few at a time."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread

from ui.http_errors import RequestError

if TYPE_CHECKING:
    from starlette.requests import Request

_Result = TypeVar("_Result")

MOST_WAITING = 32
SECONDS = 30.0
"""How long a request may wait for its turn."""


class Gone(Exception):
    """The client left before its turn came."""


class Work:
    """Do so many pieces of work at a time; let the others wait, up to a number."""

    def __init__(self, at_once: int = 0) -> None:
        self._turns = anyio.CapacityLimiter(at_once or min(4, os.cpu_count() or 1))
        self._waiting = 0

    async def do(self, work: Callable[[], _Result], request: Request | None = None) -> _Result:
        """Do some work in a thread when its turn comes, unless the client of the request has left by then.

        Raises: RequestError, when too much is waiting; Gone; what the work raises.
        """
        if self._waiting >= MOST_WAITING:
            raise _busy()
        self._waiting += 1
        try:
            with anyio.fail_after(SECONDS):
                await self._turns.acquire()
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1
        try:
            if request is not None and await request.is_disconnected():
                raise Gone
            return await anyio.to_thread.run_sync(work)
        finally:
            self._turns.release()


def _busy() -> RequestError:
    return RequestError(503, "too many questions at once", "fewer", "Try again in a moment", retry_after=2)
