"""Errors as JSON answers: what was found, what was expected, what to do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from index.errors import (
    FootnoteError,
    LibraryEmpty,
    LibraryError,
    LibraryUnwritable,
    ModelError,
)
from qa.conversations import ConversationError
from ui.values import ErrorValues

if TYPE_CHECKING:
    from starlette.responses import Response


class RequestError(FootnoteError):
    """A request cannot be answered; `status` is the one of HTTP, `retry_after` in how many seconds to come back."""

    def __init__(self, status: int, found: str, expected: str, remedy: str, *, retry_after: int = 0) -> None:
        super().__init__(found, expected, remedy)
        self.status = status
        self.retry_after = retry_after


NO_TOKEN = RequestError(
    401,
    "no token",
    "the owner's token",
    "Send it as: Authorization: Bearer TOKEN; footnote serve says where it is kept",
)
WRONG_TOKEN = RequestError(
    401, "a wrong token", "the owner's token", "Send it as: Authorization: Bearer TOKEN, or leave it out"
)
MISTAKE = RequestError(
    500, "a mistake in Footnote", "an answer", "Tell its makers what you sent; the server's own output says more"
)


def error_values(error: FootnoteError) -> ErrorValues:
    return {"found": error.found, "expected": error.expected, "do": error.remedy}


def status_of(error: FootnoteError) -> int:
    """Give the HTTP status of an error."""
    match error:
        case RequestError():
            return error.status
        case ConversationError():
            return 404
        case LibraryEmpty():
            return 409
        case LibraryUnwritable() | ModelError():
            return 503
        case LibraryError():
            return 500
    return 422


def said_to(error: FootnoteError, *, owner: bool) -> FootnoteError:
    """Give an error as one may be told it: where the library is on the disk is the owner's alone to know."""
    if owner or not isinstance(error, LibraryError | ModelError):
        return error
    status = status_of(error)
    found = "the library holds no articles" if status == 409 else "the library cannot be used just now"
    return RequestError(status, found, "one that can be asked", "Try again later, or tell its owner")


def error_response(error: FootnoteError) -> Response:
    """Write an error as an answer."""
    from starlette.responses import Response

    status = status_of(error)
    headers = {"cache-control": "no-store"}
    if status == 401:
        headers["www-authenticate"] = 'Bearer realm="Footnote"'
    if isinstance(error, RequestError) and error.retry_after:
        headers["retry-after"] = str(error.retry_after)
    text = json.dumps(error_values(error), ensure_ascii=True)
    return Response(text, status, headers, "application/json")
