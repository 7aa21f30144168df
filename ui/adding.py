"""Files into a library, with progress and a summary: what `footnote add` does."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index import Article, Library, Outcome
from index.encoder import SentenceEncoder
from index.errors import ArticleError
from index.files import KINDS, article_files
from index.intake import Taken, take_in, unread
from index.web.addresses import MOST_ENTRIES, is_address
from ui.progress import bar, estimated
from ui.terminal import safe
from ui.wording import counted
from ui.workload import Workload

if TYPE_CHECKING:
    from index.web.visitor import Visitor

_REASONS = 20
_BATCH = 20


@dataclass(slots=True)
class Summary:
    """Count what became of the articles; `refused` says why, `others` are files of other kinds."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: list[ArticleError] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    interrupted: bool = False

    def take(self, taken: Taken) -> None:
        self.counts += taken.counts
        self.refused += taken.refused

    def text(self) -> str:
        parts = [f"{self.counts[outcome]} {outcome}" for outcome in Outcome if self.counts[outcome]]
        parts += [f"{len(self.refused)} refused"] if self.refused else []
        lines = [f"refused: {error}" for error in self.refused]
        lines.append(f"{counted(self.counts.total() + len(self.refused), 'article')}: {', '.join(parts) or 'none'}.")
        if self.others:
            suffixes = Counter(path.suffix.lower() or "without suffix" for path in self.others)
            shown = ", ".join(f"{count} {suffix}" for suffix, count in sorted(suffixes.items(), key=_most_first))
            lines.append(f"Left out {counted(len(self.others), 'file')} of other kinds than {' '.join(KINDS)}: {shown}")
        if self.interrupted:
            lines.append("Stopped. What was added stays; the same command goes on where this stopped.")
        return "\n".join(lines)


def _most_first(counted_suffix: tuple[str, int]) -> tuple[int, str]:
    suffix, count = counted_suffix
    return -count, suffix


def add_paths(
    paths: Sequence[str | Path],
    folder: Path,
    model: str | None,
    *,
    progress: bool = True,
    again: bool = False,
    most: int = MOST_ENTRIES,
    visitor: Visitor | None = None,
) -> Summary:
    """Add the articles under paths and at web addresses to a library, which is made when there is none.

    Files that were read before and have not changed are not read, unless `again`; their articles count as unchanged.
    Of a feed on the web the first `most` entries are read. Nothing is fetched unless an address is among the paths.
    Raises: ArticleError, when the paths hold nothing to read; LibraryError; ModelError.
    """
    addresses = [str(path) for path in paths if is_address(str(path))]
    files, others, errors = article_files([path for path in paths if not is_address(str(path))])
    if not files and not addresses:
        if errors:
            raise errors[0]
        raise ArticleError(
            f"{', '.join(map(str, paths))} holds no article",
            f"files of the kinds {' '.join(KINDS)}",
            "Give another path",
        )
    summary = Summary(others=others, refused=errors)
    with opened_or_made(folder, model) as library:
        try:
            if addresses:
                _add_fetched(addresses, library, summary, most, visitor, progress)
            if not again:
                files, held = unread(files, library)
                summary.counts[Outcome.UNCHANGED] += held
            with _Shown(files, progress and bool(files)) as shown:
                for taken in take_in(files, library, shown):
                    summary.take(taken)
                    shown.say(summary)
            library.failures.note(_gone(library))
            library.save_cache()
        except KeyboardInterrupt:
            summary.interrupted = True
    return summary


@contextmanager
def opened_or_made(folder: Path, model: str | None) -> Iterator[Library]:
    """Open a library, or make it where there is none; one that was made and got no article is deleted in the end.

    Raises: LibraryError; ModelError.
    """
    encoder = SentenceEncoder(model) if model else None
    made = not Library.exists(folder)
    library = Library.create(folder, encoder) if made else Library.open(folder, encoder)
    try:
        yield library
    finally:
        if made and not library.counts()[0]:
            library.discard()
        else:
            library.close()


class _Shown:
    """Show how far adding has come, in characters: encoding them is what takes the time."""

    def __init__(self, files: Sequence[Path], shown: bool) -> None:
        self._work = Workload((file, file.stat().st_size if file.exists() else 0) for file in files)
        self._bar = estimated("indexing", self._work.characters, shown=shown)
        self._begun = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(self, *raised: Any) -> None:
        if raised[0] is None:
            self._bar.total = self._bar.n
            self._bar.refresh()
        self._bar.__exit__(*raised)

    def read(self, file: Path, characters: int, share: float | None) -> None:
        self._work.read(file, characters, share)
        self._bar.total = max(self._work.characters, self._bar.n)

    def encoded(self, characters: int) -> None:
        self._bar.update(characters)

    def say(self, summary: Summary) -> None:
        read = f"{_size(self._work.bytes_read)} of {_size(self._work.bytes)}"
        new = summary.counts.total() - summary.counts[Outcome.UNCHANGED]
        rate = f"{new / max(time.monotonic() - self._begun, 0.1):,.1f}/s"
        articles = counted(summary.counts.total(), "article")
        self._bar.set_postfix_str(f"{articles}, {read}, {rate}", refresh=False)


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size / 1e3:,.0f} kB"


def _add_fetched(
    addresses: Sequence[str],
    library: Library,
    summary: Summary,
    most: int,
    visitor: Visitor | None,
    progress: bool,
) -> None:
    """Fetch one address after the other, and add what it gives before the next."""
    from index.web.reading import read_address
    from index.web.visitor import Visitor

    visitor = visitor or Visitor()
    with bar("fetching", len(addresses), "address", shown=progress) as shown:
        for address in addresses:
            articles: list[Article] = []
            reasons: list[str] = []
            for found in read_address(
                address, most=most, visitor=visitor, told=lambda text: shown.set_postfix_str(safe(text))
            ):
                if isinstance(found, ArticleError):
                    summary.refused.append(found)
                    reasons.append(str(found))
                    continue
                articles.append(found)
                if len(articles) == _BATCH:
                    _add(articles, library, summary)
                    articles = []
            _add(articles, library, summary)
            library.failures.note({address: reasons[:_REASONS]})
            shown.update()


def _add(articles: Sequence[Article], library: Library, summary: Summary) -> None:
    for outcome in library.add(articles):
        if isinstance(outcome, ArticleError):
            summary.refused.append(outcome)
        else:
            summary.counts[outcome] += 1


def _gone(library: Library) -> dict[str, list[str]]:
    return {file: [] for file in library.failures.all() if not is_address(file) and not Path(file).exists()}
