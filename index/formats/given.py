"""What a reader of files is given: a file, or a member of an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from index.errors import ArticleError

MAX_BYTES = 5_000_000
"""Largest article, as a file of text or as a record: several novels."""

MAX_FILE_BYTES = 100_000_000
"""Largest file that holds more than its text: pictures, other articles, markup."""


@dataclass(frozen=True, slots=True)
class Given:
    """Hold a file to be read. `where` names it in messages, `origin` in the articles read from it."""

    where: str
    origin: str
    size: int
    open: Callable[[], BinaryIO]

    @classmethod
    def file(cls, file: Path, where: str = "") -> Given:
        """Give a file by its path, which names it too unless `where` does.

        Raises: ArticleError, when the path is no text; OSError.
        """
        origin = str(file.resolve())
        if any("\ud800" <= char <= "\udfff" for char in origin):
            raise ArticleError(f"{where or str(file)!r} has a name that is no text", "a name in UTF-8", "Rename it")
        return cls(where or str(file), origin, file.stat().st_size, lambda: open(file, "rb"))

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.where).suffix.lower()

    @property
    def stem(self) -> str:
        return PurePosixPath(self.where.replace("\\", "/")).stem

    def data(self, most: int = MAX_FILE_BYTES) -> bytes:
        """Read all of it.

        Raises: ArticleError, when it has more bytes than `most`; OSError.
        """
        if self.size > most:
            raise ArticleError(
                f"{self.where} has {self.size / 1e6:.1f} MB",
                f"at most {most / 1e6:.0f} MB in a file of this kind",
                "Split it into its articles",
            )
        with self.open() as stream:
            return stream.read(most)
