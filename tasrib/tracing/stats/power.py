"""How probably does the test beside controls flag a leak?"""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import ndtr, ndtri

from tasrib.tracing.stats.exact import log_choose
from tasrib.tracing.stats.likelihood import allocated_share

# More people than this among the reached or the controls, and the exact sum gives way to the normal approximation.
EXACT_UP_TO = 10_000
_TAIL = 1e-9


def detection_power(
    n: int,
    controls: int,
    leak_share: float,
    baseline: float,
    *,
    ported: float = 0.06,
    n_operators: int = 3,
    alpha: float = 0.05,
    mid_p: bool = True,
) -> float:
    """
    Probability that a leak from one operator is flagged.

    Parameters
    ----------
    n, controls : int
        People reached, and controls to compare them with. Without controls the people are held against `baseline` as
        if it were known: an upper bound, and tasrib never calls such a finding more than ``weak``.
    leak_share : float
        λ, the share of the list that came from the operator, 0 to 1.
    baseline : float
        Share of the operator's numbers among people who complain, 0 to 1.
    ported : float
        Mean share of the operator's customers whose number was allocated to another operator.
    n_operators : int
        Operators that are tested, for the Bonferroni correction.
    alpha : float
        Family-wise false alarm rate, below 0.5.
    mid_p : bool
        Mid-p value (half of the probability of the observed table), else the plain one of Fisher.

    Returns
    -------
    float
        Power, 0 to 1. At a share of 0, the false alarm rate for this operator.

    Raises
    ------
    ValueError
        When a count is negative or not whole, or a share or rate out of its range.

    Notes
    -----
    Unconditional power of the one-sided Fisher exact test at ``alpha / n_operators``: the sum over all x ~ Binomial(n,
    (1 - λ) b + λ (1 - π)) and y ~ Binomial(controls, b) of the tables that are significant given x + y (Bennett & Hsu, "On
    the power function of the exact test for the 2×2 contingency table", Biometrika 1960), supports cut where `1e-9` is left
    in a tail. Mid-p: Lancaster, "Significance tests in discrete distributions", JASA 1961. With more than 10,000 people or
    controls: `normal_power`.

    Flagged is an adjusted p-value of at most `alpha`; the word ``moderate`` asks for a posterior probability beside it.
    tasrib's own test (`tasrib.tracing.stats.joint.joint_excess`) looks at all operators together and uses the market shares as a
    prior, and has somewhat more power, so these figures are on the safe side; docs/operating_characteristics.md has both. They
    suppose that people reached and controls complain alike; strata and a baseline other than the market change them.
    """
    level = checked_level(n, controls, alpha, n_operators, leak_share=leak_share, baseline=baseline, ported=ported)
    n, controls = int(n), int(controls)
    if n == 0:
        return 0.0
    exposed = allocated_share(baseline, leak_share, ported)
    if max(n, controls) > EXACT_UP_TO:
        return normal_power(n, controls / n, exposed, baseline, level)
    x, p_x = support(n, exposed)
    if controls == 0:
        tail = stats.binom.sf(x - 1, n, baseline)
        p = tail - stats.binom.pmf(x, n, baseline) / 2 if mid_p else tail
        return float(p_x[p <= level].sum())
    y, p_y = support(controls, baseline)
    totals = np.arange(x[0] + y[0], x[-1] + y[-1] + 1)
    least = critical_counts(n, controls, totals, level, mid_p=mid_p)
    flagged = x[:, None] >= least[x[:, None] + y[None, :] - totals[0]]
    return float(min(1.0, p_x @ flagged @ p_y))


def checked_level(n: float, controls: float, alpha: float, n_operators: int, **shares: float) -> float:
    """
    Check what is asked of a test.

    Parameters
    ----------
    n, controls, alpha, n_operators
        As in `detection_power`.
    **shares : float
        Shares by name.

    Returns
    -------
    float
        Level of the test of one operator.

    Raises
    ------
    ValueError
        As `detection_power`.
    """
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise ValueError(f"{name} {share} must lie between 0 and 1; write 30% as 0.3")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha {alpha} must lie between 0 and 0.5: it is one minus the confidence")
    if n_operators < 1:
        raise ValueError(f"n_operators {n_operators} must be 1 or more")
    for name, count in {"n": n, "controls": controls}.items():
        if count < 0 or count != int(count):
            raise ValueError(f"{name} {count} must be a whole number of people, 0 or more")
    return alpha / n_operators


