"""Near-copies: known by their texts, quoted once, named with the places where the same words stand."""

import itertools
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from conftest import LetterEncoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest import fixture

from index import Article, Library
from index.checking import check
from index.families import near
from index.minhash import shingles
from index.salvage import salvage

WORDS = [
    a + b + c for a in ("ba", "do", "fe", "ku", "mi") for b in ("lan", "ros", "tig", "vel") for c in ("", "em", "or")
]


def sentence(seed: object) -> str:
    drawn = random.Random(f"sentence {seed}")
    return " ".join(drawn.choices(WORDS, k=11)).capitalize() + "."


def story(seed: object, sentences: int = 12) -> str:
    return "\n\n".join(
        " ".join(sentence(f"{seed} {i + j}") for j in range(4) if i + j < sentences) for i in range(0, sentences, 4)
    )


def article(id: str, text: str, **fields: object) -> Article:
    return Article(id, f"Title of {id}", text, **{"source": f"The {id}", "origin": f"/{id}", **fields})


@fixture
def library(tmp_path: Path, letters: LetterEncoder) -> Library:
    with Library.create(tmp_path / "library", letters) as library:
        yield library


def families(library: Library) -> set[frozenset[str]]:
    articles = list(library.articles())
    grouped: dict[int, set[str]] = {}
    for one, family in zip(articles, library.families(articles), strict=True):
        grouped.setdefault(family, set()).add(one.id)
    return {frozenset(ids) for ids in grouped.values()}


