"""Exported models, run. The only file that knows onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime

from index.errors import ModelError


class Graph:
    """Run an ONNX graph on single inputs, as many at a time as there are cores. Safe for several threads.

    Each input has a batch of its own: nothing is padded, and what one gives does not depend on
    its neighbours (activations are quantised by the range of the whole batch).
    """

    def __init__(self, file: Path) -> None:
        """Load a graph.

        Raises: ModelError, when the file is none.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its own classes are not exported by name
            raise ModelError(
                f"the model {file} does not load ({str(error).splitlines()[0]})",
                "an ONNX graph",
                "Delete its folder, so that it is made again, or install Footnote again",
            ) from error
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, inputs: Sequence[Mapping[str, np.ndarray]]) -> list[list[np.ndarray]]:
        """Give the outputs of each input, in the order of the graph."""
        if len(inputs) < 2:
            return [self._one(one) for one in inputs]
        longest_first = sorted(range(len(inputs)), key=lambda i: -max(a.size for a in inputs[i].values()))
        done = _workers().map(self._one, [inputs[i] for i in longest_first])
        found = dict(zip(longest_first, done, strict=True))
        return [found[i] for i in range(len(inputs))]

    def _one(self, one: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        return list(self._session.run(self._outputs, dict(one)))


@cache
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(cores(), thread_name_prefix="graph")


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
