"""A library: articles in, ranked passages out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Self

import numpy as np

from index.database import FILE
from index.encoder import Encoder, SentenceEncoder
from index.errors import ArticleError, LibraryEmpty, LibraryMismatch, WordsDamaged
from index.failures import Failures
from index.families import Families
from index.live_vectors import LiveVectors
from index.passages import encoded_text, passages
from index.ranking import scores
from index.records import Article, Hit, Passage, Query, Version
from index.shelf import Shelf
from index.store import Store
from index.terms import terms
from index.vectors import Ranking, forget
from index.verbatim import standing
from index.versions import Versions, fits, since
from index.whole_files import sweep

_BATCH = 64
_DEPTH, _DEEPEST = 100, 16


class Outcome(StrEnum):
    """What adding an article did."""

    ADDED = "added"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Hold the passages that a search looked at: by number their scores, the best first, and the terms of their texts.

    `found` are the numbers that words and vectors found, of the newest and of older versions, each at most `depth`.
    """

    ranked: Ranking
    texts: dict[int, list[str]]
    found: list[set[int]]
    depth: int

    def crowded(self, left_out: set[int], wanted: int) -> bool:
        """Say whether what was left out may have kept others from being found, `wanted` of each kind."""
        return any(len(found) >= self.depth and len(found - left_out) < wanted for found in self.found)


