"""What people judged of the answers to their questions, kept in the library's file; it does not look into it."""

from __future__ import annotations

from datetime import UTC, datetime

from index.database import Database


class Judgements:
    """Keep one judgement for each turn of a conversation; it outlives the conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[tuple[str, int, str]]:
        """Give conversation, turn and judgement, the oldest first."""
        return [
            (conversation, turn, body)
            for conversation, turn, body in self._database.rows(
                "SELECT conversation, turn, body FROM judgements ORDER BY made, conversation, turn"
            )
        ]

    def of(self, conversation: str) -> dict[int, str]:
        """Give the judgements of a conversation by the number of the turn."""
        rows = self._database.rows("SELECT turn, body FROM judgements WHERE conversation = ?", (conversation,))
        return dict(rows)

    def put(self, conversation: str, turn: int, body: str) -> None:
        """Put a judgement in the place of the one before; an empty one takes it away.

        Raises: LibraryUnwritable.
        """
        now = datetime.now(UTC).isoformat(timespec="microseconds")
        with self._database.writing():
            if body:
                self._database.change(
                    "INSERT INTO judgements VALUES (?, ?, ?, ?) ON CONFLICT (conversation, turn) "
                    "DO UPDATE SET body = excluded.body",
                    (conversation, turn, body, now),
                )
            else:
                self._database.change(
                    "DELETE FROM judgements WHERE conversation = ? AND turn = ?", (conversation, turn)
                )
