"""What a reader of files is given: a file, or a member of an archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from index.errors import ArticleError

MAX_BYTES = 5_000_000
"""Largest article, as a file of text or as a record: several novels."""

MAX_FILE_BYTES = 100_000_000
"""Largest file that holds more than its text: pictures, other articles, markup."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """Say where a file was fetched, and what the server said that it is.

    `asked` is the address that was asked for, `final` the one that answered, `suffix` that of its kind; `charset` is
    "" where none was named.
    """

    asked: str
    final: str
    suffix: str
    charset: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """Hold a file to be read. `where` names it in messages, `origin` in the articles read from it."""

    where: str
    origin: str
    size: int
    open: Callable[[], BinaryIO]
    fetched: Fetched | None = None

    @classmethod
    def file(cls, file: Path, where: str = "") -> Given:
        """Give a file by its path, which names it too unless `where` does.

        Raises: ArticleError, when the path is no text; OSError.
        """
        origin = str(file.resolve())
        if any("\ud800" <= char <= "\udfff" for char in origin):
            raise ArticleError(f"{where or str(file)!r} has a name that is no text", "a name in UTF-8", "Rename it")
        return cls(where or str(file), origin, file.stat().st_size, lambda: open(file, "rb"))

    @classmethod
    def page(cls, file: Path, fetched: Fetched) -> Given:
        """Give a file that was fetched.

        Raises: OSError.
        """
        return cls(fetched.asked, fetched.asked, file.stat().st_size, lambda: open(file, "rb"), fetched)

    @property
    def suffix(self) -> str:
        if self.fetched:
            return self.fetched.suffix
        return PurePosixPath(self.where).suffix.lower()

    @property
    def charset(self) -> str:
        """Give the encoding that the server named, "" for none."""
        return self.fetched.charset if self.fetched else ""

    @property
    def stem(self) -> str:
        if self.fetched:
            parts = urlsplit(self.fetched.final)
            return PurePosixPath(unquote(parts.path)).stem or parts.netloc
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
