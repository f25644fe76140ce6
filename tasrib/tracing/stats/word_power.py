"""How probably a leak is called moderate or more: the words ask for more than a small p-value."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from tasrib.tracing.stats.likelihood import allocated_share
from tasrib.tracing.stats.power import (
    EXACT_UP_TO,
    controls_for,
    critical_counts,
    detection_power,
    normal_power,
    support,
)
from tasrib.tracing.stats.spread import least_excess

# Beyond so many people the exact sum gives way to the normal approximation.
_SUMMED = 600


def word_power(
    n: int,
    controls: int,
    leak_share: float,
    baseline: float,
    *,
    ported: float = 0.06,
    n_operators: int = 3,
    alpha: float = 0.05,
    campaigns: int = 1,
) -> float:
    """
    Probability that a leak from one operator is found ``moderate`` or ``strong``.

    Parameters
    ----------
    n, controls, leak_share, baseline, ported, n_operators, alpha
        As in `tasrib.tracing.stats.power.detection_power`. Without controls no word above ``weak`` is given: the chance of a flag is given then.
    campaigns : int
        Campaigns tested in the same report.

    Returns
    -------
    float
        Power, 0 to 1.

    Raises
    ------
    ValueError
        As `detection_power`, and when there is no campaign.

    Notes
    -----
    A finding must be rare by both tests: beside controls (`detection_power`) and beside other lists (`least_excess`, with what is believed of
    the spread between lists before any is seen). In a report with one leak Benjamini and Hochberg's procedure asks of it what Bonferroni's
    does, so the level is divided by the campaigns. The third condition, a posterior above 0.8, hardly ever decides where both hold.
    """
    if campaigns < 1:
        raise ValueError(f"campaigns {campaigns} must be 1 or more")
    flagged = 1.0
    if controls == 0 or not 0 < n <= _SUMMED:
        flagged = detection_power(
            n, controls, leak_share, baseline, ported=ported, n_operators=n_operators, alpha=alpha / campaigns
        )
    if controls == 0 or n == 0:
        return flagged
    exposed, level = allocated_share(baseline, leak_share, ported), alpha / campaigns / n_operators
    if n > _SUMMED or controls > EXACT_UP_TO:
        return min(flagged, _normal(n, controls, exposed, baseline, level))
    x, p_x = support(n, exposed)
    y, p_y = support(controls, baseline)
    knots = np.unique(np.linspace(y[0], y[-1], 5).round().astype(int))
    beside = np.interp(y, knots, [_least(n, int(k), controls, level) for k in knots])
    totals = np.arange(x[0] + y[0], x[-1] + y[-1] + 1)
    least = critical_counts(n, controls, totals, level)
    found = (x[:, None] >= least[x[:, None] + y[None, :] - totals[0]]) & (x[:, None] >= beside[None, :])
    return float(min(1.0, p_x @ found @ p_y))


def detectable_by_word(
    n: int,
    controls: int,
    baseline: float,
    *,
    power: float = 0.8,
    ported: float = 0.06,
    n_operators: int = 3,
    alpha: float = 0.05,
    campaigns: int = 1,
) -> float:
    """
    Smallest share of a list that a case of this size would probably have found ``moderate`` or ``strong``.

    Parameters
    ----------
    n, controls, baseline, power, ported, n_operators, alpha, campaigns
        As in `word_power` and `tasrib.tracing.stats.power.detectable_share`.

    Returns
    -------
    float
        λ, by the normal approximation to both tests; NaN where not even a list that came wholly from the operator would do.
    """
    level = alpha / campaigns / n_operators
    if n == 0 or 1 - ported <= baseline:
        return float("nan")

    def lacking(share: float) -> float:
        exposed = allocated_share(baseline, share, ported)
        flagged = normal_power(n, controls / n, exposed, baseline, level)
        return min(flagged, _normal(n, controls, exposed, baseline, level) if controls else 1.0) - power

    if lacking(1.0) < 0:
        return float("nan")
    return float(brentq(lacking, 0.0, 1.0, xtol=1e-4))


def people_for_word(
    leak_share: float,
    baseline: float,
    *,
    power: float = 0.8,
    controls_per_case: float = 2.0,
    ported: float = 0.06,
    n_operators: int = 3,
    alpha: float = 0.05,
    campaigns: int = 1,
) -> int | None:
    """
    Number of people who must report a campaign for a leak of this share to be found ``moderate`` or ``strong``.

    Parameters
    ----------
    leak_share, baseline, power, controls_per_case, ported, n_operators, alpha, campaigns
        As in `word_power` and `tasrib.tracing.stats.power.people_needed`.

    Returns
    -------
    int or None
        None where no number is enough: a share as small as lists differ by themselves does not show however many people report.
    """

    def enough(n: int) -> bool:
        found = word_power(
            n, controls_for(n, controls_per_case), leak_share, baseline, ported=ported, n_operators=n_operators, alpha=alpha,
            campaigns=campaigns,
        )  # fmt: skip
        return found >= power

    short, most = 1, 10
    while not enough(most):
        short, most = most, most * 2
        if most * max(1.0, controls_per_case) > 2 * EXACT_UP_TO:
            return None
    while most - short > 1:
        middle = (short + most) // 2
        short, most = (short, middle) if enough(middle) else (middle, most)
    return most


def _normal(n: int, controls: int, exposed: float, baseline: float, level: float) -> float:
    """Chance to be beyond what other lists make, by the normal approximation."""
    least = (_least(n, round(controls * baseline), controls, level) - 0.5) / n
    error = np.sqrt(max(exposed * (1 - exposed) / n + baseline * (1 - baseline) / controls, 1e-18))
    return float(ndtr((exposed - least) / error))


@lru_cache(maxsize=4096)
def _least(n: int, exposed_controls: int, controls: int, level: float) -> int:
    return least_excess(n, (exposed_controls, controls), level)
