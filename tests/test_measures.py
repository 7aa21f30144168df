"""The measures against values worked by hand and, for retrieval, against ir_measures."""

import math

import ir_measures
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG
from pytest import approx, mark, raises

from qa import measures

RANKINGS = st.lists(st.booleans(), min_size=1, max_size=30)


@given(RANKINGS, st.integers(0, 5))
def test_retrieval_measures_agree_with_ir_measures(flags: list[bool], unfound: int) -> None:
    total = sum(flags) + unfound
    if not total:
        return
    qrels = [ir_measures.Qrel("q", f"d{i}", int(flag)) for i, flag in enumerate(flags)]
    qrels += [ir_measures.Qrel("q", f"u{i}", 1) for i in range(unfound)]
    run = [ir_measures.ScoredDoc("q", f"d{i}", float(len(flags) - i)) for i in range(len(flags))]
    wanted = {Success @ 1: 0.0, Success @ 5: 0.0, R @ 5: 0.0, R @ 20: 0.0, RR @ 10: 0.0, nDCG @ 10: 0.0}
    theirs = ir_measures.calc_aggregate(list(wanted), qrels, run)
    assert measures.success(flags, 1) == approx(theirs[Success @ 1])
    assert measures.success(flags, 5) == approx(theirs[Success @ 5])
    assert measures.recall(flags, 5, total) == approx(theirs[R @ 5])
    assert measures.recall(flags, 20, total) == approx(theirs[R @ 20])
    assert measures.reciprocal_rank(flags, 10) == approx(theirs[RR @ 10])
    assert measures.ndcg(flags, 10, total) == approx(theirs[nDCG @ 10])


def test_the_worked_examples_of_the_page_on_measures() -> None:
    ranking = [False, True, False, True, False]
    assert measures.success(ranking, 1) == 0
    assert measures.success(ranking, 5) == 1
    assert measures.recall(ranking, 5, 3) == approx(2 / 3)
    assert measures.reciprocal_rank(ranking, 10) == 0.5
    assert measures.ndcg(ranking, 10, 3) == approx((1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3) + 0.5))
    assert measures.exact_match("The Bali, summit!", ["bali summit"]) == 1
    assert measures.f1("on the island of Bali", ["Bali Indonesia"]) == approx(2 * 1 / (4 + 2))
    assert measures.holds("They met in Bali on Monday.", ["bali"])
    assert not measures.holds("The Balinese hosts", ["Bali"])
    assert measures.auroc([0.9, 0.4], [0.4, 0.1]) == approx((1 + 1 + 0.5 + 1) / 4)
    assert measures.risk_coverage([0.9, 0.8, 0.8, 0.1], [True, False, True, False]) == [
        (0.25, 0.0),
        (0.75, approx(1 / 3)),
        (1.0, 0.5),
    ]
    assert measures.randomization([1.0] * 4) == approx(2 / 16, abs=0.01)


def test_nothing_relevant_counts_as_zero() -> None:
    assert measures.recall([False], 5, 0) == measures.ndcg([False], 10, 0) == measures.reciprocal_rank([], 10) == 0
    assert measures.f1("anything", []) == measures.exact_match("anything", []) == 0
    assert math.isnan(measures.auroc([], [0.5]))
    assert measures.risk_coverage([], []) == []
    assert measures.randomization([]) == measures.randomization([0.0, 0.0]) == 1
    assert all(math.isnan(bound) for bound in measures.interval([]))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_auroc_is_the_share_of_pairs_in_order(ours: list[float], theirs: list[float]) -> None:
    pairs = [(a > b) + 0.5 * (a == b) for a in ours for b in theirs]
    assert measures.auroc(ours, theirs) == approx(sum(pairs) / len(pairs))


def test_an_interval_holds_the_mean_and_narrows_with_more_values() -> None:
    rng = np.random.default_rng(1)
    few, many = rng.random(30), rng.random(3000)
    for values in (few, many):
        low, high = measures.interval(list(values))
        assert low < values.mean() < high
    assert np.ptp(measures.interval(list(many))) < np.ptp(measures.interval(list(few))) / 5
    assert measures.interval(list(few)) == measures.interval(list(few))
    assert measures.interval([1.0] * 9) == (1.0, 1.0)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(2)
    held = 0
    for _ in range(200):
        low, high = measures.interval(list(rng.binomial(1, 0.6, 80).astype(float)), draws=300)
        held += low <= 0.6 <= high
    assert 0.88 <= held / 200 <= 0.99


@given(st.text(), st.text())
def test_f1_and_exact_match_agree_where_they_must(one: str, other: str) -> None:
    assert 0 <= measures.f1(one, [other]) <= 1
    if measures.exact_match(one, [other]):
        assert measures.f1(one, [other]) == 1


@mark.parametrize(
    ("span", "others", "expected"),
    [
        (("a", 0, 5), [("a", 4, 9)], True),
        (("a", 0, 5), [("a", 5, 9)], False),
        (("a", 0, 5), [("b", 0, 5)], False),
        (("a", 0, 5), [], False),
    ],
)
def test_spans_overlap_by_a_character(span: measures.Span, others: list[measures.Span], expected: bool) -> None:
    assert measures.overlaps(span, others) is expected


def test_lengths_that_differ_are_an_error() -> None:
    with raises(IndexError):
        measures.risk_coverage([0.5], [True, False])
