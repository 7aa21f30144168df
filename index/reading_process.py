"""Files read in a process of their own, which is started when first needed and used again.

Not by multiprocessing: its children import the program's main module, which runs a script that has no
`if __name__ == "__main__"` a second time, and fails where the program came from standard input.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO, cast

from index.errors import ArticleError
from index.formats import kinds
from index.formats.given import Fetched
from index.reading_lines import MOST_BYTES, Done, Entry, Found, Member, Notice, from_line
from index.reading_worker import EXIT_MEMORY, EXIT_TIME
from index.records import Article

SECONDS = 30.0
"""Longest time that may pass until the next article of a file."""

MEMORY_BYTES = 2_000_000_000
"""Most address space of the process."""

_MOST_DEATHS = 3
"""How many members of an archive may end the process before the rest is given up."""

_BIG = 10_000_000
"""Size of a file, in bytes, after which a new process is used: the old one may keep the memory it took."""

_COMMAND = "import sys; sys.path[:] = sys.argv[3:]; from index.reading_worker import serve; serve(*sys.argv[1:3])"

# A group of its own: Ctrl-C in the terminal reaches us alone, and we end it.
if sys.platform == "win32":
    _GROUP, _FLAGS = None, subprocess.CREATE_NEW_PROCESS_GROUP
else:
    _GROUP, _FLAGS = 0, 0

_notices = logging.getLogger("footnote")
_lock = threading.Lock()
_idle: list[_Process] = []
_running: set[_Process] = set()


class _Died(ArticleError):
    """A process ended while it read a file; by chance, perhaps, unless it took too long."""

    may_be_chance = True


def read(file: Path, share: Callable[[float], object] | None = None) -> Iterator[Article | ArticleError]:
    """Read the articles of a file, or of an archive's files; what cannot be read comes as an error in its place.

    Of an archive, `share` is told before each article how much of it has been read, up to 1.
    Raises: OSError, when no process can be started.
    """
    if file.suffix.lower() == kinds.ARCHIVE:
        yield from _archive(file, share)
    else:
        yield from _articles(file, None, str(file))


def read_fetched(file: Path, fetched: Fetched) -> Iterator[Article | ArticleError | Entry]:
    """Read what was fetched into a file: the articles, or of a feed the entries.

    Raises: OSError, when no process can be started.
    """
    for found in _answers(file, None, fetched.asked, fetched):
        if isinstance(found, Article | ArticleError | Entry):
            yield found


def _archive(file: Path, share: Callable[[float], object] | None) -> Iterator[Article | ArticleError]:
    deaths = 0
    members = list(_answers(file, None, str(file)))
    for number, listed in enumerate(members, 1):
        if share:
            share(number / len(members))
        if isinstance(listed, ArticleError):
            yield listed
        elif isinstance(listed, Member):
            for found in _articles(file, listed.number, listed.where):
                deaths += isinstance(found, _Died)
                yield found
            if deaths == _MOST_DEATHS:
                yield ArticleError(f"{file} ended its reader {deaths} times", "files that can be read", "Unpack it")
                return


def _articles(file: Path, member: int | None, where: str) -> Iterator[Article | ArticleError]:
    for found in _answers(file, member, where):
        if isinstance(found, Article | ArticleError):
            yield found


def _answers(file: Path, member: int | None, where: str, fetched: Fetched | None = None) -> Iterator[Found]:
    """Give what a process answers; one that served before and dies at once is not held against the file."""
    big = file.suffix.lower() != kinds.ARCHIVE and file.stat().st_size > _BIG
    silent = True
    with _borrowed(again=not big) as process:
        for found in process.answers(file, member, where, fetched):
            if isinstance(found, _Died) and silent and process.served and found.may_be_chance:
                break
            silent = False
            if isinstance(found, Notice):
                _notices.warning("%s", found.text)
            else:
                yield found
        else:
            return
    yield from _answers(file, member, where, fetched)


@contextmanager
def _borrowed(*, again: bool) -> Iterator[_Process]:
    """Lend the idle process, or a new one; end it when it is not to be used again, or comes back before its answer."""
    with _lock:
        process = _idle.pop() if _idle else None
    if process and process.ended():
        process.close()
        process = None
    process = process or _Process()
    try:
        yield process
    finally:
        with _lock:
            kept = again and process.ready and not _idle
            if kept:
                _idle.append(process)
        if not kept:
            process.close()


class _Process:
    """Hold one running process and its two pipes.

    It is `ready` unless it has a request to answer, and has `served` so many before.
    """

    def __init__(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this Python, and words of ours
            [sys.executable, "-I", "-c", _COMMAND, str(SECONDS), str(MEMORY_BYTES), *map(os.path.abspath, sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            process_group=_GROUP,
            creationflags=_FLAGS,
        )
        self._requests = cast(BinaryIO, self._process.stdin)
        self._replies = cast(BinaryIO, self._process.stdout)
        self.ready = True
        self.served = 0
        _running.add(self)

    def answers(self, file: Path, member: int | None, where: str, fetched: Fetched | None) -> Iterator[Found]:
        """Ask for what a file holds; one that ends the process gives an error as its last."""
        self.ready = False
        request = {
            "path": os.path.abspath(file),
            "where": str(file),
            "member": member,
            "fetched": asdict(fetched) if fetched else None,
        }
        with suppress(OSError):  # it has ended, which its reply will tell
            self._requests.write(json.dumps(request).encode() + b"\n")
            self._requests.flush()
        while found := self._reply():
            if isinstance(found, Done):
                self.ready = True
                self.served += 1
                return
            yield found
        yield self._death(where)

    def ended(self) -> bool:
        return self._process.poll() is not None

    def close(self) -> None:
        """End the process at once: it holds nothing that could be lost."""
        _running.discard(self)
        self._process.kill()
        with suppress(OSError):  # what could not be written to it is flushed once more
            self._process.communicate()

    def _reply(self) -> Found | None:
        try:
            return from_line(self._replies.readline(MOST_BYTES))
        except (ValueError, KeyError, TypeError, RecursionError):  # no line, or half of one
            return None

    def _death(self, where: str) -> _Died:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        if status == EXIT_TIME:
            problem = f"takes more than {SECONDS:.0f} seconds to read"
        elif status == EXIT_MEMORY:
            problem = f"takes more than {MEMORY_BYTES / 1e9:.0f} GB of memory to read"
        else:
            problem = f"made its reader crash ({_signal_name(status)})"
        died = _Died(f"{where} {problem}", "a file that can be read", "Leave it out, or save it as text")
        died.may_be_chance = status != EXIT_TIME
        return died


def _signal_name(status: int) -> str:
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"exit status {status}"


@atexit.register
def _end_all() -> None:
    for process in list(_running):
        process.close()
