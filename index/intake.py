"""Files into a library, each noted as read when all of it is in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from index.errors import ArticleError
from index.files import read_articles
from index.formats.version import readers_version
from index.library import Library, Outcome
from index.read_files import ReadFile, Stamp, name_of
from index.records import Article

_BATCH_CHARACTERS = 60_000
_BATCH_FILES = 100
_REASONS = 20


class Observer(Protocol):
    """Be told how far taking in has come."""

    def read(self, file: Path, characters: int, share: float | None) -> object:
        """Learn how many characters a file has given so far, and, where it is known, what share of it gave them."""
        ...

    def encoded(self, characters: int) -> object:
        """Learn of that many more characters that are in the library, or were before."""
        ...


@dataclass(slots=True)
class Taken:
    """Say what became of a file's articles since the last time it was told of; `ended` when there are no more."""

    file: Path
    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: list[ArticleError] = field(default_factory=list)
    ended: bool = False


@dataclass(slots=True)
class _Open:
    """Hold a file that is being read: its state when that began, what it held before, and what it gave so far."""

    file: Path
    name: str
    stamp: str
    before: set[str]
    ids: set[str] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)
    untold: Taken = field(init=False)

    def __post_init__(self) -> None:
        self.untold = Taken(self.file)


def unread(files: Iterable[Path], library: Library) -> tuple[list[Path], int]:
    """Find the files that have to be read; give them, and the number of articles that the others hold.

    Those others are as they were when all of them was read, by readers of the same version.
    """
    known, counts, readers = library.read_files.all(), library.read_files.counts(), readers_version()
    wanted, held = [], 0
    for file in files:
        name = name_of(file)
        noted = known.get(name)
        if noted and noted.whole and noted.readers == readers and noted.stamp == _stamp(file):
            held += counts.get(name, 0)
        else:
            wanted.append(file)
    return wanted, held


def take_in(
    files: Iterable[Path],
    library: Library,
    observer: Observer | None = None,
    quiet: Callable[[Path, Stamp], bool] = lambda _, stamp: stamp.quiet(),
) -> Iterator[Taken]:
    """Read files and add their articles; tell of each file, more than once when it is large.

    What is told of is in the library, and outlives a kill. A file is noted as read in the transaction that its last
    article is in, unless it changed meanwhile, or may change without a trace: `quiet` says that it cannot. Refusals
    are noted among the library's failures.
    Raises: LibraryUnwritable; what was told of before stays.
    """
    batch: list[tuple[_Open, Article]] = []
    ended: list[_Open] = []
    characters = 0
    for file in files:
        now = _opened(file, library, quiet)
        given, share = 0, _Share()
        for found in read_articles(file, share.set):
            if isinstance(found, ArticleError):
                _refuse(now, found)
                continue
            batch.append((now, found))
            characters += len(found.text)
            given += len(found.text)
            if characters >= _BATCH_CHARACTERS:
                if observer:
                    observer.read(file, given, share.value)
                yield from _added(batch, ended, now, library, observer)
                batch, ended, characters = [], [], 0
        ended.append(now)
        now.untold.ended = True
        if observer:
            observer.read(file, given, 1.0)
        if len(ended) >= _BATCH_FILES:
            yield from _added(batch, ended, None, library, observer)
            batch, ended, characters = [], [], 0
    if ended:
        yield from _added(batch, ended, None, library, observer)


class _Share:
    def __init__(self) -> None:
        self.value: float | None = None

    def set(self, value: float) -> None:
        self.value = value


def _opened(file: Path, library: Library, quiet: Callable[[Path, Stamp], bool]) -> _Open:
    name = name_of(file)
    try:
        stamp = Stamp.of(file)
        noted = str(stamp) if quiet(file, stamp) else ""
    except OSError:  # which reading it will say
        noted = ""
    return _Open(file, name, noted, library.read_files.articles(name))


def _added(
    batch: list[tuple[_Open, Article]],
    ended: list[_Open],
    current: _Open | None,
    library: Library,
    observer: Observer | None,
) -> Iterator[Taken]:
    """Add a batch, and note files: those that `ended`, and the `current` one, which goes on."""
    concerned = [*ended, *([current] if current else [])]

    def note(outcomes: list[Outcome | ArticleError]) -> None:
        for (of, article), outcome in zip(batch, outcomes, strict=True):
            if isinstance(outcome, ArticleError):
                _refuse(of, outcome)
            else:
                of.untold.counts[outcome] += 1
                of.ids.add(article.id)
                if outcome is not Outcome.UNCHANGED:  # it is not the one that was noted
                    of.before.discard(article.id)
        fresh = [one for one in concerned if not one.ids <= one.before]
        if fresh or ended:
            with library.read_files.writing():
                for one in fresh:
                    library.read_files.link(one.name, one.ids - one.before)
                    one.before |= one.ids
                for one in ended:
                    _finish(one, library)

    library.add([article for _, article in batch], observer.encoded if observer else None, note)
    for one in concerned:
        told, one.untold = one.untold, Taken(one.file)
        yield told


def _refuse(of: _Open, error: ArticleError) -> None:
    of.untold.refused.append(error)
    if len(of.reasons) < _REASONS:
        of.reasons.append(str(error))


def _finish(one: _Open, library: Library) -> None:
    library.failures.note({one.name: one.reasons})
    stamp = one.stamp if one.stamp == _stamp(one.file) and not (one.reasons and _locked(one.file)) else ""
    library.read_files.finish(one.name, ReadFile(stamp, readers_version(), not one.reasons and bool(stamp)), one.ids)


def _stamp(file: Path) -> str:
    try:
        return str(Stamp.of(file))
    except OSError:
        return ""


def _locked(file: Path) -> bool:
    """Say whether a file cannot be read now, whatever is in it."""
    try:
        with open(file, "rb") as stream:
            stream.read(1)
    except OSError:
        return True
    return False
