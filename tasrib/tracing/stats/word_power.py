"""How probably a leak is called moderate or more: the words ask for more than a small p-value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from tasrib.tracing.stats.likelihood import allocated_share
from tasrib.tracing.stats.power import (
    EXACT_UP_TO,
    checked_level,
    controls_for,
    critical_counts,
    detection_power,
    normal_power,
    support,
)
from tasrib.tracing.stats.spread import least_excess

# Beyond so many people the exact sum gives way to the normal approximation.
_SUMMED = 600


@dataclass(frozen=True)
class WordTest:
    """
    What a finding is tested for before it gets a word above ``weak``.

    Attributes
    ----------
    ported : float
        Mean share of the operator's customers whose number was allocated to another operator.
    n_operators, campaigns : int
        Operators, and campaigns of the same report, that are tested.
    senders : int
        Of whose messages the controls complained, as often of each.
    alpha : float
        Rate of false alarms over all of them, below 0.5.
    """

    ported: float
    n_operators: int
    alpha: float = 0.05
    campaigns: int = 1
    senders: int = 10

    @property
    def of_campaign(self) -> float:
        """Rate of false alarms of one campaign."""
        return self.alpha / self.campaigns

    @property
    def level(self) -> float:
        """Rate of false alarms of one operator of one campaign."""
        return self.of_campaign / self.n_operators


def word_power(n: int, controls: int, leak_share: float, baseline: float, test: WordTest) -> float:
    """
    Probability that a leak from one operator is found ``moderate`` or ``strong``.

    Parameters
    ----------
    n, controls, leak_share, baseline
        As in `tasrib.tracing.stats.power.detection_power`. Without controls no word above ``weak`` is given: the chance of a flag is given then.
    test : WordTest
        What is tested in the same report.

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
    A finding must be rare by both tests: beside controls (`detection_power`) and beside other lists (`least_excess`: those of the controls'
    senders, supposed not to differ). In a report with one leak Benjamini and Hochberg's procedure asks of it what Bonferroni's
    does, so the level is divided by the campaigns. The third condition, a posterior above 0.8, hardly ever decides where both hold.
    """
    if test.campaigns < 1:
        raise ValueError(f"campaigns {test.campaigns} must be 1 or more")
    level = checked_level(
        n, controls, test.of_campaign, test.n_operators, leak_share=leak_share, baseline=baseline, ported=test.ported
    )
    flagged = 1.0
    if controls == 0 or not 0 < n <= _SUMMED:
        flagged = detection_power(
            n, controls, leak_share, baseline, ported=test.ported, n_operators=test.n_operators, alpha=test.of_campaign
        )
    if controls == 0 or n == 0:
        return flagged
    exposed = allocated_share(baseline, leak_share, test.ported)
    if n > _SUMMED or controls > EXACT_UP_TO:
        return min(flagged, _normal(n, controls, exposed, baseline, test))
    x, p_x = support(n, exposed)
    y, p_y = support(controls, baseline)
    knots = np.unique(np.linspace(y[0], y[-1], 5).round().astype(int))
    beside = np.interp(y, knots, [_least(n, int(k), controls, test) for k in knots])
    totals = np.arange(x[0] + y[0], x[-1] + y[-1] + 1)
    least = critical_counts(n, controls, totals, level)
    found = (x[:, None] >= least[x[:, None] + y[None, :] - totals[0]]) & (x[:, None] >= beside[None, :])
    return float(min(1.0, p_x @ found @ p_y))


def detectable_by_word(n: int, controls: int, baseline: float, test: WordTest, *, power: float = 0.8) -> float:
    """
    Smallest share of a list that a case of this size would probably have found ``moderate`` or ``strong``.

    Parameters
    ----------
    n, controls, baseline, test
        As in `word_power`.
    power : float
        Wanted probability, above the rate of false alarms and below 1.

    Returns
    -------
    float
        λ, by the normal approximation to both tests; NaN where not even a list that came wholly from the operator would do.
    """
    if n == 0 or 1 - test.ported <= baseline:
        return float("nan")

    def lacking(share: float) -> float:
        exposed = allocated_share(baseline, share, test.ported)
        flagged = normal_power(n, controls / n, exposed, baseline, test.level)
        return min(flagged, _normal(n, controls, exposed, baseline, test) if controls else 1.0) - power

    if lacking(1.0) < 0:
        return float("nan")
    return float(brentq(lacking, 0.0, 1.0, xtol=1e-4))


def people_for_word(
    leak_share: float,
    baseline: float,
    test: WordTest,
    *,
    power: float = 0.8,
    controls_per_case: float = 2.0,
) -> int | None:
    """
    Number of people who must report a campaign for a leak of this share to be found ``moderate`` or ``strong``.

    Parameters
    ----------
    leak_share, baseline, test
        As in `word_power`.
    power : float
        As in `detectable_by_word`.
    controls_per_case : float
        Controls for each person reached; see `word_power` for what 0 means.

    Returns
    -------
    int or None
        None where no number is enough: a share as small as lists differ by themselves does not show however many people report.

    Raises
    ------
    ValueError
        As `word_power`.
    """

    def enough(n: int) -> bool:
        return word_power(n, controls_for(n, controls_per_case), leak_share, baseline, test) >= power

    short, most = 1, 10
    while not enough(most):
        short, most = most, most * 2
        if most * max(1.0, controls_per_case) > 2 * EXACT_UP_TO:
            return None
    while most - short > 1:
        middle = (short + most) // 2
        short, most = (short, middle) if enough(middle) else (middle, most)
    return most


def _normal(n: int, controls: int, exposed: float, baseline: float, test: WordTest) -> float:
    """Chance to be beyond what other lists make, by the normal approximation."""
    least = (_least(n, round(controls * baseline), controls, test) - 0.5) / n
    error = np.sqrt(max(exposed * (1 - exposed) / n + baseline * (1 - baseline) / controls, 1e-18))
    return float(ndtr((exposed - least) / error))


@lru_cache(maxsize=4096)
def _least(n: int, exposed_controls: int, controls: int, test: WordTest) -> int:
    seen = exposed_controls, controls
    return least_excess(n, seen, test.level, senders=test.senders, n_operators=test.n_operators)
