"""
The fine-tuned encoder as ONNX, written node by node: its products are of whole numbers, 7 bits of weight by 8 bits of activation.

Each token is scaled by its own largest value, each output by that of its weights, so that what stands beside a message moves nothing. Weights have 7 bits
and not 8: processors without VNNI add two products of a byte by a byte in 16 bits, which 8 bits overflow and 7 cannot.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.encoder.net import EPS, HEADS, HIDDEN, PAD

BLOCK = 32
# Largest whole numbers of weights and activations, and what stands for an activation of 0.
_MOST_WEIGHT, _MOST_ACTIVATION, _MIDDLE = 63, 127, 128
# Of a row of weights the largest may be cut to this share of itself where that brings all others nearer.
_CUTS = np.linspace(0.5, 1, 26)
_OPSET, _MICROSOFT, _IR = 17, "com.microsoft", 9


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        """Store an array."""
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def number(self, name: str, *value: int) -> str:
        """Store whole numbers, for shapes and places."""
        return self.constant(name, np.array(value, np.int64))

    def node(self, kind: str, inputs: list[str], name: str, domain: str = "", **attributes) -> str:
        """Add a node with one output of its name."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def split(self, x: str, name: str) -> list[str]:
        """Divide the last axis into three equal parts."""
        parts = [f"{name}.{i}" for i in range(3)]
        self.nodes.append(helper.make_node("Split", [x], parts, name=name, axis=-1))
        return parts

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray, name: str) -> str:
        """Normalise each token."""
        inputs = [x, self.constant(f"{name}.w", weight), self.constant(f"{name}.b", bias)]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=EPS)

    def whole_numbers(self, x: str, smooth: np.ndarray, name: str) -> tuple[str, str]:
        """Turn tokens (token, width) into bytes; gives them and the scale of each token."""
        x = self.node("Mul", [x, self.constant(f"{name}.smooth", 1 / smooth)], f"{name}.smoothed")
        most = self.node("ReduceMax", [self.node("Abs", [x], f"{name}.size")], f"{name}.most", axes=[1], keepdims=1)
        scale = self.node("Mul", [self.node("Max", [most, "tiny"], f"{name}.some"), "step"], f"{name}.scale")
        flat = self.node("Squeeze", [scale, "axis"], f"{name}.flat")
        middles = self.node("Expand", ["middle", self.node("Shape", [flat], f"{name}.n")], f"{name}.middles")
        return self.node("QuantizeLinear", [x, flat, middles], f"{name}.q", axis=0), scale

    def linear(self, x: tuple[str, str], weight: np.ndarray, smooth: np.ndarray, name: str) -> str:
        """Multiply such tokens by a matrix."""
        numbers, scales = quantise_rows(weight * smooth)
        inputs = [
            x[0], self.constant(f"{name}.w", numbers.T), "one.f", self.constant(f"{name}.s", scales), "middle", "naught",
        ]  # fmt: skip
        y = self.node("MatMulIntegerToFloat", inputs, f"{name}.product", _MICROSOFT)
        return self.node("Mul", [y, x[1]], f"{name}.y")

    def add(self, x: str, value: np.ndarray, name: str) -> str:
        """Add a bias."""
        return self.node("Add", [x, self.constant(f"{name}.b", value)], name)


def quantise_rows(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Store a matrix in whole numbers from -63 to 63, a scale a row.

    Parameters
    ----------
    weight : numpy.ndarray of float, shape (n, k)
        A row an output.

    Returns
    -------
    (numbers, scales) : (numpy.ndarray of int8, shape (n, k); numpy.ndarray of float32, shape (n,))
        Their product is nearest to the weights, in squares, among the scales tried.
    """
    largest = np.maximum(np.abs(weight).max(1), 1e-12)
    best, scales = np.full(len(weight), np.inf), largest / _MOST_WEIGHT
    for cut in _CUTS:
        tried = largest * cut / _MOST_WEIGHT
        error = ((_rounded(weight, tried) * tried[:, None] - weight) ** 2).sum(1)
        better = error < best
        best[better], scales[better] = error[better], tried[better]
    return _rounded(weight, scales).astype(np.int8), scales.astype(np.float32)


def _rounded(weight: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return np.rint(weight / scales[:, None]).clip(-_MOST_WEIGHT, _MOST_WEIGHT)


def quantise_blocks(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Store a matrix in blocks of 4 bits.

    Parameters
    ----------
    weight : numpy.ndarray of float32, shape (n, k)
        ``k`` a multiple of ``BLOCK``.

    Returns
    -------
    (packed, scales) : (numpy.ndarray of uint8, numpy.ndarray of float32)
        As ONNX Runtime's ``GatherBlockQuantized`` wants them. A matrix that came from blocks of 4 bits is met exactly: as there, the
        value of largest size is the lowest number.
    """
    blocks = weight.reshape(len(weight), -1, BLOCK).astype(np.float64)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    # A scale was rounded to half precision in the package; the rounded one gives the whole numbers back.
    scale = (largest / -8).astype(np.float16).astype(np.float64)
    numbers = np.rint(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale != 0)) + 8
    numbers = np.clip(numbers, 0, 15).astype(np.uint8)
    packed = numbers[..., 0::2] | (numbers[..., 1::2] << 4)
    return packed.reshape(len(weight), -1), scale[..., 0].astype(np.float32)


