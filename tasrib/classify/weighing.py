"""How much each n-gram of a message counts: the features of the regression."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from tasrib.text.grid import on_grid
from tasrib.text.ngrams import KINDS

# Messages whose weights are added up at a time, so that these stay in the processor's own memory.
_TOGETHER = 50
SHORT_MESSAGE = 400.0  # squared length added to that of every message: about five rare n-grams of a kind


class Rows(Protocol):
    """Counts of n-grams, a row a message: `tasrib.text.ngrams.Counts`, or a `scipy.sparse.csr_matrix`."""

    @property
    def indptr(self) -> np.ndarray: ...  # noqa: D102
    @property
    def indices(self) -> np.ndarray: ...  # noqa: D102
    @property
    def data(self) -> np.ndarray: ...  # noqa: D102
    @property
    def shape(self) -> tuple[int, int]: ...  # noqa: D102


def weigh(counts: Rows, idf: np.ndarray) -> np.ndarray:
    """
    Turn counts into features.

    Parameters
    ----------
    counts : Rows, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.Ngrams`.
    idf : numpy.ndarray of float32, shape (KINDS * 2 ** bits,)
        From `tasrib.classify.fitting.inverse_frequency`.

    Returns
    -------
    numpy.ndarray of float32, shape (nnz,)
        Of each entry: sublinear counts times `idf`, of length below 1 within each kind of n-gram of a message.
    """
    # Each kind of n-gram gets its own length: a long message has more characters than words, not better ones.
    kind = counts.indices // (counts.shape[1] // KINDS)
    kind += np.repeat(KINDS * np.arange(counts.shape[0], dtype=kind.dtype), np.diff(counts.indptr))
    times = counts.data.astype(np.intp)
    weight = log_counts(int(times.max(initial=0)))[times] * idf.take(counts.indices)
    # Unknown n-grams count for the length, and so does a constant: what little is known of a strange or a very short
    # message must not be blown up to the size of a whole one.
    length = np.sqrt(np.bincount(kind, weight**2, minlength=KINDS * counts.shape[0]) + SHORT_MESSAGE)
    return (weight / length[kind]).astype(np.float32)


def log_counts(most: int) -> np.ndarray:
    """
    Say how much an n-gram counts that occurs several times.

    Parameters
    ----------
    most : int
        The most times.

    Returns
    -------
    numpy.ndarray of float32, shape (most + 1,)
        One more than the natural logarithm of each number of times; 0 at none.
    """
    times = np.arange(1, most + 1, dtype=np.float32)
    return np.append(np.float32(0), 1 + np.log(times))


def unknown_share(counts: Rows, idf: np.ndarray) -> np.ndarray:
    """
    Tell how strange messages are.

    Parameters
    ----------
    counts : Rows, shape (n, m)
        Which entries each message has.
    idf : numpy.ndarray of float32, shape (m,)
        Inverse document frequencies; the largest is that of an n-gram that was met in too few messages to learn from.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Share of its entries, of all kinds, that are such n-grams; 0 of a message without any.
    """
    n = counts.shape[0]
    row = np.repeat(np.arange(n), np.diff(counts.indptr))
    unknown = np.bincount(row, idf.take(counts.indices) >= idf.max(), minlength=n)
    return unknown / np.maximum(np.diff(counts.indptr), 1)


def add_up(counts: Rows, features: np.ndarray, coef: np.ndarray) -> np.ndarray:
    """
    Score messages.

    Parameters
    ----------
    counts : Rows, shape (n, m)
        Which entries each message has.
    features : numpy.ndarray of float32, shape (nnz,)
        From `weigh`.
    coef : numpy.ndarray of float32, shape (n_classes, m)
        Weights of the n-grams.

    Returns
    -------
    numpy.ndarray of float, shape (n, n_classes)
        What the entries of each message add up to; the same to the last bit whatever other messages stand beside it.
    """
    found = np.zeros((counts.shape[0], coef.shape[0]))
    for first in range(0, counts.shape[0], _TOGETHER):
        bounds = counts.indptr[first : first + _TOGETHER + 1]
        entries = slice(bounds[0], bounds[-1])
        some = np.flatnonzero(np.diff(bounds))
        if len(some):
            parts = coef.T.take(counts.indices[entries], axis=0)
            parts *= features[entries, None]
            found[first + some] = np.add.reduceat(on_grid(parts), bounds[some] - bounds[0], axis=0)
    return found
