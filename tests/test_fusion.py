from pytest import approx

from index.fusion import reciprocal_rank_fusion


def test_scores_are_the_sums_of_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion([[(7, 0.9), (8, 0.5)], [(8, 12.0), (9, 3.0)]], k=60)
    assert [number for number, _ in fused] == [8, 7, 9]
    assert [score for _, score in fused] == approx([1 / 62 + 1 / 61, 1 / 61, 1 / 62])


def test_one_ranking_keeps_its_order_and_ties_keep_the_first() -> None:
    assert [n for n, _ in reciprocal_rank_fusion([[(3, 1.0), (1, 0.5)]])] == [3, 1]
    assert [n for n, _ in reciprocal_rank_fusion([[(3, 1.0)], [(1, 1.0)]])] == [3, 1]
    assert reciprocal_rank_fusion([]) == reciprocal_rank_fusion([[], []]) == []
