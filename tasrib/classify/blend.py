"""How much the words count and how much the message as a whole: two scores in, one probability out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tasrib.classify.categories import CAMPAIGN
from tasrib.classify.log_odds import log_sum_exp, sigmoid, softmax


def blend(
    classes: np.ndarray, scores: np.ndarray, log_odds: np.ndarray, whole: np.ndarray | None,
    weights: tuple[float, float],
) -> np.ndarray:  # fmt: skip
    """
    Turn scores into probabilities of the categories.

    Parameters
    ----------
    classes : numpy.ndarray of str, shape (k,)
        Order of the columns.
    scores : numpy.ndarray, shape (n, k)
        Scores of the n-grams.
    log_odds : numpy.ndarray, shape (n,)
        Calibrated log-odds of campaign.
    whole : numpy.ndarray, shape (n, k), optional
        Log-probabilities of the encoder.
    weights : (float, float)
        Of the two for the other categories.

    Returns
    -------
    numpy.ndarray, shape (n, k)
        Rows sum to 1. Campaign has its calibrated probability; the other categories divide the rest in proportion to the softmax of
        the weighted scores.
    """
    place = int(np.flatnonzero(classes == CAMPAIGN)[0])
    probability = sigmoid(log_odds)
    others = np.delete(scores, place, axis=1)
    if whole is not None:
        others = weights[0] * others + weights[1] * np.delete(whole, place, axis=1)
    return np.insert(softmax(others) * (1 - probability)[:, None], place, probability, axis=1)


def campaign_log_odds(scores: np.ndarray, classes: Sequence[str] | np.ndarray) -> np.ndarray:
    """
    Log-odds of campaign against all other categories.

    Parameters
    ----------
    scores : numpy.ndarray, shape (n, k)
        Logarithms of what is proportional to the probabilities.
    classes : sequence of str, shape (k,)
        Order of the columns.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Score of campaign less the log-sum-exp of the others.
    """
    campaign = np.asarray(classes) == CAMPAIGN
    return scores[:, campaign].ravel() - log_sum_exp(scores[:, ~campaign])


def places_of(classes: Sequence[str], known: Sequence[str]) -> list[int] | None:
    """Places of `classes` among those `known`, None when one is not there."""
    return [list(known).index(name) for name in classes] if set(classes) <= set(known) else None
