"""A language model behind an address that speaks OpenAI's chat completions (httpx).

Whatever comes from there is untrusted. No error shows the key or a word of the reply.
"""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.errors import FootnoteError

if TYPE_CHECKING:
    import httpx

SECONDS = 20.0
"""How long a whole request may take."""

_MOST_BYTES = 256 * 1024
_MOST_TOKENS = 600
_MOST_PARTS = 300
_BARE_AFTER = frozenset({400, 422})
_REMEDIES = {
    400: "Check the model's name",
    401: "Check the key",
    403: "Check the key, and that it may use this model",
    404: "Check the address, which often ends in /v1, and the model's name",
    429: "Wait, or ask for a higher limit there",
}


class LanguageModelError(FootnoteError):
    """A language model cannot be asked, or does not answer as it should."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Hold what a model wrote; `cut` says that it was stopped, `declined` that it would not write."""

    text: str
    cut: bool = False
    declined: bool = False


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Name a language model, where it is asked and how long that may take.

    `address` is what "/chat/completions" is put after. Plain http goes to this machine alone, but with `plain_http`.
    Raises: LanguageModelError, for an address, name or key that cannot be used.
    """

    address: str
    name: str
    key: str = field(default="", repr=False)
    seconds: float = SECONDS
    plain_http: bool = False

    def __post_init__(self) -> None:
        _check_address(self.address, plain_http=self.plain_http)
        if not self.name.strip() or not self.name.isprintable():
            raise LanguageModelError("the language model has no name", "one that its server knows", "Name it")
        if not all("!" <= char <= "~" for char in self.key):
            raise LanguageModelError(
                "the language model's key holds spaces, line ends or letters outside ASCII",
                "the key alone",
                "Correct the file or variable that it comes from",
            )

    def complete(self, messages: Sequence[Mapping[str, str]]) -> Reply:
        """Ask for the next message.

        Raises: LanguageModelError, also when the whole takes longer than `seconds`, however slowly bytes come.
        """
        import httpx

        outcome: Future[Reply] = Future()
        deadline = time.monotonic() + self.seconds
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if self.key:
            headers["authorization"] = f"Bearer {self.key}"
        # A transport of our own keeps the environment's proxies from between this program and this machine.
        direct = httpx.HTTPTransport() if _is_here(self.address) else None
        with httpx.Client(headers=headers, timeout=self.seconds, transport=direct) as client:

            def ask() -> None:
                try:
                    outcome.set_result(self._ask(client, messages, deadline))
                except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
                    outcome.set_exception(error)

            # In a thread, because names are looked up and heads of replies read without a limit on the whole. Nobody
            # waits for it beyond the limit; that the client is closed then ends it.
            Thread(target=ask, name="language model", daemon=True).start()
            try:
                return outcome.result(self.seconds)
            except TimeoutError:
                raise self._slow() from None

    def _ask(self, client: httpx.Client, messages: Sequence[Mapping[str, str]], deadline: float) -> Reply:
        import httpx

        asked: dict[str, Any] = {"model": self.name, "messages": list(messages), "stream": False}
        limits = {"temperature": 0, "max_tokens": _MOST_TOKENS}
        try:
            status, body = self._sent(client, {**asked, **limits}, deadline)
            if status in _BARE_AFTER:  # some models refuse these settings, and say so in no common way
                status, body = self._sent(client, asked, deadline)
        except httpx.TimeoutException:
            raise self._slow() from None
        except httpx.ConnectError as error:
            raise self._unreached(tls="SSL" in str(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):  # their messages may hold what was sent or received
            raise self._wrong("a reply that breaks off or is not HTTP") from None
        if status != 200:
            raise self._refused(status)
        return self._read(body)

    def _sent(self, client: httpx.Client, values: Mapping[str, Any], deadline: float) -> tuple[int, bytes]:
        address = f"{self.address.rstrip('/')}/chat/completions"
        body = bytearray()
        with client.stream("POST", address, json=values) as response:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise self._wrong("a compressed reply, which was not asked for")
            for part in response.iter_raw():
                body += part
                if len(body) > _MOST_BYTES:
                    raise self._wrong(f"a reply of more than {_MOST_BYTES:,} bytes")
                if time.monotonic() > deadline:
                    raise self._slow()
            return response.status_code, bytes(body)

    def _read(self, body: bytes) -> Reply:
        try:
            values = json.loads(body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise self._wrong("a reply that is not JSON") from None
        try:
            choice = values["choices"][0]
            message, ended = choice["message"], choice.get("finish_reason")
            text, refusal = message.get("content"), message.get("refusal")
        except (KeyError, IndexError, TypeError, AttributeError):
            raise self._wrong("JSON without a message") from None
        if ended == "content_filter" or (isinstance(refusal, str) and refusal.strip()):
            return Reply("", declined=True)
        if isinstance(text, list) and len(text) <= _MOST_PARTS:
            text = "".join(
                part["text"] for part in text if isinstance(part, dict) and isinstance(part.get("text"), str)
            )
        if not isinstance(text, str):
            raise self._wrong("a message without a text")
        if not text.strip():
            raise self._wrong("an empty message")
        return Reply(text, cut=ended == "length")

    def _wrong(self, found: str) -> LanguageModelError:
        return LanguageModelError(
            f"{self.address} gave {found}", "a chat completion with a text", "Check the address and the server there"
        )

    def _unreached(self, *, tls: bool) -> LanguageModelError:
        if tls:
            return LanguageModelError(
                f"{self.address} cannot be asked over https",
                "a server there whose certificate is trusted here",
                "Correct the address, or set SSL_CERT_FILE to the certificate that it is to be checked by",
            )
        return LanguageModelError(
            f"no language model answers at {self.address}", "a server there", "Start it, or correct the address"
        )

    def _slow(self) -> LanguageModelError:
        return LanguageModelError(
            f"{self.address} did not answer within {self.seconds:g} seconds",
            "an answer in that time",
            "Ask again, allow more time, or take a smaller model",
        )

    def _refused(self, status: int) -> LanguageModelError:
        if 300 <= status < 400:
            return LanguageModelError(
                f"{self.address} sends on to another address (status {status})",
                "an answer there; nothing is sent on",
                "Give the address that answers itself",
            )
        remedy = _REMEDIES.get(status, "Ask again later" if status >= 500 else "Check the address and the model's name")
        return LanguageModelError(f"{self.address} refused (status {status})", "status 200", remedy)


def _check_address(address: str, *, plain_http: bool) -> None:
    expected = "one such as http://127.0.0.1:11434/v1 or https://host/v1"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or not address.isascii() or not address.isprintable() or " " in address:
        raise LanguageModelError("the language model's address is not one", expected, "Correct it")
    if parts.scheme not in {"http", "https"}:
        raise LanguageModelError(f"the language model's address begins with {parts.scheme}:", expected, "Correct it")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise LanguageModelError(
            "the language model's address holds a name, a password, a question mark or #",
            expected,
            "Take it out; a key comes from a file or a variable",
        )
    if parts.scheme == "http" and not plain_http and not _is_here(address):
        raise LanguageModelError(
            f"{address} is plain http to another machine, which anyone between can read",
            "https, or an address of this machine",
            "Use https, or allow plain http explicitly",
        )


def _is_here(address: str) -> bool:
    """Say whether an address is one of this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
