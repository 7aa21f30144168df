"""The library's truth: one SQLite file with articles, passages, vectors, words and settings."""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import LibraryDamaged, LibraryError, LibraryMismatch, LibraryMissing, LibraryUnwritable
from index.passages import spoken_date
from index.records import Article, Passage, Place
from index.terms import terms
from index.vectors import Ranking

FORMAT = 2
FILE = "library.sqlite"
_APPLICATION = 0x464E4F54  # "FNOT"
_WAIT_SECONDS = 10.0

_SCHEMA = """
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT NOT NULL,
    url TEXT NOT NULL,
    published TEXT,
    published_from TEXT NOT NULL,
    origin TEXT NOT NULL
);
CREATE INDEX articles_by_origin ON articles (origin);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles (number) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    vector BLOB NOT NULL
);
CREATE INDEX passages_by_article ON passages (article);
CREATE VIRTUAL TABLE words USING fts5 (title, date, body, tokenize = "unicode61 remove_diacritics 0 tokenchars '.'");
CREATE VIRTUAL TABLE word_counts USING fts5vocab (words, 'row');
"""
_CONVERSATIONS = """
CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    started TEXT NOT NULL,
    changed TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (conversation, number)
) WITHOUT ROWID;
"""
_UPGRADES = {1: _CONVERSATIONS}
"""What makes each format the next one."""

_ARTICLE = "a.id, a.title, a.text, a.source, a.url, a.published, a.published_from, a.origin"


