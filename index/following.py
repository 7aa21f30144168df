"""A library kept in step with folders: what is new there goes in, what is gone there goes out."""

from __future__ import annotations

import os
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from index.errors import ArticleError, FolderError
from index.files import KINDS, files_under
from index.formats.kinds import unreadable
from index.formats.version import readers_version
from index.intake import Taken, take_in
from index.library import Library, Outcome
from index.read_files import QUIET_SECONDS, ReadFile, Stamp, as_text, name_of

_AT_ONCE = 200
_PATIENCE = 10
_AGAIN_SECONDS = 60.0


class Happened(StrEnum):
    """Name what happened to a file."""

    ADDED = "added"
    CHANGED = "changed"
    RENAMED = "renamed"
    REMOVED = "removed"


@dataclass(slots=True)
class Change:
    """Say what happened to a file (or folder), and what that did to its articles; `before` is the name it had."""

    what: Happened
    file: Path
    counts: Counter[Outcome] = field(default_factory=Counter)
    removed: int = 0
    refused: list[ArticleError] = field(default_factory=list)
    before: Path | None = None

    @property
    def visible(self) -> bool:
        """Say whether it changed anything, or should be told of all the same."""
        changed = self.counts.total() - self.counts[Outcome.UNCHANGED] + self.removed
        return bool(changed or self.refused or self.what in {Happened.RENAMED, Happened.REMOVED})


@dataclass(slots=True)
class _Look:
    """Hold the files in the folders, by name; what could not be looked at; and folders that lost all their files.

    What was in those two is not gone for that.
    """

    files: dict[str, tuple[str, Stamp]] = field(default_factory=dict)
    closed: dict[str, ArticleError] = field(default_factory=dict)
    emptied: list[str] = field(default_factory=list)

    def hides(self, name: str) -> bool:
        return any(name == one or name.startswith(_inside(one)) for one in (*self.closed, *self.emptied))