class Library:
    """Store articles in one folder and find passages of them by words and by meaning.

    Open one with `Library.open` or make one with `Library.create`; both are context managers.
    Searching is safe from several threads, and sees what was committed at one moment, by whatever program.
    """

    def __init__(self, path: Path, store: Store, encoder: Encoder) -> None:
        self.path = path
        self.encoder = encoder
        self._store = store
        self._versions = Versions(store)
        self._families = Families(store.database)
        self._vectors: LiveVectors | None = None
        self._length: tuple[str, float] | None = None
        self._loading = threading.Lock()

    @classmethod
    def exists(cls, path: str | Path) -> bool:
        """Say whether a folder holds a library, of whatever version."""
        return (Path(path) / FILE).is_file()

    @classmethod
    def create(cls, path: str | Path, encoder: Encoder | None = None) -> Self:
        """Make an empty library in a new or empty folder; the encoder stays with it for good.

        Raises: LibraryError, ModelError.
        """
        encoder = encoder or SentenceEncoder()
        dimension = encoder.encode(["dimension"]).shape[1]
        settings = {
            "encoder": encoder.name,
            "encoder_fingerprint": encoder.fingerprint,
            "dimension": str(dimension),
        }
        return cls(Path(path), Store.create(Path(path), settings), encoder)

    @classmethod
    def open(cls, path: str | Path, encoder: Encoder | None = None) -> Self:
        """Open a library, with the encoder it was made with unless another is given.

        Raises: LibraryMissing, LibraryDamaged, LibraryMismatch for a newer format or an
        encoder that does not fit, ModelError.
        """
        store = Store.open(Path(path))
        settings = store.settings()
        encoder = encoder or SentenceEncoder(settings["encoder"])
        if encoder.fingerprint != settings["encoder_fingerprint"]:
            store.close()
            raise LibraryMismatch(
                f"the library {path} was made with the model {settings['encoder']} "
                f"({settings['encoder_fingerprint'][:12]}…)",
                f"{encoder.name} ({encoder.fingerprint[:12]}…), the model it is opened with",
                "Open it with its own model, or make another library with footnote add --model",
            )
        return cls(Path(path), store, encoder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._store.close()

    def discard(self) -> None:
        """Close the library and delete its files; for one that was made and not filled."""
        self.close()
        forget(self.path)
        for file in self.path.glob(f"{FILE}*"):
            file.unlink()
        with suppress(OSError):
            self.path.rmdir()

    def add(
        self, articles: Sequence[Article], progress: Callable[[int], object] | None = None
    ) -> list[Outcome | ArticleError]:
        """Add articles in one transaction; say for each what that did, or why it was refused.

        An article that is here already, by id and content, is left as it is; one with the same
        id or origin and another content replaces it, and what it was stays as an older version;
        one whose id belongs to an article of another origin is refused. `progress` is called
        with the number of characters just done.
        Raises: LibraryUnwritable; nothing of the call is kept then.
        """
        outcomes: list[Outcome | ArticleError] = []
        fresh: list[tuple[Article, list[Passage], str]] = []
        for article in articles:
            try:
                outcome, old = self._compare(article, [new for new, _, _ in fresh])
            except ArticleError as refusal:
                outcomes.append(refusal)
                continue
            outcomes.append(outcome)
            if outcome is not Outcome.UNCHANGED:
                fresh.append((article, passages(article), old.id if old else ""))
            elif progress:
                progress(len(article.text))
        if fresh:
            vectors = self._encoded([passage for _, parts, _ in fresh for passage in parts], progress)
            with self._store.writing():
                self._put(fresh, vectors)
        return outcomes

    def _put(self, fresh: Sequence[tuple[Article, list[Passage], str]], vectors: np.ndarray) -> None:
        self._families.catch_up()
        today = _today()
        retired = {}
        for _, _, old in fresh:
            if old and old not in retired:
                retired[old] = self._versions.retire(old)
        for article, parts, old in fresh:
            before = retired.pop(old, None)
            began = since(article, before, today)
            number = self._store.put(article, parts, vectors[: len(parts)], began)
            vectors = vectors[len(parts) :]
            if before:
                self._versions.succeed(before, number, began)
            self._families.join(number)

    def remove(self, id: str) -> Article | None:
        """Remove an article with all its versions and all that was made from it; None when there is none with this id.

        Raises: LibraryUnwritable.
        """
        if self._store.article(id) is None:
            return None
        with self._store.writing():
            article = self._store.article(id)
            if article is not None:
                self._drop_old(article.version)
                self._families.leave([article.version])
                self._store.delete(id)
        return article

    def drop_old(self, id: str) -> int:
        """Delete the older versions of an article; give how many there were.

        Raises: LibraryUnwritable.
        """
        current = self._versions.current(id)
        if current is None:
            return 0
        with self._store.writing():
            return self._drop_old(current)

    def _drop_old(self, current: int) -> int:
        self._families.leave(self._versions.older(current))
        return self._versions.drop(current)

    def article(self, id: str, version: int = 0) -> Article | None:
        """Give the article with an id, as it is now or in a version by `Article.version`; None when there is none."""
        article = self._store.article(id)
        if version and (article is None or article.version != version):
            return self._versions.article(id, version)
        return article

    def article_at(self, id: str, day: date) -> Article | None:
        """Give the article with an id as it was on a day; None when it was not there."""
        with self._store.reading():
            current = self._versions.current(id)
            return self._versions.at(current, day) if current is not None else None

    def versions(self, id: str) -> list[Version]:
        """Give the versions of the article that has an id now, or else had it, newest first; none without one."""
        with self._store.reading():
            current = self._versions.current(id)
            return self._versions.all(current) if current is not None else []

    def articles(self) -> Iterator[Article]:
        """Give all articles, newest first, those without a date last."""
        return self._store.articles()

    def passages(self, id: str) -> list[Passage]:
        """Give the passages of an article, in order; none when there is no such article."""
        return self._store.article_passages(id)

    def counts(self) -> tuple[int, int]:
        """Give the number of articles and of passages."""
        return self._store.counts()

    def state(self) -> str:
        """Name what the library holds now: changes with every change, never repeats."""
        return self._store.state()

    def phrase_count(self, phrases: Sequence[Sequence[str]]) -> int:
        """Count the passages that hold any of the phrases, each the terms of words that follow one another."""
        return self._store.phrase_count(phrases)

    def mentioning(self, phrases: Sequence[Sequence[str]]) -> dict[str, int]:
        """Give the ids of the articles with any of the phrases in title or text, and in how many of their passages.

        All passages are looked at. A phrase is the terms of words that follow one another. The
        newest articles come first, those without a date last.
        """
        return self._store.mentioning(phrases)

    def sources(self) -> list[tuple[str, int]]:
        """Give the sources with their numbers of articles, the largest first."""
        return self._store.sources()

    def dates(self) -> tuple[date | None, date | None, int]:
        """Give the first and the last day of publication, and how many articles have no date."""
        return self._store.dates()

    @property
    def conversations(self) -> Shelf:
        """Keep conversations beside the articles; searches do not see them."""
        return Shelf(self._store.database)

    @property
    def failures(self) -> Failures:
        """Remember the files that could not be read."""
        return Failures(self._store.database)

    def passage_counts(self, words: Sequence[str], *, as_of: date | None = None) -> dict[str, int]:
        """Give for each term, as `index.terms.terms` makes them, how many passages hold it.

        `as_of` a day, those of older versions that were the newest then are counted too.
        """
        with self._store.reading():
            counts = self._store.passage_counts(words)
            older = self._versions.passage_counts(words, as_of) if as_of else {}
        return {word: number + older.get(word, 0) for word, number in counts.items()}

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
        """Find the k best passages for a query, best first; index/ranking.py says how they are scored.

        A text is searched by all its words and by its vector, a `Query` as it says.

        The candidates are the best by words and the best by vectors. Of passages of near-copies
        that say the same only the best is a hit, which holds the others.
        `after` and `before` are the first and the last day of publication allowed; articles
        without a date are found only without them. `sources` are names of sources. `as_of` a day,
        articles are searched in the versions that were current then; how rare words are is taken
        from the newest ones all the same.
        Raises: LibraryEmpty.
        """
        if isinstance(query, str):
            query = Query((query,), tuple((word, 1.0) for word in dict.fromkeys(terms(query))))
        vector = self._vector(query.texts)
        try:
            return self._found(query, vector, k, after, before, sources, as_of)
        except WordsDamaged:
            self.rebuild_words()
            return self._found(query, vector, k, after, before, sources, as_of)

    def _found(
        self,
        query: Query,
        vector: np.ndarray,
        k: int,
        after: date | None,
        before: date | None,
        sources: Sequence[str],
        as_of: date | None,
    ) -> list[Hit]:
        with self._store.reading():
            index = self._vector_index()
            if not len(index):
                raise LibraryEmpty(
                    f"the library {self.path} holds no articles",
                    "at least one",
                    f"Add some: footnote add PATH --library {self.path}",
                )
            allowed = self._store.allowed(after, before, sources) if after or before or sources else None
            older: list[int] = []
            if as_of:
                there = self._versions.newest_allowed(as_of)
                if there is not None:
                    allowed = there if allowed is None else sorted(set(allowed).intersection(there))
                older = self._versions.allowed(as_of, after, before, sources)
            wanted = depth = max(_DEPTH, 2 * k)
            while True:
                candidates = self._candidates(query, vector, index, depth, allowed, older)
                best, also = self._families.distinct(candidates.ranked, candidates.texts)
                left_out = {number for numbers in also.values() for number in numbers}
                if depth >= _DEEPEST * wanted or not candidates.crowded(left_out, wanted * 3 // 4):
                    break
                depth *= 2
            shown = [number for number, _ in best[:k]]
            numbers = [*shown, *(other for number in shown for other in also.get(number, ()))]
            found = self._store.passages(numbers)
            found |= self._versions.passages([number for number in numbers if number not in found])
            return [
                Hit(found[number], score, rank, tuple(found[other] for other in also.get(number, ())))
                for rank, (number, score) in enumerate(best[:k], start=1)
            ]

    def _candidates(
        self,
        query: Query,
        vector: np.ndarray,
        index: LiveVectors,
        depth: int,
        allowed: Sequence[int] | None,
        older: Sequence[int],
    ) -> _Candidates:
        """Score the best passages by words and by vectors, and those to look at again; of older ones only `older`."""
        weights = dict(query.words)
        weights |= {word: weight for word, weight in query.light if word not in weights}
        words = [word for word, _ in query.words]
        rankings = [self._store.search_words(words, depth, allowed), index.search(vector, depth, allowed)]
        again = self._store.passages_at(query.again)
        if allowed is not None:
            again = sorted(set(again).intersection(allowed))
        numbers = [*(number for ranking in rankings for number, _ in ranking), *again]
        found = self._store.searchable(list(dict.fromkeys(numbers)))
        if older:
            of_older = self._versions.nearest(words, vector, depth, older)
            old_again = set(self._versions.passages_at(query.again)).intersection(older)
            old_numbers = [*(number for ranking in of_older for number, _ in ranking), *sorted(old_again)]
            found |= self._versions.searchable(list(dict.fromkeys(old_numbers)))
            rankings += of_older
        ranked = scores(
            weights,
            [fields for fields, _ in found.values()],
            [float(candidate @ vector) for _, candidate in found.values()],
            self._store.passage_counts(list(weights)),
            len(index),
            self._mean_length(),
        )
        return _Candidates(
            sorted(zip(found, ranked.tolist(), strict=True), key=lambda item: -item[1]),
            {number: fields[-1] for number, (fields, _) in found.items()},
            [{number for number, _ in ranking} for ranking in rankings],
            depth,
        )

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
        """Find what a span of an article says in the near-copies of that article, word for word.

        Only white space and the kind of quotation marks may differ. The filters are those of
        `search`. The copy published first comes first, those without a date last.
        """
        found = []
        quote = article.text[start:end]
        with self._store.reading():
            own = self._versions.current_of(article.version)
            for number in self._families.members(article.version):
                copy = self._versions.seen(number, as_of, besides=own)
                day = copy.published.isoformat() if copy and copy.published else None
                if copy and fits(day, copy.source, after, before, sources) and (place := standing(quote, copy.text)):
                    found.append(Passage(copy, *place))
        return tuple(sorted(found, key=lambda one: (one.article.published or date.max, one.article.id)))

    def families(self, articles: Sequence[Article]) -> list[int]:
        """Give for each article the number of its family of near-copies; one of no library is its own, below zero."""
        known = self._families.of([article.version for article in articles])
        return [known.get(article.version, -place) for place, article in enumerate(articles, start=1)]

    def rebuild_words(self) -> None:
        """Make the word indexes anew from the articles and their older versions.

        Raises: LibraryUnwritable; LibraryDamaged, when more than that is broken.
        """
        self._store.rebuild_words()
        with self._store.writing(counted=False):
            self._versions.rebuild_words()

    def save_cache(self) -> None:
        """See to it that the vector index beside the database makes the next opening fast."""
        with self._store.reading():
            self._vector_index()

    def vacuum(self) -> None:
        """Take what was removed from the disk too: out of the database, its log and the cache files.

        Raises: LibraryUnwritable; nothing is lost then, and what was removed may still be on the disk.
        """
        self._store.merge_words()
        with self._store.writing(counted=False):
            self._versions.merge_words()
        self._store.database.rewrite()
        with self._loading:
            self._vectors = None
            forget(self.path)
        sweep(self.path)
        self.save_cache()

    def _vector(self, texts: Sequence[str]) -> np.ndarray:
        mean: np.ndarray = self.encoder.encode(list(texts)).mean(axis=0)
        return mean / (np.linalg.norm(mean) or 1.0)

    def _vector_index(self) -> LiveVectors:
        with self._loading:
            self._vectors = LiveVectors.of(self._store, self.path, self._vectors)
            return self._vectors

    def _mean_length(self) -> float:
        state = self._store.state()
        if self._length is None or self._length[0] != state:
            self._length = state, self._store.mean_length()
        return self._length[1]

    def _compare(self, article: Article, fresh: Sequence[Article]) -> tuple[Outcome, Article | None]:
        same_id = self._store.article(article.id) or next((new for new in fresh if new.id == article.id), None)
        if same_id is not None:
            if replace(same_id, origin=article.origin) == article:
                return Outcome.UNCHANGED, None
            if same_id in fresh or same_id.origin != article.origin:
                raise ArticleError(
                    f"the id {article.id!r} belongs to another article ({same_id.origin or same_id.title})",
                    "an id of its own",
                    f"Give it another id, or first footnote remove {article.id}",
                )
            return Outcome.REPLACED, same_id
        old = self._store.article_from(article.origin) if article.origin else None
        return (Outcome.REPLACED, old) if old else (Outcome.ADDED, None)

    def _encoded(self, parts: Sequence[Passage], progress: Callable[[int], object] | None) -> np.ndarray:
        vectors: list[np.ndarray] = []
        for start in range(0, len(parts), _BATCH):
            batch = parts[start : start + _BATCH]
            vectors.append(self.encoder.encode([encoded_text(passage) for passage in batch]))
            if progress:
                progress(sum(passage.end - passage.start for passage in batch))
        return np.concatenate(vectors) if vectors else np.zeros((0, 0), dtype=np.float32)


def _today() -> date:
    """Give the day on which what is added begins, where it has no date of its own; of this machine's clock and zone."""
    return date.today()
