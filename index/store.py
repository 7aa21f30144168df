"""The library's truth: articles, passages, vectors, words and settings, and what is asked of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from index import schema
from index.database import FILE, Database
from index.errors import LibraryDamaged, WordsDamaged
from index.passages import spoken_date
from index.records import Article, Passage, Place
from index.terms import terms
from index.vectors import Ranking

COLUMNS = "a.number, a.id, a.title, a.text, a.source, a.url, a.published, a.published_from, a.origin, a.author, a.pages"


class Store:
    """Read and write one library. Methods are safe to call from several threads."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self.database = database

    @classmethod
    def create(cls, folder: Path, settings: Mapping[str, str]) -> Store:
        """Make a new library in a folder, which is made too.

        Raises: LibraryError, when the folder holds something else; LibraryUnwritable.
        """
        return cls(folder, Database.create(folder, settings))

    @classmethod
    def open(cls, folder: Path) -> Store:
        """Open the library of a folder; one that cannot be written is opened for reading.

        Raises: LibraryMissing, LibraryDamaged, LibraryMismatch for a newer format.
        """
        return cls(folder, Database.open(folder))

    def close(self) -> None:
        self.database.close()

    def settings(self) -> dict[str, str]:
        return dict(self._rows("SELECT key, value FROM settings"))

    def state(self) -> str:
        """Name what the library holds now: changes with every committed change, never repeats."""
        rows = dict(self._rows("SELECT key, value FROM settings WHERE key IN ('id', 'generation')"))
        return f"{rows['id']}-{rows['generation']}"

    def reading(self) -> AbstractContextManager[None]:
        """Show the reads of a block what was committed at one moment."""
        return self.database.reading()

    @contextmanager
    def writing(self, *, counted: bool = True) -> Iterator[None]:
        """Make the changes of a block one transaction: all of them stay, or none.

        Without `counted` the state keeps its name, for changes that no search can see.
        Raises: LibraryUnwritable.
        """
        with self.database.writing():
            yield
            if counted:
                self.database.change("UPDATE settings SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")

    def put(self, article: Article, passages: Sequence[Passage], vectors: np.ndarray, since: str = "") -> int:
        """Insert an article with its passages and their vectors, row i for passage i; give its number.

        Call inside `writing`. `since` is the day from which it is the newest version, "" for always.
        """
        fields = _fields(article)
        above = heading(article)
        data = [vector.astype("<f4").tobytes() for vector in vectors]
        spans = [(passage.start, passage.end) for passage in passages]
        values = (*fields, digest(article, spans, data), since)
        _, article_number = self.database.change(
            "INSERT INTO articles (id, title, text, source, url, published, published_from, origin, author, pages, "
            f"digest, since) VALUES ({', '.join('?' * len(values))})",
            values,
        )
        for passage, vector in zip(passages, data, strict=True):
            words = [*above, terms(passage.text)]
            _, number = self.database.change(
                "INSERT INTO passages (article, start, end, terms, vector) VALUES (?, ?, ?, ?, ?)",
                (article_number, passage.start, passage.end, sum(map(len, words)), vector),
            )
            self._put_words(number, words)
        return article_number

    def _put_words(self, number: int, words: Sequence[Sequence[str]]) -> None:
        self.database.change(
            "INSERT INTO words (rowid, title, date, body) VALUES (?, ?, ?, ?)", (number, *map(" ".join, words))
        )

    def delete(self, id: str) -> None:
        """Delete an article with all that was made from it. Call inside `writing`."""
        self.database.change(
            "DELETE FROM words WHERE rowid IN "
            "(SELECT p.number FROM passages p JOIN articles a ON a.number = p.article WHERE a.id = ?)",
            (id,),
        )
        self.database.change("DELETE FROM articles WHERE id = ?", (id,))

    def rebuild_words(self) -> None:
        """Make the word index anew from the articles.

        Raises: LibraryUnwritable; LibraryDamaged, when more than that is broken.
        """
        with self.writing(counted=False):
            self.database.change("DROP TABLE IF EXISTS word_counts")
            self.database.change("DROP TABLE IF EXISTS words")
            for statement in schema.statements(schema.WORDS):
                self.database.change(statement)
            for (id,) in self._rows("SELECT id FROM articles ORDER BY number"):
                article = self.article(id)
                if article is not None:
                    above = heading(article)
                    for number, start, end in self._spans(id):
                        self._put_words(number, [*above, terms(article.text[start:end])])

    def merge_words(self) -> None:
        """Rid the word index of what was removed, which it otherwise only marks.

        Raises: LibraryUnwritable.
        """
        with self.writing(counted=False):
            self.database.change("INSERT INTO words (words) VALUES ('optimize')")

    def words_fit(self) -> bool:
        """Say whether the word index is whole and holds each passage.

        Raises: LibraryUnwritable; LibraryDamaged, when more than that is broken.
        """
        try:
            with self.writing(counted=False):
                self.database.change("INSERT INTO words (words) VALUES ('integrity-check')")
                ((missing, more),) = self._rows(
                    "SELECT (SELECT count(*) FROM passages WHERE number NOT IN (SELECT id FROM words_docsize)), "
                    "(SELECT count(*) FROM words_docsize WHERE id NOT IN (SELECT number FROM passages))"
                )
        except WordsDamaged:
            return False
        return not missing and not more

    def _spans(self, id: str) -> list[tuple[int, int, int]]:
        return self._rows(
            "SELECT p.number, p.start, p.end FROM passages p JOIN articles a ON a.number = p.article "
            "WHERE a.id = ? ORDER BY p.start",
            (id,),
        )

    def article(self, id: str) -> Article | None:
        rows = self._rows(f"SELECT {COLUMNS} FROM articles a WHERE a.id = ?", (id,))
        return article_of(rows[0]) if rows else None

    def article_from(self, origin: str) -> Article | None:
        """Give the newest article that was read from an origin."""
        rows = self._rows(
            f"SELECT {COLUMNS} FROM articles a WHERE a.origin = ? ORDER BY a.number DESC LIMIT 1", (origin,)
        )
        return article_of(rows[0]) if rows else None

    def articles(self) -> Iterator[Article]:
        """Give all articles as of one moment, newest first, those without a date last."""
        numbers = "SELECT number FROM articles ORDER BY published IS NULL, published DESC, number"
        for row in self.database.stream_each(numbers, f"SELECT {COLUMNS} FROM articles a WHERE a.number = ?"):
            yield article_of(row)

    def counts(self) -> tuple[int, int]:
        """Give the number of articles and of passages."""
        row = self._rows("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM passages)")[0]
        return row[0], row[1]

    def numbers(self) -> np.ndarray:
        """Give the numbers of all passages, int64, shape (n,), ascending; none is ever given twice."""
        found = [row[0] for row in self._rows("SELECT number FROM passages INDEXED BY passages_by_article")]
        return np.sort(np.array(found, dtype=np.int64))

    def vectors(self, numbers: np.ndarray, dimension: int) -> np.ndarray:
        """Give the vectors of passages, ascending by number, float32, shape (n, dimension).

        Raises: LibraryDamaged, when one is missing or of another length.
        """
        data = bytearray()
        if len(numbers):
            wanted = set(numbers.tolist())
            rows = self.database.stream(
                "SELECT number, vector FROM passages WHERE number BETWEEN ? AND ? ORDER BY number",
                (int(numbers[0]), int(numbers[-1])),
            )
            for number, vector in rows:
                if number in wanted:
                    data += vector
        if len(data) != 4 * dimension * len(numbers):
            raise LibraryDamaged(
                f"{self._folder / FILE} holds vectors of another length",
                f"{dimension} numbers each",
                "Run: footnote check",
            )
        return np.frombuffer(bytes(data), dtype="<f4").reshape(-1, dimension)

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
        within = ""
        with self.reading():
            if allowed is not None:
                self.database.change("CREATE TEMP TABLE IF NOT EXISTS allowed (number INTEGER PRIMARY KEY)")
                self.database.change("DELETE FROM allowed")
                self.database.change_many("INSERT INTO allowed VALUES (?)", ((number,) for number in allowed))
                within = "AND +rowid IN (SELECT number FROM allowed)"  # "+": words first
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

    def months(self) -> list[tuple[str, str, int]]:
        """Give source, month ("2023-11", "" without a date) and number of articles, in this order."""
        return self._rows(
            "SELECT source, coalesce(substr(published, 1, 7), ''), count(*) FROM articles GROUP BY 1, 2 ORDER BY 1, 2"
        )

    def days(self) -> list[date]:
        """Give the days on which something was published, in order."""
        rows = self._rows("SELECT DISTINCT published FROM articles WHERE published IS NOT NULL ORDER BY 1")
        return [date.fromisoformat(day) for (day,) in rows]

    def beginnings(self, length: int) -> Iterator[str]:
        """Give the first characters of each article's text."""
        return (text for (text,) in self.database.stream("SELECT substr(text, 1, ?) FROM articles", (length,)))

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
                    rows = self._rows(f"SELECT {COLUMNS} FROM articles a WHERE a.number = ?", (article,))
                    articles[article] = article_of(rows[0])
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
        with self.reading():
            article = self.article(id)
            return [Passage(article, start, end) for _, start, end in self._spans(id)] if article else []

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.database.rows(sql, values)


