"""Texts into vectors by an exported encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.graphs import Graph
from index.model_cache import About
from index.pieces import Vocabulary


def encoded_by(graph: Graph, vocabulary: Vocabulary, about: About, texts: Sequence[str]) -> np.ndarray:
    """Give float32 unit vectors, shape (texts, dimension), row i for text i; at least one text."""
    read = [about.prompt + (text.lower() if about.lower else text) for text in texts]
    inputs = []
    for ids in vocabulary.whole(read, about.longest):
        row = np.array([ids], dtype=np.int64)
        values = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        inputs.append({name: values[name] for name in about.inputs})
    return np.concatenate([vectors for (vectors,) in graph.run(inputs)]).astype(np.float32, copy=False)
