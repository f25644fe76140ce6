"""From labelled counts of n-grams to their weights."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from tasrib.classify.softmax import Solution, fit_softmax
from tasrib.classify.weighing import weigh


def inverse_frequency(counts: sparse.csr_matrix, min_messages: int) -> np.ndarray:
    """
    Say how rare each n-gram is.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.
    min_messages : int
        An n-gram found in fewer messages counts as one never seen.

    Returns
    -------
    numpy.ndarray of float32, shape (KINDS * 2 ** bits,)
        Inverse document frequencies.
    """
    found = np.bincount(counts.indices, minlength=counts.shape[1])
    # Of an n-gram found in too few messages nothing is learnt: it weighs as one never seen.
    found[found < min_messages] = 0
    return (np.log((1 + counts.shape[0]) / (1 + found)) + 1).astype(np.float32)


def features_of(counts: sparse.csr_matrix, idf: np.ndarray) -> sparse.csr_matrix:
    """
    Turn counts into features.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.
    idf : numpy.ndarray of float32, shape (KINDS * 2 ** bits,)
        From `inverse_frequency`.

    Returns
    -------
    scipy.sparse.csr_matrix of float32, shape (n, KINDS * 2 ** bits)
        From `tasrib.classify.weighing.weigh`; entries in the order of `counts`.
    """
    return sparse.csr_matrix((weigh(counts, idf), counts.indices, counts.indptr), counts.shape)


class Design:
    """
    Labelled messages as the regression takes them: made once, fitted as often as there are settings to try.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.
    labels : numpy.ndarray of str, shape (n,)
        Categories.
    min_messages : int
        An n-gram found in fewer messages gets no weight.

    Attributes
    ----------
    classes : numpy.ndarray of str, shape (k,)
        The categories, sorted.
    idf : numpy.ndarray of float32, shape (KINDS * 2 ** bits,)
        From `inverse_frequency`.
    """

    def __init__(self, counts: sparse.csr_matrix, labels: np.ndarray, min_messages: int):
        self.classes, self._codes = np.unique(labels, return_inverse=True)
        self.idf = inverse_frequency(counts, min_messages)
        self._used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= min_messages)
        self._features = features_of(counts, self.idf).tocsc()[:, self._used]
        self._width = counts.shape[1]

    def solve(self, regularisation: float, start: Solution | None = None) -> Solution:
        """
        Fit the regression.

        Parameters
        ----------
        regularisation : float
            ``C``, as scikit-learn counts it.
        start : Solution, optional
            Of a similar problem, for the same messages.

        Returns
        -------
        Solution
            From `tasrib.classify.softmax.fit_softmax`.
        """
        # Of two categories scikit-learn penalises one row of weights, which are the difference of the two here.
        size = regularisation / 2 if len(self.classes) == 2 else regularisation
        return fit_softmax(self._features, self._codes, len(self.classes), regularisation=size, start=start)

    def weights(self, solution: Solution) -> tuple[np.ndarray, np.ndarray]:
        """
        Spell a solution out.

        Parameters
        ----------
        solution : Solution
            From `solve`.

        Returns
        -------
        (coef, intercept) : (numpy.ndarray of float32, numpy.ndarray of float32)
            Weight of each n-gram, and log-odds at no evidence; a row a category.
        """
        # The weights of one n-gram side by side in memory, as they are asked for.
        weights = np.zeros((self._width, len(self.classes)), np.float32)
        weights[self._used] = self._features.T @ solution.duals.astype(np.float32)
        return weights.T, solution.intercept.astype(np.float32)
