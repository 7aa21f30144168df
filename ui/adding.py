"""Files into a library, with progress and a summary: what `footnote add` does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from index import Article, Library, Outcome
from index.encoder import SentenceEncoder
from index.errors import ArticleError
from index.files import KINDS, article_files, read_articles
from ui.progress import bar
from ui.wording import counted

if TYPE_CHECKING:
    from tqdm import tqdm

_BATCH_CHARACTERS = 60_000
_REASONS = 20


@dataclass(slots=True)
class Summary:
    """Count what became of the articles; `refused` says why, `others` are files of other kinds."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    refused: list[ArticleError] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    interrupted: bool = False

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


def add_paths(paths: Sequence[str | Path], folder: Path, model: str | None, *, progress: bool = True) -> Summary:
    """Add the articles under paths to a library, which is made when there is none.

    Raises: ArticleError, when the paths hold nothing to read; LibraryError; ModelError.
    """
    files, others, errors = article_files(paths)
    if not files:
        if errors:
            raise errors[0]
        raise ArticleError(
            f"{', '.join(map(str, paths))} holds no article",
            f"files of the kinds {' '.join(KINDS)}",
            "Give another path",
        )
    summary = Summary(others=others, refused=errors)
    tried: dict[str, list[str]] = {}
    articles = _articles(files, summary, tried)
    first = next(articles, None)
    if first is None and not Library.exists(folder):
        return summary
    encoder = SentenceEncoder(model) if model else None
    made = not Library.exists(folder)
    library = Library.create(folder, encoder) if made else Library.open(folder, encoder)
    size = sum(file.stat().st_size for file in files)
    try:
        with bar("indexing", size, "B", shown=progress) as shown:
            _add(library, chain([first] if first else [], articles), summary, shown)
            library.failures.note({**_gone(library), **tried})
            library.save_cache()
            shown.update(size - shown.n)
    except KeyboardInterrupt:
        summary.interrupted = True
    finally:
        if made and not library.counts()[0]:
            library.discard()
        else:
            library.close()
    return summary


def _articles(files: Sequence[Path], summary: Summary, tried: dict[str, list[str]]) -> Iterator[Article]:
    """Give what can be read; `tried` gets the first reasons for what cannot, for each file."""
    for file in files:
        reasons = tried.setdefault(str(file.resolve()), [])
        for found in read_articles(file):
            if isinstance(found, ArticleError):
                summary.refused.append(found)
                if len(reasons) < _REASONS:
                    reasons.append(str(found))
            else:
                yield found


def _gone(library: Library) -> dict[str, list[str]]:
    return {file: [] for file in library.failures.all() if not Path(file).exists()}


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Give articles in lists of a size at which encoding and writing them together pays."""
    batch: list[Article] = []
    for article in articles:
        batch.append(article)
        if sum(len(article.text) for article in batch) >= _BATCH_CHARACTERS:
            yield batch
            batch = []
    if batch:
        yield batch


def _add(library: Library, articles: Iterable[Article], summary: Summary, shown: tqdm[NoReturn]) -> None:
    for batch in batches(articles):
        for outcome in library.add(batch, progress=shown.update):
            if isinstance(outcome, ArticleError):
                summary.refused.append(outcome)
            else:
                summary.counts[outcome] += 1
        shown.set_postfix_str(counted(summary.counts.total(), "article"))