class Store:
    """Read and write one library file. Methods are safe to call from several threads."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self._folder = folder
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def create(cls, folder: Path, settings: dict[str, str]) -> Store:
        """Make a new library file in a folder, which is made too.

        Raises: LibraryError, when the folder holds something else; LibraryUnwritable.
        """
        try:
            if folder.exists() and not folder.is_dir():
                raise LibraryError(f"{folder} is a file", "a folder, or nothing yet", "Give another --library")
            if folder.exists() and any(not file.name.startswith(FILE) for file in folder.iterdir()):
                raise LibraryError(
                    f"{folder} holds other files and no library",
                    "a new or an empty folder",
                    "Give another --library",
                )
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from error
        unfinished = folder / f"{FILE}.new"
        with _translated(folder):
            unfinished.unlink(missing_ok=True)
            connection = _connected(unfinished, "rwc")
            connection.executescript(_SCHEMA + _CONVERSATIONS)
            rows = {"id": uuid.uuid4().hex, "generation": "0", **settings}
            connection.executemany("INSERT INTO settings VALUES (?, ?)", rows.items())
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.close()
            os.replace(unfinished, folder / FILE)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open the library file of a folder; a folder that cannot be written is opened for reading.

        An older format is made the present one.
        Raises: LibraryMissing, LibraryDamaged, LibraryMismatch for a newer format.
        """
        file = folder / FILE
        if not file.is_file():
            found = "holds no library" if folder.is_dir() else "is a file" if folder.exists() else "does not exist"
            raise LibraryMissing(
                f"{folder} {found}",
                f"a folder with {FILE}",
                f"Make one: footnote add PATH --library {folder}",
            )
        if not os.access(file, os.R_OK):
            raise LibraryUnwritable(f"{file} cannot be read", "a file you may read", "Change its permissions")
        writable = os.access(folder, os.W_OK) and os.access(file, os.W_OK)
        with _translated(folder):
            connection = _connected(file, "rw" if writable else "ro&immutable=1")
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        if application != _APPLICATION:
            raise LibraryDamaged(
                f"{file} is not a Footnote library", "one made by footnote add", "Give another --library"
            )
        if version != FORMAT and (version not in _UPGRADES or not writable):
            older = version in _UPGRADES
            raise LibraryMismatch(
                f"{folder} has the library format {version}",
                f"format {FORMAT}, the one this version of Footnote writes",
                "Open it once where it may be written, which upgrades it"
                if older
                else "Use the version that made it, or make a new library with footnote add",
            )
        store = cls(folder, connection)
        if version != FORMAT:
            store._upgrade()
        return store

    def _upgrade(self) -> None:
        with self.writing(counted=False):
            version = self._connection.execute("PRAGMA user_version").fetchone()[0]
            while version in _UPGRADES:  # none is left where another program was faster
                for statement in _UPGRADES[version].split(";"):
                    self._connection.execute(statement)
                version += 1
                self._connection.execute(f"PRAGMA user_version = {version}")

    def close(self) -> None:
        with self._lock:
            self._connection.close()

    def settings(self) -> dict[str, str]:
        return dict(self._rows("SELECT key, value FROM settings"))

    def state(self) -> str:
        """Name what the library holds now: changes with every committed change, never repeats."""
        rows = dict(self._rows("SELECT key, value FROM settings WHERE key IN ('id', 'generation')"))
        return f"{rows['id']}-{rows['generation']}"

    @contextmanager
    def writing(self, *, counted: bool = True) -> Iterator[None]:
        """Make the changes of a block one transaction: all of them stay, or none.

        Without `counted` the state keeps its name, for changes that no search can see.
        Raises: LibraryUnwritable.
        """
        with self._lock, _translated(self._folder):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                if counted:
                    self._connection.execute(
                        "UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'"
                    )
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def put(self, article: Article, passages: Sequence[Passage], vectors: np.ndarray) -> None:
        """Insert an article with its passages and their vectors, row i for passage i. Call inside `writing`."""
        published = article.published.isoformat() if article.published else None
        cursor = self._connection.execute(
            "INSERT INTO articles (id, title, text, source, url, published, published_from, origin) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.title,
                article.text,
                article.source,
                article.url,
                published,
                article.published_from,
                article.origin,
            ),
        )
        title, day = terms(article.title), terms(spoken_date(article))
        for passage, vector in zip(passages, vectors, strict=True):
            body = terms(passage.text)
            length = len(title) + len(day) + len(body)
            number = self._connection.execute(
                "INSERT INTO passages (article, start, end, terms, vector) VALUES (?, ?, ?, ?, ?)",
                (cursor.lastrowid, passage.start, passage.end, length, vector.astype("<f4").tobytes()),
            ).lastrowid
            self._connection.execute(
                "INSERT INTO words (rowid, title, date, body) VALUES (?, ?, ?, ?)",
                (number, " ".join(title), " ".join(day), " ".join(body)),
            )

    def delete(self, id: str) -> None:
        """Delete an article with all that was made from it. Call inside `writing`."""
        self._connection.execute(
            "DELETE FROM words WHERE rowid IN "
            "(SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE a.id = ?)",
            (id,),
        )
        self._connection.execute("DELETE FROM articles WHERE id = ?", (id,))

    def article(self, id: str) -> Article | None:
        rows = self._rows(f"SELECT {_ARTICLE} FROM articles a WHERE a.id = ?", (id,))
        return _article(rows[0]) if rows else None

    def article_from(self, origin: str) -> Article | None:
        """Give the newest article that was read from an origin."""
        rows = self._rows(
            f"SELECT {_ARTICLE} FROM articles a WHERE a.origin = ? ORDER BY a.number DESC LIMIT 1", (origin,)
        )
        return _article(rows[0]) if rows else None

    def articles(self) -> Iterator[Article]:
        """Give all articles, newest first, those without a date last."""
        numbers = self._rows("SELECT number FROM articles ORDER BY published IS NULL, published DESC, number")
        for (number,) in numbers:
            for row in self._rows(f"SELECT {_ARTICLE} FROM articles a WHERE a.number = ?", (number,)):
                yield _article(row)

    def counts(self) -> tuple[int, int]:
        """Give the number of articles and of passages."""
        row = self._rows("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")[0]
        return row[0], row[1]

    def vectors(self, dimension: int) -> tuple[np.ndarray, np.ndarray]:
        """Give all passage numbers, shape (n,), and their vectors, float32, shape (n, dimension)."""
        with self._lock, _translated(self._folder):
            cursor = self._connection.execute("SELECT number, vector FROM passages ORDER BY number")
            numbers: list[int] = []
            data = bytearray()
            for number, vector in cursor:
                numbers.append(number)
                data += vector
        if len(data) != 4 * dimension * len(numbers):
            raise LibraryDamaged(
                f"{self._folder / FILE} holds vectors of another length",
                f"{dimension} numbers each",
                "Make a new library with footnote add",
            )
        return np.array(numbers, dtype=np.int64), np.frombuffer(bytes(data), dtype="<f4").reshape(-1, dimension)

    def allowed(self, after: date | None, before: date | None, sources: Sequence[str]) -> list[int]:
        """Give the numbers of the passages whose article fits the filters.

        Both dates belong to the range; an article without a date fits no range. Sources are
        compared without regard to case.
        """
        conditions, values = ["1"], []
        if after:
            conditions.append("a.published >= ?")
            values.append(after.isoformat())
        if before:
            conditions.append("a.published <= ?")
            values.append(before.isoformat())
        if sources:
            known = [row[0] for row in self._rows("SELECT DISTINCT source FROM articles")]
            wanted = {source.casefold() for source in sources}
            matching = [source for source in known if source.casefold() in wanted]
            conditions.append(f"a.source IN ({', '.join('?' * len(matching))})")
            values += matching
        sql = (
            f"SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE {' AND '.join(conditions)}"
        )
        return [row[0] for row in self._rows(sql, values)]

    def search_words(self, words: Sequence[str], k: int, allowed: Sequence[int] | None = None) -> Ranking:
        """Give the k passages that BM25 ranks first for any of the terms, best first.

        Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), as in SQLite FTS5.
        """
        if not words or (allowed is not None and not len(allowed)):
            return []
        match = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        with self._lock:
            if allowed is None:
                within = ""
            else:
                self._rows("CREATE TEMP TABLE IF NOT EXISTS allowed (number INTEGER PRIMARY KEY)")
                self._rows("DELETE FROM allowed")
                with _translated(self._folder):
                    self._connection.executemany("INSERT INTO allowed VALUES (?)", ((number,) for number in allowed))
                within = "AND rowid IN (SELECT number FROM allowed)"
            rows = self._rows(
                f"SELECT rowid, bm25(words) AS rank_score FROM words "
                f"WHERE words MATCH ? {within} ORDER BY rank_score, rowid LIMIT ?",
                (match, k),
            )
        return [(number, -score) for number, score in rows]  # FTS5 gives lower for better

    def passage_counts(self, words: Sequence[str]) -> dict[str, int]:
        """Give for each term the number of passages that hold it, in title, date or text."""
        unique = list(dict.fromkeys(words))
        found = dict(
            self._rows(f"SELECT term, doc FROM word_counts WHERE term IN ({', '.join('?' * len(unique))})", unique)
        )
        return {word: found.get(word, 0) for word in unique}

    def phrase_count(self, phrases: Sequence[Sequence[str]]) -> int:
        """Count the passages that hold any of the phrases of terms in title, date or text."""
        match = _any_phrase(phrases)
        return int(self._rows("SELECT count(*) FROM words WHERE words MATCH ?", (match,))[0][0]) if match else 0

    def mentioning(self, phrases: Sequence[Sequence[str]]) -> dict[str, int]:
        """Give the ids of the articles with any of the phrases in title or text, and in how many of their passages.

        The newest come first, those without a date last.
        """
        match = _any_phrase(phrases)
        rows = match and self._rows(
            "SELECT a.id, count(*) FROM words w JOIN passages p ON p.number = w.rowid "
            "JOIN articles a ON a.number = p.article WHERE words MATCH ? GROUP BY a.number "
            "ORDER BY a.published IS NULL, a.published DESC, a.number",
            (f"{{title body}} : ({match})",),
        )
        return dict(rows or ())

    def sources(self) -> list[tuple[str, int]]:
        """Give the sources with their numbers of articles, the largest first."""
        return self._rows("SELECT source, count(*) FROM articles GROUP BY source ORDER BY count(*) DESC, source")

    def dates(self) -> tuple[date | None, date | None, int]:
        """Give the first and the last day of publication, and how many articles have no date."""
        first, last, undated = self._rows(
            "SELECT min(published), max(published), sum(published IS NULL) FROM articles"
        )[0]
        return first and date.fromisoformat(first), last and date.fromisoformat(last), undated or 0

    def conversations(self, owner: str) -> list[tuple[str, str, str, str, int]]:
        """Give id, name, start, last change and number of turns of each conversation of an owner, the latest first."""
        return self._rows(
            "SELECT id, name, started, changed, (SELECT count(*) FROM turns WHERE conversation = id) "
            "FROM conversations WHERE owner = ? ORDER BY changed DESC, id",
            (owner,),
        )

    def turns(self, owner: str, id: str) -> list[str]:
        """Give the bodies of a conversation's turns, in order; none when the owner has no such conversation."""
        rows = self._rows(
            "SELECT t.body FROM turns t JOIN conversations c ON c.id = t.conversation "
            "WHERE c.owner = ? AND c.id = ? ORDER BY t.number",
            (owner, id),
        )
        return [row[0] for row in rows]

    def put_turn(self, owner: str, id: str, name: str, time: str, body: str) -> bool:
        """Add a turn to a conversation, which is begun where there is none; False when it is another owner's."""
        with self.writing(counted=False):
            self._connection.execute(
                "INSERT INTO conversations VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET changed = excluded.changed WHERE owner = excluded.owner",
                (id, owner, name, time, time),
            )
            added = self._connection.execute(
                "INSERT INTO turns SELECT c.id, 1 + (SELECT coalesce(max(t.number), 0) FROM turns t "
                "WHERE t.conversation = c.id), ? FROM conversations c WHERE c.id = ? AND c.owner = ?",
                (body, id, owner),
            )
        return added.rowcount == 1

    def rename_conversation(self, owner: str, id: str, name: str) -> bool:
        """Rename a conversation; False when the owner has none with this id."""
        with self.writing(counted=False):
            changed = self._connection.execute(
                "UPDATE conversations SET name = ? WHERE owner = ? AND id = ?", (name, owner, id)
            )
        return changed.rowcount == 1

    def delete_conversation(self, owner: str, id: str) -> bool:
        """Delete a conversation; False when the owner has none with this id."""
        with self.writing(counted=False):
            gone = self._connection.execute("DELETE FROM conversations WHERE owner = ? AND id = ?", (owner, id))
        return gone.rowcount == 1

    def mean_length(self) -> float:
        """Give the mean number of terms of a passage, with title and date; 1 without passages."""
        return float(self._rows("SELECT avg(terms) FROM passages")[0][0] or 1.0)

    def searchable(self, numbers: Sequence[int]) -> dict[int, tuple[list[list[str]], np.ndarray]]:
        """Give what is searched of passages: terms of title, date and text, and the vector, float32."""
        found: dict[int, tuple[list[list[str]], np.ndarray]] = {}
        for number in numbers:
            for *fields, vector in self._rows(
                "SELECT w.title, w.date, w.body, p.vector FROM words w JOIN passages p ON p.number = w.rowid "
                "WHERE w.rowid = ?",
                (number,),
            ):
                found[number] = [field.split() for field in fields], np.frombuffer(vector, dtype="<f4")
        return found

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Give passages by number, in the order asked; a number that is no longer there is left out."""
        articles: dict[int, Article] = {}
        found: dict[int, Passage] = {}
        for number in numbers:
            for article, start, end in self._rows(
                "SELECT article, start, end FROM passages WHERE number = ?", (number,)
            ):
                if article not in articles:
                    rows = self._rows(f"SELECT {_ARTICLE} FROM articles a WHERE a.number = ?", (article,))
                    articles[article] = _article(rows[0])
                found[number] = Passage(articles[article], start, end)
        return found

    def passages_at(self, places: Sequence[Place]) -> list[int]:
        """Give the numbers of the passages that overlap places; none for an article that is not there."""
        found: list[int] = []
        for place in places:
            found += [
                row[0]
                for row in self._rows(
                    "SELECT p.number FROM passages p JOIN articles a ON a.number = p.article "
                    "WHERE a.id = ? AND p.start < ? AND p.end > ? ORDER BY p.start",
                    (place.article, place.end, place.start),
                )
            ]
        return found

    def article_passages(self, id: str) -> list[Passage]:
        """Give the passages of an article, in order."""
        article = self.article(id)
        if article is None:
            return []
        rows = self._rows(
            "SELECT p.start, p.end FROM passages p JOIN articles a ON a.number = p.article "
            "WHERE a.id = ? ORDER BY p.start",
            (id,),
        )
        return [Passage(article, start, end) for start, end in rows]

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock, _translated(self._folder):
            return self._connection.execute(sql, values).fetchall()


def _connected(file: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=_WAIT_SECONDS,
        check_same_thread=False,
    )
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _any_phrase(phrases: Sequence[Sequence[str]]) -> str:
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases if phrase)


def _article(row: tuple[Any, ...]) -> Article:
    id, title, text, source, url, published, published_from, origin = row
    return Article(
        id, title, text, source, url, date.fromisoformat(published) if published else None, published_from, origin
    )


def _unwritable(folder: Path, error: Exception) -> LibraryUnwritable:
    return LibraryUnwritable(
        f"the library {folder} cannot be written ({error})",
        "a folder you may write to, with room on the disk",
        "Change its permissions, free some space, or give another --library",
    )


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text:
            raise LibraryUnwritable(
                f"another program is writing the library {folder}",
                f"it to finish within {_WAIT_SECONDS:.0f} seconds",
                "Try again when it is done",
            ) from error
        if any(word in text for word in ("readonly", "full", "unable to open", "disk I/O")):
            raise _unwritable(folder, error) from error
        if "malformed" in text:
            raise _damaged(folder, error) from error
        raise
    except sqlite3.IntegrityError as error:
        raise LibraryUnwritable(
            f"another program changed the library {folder} meanwhile ({error})",
            "one program writing at a time",
            "Run it again",
        ) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: Exception) -> LibraryDamaged:
    return LibraryDamaged(
        f"{folder / FILE} is damaged ({error})",
        "a SQLite file made by footnote add",
        "Restore it from a backup, or make a new library with footnote add",
    )
