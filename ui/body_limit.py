"""Bodies of requests that are too large, or do not come."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send

SECONDS = 20.0
"""How long a body may pause."""

_DRAINING_SECONDS = 1.0


class BodyLimit:
    """Pass a request's body on until it is too large or pauses too long; what is wrong stands in `refused`.

    The application then finds its client gone; whatever it would say to that is held back.
    """

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send = receive, send
        self._left = most
        self._whole = False
        self.began = False
        self.refused = 0

    async def receive(self) -> Message:
        if self.refused:
            return {"type": "http.disconnect"}
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), SECONDS)
        except TimeoutError:
            self.refused = 408
            return {"type": "http.disconnect"}
        if message["type"] == "http.request":
            self._whole = not message.get("more_body", False)
            self._left -= len(message.get("body", b""))
            if self._left < 0:
                self.refused = 413
                return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        if self.refused and not self.began:
            return
        self.began = True
        await self._send(message)


async def drain(receive: Receive) -> None:
    """Let go what a client still sends of a body for a moment: most read no answer before they have sent all."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_DRAINING_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


def declared_size(scope: Scope) -> int | None:
    """Give the length of the body that a request announces: None for none, -1 for one that is no number."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < 20 else -1
    return None
