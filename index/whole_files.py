"""Files that appear whole or not at all, and outlive a power cut."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def unfinished(file: Path) -> Iterator[Path]:
    """Give a new name beside a file, to write it under until it is done; what is left there is deleted.

    Raises: OSError, when the folder cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f"{file.name}.new-")
    os.close(handle)
    os.chmod(name, 0o644)
    try:
        yield Path(name)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                os.unlink(name + ending)


def put_in_place(new: Path, file: Path) -> None:
    """Give a finished file the name it is for, where nothing has it.

    Raises: FileExistsError; OSError.
    """
    _to_disk(new, os.O_RDWR)
    try:
        os.link(new, file)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if file.exists():
            raise FileExistsError(file) from None
        os.rename(new, file)
    if os.name == "posix":
        _to_disk(file.parent, os.O_RDONLY)


def sweep(folder: Path) -> list[str]:
    """Delete what programs that were killed left unfinished in a folder; give the names."""
    found = [file for file in sorted(folder.glob("*.new-*")) if file.is_file()]
    for file in found:
        file.unlink(missing_ok=True)
    return [file.name for file in found]


def _to_disk(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
