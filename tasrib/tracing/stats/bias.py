"""How wrong would one have to be: what bias would explain a finding, and what is left of it after the bias seen elsewhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scipy.stats import norm

# Spread between lists on the log-odds scale where it was not estimated: lists of Dirichlet(100), of an operator with a third of the people.
SPREAD = 0.2


@dataclass(frozen=True)
class Adjusted:
    """
    An odds ratio after a probabilistic bias analysis.

    Attributes
    ----------
    odds_ratio, low, high : float
        Median and ends of the interval.
    chance : float
        Probability that the odds ratio without bias is above 1.
    """

    odds_ratio: float
    low: float
    high: float
    chance: float


def confounder_strength(ratio: float, *, rare: bool = True) -> float:
    """
    Say how strong an unmeasured confounder would have to be to explain a ratio away.

    Parameters
    ----------
    ratio : float
        A risk ratio, or the odds ratio of cases and controls; above 0.
    rare : bool
        Whether the outcome is rare, so that an odds ratio is a risk ratio: with controls it is, for of all people few complain of a campaign.
        False where more than about 15% have the outcome: the square root of the odds ratio is taken.

    Returns
    -------
    float
        The risk ratio that ties it to the exposure and to the outcome, both at least; 1 where there is nothing to explain.

    Raises
    ------
    ValueError
        When `ratio` is not above 0.

    Notes
    -----
    The "E-value" of VanderWeele and Ding 2017 (Annals of Internal Medicine 167:268), which has nothing to do with an e-process. A ratio below 1
    is turned over first, as there.
    """
    if not ratio > 0:
        raise ValueError(f"ratio {ratio}: give one above 0")
    ratio = ratio if rare else math.sqrt(ratio)
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio) * math.sqrt(ratio - 1)


def adjust_for_bias(log_odds: float, error: float, spread: float, level: float = 0.95) -> Adjusted:
    """
    Let an unknown bias loose on an odds ratio.

    Parameters
    ----------
    log_odds, error : float
        Log odds ratio and its standard error.
    spread : float
        Standard deviation of the bias on the log-odds scale: that between lists which came from no operator.
    level : float
        Of the interval.

    Returns
    -------
    Adjusted
        Of the odds ratio over ``exp(N(0, spread))``, sampling error included.

    Raises
    ------
    ValueError
        When error and spread are negative, or both 0.

    Notes
    -----
    Probabilistic bias analysis (Lash, Fox and Fink 2009, chapter 8; Greenland 2005, JRSS A 168:267) with a normal prior of the bias: bias and
    sampling error add up to a normal distribution, so that nothing has to be drawn.
    """
    if not (error >= 0 and spread >= 0 and error + spread > 0):
        raise ValueError(f"error {error} and spread {spread}: give 0 or more, and one of them above 0")
    total = math.hypot(error, spread)
    half = float(norm.ppf((1 + level) / 2)) * total
    return Adjusted(_exp(log_odds), _exp(log_odds - half), _exp(log_odds + half), float(norm.cdf(log_odds / total)))


def bias_figures(finding: Mapping[str, Any], spread: float = SPREAD) -> dict[str, float]:
    """
    Say of a finding how wrong the comparison would have to be to explain it.

    Parameters
    ----------
    finding : mapping
        ``odds_ratio``, ``ci_low``, ``ci_high``, ``observed``, ``n_reached``, ``controls_observed``, ``n_controls``.
    spread : float
        Standard deviation between lists on the log-odds scale.

    Returns
    -------
    dict of str to float
        ``bias_factor``: how many times as often as of other messages the customers would have had to complain of this campaign, beyond what
        others do, to explain it all: the odds ratio, for between cases and controls such selection multiplies it. ``bias_factor_low``: the least
        that would bring the interval down to 1. ``confounder_strength``, ``confounder_strength_low``: `confounder_strength` of both.
        ``bias_low``, ``bias_high``: 95% interval after `adjust_for_bias`. The first four are 1 where there is no excess to explain. All are
        missing without an odds ratio.
    """
    ratio, low, high = (float(finding[name]) for name in ("odds_ratio", "ci_low", "ci_high"))
    if math.isnan(ratio + low + high):
        return dict.fromkeys(BIAS_COLUMNS, math.nan)
    factor, least = max(1.0, ratio), max(1.0, low)
    after = adjust_for_bias(*_log_odds(finding, ratio, low, high), spread)
    strengths = (math.inf if math.isinf(each) else confounder_strength(each) for each in (factor, least))
    return dict(zip(BIAS_COLUMNS, (factor, least, *strengths, after.low, after.high), strict=True))


BIAS_COLUMNS = (
    "bias_factor", "bias_factor_low", "confounder_strength", "confounder_strength_low", "bias_low", "bias_high",
)  # fmt: skip


def _log_odds(finding: Mapping[str, Any], ratio: float, low: float, high: float) -> tuple[float, float]:
    """Log odds ratio and standard error, from the interval where it has both ends."""
    if 0 < low <= ratio <= high < math.inf and low < high:
        return math.log(ratio), math.log(high / low) / (2 * float(norm.ppf(0.975)))
    # Nobody in one of the four cells: half a person more in each (Haldane 1956; Anscombe 1956).
    a, n, b, m = (float(finding[name]) for name in ("observed", "n_reached", "controls_observed", "n_controls"))
    cells = [each + 0.5 for each in (a, n - a, b, m - b)]
    return math.log(cells[0] * cells[3] / (cells[1] * cells[2])), math.sqrt(sum(1 / each for each in cells))


def _exp(x: float) -> float:
    return math.exp(min(x, 700.0))
