"""The fine-tuned encoder as ONNX, written node by node: blocks of 4 bits where they were so before, of 8 where it learned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.encoder.net import EPS, HEADS, HIDDEN, PAD

BLOCK = 32
_OPSET, _MICROSOFT_OPSET, _IR = 17, 1, 9


class _Graph:
    """Collects nodes and constants."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: np.ndarray) -> str:
        """Store an array."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], name: str, domain: str = "", **attributes) -> str:
        """Add a node with one output of its name."""
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray, bits: int, name: str) -> str:
        """Multiply by a matrix in blocks of few bits and add the bias."""
        if bits == 32:
            y = self.node("MatMul", [x, self.constant(f"{name}.w", weight.T)], f"{name}.mm")
        else:
            packed, scales = quantise(weight, bits)
            inputs = [x, self.constant(f"{name}.w", packed), self.constant(f"{name}.s", scales.ravel())]
            y = self.node(
                "MatMulNBits", inputs, f"{name}.mm", "com.microsoft",
                K=weight.shape[1], N=weight.shape[0], bits=bits, block_size=BLOCK, accuracy_level=0,
            )  # fmt: skip
        return self.node("Add", [y, self.constant(f"{name}.b", bias)], f"{name}.y")

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray, name: str) -> str:
        """Normalise each token."""
        inputs = [x, self.constant(f"{name}.w", weight), self.constant(f"{name}.b", bias)]
        return self.node("LayerNormalization", inputs, f"{name}.y", axis=-1, epsilon=EPS)


def quantise(weight: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Store a matrix in blocks of whole numbers around a middle.

    Parameters
    ----------
    weight : numpy.ndarray of float32, shape (n, k)
        ``k`` a multiple of ``BLOCK``.
    bits : int
        4 or 8.

    Returns
    -------
    (packed, scales) : (numpy.ndarray of uint8, numpy.ndarray of float32)
        As ONNX Runtime's ``MatMulNBits`` wants them. A matrix that came from blocks of 4 bits is met exactly: as there, the
        value of largest size is the lowest number.
    """
    blocks = weight.reshape(len(weight), -1, BLOCK).astype(np.float64)
    middle = 2 ** (bits - 1)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scale = largest / -middle
    # A scale was rounded to half precision in the package; the rounded one gives the whole numbers back.
    scale = np.where(bits == 4, scale.astype(np.float16), scale).astype(np.float64)
    numbers = np.rint(np.divide(blocks, scale, out=np.zeros_like(blocks), where=scale != 0)) + middle
    numbers = np.clip(numbers, 0, 2 * middle - 1).astype(np.uint8)
    if bits == 4:
        numbers = numbers[..., 0::2] | (numbers[..., 1::2] << 4)
    return numbers, scale[..., 0].astype(np.float32)


