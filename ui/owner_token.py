"""The owner's token: given, or made once and kept in a file that only the owner can read."""

from __future__ import annotations

import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.errors import FootnoteError
from index.whole_files import put_in_place, unfinished

VARIABLE = "FOOTNOTE_TOKEN"
FILE = "owner-token"

_GOOD = re.compile(r"[!-~]{20,200}")


class TokenError(FootnoteError):
    """The owner's token cannot be read or kept."""


@dataclass(frozen=True, slots=True)
class OwnerToken:
    """Hold the token, and the file it is kept in: None where it came from the environment."""

    value: str
    file: Path | None


def owner_token(library: Path, file: Path | None = None) -> OwnerToken:
    """Take the token from a file, else from $FOOTNOTE_TOKEN, else from the library's folder, where it is made.

    Raises: TokenError.
    """
    if file is not None:
        return OwnerToken(_read(file), file)
    given = os.environ.get(VARIABLE, "")
    if given:
        return OwnerToken(_checked(given, f"${VARIABLE}"), None)
    kept = library / FILE
    try:
        if not kept.exists():
            _make(kept)
    except OSError as error:
        raise TokenError(
            f"{kept} cannot be written ({error.strerror or error})",
            "a folder to keep the owner's token in",
            f"Give one with --token-file or ${VARIABLE}",
        ) from error
    return OwnerToken(_read(kept), kept)


def _make(file: Path) -> None:
    with unfinished(file) as new:
        new.chmod(0o600)
        new.write_text(f"{secrets.token_urlsafe(32)}\n", "ascii")
        with suppress(FileExistsError):  # another program was faster: its token counts
            put_in_place(new, file)


def _read(file: Path) -> str:
    try:
        with open(file, "rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            text = stream.read(1000).decode("ascii", "replace")
    except OSError as error:
        raise TokenError(
            f"{file} cannot be read ({error.strerror or error})", "a file with the owner's token", "Check the path"
        ) from error
    if sys.platform != "win32" and stat.S_IMODE(mode) & 0o077:
        raise TokenError(f"{file} can be read by others", "a file for its owner alone", f"Run: chmod 600 {file}")
    return _checked(text.strip(), str(file))


def _checked(token: str, where: str) -> str:
    if not _GOOD.fullmatch(token):
        raise TokenError(
            f"{where} holds no token", "20 to 200 letters, digits and signs", "Write another, or delete it to get one"
        )
    return token
