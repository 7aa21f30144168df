"""Folders and a library kept in step: what `footnote watch` does."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from index.errors import LibraryBusy
from index.following import Change, Following, Happened
from index.library import Library, Outcome
from ui.adding import opened_or_made
from ui.terminal import safe
from ui.wording import counted

STOPPED, FAILED = 130, 2

_EVERY_SECONDS = 1.0
_SHARE = 20
"""Looking at the folders takes at most one part in so many of the time."""

_REFUSALS = 10
_LOOKS_ONCE = 15
_BUSY_ONCE = 10


def watch(folders: Sequence[Path], folder: Path, model: str | None, *, once: bool, may_be_empty: bool) -> int:
    """Keep a library in step with folders until Ctrl-C or SIGTERM, or bring it in step `once`; give the exit status.

    Each change is printed on a line of its own.
    Raises: FolderError; LibraryError; ModelError.
    """
    with _ending_cleanly(), opened_or_made(folder, model) as library:
        following = Following(library, folders, may_be_empty=may_be_empty)
        try:
            if once:
                return _once(following, library)
            print(safe(f"Watching {', '.join(map(str, folders))} (Ctrl-C stops)."), flush=True)
            _always(following, library)
        except KeyboardInterrupt:
            return STOPPED if once else 0
    return 0


def change_lines(change: Change) -> list[str]:
    """Write what happened to a file on one line, and what was refused on others."""
    if change.before:
        said = [f"renamed {change.before} to {change.file}"]
    elif change.what is Happened.REMOVED or change.removed or set(change.counts) - {Outcome.UNCHANGED}:
        said = [f"{change.what} {change.file} ({_articles(change)})"]
    else:
        said = []
    said += [f"refused: {error}" for error in change.refused[:_REFUSALS]]
    more = len(change.refused) - _REFUSALS
    return [*said, f"refused: {counted(more, 'article')} more of {change.file}"] if more > 0 else said


def _articles(change: Change) -> str:
    parts = [
        (change.counts[Outcome.ADDED], "added"),
        (change.counts[Outcome.REPLACED], "replaced"),
        (change.counts[Outcome.UNCHANGED] if change.what is Happened.ADDED else 0, "here already"),
        (change.removed, "removed"),
    ]
    done = [(number, word) for number, word in parts if number]
    if len(done) == 1 and done[0][1] == change.what:
        return counted(done[0][0], "article")
    said = [f"{number:,} {word}" for number, word in done[1:]]
    return ", ".join([f"{counted(done[0][0], 'article')} {done[0][1]}", *said]) if done else "no article"


def _once(following: Following, library: Library) -> int:
    refused = changed = False
    for _ in range(_LOOKS_ONCE):
        for attempt in range(_BUSY_ONCE):
            try:
                for change in following.step():
                    refused |= bool(change.refused)
                    changed = True
                    _say(change)
                break
            except LibraryBusy:
                if attempt == _BUSY_ONCE - 1:
                    raise
                time.sleep(_EVERY_SECONDS)
        if not following.waiting:
            break
        time.sleep(_EVERY_SECONDS)
    else:
        print(f"{counted(following.waiting, 'file')} still changing: left for the next time.", flush=True)
    if changed:
        library.save_cache()
    return FAILED if refused else 0


def _always(following: Following, library: Library) -> None:
    waiting = saved = False
    while True:
        try:
            for change in following.step():
                _say(change)
            waiting = False
            if not saved and not following.waiting:
                library.save_cache()
                saved = True
        except LibraryBusy as busy:
            if not waiting:
                print(safe(f"footnote: {busy.found}; waiting."), file=sys.stderr, flush=True)
            waiting = True
        time.sleep(max(_EVERY_SECONDS, _SHARE * following.look_seconds))


def _say(change: Change) -> None:
    for line in change_lines(change):
        print(safe(line), flush=True)


@contextmanager
def _ending_cleanly() -> Iterator[None]:
    """Take SIGTERM for Ctrl-C: what is half done is undone, and the library closed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
