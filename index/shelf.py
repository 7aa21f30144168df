"""Conversations kept in the library's file: names, times and turns, whose content it does not look into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from index.store import Store


@dataclass(frozen=True, slots=True)
class Kept:
    """Describe a conversation; times are UTC, `turns` is how many it has."""

    id: str
    name: str
    started: datetime
    changed: datetime
    turns: int


class Shelf:
    """List, fill and clear the conversations of owners; what is another owner's is as if it were not there."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, owner: str = "") -> list[Kept]:
        """Give the conversations of an owner, the latest changed first."""
        return [
            Kept(id, name, datetime.fromisoformat(started), datetime.fromisoformat(changed), turns)
            for id, name, started, changed, turns in self._store.conversations(owner)
        ]

    def find(self, id: str, owner: str = "") -> Kept | None:
        """Give one conversation, None when the owner has none with this id."""
        return next((kept for kept in self.all(owner) if kept.id == id), None)

    def turns(self, id: str, owner: str = "") -> list[str]:
        """Give what was kept of each turn, in order; nothing when the owner has no such conversation."""
        return self._store.turns(owner, id)

    def append(self, id: str, turn: str, name: str, owner: str = "") -> bool:
        """Add a turn, and begin the conversation under a name if it is new; False when the id is another owner's.

        Raises: LibraryUnwritable.
        """
        return self._store.put_turn(owner, id, name, datetime.now(UTC).isoformat(timespec="milliseconds"), turn)

    def rename(self, id: str, name: str, owner: str = "") -> bool:
        """Give a conversation another name; False when the owner has none with this id.

        Raises: LibraryUnwritable.
        """
        return self._store.rename_conversation(owner, id, name)

    def delete(self, id: str, owner: str = "") -> bool:
        """Delete a conversation with its turns; False when the owner has none with this id.

        Raises: LibraryUnwritable.
        """
        return self._store.delete_conversation(owner, id)
