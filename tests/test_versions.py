"""Older versions: kept when an article changes, found as of a day, gone when they should be."""

import shutil
import sqlite3
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from conftest import BAKERY, FERRY, LetterEncoder
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pytest import MonkeyPatch, approx, fixture, mark

from index import Article, Library, Outcome, Place, Query
from index.checking import check
from index.passages import encoded_text, passages, spoken_date
from index.ranking import scores
from index.salvage import salvage
from index.terms import terms
from index.versions import Retired, since

MONDAY = date(2024, 5, 6)


class Clock:
    def __init__(self, monkeypatch: MonkeyPatch) -> None:
        self.today = MONDAY
        monkeypatch.setattr("index.library._today", lambda: self.today)


@fixture
def clock(monkeypatch: MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@mark.parametrize(
    ("published", "before", "began"),
    [
        (None, None, "2024-05-06"),
        (date(2021, 3, 2), None, "2021-03-02"),
        (date(2030, 1, 1), None, "2030-01-01"),
        (date(2024, 2, 1), ("2024-01-01", "2024-01-01"), "2024-02-01"),
        (date(2024, 1, 1), ("2024-01-01", "2024-01-01"), "2024-05-06"),
        (date(2023, 1, 1), ("2024-01-01", "2024-01-01"), "2024-05-06"),
        (None, ("2024-01-01", "2024-01-01"), "2024-05-06"),
        (date(2024, 5, 1), ("2024-05-03", ""), "2024-05-06"),
        (date(2021, 3, 2), ("", "2021-03-02"), "2024-05-06"),
        (None, ("2030-01-01", "2030-01-01"), "2030-01-01"),
    ],
)
def test_a_version_begins_on_its_own_day_if_that_is_later_than_the_one_before(
    published: date | None, before: tuple[str, str] | None, began: str
) -> None:
    article = Article("a", "T", "Text.", published=published)
    assert since(article, Retired(1, *before) if before else None, MONDAY) == began


def test_a_changed_article_keeps_what_it_was(small: Library, clock: Clock) -> None:
    closed = replace(BAKERY, text="The bakery has closed.", published=date(2022, 1, 1))
    corrected = replace(closed, text="The bakery has closed for good.")
    assert [small.add([one])[0] for one in (closed, corrected, corrected, BAKERY)] == [
        Outcome.REPLACED,
        Outcome.REPLACED,
        Outcome.UNCHANGED,
        Outcome.REPLACED,
    ]
    versions = small.versions("bakery")
    assert [version.article for version in versions] == [BAKERY, corrected, closed, BAKERY]
    assert [version.since for version in versions] == [MONDAY, MONDAY, date(2022, 1, 1), date(2021, 3, 2)]
    assert [version.until for version in versions] == [None, MONDAY, MONDAY, date(2022, 1, 1)]
    assert len({version.article.version for version in versions}) == 4
    for version in versions:
        assert small.article("bakery", version.article.version) == version.article
    assert small.article("bakery") == BAKERY
    assert small.article("bakery", 999) is None
    assert small.article("ferry", versions[1].article.version) is None, "a version of another article"
    assert small.counts() == (3, 3)
    assert small.versions("nothing") == []


def test_versions_are_found_by_an_id_that_an_article_had(small: Library) -> None:
    small.add([Article("snow-1", "Snow", "Snow fell.", origin="/a")])
    small.add([Article("snow-2", "Snow", "Snow fell on Oster.", origin="/a")])
    assert [one.article.id for one in small.versions("snow-1")] == ["snow-2", "snow-1"]
    assert small.versions("snow-1") == small.versions("snow-2")
    assert small.article("snow-1") is None
    assert small.article("snow-1", small.versions("snow-1")[1].article.version).text == "Snow fell."


def found(library: Library, query: str | Query, as_of: date | None, **filters: object) -> set[str]:
    return {hit.passage.article.text for hit in library.search(query, k=200, as_of=as_of, **filters)}


def test_a_search_as_of_a_day_finds_what_was_current_then(small: Library, clock: Clock) -> None:
    closed = replace(BAKERY, text="The bakery has closed.", published=date(2022, 6, 1))
    small.add([closed])
    then, now = date(2022, 5, 31), date(2022, 6, 1)
    assert found(small, "bread", then) == {BAKERY.text, FERRY.text}, "the bees were added later"
    assert found(small, "bread", now) == {closed.text, FERRY.text}
    assert found(small, "bread", date(2020, 1, 1)) == set()
    assert found(small, "bread", None) == found(small, "bread", date.max)
    assert small.search("rye favourite", k=1, as_of=then)[0].passage.article == BAKERY
    assert found(small, "bread", then, sources=["harbour post"]) == {BAKERY.text}
    assert found(small, "bread", then, after=date(2022, 1, 1)) == {FERRY.text}
    assert found(small, "bread", now, before=date(2022, 5, 31)) == {FERRY.text}
    assert small.passage_counts(["rye", "hive"]) == {"rye": 0, "hive": 1}
    assert small.passage_counts(["rye"], as_of=then) == {"rye": 1}
    assert small.passage_counts(["rye"], as_of=now) == {"rye": 0}


def test_a_place_in_an_older_version_is_looked_at_again(tmp_path: Path, letters: LetterEncoder) -> None:
    many = [Article(f"m{i}", "Bees", f"Bees hum in May, said {i}.", published=MONDAY) for i in range(150)]
    with Library.create(tmp_path / "many", letters) as library:
        far = Article("far", "Zzz", "Zzz zzz zzz.", published=MONDAY)
        library.add([*many, far])
        library.add([replace(far, text="Bees.", published=MONDAY + timedelta(9))])
        place = Place("far", 0, 3, library.versions("far")[1].article.version)
        query = Query(("bees hum",), (("bee", 1.0),), again=(place,))
        assert "Zzz zzz zzz." in found(library, query, MONDAY)
        assert "Zzz zzz zzz." not in found(library, query, None)


def test_removing_takes_all_versions_and_dropping_the_older_ones(small: Library, letters: LetterEncoder) -> None:
    for text in ("One zyzzyva.", "Two zyzzyvas.", "Three."):
        small.add([replace(BAKERY, text=text)])
        small.add([replace(FERRY, text=text)])
    assert small.drop_old("bakery") == 3
    assert [one.article.text for one in small.versions("bakery")] == ["Three."]
    assert len(small.versions("ferry")) == 4
    assert small.drop_old("bakery") == small.drop_old("nothing") == 0
    assert small.remove("ferry").text == "Three."
    assert small.versions("ferry") == []
    small.vacuum()
    data = b"".join(file.read_bytes() for file in small.path.rglob("*") if file.is_file()).lower()
    assert b"zyzzyva" not in data
    assert b"rye is the favourite" not in data
    assert b"three." in data


def test_two_of_a_batch_that_replace_one_are_versions_of_it_once(small: Library) -> None:
    small.add([Article("s1", "Snow", "Snow.", origin="/a")])
    small.add([Article("s2", "Snow", "More snow.", origin="/a"), Article("s3", "Snow", "Much snow.", origin="/a")])
    assert [len(small.versions(id)) for id in ("s2", "s3", "s1")] == [2, 1, 2]


def test_a_broken_word_index_of_older_versions_is_made_again(small: Library) -> None:
    small.add([replace(BAKERY, text="The bakery has closed.")])
    then = date(2021, 3, 2)
    expected = small.search("rye favourite", k=9, as_of=then)
    for damage in ("UPDATE old_words_data SET block = zeroblob(12)", "DROP TABLE old_words", "DELETE FROM old_words"):
        with sqlite3.connect(small.path / "library.sqlite") as connection:
            connection.execute(damage)
        connection.close()
        if damage.startswith("DELETE"):
            assert check(small.path).mended == ["the word index was broken"]
        assert small.search("rye favourite", k=9, as_of=then) == expected
        check(small.path)
        assert check(small.path).mended == []
        assert small.passage_counts(["rye"], as_of=then) == {"rye": 1}


def test_versions_are_checked_and_salvaged_with_their_days(small: Library, tmp_path: Path, clock: Clock) -> None:
    for number in range(1, 4):
        clock.today = MONDAY + timedelta(number)
        small.add([replace(BAKERY, text=f"The bakery sold {number} loaves.")])
        small.add([replace(FERRY, id=f"ferry-{number}", text=f"The ferry was {number} hours late.", origin="/f")])
    expected = {id: small.versions(id) for id in ("bakery", "ferry-3", "bees")}
    checked = check(small.path)
    assert (checked.damage, checked.mended, checked.whole, checked.older) == ([], [], 4, 5)
    saved = salvage(small.path, tmp_path / "new", LetterEncoder())
    assert (saved.articles, saved.older, saved.lost, saved.doubtful) == (4, 5, 0, [])
    with Library.open(tmp_path / "new", LetterEncoder()) as new:
        assert {id: new.versions(id) for id in expected} == expected
        for day in range(6):
            when = MONDAY + timedelta(day)
            assert found(new, "bakery", when) == found(small, "bakery", when)
    assert check(tmp_path / "new").older == 5


def test_a_destroyed_newest_version_leaves_the_one_before_and_says_so(small: Library, tmp_path: Path) -> None:
    small.add([replace(BAKERY, text="The bakery has closed.")])
    old = small.versions("bakery")[1].article
    small.close()
    with sqlite3.connect(small.path / "library.sqlite") as connection:
        connection.execute("UPDATE articles SET published = 'never' WHERE id = 'bakery'")
        connection.execute("UPDATE old_articles SET title = 'Forged'")
    connection.close()
    checked = check(small.path)
    assert (checked.whole, checked.doubtful, checked.lost) == (2, ["bakery"], 1)
    saved = salvage(small.path, tmp_path / "new", LetterEncoder())
    assert (saved.articles, saved.older, saved.lost, saved.doubtful) == (3, 0, 1, ["bakery"])
    with Library.open(tmp_path / "new", LetterEncoder()) as new:
        assert new.article("bakery") == replace(old, title="Forged")


WORDS = "oak elm ash fir yew box lime pine rowan alder".split()
IDS = st.sampled_from([f"a{i}" for i in range(5)])
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(lambda words: f"The {' '.join(words)} grew. " * 25)
DAYS = st.integers(-9, 9).map(lambda day: MONDAY + timedelta(day))


class AsOf(RuleBasedStateMachine):
    """Do the same to a library and to plain lists of versions, and ask both as of days."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = MonkeyPatch()
        self.clock = Clock(self.patch)
        self.place = Path(tempfile.mkdtemp(prefix="footnote-versions-"))
        self.encoder = LetterEncoder()
        self.versions: dict[str, list[tuple[Article, date]]] = {}

    @initialize()
    def begin(self) -> None:
        self.library = Library.create(self.place / "library", self.encoder)

    def teardown(self) -> None:
        self.library.close()
        self.patch.undo()
        shutil.rmtree(self.place)

    @rule(id=IDS, text=TEXTS, published=st.none() | DAYS)
    def put(self, id: str, text: str, published: date | None) -> None:
        article = Article(id, f"Of {id}", text.strip(), published=published, origin=f"/{id}")
        before = self.versions.get(id, [])
        if before and before[-1][0] == article:
            assert self.library.add([article]) == [Outcome.UNCHANGED]
            return
        began = published or self.clock.today
        if before:
            last, last_began = before[-1]
            latest = max(last_began, last.published or date.min)
            began = published if published and published > latest else max(self.clock.today, last_began)
        assert self.library.add([article]) == [Outcome.REPLACED if before else Outcome.ADDED]
        self.versions[id] = [*before, (article, began)]

    @rule(days=st.integers(1, 3))
    def wait(self, days: int) -> None:
        self.clock.today += timedelta(days)

    @rule(id=IDS)
    def remove(self, id: str) -> None:
        self.library.remove(id)
        self.versions.pop(id, None)

    @rule(id=IDS)
    def drop_old(self, id: str) -> None:
        versions = self.versions.get(id, [])
        assert self.library.drop_old(id) == max(0, len(versions) - 1)
        if versions:
            self.versions[id] = versions[-1:]

    @rule()
    def vacuum_and_reopen(self) -> None:
        self.library.vacuum()
        self.library.close()
        self.library = Library.open(self.place / "library", self.encoder)

    @rule()
    def check(self) -> None:
        checked = check(self.library.path)
        older = sum(len(versions) - 1 for versions in self.versions.values())
        assert (checked.damage, checked.mended) == ([], [])
        assert (checked.whole, checked.older) == (len(self.versions), older)

    @rule(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True), day=DAYS)
    def search(self, words: list[str], day: date) -> None:
        if not self.versions:
            return
        query = " ".join(words)
        there = {}
        for id, versions in self.versions.items():
            for article, began in versions:
                if began <= day:
                    there[id] = article
        now = [part for versions in self.versions.values() for part in passages(versions[-1][0])]
        documents = {
            part: [terms(part.article.title), terms(spoken_date(part.article)), terms(part.text)] for part in now
        }
        counts = {word: sum(any(word in field for field in one) for one in documents.values()) for word in terms(query)}
        mean = float(np.mean([sum(map(len, document)) for document in documents.values()]))
        parts = [part for article in there.values() for part in passages(article)]
        hits = self.library.search(query, k=500, as_of=day)
        assert {passage for hit in hits for passage in (hit.passage, *hit.also)} == set(parts)
        if not parts:
            return
        spoken = [[terms(part.article.title), terms(spoken_date(part.article)), terms(part.text)] for part in parts]
        cosines = self.encoder.encode([encoded_text(part) for part in parts]) @ self.encoder.encode([query])[0]
        expected = scores(dict.fromkeys(terms(query), 1.0), spoken, list(cosines), counts, len(now), mean)
        by_passage = dict(zip(parts, expected, strict=True))
        assert [hit.score for hit in hits] == approx([by_passage[hit.passage] for hit in hits], abs=1e-5)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    @invariant()
    def holds_what_it_should(self) -> None:
        if hasattr(self, "library"):
            for id, versions in self.versions.items():
                held = self.library.versions(id)
                assert [(one.article, one.since) for one in reversed(held)] == versions
                ends = [began for _, began in versions[1:]]
                assert [one.until for one in reversed(held)] == [*ends, None]
            assert {article.id for article in self.library.articles()} == set(self.versions)


TestAsOf = AsOf.TestCase
TestAsOf.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
