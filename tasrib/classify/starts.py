"""Where the fits on the corpus alone end, computed once for all who train beside it: theirs start there, and end sooner."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile

import numpy as np

from tasrib.errors import ModelRefused

if TYPE_CHECKING:
    from scipy import sparse

    from tasrib.classify.crossfit import Start

STARTS = "starts.npz"


@dataclass(frozen=True)
class Starts:
    """
    The parts that messages were divided into, and where the fits without each part ended.

    A message is known by its counted n-grams: a changed one, or one counted otherwise, is not there. Where a fit starts does not decide where
    it ends, so what is stored is rounded.

    Attributes
    ----------
    keys : numpy.ndarray of uint64, shape (n,)
        Of each message, ascending.
    folds, halves : numpy.ndarray of int8, shape (n,)
        Part of each message in a cross-fit, and in the tuning.
    classes : numpy.ndarray of str, shape (k,)
        The categories.
    labels : numpy.ndarray of int8, shape (n,)
        Which of them each message was fitted as.
    regularisation : float
        That these fits were made with.
    duals : numpy.ndarray of float16, shape (1 + n_folds, n, k)
        Of the fit on all, and of those without each part: see `tasrib.classify.softmax.Solution`.
    intercepts : numpy.ndarray of float32, shape (1 + n_folds, k)
        Likewise.
    """

    keys: np.ndarray
    folds: np.ndarray
    halves: np.ndarray
    classes: np.ndarray
    labels: np.ndarray
    regularisation: float
    duals: np.ndarray
    intercepts: np.ndarray

    @classmethod
    def of(
        cls, keys: np.ndarray, labels: np.ndarray, folds: np.ndarray, halves: np.ndarray, regularisation: float,
        starts: Mapping[int | None, Start],
    ) -> Starts:  # fmt: skip
        """
        Keep what a cross-fit found.

        Parameters
        ----------
        keys : numpy.ndarray of uint64, shape (n,)
            From `keys_of`. Of messages alike in everything one is kept.
        labels : numpy.ndarray of str, shape (n,)
            Their categories.
        folds, halves : numpy.ndarray of int, shape (n,)
            Part of each message.
        regularisation : float
            Of the cross-fit.
        starts : mapping of int or None to Start
            Of these messages.

        Returns
        -------
        Starts
            To be stored.
        """
        keys, first = np.unique(keys, return_index=True)
        ends = [starts[None], *(starts[part] for part in range(len(starts) - 1))]
        return cls(
            keys,
            folds[first].astype(np.int8),
            halves[first].astype(np.int8),
            ends[0].classes.astype(str),
            np.searchsorted(ends[0].classes, labels[first]).astype(np.int8),
            float(regularisation),
            np.stack([end.duals[first] for end in ends]).astype(np.float16),
            np.stack([end.intercept for end in ends]).astype(np.float32),
        )

    def store(self, file: str | Path) -> None:
        """Write them, as a ``.npz`` file."""
        np.savez_compressed(file, allow_pickle=False, **vars(self))

    @classmethod
    def load(cls, file: str | Path) -> Starts:
        """
        Read them.

        Parameters
        ----------
        file : path
            From `store`.

        Returns
        -------
        Starts
            As they were.

        Raises
        ------
        ModelRefused
            When the file holds something else.
        """
        try:
            with np.load(file, allow_pickle=False) as archive:
                found = cls(**{name: archive[name] for name in cls.__dataclass_fields__})
            sizes = (len(found.intercepts), len(found.keys), len(found.classes))
            fits = (
                found.duals.shape == sizes
                and found.intercepts.shape == sizes[::2]
                and found.keys.dtype == np.uint64
                and len(found.keys) > 0
                and len(found.intercepts) > 2
                and found.folds.shape == found.halves.shape == found.labels.shape == found.keys.shape
                and found.classes.dtype.kind == "U"
                and set(np.unique(found.labels)) <= set(range(sizes[2]))
                and set(np.unique(found.folds)) <= set(range(sizes[0] - 1))
                and set(np.unique(found.halves)) <= {0, 1}
                and np.isfinite(found.duals).all()
                and np.isfinite(found.intercepts).all()
                and 0 < float(found.regularisation) < np.inf
            )
        except (KeyError, ValueError, TypeError, OSError, EOFError, BadZipFile) as error:
            raise ModelRefused(f"{file}: no starts of fits ({error}); make the model anew") from None
        if not fits:
            raise ModelRefused(f"{file}: its starts do not fit together; make the model anew")
        return found

    @property
    def n_folds(self) -> int:
        """How many parts there are."""
        return len(self.duals) - 1

    def places(self, keys: np.ndarray) -> np.ndarray:
        """
        Look messages up.

        Parameters
        ----------
        keys : numpy.ndarray of uint64, shape (m,)
            From `keys_of`.

        Returns
        -------
        numpy.ndarray of int, shape (m,)
            Where each stands here; -1 where it does not.
        """
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[places] == keys, places, -1)

    def starts(self, places: np.ndarray, labels: np.ndarray, regularisation: float) -> dict[int | None, Start]:
        """
        Give the starts of other fits on these messages.

        Parameters
        ----------
        places : numpy.ndarray of int, shape (m,)
            From `places`; at -1 a start knows nothing.
        labels : numpy.ndarray of str, shape (m,)
            Categories; of a message that had another before it knows nothing either.
        regularisation : float
            Of the fits to come.

        Returns
        -------
        dict of int or None to Start
            As `tasrib.classify.crossfit.cross_fit` takes them.
        """
        from tasrib.classify.crossfit import Start

        known = (places >= 0) & (self.classes[self.labels[places]] == labels)
        found: dict[int | None, Start] = {}
        for number, (duals, intercept) in enumerate(zip(self.duals, self.intercepts, strict=True)):
            these = np.zeros((len(places), len(self.classes)))
            # At the optimum the duals are the errors times the setting; the errors change less than it does.
            these[known] = duals[places[known]].astype(float) * (regularisation / float(self.regularisation))
            found[number - 1 if number else None] = Start(self.classes, these, intercept.astype(float))
        return found


def keys_of(counts: sparse.csr_matrix) -> np.ndarray:
    """
    Number messages by their n-grams.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.

    Returns
    -------
    numpy.ndarray of uint64, shape (n,)
        A hash of the n-grams of each and how often it has each.
    """
    columns, times = counts.indices.astype(np.uint32), np.minimum(counts.data, 255).astype(np.uint8)
    keys = np.empty(counts.shape[0], np.uint64)
    for row, (begin, end) in enumerate(zip(counts.indptr[:-1], counts.indptr[1:], strict=True)):
        digest = hashlib.blake2b(f"{counts.shape[1]} ".encode(), digest_size=8)
        digest.update(columns[begin:end].tobytes())
        digest.update(times[begin:end].tobytes())
        keys[row] = np.frombuffer(digest.digest(), np.uint64)[0]
    return keys
