"""The process that reads files whose parsers can crash, hang or take all memory."""

from __future__ import annotations

import faulthandler
import json
import logging
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from index.errors import ArticleError
from index.formats import feeds, kinds
from index.formats.archives import Archive
from index.formats.given import Fetched, Given
from index.reading_lines import Done, Entry, Found, Member, Notice, to_line
from index.records import Article

EXIT_TIME = 1 if sys.platform == "win32" else -signal.SIGALRM
"""What the process ends with when its time is up; neither is ours to choose."""

EXIT_MEMORY = 4
BROKE = "broke its reader"
"""Said of a file at which a parser raised what its reader does not foresee."""


def serve(seconds: str, memory_bytes: str) -> None:
    """Answer requests, a line each on the standard input, until it ends.

    `seconds` is the longest that may pass until the next article; `memory_bytes` bounds the address space, where the
    system can.
    """
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a parser prints must not come between our lines
    _limit(int(memory_bytes))
    logger = logging.getLogger("footnote")
    logger.addHandler(_Forwarding(channel))
    logger.propagate = False
    worker = _Worker()
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            fetched = Fetched(**request["fetched"]) if request["fetched"] else None
            answers = worker.answer(Path(request["path"]), request["where"], request["member"], fetched)
            while True:
                _end_in(float(seconds))
                found = next(answers)
                _end_in(0)
                _send(channel, found)
                if isinstance(found, Done):
                    break
        except MemoryError:
            os._exit(EXIT_MEMORY)


class _Worker:
    """Read files, and keep open the archive whose members are being asked for."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._archive: Archive | None = None

    def answer(self, path: Path, where: str, member: int | None, fetched: Fetched | None = None) -> Iterator[Found]:
        try:
            if member is None:
                self._close()
            if fetched:
                where = fetched.asked
                yield from _fetched(Given.page(path, fetched))
            elif path.suffix.lower() != kinds.ARCHIVE:
                yield from kinds.read(Given.file(path, where))
            elif member is None:
                yield from _members(self._opened(path, where), where)
            else:
                yield from kinds.read(self._opened(path, where).member(member))
        except ArticleError as error:
            yield error
        except OSError as error:
            yield kinds.unreadable(where, error)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a parser may raise anything at a file that is not what it seems
            problem = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            yield ArticleError(f"{where} {BROKE} ({problem})", "a sound file", "Save it again, or as text")
        yield Done()

    def _opened(self, path: Path, where: str) -> Archive:
        if self._archive is None or self._path != path:
            self._archive = Archive(Given.file(path, where))
            self._path = path
        return self._archive

    def _close(self) -> None:
        if self._archive:
            self._archive.close()
        self._archive = None


def _fetched(given: Given) -> Iterator[Found]:
    if given.suffix in kinds.FEEDS:
        for link, known in feeds.entries(given, titles=True):
            yield Entry(link, known)
    else:
        yield from kinds.read(given)


def _members(archive: Archive, where: str) -> Iterator[Member | Notice | ArticleError]:
    others: Counter[str] = Counter()
    for found in archive.members(frozenset(kinds.READERS)):
        if isinstance(found, str):
            others[PurePosixPath(found).suffix.lower() or "without suffix"] += 1
        else:
            yield found
    if others:
        shown = ", ".join(f"{count} {suffix}" for suffix, count in sorted(others.items()))
        yield Notice(f"{where}: left out files of other kinds: {shown}")


class _Forwarding(logging.Handler):
    def __init__(self, channel: BinaryIO) -> None:
        super().__init__()
        self._channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        _send(self._channel, Notice(record.getMessage()))


def _send(channel: BinaryIO, found: Found | Article) -> None:
    channel.write(to_line(found))
    channel.flush()


def _end_in(seconds: float) -> None:
    """End this process after some seconds, whatever it is doing by then; never, for 0."""
    if sys.platform != "win32":
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    elif seconds:
        faulthandler.dump_traceback_later(seconds, exit=True)
    else:
        faulthandler.cancel_dump_traceback_later()


def _limit(memory_bytes: int) -> None:
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):  # macOS has the limit and refuses to set it
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
