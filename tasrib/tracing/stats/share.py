"""The share of the list that came from an operator: maximum likelihood, with a profile interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from scipy.special import xlog1py, xlogy

# Values of λ, in each of a few looks that close in on the interval.
_SHARES = 41
_STEPS, _LEAST, _EXACT = 60, 1e-12, 1e-6


@dataclass(frozen=True)
class ProfileShare:
    """
    Result of `profile_share`.

    Attributes
    ----------
    share : float
        λ, the maximum likelihood estimate.
    low, high : float
        Ends of the profile likelihood interval.
    """

    share: float
    low: float
    high: float


def profile_share(
    reached: ArrayLike,
    people: ArrayLike,
    controls_reached: ArrayLike,
    controls: ArrayLike,
    ported: tuple[float, float],
    *,
    confidence: float = 0.95,
) -> ProfileShare:
    """
    Estimate the share of the list that came from one operator.

    Parameters
    ----------
    reached, people : array-like of int, shape (n_strata,) or scalar
        People reached whose number was allocated to the operator, and all people reached.
    controls_reached, controls : array-like of int, shape (n_strata,) or scalar
        The same of the controls.
    ported : (float, float)
        Parameters of the Beta distribution of the share of ported numbers: a term of the likelihood, as if from a survey.
    confidence : float
        Of the interval.

    Returns
    -------
    ProfileShare
        Estimate and interval; (nan, 0, 1) where there is no control.

    Notes
    -----
    reached ~ Binomial(people, (1 - λ) b + λ (1 - π)), controls reached ~ Binomial(controls, b), with b free in each
    stratum and π common. Interval: all λ whose profile deviance is below the chi-squared quantile (Venzon & Moolgavkar, "A
    method for computing profile-likelihood-based confidence intervals", Applied Statistics 1988). Where λ = 0 lies in it,
    the interval starts there, and then covers more often than it says.
    """
    tables = _tables(reached, people, controls_reached, controls)
    if not tables.size:
        return ProfileShare(float("nan"), 0.0, 1.0)
    limit = stats.chi2.ppf(confidence, 1) / 2
    shares = np.linspace(0.0, 1.0, _SHARES)
    while True:
        curve = _profile(shares, tables, ported)
        first, last = np.flatnonzero(curve >= curve.max() - limit)[[0, -1]]
        start, end = shares[max(first - 1, 0)], shares[min(last + 1, _SHARES - 1)]
        # Again where the interval lies, as long as most of the grid lies outside.
        if end - start > 0.5 * (shares[-1] - shares[0]):
            break
        shares = np.linspace(start, end, _SHARES)
    share, least = _peak(shares, curve), curve.max() - limit
    low, high = float(shares[0]), float(shares[-1])
    if first > 0:
        low = float(np.interp(least, curve[[first - 1, first]], shares[[first - 1, first]]))
    if last < _SHARES - 1:
        high = float(np.interp(-least, -curve[[last, last + 1]], shares[[last, last + 1]]))
    return ProfileShare(share, min(low, share), max(high, share))


def profile_curve(
    shares: ArrayLike,
    reached: ArrayLike,
    people: ArrayLike,
    controls_reached: ArrayLike,
    controls: ArrayLike,
    ported: tuple[float, float],
) -> np.ndarray:
    """
    Say how well shares of the list fit the counts: the curve that `profile_share` cuts its interval from.

    Parameters
    ----------
    shares : array-like of float, shape (n_shares,)
        Values of λ, 0 to 1.
    reached, people, controls_reached, controls, ported
        As in `profile_share`.

    Returns
    -------
    numpy.ndarray, shape (n_shares,)
        Profile likelihood over the greatest of these shares, 0 to 1; 1 throughout where there is no control. At the ends of a 95%
        interval it is 0.147 (`exp` of minus half the quantile 3.84).
    """
    shares, tables = np.asarray(shares, float), _tables(reached, people, controls_reached, controls)
    if not tables.size:
        return np.ones(len(shares))
    curve = _profile(shares, tables, ported)
    return np.exp(curve - curve.max())


def _tables(reached: ArrayLike, people: ArrayLike, controls_reached: ArrayLike, controls: ArrayLike) -> np.ndarray:
    """Strata that hold both: shape (4, n_strata, 1)."""
    x, n, y, m = (np.atleast_1d(np.asarray(each, float)) for each in (reached, people, controls_reached, controls))
    used = (n > 0) & (m > 0)
    return np.array([x[used], n[used], y[used], m[used]])[:, :, None]


def _profile(shares: np.ndarray, tables: np.ndarray, ported: tuple[float, float]) -> np.ndarray:
    """Greatest log-likelihood over the baselines and the ported share, for each λ: shape (n_shares,)."""
    x, n, y, m = tables
    moved, unmoved = ported[0] - 1, ported[1] - 1
    away = np.full(len(shares), np.clip(moved / max(moved + unmoved, _LEAST), 1e-3, 1 - 1e-3))
    low, high = np.full(len(shares), _LEAST), np.full(len(shares), 1 - _LEAST)
    # Weighted least squares of the two shares that tell of the baseline.
    weight = n * (1 - shares) ** 2
    b = (y + (1 - shares) * (x - n * shares * (1 - away))) / (m + weight)
    b = np.clip(b, 0.5 / (n + m), 1 - 0.5 / (n + m))
    for _ in range(_STEPS):
        b, bend = _baseline(b, shares, away, tables)
        q = np.clip((1 - shares) * b + shares * (1 - away), _LEAST, 1 - _LEAST)
        steep = x / q**2 + (n - x) / (1 - q) ** 2
        slope = -shares * (x / q - (n - x) / (1 - q)).sum(0) + moved / away - unmoved / (1 - away)
        # The baselines follow the ported share: what is left of the second derivative (Schur complement).
        curved = (shares**2 * steep * (1 - (1 - shares) ** 2 * steep / bend)).sum(0)
        curved = curved + abs(moved) / away**2 + abs(unmoved) / (1 - away) ** 2
        low, high = np.where(slope > 0, away, low), np.where(slope > 0, high, away)
        after = away + slope / np.maximum(curved, _LEAST)
        after = np.clip(after, away - 0.9 * (away - low), away + 0.9 * (high - away))
        moving = np.abs(after - away).max()
        away = after
        if moving < _EXACT:
            break
    b, _ = _baseline(b, shares, away, tables)
    q = np.clip((1 - shares) * b + shares * (1 - away), _LEAST, 1 - _LEAST)
    found = xlogy(x, q) + xlog1py(n - x, -q) + xlogy(y, b) + xlog1py(m - y, -b)
    return found.sum(0) + xlogy(moved, away) + xlog1py(unmoved, -away)


def _baseline(b: np.ndarray, shares: np.ndarray, away: np.ndarray, tables: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Likeliest baseline of each stratum, and minus the second derivative there: shapes (n_strata, n_shares)."""
    x, n, y, m = tables
    low, high = np.full(b.shape, _LEAST), np.full(b.shape, 1 - _LEAST)
    for _ in range(_STEPS):
        q = np.clip((1 - shares) * b + shares * (1 - away), _LEAST, 1 - _LEAST)
        slope = (1 - shares) * (x / q - (n - x) / (1 - q)) + y / b - (m - y) / (1 - b)
        bend = (1 - shares) ** 2 * (x / q**2 + (n - x) / (1 - q) ** 2) + y / b**2 + (m - y) / (1 - b) ** 2
        # The log-likelihood is concave: the slope tells the side, and Newton's step must stay between.
        low, high = np.where(slope > 0, b, low), np.where(slope > 0, high, b)
        after = b + slope / bend
        after = np.clip(after, b - 0.9 * (b - low), b + 0.9 * (high - b))
        moving = np.abs(after - b).max()
        b = after
        if moving < _EXACT:
            break
    return b, bend


def _peak(shares: np.ndarray, curve: np.ndarray) -> float:
    top = int(curve.argmax())
    if top in (0, len(curve) - 1):
        return float(shares[top])
    left, middle, right = curve[top - 1 : top + 2]
    bend = left - 2 * middle + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(shares[top] + np.clip(shift, -0.5, 0.5) * (shares[1] - shares[0]))
