"""Sentence-transformers models as ONNX graphs. The only file that knows sentence-transformers and torch."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from index.encoding import encoded_by
from index.errors import ModelError
from index.graphs import Graph
from index.model_cache import About, Export, keep, workplace
from index.pieces import Vocabulary

_OPSET = 18
_AS_GOOD_AS_EQUAL = 0.999
_CLOSE_ENOUGH = 0.98
_SAMPLES = (
    "Where did they meet?",
    "The ferry to Oster ran two hours late on Friday, because fog lay on the water.",
    "“Rye is the favourite,” said Ms. Quint. The shop closes at 4 p.m. on Sundays, and bees need flowers from April "
    "to September, whatever the council of 1987 decided about the price of bread (2.40) and the hours of work.",
)


def export(model: Path, name: str, fingerprint: str, place: Path) -> Export:
    """Make the graph of a sentence-transformers model, quantised where its vectors stay what they were.

    A model that cannot be a graph, or whose graph gives other vectors, gets an export without one.
    Raises: ModelError, when the model does not load.
    """
    original = loaded(model, name)
    logger = logging.getLogger("footnote")
    logger.info("Preparing the model %s, once; this takes some seconds.", name)
    made = workplace(place)
    try:
        about = _about(original, fingerprint)
        original.tokenizer.backend_tokenizer.save(str(made / "tokenizer.json"))
        _exported(original, about.inputs, made / "whole.onnx")
        expected = encoded(original, _SAMPLES)
        quantise(made / "whole.onnx", made / "graph.onnx")
        if not _agrees(made / "graph.onnx", made, about, expected, _CLOSE_ENOUGH):
            (made / "whole.onnx").replace(made / "graph.onnx")
            if not _agrees(made / "graph.onnx", made, about, expected, _AS_GOOD_AS_EQUAL):
                raise ValueError("its graph gives other vectors")
        (made / "whole.onnx").unlink(missing_ok=True)
    except Exception as reason:  # noqa: BLE001 - whatever a foreign model's code raises, its own library can still run it
        logger.warning("The model %s runs through sentence-transformers: %s", name, reason)
        for file in made.iterdir():
            file.unlink()
        about = About(fingerprint, 0, False, "", [])
    return keep(made, about, place)


def loaded(model: Path, name: str) -> SentenceTransformer:
    """Load a model as it is.

    Raises: ModelError.
    """
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(model), device="cpu", local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        line = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(
            f"the model {name!r} does not load ({line})",
            "a sentence-transformers model",
            "Leave --model out to use the one that is installed",
        ) from error


def encoded(original: SentenceTransformer, texts: Sequence[str]) -> np.ndarray:
    """Give float32 unit vectors, shape (texts, dimension), by sentence-transformers itself."""
    vectors = original.encode(
        list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
    )
    return np.ascontiguousarray(vectors, dtype=np.float32)


def write_graph(
    module: torch.nn.Module, inputs: Sequence[str], outputs: Sequence[str], file: Path, *, longest: int = 512
) -> None:
    """Write a module of int64 inputs, shape (batch, length), as an ONNX graph."""
    example = torch.ones((2, 16), dtype=torch.int64)
    axes = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("length", min=2, max=longest)}
    with _quiet(), torch.no_grad():
        torch.onnx.export(
            _Positional(module).eval(),
            tuple(example.clone() for _ in inputs),
            str(file),
            dynamo=True,
            opset_version=_OPSET,
            dynamic_shapes=(tuple(axes for _ in inputs),),
            input_names=list(inputs),
            output_names=list(outputs),
            external_data=False,
            verbose=False,
        )


def quantise(file: Path, target: Path) -> None:
    """Write a graph with the weights of its layers in eight bits.

    Seven of them are used, so that sums of products cannot overflow on processors without VNNI.
    """
    graph = onnx.load(file)
    del graph.graph.value_info[:]  # the exporter's shapes contradict those that quantisation infers
    with _quiet():
        quantize_dynamic(
            graph,
            target,
            op_types_to_quantize=["MatMul"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
        )


def _about(original: SentenceTransformer, fingerprint: str) -> About:
    first: Any = original[0]
    inputs = [name for name in original.tokenizer.model_input_names if name in _INPUTS]
    prompt = (original.prompts or {}).get(original.default_prompt_name or "") or ""
    lower = bool(getattr(first, "do_lower_case", False))
    return About(fingerprint, int(original.max_seq_length or 512), lower, prompt, inputs)


_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class _Positional(torch.nn.Module):
    """Take all inputs in one tuple, so that their shapes are told alike however many there are."""

    def __init__(self, module: torch.nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, *values: torch.Tensor) -> Any:
        return self.module(*values)


class _Vectors(torch.nn.Module):
    def __init__(self, original: SentenceTransformer, names: Sequence[str]) -> None:
        super().__init__()
        self.original, self.names = original, list(names)

    def forward(self, *values: torch.Tensor) -> torch.Tensor:
        found = self.original(dict(zip(self.names, values, strict=True)))["sentence_embedding"]
        return torch.nn.functional.normalize(found, dim=1)


def _exported(original: SentenceTransformer, inputs: Sequence[str], file: Path) -> None:
    write_graph(_Vectors(original, inputs), inputs, ["vectors"], file, longest=int(original.max_seq_length or 512))


def _agrees(graph: Path, folder: Path, about: About, expected: np.ndarray, least: float) -> bool:
    vectors = encoded_by(Graph(graph), Vocabulary(folder / "tokenizer.json"), about, _SAMPLES)
    return bool(((vectors * expected).sum(axis=1) >= least).all())


@contextmanager
def _quiet() -> Iterator[None]:
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
