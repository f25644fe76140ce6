"""How sure is a figure? Measures over many resamples at once, so that two models can be compared on the same ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tasrib.classify import CAMPAIGN

RESAMPLES = 1_000
_LEVEL = 0.95
_MOST_CELLS = 20_000_000  # of the table of weights: 80 MB
_FLOOR = 1e-6  # a probability nearer to 0 or 1 counts as this one: one message must not make the log loss infinite
_BINS = 15


def resampling_weights(groups: ArrayLike, n_resamples: int = RESAMPLES, *, seed: int = 0) -> np.ndarray:
    """
    Draw groups with replacement, many times.

    Parameters
    ----------
    groups : sequence, shape (n,)
        Rows of one group come and go together: they are not independent.
    n_resamples : int
        How many times; fewer where the table would not fit into 80 MB.
    seed : int
        Of the drawing.

    Returns
    -------
    numpy.ndarray of float32, shape (n_resamples + 1, n)
        How often each row counts; first the rows as they are, then the resamples.

    Notes
    -----
    Cluster bootstrap: Davison & Hinkley, "Bootstrap Methods and their Application", 1997, 3.8.
    """
    names, of = np.unique(np.asarray(groups), return_inverse=True)
    fitting = max(100, min(n_resamples, _MOST_CELLS // max(len(of), 1)))
    drawn = np.random.default_rng(seed).multinomial(len(names), np.full(len(names), 1 / len(names)), fitting)
    return np.concatenate([np.ones((1, len(of)), np.float32), drawn.astype(np.float32)[:, of]])


def weighted_measures(labels: ArrayLike, predicted: pd.DataFrame, weights: np.ndarray) -> dict[str, np.ndarray]:
    """
    Sum up predictions in each resample.

    Parameters
    ----------
    labels : sequence of str, shape (n,)
        True categories.
    predicted : pandas.DataFrame, shape (n, 3)
        ``category``, ``probability`` (calibrated, of campaign) and ``decision``: the table of `tasrib.classify.judge`.
    weights : numpy.ndarray, shape (m, n)
        From `resampling_weights`.

    Returns
    -------
    dict of str to numpy.ndarray, shape (m,)
        ``log_loss``, the mean negative log-likelihood of the probability of campaign, in nats; ``macro_f1`` of the categories; of the
        decision ``campaign``: ``campaign_precision``, ``campaign_recall``, ``campaign_f1``; ``review_share`` of all messages;
        ``missed``, the share of the campaign messages decided ``not_campaign``; ``average_precision`` and ``calibration_error`` of
        the probability. NaN where a resample has nothing to measure.

    Notes
    -----
    Calibration error: Guo et al., "On calibration of modern neural networks", ICML 2017, equation 3.
    """
    truth = np.asarray(labels, dtype=str)
    campaign = truth == CAMPAIGN
    decision = predicted["decision"].to_numpy().astype(str)
    probability = predicted["probability"].to_numpy(float)
    called, review = decision == "campaign", decision == "review"
    clipped = np.clip(probability, _FLOOR, 1 - _FLOOR)
    loss = -np.log(np.where(campaign, clipped, 1 - clipped))

    def total(values: np.ndarray) -> np.ndarray:
        return weights @ values.astype(np.float32)

    n, n_campaign, n_called, hits = total(np.ones(len(truth))), total(campaign), total(called), total(called & campaign)
    return {
        "log_loss": _ratio(total(loss), n),
        "macro_f1": _macro_f1(truth, predicted["category"].to_numpy().astype(str), weights),
        "campaign_precision": _ratio(hits, n_called),
        "campaign_recall": _ratio(hits, n_campaign),
        "campaign_f1": _ratio(2 * hits, n_called + n_campaign),
        "review_share": _ratio(total(review), n),
        "missed": _ratio(total(campaign & (decision == "not_campaign")), n_campaign),
        "average_precision": _average_precision(probability, campaign, weights),
        "calibration_error": _calibration_error(probability, campaign, weights),
    }


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """
    A figure with its interval.

    Parameters
    ----------
    values : numpy.ndarray, shape (m,)
        The figure on all rows, then on each resample.

    Returns
    -------
    (value, low, high) : (float, float, float)
        The 95% percentile interval; NaN where there is none, as with a single group or nothing to measure.
    """
    rest = values[1:][np.isfinite(values[1:])]
    if len(rest) < 20 or not np.isfinite(values[0]):
        return float(values[0]), float("nan"), float("nan")
    low, high = np.quantile(rest, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return float(values[0]), float(low), float(high)


def share_of(hits: np.ndarray, of: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """
    Share of some rows among others, in each resample.

    Parameters
    ----------
    hits, of : numpy.ndarray of bool, shape (n,)
        The rows that count, all of them among `of`.
    weights : numpy.ndarray, shape (m, n)
        From `resampling_weights`.

    Returns
    -------
    numpy.ndarray of float, shape (m,)
        NaN where a resample has none of the rows.
    """
    return _ratio(weights @ hits.astype(np.float32), weights @ of.astype(np.float32))


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


def _macro_f1(truth: np.ndarray, found: np.ndarray, weights: np.ndarray) -> np.ndarray:
    names = np.union1d(truth, found)
    true, said = truth[:, None] == names, found[:, None] == names
    both = weights @ (true & said).astype(np.float32)
    sizes = weights @ (true.astype(np.float32) + said)
    each = _ratio(2 * both, sizes)
    known = np.isfinite(each)
    return _ratio(np.where(known, each, 0).sum(axis=1), known.sum(axis=1))


def _average_precision(probability: np.ndarray, campaign: np.ndarray, weights: np.ndarray) -> np.ndarray:
    order = np.argsort(-probability, kind="stable")
    ends: np.ndarray = (
        np.append(np.flatnonzero(np.diff(probability[order])), len(order) - 1) if len(order) else np.empty(0, int)
    )
    all_above = np.cumsum(weights[:, order], axis=1, dtype=np.float64)[:, ends]
    hits = np.cumsum(weights[:, order] * campaign[order], axis=1, dtype=np.float64)[:, ends]
    precision = np.divide(hits, all_above, out=np.zeros_like(hits), where=all_above > 0)
    gained = np.diff(hits, axis=1, prepend=0)
    return _ratio((precision * gained).sum(axis=1), hits[:, -1] if len(order) else np.zeros(len(weights)))


def _calibration_error(probability: np.ndarray, campaign: np.ndarray, weights: np.ndarray) -> np.ndarray:
    bins = np.minimum((probability * _BINS).astype(int), _BINS - 1)[:, None] == np.arange(_BINS)
    gap = weights @ (bins * (probability - campaign)[:, None]).astype(np.float32)
    return _ratio(np.abs(gap).sum(axis=1), weights.sum(axis=1))
