"""What the reader's scores are worth, as measured by training/reader/calibrate.py."""

from __future__ import annotations

import numpy as np

SCREEN = np.array([0.566, 0.15, 0.69, 1.538, 2.422, 1.71, -0.369, -0.688, -1.0], dtype=np.float32)
"""Weights of the features that cost nothing more, to choose the sentences for which the rest are computed."""

WEIGHTS = np.array([0.57, 0.12, 0.46, 1.26, 1.15, 1.63, -0.47, -0.58, -1.0, 1.84, 2.18, -4.71], dtype=np.float32)
"""Fitted on questions that the reader did not learn from, in the order of `qa.reader.FEATURES`, the bias last."""

THRESHOLD = 0.41
"""Least probability that some sentence answers at which one is shown; chosen where the weights were fitted."""

_MEASURED = ((0.0, 10, 20), (0.8, 17, 20))


def measured(confidence: float) -> tuple[int, int]:
    """Give how many first quotes of how many were right when answers of such confidence were judged."""
    return next((right, of) for least, right, of in reversed(_MEASURED) if confidence >= least)
