"""Members of zip files, read within limits: the ground of .zip, .docx and .epub."""

from __future__ import annotations

import zipfile
import zlib
from typing import BinaryIO

from index.errors import ArticleError
from index.formats.given import MAX_FILE_BYTES, Given

MAX_MEMBERS = 10_000
MAX_UNPACKED = 1_000_000_000
MAX_RATIO = 200
"""Most bytes out of one byte; text packs to a third or a tenth, a bomb to a thousandth."""

_RATIO_COUNTS_FROM = 1_000_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, RuntimeError)


class Zipped:
    """Open a zip file. A method that reads raises ArticleError for what is damaged, encrypted or a bomb."""

    def __init__(self, given: Given) -> None:
        if given.size > MAX_FILE_BYTES:
            raise ArticleError(
                f"{given.where} has {given.size / 1e6:.1f} MB",
                f"at most {MAX_FILE_BYTES / 1e6:.0f} MB in a file of this kind",
                "Unpack or split it",
            )
        self._where = given.where
        self._stream: BinaryIO = given.open()
        try:
            self._file = zipfile.ZipFile(self._stream)
        except _DAMAGE as error:
            self._stream.close()
            raise self._damaged(error) from error
        self.members = [member for member in self._file.infolist() if not member.filename.endswith("/")]
        self._check()

    def close(self) -> None:
        self._stream.close()

    def data(self, name: str) -> bytes:
        """Read a member by name.

        Raises: ArticleError, when there is none, too.
        """
        member = next((member for member in self.members if member.filename == name), None)
        if member is None:
            raise ArticleError(f"{self._where} lacks {name!r}", "a whole file of its kind", "Save it again")
        return self.member_data(member)

    def member_data(self, member: zipfile.ZipInfo) -> bytes:
        where = f"{self._where}!{member.filename}"
        if member.flag_bits & _ENCRYPTED:
            raise ArticleError(f"{where} is encrypted", "a file without a password", "Save it without one")
        if member.compress_type not in _METHODS:
            raise ArticleError(f"{where} is packed in an unusual way", "deflate, or stored", "Pack it again")
        if member.file_size > MAX_FILE_BYTES:
            raise ArticleError(
                f"{where} has {member.file_size / 1e6:.1f} MB unpacked",
                f"at most {MAX_FILE_BYTES / 1e6:.0f} MB",
                "Split it into its articles",
            )
        try:
            with self._file.open(member) as stream:
                return stream.read(member.file_size)
        except _DAMAGE as error:
            raise self._damaged(error) from error

    def _check(self) -> None:
        packed = sum(member.compress_size for member in self.members)
        unpacked = sum(member.file_size for member in self.members)
        found, expected = "", ""
        if len(self.members) > MAX_MEMBERS:
            found, expected = f"{len(self.members):,} files", f"at most {MAX_MEMBERS:,}"
        elif unpacked > MAX_UNPACKED:
            found, expected = f"{unpacked / 1e6:,.0f} MB unpacked", f"at most {MAX_UNPACKED / 1e6:,.0f} MB"
        elif unpacked > max(_RATIO_COUNTS_FROM, MAX_RATIO * packed):
            found, expected = f"{unpacked / 1e6:.1f} MB packed into {packed:,} bytes", f"at most {MAX_RATIO} to 1"
        if found:
            self.close()
            raise ArticleError(f"{self._where} holds {found}", expected, "Unpack it, and add what you trust")

    def _damaged(self, error: Exception) -> ArticleError:
        problem = " ".join(str(error).split())[:200] or type(error).__name__
        return ArticleError(f"{self._where} is damaged ({problem})", "a whole file", "Get or save it again")
