"""Conversations kept in the library's file: names, times and turns, whose content it does not look into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from index.database import Database


@dataclass(frozen=True, slots=True)
class Kept:
    """Describe a conversation; times are UTC, `turns` is how many it has."""

    id: str
    name: str
    started: datetime
    changed: datetime
    turns: int


class Shelf:
    """List, fill and clear the conversations of owners; what is another owner's is as if it were not there.

    The state of the library keeps its name: no search sees conversations.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, owner: str = "") -> list[Kept]:
        """Give the conversations of an owner, the latest changed first."""
        rows = self._database.rows(
            "SELECT id, name, started, changed, (SELECT count(*) FROM turns WHERE conversation = id) "
            "FROM conversations WHERE owner = ? ORDER BY changed DESC, id",
            (owner,),
        )
        return [
            Kept(id, name, datetime.fromisoformat(started), datetime.fromisoformat(changed), turns)
            for id, name, started, changed, turns in rows
        ]

    def find(self, id: str, owner: str = "") -> Kept | None:
        """Give one conversation, None when the owner has none with this id."""
        return next((kept for kept in self.all(owner) if kept.id == id), None)

    def turns(self, id: str, owner: str = "") -> list[str]:
        """Give what was kept of each turn, in order; nothing when the owner has no such conversation."""
        rows = self._database.rows(
            "SELECT t.body FROM turns t JOIN conversations c ON c.id = t.conversation "
            "WHERE c.owner = ? AND c.id = ? ORDER BY t.number",
            (owner, id),
        )
        return [body for (body,) in rows]

    def append(self, id: str, turn: str, name: str, owner: str = "") -> bool:
        """Add a turn, and begin the conversation under a name if it is new; False when the id is another owner's.

        Raises: LibraryUnwritable.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._database.writing():
            self._database.change(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET changed = excluded.changed WHERE owner = excluded.owner",
                (id, owner, name, now, now),
            )
            added, _ = self._database.change(
                "INSERT INTO turns SELECT c.id, 1 + (SELECT coalesce(max(t.number), 0) FROM turns t "
                "WHERE t.conversation = c.id), ? FROM conversations c WHERE c.id = ? AND c.owner = ?",
                (turn, id, owner),
            )
        return added == 1

    def rename(self, id: str, name: str, owner: str = "") -> bool:
        """Give a conversation another name; False when the owner has none with this id.

        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            changed, _ = self._database.change(
                "UPDATE conversations SET name = ? WHERE owner = ? AND id = ?", (name, owner, id)
            )
        return changed == 1

    def delete(self, id: str, owner: str = "") -> bool:
        """Delete a conversation with its turns; False when the owner has none with this id.

        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            gone, _ = self._database.change("DELETE FROM conversations WHERE owner = ? AND id = ?", (owner, id))
        return gone == 1

    def revise(self, change: Callable[[list[str]], list[str]]) -> None:
        """Put what `change` makes of the turns of each conversation in their place, every owner's.

        Raises: LibraryUnwritable.
        """
        with self._database.writing():
            for id, owner in self._database.rows("SELECT id, owner FROM conversations"):
                before = self.turns(id, owner)
                for number, (old, new) in enumerate(zip(before, change(before), strict=True), start=1):
                    if new != old:
                        self._database.change(
                            "UPDATE turns SET body = ? WHERE conversation = ? AND number = ?", (new, id, number)
                        )
