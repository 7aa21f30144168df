"""What answering needs of an engine: the boundary where another one can stand in for the local library.

`Library` is one. Another one must pass tests/test_engine.py, whose fixture makes the engines that are tested.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from index.encoder import Encoder
from index.errors import ArticleError
from index.records import Article, Hit, Passage, Query

if TYPE_CHECKING:
    from index.library import Outcome


class Engine(Protocol):
    """Hold articles and find passages of them.

    Texts come back character for character: quotes are spans of them. Every call sees what was held at one moment,
    and what was added or removed before. The docstrings of `Library` say what each member gives.
    """

    @property
    def encoder(self) -> Encoder: ...

    def add(self, articles: Sequence[Article]) -> list[Outcome | ArticleError]: ...

    def remove(self, id: str) -> Article | None: ...

    def article(self, id: str, version: int = 0) -> Article | None: ...

    def article_at(self, id: str, day: date) -> Article | None: ...

    def articles(self) -> Iterator[Article]: ...

    def counts(self) -> tuple[int, int]: ...

    def sources(self) -> list[tuple[str, int]]: ...

    def dates(self) -> tuple[date | None, date | None, int]: ...

    def passage_counts(self, words: Sequence[str], *, as_of: date | None = None) -> dict[str, int]: ...

    def phrase_count(self, phrases: Sequence[Sequence[str]]) -> int: ...

    def mentioning(self, phrases: Sequence[Sequence[str]]) -> dict[str, int]: ...

    def search(
        self,
        query: str | Query,
        *,
        k: int = 10,
        after: date | None = None,
        before: date | None = None,
        sources: Sequence[str] = (),
        as_of: date | None = None,
    ) -> list[Hit]: ...

    def families(self, articles: Sequence[Article]) -> list[int]: ...

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
    ) -> tuple[Passage, ...]: ...
