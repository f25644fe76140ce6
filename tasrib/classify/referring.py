"""What a model is to remember of the messages that it was calibrated on, so that batches can be held against them."""

from __future__ import annotations

import numpy as np

from tasrib.classify.batch import Reference, count_log_odds
from tasrib.classify.calibration import choose_thresholds
from tasrib.classify.log_odds import sigmoid

# In no batch are messages dismissed above the threshold that leaves out one campaign message of a hundred of the calibration.
_FLOOR_RECALL = 0.99
_DRAWS = 100
_LEAST_OF_A_HAND = 20


def refer(log_odds: np.ndarray, positive: np.ndarray, groups: np.ndarray, strange: np.ndarray) -> Reference:
    """
    Describe the messages of a calibration.

    Parameters
    ----------
    log_odds : numpy.ndarray of float, shape (n,)
        Calibrated on them.
    positive : numpy.ndarray of bool, shape (n,)
        Which are campaign; there are both.
    groups : numpy.ndarray of int, shape (n,)
        What one hand wrote, or near-duplicates.
    strange : numpy.ndarray of float, shape (n,)
        Share of their n-grams that were unknown to weights that had not seen them.

    Returns
    -------
    Reference
        To be stored with the model.
    """
    probability = sigmoid(log_odds)
    floor, _ = choose_thresholds(probability, positive, precision=1.0, recall=_FLOOR_RECALL)
    of = np.unique(groups, return_inverse=True)[1]
    sizes = np.bincount(of)
    means = (np.bincount(of, strange) / sizes)[sizes >= _LEAST_OF_A_HAND]
    return Reference(
        counts=tuple(count_log_odds(probability).tolist()),
        prior=float(positive.mean()),
        wobble=tuple(map(tuple, np.round(_recalibrations(log_odds, positive, of), 4).tolist())),
        floor=floor,
        # Without hands that wrote many messages nobody knows how strange one may be.
        strange=float(np.quantile(means, 0.99)) if len(means) else 1.0,
    )


def _recalibrations(log_odds: np.ndarray, positive: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Slopes and intercepts of calibrations on resamples of whole groups, by Newton's method on all of them at once."""
    rng = np.random.default_rng(0)
    n = of.max() + 1
    weights = rng.multinomial(n, np.full(n, 1 / n), size=_DRAWS)[:, of].astype(float)
    fitted = np.tile([1.0, 0.0], (_DRAWS, 1))
    inputs = np.stack([log_odds, np.ones_like(log_odds)], axis=1)
    # A little of a prior at no change: a resample may lack one side.
    prior = np.diag([1e-2, 1e-2])
    for _ in range(12):
        likely = sigmoid(fitted @ inputs.T)
        slope = (weights * (positive - likely)) @ inputs - (fitted - [1.0, 0.0]) @ prior
        curvature = np.einsum("rn,ni,nj->rij", weights * likely * (1 - likely), inputs, inputs) + prior
        fitted = fitted + np.clip(np.linalg.solve(curvature, slope[..., None])[..., 0], -0.5, 0.5)
    return fitted