class Following:
    """Look at folders again and again, and bring a library in step with them.

    What changes is left alone until it has been at rest for `QUIET_SECONDS`; `waiting` is how many such files the
    last step saw. Articles go out only when no file holds them any more, and not while their file has been refused or
    cannot be looked at. Files are told apart as index/read_files.py says.
    """

    def __init__(self, library: Library, folders: Sequence[Path], *, may_be_empty: bool = False) -> None:
        self._library = library
        self._folders = {os.path.realpath(folder): folder for folder in folders}
        self._names = [*map(as_text, self._folders)]
        self._may_be_empty = may_be_empty
        self._rest: dict[str, tuple[Stamp | None, float]] = {}
        self._tried: dict[str, tuple[Stamp, float]] = {}
        self._said: set[str] = set()
        self._empty_since: dict[str, float] = {}
        self._first = True
        self.waiting = 0
        self.look_seconds = 0.0

    def step(self) -> Iterator[Change]:
        """Look once, and do what there is to do; tell of it as it is done. It may be broken off at any point.

        Raises: FolderError, when a folder is gone, cannot be read, or lost all its files at once; LibraryBusy, after
        which the next step goes on; LibraryError.
        """
        begun = time.monotonic()
        look = self._look()
        known = self._library.read_files.all()
        new = {name: found for name, found in look.files.items() if self._differs(name, found[1], known.get(name))}
        gone = [name for name in known if name not in look.files and self._is_ours(name) and not look.hides(name)]
        gone = [name for name in gone if not os.path.exists(name)]  # a hidden one was added by its name
        self.look_seconds = time.monotonic() - begun
        ripe = {  # a new file may be a lost one under another name: each waits for the other
            name: found for name, found in new.items() if self._at_rest(name, found[1], by_clock=not gone)
        }
        seconds = QUIET_SECONDS if len(ripe) == len(new) else _PATIENCE * QUIET_SECONDS
        ripe_gone = [name for name in gone if self._at_rest(name, None, seconds=seconds)]
        self.waiting = len(new) + len(gone) - len(ripe) - len(ripe_gone) + len(look.emptied)
        self._rest = {name: seen for name, seen in self._rest.items() if name in new or name in gone}
        yield from self._closed(look)
        if self._first:
            yield from self._removed_unnoted(look)
        if ripe or ripe_gone or (not self.waiting and self._library.read_files.gone(self._names)):
            yield from self._done(ripe, {name: known[name] for name in ripe_gone}, known)
        if self._first:
            yield from self._removed_unnoted(look)
        self._first = self.waiting > 0

    def _look(self) -> _Look:
        look = _Look()
        for real, folder in self._folders.items():
            if not folder.is_dir():
                raise FolderError(
                    f"{folder} {'is no folder' if folder.exists() else 'does not exist'}",
                    "a folder that can be followed",
                    "Check the path, and whether its disk is there; nothing was removed from the library",
                )
            errors: list[OSError] = []
            seen = [self._see(entry, _name(entry, folder, real), look) for entry in files_under(folder, errors.append)]
            for error in errors:
                self._see_closed(error, as_text(real + error.filename[len(str(folder)) :]), look)
            if any(seen) or self._may_be_empty or not self._gave_articles(as_text(real)):
                self._empty_since.pop(real, None)
            else:
                look.emptied.append(as_text(real))
                self._see_emptied(folder, real)
        return look

    def _see_closed(self, error: OSError, name: str, look: _Look) -> None:
        if name in self._names:
            raise FolderError(
                f"{error.filename} cannot be read ({error.strerror})",
                "a folder that can be followed",
                "Check its permissions and its disk; nothing was removed from the library",
            )
        if not isinstance(error, FileNotFoundError):  # gone meanwhile
            look.closed[name] = unreadable(error.filename, error)

    def _see_emptied(self, folder: Path, real: str) -> None:
        """Believe that a folder is empty only when it stays so: an editor may be putting another file in its place."""
        if time.monotonic() - self._empty_since.setdefault(real, time.monotonic()) >= QUIET_SECONDS:
            raise FolderError(
                f"{folder} is empty, and the library holds articles from it",
                "some of their files; perhaps its disk is missing",
                "Nothing was removed from the library. If the folder was emptied on purpose, add --allow-empty",
            )

    def _see(self, entry: os.DirEntry[str], name: str, look: _Look) -> bool:
        if os.path.splitext(entry.name)[1].lower() not in KINDS:
            return False
        try:
            found = entry.stat()
        except FileNotFoundError:  # gone meanwhile, or a link that leads nowhere
            return False
        except OSError as error:
            look.closed[name] = unreadable(entry.path, error)
            return True
        if stat.S_ISREG(found.st_mode):
            look.files[name] = entry.path, Stamp.seen(found)
        return stat.S_ISREG(found.st_mode)

    def _gave_articles(self, folder: str) -> bool:
        noted = self._library.read_files
        return bool(noted.unnoted([folder])) or any(name.startswith(_inside(folder)) for name in noted.counts())

    def _is_ours(self, name: str) -> bool:
        return any(name.startswith(_inside(folder)) for folder in self._names)

    def _differs(self, name: str, stamp: Stamp, noted: ReadFile | None) -> bool:
        if noted and noted.stamp == str(stamp) and noted.readers == readers_version():
            return False
        tried = self._tried.get(name)
        return not (tried and tried[0] == stamp and time.monotonic() - tried[1] < _AGAIN_SECONDS)

    def _at_rest(self, name: str, stamp: Stamp | None, *, by_clock: bool = False, seconds: float | None = None) -> bool:
        if by_clock and stamp and stamp.quiet():
            return True
        seen = self._rest.get(name)
        if seen is None or seen[0] != stamp:
            self._rest[name] = stamp, time.monotonic()
            return False
        return time.monotonic() - seen[1] >= (QUIET_SECONDS if seconds is None else seconds)

    def _closed(self, look: _Look) -> Iterator[Change]:
        """Tell of what cannot be looked at, once for as long as it stays so."""
        for name, error in look.closed.items():
            if str(error) not in self._said:
                yield Change(Happened.CHANGED, Path(name), refused=[error])
        self._said = {str(error) for error in look.closed.values()}

    def _done(
        self, ripe: dict[str, tuple[str, Stamp]], gone: dict[str, ReadFile], known: dict[str, ReadFile]
    ) -> Iterator[Change]:
        """Take in what is new and take out what is gone; in this order, so that what moved is not encoded again."""
        library = self._library
        library.read_files.vanish(gone)
        changed: dict[str, Change] = {}
        lost = _Lost(gone)
        for name, taken in self._taken(ripe):
            noted = known.get(name)
            if noted and noted.stamp:
                changed[name] = Change(Happened.CHANGED, taken.file, taken.counts, refused=taken.refused)
                continue
            change = Change(Happened.ADDED, taken.file, taken.counts, refused=taken.refused)
            if set(taken.counts) == {Outcome.UNCHANGED} and not taken.refused and (before := lost.like(ripe[name][1])):
                change.what, change.before = Happened.RENAMED, self._shown(before)
            if change.visible:
                yield change
        removed = Counter(file for file, _ in self._removed(library.read_files.gone(self._names)))
        library.read_files.forget(gone)
        library.failures.note({name: [] for name in gone})
        for name in lost.names:
            yield Change(Happened.REMOVED, self._shown(name), removed=removed.pop(name, 0))
        for name, number in removed.items():
            changed.setdefault(name, Change(Happened.CHANGED, self._shown(name))).removed = number
        yield from (change for change in changed.values() if change.visible)

    def _taken(self, ripe: dict[str, tuple[str, Stamp]]) -> Iterator[tuple[str, Taken]]:
        """Take files in; give the name of each with what became of it, but for refusals that were told of before."""
        library = self._library
        reasons = library.failures.all()
        names = {Path(path): name for name, (path, _) in ripe.items()}
        files = sorted(names, key=names.__getitem__)
        for taken in _whole(take_in(files, library, quiet=lambda file, now: now == ripe[names[file]][1])):
            name = names[taken.file]
            taken.refused = [error for error in taken.refused if str(error) not in reasons.get(name, ())]
            yield name, taken
        noted = library.read_files.all()
        self._tried |= {name: (found[1], time.monotonic()) for name, found in ripe.items() if not noted[name].stamp}

    def _removed(self, gone: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Remove articles, given each with where it stood; give them back."""
        for start in range(0, len(gone), _AT_ONCE):
            self._library.remove_gone([id for _, id in gone[start : start + _AT_ONCE]])
        return gone

    def _removed_unnoted(self, look: _Look) -> Iterator[Change]:
        """Remove articles that came from files of ours, which were not noted then, and stand there no more."""
        known = self._library.read_files.all()
        lost = []
        for origin, id in self._library.read_files.unnoted(self._names):
            name = _file_of(origin, look.files.__contains__)
            stands = not (name in known and known[name].whole) if name else _file_of(origin, os.path.exists)
            if not stands and not look.hides(origin):
                lost.append((name or origin, id))
        for name, number in Counter(name for name, _ in self._removed(lost)).items():
            yield Change(Happened.REMOVED, self._shown(name), removed=number)

    def _shown(self, name: str) -> Path:
        """Give a name as a path under the folder as it was given."""
        for real, folder in self._folders.items():
            if name.startswith(_inside(as_text(real))):
                return folder / name[len(_inside(as_text(real))) :]
        return Path(name)


def _whole(taken: Iterator[Taken]) -> Iterator[Taken]:
    """Put together what is told of each file."""
    held: dict[Path, Taken] = {}
    for part in taken:
        so_far = held.setdefault(part.file, part)
        if so_far is not part:
            so_far.counts += part.counts
            so_far.refused += part.refused
        if part.ended:
            yield held.pop(part.file)


class _Lost:
    """Hold the files that are gone, until one of them is found under a new name."""

    def __init__(self, gone: dict[str, ReadFile]) -> None:
        self.names = dict.fromkeys(gone)
        self._by_stamp: dict[str, list[str]] = {}
        for name, noted in gone.items():
            self._by_stamp.setdefault(noted.stamp.rpartition(" ")[0], []).append(name)

    def like(self, stamp: Stamp) -> str | None:
        """Take out one that may be a file under its old name, of which size and time of modification stay."""
        names = self._by_stamp.get(str(stamp).rpartition(" ")[0])
        if not names:
            return None
        self.names.pop(names[-1])
        return names.pop()


def _name(entry: os.DirEntry[str], folder: Path, real: str) -> str:
    if entry.is_symlink():
        return name_of(Path(entry.path))
    return as_text(os.path.join(real, entry.path[len(str(folder)) :].lstrip(os.sep)))


def _inside(folder: str) -> str:
    return folder.rstrip(os.sep) + os.sep


def _file_of(origin: str, is_file: Callable[[str], bool]) -> str:
    """Find the file that an origin stands in, perhaps as a member or a record; "" when there is none."""
    ends = [at for at, char in enumerate(origin) if char in "!#"]
    return next((origin[:end] for end in [len(origin), *reversed(ends)] if is_file(origin[:end])), "")
