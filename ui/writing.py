"""Text into files that people named."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from index.errors import FootnoteError


class WriteError(FootnoteError):
    """A file cannot be written."""


def write_text(file: Path, text: str, *, new: bool = False) -> None:
    """Write a file whole or not at all; with `new`, only where there is none.

    Raises: WriteError.
    """
    if new and file.exists():
        raise WriteError(f"{file} is there already", "a new file", "Give another name, or delete it first")
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, file)
    except OSError as error:
        if temporary:
            with suppress(OSError):
                os.unlink(temporary)
        raise WriteError(
            f"{file} cannot be written ({error.strerror or error})", "a folder you may write to", "Give another name"
        ) from error
