"""What the reader's scores are worth, as measured by training/reader/calibrate.py."""

from __future__ import annotations

import numpy as np

SCREEN = np.array([0.566, 0.15, 0.69, 1.538, 2.422, 1.71, -0.369, -0.688, -1.0], dtype=np.float32)
"""Weights of the features that cost nothing more, to choose the sentences for which the rest are computed."""

WEIGHTS = np.array(
    [0.577, 0.084, 0.391, 1.163, 1.056, 1.523, -0.39, -0.742, -0.35, 2.163, 2.487, -4.988], dtype=np.float32
)
"""Fitted on questions that the reader did not learn from, in the order of `qa.reader.FEATURES`, the bias last."""

THRESHOLD = 0.49
"""Least probability that some sentence answers at which one is shown; the lowest at which 97% of questions about
something else were refused, where the weights were fitted."""

_OF = 20
_MEASURED = ((0.0, 10), (0.7, 13), (0.85, 14), (0.96, 16))
"""From which confidence on how many first quotes of 20 were right, on 366 reported answers (docs/log.md)."""


def measured(confidence: float) -> tuple[int, int]:
    """Give how many first quotes of how many were right when answers of such confidence were judged."""
    return next(right for least, right in reversed(_MEASURED) if confidence >= least), _OF
