"""What can be saved of a damaged library, into a new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.database import FILE, Database
from index.encoder import DEFAULT_MODEL, Encoder, SentenceEncoder
from index.errors import LibraryDamaged, LibraryUnwritable
from index.families import Families
from index.library import Library
from index.passages import encoded_text, passages
from index.records import Article, Passage
from index.schema import FORMAT
from index.store import COLUMNS, Store, article_of, digest
from index.versions import Versions

_GUESS = 100_000


@dataclass(frozen=True, slots=True)
class Survivor:
    """Hold what is left of a version of an article: the article is None where it cannot be read.

    Passages and vectors are there where all is as stored; without them, the text too may have
    changed. `current` is the number of the article's newest version, `until` "" for that one.
    """

    number: int
    article: Article | None
    passages: tuple[Passage, ...] = ()
    vectors: np.ndarray | None = None
    current: int = 0
    since: str = ""
    until: str = ""


@dataclass(slots=True)
class Saved:
    """Count the articles that were saved, and the `older` versions of them.

    `doubtful` are ids of articles of which some byte has changed, or whose newest version is lost;
    `lost` counts what cannot be read, of either kind.
    """

    articles: int = 0
    doubtful: list[str] = field(default_factory=list)
    lost: int = 0
    conversations: int = 0
    older: int = 0


@dataclass(frozen=True, slots=True)
class _Tables:
    """Name the tables that hold the newest or the older versions, and what says when a version was current."""

    articles: str
    passages: str
    when: str


_NEWEST = _Tables("articles", "passages", "a.number, a.since, ''")
_NEWEST_BEFORE_FORMAT_4 = _Tables("articles", "passages", "a.number, coalesce(a.published, ''), ''")
_OLDER = _Tables("old_articles", "old_passages", "a.current, a.since, a.until")


def survivors(database: Database, *, broken: bool) -> Iterator[Survivor]:
    """Give what is left of the newest version of each article, in the order they were added.

    Of a broken file all numbers are tried.
    """
    tables = _NEWEST if _format(database) >= 4 else _NEWEST_BEFORE_FORMAT_4
    for number in _numbers(database, broken):
        survivor = _survivor(database, tables, number)
        if survivor is not None:
            yield survivor


def older_survivors(database: Database) -> Iterator[Survivor]:
    """Give what is left of each older version, in the order they were added."""
    if _format(database) >= 4:
        by_index = _known(database, "SELECT number FROM old_articles")
        by_table = _known(database, "SELECT number FROM old_articles NOT INDEXED")
        for number in sorted({int(number) for (number,) in (*by_index, *by_table)}):
            yield _older(database, number)


def salvage(folder: Path, target: Path, encoder: Encoder | None = None) -> Saved:
    """Make a new library of what can be read of a damaged one, which is left as it is.

    An article whose newest version is lost is saved in the newest that is not, and named as doubtful.
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
        older: dict[int, list[int]] = {}
        for survivor in older_survivors(database):
            older.setdefault(survivor.current, []).append(survivor.number)
        saved.lost += len(older.pop(0, []))
        for survivor in survivors(database, broken=True):
            chain = [_older(database, number) for number in older.pop(survivor.number, [])]
            _keep([*chain, survivor], store, encoder, saved, same_model=same_model)
        for current, numbers in sorted(older.items()):
            chain = [_older(database, number) for number in numbers]
            _keep([*chain, Survivor(current, None)], store, encoder, saved, same_model=same_model)
        with store.writing():
            Families(store.database).rebuild()
        saved.conversations = _keep_conversations(database, store.database)
        store.close()
    return saved


def _keep(chain: Sequence[Survivor], store: Store, encoder: Encoder, saved: Saved, *, same_model: bool) -> None:
    """Put the versions of an article into the new library, as they came to be, the oldest first."""
    kept = [(survivor, survivor.article) for survivor in chain if survivor.article is not None]
    versions = Versions(store)
    try:
        with store.writing():
            before, until = None, ""
            for place, (survivor, article) in enumerate(kept):
                if place:
                    before = versions.retire(kept[place - 1][1].id)
                parts, vectors = survivor.passages, survivor.vectors
                if vectors is None or not same_model:
                    parts = tuple(passages(article))
                    vectors = encoder.encode([encoded_text(part) for part in parts])
                number = store.put(article, parts, vectors, survivor.since)
                if before:
                    versions.succeed(before, number, until)
                until = survivor.until
    except (LibraryUnwritable, TypeError, ValueError):  # an id or a text that only damage can make
        kept = []
    saved.lost += len(chain) - len(kept)
    if kept:
        saved.articles += 1
        saved.older += len(kept) - 1
        if chain[-1].article is None or any(survivor.vectors is None for survivor, _ in kept):
            saved.doubtful.append(kept[-1][1].id)


def _format(database: Database) -> int:
    return next((int(found) for (found,) in _known(database, "PRAGMA user_version")), FORMAT)


def _numbers(database: Database, broken: bool) -> Sequence[int]:
    seen = {int(number) for (number,) in _known(database, "SELECT number FROM articles")}
    if not broken:
        return sorted(seen)
    last = [int(seq) for (seq,) in _known(database, "SELECT seq FROM sqlite_sequence WHERE name = 'articles'")]
    return range(1, max([*seen, *(last or [_GUESS])]) + 1)


def _older(database: Database, number: int) -> Survivor:
    return _survivor(database, _OLDER, number) or Survivor(number, None)


def _survivor(database: Database, tables: _Tables, number: int) -> Survivor | None:
    """Give what is left of a version, None where there is none with this number."""
    try:
        rows = database.rows(
            f"SELECT {COLUMNS}, a.digest, {tables.when} FROM {tables.articles} a WHERE a.number = ?", (number,)
        )
        if not rows:
            return None
        *columns, expected, current, since, until = rows[0]
        whole = _with_vectors(database, tables, Survivor(number, article_of(columns)), expected)
        return replace(whole, current=int(current), since=_day(since), until=_day(until))
    except (LibraryDamaged, ValueError, TypeError):
        return Survivor(number, None)


def _with_vectors(database: Database, tables: _Tables, survivor: Survivor, expected: str) -> Survivor:
    article = survivor.article
    try:
        sql = f"SELECT start, end, vector FROM {tables.passages} WHERE article = ? ORDER BY start"
        rows = database.rows(sql, (survivor.number,))
        spans = [(start, end) for start, end, _ in rows]
        data = [bytes(vector) for _, _, vector in rows]
        if article and expected in {"", digest(article, spans, data)}:  # none was made before format 3
            vectors = np.array([np.frombuffer(vector, dtype="<f4") for vector in data], dtype=np.float32)
            return replace(survivor, passages=tuple(Passage(article, *span) for span in spans), vectors=vectors)
    except (LibraryDamaged, ValueError, TypeError):
        pass
    return survivor


def _day(value: str) -> str:
    """Give a day as it is stored, "" as it is.

    Raises: ValueError, for what only damage can make.
    """
    return value and date.fromisoformat(value).isoformat()


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
