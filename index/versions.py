"""Older versions of articles: kept when an article is replaced, and searched as of a day.

The tables of the newest versions hold nothing of them. A version is current from its own day of publication; from the
day it was added where it has none, or none later than that of the version before it; and until the next one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from index import schema
from index.records import Article, Passage, Place, Version
from index.segment import Filters, Ranking
from index.store import COLUMNS, Store, article_of, heading
from index.terms import terms

_FIELDS = "id, title, text, source, url, published, published_from, origin, author, pages, digest, since"


@dataclass(frozen=True, slots=True)
class Retired:
    """Hold what its successor must know of a version: its number, and the days it began and was published on."""

    number: int
    since: str
    published: str


def since(article: Article, before: Retired | None, today: date) -> str:
    """Give the day on which a version that is added today becomes the current one, as "2024-05-01"."""
    published = article.published.isoformat() if article.published else ""
    if before is None:
        return published or today.isoformat()
    if published > max(before.since, before.published):
        return published
    return max(today.isoformat(), before.since)


class Versions:
    """Keep and search the older versions of a library's articles; call what changes them inside `writing`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._database = store.database

    def retire(self, id: str) -> Retired | None:
        """Move the newest version of an article to the older ones; None when there is no such article."""
        rows = self._rows("SELECT number, since, coalesce(published, '') FROM articles WHERE id = ?", (id,))
        if not rows:
            return None
        number = rows[0][0]
        self._database.change(
            f"INSERT INTO old_articles (number, current, {_FIELDS}, until) "
            f"SELECT number, number, {_FIELDS}, '' FROM articles WHERE number = ?",
            (number,),
        )
        self._database.change(
            "INSERT INTO old_passages (number, article, start, end, vector) "
            "SELECT number, article, start, end, vector FROM passages WHERE article = ?",
            (number,),
        )
        self._store.delete(id)
        self._put_words(number)
        return Retired(*rows[0])

    def succeed(self, before: Retired, number: int, since: str) -> None:
        """Make an article that was just put in the newest version of what was retired."""
        self._database.change("UPDATE old_articles SET until = ? WHERE number = ?", (since, before.number))
        self._database.change("UPDATE old_articles SET current = ? WHERE current = ?", (number, before.number))

    def drop(self, current: int) -> int:
        """Delete the older versions of an article; give how many there were."""
        self._database.change(
            "DELETE FROM old_words WHERE rowid IN (SELECT p.number FROM old_passages p "
            "JOIN old_articles a ON a.number = p.article WHERE a.current = ?)",
            (current,),
        )
        gone, _ = self._database.change("DELETE FROM old_articles WHERE current = ?", (current,))
        return gone

    def current(self, id: str) -> int | None:
        """Give the number of the newest version of what has an id, or had it in an older version; None without one."""
        rows = self._rows("SELECT number FROM articles WHERE id = ?", (id,)) or self._rows(
            "SELECT current FROM old_articles WHERE id = ? ORDER BY number DESC LIMIT 1", (id,)
        )
        return rows[0][0] if rows else None

    def current_of(self, version: int) -> int:
        """Give the number of the newest version of the article that a version is of."""
        rows = self._rows("SELECT current FROM old_articles WHERE number = ?", (version,))
        return rows[0][0] if rows else version

    def all(self, current: int) -> list[Version]:
        """Give the versions of an article, the newest first, by the number of its newest one."""
        rows = self._rows(
            f"SELECT {COLUMNS}, a.since, '' FROM articles a WHERE a.number = ? UNION ALL "
            f"SELECT {COLUMNS}, a.since, a.until FROM old_articles a WHERE a.current = ? ORDER BY 1 DESC",
            (current, current),
        )
        return [_version(row) for row in rows]

    def article(self, id: str, version: int) -> Article | None:
        """Give an older version of the article with an id; None when there is no such version."""
        rows = self._rows(f"SELECT {COLUMNS} FROM old_articles a WHERE a.number = ? AND a.id = ?", (version, id))
        return article_of(rows[0]) if rows else None

    def at(self, current: int, day: date) -> Article | None:
        """Give the version of an article that was the newest one on a day; None when there was none."""
        for version in self.all(current):
            if version.since is None or version.since <= day:
                return version.article
        return None

    def older(self, current: int) -> list[int]:
        """Give the numbers of the older versions of an article."""
        return [number for (number,) in self._rows("SELECT number FROM old_articles WHERE current = ?", (current,))]

    def seen(self, number: int, day: date | None, *, besides: int) -> Article | None:
        """Give a version by its number if it was the newest one on a day, or is now; none of the article `besides`."""
        rows = self._rows(
            f"SELECT {COLUMNS}, a.since FROM articles a WHERE a.number = ? AND a.number != ?", (number, besides)
        )
        if day:
            rows = [row for row in rows if row[-1] <= day.isoformat()] or self._rows(
                f"SELECT {COLUMNS}, a.since FROM old_articles a "
                "WHERE a.number = ? AND a.current != ? AND a.since <= ? AND a.until > ?",
                (number, besides, day.isoformat(), day.isoformat()),
            )
        return article_of(rows[0][:-1]) if rows else None

    def counts(self) -> tuple[int, int]:
        """Give the number of articles with older versions, and of the older versions."""
        ((articles, versions),) = self._rows("SELECT count(DISTINCT current), count(*) FROM old_articles")
        return articles, versions

    def passage_counts(self, words: Sequence[str], day: date) -> dict[str, int]:
        """Give for each term the number of older passages that hold it and were the newest on a day."""
        numbers = self.allowed(Filters(as_of=day))
        return {word: len(self._by_words([word], numbers, len(numbers))) for word in words}

    def allowed(self, filters: Filters) -> list[int]:
        """Give the numbers of the older passages that were the newest on the day asked for and fit the filters."""
        if filters.as_of is None:
            return []
        day = filters.as_of.isoformat()
        rows = self._rows(
            "SELECT number, published, source FROM old_articles WHERE since <= ? AND until > ?", (day, day)
        )
        articles = [number for number, published, source in rows if fits(published, source, filters)]
        return [
            number
            for article in articles
            for (number,) in self._rows("SELECT number FROM old_passages WHERE article = ?", (article,))
        ]

    def nearest(
        self, words: Sequence[str], vector: np.ndarray, k: int, allowed: Sequence[int]
    ) -> tuple[Ranking, Ranking]:
        """Give the k older passages that words rank first, and the k whose vectors are nearest."""
        by_vectors = [(number, float(row @ vector)) for number, row in self._vectors(allowed)]
        return self._by_words(words, allowed, k), sorted(by_vectors, key=lambda item: -item[1])[:k]

    def searchable(self, numbers: Sequence[int]) -> dict[int, tuple[list[list[str]], np.ndarray]]:
        """Give what is searched of older passages, as `Store.searchable` does."""
        found: dict[int, tuple[list[list[str]], np.ndarray]] = {}
        for number in numbers:
            for *fields, vector in self._rows(
                "SELECT w.title, w.date, w.body, p.vector FROM old_words w JOIN old_passages p ON p.number = w.rowid "
                "WHERE w.rowid = ?",
                (number,),
            ):
                found[number] = [field.split() for field in fields], np.frombuffer(vector, dtype="<f4")
        return found

    def passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        """Give older passages by number; a number that is none of theirs is left out."""
        found: dict[int, Passage] = {}
        for number in numbers:
            for start, end, *row in self._rows(
                f"SELECT p.start, p.end, {COLUMNS} FROM old_passages p JOIN old_articles a ON a.number = p.article "
                "WHERE p.number = ?",
                (number,),
            ):
                found[number] = Passage(article_of(row), start, end)
        return found

    def passages_at(self, places: Sequence[Place]) -> list[int]:
        """Give the numbers of the older passages that overlap places in older versions."""
        return [
            number
            for place in places
            for (number,) in self._rows(
                "SELECT number FROM old_passages WHERE article = ? AND start < ? AND end > ? ORDER BY start",
                (place.version, place.end, place.start),
            )
        ]

    def rebuild_words(self) -> None:
        """Make the word index of the older versions anew."""
        self._database.change("DROP TABLE IF EXISTS old_word_counts")
        self._database.change("DROP TABLE IF EXISTS old_words")
        for statement in schema.statements(schema.OLD_WORDS):
            self._database.change(statement)
        for (number,) in self._rows("SELECT number FROM old_articles ORDER BY number"):
            self._put_words(number)

    def merge_words(self) -> None:
        """Rid the word index of the older versions of what was removed."""
        self._database.change("INSERT INTO old_words (old_words) VALUES ('optimize')")

    def words_fit(self) -> bool:
        """Say whether the word index of the older versions holds each of their passages.

        Raises: WordsDamaged.
        """
        self._database.change("INSERT INTO old_words (old_words) VALUES ('integrity-check')")
        ((missing, more),) = self._rows(
            "SELECT (SELECT count(*) FROM old_passages WHERE number NOT IN (SELECT id FROM old_words_docsize)), "
            "(SELECT count(*) FROM old_words_docsize WHERE id NOT IN (SELECT number FROM old_passages))"
        )
        return not missing and not more

    def _put_words(self, number: int) -> None:
        ((*row,),) = self._rows(f"SELECT {COLUMNS} FROM old_articles a WHERE a.number = ?", (number,))
        article = article_of(row)
        above = heading(article)
        spans = self._rows("SELECT number, start, end FROM old_passages WHERE article = ?", (number,))
        self._database.change_many(
            "INSERT INTO old_words (rowid, title, date, body) VALUES (?, ?, ?, ?)",
            [(one, *map(" ".join, [*above, terms(article.text[start:end])])) for one, start, end in spans],
        )

    def _by_words(self, words: Sequence[str], allowed: Collection[int], k: int) -> Ranking:
        if not words or not allowed:
            return []
        self._database.change("CREATE TEMP TABLE IF NOT EXISTS allowed_then (number INTEGER PRIMARY KEY)")
        self._database.change("DELETE FROM allowed_then")
        self._database.change_many("INSERT INTO allowed_then VALUES (?)", ((number,) for number in allowed))
        rows = self._rows(
            "SELECT rowid, bm25(old_words) AS rank_score FROM old_words WHERE old_words MATCH ? "
            "AND +rowid IN (SELECT number FROM allowed_then) ORDER BY rank_score, rowid LIMIT ?",
            (" OR ".join(f'"{word}"' for word in dict.fromkeys(words)), k),
        )
        return [(number, -score) for number, score in rows]

    def _vectors(self, numbers: Sequence[int]) -> Iterator[tuple[int, np.ndarray]]:
        wanted = set(numbers)
        for number, vector in self._database.stream("SELECT number, vector FROM old_passages"):
            if number in wanted:
                yield number, np.frombuffer(vector, dtype="<f4")

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self._database.rows(sql, values)


def fits(published: str | None, source: str, filters: Filters) -> bool:
    """Say whether an article fits the dates and sources of filters, given its date as it is stored."""
    after, before = filters.after, filters.before
    if (after or before) and published is None:
        return False
    if (after and str(published) < after.isoformat()) or (before and str(published) > before.isoformat()):
        return False
    return not filters.sources or source.casefold() in {one.casefold() for one in filters.sources}


def _version(row: Sequence[Any]) -> Version:
    since, until = (date.fromisoformat(day) if day else None for day in row[-2:])
    return Version(article_of(row[:-2]), since, until)
