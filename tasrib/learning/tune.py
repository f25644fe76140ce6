"""How strongly to regularise: the one setting that depends on how many labels there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.metrics import log_loss
from threadpoolctl import threadpool_limits

from tasrib.classify import CAMPAIGN, CampaignClassifier
from tasrib.classify.blend import campaign_log_odds
from tasrib.classify.calibration import fit_sigmoid
from tasrib.classify.crossfit import Counted, fold_of
from tasrib.classify.fitting import Design, features_of
from tasrib.classify.log_odds import sigmoid
from tasrib.classify.softmax import Solution

GRID = (0.3, 1.0, 3.0)
FOLDS = 2


def tune(
    estimator: CampaignClassifier, messages: Counted, rows: np.ndarray, groups: np.ndarray, grid: Sequence[float],
    *, halves: np.ndarray | None = None, step: Callable[[], None] = lambda: None,
) -> tuple[CampaignClassifier, list[dict[str, float]]]:  # fmt: skip
    """
    Choose the regularisation by grouped cross-validation.

    Parameters
    ----------
    estimator : CampaignClassifier
        Unfitted.
    messages : Counted
        Counted with its settings.
    rows : numpy.ndarray of int, shape (n,)
        Those to be fitted on.
    groups : numpy.ndarray, shape (n,)
        Near-duplicate clusters of these: none is on both sides.
    grid : sequence of float
        Multiples of the estimator's ``regularisation``.
    halves : numpy.ndarray of int, shape (n_messages,), optional
        Which of the two folds each message is in, where that was settled before.
    step : callable
        Called `FOLDS` times on the way.

    Returns
    -------
    (estimator, tried) : (CampaignClassifier, list of dict)
        An unfitted copy with the best setting, by the log loss of campaign against the rest over two folds; and each setting
        with its log loss (nats), of scores held out that are calibrated by one sigmoid for both folds.
    """
    start = estimator.get_params()["regularisation"]
    if len(grid) < 2:
        return clone(estimator).set_params(regularisation=start * (grid[0] if len(grid) else 1)), []
    campaign = messages.labels[rows] == CAMPAIGN
    folds = np.zeros(len(rows)) if halves is None else halves[rows]
    if any(len(np.unique(campaign[folds == half])) < 2 for half in range(FOLDS)):
        folds = fold_of(campaign, groups, FOLDS, 0)
    sizes = [start * factor for factor in grid]

    def held_out(fold: int) -> np.ndarray:
        # Only campaign against the rest is weighed here, which takes a fraction of the time of all the categories.
        sides = np.where(campaign, CAMPAIGN, "other")[folds != fold]
        design = Design(messages.counts[rows[folds != fold]], sides, estimator.min_messages)
        held = features_of(messages.counts[rows[folds == fold]], design.idf)
        return _path(design, held, sizes)

    scores = np.empty((len(sizes), len(rows)))
    with threadpool_limits(1, user_api="blas"):
        found = Parallel(n_jobs=estimator.n_jobs, prefer="threads", return_as="generator")(
            delayed(held_out)(fold) for fold in range(FOLDS)
        )
        for fold, of_fold in enumerate(found):
            scores[:, folds == fold] = of_fold
            step()
    tried = [
        {"regularisation": float(size), "log_loss": _loss(row, campaign)}
        for size, row in zip(sizes, scores, strict=True)
    ]
    # Of settings that do equally well, the one nearest to the recipe's own.
    best = min(tried, key=lambda row: (round(row["log_loss"], 4), abs(np.log(row["regularisation"] / start))))
    return clone(estimator).set_params(regularisation=best["regularisation"]), tried


def _path(design: Design, held, sizes: Sequence[float]) -> np.ndarray:
    """Score messages with each setting: a row a setting."""
    scores = np.empty((len(sizes), held.shape[0]))
    known, before = None, 1.0
    for place in np.argsort(sizes, kind="stable"):
        # At the optimum the duals are the errors times the setting; the errors change less than it does.
        if known is not None:
            known = Solution(known.duals * sizes[place] / before, known.intercept)
        known, before = design.solve(sizes[place], known), sizes[place]
        coef, intercept = design.weights(known)
        scores[place] = campaign_log_odds(held @ coef.T + intercept, design.classes)
    return scores


def _loss(scores: np.ndarray, campaign: np.ndarray) -> float:
    # Calibrated on what it is measured on: two numbers for all messages favour no setting. Of few labels those of one fold, which may be
    # parted without a fault, would make a certainty of every score of the other, and one fault there would decide.
    slope, intercept = fit_sigmoid(scores, campaign)
    return float(log_loss(campaign, sigmoid(slope * scores + intercept), labels=[False, True]))
