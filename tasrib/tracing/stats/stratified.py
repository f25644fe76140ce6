"""Is an operator more frequent among the reached than among the controls of the same month, region or channel?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.optimize import brentq
from scipy.special import gammaln, ndtri_exp
from statsmodels.stats.contingency_tables import StratifiedTable

# Entries of a stratum's distribution under this are left out of the convolution. It is made at the observed odds ratio,
# where the observed sum lies in the middle, so that what is left out is far under the rounding of what is kept.
_NEGLIGIBLE = 1e-25


@dataclass(frozen=True)
class Stratified:
    """
    Result of `stratified_excess`.

    Attributes
    ----------
    p_value : float
        Probability, without a leak, of at least this many exposed cases given all margins of all strata. One-sided,
        exact; it is the p-value of `fisher_excess` when there is one stratum.
    mid_p : float
        The same with only half of the probability of just this many: less conservative, not guaranteed.
    odds_ratio : float
        Conditional maximum likelihood estimate of the common odds ratio; 0 or infinite at the end of the possible
        sums, not a number when no stratum is informative.
    ci_low, ci_high : float
        Ends of its exact two-sided interval.
    mh_odds_ratio, mh_low, mh_high : float
        Mantel-Haenszel odds ratio and its Robins-Breslow-Greenland interval, 0 to infinite where that is undefined.
    homogeneity_p : float
        Breslow-Day test, with Tarone's correction, that the strata have one odds ratio; not a number when it cannot be
        computed.
    overdispersion : float
        Pearson chi-square of the strata around the common odds ratio, over its degrees of freedom; at least 1.
    p_overdispersed, overdispersed_low, overdispersed_high : float
        Approximate p-value and interval that allow for it.
    n_informative : int
        Strata with cases and controls, exposed and not: only they say something on the odds ratio.
    observed : int
        Exposed cases in these strata.
    expected : float
        Their mean, given all margins, when the odds ratio is 1.
    """

    p_value: float
    mid_p: float
    odds_ratio: float
    ci_low: float
    ci_high: float
    mh_odds_ratio: float
    mh_low: float
    mh_high: float
    homogeneity_p: float
    overdispersion: float
    p_overdispersed: float
    overdispersed_low: float
    overdispersed_high: float
    n_informative: int
    observed: int
    expected: float


def stratified_excess(
    exposed_cases: ArrayLike,
    cases: ArrayLike,
    exposed_controls: ArrayLike,
    controls: ArrayLike,
    *,
    confidence: float = 0.95,
) -> Stratified:
    """
    Compare cases with controls within strata by the exact conditional test, one-sided for excess.

    Parameters
    ----------
    exposed_cases, cases : sequence of int, shape (n_strata,)
        People reached whose number was allocated to the operator; all people reached.
    exposed_controls, controls : sequence of int, shape (n_strata,)
        The same of the controls.
    confidence : float
        Of the intervals, between 0.5 and 1.

    Returns
    -------
    Stratified
        Tests, odds ratios and intervals. The order of the strata and strata that are not informative change nothing.

    Raises
    ------
    ValueError
        When the four have other than one count a stratum, a count is no whole number or negative, a part is larger than
        its whole, or `confidence` is out of range.

    Notes
    -----
    Given all margins, the sum of exposed cases is a sum of independent noncentral hypergeometric counts with one odds
    ratio: Gart, "Point and interval estimation of the common odds ratio in the combination of 2 × 2 tables with fixed
    marginals", Biometrika 1970; Mehta, Patel & Gray, "Computing an exact confidence interval for the common odds ratio
    in several 2 × 2 contingency tables", JASA 1985, 80:969. R has it as ``mantelhaen.test(exact = TRUE)``. The odds
    ratio only tilts this distribution, so that one convolution serves the test and both ends of the interval.

    Mantel & Haenszel, JNCI 1959; Robins, Breslow & Greenland, Biometrics 1986, 42:311; Tarone, Biometrika 1985, 72:91;
    by `statsmodels.stats.contingency_tables.StratifiedTable`.

    Overdispersion: McCullagh & Nelder, "Generalized Linear Models", 1989, 4.5, with the exact conditional means and
    variances at the conditional estimate. The normal deviate of the exact p-value is divided by its root, the distances
    of the interval's ends from the estimate (logarithms) multiplied by it: approximate, and with few strata the
    overdispersion itself is little known.
    """
    table = _tables(exposed_cases, cases, exposed_controls, controls)
    if not 0.5 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0.5 and 1")
    strata = _Strata(table)
    if strata.size == 0:
        nan, inf = float("nan"), float("inf")
        return Stratified(1.0, 0.5, nan, 0.0, inf, nan, 0.0, inf, nan, 1.0, 1.0, 0.0, inf, 0, 0, 0.0)
    total = _Sum(strata)
    log_p, mid_p = total.test()
    log_low, log_high = total.interval((1 - confidence) / 2)
    overdispersion = strata.overdispersion(total.estimate)
    root = np.sqrt(overdispersion)
    log_p_wide, log_low_wide, log_high_wide = log_p, log_low, log_high
    if root > 1:
        log_p_wide = max(log_p, float(stats.norm.logsf(-ndtri_exp(log_p) / root)))
        log_low_wide, log_high_wide = (total.estimate + root * (end - total.estimate) for end in (log_low, log_high))
    mantel_haenszel, mh_low, mh_high, homogeneity = _mantel_haenszel(strata.tables, confidence)
    return Stratified(
        p_value=float(np.exp(log_p)),
        mid_p=mid_p,
        odds_ratio=float(np.exp(total.estimate)),
        ci_low=float(np.exp(log_low)),
        ci_high=float(np.exp(log_high)),
        mh_odds_ratio=mantel_haenszel,
        mh_low=mh_low,
        mh_high=mh_high,
        homogeneity_p=homogeneity,
        overdispersion=overdispersion,
        p_overdispersed=float(np.exp(log_p_wide)),
        overdispersed_low=float(np.exp(log_low_wide)),
        overdispersed_high=float(np.exp(log_high_wide)),
        n_informative=strata.size,
        observed=int(strata.observed.sum()),
        expected=float((strata.moments(0.0)[0] + strata.lowest).sum()),
    )


def _tables(exposed_cases: ArrayLike, cases: ArrayLike, exposed_controls: ArrayLike, controls: ArrayLike) -> np.ndarray:
    """Counts as whole numbers, one row each of the four."""
    given = [np.atleast_1d(np.asarray(counts)) for counts in (exposed_cases, cases, exposed_controls, controls)]
    if len({counts.shape for counts in given}) > 1 or given[0].ndim > 1:
        raise ValueError(f"counts of shapes {[counts.shape for counts in given]}: give each of the four once a stratum")
    table = np.array([np.asarray(counts, float) for counts in given])
    if not (np.isfinite(table) & (table == np.floor(table))).all():
        raise ValueError("a count is no whole number; count people")
    wrong = (table < 0).any(axis=0) | (table[0] > table[1]) | (table[2] > table[3])
    if wrong.any():
        k = int(np.flatnonzero(wrong)[0])
        a, n, b, m = table[:, k].astype(int)
        raise ValueError(f"stratum {k}: {a} of {n} cases and {b} of {m} controls: a part exceeds its whole")
    return table.astype(np.int64)


class _Strata:
    """Informative strata: for each, all exposed cases that its margins allow, end to end in flat arrays."""

    def __init__(self, table: np.ndarray) -> None:
        a, n, b, m = table
        informative = (n > 0) & (m > 0) & (a + b > 0) & (a + b < n + m)
        a, n, b, m = table[:, informative]
        self.size = len(a)
        self.tables = np.array([[a, n - a], [b, m - b]])
        self.observed = a
        if not self.size:
            return
        exposed = a + b
        self.lowest, self.highest = np.maximum(0, exposed - m), np.minimum(n, exposed)
        lengths = self.highest - self.lowest + 1
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.of = np.repeat(np.arange(self.size), lengths)
        # Counted from each stratum's lowest, lest large counts times large log-odds lose digits.
        self.x = np.arange(lengths.sum()) - self.starts[self.of]
        i = self.x + self.lowest[self.of]
        j, n, m = exposed[self.of] - i, n[self.of], m[self.of]
        self.log_weights = -gammaln(i + 1) - gammaln(n - i + 1) - gammaln(j + 1) - gammaln(m - j + 1)

    def tilt(self, log_odds: float) -> tuple[np.ndarray, float]:
        """Probabilities of the flat counts at an odds ratio, and the logarithm of all normalising constants' product."""
        log_p = self.log_weights + log_odds * self.x
        peaks = np.maximum.reduceat(log_p, self.starts)
        p = np.exp(log_p - peaks[self.of])
        sums = np.add.reduceat(p, self.starts)
        return p / sums[self.of], float((peaks + np.log(sums)).sum())

    def moments(self, log_odds: float) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance of each stratum, counted from its lowest."""
        p, _ = self.tilt(log_odds)
        mean = np.add.reduceat(p * self.x, self.starts)
        return mean, np.add.reduceat(p * (self.x - mean[self.of]) ** 2, self.starts)

    def overdispersion(self, log_odds: float) -> float:
        """Pearson chi-square over degrees of freedom, at least 1."""
        if self.size < 2 or not np.isfinite(log_odds):
            return 1.0
        mean, variance = self.moments(log_odds)
        return max(1.0, float(((self.observed - self.lowest - mean) ** 2 / variance).sum() / (self.size - 1)))


class _Sum:
    """The sum of exposed cases over strata, counted from the lowest possible."""

    def __init__(self, strata: _Strata) -> None:
        self.strata = strata
        self.observed = int((strata.observed - strata.lowest).sum())
        most = int((strata.highest - strata.lowest).sum())
        self.is_lowest, self.is_highest = self.observed == 0, self.observed == most
        self.center = self._log_odds_with_mean(min(max(self.observed, 0.5), most - 0.5))
        self.estimate = -np.inf if self.is_lowest else np.inf if self.is_highest else self.center
        p, self.log_constant = strata.tilt(self.center)
        offset, mass = 0, np.ones(1)
        for part in np.split(p, strata.starts[1:]):
            kept = np.flatnonzero(part > _NEGLIGIBLE)
            offset += int(kept[0])
            mass = np.convolve(mass, part[kept[0] : kept[-1] + 1])
        self.sums, self.mass = offset + np.arange(len(mass)), mass

    def _log_odds_with_mean(self, wanted: float) -> float:
        def excess(log_odds: float) -> float:
            return float(self.strata.moments(log_odds)[0].sum() - wanted)

        low, high = -1.0, 1.0
        while excess(low) > 0:
            low *= 2
        while excess(high) < 0:
            high *= 2
        return float(brentq(excess, low, high, xtol=1e-12, rtol=1e-14))

    def log_tail(self, log_odds: float, chosen: np.ndarray) -> float:
        """
        Logarithm of the probability of some sums at an odds ratio.

        To all digits for an upper tail at odds ratios up to the observed and for a lower one from there on: the tilt
        then makes what was left out still smaller.
        """
        if not chosen.any():
            return -np.inf
        shift = log_odds - self.center
        _, log_constant = self.strata.tilt(log_odds)
        steps = (self.sums[chosen] - self.observed) * shift
        peak = steps.max()
        log_mass = np.log((self.mass[chosen] * np.exp(steps - peak)).sum())
        return float(log_mass + peak + self.observed * shift + self.log_constant - log_constant)

    def test(self) -> tuple[float, float]:
        """Logarithm of the exact p-value for excess, and its mid-p."""
        just = np.exp(self.log_tail(0.0, self.sums == self.observed))
        if self.center >= 0:
            log_p = min(0.0, self.log_tail(0.0, self.sums >= self.observed))
        else:
            log_p = float(np.log1p(-np.exp(min(0.0, self.log_tail(0.0, self.sums < self.observed)))))
        return log_p, max(0.0, float(np.exp(log_p) - just / 2))

    def interval(self, alpha: float) -> tuple[float, float]:
        """Ends, as log odds ratios, of the interval with `alpha` on either side."""
        low, high = -np.inf, np.inf
        if not self.is_lowest:
            low = self._end(alpha, self.sums >= self.observed, -1)
        if not self.is_highest:
            high = self._end(alpha, self.sums <= self.observed, 1)
        return low, high

    def _end(self, alpha: float, chosen: np.ndarray, direction: int) -> float:
        def excess(log_odds: float) -> float:
            return self.log_tail(log_odds, chosen) - np.log(alpha)

        step = 2.0 / np.sqrt(max(self.strata.moments(self.center)[1].sum(), 0.25))
        near, far = self.center, self.center + direction * step
        while excess(near) < 0:
            near -= direction * step
        while excess(far) > 0:
            near, far = far, far + 2 * (far - near)
        return float(brentq(excess, min(near, far), max(near, far), xtol=1e-10, rtol=1e-12))


def _mantel_haenszel(tables: np.ndarray, confidence: float) -> tuple[float, float, float, float]:
    """Odds ratio, its interval and the p-value of homogeneity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = StratifiedTable(tables)
        odds_ratio = float(pooled.oddsratio_pooled)
        low, high = pooled.oddsratio_pooled_confint(alpha=1 - confidence)
        if not (np.isfinite(odds_ratio) and odds_ratio > 0):
            return odds_ratio, 0.0, float("inf"), float("nan")
        if abs(odds_ratio - 1) < 1e-6:
            # statsmodels divides by 1 - odds ratio in the test of homogeneity.
            pooled = StratifiedTable(tables * np.array([[1 + 1e-5, 1.0], [1.0, 1.0]])[:, :, None])
        homogeneity = float(pooled.test_equal_odds(adjust=True).pvalue) if tables.shape[2] > 1 else float("nan")
    return odds_ratio, float(low), float(high), homogeneity
