"""How much text is still to come out of files, as far as it can be told before they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

_RATIOS = {
    ".html": 0.2,
    ".htm": 0.2,
    ".pdf": 0.05,
    ".docx": 0.1,
    ".epub": 0.5,
    ".rss": 0.6,
    ".atom": 0.6,
    ".xml": 0.6,
    ".zip": 1.5,
}
"""Characters of text that a byte of a file gives, to begin with; 1 for the other kinds."""

_BELIEVED = 200_000
"""How many bytes of a kind have to be read until what was seen counts as much as what was expected."""

_LEAST_SHARE = 0.01


class Workload:
    """Estimate the characters in files, of given sizes; what has been read tells of the rest of its kind."""

    def __init__(self, sizes: Iterable[tuple[Path, int]]) -> None:
        self._sizes = dict(sizes)
        self._unread: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._characters: Counter[str] = Counter()
        self._open: tuple[Path, int, float | None] | None = None
        for file, size in self._sizes.items():
            self._unread[file.suffix.lower()] += size
        self.bytes = sum(self._sizes.values())

    def read(self, file: Path, characters: int, share: float | None) -> None:
        """Learn how many characters a file has given so far, and of what share of it; of all of it at 1."""
        if self._open is None or self._open[0] != file:
            self._unread[file.suffix.lower()] -= self._sizes.get(file, 0)
        self._open = file, characters, share
        if share == 1.0:
            self._bytes[file.suffix.lower()] += self._sizes.get(file, 0)
            self._characters[file.suffix.lower()] += characters
            self._open = None

    @property
    def bytes_read(self) -> int:
        """Give the bytes that have been read, so far as that is known."""
        file, _, share = self._open or (None, 0, None)
        return self._bytes.total() + int((share or 0) * self._sizes.get(file, 0) if file else 0)

    @property
    def characters(self) -> int:
        """Estimate the characters in all files."""
        to_come = sum(size * self._ratio(kind) for kind, size in self._unread.items())
        return int(self._characters.total() + self._in_open() + to_come)

    def _in_open(self) -> float:
        if self._open is None:
            return 0
        file, characters, share = self._open
        if share and share >= _LEAST_SHARE:
            return characters / share
        return max(characters, self._sizes.get(file, 0) * self._ratio(file.suffix.lower()))

    def _ratio(self, kind: str) -> float:
        expected = _BELIEVED * _RATIOS.get(kind, 1.0)
        return (expected + self._characters[kind]) / (_BELIEVED + self._bytes[kind])
