"""Families of near-copies: which articles are the same text, by what stands in them and never by their titles.

Texts that share half of the shorter one's runs of words are near-copies; a family holds all that near-copies link.
Its number is the least article number in it. Older versions belong to families too, so that a search as of a day
knows them, but do not link to other versions of their article. Candidates come from a table of band hashes
(index/minhash.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from index.database import Database
from index.minhash import bands, shared, shingles

SHARE = 0.5
"""Share of the shorter text's shingles that near-copies have in common; docs/log.md has the figures."""
SHORT, SHARE_OF_SHORT = 80, 0.8
"""Near-copies have so many shingles in common, or at least this share of a text too short for that."""
FEW = 8
"""Texts with fewer shingles are near-copies only when they are equal."""

_ALL = "SELECT number FROM articles UNION ALL SELECT number FROM old_articles"
_TRIED, _TRIED_BY_ONE, _PER_BAND = 20, 5, 20
"""Most candidates that are read, most where they agree in one band only, and most that are taken from a band."""
_UNCOMPARED = "uncompared"
_CAUGHT_UP = 200
_COVERED = 0.85
_TIE = 1e-6


def near(one: np.ndarray, other: np.ndarray) -> bool:
    """Say whether two texts, given their shingles, are near-copies."""
    least = min(len(one), len(other))
    if least < FEW:
        return bool(least) and np.array_equal(one, other)
    return shared(one, other) >= max(SHARE * least, min(SHARE_OF_SHORT * least, SHORT))


