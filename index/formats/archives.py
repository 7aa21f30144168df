"""Zip archives: the files in them, each read as a file of its own kind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath

from index.errors import ArticleError
from index.formats.given import Given
from index.formats.zipped import Zipped
from index.reading_lines import Member

_SUFFIX = ".zip"
_HIDDEN = (".", "__MACOSX")


class Archive:
    """Open an archive; nothing of it is ever unpacked to disk.

    Raises: ArticleError, when it is damaged, too large, or a bomb.
    """

    def __init__(self, given: Given) -> None:
        self._given = given
        self._zipped = Zipped(given)

    def close(self) -> None:
        self._zipped.close()

    def members(self, kinds: frozenset[str]) -> Iterator[Member | str | ArticleError]:
        """Give the members of these kinds, in the order of their names, others by name.

        A member that is refused unread comes as an error. Hidden ones are left out.
        """
        named = sorted((member.filename, number) for number, member in enumerate(self._zipped.members))
        for name, number in named:
            path = PurePosixPath(name.replace("\\", "/"))
            if ".." in path.parts or path.is_absolute() or (path.parts[:1] and ":" in path.parts[0]):
                yield ArticleError(
                    f"{self._given.where} holds a file named {name!r}", "names inside the archive", "Leave it out"
                )
            elif path.suffix.lower() == _SUFFIX:
                yield ArticleError(
                    f"{self._given.where}!{name} is an archive in an archive", "files", "Unpack it, and add that"
                )
            elif not any(part.startswith(_HIDDEN) for part in path.parts):
                yield Member(number, f"{self._given.where}!{name}") if path.suffix.lower() in kinds else name

    def member(self, number: int) -> Given:
        """Give a member to be read.

        Raises: ArticleError, when it is damaged, encrypted or too large.
        """
        member = self._zipped.members[number]
        data = self._zipped.member_data(member)
        name = member.filename
        return Given(f"{self._given.where}!{name}", f"{self._given.origin}!{name}", len(data), lambda: io.BytesIO(data))
