"""Random histories of a library against a dictionary: whatever was done, it holds and finds what it should.

With FOOTNOTE_CRASHES set, ten times as many.
"""

import os
import shutil
import tempfile
from pathlib import Path

import numpy as np
from conftest import LetterEncoder
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pytest import MonkeyPatch, approx

from index import Article, Library, Outcome
from index.checking import check
from index.copies import backup, restore
from index.passages import encoded_text, passages
from index.ranking import scores
from index.terms import terms

IDS = st.sampled_from([f"a{i}" for i in range(8)])
WORDS = "oak elm ash fir yew box lime pine rowan alder".split()
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: f"The {' '.join(words)} grew. " * 25)
PAGES = st.sampled_from([(), (3,), (3, 40)])
AUTHORS = st.sampled_from(["", "Ann Autor"])


class Histories(RuleBasedStateMachine):
    """Do the same to a library and to a dictionary of articles."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = MonkeyPatch()
        self.patch.setattr("index.live_index._FEW", 4)
        self.place = Path(tempfile.mkdtemp(prefix="footnote-histories-"))
        self.encoder = LetterEncoder()
        self.articles: dict[str, Article] = {}
        self.copies: list[tuple[Path, dict[str, Article]]] = []

    @initialize()
    def begin(self) -> None:
        self.library = Library.create(self.place / "library", self.encoder)
        self.other = Library.open(self.place / "library", self.encoder)

    def teardown(self) -> None:
        self.library.close()
        self.other.close()
        self.patch.undo()
        shutil.rmtree(self.place)

    @rule(id=IDS, text=TEXTS, author=AUTHORS, pages=PAGES)
    def put(self, id: str, text: str, author: str, pages: tuple[int, ...]) -> None:
        article = Article(id, f"Of {id}", text.strip(), origin=f"/{id}", author=author, pages=pages)
        old = self.articles.get(id)
        expected = Outcome.ADDED if old is None else Outcome.UNCHANGED if old == article else Outcome.REPLACED
        assert self.library.add([article]) == [expected]
        self.articles[id] = article

    @rule(id=IDS)
    def remove(self, id: str) -> None:
        assert self.library.remove(id) == self.articles.pop(id, None)

    @rule()
    def vacuum(self) -> None:
        self.library.vacuum()

    @rule()
    def reopen(self) -> None:
        self.library.close()
        self.library = Library.open(self.place / "library", self.encoder)

    @rule()
    def copy(self) -> None:
        file = backup(self.library.path, self.place / f"copy-{len(self.copies)}")
        self.copies.append((file, dict(self.articles)))

    @precondition(lambda self: self.copies)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        file, articles = data.draw(st.sampled_from(self.copies))
        restore(file, self.library.path, replace=True)
        self.articles = dict(articles)

    @rule()
    def check(self) -> None:
        found = check(self.library.path)
        assert (found.damage, found.mended, found.whole) == ([], [], len(self.articles))

    @rule(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True))
    def search(self, words: list[str]) -> None:
        if not self.articles:
            return
        query = " ".join(words)
        parts = [part for article in self.articles.values() for part in passages(article)]
        documents = [[terms(part.article.title), [], terms(part.text)] for part in parts]
        counts = {word: sum(any(word in field for field in one) for one in documents) for word in terms(query)}
        vectors = self.encoder.encode([encoded_text(part) for part in parts])
        cosines = vectors @ self.encoder.encode([query])[0]
        mean = np.mean([sum(map(len, document)) for document in documents])
        expected = scores(dict.fromkeys(terms(query), 1.0), documents, list(cosines), counts, len(parts), float(mean))
        by_passage = dict(zip(parts, expected, strict=True))
        for library in (self.library, self.other):
            found = library.search(query, k=len(parts))
            assert {passage for hit in found for passage in (hit.passage, *hit.also)} == set(parts)
            assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
            assert all(hit.score == approx(by_passage[hit.passage], abs=1e-5) for hit in found)
            for hit in found:
                assert all(hit.score >= by_passage[passage] - 1e-5 for passage in hit.also)

    @invariant()
    def holds_what_it_should(self) -> None:
        if hasattr(self, "library"):
            for library in (self.library, self.other):
                assert {article.id: article for article in library.articles()} == self.articles
                assert library.counts() == (len(self.articles), sum(len(passages(a)) for a in self.articles.values()))


TestHistories = Histories.TestCase
TestHistories.settings = settings(
    max_examples=200 if "FOOTNOTE_CRASHES" in os.environ else 20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
