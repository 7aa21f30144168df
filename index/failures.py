"""Files that could not be read, with the reasons, until they can."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from index.database import Database


class Failures:
    """Remember which files were refused, and why."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, list[str]]:
        """Give the reasons for each file that could not be read when it was last tried, files in order."""
        rows = self._database.rows("SELECT file, reasons FROM failures ORDER BY file")
        return {file: json.loads(reasons) for file, reasons in rows}

    def note(self, tried: Mapping[str, Sequence[str]]) -> None:
        """Put the reasons of each file in place of those noted before; a file without reasons is forgotten.

        Raises: LibraryUnwritable.
        """
        changed = {file: list(reasons) for file, reasons in tried.items() if list(reasons) != self._of(file)}
        if not changed:
            return
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.writing():
            for file, reasons in changed.items():
                self._database.change("DELETE FROM failures WHERE file = ?", (file,))
                if reasons:
                    self._database.change("INSERT INTO failures VALUES (?, ?, ?)", (file, json.dumps(reasons), now))

    def _of(self, file: str) -> list[str]:
        rows = self._database.rows("SELECT reasons FROM failures WHERE file = ?", (file,))
        return list(json.loads(rows[0][0])) if rows else []
