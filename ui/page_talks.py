"""The conversations that are going on: their turns, out of the library that keeps them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from index import Library
from index.errors import LibraryUnwritable
from qa import Answer, Turn
from qa.conversations import ConversationError, keep, reopen

_MOST = 200


class Talks:
    """Remember the turns of the latest conversations; older ones are read again from the library.

    Where the library cannot be written, what is remembered is all there is.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._turns: OrderedDict[tuple[str, str], tuple[Turn, ...]] = OrderedDict()
        self._changing = threading.Lock()

    def history(self, id: str, owner: str) -> tuple[Turn, ...]:
        """Give the turns of a conversation, oldest first; none when the owner has none with this id."""
        with self._changing:
            known = self._turns.get((owner, id))
        if known is not None:
            return known
        try:
            return reopen(id, self._library, owner).history
        except ConversationError:
            return ()

    def add(self, found: Answer, id: str, owner: str) -> str:
        """Add a turn, and keep it; say why it is not kept, "" when it is."""
        turns = (*self.history(id, owner), found.turn)
        why = ""
        try:
            if not keep(found, id, self._library, owner):
                return "This conversation is another visitor’s."
        except LibraryUnwritable as error:
            why = f"This conversation is not kept: {error}"
        with self._changing:
            self._turns[owner, id] = turns
            self._turns.move_to_end((owner, id))
            while len(self._turns) > _MOST:
                self._turns.popitem(last=False)
        return why

    def forget(self, id: str, owner: str) -> None:
        """Drop what is remembered of a conversation."""
        with self._changing:
            self._turns.pop((owner, id), None)
