"""What the reader's scores are worth, as measured by training/reader/calibrate.py."""

from __future__ import annotations

import numpy as np

SCREEN = np.array([0.566, 0.15, 0.69, 1.538, 2.422, 1.71, -0.369, -0.688, -1.0], dtype=np.float32)
"""Weights of the features that cost nothing more, to choose the sentences for which the rest are computed."""

WEIGHTS = np.array(
    [0.669, 0.007, 0.401, 1.101, 0.654, 1.737, -0.175, -1.016, 0.041, 1.473, 3.061, -4.842], dtype=np.float32
)
"""Fitted on questions that the reader did not learn from, in the order of `qa.reader.FEATURES`, the bias last."""

THRESHOLD = 0.5
"""Least probability that some sentence answers at which one is shown. From 0.41 on, 97% of questions about something
else were refused where the weights were fitted; below a half, a quote is likelier wrong than right."""

WEIGHTS_IN_CONVERSATION = np.array(
    [0.318, 0.069, 0.327, 0.998, 0.525, 1.191, -0.258, -0.061, -0.578, 2.111, 3.537, -3.978], dtype=np.float32
)
"""The same for questions read with what was said before, fitted on the odd ones of the demo conversations."""

THRESHOLD_IN_CONVERSATION = 0.7
"""Where the weights were fitted, two thirds of the first quotes shown from here on were right; from 0.45 on, 59%."""

_OF = 20
_MEASURED = ((0.0, 8), (0.69, 14), (0.97, 17))
"""From which confidence on how many first quotes of 20 were right, on 366 reported answers (docs/log.md)."""
_MEASURED_IN_CONVERSATION = ((0.0, 9), (0.91, 10))
"""The same of later turns, on the even ones of the demo conversations (docs/log.md)."""


def measured(confidence: float, *, in_conversation: bool = False) -> tuple[int, int]:
    """Give how many first quotes of how many were right when answers of such confidence were judged."""
    known = _MEASURED_IN_CONVERSATION if in_conversation else _MEASURED
    return next(right for least, right in reversed(known) if confidence >= least), _OF
