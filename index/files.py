"""Files and folders into articles, whatever their kind."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from index import reading_process
from index.database import FILE
from index.errors import ArticleError
from index.formats import kinds
from index.formats.building import content_id
from index.formats.given import MAX_BYTES, Given
from index.records import Article

__all__ = ["KINDS", "MAX_BYTES", "article_files", "content_id", "files_under", "read_articles"]

KINDS = (*kinds.READERS, kinds.ARCHIVE)

_UNSEEN = (".", "~")
"""How the names of hidden files begin, and of those that editors keep beside an open one."""


def article_files(paths: Sequence[str | Path]) -> tuple[list[Path], list[Path], list[ArticleError]]:
    """Find the files to read under paths, in order; then those of other kinds; then what is wrong.

    A folder is searched as `files_under` does. A file named by itself must be of a known kind.
    """
    files: dict[Path, None] = {}
    others: list[Path] = []
    errors: list[ArticleError] = []
    for path in map(Path, paths):
        if path.is_dir():
            for found in files_under(path, lambda error: errors.append(kinds.unreadable(error.filename, error))):
                file = Path(found)
                if file.suffix.lower() not in KINDS:
                    others.append(file)
                elif _is_special(file):
                    errors.append(ArticleError(f"{file} is a pipe or a device", "a file", "Leave it out"))
                else:
                    files[file] = None
        elif not path.exists():
            errors.append(ArticleError(f"{path} does not exist", "a file or a folder", "Check the path"))
        elif path.suffix.lower() not in KINDS or not path.is_file():
            errors.append(
                ArticleError(
                    f"{path} is of a kind that cannot be read ({path.suffix or 'no suffix'})",
                    ", ".join(KINDS),
                    "Save it as text",
                )
            )
        else:
            files[path] = None
    return list(files), others, errors


def files_under(folder: Path, failed: Callable[[OSError], object]) -> Iterator[os.DirEntry[str]]:
    """Find all that is no folder under a folder, in order; `failed` is told of folders that cannot be read.

    Left out are hidden files and folders, what editors keep beside an open file, folders behind links, and libraries.
    """
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            failed(error)
            continue
        if any(entry.name == FILE for entry in entries):
            continue
        seen = [entry for entry in entries if not entry.name.startswith(_UNSEEN)]
        folders = [entry for entry in seen if _is_folder(entry)]
        yield from (entry for entry in seen if entry not in folders)
        waiting += [entry.path for entry in reversed(folders) if not entry.is_symlink()]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that may not be followed
        return False


def _is_special(file: Path) -> bool:
    try:
        return not stat.S_ISREG(file.stat().st_mode)
    except OSError:  # which reading it will say
        return False


def read_articles(file: Path, share: Callable[[float], object] | None = None) -> Iterator[Article | ArticleError]:
    """Read the articles of one file; what cannot be read comes as an error in its place.

    A kind whose parser can crash, hang or take all memory is read in a process of its own, and gives an error then.
    Where it can be told, `share` is told before each article how much of the file has been read, up to 1.
    """
    try:
        if file.suffix.lower() in kinds.PLAIN:
            yield from _plain(Given.file(file), share)
        else:
            yield from reading_process.read(file, share)
    except ArticleError as error:
        yield error
    except OSError as error:
        yield kinds.unreadable(str(file), error)


def _plain(given: Given, share: Callable[[float], object] | None) -> Iterator[Article | ArticleError]:
    streams: list[BinaryIO] = []

    def opened() -> BinaryIO:
        streams.append(given.open())
        return streams[-1]

    for found in kinds.read(replace(given, open=opened)):
        if share and streams and not streams[-1].closed and given.size:
            share(min(1.0, streams[-1].tell() / given.size))
        yield found