def controls_for(n: int, ratio: float) -> int:
    """
    Round the controls of so many people to a whole number.

    Parameters
    ----------
    n : int
        People reached.
    ratio : float
        Controls for each of them.

    Returns
    -------
    int
        At least 1 unless the ratio is 0: rounded to none, they would turn the comparison into the one with the market.
    """
    return max(1, round(n * ratio)) if ratio > 0 else 0


def normal_power(n: float, ratio: float, exposed: float, baseline: float, level: float) -> float:
    """
    Power of the comparison of two shares by the normal approximation.

    Parameters
    ----------
    n : float
        People reached.
    ratio : float
        Controls for each of them; 0 to compare with the baseline alone.
    exposed, baseline : float
        Shares of the operator's numbers among the reached and among the controls, 0 to 1.
    level : float
        Significance level of the one test.

    Returns
    -------
    float
        Power, 0 to 1.

    Notes
    -----
    Difference of two proportions, variance pooled under the null and not under the alternative, no continuity correction, which mid-p makes
    needless (Fleiss, Levin & Paik, "Statistical Methods for Rates and Proportions", 3rd ed. 2003, ch. 4, eq. 4.14 to 4.18).
    """
    # statsmodels' power_proportions_2indep is the same but much slower, and a report asks thousands of times.
    if ratio == 0:
        null, leak = baseline * (1 - baseline), exposed * (1 - exposed)
    else:
        pooled = (exposed + ratio * baseline) / (1 + ratio)
        null = pooled * (1 - pooled) * (1 + 1 / ratio)
        leak = exposed * (1 - exposed) + baseline * (1 - baseline) / ratio
    # Nobody varies where all are exposed; the power is then 0 or 1, not undefined.
    return float(ndtr(((exposed - baseline) * n**0.5 + ndtri(level) * np.sqrt(null)) / np.sqrt(max(leak, 1e-18))))


def support(n: int, share: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts that are not negligible, and their chances."""
    low, high = stats.binom.ppf(_TAIL, n, share), stats.binom.isf(_TAIL, n, share)
    counts = np.arange(max(0, int(low)), min(n, int(high)) + 1)
    return counts, stats.binom.pmf(counts, n, share)


def critical_counts(n: int, controls: int, totals: np.ndarray, level: float, *, mid_p: bool = True) -> np.ndarray:
    """
    Least number of exposed among the reached that is significant, for each number of exposed among all.

    Parameters
    ----------
    n, controls : int
        People reached, and controls.
    totals : numpy.ndarray of int, shape (n_totals,)
        Exposed among both.
    level : float
        Significance level.
    mid_p : bool
        As in `detection_power`.

    Returns
    -------
    numpy.ndarray of int, shape (n_totals,)
        Counts.
    """
    # scipy's hypergeom sums each tail in a loop of its own; here the tails of all margins are summed in one array.
    size = n + controls
    mean, fraction = totals * (n / size), totals / size
    spread = np.sqrt(n * fraction * (1 - fraction) * controls / max(size - 1, 1)).max()
    # No median is below the mean rounded down, so no value below that can be significant at a level under 1/2.
    x = np.floor(mean).astype(int)[:, None] + np.arange(-1, int(9 * spread) + 12)
    rest = totals[:, None] - x
    possible = (x >= 0) & (x <= n) & (rest >= 0) & (rest <= controls)
    log_mass = (
        _log_choose(n)[np.where(possible, x, 0)]
        + _log_choose(controls)[np.where(possible, rest, 0)]
        - _log_choose(size)[totals][:, None]
    )
    mass = np.where(possible, np.exp(log_mass), 0.0)
    p = mass[:, ::-1].cumsum(1)[:, ::-1]
    if mid_p:
        p -= mass / 2
    return x[:, 0] + np.argmax(p <= level, axis=1)


def _log_choose(n: int) -> np.ndarray:
    return log_choose(n, np.arange(n + 1))