def to_onnx(state: Mapping[str, np.ndarray], bits: list[int], positions: int, word_bits: int = 8) -> onnx.ModelProto:
    """
    Write the network.

    Parameters
    ----------
    state : mapping of str to numpy.ndarray of float32
        ``state_dict`` of `training.encoder.net.Net`.
    bits : list of int
        For each layer 4, 8 or, not quantised, 32.
    positions : int
        Longest message in pieces.
    word_bits : int
        4, 8 or 32 for the pieces' vectors.

    Returns
    -------
    onnx.ModelProto
        Takes ``ids`` (int64, messages by pieces, padded) and gives ``scores``, the log-probabilities of the categories.
    """
    g = _Graph()

    def whole(name: str, *values: int) -> str:
        return g.constant(name, np.array(values, np.int64))

    word = state["word.weight"]
    if word_bits == 32:
        x = g.node("Gather", [g.constant("word", word), "ids"], "word.x")
    else:
        packed, scales = quantise(word, word_bits)
        packed = packed.reshape(len(word), -1)
        x = g.node(
            "GatherBlockQuantized",
            [g.constant("word", packed), "ids", g.constant("word.s", scales)],
            "word.x", "com.microsoft", bits=word_bits, block_size=BLOCK, gather_axis=0, quantize_axis=1,
        )  # fmt: skip
    shape = g.node("Shape", ["ids"], "shape")
    length = g.node("Slice", [shape, whole("one", 1), whole("two", 2), whole("zero", 0)], "length")
    places = g.constant("place", state["place.weight"][:positions])
    place = g.node("Slice", [places, "zero", length, "zero"], "place.x")
    x = g.norm(g.node("Add", [x, place], "embedded"), state["norm.weight"], state["norm.bias"], "norm")
    padding = g.node("Equal", ["ids", g.constant("pad", np.array(PAD, np.int64))], "padding")
    far, none = g.constant("far", np.array(-1e9, np.float32)), g.constant("none", np.array(0, np.float32))
    one = g.constant("one.f", np.array(1, np.float32))
    mask = g.node("Unsqueeze", [g.node("Where", [padding, far, none], "mask.2"), whole("axes", 1, 2)], "mask")
    real = g.node("Unsqueeze", [g.node("Where", [padding, none, one], "real.2"), "two"], "real")
    heads, joined = whole("heads", 0, 0, HEADS, HIDDEN // HEADS), whole("joined", 0, 0, HIDDEN)
    root = g.constant("root", np.array((HIDDEN // HEADS) ** -0.5, np.float32))
    half, root_half = g.constant("half", np.array(0.5, np.float32)), g.constant("rh", np.array(0.5**0.5, np.float32))
    for i in range(len(bits)):
        part = {k.removeprefix(f"layers.{i}."): v for k, v in state.items() if k.startswith(f"layers.{i}.")}
        n = f"l{i}"
        qkv = []
        for j, letter in enumerate("qkv"):
            rows = slice(j * HIDDEN, (j + 1) * HIDDEN)
            y = g.linear(x, part["qkv.weight"][rows], part["qkv.bias"][rows], bits[i], f"{n}.{letter}")
            y = g.node("Reshape", [y, heads], f"{n}.{letter}.h")
            qkv.append(
                g.node("Transpose", [y], f"{n}.{letter}.t", perm=[0, 2, 3, 1] if letter == "k" else [0, 2, 1, 3])
            )
        q = g.node("Mul", [qkv[0], root], f"{n}.q.r")
        found = g.node("Add", [g.node("MatMul", [q, qkv[1]], f"{n}.a"), mask], f"{n}.a.m")
        found = g.node("MatMul", [g.node("Softmax", [found], f"{n}.a.s", axis=-1), qkv[2]], f"{n}.c")
        found = g.node("Reshape", [g.node("Transpose", [found], f"{n}.c.t", perm=[0, 2, 1, 3]), joined], f"{n}.c.j")
        y = g.linear(found, part["out.weight"], part["out.bias"], bits[i], f"{n}.out")
        x = g.norm(g.node("Add", [x, y], f"{n}.r1"), part["norm1.weight"], part["norm1.bias"], f"{n}.n1")
        y = g.linear(x, part["up.weight"], part["up.bias"], bits[i], f"{n}.up")
        e = g.node("Add", [g.node("Erf", [g.node("Mul", [y, root_half], f"{n}.g1")], f"{n}.g2"), one], f"{n}.g3")
        y = g.node("Mul", [g.node("Mul", [y, e], f"{n}.g4"), half], f"{n}.g5")
        y = g.linear(y, part["down.weight"], part["down.bias"], bits[i], f"{n}.down")
        x = g.norm(g.node("Add", [x, y], f"{n}.r2"), part["norm2.weight"], part["norm2.bias"], f"{n}.n2")
    total = g.node("ReduceSum", [g.node("Mul", [x, real], "kept"), "one"], "total", keepdims=0)
    mean = g.node("Div", [total, g.node("ReduceSum", [real, "one"], "count", keepdims=0)], "mean")
    scores = g.linear(mean, state["head.weight"], state["head.bias"], 32, "head")
    g.node("LogSoftmax", [scores], "scores", axis=-1)
    graph = helper.make_graph(
        g.nodes, "encoder",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["messages", "pieces"])],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["messages", len(state["head.bias"])])],
        g.constants,
    )  # fmt: skip
    opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("com.microsoft", _MICROSOFT_OPSET)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=_IR, producer_name="tasrib")
