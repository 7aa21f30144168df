"""What can be saved of a damaged library, into a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from index.database import FILE, Database
from index.encoder import DEFAULT_MODEL, Encoder, SentenceEncoder
from index.errors import ArticleError, LibraryDamaged, LibraryUnwritable
from index.library import Library
from index.records import Article, Passage
from index.store import COLUMNS, Store, article_of, digest

_BATCH = 50
_GUESS = 100_000


@dataclass(frozen=True, slots=True)
class Survivor:
    """Hold what is left of an article: None where it cannot be read; passages and vectors where all is as stored.

    Without vectors, the text too may have changed.
    """

    number: int
    article: Article | None
    passages: tuple[Passage, ...] = ()
    vectors: np.ndarray | None = None


@dataclass(slots=True)
class Saved:
    """Count what was saved; `doubtful` are ids of articles of which some byte has changed, `lost` their number."""

    articles: int = 0
    doubtful: list[str] = field(default_factory=list)
    lost: int = 0
    conversations: int = 0


def survivors(database: Database, *, broken: bool) -> Iterator[Survivor]:
    """Give what is left of each article, in the order they were added; of a broken file all numbers are tried."""
    for number in _numbers(database, broken):
        try:
            rows = database.rows(f"SELECT {COLUMNS}, a.digest FROM articles a WHERE a.number = ?", (number,))
            if rows:
                yield _survivor(database, number, article_of(rows[0][:-1]), rows[0][-1])
        except (LibraryDamaged, ValueError, TypeError):
            yield Survivor(number, None)


def salvage(folder: Path, target: Path, encoder: Encoder | None = None) -> Saved:
    """Make a new library of what can be read of a damaged one, which is left as it is.

    Raises: LibraryDamaged, when nothing can be read; LibraryError, ModelError.
    """
    saved = Saved()
    with Database.open_as_it_is(folder / FILE) as database:
        found = list(_known(database, "SELECT key, value FROM settings"))
        settings = {key: value for key, value in found if key not in {"id", "generation"}}
        encoder = encoder or SentenceEncoder(settings.get("encoder", DEFAULT_MODEL))
        Library.create(target, encoder).close()
        same_model = settings.get("encoder_fingerprint") == encoder.fingerprint
        store = Store.open(target)
        with Library.open(target, encoder) as library:
            for survivor in survivors(database, broken=True):
                _keep(survivor, store, library, saved, same_model)
        saved.conversations = _keep_conversations(database, store.database)
        store.close()
    return saved


def _keep(survivor: Survivor, store: Store, library: Library, saved: Saved, same_model: bool) -> None:
    article = survivor.article
    if article is None:
        saved.lost += 1
        return
    try:
        if survivor.vectors is not None and same_model:
            with store.writing():
                store.put(article, survivor.passages, survivor.vectors)
        else:
            (outcome,) = library.add([article])
            if isinstance(outcome, ArticleError):
                raise outcome
            if survivor.vectors is None:
                saved.doubtful.append(article.id)
        saved.articles += 1
    except (ArticleError, LibraryUnwritable):  # an id or a text that only damage can make
        saved.lost += 1


def _numbers(database: Database, broken: bool) -> Sequence[int]:
    seen = {int(number) for (number,) in _known(database, "SELECT number FROM articles")}
    if not broken:
        return sorted(seen)
    last = [int(seq) for (seq,) in _known(database, "SELECT seq FROM sqlite_sequence WHERE name = 'articles'")]
    return range(1, max([*seen, *(last or [_GUESS])]) + 1)


def _survivor(database: Database, number: int, article: Article, expected: str) -> Survivor:
    try:
        rows = database.rows("SELECT start, end, vector FROM passages WHERE article = ? ORDER BY start", (number,))
        spans = [(start, end) for start, end, _ in rows]
        data = [bytes(vector) for _, _, vector in rows]
        if expected in {"", digest(article, spans, data)}:  # none was made before format 3
            vectors = np.array([np.frombuffer(vector, dtype="<f4") for vector in data], dtype=np.float32)
            return Survivor(number, article, tuple(Passage(article, *span) for span in spans), vectors)
    except (LibraryDamaged, ValueError, TypeError):
        pass
    return Survivor(number, article)


def _known(database: Database, sql: str) -> Iterator[tuple[Any, ...]]:
    try:
        yield from database.stream(sql)
    except LibraryDamaged:
        return


def _keep_conversations(old: Database, new: Database) -> int:
    kept = 0
    with new.writing():
        for row in _known(old, "SELECT id, owner, name, started, changed FROM conversations"):
            new.change("INSERT INTO conversations VALUES (?, ?, ?, ?, ?)", row)
            kept += 1
        for row in _known(old, "SELECT conversation, number, body FROM turns"):
            new.change("INSERT INTO turns SELECT ?, ?, ? WHERE ? IN (SELECT id FROM conversations)", (*row, row[0]))
        for row in _known(old, "SELECT conversation, turn, body, made FROM judgements"):
            new.change("INSERT INTO judgements VALUES (?, ?, ?, ?)", row)
    return kept