def test_copies_are_a_family_whatever_their_titles_and_files_are_called(library: Library) -> None:
    text = story("fire")
    library.add(
        [
            article("post", text, published=date(2023, 2, 5)),
            article("times", f"By Ann Autor, Agency\n\n{text}", published=date(2023, 2, 4)),
            article("cut", text[: len(text) * 6 // 10]),
            article("other", story("flood")),
            replace(article("same-title", story("quake")), title="Title of post"),
        ]
    )
    assert families(library) == {
        frozenset({"post", "times", "cut"}), frozenset({"other"}), frozenset({"same-title"})
    }  # fmt: skip


def test_a_family_is_quoted_once_by_its_best_passage_and_the_rest_is_attached(library: Library) -> None:
    text = story("fire", 4)
    library.add([replace(article(f"copy{i}", text), title="T") for i in range(6)])
    library.add([article("other", story("flood", 4))])
    hits = library.search(sentence("fire 2"), k=2)
    assert [hit.passage.article.id for hit in hits] == ["copy0", "other"]
    assert {passage.article.id for passage in hits[0].also} == {f"copy{i}" for i in range(1, 6)}
    assert {passage.text for passage in hits[0].also} == {text}
    assert hits[1].also == ()


def test_of_equals_the_one_published_first_stays(library: Library) -> None:
    days = [date(2023, 3, 1), None, date(2023, 1, 1), date(2023, 2, 1)]
    library.add([article(f"copy{i}", story("fire", 4), published=day) for i, day in enumerate(days)])
    texts = {number: story("fire", 4).split() for number in range(1, 5)}
    for order in itertools.permutations(texts):
        best, also = library._families.distinct([(number, 0.5) for number in order], texts)
        assert best == [(3, 0.5)]
        assert sorted(also[3]) == [1, 2, 4]
    best, _ = library._families.distinct([(1, 0.6), (3, 0.5), (2, 0.5), (4, 0.5)], texts)
    assert best == [(1, 0.6)]


def test_filters_apply_before_copies_are_left_out(library: Library) -> None:
    text = story("fire", 4)
    library.add([article(f"copy{i}", text, published=date(2023, 1, 1 + i)) for i in range(4)])
    for i in range(4):
        (hit,) = library.search("balan", sources=[f"the copy{i}"])
        assert (hit.passage.article.id, hit.also) == (f"copy{i}", ())
    (hit,) = library.search("balan", after=date(2023, 1, 3))
    assert {hit.passage.article.id, *(one.article.id for one in hit.also)} == {"copy2", "copy3"}
    first, end = library.article("copy0"), len(sentence("fire 0"))
    assert len(library.elsewhere(first, 0, end)) == 3
    assert [one.article.id for one in library.elsewhere(first, 0, end, before=date(2023, 1, 2))] == ["copy1"]
    assert [one.article.id for one in library.elsewhere(first, 0, end, sources=["The copy3"])] == ["copy3"]


def test_many_copies_push_nothing_else_out(library: Library) -> None:
    text = story("fire", 4)
    library.add([article(f"copy{i}", f"{text} Number {i}.") for i in range(330)])
    others = [article(f"other{i}", f"{story(f'other {i}', 3)} {sentence('fire 1')[:40]}") for i in range(20)]
    library.add(others)
    found = {hit.passage.article.id for hit in library.search(text, k=400)}
    assert {one.id for one in others} <= found
    assert len(library.search(text, k=10)) == 10


def test_a_passage_with_another_number_or_more_to_say_stays(library: Library) -> None:
    text = story("fire", 4)
    library.add(
        [
            article("first", f"{text} The fire killed 10 people."),
            article("later", f"{text} The fire killed 12 people."),
            article("longer", f"{text} {sentence('more')} {sentence('still more')}"),
        ]
    )
    assert len(families(library)) == 1
    hits = library.search(text, k=9)
    assert {hit.passage.article.id for hit in hits} >= {"first", "later", "longer"} - {hits[0].passage.article.id}


def test_only_those_that_hold_the_very_words_are_named_with_their_own_places(library: Library) -> None:
    text = f"{sentence('a')} “So it is,” she said. {story('fire', 8)}"
    library.add(
        [
            article("one", text, published=date(2023, 2, 2)),
            article("two", "Agency. " + text.replace("“", '"').replace("”", '"'), published=date(2023, 2, 1)),
            article("three", text.replace("So it is", "So it was")),
            article("four", text.replace(" she", "\nshe")),
            article("five", story("other")),
        ]
    )
    quote = "“So it is,” she said."
    one = library.article("one")
    start = one.text.index(quote)
    also = library.elsewhere(one, start, start + len(quote))
    assert [(passage.article.id, passage.text) for passage in also] == [
        ("two", '"So it is," she said.'),
        ("four", "“So it is,”\nshe said."),
    ]
    assert library.elsewhere(library.article("five"), 0, 20) == ()


def test_as_of_a_day_copies_are_those_of_that_day(library: Library) -> None:
    text = story("fire", 4)
    library.add([article(f"copy{i}", text, published=date(2023, 1, 1 + i)) for i in range(3)])
    library.add([article("copy1", story("flood", 4), published=date(2023, 6, 1))])
    (hit, _) = library.search(text, k=2)
    assert len(hit.also) == 1
    (hit,) = library.search(text, k=2, as_of=date(2023, 5, 1))
    assert len(hit.also) == 2
    first, old, end = library.article("copy0"), library.versions("copy1")[1].article, len(sentence("fire 0"))

    def ids(one: Article, as_of: date | None = None) -> list[str]:
        return [copy.article.id for copy in library.elsewhere(one, 0, end, as_of=as_of)]

    assert ids(first, date(2023, 5, 1)) == ["copy1", "copy2"]
    assert ids(first, date(2023, 1, 2)) == ["copy1"]
    assert ids(old, date(2023, 5, 1)) == ["copy0", "copy2"]
    assert ids(first) == ids(first, date(2023, 6, 1)) == ["copy2"]
    assert library._families.counts() == (1, 2)


def test_a_member_that_links_two_makes_them_one_and_parts_them_when_it_goes(library: Library) -> None:
    left, right = story("left", 8), story("right", 8)
    library.add([article("left", left), article("left2", left), article("right", right)])
    assert len(families(library)) == 2
    library.add([article("both", f"{left}\n\n{right}")])
    assert families(library) == {frozenset({"left", "left2", "right", "both"})}
    library.remove("both")
    assert families(library) == {frozenset({"left", "left2"}), frozenset({"right"})}
    library.add([article("both", f"{left}\n\n{right}")])
    library.add([article("both", story("neither"))])
    library.drop_old("both")
    assert families(library) == {frozenset({"left", "left2"}), frozenset({"right"}), frozenset({"both"})}
    assert check(library.path).mended == []


def oracle(articles: Sequence[Article]) -> set[frozenset[str]]:
    """Join what near-copies link, pair by pair."""
    groups = {one.id: {one.id} for one in articles}
    hashed = {one.id: shingles(one.text) for one in articles}
    for a, b in itertools.combinations(hashed, 2):
        if near(hashed[a], hashed[b]) and groups[a] is not groups[b]:
            groups[a] |= groups[b]
            for member in groups[b]:
                groups[member] = groups[a]
    return {frozenset(group) for group in groups.values()}


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 9), st.sampled_from("abc"), st.sampled_from(["whole", "start", "agency", "joined", "gone"])
    ),
    min_size=1,
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_families_are_what_near_copies_link_whatever_came_and_went(tmp_path_factory, changes) -> None:
    with Library.create(tmp_path_factory.mktemp("families") / "library", LetterEncoder()) as library:
        for number, which, kind in changes:
            text = story(which, 12)
            texts = {
                "whole": text,
                "start": text[: len(text) * 9 // 10],
                "agency": f"Agency report.\n\n{text}",
                "joined": f"{text}\n\n{story('a', 12)}",
            }
            if kind == "gone":
                library.remove(f"n{number}")
            else:
                library.add([article(f"n{number}", texts[kind])])
                library.drop_old(f"n{number}")
        assert families(library) == oracle(list(library.articles()))
        checked = check(library.path)
        assert (checked.damage, checked.mended) == ([], [])


def test_what_is_broken_in_the_tables_is_made_again(library: Library) -> None:
    library.add([article(f"copy{i}", story("fire")) for i in range(3)])
    library.add([article("other", story("flood"))])
    expected = families(library)
    for damage in (
        "DELETE FROM bands WHERE article = 2",
        "DELETE FROM families WHERE article = 1",
        "INSERT INTO bands VALUES (1, 99)",
        "UPDATE families SET family = 9 WHERE article = 3",
        "UPDATE families SET family = 2 WHERE article = 3",
    ):
        with sqlite3.connect(library.path / "library.sqlite") as connection:
            connection.execute(damage)
        connection.close()
        assert check(library.path).mended == ["the table of near-copies was broken"], damage
        assert check(library.path).mended == []
        assert families(library) == expected


def test_an_older_library_is_compared_bit_by_bit_as_articles_are_added(library: Library, tmp_path: Path) -> None:
    library.add([article(f"copy{i}", story(i // 2)) for i in range(20)])
    expected = families(library)
    store = library._store
    with store.writing():
        for sql in ("DELETE FROM families", "DELETE FROM bands", "INSERT INTO settings VALUES ('uncompared', 20)"):
            store.database.change(sql)
    assert library._families.uncompared() == 20
    assert len(library.search("balan", k=50)) > 2, "not knowing copies is no error"
    with store.writing():
        assert library._families.catch_up(15) == 15
    assert library._families.uncompared() == 5
    assert check(library.path).mended == ["5 articles had not been compared with the others, to know near-copies"]
    assert families(library) == expected
    assert len(library._families.members(1)) == 2
    salvage(library.path, tmp_path / "new", LetterEncoder())
    with Library.open(tmp_path / "new", LetterEncoder()) as new:
        assert families(new) == expected


def test_short_texts_are_copies_only_when_they_are_equal(library: Library) -> None:
    texts = [
        "Rain in Oster.",
        "Rain in Oster!",
        "Rain in Oster today.",
        "",
        "...",
        "Sun over the whole of Oster today.",
    ]
    library.add([article(f"s{i}", text) for i, text in enumerate(texts)])
    assert frozenset({"s0", "s1"}) in families(library)
    assert len(families(library)) == 5


def test_no_two_passages_of_a_family_that_are_hits_say_the_same(library: Library) -> None:
    drawn = random.Random(3)
    text = [sentence(f"base {i}") for i in range(40)]
    for i in range(12):
        first = drawn.randrange(10)
        own = [*text[first : first + 25], sentence(f"own {i}")]
        library.add([article(f"copy{i}", "\n\n".join(" ".join(own[j : j + 5]) for j in range(0, len(own), 5)))])
    hits = library.search(" ".join(text[12:16]), k=40)
    shown = [hit.passage.text for hit in hits]
    assert len(shown) == len(set(shown))
    assert len(hits) < sum(1 + len(hit.also) for hit in hits)
    assert sum(1 + len(hit.also) for hit in hits) == library.counts()[1]
    assert np.all(np.diff([hit.score for hit in hits]) <= 0)
