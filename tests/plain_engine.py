"""An engine in a dictionary that looks at everything: what another engine must agree with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from index import Article, Hit, Outcome, Passage, Query
from index.encoder import Encoder
from index.errors import ArticleError, LibraryEmpty
from index.families import near
from index.minhash import shingles
from index.passages import encoded_text, passages, spoken_date
from index.ranking import scores
from index.segment import Filters
from index.terms import terms
from index.verbatim import standing
from index.versions import Retired, fits, since

History = list[tuple[str, Article]]
"""The versions of one article with the days they began on, oldest first."""


class PlainEngine:
    """Hold articles in memory and compare each question with all of them."""

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._histories: list[History] = []
        self._given = 0

    def add(self, articles: Sequence[Article]) -> list[Outcome | ArticleError]:
        return [self._add(article) for article in articles]

    def _add(self, article: Article) -> Outcome | ArticleError:
        same_id = next((one for one in self._histories if one[-1][1].id == article.id), None)
        if same_id and same_id[-1][1].origin != article.origin:
            return ArticleError(f"the id {article.id!r} is taken", "an id of its own", "Give it another one")
        if same_id and same_id[-1][1] == article:
            return Outcome.UNCHANGED
        same_origin = (one for one in self._histories if article.origin and one[-1][1].origin == article.origin)
        history = same_id or next(same_origin, None)
        self._given += 1
        before = None
        if history:
            began, last = history[-1]
            before = Retired(last.version, began, last.published.isoformat() if last.published else "")
        else:
            self._histories.append(history := [])
        history.append((since(article, before, date.today()), replace(article, version=self._given)))
        return Outcome.REPLACED if before else Outcome.ADDED

    def remove(self, id: str) -> Article | None:
        found = self.article(id)
        self._histories = [one for one in self._histories if one[-1][1].id != id]
        return found

    def article(self, id: str, version: int = 0) -> Article | None:
        wanted = [one for history in self._histories for _, one in (history if version else history[-1:])]
        return next((one for one in wanted if one.id == id and version in (0, one.version)), None)

    def article_at(self, id: str, day: date) -> Article | None:
        history = next((one for one in self._histories if any(article.id == id for _, article in one)), [])
        return self._then(history, day)

    def articles(self) -> Iterator[Article]:
        return iter(sorted(self._now(None), key=lambda one: (-_ordinal(one), one.version)))

    def counts(self) -> tuple[int, int]:
        return len(self._histories), len(self._parts(Filters()))

    def sources(self) -> list[tuple[str, int]]:
        return sorted(Counter(one.source for one in self._now(None)).items(), key=lambda item: (-item[1], item[0]))

    def dates(self) -> tuple[date | None, date | None, int]:
        days = [one.published for one in self._now(None)]
        known = [day for day in days if day]
        return (min(known), max(known), days.count(None)) if known else (None, None, len(days))

    def passage_counts(self, words: Sequence[str], *, as_of: date | None = None) -> dict[str, int]:
        now = self._parts(Filters())
        seen = {(one.article.version, one.start): one for one in (now + self._parts(Filters(as_of=as_of)))}
        return {word: sum(any(word in field for field in _fields(one)) for one in seen.values()) for word in words}

    def phrase_count(self, phrases: Sequence[Sequence[str]]) -> int:
        return sum(any(_holds(field, phrases) for field in _fields(one)) for one in self._parts(Filters()))

    def mentioning(self, phrases: Sequence[Sequence[str]]) -> dict[str, int]:
        found: Counter[str] = Counter()
        for article in self.articles():
            for one in passages(article):
                title, _, body = _fields(one)
                if _holds(title, phrases) or _holds(body, phrases):
                    found[article.id] += 1
        return dict(found)

    def search(
        self,
        query: str | Query,
        *,
        k: int = 10,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] = (),
        as_of: date | None = None,
    ) -> list[Hit]:
        if not self._histories:
            raise LibraryEmpty("the engine holds no articles", "at least one", "Add some")
        if isinstance(query, str):
            query = Query((query,), tuple((word, 1.0) for word in dict.fromkeys(terms(query))))
        weights = dict(query.light) | dict(query.words)
        weights = {word: weights[word] for word in dict.fromkeys([*dict(query.words), *dict(query.light)])}
        parts, now = self._parts(Filters(after, before, tuple(sources), as_of)), self._parts(Filters())
        if not parts:
            return []
        vector = self.encoder.encode(list(query.texts)).mean(axis=0)
        vectors = self.encoder.encode([encoded_text(one) for one in parts])
        lengths = [sum(map(len, _fields(one))) for one in now]
        ranked = scores(
            weights,
            [_fields(one) for one in parts],
            (vectors @ (vector / ((vector @ vector) ** 0.5 or 1.0))).tolist(),
            {word: sum(any(word in field for field in _fields(one)) for one in now) for word in weights},
            len(now),
            sum(lengths) / len(lengths),
        )
        order = sorted(range(len(parts)), key=lambda i: (-ranked[i], parts[i].article.published or date.max))
        families = dict(zip(order, self.families([parts[i].article for i in order]), strict=True))
        hits: dict[tuple[int, str], list[int]] = {}
        for i in order:
            hits.setdefault((families[i], " ".join(parts[i].text.split())), []).append(i)
        return [
            Hit(parts[first], float(ranked[first]), rank, tuple(parts[i] for i in rest))
            for rank, (first, *rest) in enumerate(list(hits.values())[:k], start=1)
        ]

    def families(self, articles: Sequence[Article]) -> list[int]:
        shingled = {one.version: shingles(one.text) for history in self._histories for _, one in history}
        group = {version: version for version in shingled}
        for one in shingled:
            for other in shingled:
                if one < other and near(shingled[one], shingled[other]):
                    old, new = sorted((group[one], group[other]), reverse=True)
                    group = {version: new if family == old else family for version, family in group.items()}
        return [group.get(article.version, -i) for i, article in enumerate(articles, start=1)]

    def elsewhere(
        self,
        article: Article,
        start: int,
        end: int,
        *,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] = (),
        as_of: date | None = None,
    ) -> tuple[Passage, ...]:
        copies = [one for one in self._now(as_of) if one.id != article.id]
        filters = Filters(after, before, tuple(sources))
        own, *theirs = self.families([article, *copies])
        found = []
        for copy, family in zip(copies, theirs, strict=True):
            place = standing(article.text[start:end], copy.text)
            if family == own and place and _fits(copy, filters):
                found.append(Passage(copy, *place))
        return tuple(sorted(found, key=lambda one: (one.article.published or date.max, one.article.id)))

    def _now(self, day: date | None) -> list[Article]:
        found = [self._then(history, day) for history in self._histories]
        return [article for article in found if article]

    def _then(self, history: History, day: date | None) -> Article | None:
        seen = [article for began, article in history if day is None or began <= day.isoformat()]
        return seen[-1] if seen else None

    def _parts(self, filters: Filters) -> list[Passage]:
        return [one for article in self._now(filters.as_of) if _fits(article, filters) for one in passages(article)]


def _fields(one: Passage) -> list[list[str]]:
    return [terms(one.article.title), terms(spoken_date(one.article)), terms(one.text)]


def _holds(field: Sequence[str], phrases: Sequence[Sequence[str]]) -> bool:
    return any(
        list(phrase) == list(field[i : i + len(phrase)]) for phrase in phrases if phrase for i in range(len(field))
    )


def _fits(article: Article, filters: Filters) -> bool:
    return fits(article.published.isoformat() if article.published else None, article.source, filters)


def _ordinal(article: Article) -> int:
    return article.published.toordinal() if article.published else 0
