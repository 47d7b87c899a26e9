"""The network as an ONNX graph: matrices in whole numbers of few bits, all else in floats.

Built node by node, so that it holds what is needed and nothing else. Pieces of the vocabulary and
columns of matrices have a scale each; what comes into a matrix is rounded to eight bits as it runs
(DynamicQuantizeMatMul of ONNX Runtime). There one scale holds for all of it, and a few places reach
far beyond the others: these are divided first, and their weights multiplied by as much (after
SmoothQuant, Xiao et al., ICML 2023).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]
Weights = Mapping[str, Floats]
"""Tensors, named as in the state of ``network.Network``."""

MATRIX_BITS: Final = 7
"""Processors without VNNI add two products in sixteen bits, where those of eight can overflow."""

_FAR: Final = np.float32(2)  # times the median of all places


def export(
    weights: Weights, ranges: Weights, path: Path, *, heads: int, gather: int, positions: int
) -> None:
    """Write the graph of a network for texts of at most ``positions`` pieces.

    ``ranges``: by matrix, how far from nothing each place of what comes into it gets.
    In: ``pieces`` [1, n], and ``words`` [m], where each word begins. Out: ``scores`` [1, m, tags].
    From layer ``gather`` on only the first piece of each word goes on.
    """
    graph = _Graph(weights, ranges, heads)
    x = graph.embedded(positions)
    layers = 1 + max(int(name.split(".")[1]) for name in weights if name.startswith("layers."))
    for number in range(layers):
        if number == gather:
            x = graph.node("Gather", x, "words", axis=1)
        x = graph.layer(f"layers.{number}", x)
    head = graph.node("MatMul", x, graph.constant(weights["head.weight"].T))
    graph.node("Add", head, graph.constant(weights["head.bias"]), name="scores")
    onnx.save(graph.model(), path)


class _Graph:
    """Nodes in the order they run; methods give the name of what the nodes they add make."""

    def __init__(self, weights: Weights, ranges: Weights, heads: int) -> None:
        self._weights, self._ranges, self._heads = weights, ranges, heads
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._number = count()

    def model(self) -> onnx.ModelProto:
        """All of it, with ``scores`` as what comes out."""
        value, tags = helper.make_tensor_value_info, len(self._weights["head.bias"])
        given = [value("pieces", TensorProto.INT64, [1, "n"])]
        given.append(value("words", TensorProto.INT64, ["m"]))
        scores = [value("scores", TensorProto.FLOAT, [1, "m", tags])]
        graph = helper.make_graph(self._nodes, "names", given, scores, self._constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)

    def constant(self, value: NDArray[np.generic]) -> str:
        name = f"c{next(self._number)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(
        self, kind: str, *given: str, name: str = "", **how: int | float | str | list[int]
    ) -> str:
        name = name or f"v{next(self._number)}"
        self._nodes.append(helper.make_node(kind, given, [name], **how))
        return name

    def embedded(self, positions: int) -> str:
        """What each piece is, and at which place."""
        whole, scales = _whole(self._weights["word.weight"], 1, bits=8)
        rows = self.node("Gather", self.constant(whole), "pieces")
        scaled = self.node("Gather", self.constant(scales), "pieces")
        x = self.node("Mul", self.node("Cast", rows, to=TensorProto.FLOAT), scaled)
        places = self.constant(self._weights["pos.weight"][:positions])
        zero = self.constant(np.array([0]))
        places = self.node("Slice", places, zero, self.node("Shape", "pieces", start=1), zero)
        return self.norm("ln", self.node("Add", x, places))

    def layer(self, name: str, x: str) -> str:
        """Attention and feed-forward, each followed by the norm of its sum with what came in."""
        seen = self.linear(f"{name}.ao", self.attention(name, x))
        x = self.norm(f"{name}.aln", self.node("Add", seen, x))
        inner = self.node("Gelu", self.linear(f"{name}.fi", x))
        return self.norm(f"{name}.oln", self.node("Add", self.linear(f"{name}.fo", inner), x))

    def attention(self, name: str, x: str) -> str:
        """Of every place to every place, by heads."""
        joined, parts = self.linear(f"{name}.qkv", x), [f"{name}.{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [joined], parts, axis=-1, num_outputs=3))
        return self.node(
            "MultiHeadAttention", *parts, num_heads=self._heads, domain="com.microsoft"
        )

    def norm(self, name: str, x: str) -> str:
        parts = (self.constant(self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", x, *parts, axis=-1, epsilon=1e-5)

    def linear(self, name: str, x: str) -> str:
        matrix = self._weights[f"{name}.weight"].T
        reach = self._ranges[name]
        smooth = np.maximum(reach / (_FAR * np.median(reach)), np.float32(1))
        x = self.node("Mul", x, self.constant(1 / smooth))
        whole, scales = _whole(matrix * smooth[:, None], 0, MATRIX_BITS)
        parts = [self.constant(value) for value in (whole, scales.ravel())]
        bias = self.constant(self._weights[f"{name}.bias"])
        return self.node("DynamicQuantizeMatMul", x, *parts, "", bias, domain="com.microsoft")


def _whole(values: Floats, axis: int, bits: int) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers of so many bits, and the scales along ``axis`` that make the values of them."""
    top = 2 ** (bits - 1) - 1
    scales: Floats = np.abs(values).max(axis=axis, keepdims=True) / np.float32(top)
    whole = np.round(values / np.where(scales > 0, scales, 1))
    return whole.astype(np.int8), scales
