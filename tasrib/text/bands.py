"""MinHash bands: hashes of sets that are equal the likelier the more the sets are alike."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy import sparse

from tasrib.text.stored import Scratch, write_all

BANDS = 42
_ROWS = 3
# 5-grams hashed at a time: so many stay in a processor's cache.
_GRAMS = 2**16
_OF_BANDS = np.uint64(0xC2B2AE3D27D4EB4F)


def bands_of(sets: sparse.csr_matrix, *, seed: int = 0) -> np.ndarray:
    """
    Hash sets.

    Parameters
    ----------
    sets : scipy.sparse.csr_matrix, shape (n, m)
        One set a row, as from `tasrib.text.shingles.shingles`.
    seed : int
        Seed of the hash functions.

    Returns
    -------
    numpy.ndarray of uint64, shape (BANDS, n)
        Of two sets at Jaccard similarity s each band is equal with probability s ** 3.

    Notes
    -----
    Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman & Ullman, "Mining of Massive Datasets", 3.4 (bands).
    """
    rng = np.random.default_rng(seed)
    factors, shifts = rng.integers(0, 2**32, (2, BANDS, _ROWS), dtype=np.uint32)
    factors |= np.uint32(1)
    bands = np.zeros((BANDS, sets.shape[0]), np.uint64)
    filled = np.flatnonzero(np.diff(sets.indptr))
    starts = sets.indptr[:-1][filled]
    # Rows until a block of 5-grams is full: what is done to a block 126 times should be in the processor's cache.
    edges = np.flatnonzero(np.diff(starts // _GRAMS, prepend=-1))
    for first, last in pairwise(np.append(edges, len(filled))):
        rows, begin = filled[first:last], starts[first]
        columns = sets.indices[begin : sets.indptr[rows[-1] + 1]].astype(np.uint32)
        hashed = np.empty_like(columns)
        for number in range(BANDS):
            band = np.zeros(len(rows), np.uint64)
            for factor, shift in zip(factors[number], shifts[number], strict=True):
                np.multiply(columns, factor, out=hashed)
                np.add(hashed, shift, out=hashed)
                band = band * _OF_BANDS + np.minimum.reduceat(hashed, starts[first:last] - begin)
            bands[number, rows] = band * _OF_BANDS
    return bands


class StoredBands:
    """
    The bands of many sets, in a file.

    Parameters
    ----------
    n : int
        How many sets.
    scratch : callable
        Makes the file.
    """

    def __init__(self, n: int, scratch: Scratch = io.BytesIO) -> None:
        self._n, self._file = n, scratch()

    def put(self, start: int, bands: np.ndarray) -> None:
        """
        Take the bands of some sets.

        Parameters
        ----------
        start : int
            The place of the first.
        bands : numpy.ndarray of uint64, shape (BANDS, n_some)
            From `bands_of`.
        """
        for number, band in enumerate(bands):
            self._file.seek(8 * (number * self._n + start))
            write_all(self._file, np.ascontiguousarray(band).data)

    def __iter__(self) -> Iterator[np.ndarray]:
        """Yield one band of all sets after the other, each an array of its own."""
        for number in range(BANDS):
            self._file.seek(8 * number * self._n)
            band = np.empty(self._n, np.uint64)
            self._file.readinto(band.data)  # type: ignore[attr-defined]
            yield band