class Families:
    """Keep the families of a library's articles, by version number; call what changes them inside `writing`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def join(self, number: int) -> None:
        """Compare a version that was just put in with those of other articles."""
        shingled = self._shingles(number)
        rows = ((hash, number) for hash in set(bands(shingled)))
        self._database.change_many("INSERT OR IGNORE INTO bands VALUES (?, ?)", rows)
        self._database.change("INSERT INTO families VALUES (?, ?)", (number, number))
        self._link(number, shingled)

    def leave(self, numbers: Sequence[int]) -> None:
        """Take out versions that are about to be deleted; what only they linked is no family any more."""
        rest = {other for number in numbers for other in self.members(number)}.difference(numbers)
        for number in numbers:
            rows = ((hash, number) for hash in set(bands(self._shingles(number))))
            self._database.change_many("DELETE FROM bands WHERE hash = ? AND article = ?", rows)
            self._database.change("DELETE FROM families WHERE article = ?", (number,))
        alone = ((other, other) for other in rest)
        self._database.change_many("UPDATE families SET family = ? WHERE article = ?", alone)
        if len(rest) > 1:
            for other in sorted(rest):
                self._link(other, self._shingles(other))

    def catch_up(self, most: int | None = _CAUGHT_UP) -> int:
        """Compare articles that were added before families were known; give how many, at most `most`."""
        for (last,) in self._database.rows("SELECT value FROM settings WHERE key = ?", (_UNCOMPARED,)):
            numbers = self._database.rows(
                f"SELECT number FROM ({_ALL}) WHERE number <= ? ORDER BY number DESC LIMIT ?",
                (int(last), -1 if most is None else most),
            )
            for (number,) in numbers:
                self.join(number)
            if most is not None and len(numbers) == most:
                left = (str(numbers[-1][0] - 1), _UNCOMPARED)
                self._database.change("UPDATE settings SET value = ? WHERE key = ?", left)
            else:
                self._database.change("DELETE FROM settings WHERE key = ?", (_UNCOMPARED,))
            return len(numbers)
        return 0

    def uncompared(self) -> int:
        """Count the articles that were added before families were known and not compared yet."""
        sql = f"SELECT count(*) FROM ({_ALL}) WHERE number <= (SELECT value + 0 FROM settings WHERE key = ?)"
        return int(self._database.rows(sql, (_UNCOMPARED,))[0][0])

    def rebuild(self) -> None:
        """Compare all articles anew."""
        for sql in (
            "DELETE FROM families",
            "DELETE FROM bands",
            "DELETE FROM settings WHERE key = 'uncompared'",
            f"INSERT INTO settings SELECT 'uncompared', max(number) FROM ({_ALL}) GROUP BY ''",
        ):
            self._database.change(sql)
        self.catch_up(None)

    def fit(self) -> bool:
        """Say whether each compared version stands in the tables as it should, and nothing else does."""
        rows = 0
        for (number,) in self._database.rows("SELECT article FROM families"):
            hashes = set(bands(self._shingles(number)))
            marks = ", ".join("?" * len(hashes))
            ((found,),) = self._database.rows(
                f"SELECT count(*) FROM bands WHERE hash IN ({marks}) AND article = ?", (*hashes, number)
            )
            if found != len(hashes):
                return False
            rows += found
        ((stored, wrong, here),) = self._database.rows(
            "SELECT (SELECT count(*) FROM bands), "
            "(SELECT count(*) FROM (SELECT family FROM families GROUP BY family HAVING min(article) != family)), "
            f"(SELECT count(*) FROM ({_ALL}) a LEFT JOIN families f ON f.article = a.number WHERE f.article IS NULL)"
        )
        return (stored, wrong, here) == (rows, 0, self.uncompared())

    def members(self, number: int) -> list[int]:
        """Give the numbers of the versions in a version's family, in order, its own among them."""
        rows = self._database.rows(
            "SELECT family FROM families WHERE article = ? UNION "
            "SELECT m.article FROM families f JOIN families m ON m.family = f.family AND m.family != m.article "
            "WHERE f.article = ? ORDER BY 1",
            (number, number),
        )
        return [member for (member,) in rows]

    def of(self, numbers: Sequence[int]) -> dict[int, int]:
        """Give the family of each version that has been compared."""
        marks = ", ".join("?" * len(numbers))
        return dict(self._database.rows(f"SELECT article, family FROM families WHERE article IN ({marks})", numbers))

    def counts(self) -> tuple[int, int]:
        """Give the number of families of several articles as they are now, and of articles in them."""
        ((families, articles),) = self._database.rows(
            "SELECT count(*), coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM families f "
            "JOIN articles a ON a.number = f.article GROUP BY family HAVING n > 1)"
        )
        return families, articles

    def of_passages(self, numbers: Sequence[int]) -> dict[int, tuple[int, int, str]]:
        """Give family, version and date of those of the passages whose families have several among them.

        "9" stands for no date.
        """
        found: dict[int, tuple[int, int, str]] = {}
        for at in range(0, len(numbers), 500):
            part = numbers[at : at + 500]
            marks = ", ".join("?" * len(part))
            for number, *row in self._database.rows(
                "SELECT p.number, f.family, f.article, coalesce(a.published, '9') FROM passages p "
                f"JOIN families f ON f.article = p.article JOIN articles a ON a.number = p.article "
                f"WHERE p.number IN ({marks}) UNION ALL "
                "SELECT p.number, f.family, f.article, coalesce(a.published, '9') FROM old_passages p "
                "JOIN old_articles a ON a.number = p.article JOIN families f ON f.article = p.article "
                f"WHERE p.number IN ({marks})",
                (*part, *part),
            ):
                found[number] = (row[0], row[1], row[2])
        several = Counter(family for family, _ in {(family, article) for family, article, _ in found.values()})
        return {number: row for number, row in found.items() if several[row[0]] > 1}

    def distinct(
        self, ranked: Sequence[tuple[int, float]], texts: Mapping[int, Sequence[str]]
    ) -> tuple[list[tuple[int, float]], dict[int, list[int]]]:
        """Leave out passages that say nothing beyond better ones of other articles of their family.

        `ranked` are numbers of passages with their scores, the best first; `texts` the terms of
        each. Gives those that stay, in order, and for some of them what was left out. Of two that
        say the same with the same score the one published first stays.
        """
        known = self.of_passages([number for number, _ in ranked])
        if not known:
            return list(ranked), {}
        kept: dict[int, float] = {}
        also: dict[int, list[int]] = {}
        families: dict[int, list[int]] = {}
        said = {number: _said(texts[number]) for number in known}
        for number, score in ranked:
            group = families.setdefault(known[number][0], []) if number in known else []
            others = [other for other in group if known[other][1] != known[number][1]]
            best = _covering(said[number], {other: said[other] for other in others}) if others else None
            if best is None:
                kept[number] = score
                group.append(number)
            elif abs(kept[best] - score) < _TIE and known[number][2] < known[best][2] and _covers(said, number, best):
                kept = {number if one == best else one: value for one, value in kept.items()}
                also[number] = [best, *also.pop(best, [])]
                group[group.index(best)] = number
            else:
                also.setdefault(best, []).append(number)
        return list(kept.items()), also

    def _link(self, number: int, shingled: np.ndarray) -> None:
        """Make one family of an article's and those of its near-copies."""
        ((own,),) = self._database.rows(
            "SELECT coalesce((SELECT current FROM old_articles WHERE number = ?), ?)", (number, number)
        )
        versions = {
            number for (number,) in self._database.rows("SELECT number FROM old_articles WHERE current = ?", (own,))
        }
        counts: Counter[int] = Counter()
        for hash in set(bands(shingled)):
            rows = self._database.rows(
                "SELECT article FROM bands WHERE hash = ? AND article != ? ORDER BY article DESC LIMIT ?",
                (hash, number, _PER_BAND),
            )
            counts.update(article for (article,) in rows)
        families = self.of([number, *(counts.keys() - {*versions, own})])
        joined, tried = {families.pop(number)}, 0
        for other in sorted(families, key=lambda other: (-counts[other], other)):
            if families[other] not in joined and tried < (_TRIED if counts[other] > 1 else _TRIED_BY_ONE):
                tried += 1
                if near(shingled, self._shingles(other)):
                    joined.add(families[other])
        least = min(joined)
        for family in joined - {least}:
            self._database.change(
                "UPDATE families SET family = ? WHERE family = ? AND family != article", (least, family)
            )
            self._database.change("UPDATE families SET family = ? WHERE article = ?", (least, family))

    def _shingles(self, number: int) -> np.ndarray:
        rows = self._database.rows(
            "SELECT text FROM articles WHERE number = ? UNION ALL SELECT text FROM old_articles WHERE number = ?",
            (number, number),
        )
        return shingles(rows[0][0] if rows else "")


_Said = tuple[frozenset[tuple[str, ...]], frozenset[str]]


def _said(words: Sequence[str]) -> _Said:
    """Give the pairs of terms that follow one another, and the numbers."""
    pairs = frozenset(pairwise(words)) if len(words) > 1 else frozenset({tuple(words)})
    return pairs, frozenset(word for word in words if word[0].isdigit())


def _covering(said: _Said, others: Mapping[int, _Said]) -> int | None:
    """Give the one of other passages that holds most of a passage, None unless they hold nearly all together."""
    pairs, numbers = said
    missing, unspoken = set(pairs), set(numbers)
    for other_pairs, other_numbers in others.values():
        missing -= other_pairs
        unspoken -= other_numbers
    if len(missing) > (1 - _COVERED) * len(pairs) or unspoken:
        return None
    return max(others, key=lambda other: len(pairs & others[other][0]))


def _covers(said: Mapping[int, _Said], number: int, other: int) -> bool:
    return _covering(said[other], {number: said[number]}) is not None
