"""Several rankings into one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from index.vectors import Ranking


def reciprocal_rank_fusion(rankings: Sequence[Ranking], k: int = 60) -> Ranking:
    """Fuse rankings, best first: the score of an item is the sum of 1 / (k + rank), ranks from 1.

    Ties go to the item that an earlier ranking holds higher.
    Source: Cormack, Clarke and Büttcher, SIGIR 2009.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, (number, _) in enumerate(ranking, start=1):
            scores[number] += 1 / (k + rank)
    return sorted(scores.items(), key=lambda item: -item[1])
