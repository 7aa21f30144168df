"""The store against oracles: plain Python for words, dictionaries for what is kept."""

import math
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx, fixture, raises

from index import Article, Place
from index.passages import passages
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


def bm25(query: list[str], texts: list[tuple[str, str]]) -> list[float]:
    """Score (title, body) pairs as FTS5 documents it: k1 1.2, b 0.75, frequencies summed over columns."""
    documents = [Counter(terms(title)) + Counter(terms(body)) for title, body in texts]
    lengths = [sum(document.values()) for document in documents]
    mean = sum(lengths) / len(lengths)
    scores = []
    for document, length in zip(documents, lengths, strict=True):
        score = 0.0
        for word in dict.fromkeys(query):
            holding = sum(word in other for other in documents)
            rarity = max(math.log((len(documents) - holding + 0.5) / (holding + 0.5)), 1e-6) if holding else 0.0
            frequency = document[word]
            score += rarity * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * length / mean))
        scores.append(score)
    return scores


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from("oak elm ash fir yew box".split()), min_size=1, max_size=12), min_size=1, max_size=9
    )
)
def test_word_search_ranks_as_bm25_by_hand(tmp_path_factory, bodies: list[list[str]]) -> None:
    store = Store.create(tmp_path_factory.mktemp("words") / "library", {})
    texts = [("elm" if i % 2 else "pine", " ".join(body)) for i, body in enumerate(bodies)]
    put(store, *(Article(f"a{i}", title, body) for i, (title, body) in enumerate(texts)))
    query = ["oak", "elm", "pine"]
    found = dict(store.search_words(query, 100))
    expected = {i + 1: score for i, score in enumerate(bm25(query, texts)) if score}
    assert found == approx(expected)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    store.close()


def test_words_are_found_in_title_date_and_body_and_counted(store: Store) -> None:
    put(
        store,
        Article("a", "Harvest", "The barley is in.", published=date(2022, 11, 14)),
        Article("b", "Rain", "No barley."),
    )
    assert [n for n, _ in store.search_words(["harvest"], 5)] == [1]
    assert [n for n, _ in store.search_words(["2022", "november"], 5)] == [1]
    assert store.passage_counts(["barley", "2022", "gold", "barley"]) == {"barley": 2, "2022": 1, "gold": 0}
    assert store.search_words([], 5) == []


def test_a_search_with_words_of_every_kind_is_no_syntax_error(store: Store) -> None:
    put(store, Article("a", "T", 'The price was 1.5 "NEAR" AND OR NOT price* (x) {y}:z ^w -v'))
    for query in ('"', "AND", "NEAR(a b)", "1.5", "price*", "body:price", "a OR", "-v ^w", "中文", "x" * 900):
        store.search_words(terms(query), 5)
    assert store.search_words(terms("1.5"), 5)
    assert len(store.search_words([f"w{i}" for i in range(900)] + ["price"], 5)) == 1


def test_filters_take_the_first_and_last_day_and_sources_in_any_case(store: Store) -> None:
    put(
        store,
        Article("a", "T", "One.", source="Harbour Post", published=date(2021, 3, 2)),
        Article("b", "T", "Two.", source="Straße", published=date(2022, 5, 7)),
        Article("c", "T", "Three."),
    )
    assert store.allowed(date(2021, 3, 2), None, ()) == [1, 2]
    assert store.allowed(None, date(2021, 3, 2), ()) == [1]
    assert store.allowed(date(2021, 3, 3), date(2022, 5, 6), ()) == []
    assert store.allowed(None, None, ["harbour post", "STRASSE"]) == [1, 2]
    assert store.allowed(None, None, ["nobody"]) == []
    assert store.search_words(["1"], 5, allowed=[2]) == []


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
    assert store.search_words(["unicorn"], 5) == []
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
