"""Work that would hold up the server, in threads, a few at a time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, TypeVar

import anyio
import anyio.to_thread

from ui.authority import visitor_of
from ui.http_errors import RequestError
from ui.line import Line

if TYPE_CHECKING:
    from starlette.requests import Request

_Result = TypeVar("_Result")

MOST_WAITING = 100
SECONDS = 60.0
"""How long a request may wait for its turn."""


class Gone(Exception):
    """The client left before its turn came."""


class Work:
    """Do pieces of work as their turns come in a line; let so many wait, and no more."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting = 0

    async def do(self, work: Callable[[], _Result], request: Request | None = None) -> _Result:
        """Do some work in a thread when its turn comes, unless the client of the request has left by then.

        Raises: RequestError, when too much is waiting; Gone; what the work raises.
        """
        if self._waiting >= MOST_WAITING:
            raise _busy()
        async with AsyncExitStack() as turn:
            self._waiting += 1
            try:
                with anyio.fail_after(SECONDS):
                    await turn.enter_async_context(self._line.place(_name(request)))
            except TimeoutError:
                raise _busy() from None
            finally:
                self._waiting -= 1
            if request is not None and await request.is_disconnected():
                raise Gone
            return await anyio.to_thread.run_sync(work)


def _name(request: Request | None) -> str:
    """Name who asks: a reader who shows a cookie, else all of an address as one."""
    if request is None:
        return ""
    visitor = visitor_of(request)
    if visitor.owner and not visitor.new_reader:
        return visitor.owner
    return request.client.host if request.client else ""


def _busy() -> RequestError:
    return RequestError(503, "too many questions at once", "fewer", "Try again in a moment", retry_after=2)
