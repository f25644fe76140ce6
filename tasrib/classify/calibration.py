"""From a score to a probability that means what it says, and from there to a decision."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression


def fit_sigmoid(scores: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
    """
    Fit the sigmoid that turns scores into probabilities.

    Parameters
    ----------
    scores : numpy.ndarray, shape (n,)
        Log-odds of messages that the model was not fitted on.
    positive : numpy.ndarray of bool, shape (n,)
        Whether each message is of the class.

    Returns
    -------
    (slope, intercept) : (float, float)
        ``expit(slope * score + intercept)`` is the calibrated probability.

    Notes
    -----
    Platt, "Probabilistic outputs for support vector machines", 1999. A sigmoid, not isotonic regression: it keeps the
    score linear in the features, so that the reasons of a decision add up to it.
    """
    model = LogisticRegression(C=1e6).fit(np.reshape(scores, (-1, 1)), positive)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def fit_blend(words: np.ndarray, whole: np.ndarray, positive: np.ndarray) -> tuple[float, float, float]:
    """
    Fit the weights of the two scores.

    Parameters
    ----------
    words, whole : numpy.ndarray, shape (n,)
        Log-odds of campaign by the n-grams and by the encoder, of messages that neither was fitted on.
    positive : numpy.ndarray of bool, shape (n,)
        What was true.

    Returns
    -------
    (slope, weight, intercept) : (float, float, float)
        ``expit(slope * words + weight * whole + intercept)`` is the calibrated probability.

    Notes
    -----
    Stacking by logistic regression: Wolpert, "Stacked generalization", Neural Networks 1992. Linear in both, so that the reasons
    of a decision add up to it.
    """
    model = LogisticRegression(C=100.0).fit(np.column_stack([words, whole]), positive)
    (slope, weight), intercept = model.coef_[0], model.intercept_[0]
    return float(slope), float(weight), float(intercept)


def choose_thresholds(
    probability: np.ndarray, positive: np.ndarray, *, precision: float, recall: float
) -> tuple[float, float]:
    """
    Choose the review band.

    Parameters
    ----------
    probability : numpy.ndarray, shape (n,)
        Calibrated probabilities of messages that the model was not fitted on.
    positive : numpy.ndarray of bool, shape (n,)
        What was true.
    precision : float
        Least share of true positives among the messages above the upper threshold.
    recall : float
        Least share of the positives above the lower threshold.

    Returns
    -------
    (lower, upper) : (float, float)
        Below `lower` a message is ``not_campaign``, from `upper` on ``campaign``, between them ``review``.
    """
    order = np.argsort(-probability, kind="stable")
    ranked, hits = probability[order], np.cumsum(positive[order])
    last_of_tie = np.append(ranked[1:] != ranked[:-1], True)
    precise = np.flatnonzero((hits / np.arange(1, len(hits) + 1) >= precision) & last_of_tie)
    complete = np.flatnonzero((hits >= recall * hits[-1]) & last_of_tie)
    # Halfway to the next lower score in log-odds: the threshold should not hang on the one message that set it.
    upper = _between(ranked, precise[-1]) if len(precise) else 0.99
    lower = _between(ranked, complete[0])
    return min(lower, upper), upper


def _between(ranked: np.ndarray, last: int) -> float:
    inside = ranked[last]
    outside = ranked[last + 1] if last + 1 < len(ranked) else 0.0
    low, high = np.clip([outside, inside], 1e-6, 1 - 1e-6)
    return float(expit((logit(low) + logit(high)) / 2))
