"""Print the figures of the reader that ships, or of another graph, with the passage given.

    python -m training.reader.report DATA [--reader FILE …]

Questions that were neither learnt from nor chosen on, and beside them those chosen on.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.parts import Part
from index.encoder import default_vocabulary
from index.graphs import Graph
from qa.reading_model import FILE, inputs_of
from training.reader.encoding import encoded
from training.reader.measure import Prediction, figures, predicted
from training.reader.records import Example
from training.reader.sources import clapnq, squad_dev

_DRAWS = 500


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.reader.report")
    parser.add_argument("data", type=Path)
    parser.add_argument("--reader", type=Path, nargs="*", default=[FILE])
    settings = parser.parse_args(arguments)
    for reader in settings.reader:
        graph = Graph(reader)
        print(f"{reader.name}, {reader.stat().st_size / 1e6:.1f} MB")
        for part in (Part.CHOOSE, Part.REPORT):
            sets = {"SQuAD 2.0": squad_dev(settings.data, part), "CLAPnq": clapnq(settings.data, part)}
            for name, examples in sets.items():
                kept, predictions = read(graph, examples)
                counts = f"{sum(bool(e.spans) for e in kept)} + {sum(not e.spans for e in kept)}"
                print(f"\n{name}, {part}, {counts} questions")
                for figure, value, low, high in with_intervals(kept, predictions):
                    print(f"  {figure:16s} {value:.3f} ({low:.3f}-{high:.3f})")
        print()


def read(graph: Graph, examples: Sequence[Example]) -> tuple[list[Example], list[Prediction]]:
    """Read examples whose answer the word pieces hold; give them with what is predicted."""
    found = encoded(examples, default_vocabulary())
    outputs = graph.run([inputs_of(pieces.ids, pieces.second) for _, pieces in found])
    predictions = [
        predicted(pieces, ends[0], float(whole[0])) for (_, pieces), (ends, whole) in zip(found, outputs, strict=True)
    ]
    return [one for one, _ in found], predictions


def with_intervals(
    examples: Sequence[Example], predictions: Sequence[Prediction]
) -> list[tuple[str, float, float, float]]:
    """Give each figure with its 95% bootstrap interval, both kinds of questions drawn by themselves."""
    rng = np.random.default_rng(0)
    kinds = [[i for i, one in enumerate(examples) if bool(one.spans) is kind] for kind in (True, False)]
    drawn = []
    for _ in range(_DRAWS):
        some = [int(i) for kind in kinds if kind for i in rng.choice(kind, len(kind))]
        drawn.append(figures([examples[i] for i in some], [predictions[i] for i in some]))
    whole = figures(examples, predictions)
    bounds = {name: np.quantile([one[name] for one in drawn], [0.025, 0.975]) for name in whole}
    return [(name, value, *bounds[name]) for name, value in whole.items() if not name.startswith("n ")]


if __name__ == "__main__":
    main()