def digest(article: Article, spans: Sequence[tuple[int, int]], vectors: Sequence[bytes]) -> str:
    """Sum up an article with all that was made from it, so that a changed byte is noticed: SHA-256 in hexadecimal."""
    seen = hashlib.sha256(json.dumps([*_fields(article), *spans]).encode())
    for vector in vectors:
        seen.update(vector)
    return seen.hexdigest()


def _fields(article: Article) -> tuple[str | None, ...]:
    return (
        article.id,
        article.title,
        article.text,
        article.source,
        article.url,
        article.published.isoformat() if article.published else None,
        article.published_from,
        article.origin,
        article.author,
        json.dumps(article.pages),
    )


def heading(article: Article) -> list[list[str]]:
    """Give what is searched of each passage besides its text: the terms of title and date."""
    return [terms(article.title), terms(spoken_date(article))]


def _any_phrase(phrases: Sequence[Sequence[str]]) -> str:
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases if phrase)


def article_of(row: Sequence[Any]) -> Article:
    """Make an article of its columns, in the order of `COLUMNS`."""
    version, id, title, text, source, url, published, published_from, origin, author, pages = row
    return Article(
        id,
        title,
        text,
        source,
        url,
        date.fromisoformat(published) if published else None,
        published_from,
        origin,
        author,
        tuple(json.loads(pages)),
        version,
    )
