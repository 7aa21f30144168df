"""The library's file: connections, transactions, errors in our words. The only file that knows SQLite."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from index import schema
from index.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryMismatch,
    LibraryMissing,
    LibraryUnwritable,
    WordsDamaged,
)
from index.whole_files import put_in_place, unfinished

FILE = "library.sqlite"
_WAIT_SECONDS = 10.0
_WORDS_BROKEN = re.compile(r"(no such table|constructor failed): (main\.)?(old_)?word")


class Database:
    """Read and write one file, from several threads and beside other programs.

    One writes at a time; whoever reads sees what was committed at one moment, whatever is
    written meanwhile. `reading` and `writing` hold for the thread that enters them.
    """

    def __init__(self, file: Path, mode: str) -> None:
        self.file = file
        self._mode = mode
        self._mine = threading.local()
        self._writing = threading.RLock()
        self._pool = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._closed = False
        with self._translated():
            self._writer = self._connected()

    @classmethod
    def create(cls, folder: Path, settings: Mapping[str, str]) -> Self:
        """Make a new library file in a folder, which is made too.

        Raises: LibraryError, when the folder holds something else; LibraryUnwritable.
        """
        file = folder / FILE
        make_ready(folder)
        try:
            with unfinished(file) as new:
                with cls.open_new(new) as database:
                    with database.writing():
                        for statement in schema.whole():
                            database.change(statement)
                        rows = {"id": uuid.uuid4().hex, "generation": "0", **settings}
                        for row in rows.items():
                            database.change("INSERT INTO settings VALUES (?, ?)", row)
                        database.change(f"PRAGMA application_id = {schema.APPLICATION}")
                        database.change(f"PRAGMA user_version = {schema.FORMAT}")
                    database.log_ahead()
                put_in_place(new, file)
        except FileExistsError as error:
            raise LibraryError(
                f"{folder} holds a library already", "a new or an empty folder", "Run it again to use that one"
            ) from error
        except OSError as error:
            raise unwritable(folder, error) from error
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the library file of a folder; a folder that cannot be written is opened for reading.

        An older format is made the present one.
        Raises: LibraryMissing, LibraryDamaged, LibraryMismatch for a newer format.
        """
        file = folder / FILE
        if not file.is_file():
            found = "holds no library" if folder.is_dir() else "is a file" if folder.exists() else "does not exist"
            raise LibraryMissing(
                f"{folder} {found}",
                f"a folder with {FILE}",
                f"Make one: footnote add PATH --library {folder}",
            )
        if not os.access(file, os.R_OK):
            raise LibraryUnwritable(f"{file} cannot be read", "a file you may read", "Change its permissions")
        writable = os.access(folder, os.W_OK) and os.access(file, os.W_OK)
        database = cls(file, "rw" if writable else _reading_mode(file))
        try:
            database.check_format(upgradable=writable)
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def open_as_it_is(cls, file: Path) -> Self:
        """Open a file to read what can be read; nothing in it is changed, whatever its format.

        Raises: LibraryMissing, LibraryDamaged.
        """
        if not file.is_file():
            raise LibraryMissing(f"{file} is no file", "the file of a library", "Check the path")
        return cls(file, "ro" if os.access(file.parent, os.W_OK) else _reading_mode(file))

    @classmethod
    def open_new(cls, file: Path) -> Self:
        """Open a file that is being made, or make it."""
        return cls(file, "rwc")

    def check_format(self, *, upgradable: bool) -> None:
        """Make sure that the file is a library of the present format, which an older one is made.

        Raises: LibraryDamaged for another kind of file, LibraryMismatch.
        """
        if self.rows("PRAGMA application_id")[0][0] != schema.APPLICATION:
            raise LibraryDamaged(
                f"{self.file} is not a Footnote library", "one made by footnote add", "Give another --library"
            )
        version = self.rows("PRAGMA user_version")[0][0]
        older = version in schema.UPGRADES
        if version != schema.FORMAT and not (older and upgradable):
            raise LibraryMismatch(
                f"{self.file.parent} has the library format {version}",
                f"format {schema.FORMAT}, the one this version of Footnote writes",
                "Open it once where it may be written, which upgrades it"
                if older
                else "Use the version that made it, or make a new library with footnote add",
            )
        if version != schema.FORMAT:
            self._upgrade()

    def _upgrade(self) -> None:
        with self.writing():
            version = self.rows("PRAGMA user_version")[0][0]
            while version in schema.UPGRADES:  # none is left where another program was faster
                for statement in schema.statements(schema.UPGRADES[version]):
                    self.change(statement)
                version += 1
                self.change(f"PRAGMA user_version = {version}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; one that another thread is using closes when it is done."""
        with self._writing, self._pool:
            self._closed = True
            for connection in (*self._idle, self._writer):
                connection.close()
            self._idle.clear()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Show the reads of a block what was committed at one moment."""
        if self._current() is not None:
            yield
            return
        with self._borrowed() as connection:
            self._mine.connection = connection
            try:
                with self._translated():
                    connection.execute("BEGIN")
                yield
            finally:
                self._mine.connection = None
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make the changes of a block one transaction, on the disk when the block ends: all of them stay, or none.

        A block inside such a block is part of it.
        Raises: LibraryUnwritable.
        """
        with self._writing:
            outer = self._current()
            if outer is self._writer:
                yield
                return
            self._mine.connection = self._writer
            try:
                with self._translated():
                    self._writer.execute("BEGIN IMMEDIATE")
                yield
                with self._translated():
                    self._writer.execute("COMMIT")
            except BaseException:
                if self._writer.in_transaction:
                    self._writer.execute("ROLLBACK")
                raise
            finally:
                self._mine.connection = outer

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give all rows of a query.

        Raises: LibraryDamaged, WordsDamaged.
        """
        with self._borrowed() as connection, self._translated():
            return connection.execute(sql, values).fetchall()

    def stream(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """Give the rows of a query one by one, all as of one moment, however long that takes.

        Raises: LibraryDamaged.
        """
        with self._borrowed() as connection, self._translated():
            yield from connection.execute(sql, values)

    def stream_each(self, sql: str, then: str) -> Iterator[tuple[Any, ...]]:
        """Give, for each row of a query, the rows of a second one that takes its values; all as of one moment.

        Raises: LibraryDamaged.
        """
        with self._borrowed() as connection, self._translated():
            alone = not connection.in_transaction
            if alone:
                connection.execute("BEGIN")
            try:
                for values in connection.execute(sql).fetchall():
                    yield from connection.execute(then, values)
            finally:
                if alone and connection.in_transaction:
                    connection.execute("ROLLBACK")

    def change(self, sql: str, values: Sequence[object] = ()) -> tuple[int, int]:
        """Change something inside `writing`; give the number of rows changed, and that of the last row put in."""
        with self._borrowed() as connection, self._translated():
            cursor = connection.execute(sql, values)
            return cursor.rowcount, cursor.lastrowid or 0

    def change_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a change for each of many rows of values."""
        with self._borrowed() as connection, self._translated():
            connection.executemany(sql, rows)

    def copy_to(self, file: Path) -> None:
        """Copy what is committed now to a new file, which needs no other file beside it; writers need not wait.

        Raises: LibraryUnwritable.
        """
        with self._borrowed() as connection, type(self).open_new(file) as copy, copy._translated():
            with self._translated():
                connection.backup(copy._writer)
            copy._writer.execute("PRAGMA journal_mode = DELETE")

    def fill_from(self, file: Path) -> None:
        """Put the content of another file in place of this one's, in one transaction.

        Raises: LibraryUnwritable, LibraryDamaged.
        """
        with self._writing, self._translated(), type(self).open_as_it_is(file) as other:
            other._writer.backup(self._writer)

    def log_ahead(self) -> None:
        """Let readers go on while something is written, from now on."""
        with self._translated():
            self._writer.execute("PRAGMA journal_mode = WAL")

    def problems(self) -> list[str]:
        """Say what is broken in the file; nothing when it is whole."""
        try:
            found = [str(row[0]) for row in self.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
            return found + [f"row {row[1]} of {row[0]} is an orphan" for row in self.rows("PRAGMA foreign_key_check")]
        except LibraryDamaged as error:
            return [error.found]

    def rewrite(self) -> None:
        """Write the file anew without what was deleted, and leave nothing of it in the log beside it.

        Raises: LibraryUnwritable, also while another program is reading an earlier state.
        """
        with self._writing, self._translated():
            connection = self._connected()
            try:
                connection.execute("PRAGMA temp_store = FILE")  # as large as the library
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("VACUUM")
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        if busy:
            raise LibraryUnwritable(
                f"another program is reading an earlier state of the library {self.file.parent}",
                f"it to finish within {_WAIT_SECONDS:.0f} seconds",
                "Run it again: until then, what was removed stays in the log on the disk",
            )

    def _current(self) -> sqlite3.Connection | None:
        return getattr(self._mine, "connection", None)

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        if (current := self._current()) is not None:
            yield current
            return
        with self._pool:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            if self._closed:
                raise ValueError(f"{self.file} was closed")
            with self._translated():
                connection = self._connected()
        try:
            yield connection
        finally:
            with self._pool:
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    def _connected(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.file.resolve().as_uri()}?mode={self._mode}",
            uri=True,
            isolation_level=None,
            timeout=_WAIT_SECONDS,
            check_same_thread=False,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        try:
            connection.execute("PRAGMA synchronous = FULL")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname != "SQLITE_CORRUPT":  # a broken schema, which can only be written over
                raise
        connection.execute("PRAGMA temp_store = MEMORY")
        return connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.DatabaseError as error:
            raise self._said(error) from error

    def _said(self, error: sqlite3.DatabaseError) -> Exception:
        text, folder = str(error), self.file.parent
        kind = getattr(error, "sqlite_errorname", "")
        if kind == "SQLITE_CORRUPT_VTAB" or _WORDS_BROKEN.search(text):
            return WordsDamaged(
                f"the word index of {folder} is damaged ({error})", "one that can be read", "Run: footnote check"
            )
        if kind.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL")):
            return LibraryBusy(
                f"another program is writing the library {folder}",
                f"it to finish within {_WAIT_SECONDS:.0f} seconds",
                "Try again when it is done",
            )
        if kind.startswith(("SQLITE_READONLY", "SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_IOERR")):
            return unwritable(folder, error)
        if isinstance(error, sqlite3.IntegrityError):
            return LibraryBusy(
                f"another program changed the library {folder} meanwhile ({error})",
                "one program writing at a time",
                "Run it again",
            )
        if isinstance(error, sqlite3.OperationalError) and "no such table" not in text and "decode" not in text:
            return error
        return LibraryDamaged(
            f"{self.file} is damaged ({error})",
            "a SQLite file made by footnote add",
            "See what can be saved: footnote check; or take a backup: footnote restore",
        )


def make_ready(folder: Path) -> None:
    """Make a folder for a library.

    Raises: LibraryError, when it holds something else; LibraryUnwritable.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise LibraryError(f"{folder} is a file", "a folder, or nothing yet", "Give another --library")
        if folder.exists() and any(not other.name.startswith(FILE) for other in folder.iterdir()):
            raise LibraryError(
                f"{folder} holds other files and no library",
                "a new or an empty folder",
                "Give another --library",
            )
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: Exception) -> LibraryUnwritable:
    return LibraryUnwritable(
        f"the library {folder} cannot be written ({error})",
        "a folder you may write to, with room on the disk",
        "Change its permissions, free some space, or give another --library",
    )


def _reading_mode(file: Path) -> str:
    """Choose how a file is opened that cannot be written: what a killed program left in the log is read too."""
    log = file.with_name(f"{file.name}-wal")
    return "ro" if log.exists() and log.stat().st_size else "ro&immutable=1"
