from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from pytest import fixture, raises

from index.errors import ModelError
from index.graphs import Graph, cores


@fixture
def doubling(tmp_path: Path) -> Path:
    """Give a graph that doubles what it gets, and adds up each row."""
    shape = ["batch", "length"]
    graph = helper.make_graph(
        [
            helper.make_node("Add", ["x", "x"], ["twice"]),
            helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0, noop_with_empty_axes=0),
        ],
        "doubling",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [
            helper.make_tensor_value_info("twice", TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, []),
        ],
    )
    file = tmp_path / "doubling.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), file)
    return file


def test_each_input_gives_its_own_outputs_in_order(doubling: Path) -> None:
    inputs = [{"x": np.arange(n, dtype=np.float32)[None]} for n in (3, 1, 7, 2, 5)]
    for one, (twice, total) in zip(inputs, Graph(doubling).run(inputs), strict=True):
        assert np.array_equal(twice, 2 * one["x"])
        assert total == one["x"].sum()


def test_none_and_one_are_run_too(doubling: Path) -> None:
    graph = Graph(doubling)
    assert graph.run([]) == []
    ((twice, _),) = graph.run([{"x": np.ones((1, 2), np.float32)}])
    assert twice.tolist() == [[2, 2]]


def test_a_file_that_is_no_graph_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.onnx").write_bytes(b"not a graph")
    with raises(ModelError, match=r"bad\.onnx does not load.*expected an ONNX graph"):
        Graph(tmp_path / "bad.onnx")
    with raises(ModelError, match="does not load"):
        Graph(tmp_path / "missing.onnx")


def test_there_is_a_core() -> None:
    assert cores() >= 1
