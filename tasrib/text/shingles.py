"""The 5-grams of messages, as sets of hashes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from tasrib.text.grown import Grown
from tasrib.text.normal_form import normalise
from tasrib.text.stored import Scratch, write_all

SHINGLE = 5
_WIDTH = 2**31 - 1
# Bytes of a hash, and texts parted at a time.
_BYTES, _TEXTS = 4, 4_000
# Odd numbers without a pattern: the high bits of a product with them are a hash (Dietzfelbinger et al. 1997).
_OF_LETTERS, _OF_GRAMS = map(np.uint64, (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93))


def shingles(texts: Sequence[str], *, normalised: bool = False) -> sparse.csr_matrix:
    """
    Sets of character 5-grams of normalised messages.

    Parameters
    ----------
    texts : sequence of str
        Messages as received.
    normalised : bool
        The texts went through `tasrib.text.normalise` already.

    Returns
    -------
    scipy.sparse.csr_matrix of int8, shape (n_texts, 2 ** 31 - 1)
        1 where the message has the 5-gram, by its hash; a shorter message is its own shingle.
    """
    n = len(texts)
    # One array from the start: parts put together would lie in memory twice. What is not filled takes no room.
    columns = np.empty(sum(map(len, texts)) + SHINGLE * n, np.int32)
    starts = np.zeros(n + 1, np.int64)
    for start in range(0, n, _TEXTS):
        part, counts = _grams([_framed(text, normalised) for text in texts[start : start + _TEXTS]])
        stop = start + len(counts)
        starts[start + 1 : stop + 1] = starts[start] + np.cumsum(counts)
        if starts[stop] > len(columns):
            # A few letters are two once they are small, and texts may grow when they are rewritten.
            columns = np.concatenate([columns, np.empty(len(columns) + len(part), np.int32)])
        columns[starts[start] : starts[stop]] = part
    return _sets(columns[: starts[-1]], starts)


def _framed(text: str, normalised: bool) -> str:
    # Somebody who writes "url" where another has a link, which is a token in capitals, writes the same message.
    return f" {(text if normalised else normalise(text)).lower()} ".ljust(SHINGLE, "_")


def _grams(plain: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The hashed 5-grams of each text in order, each once, and how many each text has."""
    codes = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, plain), np.int64, len(plain))
    hashed = np.zeros(len(codes) - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        hashed *= _OF_LETTERS
        hashed += codes[place : place + len(hashed)]
    hashed *= _OF_GRAMS
    # What begins in the last letters of a text ends in the next one.
    begins = np.ones(len(codes), bool)
    ends = np.cumsum(lengths)
    for back in range(1, SHINGLE):
        begins[ends - back] = False
    of = np.repeat(np.arange(len(plain), dtype=np.uint64), lengths - SHINGLE + 1)
    keys = np.sort((of << np.uint64(32)) | (hashed[begins[: len(hashed)]] >> np.uint64(33)) % np.uint64(_WIDTH))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int32), np.bincount(keys >> np.uint64(32), minlength=len(plain))


class StoredShingles:
    """
    Sets of 5-grams that are too many for memory, in a file; in memory are 8 bytes of each.

    Parameters
    ----------
    scratch : callable
        Makes the file.
    """

    def __init__(self, scratch: Scratch = io.BytesIO) -> None:
        self._file, self._ends = scratch(), Grown(np.int64)

    def add(self, sets: sparse.csr_matrix) -> None:
        """
        Take further sets.

        Parameters
        ----------
        sets : scipy.sparse.csr_matrix of int8, shape (n, m)
            From `shingles`.
        """
        begin = self._file.seek(0, io.SEEK_END) // _BYTES
        write_all(self._file, sets.indices.astype(np.int32).data)
        self._ends.add(begin + sets.indptr[1:].astype(np.int64))

    def sizes(self, places: np.ndarray) -> np.ndarray:
        """
        Count.

        Parameters
        ----------
        places : numpy.ndarray of int
            Sets by their place.

        Returns
        -------
        numpy.ndarray of int
            How many 5-grams are in each.
        """
        return self._ends.values[places] - self._begins(places)

    def some(self, places: np.ndarray) -> sparse.csr_matrix:
        """
        Read sets.

        Parameters
        ----------
        places : numpy.ndarray of int
            Their places.

        Returns
        -------
        scipy.sparse.csr_matrix
            As they were taken.
        """
        starts = np.concatenate([[0], np.cumsum(self.sizes(places))])
        columns = np.empty(starts[-1], np.int32)
        view = columns.view(np.uint8).data
        for place, start, stop in zip(
            (_BYTES * self._begins(places)).tolist(), (_BYTES * starts[:-1]).tolist(), (_BYTES * starts[1:]).tolist(), strict=True
        ):  # fmt: skip
            self._file.seek(place)
            self._file.readinto(view[start:stop])  # type: ignore[attr-defined]
        return _sets(columns, starts)

    def _begins(self, places: np.ndarray) -> np.ndarray:
        return np.where(places > 0, self._ends.values[places - 1], 0)


def _sets(columns: np.ndarray, starts: np.ndarray) -> sparse.csr_matrix:
    sets = sparse.csr_matrix((np.ones(len(columns), np.int8), columns, starts), shape=(len(starts) - 1, _WIDTH))
    sets.has_canonical_format = True
    return sets
