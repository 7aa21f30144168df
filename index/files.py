"""Files and folders into articles, whatever their kind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from index import reading_process
from index.errors import ArticleError
from index.formats import kinds
from index.formats.building import content_id
from index.formats.given import MAX_BYTES, Given
from index.records import Article

__all__ = ["KINDS", "MAX_BYTES", "article_files", "content_id", "read_articles"]

KINDS = (*kinds.READERS, kinds.ARCHIVE)


def article_files(paths: Sequence[str | Path]) -> tuple[list[Path], list[Path], list[ArticleError]]:
    """Find the files to read under paths, in order; then those of other kinds; then what is wrong.

    A folder is searched to its leaves, hidden files and folders left out. A file named by
    itself must be of a known kind.
    """
    files: dict[Path, None] = {}
    others: list[Path] = []
    errors: list[ArticleError] = []
    for path in map(Path, paths):
        if path.is_dir():
            for folder, folders, names in os.walk(
                path, onerror=lambda e: errors.append(kinds.unreadable(e.filename, e))
            ):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(name for name in names if not name.startswith(".")):
                    file = Path(folder, name)
                    if file.suffix.lower() not in KINDS:
                        others.append(file)
                    elif file.exists() and not file.is_file():
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


def read_articles(file: Path) -> Iterator[Article | ArticleError]:
    """Read the articles of one file; what cannot be read comes as an error in its place.

    A kind whose parser can crash, hang or take all memory is read in a process of its own, and gives an error then.
    """
    try:
        if file.suffix.lower() in kinds.PLAIN:
            yield from kinds.read(Given.file(file))
        else:
            yield from reading_process.read(file)
    except ArticleError as error:
        yield error
    except OSError as error:
        yield kinds.unreadable(str(file), error)
