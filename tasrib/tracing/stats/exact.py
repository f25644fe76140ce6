"""Exact tests and intervals of counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import gammaln
from scipy.stats.contingency import odds_ratio


@dataclass(frozen=True)
class CaseControl:
    """
    Result of `fisher_excess`.

    Attributes
    ----------
    p_value : float
        Probability, without a leak, of at least this many among the reached. One-sided: a list that leaked from an
        operator makes its customers more frequent, never rarer.
    odds_ratio : float
        Conditional maximum likelihood estimate; 0 or infinite when a cell is empty.
    ci_low, ci_high : float
        Ends of its exact two-sided interval.
    """

    p_value: float
    odds_ratio: float
    ci_low: float
    ci_high: float


def fisher_excess(
    exposed_cases: int, cases: int, exposed_controls: int, controls: int, *, confidence: float = 0.95
) -> CaseControl:
    """
    Compare cases with controls by Fisher's exact test, one-sided for excess.

    Parameters
    ----------
    exposed_cases, cases : int
        People reached whose number was allocated to the operator; all people reached.
    exposed_controls, controls : int
        The same of the controls.
    confidence : float
        Of the interval.

    Returns
    -------
    CaseControl
        Test, odds ratio and interval.

    Raises
    ------
    ValueError
        When a part is larger than its whole or a count is negative.

    Notes
    -----
    Fisher, "The logic of inductive inference", 1935. Interval: Cornfield, "A statistical problem arising from
    retrospective studies", 1956, as computed by `scipy.stats.contingency.odds_ratio`.
    """
    if not (0 <= exposed_cases <= cases and 0 <= exposed_controls <= controls):
        raise ValueError(
            f"{exposed_cases} of {cases} cases and {exposed_controls} of {controls} controls: a part exceeds its whole"
        )
    table = np.array(
        [[exposed_cases, cases - exposed_cases], [exposed_controls, controls - exposed_controls]], dtype=int
    )
    p_value = stats.fisher_exact(table, alternative="greater").pvalue
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        # A whole margin is empty: the table holds no information on the odds ratio.
        return CaseControl(float(p_value), float("nan"), 0.0, float("inf"))
    estimate = odds_ratio(table, kind="conditional")
    interval = estimate.confidence_interval(confidence)
    return CaseControl(float(p_value), float(estimate.statistic), float(interval.low), float(interval.high))


def clopper_pearson(observed: ArrayLike, n: ArrayLike, *, tail: float = 0.025) -> tuple[np.ndarray, np.ndarray]:
    """
    Exact interval of a share, for many at once.

    Parameters
    ----------
    observed, n : array-like of int, any shapes that broadcast
        Part and whole.
    tail : float
        Left out on either side: 0.025 for an interval of 95%.

    Returns
    -------
    low, high : numpy.ndarray of float
        Ends; 0 and 1 where nothing was observed.

    Notes
    -----
    Clopper & Pearson, Biometrika 1934. scipy's binomtest searches for each end; these are quantiles of Beta distributions.
    """
    x, n = np.asarray(observed), np.asarray(n)
    low = np.where(x > 0, stats.beta.ppf(tail, np.maximum(x, 1), n - x + 1), 0.0)
    high = np.where(x < n, stats.beta.ppf(1 - tail, x + 1, np.maximum(n - x, 1)), 1.0)
    return low, high


def log_choose(n: int, k: ArrayLike) -> np.ndarray:
    """
    Logarithm of the number of ways to choose some of several.

    Parameters
    ----------
    n : int
        How many there are.
    k : array-like of int
        How many are chosen, 0 to n.

    Returns
    -------
    numpy.ndarray of float
        In the shape of `k`.
    """
    k = np.asarray(k)
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
