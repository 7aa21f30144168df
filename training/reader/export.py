"""Write a trained reader as the graph that ships: word pieces and weights of its layers in eight bits.

    python -m training.reader.export READER.PT… [--to FILE] [--whole FILE]

The mean of several weights is taken. The graph in full precision is for comparison.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from index.encoder import SentenceEncoder
from index.exporting import quantise, write_graph
from qa.reading_model import FILE, INPUTS, OUTPUTS
from training.reader.model import Reader


class _Table(nn.Module):
    """Hold an embedding in eight bits, each row with a scale of its own."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weight = table.weight.detach()
        scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-9) / 127
        self.register_buffer("rows", (weight / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        rows: Tensor = self.rows[ids]
        return rows.float() * self.scale[ids]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.reader.export")
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--to", type=Path, default=FILE)
    parser.add_argument("--whole", type=Path, help="write the graph in full precision here too")
    settings = parser.parse_args(arguments)
    model = Reader(SentenceEncoder().folder)
    model.load_state_dict(mean([torch.load(file, weights_only=True) for file in settings.weights]))
    export(model, settings.to, settings.whole)


def mean(weights: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Average the weights of runs that began alike."""
    return {
        name: torch.stack([one[name] for one in weights]).mean(0) if first.is_floating_point() else first
        for name, first in weights[0].items()
    }


def export(model: Reader, file: Path, whole: Path | None = None) -> None:
    """Write the graph in eight bits, and in full precision when asked to."""
    if whole:
        write_graph(model, INPUTS, OUTPUTS, whole)
    embeddings = model.body.embeddings
    for name in ("word_embeddings", "position_embeddings"):
        setattr(embeddings, name, _Table(getattr(embeddings, name)))
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        middle = Path(folder, "reader.onnx")
        write_graph(model, INPUTS, OUTPUTS, middle)
        quantise(middle, file)


if __name__ == "__main__":
    main()
