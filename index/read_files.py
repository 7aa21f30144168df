"""The files that were read into a library: as they were then, and which articles each holds."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.database import Database
from index.records import Article

QUIET_SECONDS = 2.0
"""How long a file must be at rest to be known by its stamp: so slowly ticks the coarsest clock of a file system."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Tell one state of a file from another without reading it.

    `modified` and `changed` are in nanoseconds. `changed` (not on Windows) can be set by nobody, so that a file
    replaced by one of the same size and time of modification is noticed.
    """

    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, file: Path) -> Self:
        """Look at a file.

        Raises: OSError.
        """
        return cls.seen(file.stat())

    @classmethod
    def seen(cls, found: os.stat_result) -> Self:
        return cls(found.st_size, found.st_mtime_ns, found.st_ctime_ns)

    def quiet(self) -> bool:
        """Say whether the file has been at rest so long that any later change gives another stamp."""
        return time.time_ns() - max(self.modified, self.changed) > QUIET_SECONDS * 1e9

    def __str__(self) -> str:
        return f"{self.size} {self.modified} {self.changed}"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """Hold what is known of a file.

    `stamp` is that of its last reading to the end, "" when it is to be read again; `readers` the version of the
    readers then. It is `whole` when nothing of it was refused, or removed since.
    """

    stamp: str
    readers: str
    whole: bool


class ReadFiles:
    """Remember which files were read, and which articles they hold.

    An article that a file no longer holds stays noted with it, as gone, until it is removed. What a method changes
    inside `Database.writing` is part of that transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def writing(self) -> AbstractContextManager[None]:
        """Make the changes of a block one transaction, or part of the one it stands in.

        Raises: LibraryUnwritable.
        """
        return self._database.writing()

    def all(self) -> dict[str, ReadFile]:
        """Give what is known of each file, by `name_of` it."""
        rows = self._database.rows("SELECT file, stamp, readers, whole FROM read_files")
        return {file: ReadFile(stamp, readers, bool(whole)) for file, stamp, readers, whole in rows}

    def counts(self) -> dict[str, int]:
        """Give the number of articles that each file holds; nothing for a file without any."""
        return dict(
            self._database.rows(
                "SELECT f.file, count(*) FROM read_files f JOIN file_articles l ON l.file = f.number "
                "WHERE NOT l.gone GROUP BY f.number"
            )
        )

    def articles(self, file: str) -> set[str]:
        """Give the ids of the articles that a file holds, as far as it was read."""
        rows = self._database.rows(
            "SELECT a.id FROM read_files f JOIN file_articles l ON l.file = f.number "
            "JOIN articles a ON a.number = l.article WHERE f.file = ? AND NOT l.gone",
            (file,),
        )
        return {id for (id,) in rows}

    def link(self, file: str, ids: Collection[str]) -> None:
        """Note that a file, which is being read, holds articles.

        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            self._database.change(
                "INSERT OR IGNORE INTO read_files (file, stamp, readers, whole) VALUES (?, '', '', 0)", (file,)
            )
            self._database.change_many(
                "INSERT INTO file_articles (file, article) SELECT f.number, a.number FROM read_files f, articles a "
                "WHERE f.file = ? AND a.id = ? ON CONFLICT (file, article) DO UPDATE SET gone = 0",
                ((file, id) for id in ids),
            )

    def finish(self, file: str, now: ReadFile, ids: Collection[str]) -> None:
        """Note that a file was read to its end, and that it holds the articles `ids` and, when it is whole, no others.

        A file of which an article is not in the library counts as unread all the same.
        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            before = self.articles(file)
            stamp, whole = (now.stamp, now.whole) if before.issuperset(ids) else ("", False)
            self._database.change(
                "INSERT INTO read_files (file, stamp, readers, whole) VALUES (?, ?, ?, ?) ON CONFLICT (file) "
                "DO UPDATE SET stamp = excluded.stamp, readers = excluded.readers, whole = excluded.whole",
                (file, stamp, now.readers, whole),
            )
            if whole:
                self._database.change_many(
                    "UPDATE file_articles SET gone = 1 WHERE file = (SELECT number FROM read_files WHERE file = ?) "
                    "AND article = (SELECT number FROM articles WHERE id = ?)",
                    ((file, id) for id in before.difference(ids)),
                )

    def vanish(self, files: Collection[str]) -> None:
        """Note that files are no longer there, and so hold nothing.

        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            for file in files:
                self._database.change("UPDATE read_files SET stamp = '', whole = 0 WHERE file = ?", (file,))
                self._database.change(
                    "UPDATE file_articles SET gone = 1 WHERE file = (SELECT number FROM read_files WHERE file = ?)",
                    (file,),
                )

    def forget(self, files: Collection[str]) -> None:
        """Forget files, but for those that held articles that no file holds any more and are still to be removed.

        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            self._database.change_many(
                "DELETE FROM read_files WHERE file = ? "
                "AND NOT EXISTS (SELECT 1 FROM file_articles l WHERE l.file = read_files.number AND NOT EXISTS "
                "(SELECT 1 FROM file_articles h WHERE h.article = l.article AND NOT h.gone))",
                ((file,) for file in files),
            )

    def gone(self, folders: Sequence[str]) -> list[tuple[str, str]]:
        """Give file and id of the articles that files under folders held, and no file holds any more."""
        found = []
        for folder in folders:
            found += self._database.rows(
                "SELECT f.file, a.id FROM file_articles l INDEXED BY file_articles_gone "
                "CROSS JOIN read_files f ON f.number = l.file JOIN articles a ON a.number = l.article "
                "WHERE l.gone AND f.file >= ? AND f.file < ? AND NOT EXISTS "
                "(SELECT 1 FROM file_articles h WHERE h.article = l.article AND NOT h.gone) ORDER BY f.file, a.number",
                _under(folder),
            )
        return list(dict.fromkeys(found))

    def unnoted(self, folders: Sequence[str]) -> list[tuple[str, str]]:
        """Give origin and id of the articles that came from under folders and are noted with no file.

        Those were added before files were noted.
        """
        found = []
        for folder in folders:
            found += self._database.rows(
                "SELECT a.origin, a.id FROM articles a WHERE a.origin >= ? AND a.origin < ? "
                "AND NOT EXISTS (SELECT 1 FROM file_articles l WHERE l.article = a.number) ORDER BY a.origin",
                _under(folder),
            )
        return list(dict.fromkeys(found))

    def held(self, id: str) -> bool:
        """Say whether a file holds an article."""
        return self._linked(id, "NOT l.gone")

    def moved(self, article: Article, origin: str) -> bool:
        """Say whether the file that an article came from holds it no more, nor does any but the file of an origin."""
        here = "(substr(?, 1, length(f.file)) = f.file AND substr(?, length(f.file) + 1, 1) IN ('', '!', '#'))"
        old, new = [article.origin] * 2, [origin] * 2
        elsewhere = self._linked(article.id, f"NOT l.gone AND (NOT {here} OR {here})", (*new, *old))
        return self._linked(article.id, "1") and not elsewhere

    def leave_out(self, id: str) -> None:
        """Note that an article of theirs was removed, with the files that hold it. Call inside `writing`."""
        links = "FROM file_articles WHERE article = (SELECT number FROM articles WHERE id = ?)"
        self._database.change(f"UPDATE read_files SET whole = 0 WHERE number IN (SELECT file {links})", (id,))
        self._database.change(f"DELETE {links}", (id,))

    def _linked(self, id: str, condition: str, values: Sequence[str] = ()) -> bool:
        return bool(
            self._database.rows(
                "SELECT 1 FROM file_articles l JOIN articles a ON a.number = l.article "
                f"JOIN read_files f ON f.number = l.file WHERE a.id = ? AND {condition} LIMIT 1",
                (id, *values),
            )
        )


def name_of(file: Path) -> str:
    """Name a file for the library: its real path; what is no text in it is spelled out."""
    return as_text(os.path.realpath(file))


def as_text(path: str) -> str:
    return path.encode("utf-8", "backslashreplace").decode()


def _under(folder: str) -> tuple[str, str]:
    """Give the bounds of the names of files under a folder: the first may be one, the second is none."""
    stem = folder.rstrip(os.sep)
    return f"{stem}{os.sep}", f"{stem}{chr(ord(os.sep) + 1)}"
