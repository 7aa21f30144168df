"""What the reader's scores are worth, as measured by training/reader/calibrate.py."""

from __future__ import annotations

import numpy as np

SCREEN = np.array([0.566, 0.15, 0.69, 1.538, 2.422, 1.71, -0.369, -0.688, -1.0], dtype=np.float32)
"""Weights of the features that cost nothing more, to choose the sentences for which the rest are computed."""

WEIGHTS = np.array(
    [0.669, 0.007, 0.401, 1.101, 0.654, 1.737, -0.175, -1.016, 0.041, 1.473, 3.061, -4.842], dtype=np.float32
)
"""Fitted on questions that the reader did not learn from, in the order of `qa.reader.FEATURES`, the bias last."""

THRESHOLD = 0.56
"""Least probability that some sentence answers at which one is shown. From 0.41 on, 97% of questions about something
else were refused where the weights were fitted; at 0.56, 12 of the 15 demo questions chosen on that nothing answers,
at 0.5 only 9, with as many right quotes."""

WEIGHTS_IN_CONVERSATION = np.array(
    [0.3, 0.067, 0.459, 0.963, 0.489, 1.315, -0.351, 0.176, -0.658, 2.014, 3.436, -3.895], dtype=np.float32
)
"""The same for questions read with what was said before, fitted on the odd ones of the demo conversations."""

_OF = 20
_MEASURED = ((0.0, 9), (0.76, 14), (0.97, 16))
"""From which confidence on how many first quotes of 20 were right, on 317 reported answers (docs/log.md)."""
_MEASURED_IN_CONVERSATION = ((0.0, 8), (0.87, 10))
"""The same of later turns, on the even ones of the demo conversations (docs/log.md)."""


def measured(confidence: float, *, in_conversation: bool = False) -> tuple[int, int]:
    """Give how many first quotes of how many were right when answers of such confidence were judged."""
    known = _MEASURED_IN_CONVERSATION if in_conversation else _MEASURED
    return next(right for least, right in reversed(known) if confidence >= least), _OF
