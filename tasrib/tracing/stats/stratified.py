"""Exact conditional test of cases against controls within strata, such as month, region or channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import gammaln

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
    odds_ratio : float
        Conditional maximum likelihood estimate of the common odds ratio; 0 or infinite at the end of the possible
        sums, not a number when no stratum is informative.
    ci_low, ci_high : float
        Ends of its exact two-sided interval.
    overdispersion : float
        Pearson chi-square of the strata around the common odds ratio, over its degrees of freedom; at least 1.
    n_informative : int
        Strata with cases and controls, exposed and not: only they say something on the odds ratio.
    observed : int
        Exposed cases in these strata.
    expected : float
        Their mean, given all margins, when the odds ratio is 1.
    """

    p_value: float
    odds_ratio: float
    ci_low: float
    ci_high: float
    overdispersion: float
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
        Of the interval, between 0.5 and 1.

    Returns
    -------
    Stratified
        Test, odds ratio and interval. The order of the strata and strata that are not informative change nothing.

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

    Overdispersion: McCullagh & Nelder, "Generalized Linear Models", 1989, 4.5, with the exact conditional means and
    variances at the conditional estimate; with few strata it is little known.
    """
    table = _tables(exposed_cases, cases, exposed_controls, controls)
    if not 0.5 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0.5 and 1")
    strata = _Strata(table)
    if strata.size == 0:
        return Stratified(1.0, float("nan"), 0.0, float("inf"), 1.0, 0, 0, 0.0)
    total = _Sum(strata)
    log_low, log_high = total.interval((1 - confidence) / 2)
    return Stratified(
        p_value=float(np.exp(total.log_p())),
        odds_ratio=float(np.exp(total.estimate)),
        ci_low=float(np.exp(log_low)),
        ci_high=float(np.exp(log_high)),
        overdispersion=strata.overdispersion(total.estimate),
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
        self.observed = a
        if not self.size:
            return
        exposed = a + b
        self.lowest, self.highest = np.maximum(0, exposed - m), np.minimum(n, exposed)
        lengths = self.highest - self.lowest + 1
        self.starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        self.of = np.repeat(np.arange(self.size), lengths)
        # Counted from each stratum's lowest, so that large counts times large log-odds do not lose digits.
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
        self.centre = self._log_odds_with_mean(min(max(self.observed, 0.5), most - 0.5))
        self.estimate = -np.inf if self.is_lowest else np.inf if self.is_highest else self.centre
        p, self.log_constant = strata.tilt(self.centre)
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
        shift = log_odds - self.centre
        _, log_constant = self.strata.tilt(log_odds)
        steps = (self.sums[chosen] - self.observed) * shift
        peak = steps.max()
        log_mass = np.log((self.mass[chosen] * np.exp(steps - peak)).sum())
        return float(log_mass + peak + self.observed * shift + self.log_constant - log_constant)

    def log_p(self) -> float:
        """Logarithm of the exact p-value for excess."""
        if self.centre >= 0:
            return min(0.0, self.log_tail(0.0, self.sums >= self.observed))
        return float(np.log1p(-np.exp(min(0.0, self.log_tail(0.0, self.sums < self.observed)))))

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

        step = 2.0 / np.sqrt(max(self.strata.moments(self.centre)[1].sum(), 0.25))
        near, far = self.centre, self.centre + direction * step
        while excess(near) < 0:
            near -= direction * step
        while excess(far) > 0:
            near, far = far, far + 2 * (far - near)
        return float(brentq(excess, min(near, far), max(near, far), xtol=1e-10, rtol=1e-12))
