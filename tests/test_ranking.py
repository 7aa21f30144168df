"""The ranking against its formula, written out again in another way."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from index import ranking
from index.ranking import scores

WORD = st.sampled_from("oak elm ash fir yew".split())
DOCUMENT = st.lists(st.lists(WORD, max_size=6), min_size=1, max_size=3)


def by_hand(query: list[str], document: list[list[str]], counts: dict[str, int], total: int, mean: float) -> float:
    rarity = {w: math.log((total + 1) / (counts[w] + 0.5)) for w in query}
    flat = [term for field in document for term in field]
    bm25 = sum(
        r * flat.count(w) * 2.2 / (flat.count(w) + 1.2 * (0.25 + 0.75 * len(flat) / mean)) for w, r in rarity.items()
    )
    unique = list(dict.fromkeys(query))
    phrases = sum(
        min(rarity[a], rarity[b])
        for a, b in pairwise(unique)
        if any(f[i : i + 2] == [a, b] for f in document for i in range(len(f)))
    )
    coverage = sum(r for w, r in rarity.items() if w in flat)
    whole = sum(rarity.values()) or 1
    return ranking.WORDS * bm25 / 2.2 / whole + ranking.PHRASES * phrases / whole + ranking.COVERAGE * coverage / whole


@given(st.lists(WORD, max_size=5), st.lists(DOCUMENT, min_size=1, max_size=6), st.floats(-1, 1))
def test_scores_follow_the_formula(query: list[str], documents: list[list[list[str]]], cosine: float) -> None:
    counts = {word: sum(any(word in field for field in document) for document in documents) for word in query}
    lengths = [sum(map(len, document)) for document in documents]
    mean = max(sum(lengths) / len(lengths), 1.0)
    found = scores(dict.fromkeys(query, 1.0), documents, [cosine] * len(documents), counts, len(documents), mean)
    expected = [by_hand(query, d, counts, len(documents), mean) + ranking.COSINE * cosine for d in documents]
    assert list(found) == approx(expected)


def test_words_together_and_in_order_count_more() -> None:
    counts = {"strateg": 3, "ambigu": 3}
    documents = [[["strateg", "ambigu"]], [["ambigu", "strateg"]], [["strateg"], ["ambigu"]]]
    apart = scores({"strateg": 1.0, "ambigu": 1.0}, documents, [0, 0, 0], counts, 9, 2.0)
    assert apart[0] > apart[1] == apart[2]


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    found = scores(
        {"rare": 1.0, "common": 1.0}, [[["rare"]], [["common"]]], [0, 0], {"rare": 1, "common": 90}, 100, 1.0
    )
    assert found[0] > found[1]


def test_without_words_the_cosine_decides() -> None:
    found = scores({}, [[["oak"]], [[]]], [0.1, 0.9], {}, 2, 1.0)
    assert found[1] > found[0]
