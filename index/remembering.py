"""Vectors of texts that come again, such as the sentences of a passage that is read for many questions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from index.encoder import Encoder

SIZE = 20_000
"""How many vectors are kept: 30 MB at 384 dimensions."""


class RememberingEncoder:
    """Encode as another encoder does, and keep the vectors of the texts used last. Safe for several threads."""

    def __init__(self, encoder: Encoder, size: int = SIZE) -> None:
        self._encoder = encoder
        self._size = size
        self._kept: OrderedDict[str, np.ndarray] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give float32 unit vectors, shape (texts, dimension), row i for text i; at least one text."""
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known.update(zip(fresh, self._encoder.encode(fresh), strict=True))
        with self._lock:
            for text in texts:
                self._kept[text] = known[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return np.stack([known[text] for text in texts])