def smoothing(largest: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """
    Divide the difficulty of rounding between activations and weights.

    Parameters
    ----------
    largest : numpy.ndarray of float, shape (k,)
        Largest size of each activation.
    weight : numpy.ndarray of float, shape (n, k)
        What multiplies them.

    Returns
    -------
    numpy.ndarray of float32, shape (k,)
        Activations are to be divided by it, weights multiplied.

    Notes
    -----
    Xiao et al., "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language Models", ICML 2023, with α = 0.5.
    """
    ratio = np.log(np.maximum(largest, 1e-6)) - np.log(np.maximum(np.abs(weight).max(0), 1e-6))
    return np.exp((ratio - ratio.mean()) / 2).astype(np.float32)


def to_onnx(state: Mapping[str, np.ndarray], largest: Mapping[str, np.ndarray], positions: int) -> onnx.ModelProto:
    """
    Write the network.

    Parameters
    ----------
    state : mapping of str to numpy.ndarray of float32
        ``state_dict`` of `training.encoder.net.Net`.
    largest : mapping of str to numpy.ndarray of float
        Largest size of what each linear part of a layer is given: see `training.encoder.fit.largest_inputs`.
    positions : int
        Longest message in pieces.

    Returns
    -------
    onnx.ModelProto
        Takes ``ids`` (int64, messages by pieces, padded) and gives ``scores``, the log-probabilities of the categories.
    """
    g = _Graph()
    g.constant("middle", np.array(_MIDDLE, np.uint8))
    g.constant("naught", np.array(0, np.int8))
    g.constant("step", np.array(1 / _MOST_ACTIVATION, np.float32))
    g.constant("tiny", np.array(1e-9, np.float32))
    g.constant("one.f", np.array(1, np.float32))
    g.constant("none", np.array(0, np.float32))
    g.number("axis", 1)
    g.number("tokens", -1, HIDDEN)

    packed, scales = quantise_blocks(state["word.weight"])
    x = g.node(
        "GatherBlockQuantized", [g.constant("word", packed), "ids", g.constant("word.s", scales)],
        "word.x", _MICROSOFT, bits=4, block_size=BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    shape = g.node("Shape", ["ids"], "shape")
    length = g.node("Slice", [shape, "axis", g.number("two", 2), g.number("zero", 0)], "length")
    places = g.constant("place", state["place.weight"][:positions])
    place = g.node("Slice", [places, "zero", length, "zero"], "place.x")
    x = g.norm(g.node("Add", [x, place], "embedded"), state["norm.weight"], state["norm.bias"], "norm")
    x = g.node("Reshape", [x, "tokens"], "norm.tokens")
    padding = g.node("Equal", ["ids", g.constant("pad", np.array(PAD, np.int64))], "padding")
    real = g.node("Where", [padding, "none", "one.f"], "real")
    attended = g.node("Cast", [real], "attended", to=TensorProto.INT32)
    by_message = g.node("Concat", [shape, g.number("hidden", HIDDEN)], "by_message", axis=0)
    three_by_message = g.node("Concat", [shape, g.number("three", 3 * HIDDEN)], "three_by_message", axis=0)

    def product(x: str, layer: int, part: str) -> str:
        weight = state[f"layers.{layer}.{part}.weight"]
        smooth = smoothing(largest[f"layers.{layer}.{part}"], weight)
        return g.linear(g.whole_numbers(x, smooth, f"l{layer}.{part}.x"), weight, smooth, f"l{layer}.{part}")

    def joined(x: str, y: str, layer: int, part: str, norm: str) -> str:
        y = g.add(y, state[f"layers.{layer}.{part}.bias"], f"l{layer}.{part}.biased")
        both = g.node("Add", [x, y], f"l{layer}.{norm}.sum")
        weight, bias = (state[f"layers.{layer}.{norm}.{name}"] for name in ("weight", "bias"))
        return g.norm(both, weight, bias, f"l{layer}.{norm}")

    for i in range(sum(name.endswith("qkv.weight") for name in state)):
        n = f"l{i}"
        qkv = g.add(product(x, i, "qkv"), state[f"layers.{i}.qkv.bias"], f"{n}.qkv.biased")
        parts = g.split(g.node("Reshape", [qkv, three_by_message], f"{n}.qkv.messages"), f"{n}.parts")
        found = g.node("MultiHeadAttention", [*parts, "", attended], f"{n}.attention", _MICROSOFT, num_heads=HEADS)
        found = g.node("Reshape", [found, "tokens"], f"{n}.attention.tokens")
        x = joined(x, product(found, i, "out"), i, "out", "norm1")
        bias = g.constant(f"{n}.up.b", state[f"layers.{i}.up.bias"])
        y = g.node("BiasGelu", [product(x, i, "up"), bias], f"{n}.gelu", _MICROSOFT)
        x = joined(x, product(y, i, "down"), i, "down", "norm2")
    x = g.node("Reshape", [x, by_message], "messages")
    weight = g.node("Unsqueeze", [real, "two"], "weight")
    total = g.node("ReduceSum", [g.node("Mul", [x, weight], "kept"), "axis"], "total", keepdims=0)
    mean = g.node("Div", [total, g.node("ReduceSum", [weight, "axis"], "count", keepdims=0)], "mean")
    scores = g.node("MatMul", [mean, g.constant("head.w", state["head.weight"].T)], "head.product")
    g.node("LogSoftmax", [g.add(scores, state["head.bias"], "head")], "scores", axis=-1)
    graph = helper.make_graph(
        g.nodes, "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["messages", "pieces"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["messages", len(state["head.bias"])])],
        list(g.constants.values()),
    )  # fmt: skip
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_MICROSOFT, 1)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="tasrib")
