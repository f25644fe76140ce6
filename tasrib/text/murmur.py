"""MurmurHash3 of many substrings of one text at once: scikit-learn's takes a Python object a substring, which costs more than hashing it."""

from __future__ import annotations

import numpy as np

_C1, _C2 = np.uint32(0xCC9E2D51), np.uint32(0x1B873593)
# Bytes beyond the end that a block of the last substring may reach into.
ROOM = 4


class Hashed:
    """
    A row of bytes whose parts are hashed.

    Parameters
    ----------
    data : bytes
        All of it, followed by `ROOM` bytes that belong to no part.

    Notes
    -----
    MurmurHash3_x86_32 with seed 0 (Appleby, public domain). What each block of four bytes adds is worked out once for each place, not once
    for each of the substrings that cover it.
    """

    def __init__(self, data: bytes):
        row = np.frombuffer(data, np.uint8).astype(np.uint32)
        block = row[:-3] | row[1:-2] << np.uint32(8) | row[2:-1] << np.uint32(16) | row[3:] << np.uint32(24)
        self._whole = _mixed(block)
        self._tail = np.stack([np.zeros_like(block), *(_mixed(block & np.uint32(2 ** (8 * n) - 1)) for n in (1, 2, 3))])

    def columns(self, start: np.ndarray, stop: np.ndarray, bits: int) -> np.ndarray:
        """
        Hash substrings into columns.

        Parameters
        ----------
        start, stop : numpy.ndarray of int, shape (n,)
            Where they begin and end.
        bits : int
            There are ``2 ** bits`` columns.

        Returns
        -------
        numpy.ndarray of int32, shape (n,)
            The columns that `sklearn.feature_extraction.FeatureHasher` gives them.
        """
        length = stop - start
        blocks = length >> 2
        found = np.zeros(len(start), np.uint32)
        for n in range(int(blocks.max(initial=0))):
            longer = slice(None) if n < int(blocks.min()) else np.flatnonzero(blocks > n)
            part = found[longer] ^ self._whole[start[longer] + 4 * n]
            found[longer] = (part << np.uint32(13) | part >> np.uint32(19)) * np.uint32(5) + np.uint32(0xE6546B64)
        found ^= self._tail[length & 3, start + 4 * blocks]
        found ^= length.astype(np.uint32)
        found ^= found >> np.uint32(16)
        found *= np.uint32(0x85EBCA6B)
        found ^= found >> np.uint32(13)
        found *= np.uint32(0xC2B2AE35)
        found ^= found >> np.uint32(16)
        # Of the one number whose absolute value is none of its kind the low bits are 0 too, as scikit-learn has it.
        return (np.abs(found.view(np.int32)) & np.int32(2**bits - 1)).astype(np.int32)


def _mixed(block: np.ndarray) -> np.ndarray:
    block = block * _C1
    return (block << np.uint32(15) | block >> np.uint32(17)) * _C2
