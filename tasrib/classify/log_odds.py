"""From scores to probabilities. SciPy has these functions, and takes half a second to import: longer than a message takes to be read."""

from __future__ import annotations

import numpy as np


def sigmoid(log_odds: np.ndarray) -> np.ndarray:
    """
    Turn log-odds into probabilities.

    Parameters
    ----------
    log_odds : numpy.ndarray, shape (n,)
        Natural logarithms of odds.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        From 0 to 1.
    """
    small = np.exp(-np.abs(log_odds))
    return np.where(log_odds >= 0, 1.0, small) / (1.0 + small)


def log_sum_exp(scores: np.ndarray) -> np.ndarray:
    """
    Add up in logarithms.

    Parameters
    ----------
    scores : numpy.ndarray, shape (n, k)
        Natural logarithms.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Logarithm of the sum of each row.
    """
    most = scores.max(axis=1)
    return most + np.log(np.exp(scores - most[:, None]).sum(axis=1))


def softmax(scores: np.ndarray) -> np.ndarray:
    """
    Turn scores into shares.

    Parameters
    ----------
    scores : numpy.ndarray, shape (n, k)
        Natural logarithms of what is proportional to the shares.

    Returns
    -------
    numpy.ndarray of float, shape (n, k)
        Rows sum to 1.
    """
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def entropy(shares: np.ndarray) -> np.ndarray:
    """
    Say how spread out shares are.

    Parameters
    ----------
    shares : numpy.ndarray, shape (n, k)
        Rows sum to 1.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Of each row, in nats.
    """
    some = np.where(shares > 0, shares, 1.0)
    return -(some * np.log(some)).sum(axis=1)
