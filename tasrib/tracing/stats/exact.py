"""Is an operator more frequent among the people reached than among the controls? Exact, given the margins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
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
