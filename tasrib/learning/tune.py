"""How strongly to regularise: the one setting that depends on how many labels there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from sklearn.base import clone
from sklearn.model_selection import StratifiedGroupKFold

from tasrib.classify import CAMPAIGN, CampaignClassifier, judge
from tasrib.learning.intervals import weighted_measures

GRID = (0.3, 1.0, 3.0)
_FOLDS = 2


def tune(
    estimator: CampaignClassifier, texts: np.ndarray, labels: np.ndarray, groups: np.ndarray, grid: Sequence[float],
    *, step: Callable[[], None] = lambda: None,
) -> tuple[CampaignClassifier, list[dict[str, float]]]:  # fmt: skip
    """
    Choose the regularisation by grouped cross-validation.

    Parameters
    ----------
    estimator : CampaignClassifier
        Unfitted.
    texts, labels : numpy.ndarray of str, shape (n,)
        Messages to be fitted on and their categories.
    groups : numpy.ndarray, shape (n,)
        Near-duplicate clusters: none is on both sides.
    grid : sequence of float
        Multiples of the estimator's ``regularisation``.
    step : callable
        Called after each fit.

    Returns
    -------
    (estimator, tried) : (CampaignClassifier, list of dict)
        An unfitted copy with the best setting, by the log loss of campaign against the rest over two folds; and each setting
        with its log loss (nats).
    """
    start = estimator.get_params()["regularisation"]
    if len(grid) < 2:
        return clone(estimator).set_params(regularisation=start * (grid[0] if len(grid) else 1)), []
    campaign = labels == CAMPAIGN
    # Only campaign against the rest is weighed here, which takes a fraction of the time of all the categories.
    sides = np.where(campaign, CAMPAIGN, "other")
    folds = list(StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=0).split(texts, campaign, groups))
    tried = []
    for factor in grid:
        one = clone(estimator).set_params(regularisation=start * factor)
        losses = []
        for fit_on, held in folds:
            fitted = clone(one).fit(texts[fit_on].tolist(), sides[fit_on], groups=groups[fit_on])
            table = judge(fitted, texts[held].tolist()).table()
            losses += [weighted_measures(sides[held], table, np.ones((1, len(held)), np.float32))["log_loss"][0]]
            step()
        tried.append({"regularisation": float(start * factor), "log_loss": float(np.mean(losses))})
    # Of settings that do equally well, the one nearest to the recipe's own.
    best = min(tried, key=lambda row: (round(row["log_loss"], 4), abs(np.log(row["regularisation"] / start))))
    return clone(estimator).set_params(regularisation=best["regularisation"]), tried
