"""The store: what is put comes back, and is counted."""

from datetime import date
from pathlib import Path

import numpy as np
from pytest import fixture, raises

from index import Article, Place
from index.errors import LibraryDamaged
from index.passages import passages
from index.segment import Row
from index.store import Store
from index.terms import terms

VECTOR = np.ones((1, 4), dtype=np.float32)


@fixture
def store(tmp_path: Path) -> Store:
    return Store.create(tmp_path / "library", {"encoder": "none"})


def put(store: Store, *articles: Article) -> None:
    with store.writing():
        for article in articles:
            parts = passages(article)
            store.put(article, parts, np.repeat(VECTOR, len(parts), axis=0))


def holding(store: Store, word: str) -> list[int]:
    return [row.number for row in store.rows_above(0, 4) if word in row.terms]


def test_words_are_found_in_title_date_and_body_and_counted(store: Store) -> None:
    put(
        store,
        Article("a", "Harvest", "The barley is in.", published=date(2022, 11, 14)),
        Article("b", "Rain", "No barley."),
    )
    assert holding(store, "harvest") == holding(store, "2022") == holding(store, *terms("November")) == [1]
    assert holding(store, "barley") == [1, 2]
    assert store.passage_counts(["barley", "2022", "gold", "barley"]) == {"barley": 2, "2022": 1, "gold": 0}


def test_rows_above_a_number_are_those_added_later(store: Store) -> None:
    put(store, Article("a", "T", "One.", source="S", published=date(2021, 3, 2)), Article("b", "T", "Two."))
    first, second = store.rows_above(0, 4)
    assert first == Row(1, date(2021, 3, 2), None, "S", terms("T 2 March 2021 One"), VECTOR.astype("<f4").tobytes())
    assert [row.number for row in store.rows_above(1, 4)] == [second.number] == [2]
    assert (store.passages_above(1), store.highest_passage()) == (1, 2)
    assert store.sample(1, 4).tolist() == VECTOR.tolist()
    with raises(LibraryDamaged, match="5 numbers each"):
        list(store.rows_above(0, 5))
    with raises(LibraryDamaged, match="5 numbers each"):
        store.sample(2, 5)


def test_counts_of_words_of_every_kind_are_no_syntax_error(store: Store) -> None:
    put(store, Article("a", "T", 'The price was 1.5 "NEAR" AND OR NOT price* (x) {y}:z ^w -v'))
    for query in ('"', "AND", "NEAR(a b)", "1.5", "price*", "body:price", "a OR", "-v ^w", "中文", "x" * 900):
        store.passage_counts(terms(query))
        store.phrase_count([terms(query)])
    assert store.phrase_count([["1.5"]]) == 1


def test_what_is_put_comes_back_the_same(store: Store) -> None:
    article = Article(
        "a",
        "A “title”",
        "Text with é, 中 and 😀.\n\nMore.",
        "Source",
        "https://example.org/a",
        date(2020, 2, 29),
        "record",
        "o",
        "Ann Autor",
        (5, 19),
    )
    put(store, article)
    assert store.article("a") == article
    assert store.article_from("o") == article
    assert [passage.article for passage in store.article_passages("a")] == [article]
    assert store.passages([1, 99])[1].text == article.text


def test_deleting_leaves_no_trace(store: Store) -> None:
    put(store, Article("a", "Unicorn", "Unicorns."), Article("b", "Horse", "Horses."))
    with store.writing():
        store.delete("a")
    assert store.article("a") is None
    assert store.counts() == (1, 1)
    assert holding(store, "unicorn") == []
    assert store.passage_counts(["unicorn"]) == {"unicorn": 0}
    assert list(store.numbers()) == [2]


def test_a_failed_change_leaves_everything_as_it_was(store: Store) -> None:
    put(store, Article("a", "T", "One."))
    before = store.state()
    with raises(RuntimeError), store.writing():
        store.delete("a")
        raise RuntimeError
    assert store.article("a") is not None
    assert store.state() == before


def test_every_change_gives_a_new_state(store: Store) -> None:
    states = {store.state()}
    for i in range(3):
        put(store, Article(f"a{i}", "T", "One."))
        states.add(store.state())
    assert len(states) == 4


def test_phrases_are_counted_in_order_and_articles_newest_first(store: Store) -> None:
    put(
        store,
        Article("old", "Oak", "Red fir and ash.", published=date(2020, 1, 1)),
        Article("new", "Red fir", "Nothing.", published=date(2021, 1, 1)),
        Article("no", "Fir red", "Ash."),
    )
    assert store.phrase_count([["red", "fir"]]) == 2
    assert store.phrase_count([["red", "fir"], ["ash"]]) == 3
    assert store.phrase_count([]) == store.phrase_count([[]]) == 0
    assert list(store.mentioning([["red", "fir"]]).items()) == [("new", 1), ("old", 1)]
    assert store.mentioning([["2020"]]) == {}, "the date is not the text"
    assert store.dates() == (date(2020, 1, 1), date(2021, 1, 1), 1)
    assert store.sources() == [("", 3)]


def test_passages_at_places_are_those_that_overlap(store: Store) -> None:
    text = "\n\n".join("Word after word stands here. " * 20 for _ in range(4))
    put(store, Article("a", "T", text), Article("b", "T", "Short."))
    numbers = store.passages_at([Place("a", 0, 5)])
    (passage,) = store.passages(numbers).values()
    assert (passage.article.id, passage.start) == ("a", 0)
    assert len(store.passages_at([Place("a", 0, len(text))])) == len(passages(Article("a", "T", text)))
    assert store.passages_at([Place("gone", 0, 5), Place("b", 900, 901)]) == []
