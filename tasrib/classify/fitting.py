"""From labelled counts of n-grams to their weights."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from tasrib.classify.weighing import weigh

_MOST_STEPS = 300


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


def fit_weights(
    counts: sparse.csr_matrix, idf: np.ndarray, labels: np.ndarray, *, regularisation: float, min_messages: int
) -> tuple[np.ndarray, np.ndarray]:
    """
    Fit the weight of each n-gram for each category.

    Parameters
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.
    idf : numpy.ndarray of float32, shape (KINDS * 2 ** bits,)
        From `inverse_frequency` on the same counts.
    labels : numpy.ndarray of str, shape (n,)
        Categories.
    regularisation : float
        ``C`` of the logistic regression.
    min_messages : int
        An n-gram found in fewer messages gets no weight.

    Returns
    -------
    (coef, intercept) : (numpy.ndarray of float32, numpy.ndarray of float32)
        A row a category, in the order of ``np.unique(labels)``.
    """
    features = features_of(counts, idf)
    used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= min_messages)
    # The solver's BLAS calls are tiny: on busy cores, threads that wait for each other make it many times slower.
    with threadpool_limits(1, user_api="blas"):
        model = LogisticRegression(C=regularisation, max_iter=_MOST_STEPS).fit(features[:, used], labels)
    found, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # of two categories scikit-learn keeps one row: the second against the first
        found, intercept = np.concatenate([-found / 2, found / 2]), np.concatenate([-intercept / 2, intercept / 2])
    # The weights of one n-gram side by side in memory, as they are asked for.
    weights = np.zeros((features.shape[1], len(model.classes_)), np.float32)
    weights[used] = found.T
    return weights.T, intercept.astype(np.float32)
