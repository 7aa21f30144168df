"""Backups: a library's file copied while it is used, and put back."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from index.database import FILE, Database, make_ready, unwritable
from index.errors import LibraryDamaged, LibraryError
from index.segment_cache import forget
from index.whole_files import put_in_place, sweep, unfinished


def backup(folder: Path, target: Path) -> Path:
    """Copy what a library holds at this moment to a file, whoever is writing it; give that file.

    In a folder the file gets the library's name and the time. What was removed and not yet
    vacuumed may still be in the copy's free pages.
    Raises: LibraryError, when the file is there already or cannot be written; LibraryDamaged.
    """
    if target.is_dir():
        target = target / f"{folder.resolve().name}-{datetime.now():%Y-%m-%d-%H%M%S}.sqlite"
    try:
        with Database.open_as_it_is(folder / FILE) as library, unfinished(target) as new:
            library.copy_to(new)
            _checked(new, target)
            put_in_place(new, target)
    except FileExistsError as error:
        raise LibraryError(f"{target} is there already", "a new file", "Give another name") from error
    except OSError as error:
        raise unwritable(target.parent, error) from error
    return target


def restore(source: Path, folder: Path, *, replace: bool = False) -> None:
    """Make the library of a folder what a backup holds; programs that have it open see that too.

    `source` is a backup, or the folder of a library. A library that is in the folder is replaced
    only with `replace`, in one transaction.
    Raises: LibraryMissing, LibraryDamaged, LibraryError, LibraryUnwritable.
    """
    source = source / FILE if source.is_dir() else source
    file = folder / FILE
    if file.exists() and not replace:
        raise LibraryError(
            f"{folder} holds a library already",
            "a new or an empty folder",
            "Give another --library, or --replace to lose what is in that one",
        )
    with Database.open_as_it_is(source) as original:
        if file.exists() and file.samefile(source):
            raise LibraryError(f"{source} is that library itself", "a backup of it", "Give another file")
        if not file.exists():
            make_ready(folder)
        try:
            sweep(folder)
            with unfinished(file) as new:
                original.copy_to(new)
                _checked(new, source)
                _renamed(new)
                if file.exists():
                    _fill(file, new)
                else:
                    put_in_place(new, file)
            forget(folder)
        except OSError as error:
            raise unwritable(folder, error) from error


def _checked(copy: Path, original: Path) -> None:
    with Database.open_new(copy) as database:
        database.check_format(upgradable=True)
        if problems := database.problems():
            raise LibraryDamaged(
                f"{original} is damaged ({problems[0]})", "a whole library", "See what can be saved: footnote check"
            )


def _renamed(copy: Path) -> None:
    """Give a copy an identity of its own, so that no cache of the original is taken for its."""
    with Database.open_new(copy) as database:
        with database.writing():
            database.change("UPDATE settings SET value = ? WHERE key = 'id'", (uuid.uuid4().hex,))
        database.log_ahead()


def _fill(file: Path, copy: Path) -> None:
    try:
        with Database(file, "rw") as live:
            live.fill_from(copy)
    except LibraryDamaged as error:
        raise LibraryDamaged(
            error.found, "a library that can be written over", f"Move {file.parent} away and run it again"
        ) from error
