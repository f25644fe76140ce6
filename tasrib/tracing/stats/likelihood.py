"""The likelihood of a leak with the baseline integrated out, as the joint test and the posterior use it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from scipy import stats
from scipy.interpolate import CubicSpline
from scipy.special import betaln, gammaln, log_expit, logit

# How many people the market shares are worth before a control is seen: unknown, so all of these, and the data decide.
PRIOR_WEIGHTS = (3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)
# An operator without any market share can still turn up.
LEAST_WEIGHT = 1e-3
_TAIL = 1e-9
_KNOTS = 48
_Share = TypeVar("_Share", float, np.ndarray)


@dataclass(frozen=True)
class Stratum:
    """
    One stratum of a case-control comparison.

    Attributes
    ----------
    reached, controls : numpy.ndarray of int, shape (n_operators,)
        People by the operator their number was allocated to.
    """

    reached: np.ndarray
    controls: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """People of both, by operator."""
        return self.reached + self.controls


def allocated_share(baseline: _Share, share: _Share, ported: _Share) -> _Share:
    """
    Chance that a person reached has a number allocated to the operator whose customers leaked.

    Parameters
    ----------
    baseline : float or numpy.ndarray
        Share of the operator among people who complain.
    share : float or numpy.ndarray
        λ, the share of the list that came from the operator.
    ported : float or numpy.ndarray
        Share of the operator's customers whose number was allocated to another operator.

    Returns
    -------
    float or numpy.ndarray
        (1 - λ) b + λ (1 - π), broadcast: the others have its numbers as often as everyone, its customers unless they were ported to it.
    """
    return (1 - share) * baseline + share * (1 - ported)


def dirichlet_multinomial(counts: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """
    Logarithm of the probability of one sequence of draws with these counts, their shares integrated out.

    Parameters
    ----------
    counts, alpha : numpy.ndarray, shape (..., n)
        Counts, and parameters of the Dirichlet distribution of the shares.

    Returns
    -------
    numpy.ndarray, shape (...)
        Without the multinomial coefficient, which is the same for all hypotheses.

    Notes
    -----
    Johnson, Kotz & Balakrishnan, Discrete Multivariate Distributions (1997), 35.13.1.
    """
    whole = gammaln(alpha.sum(-1)) - gammaln(alpha.sum(-1) + counts.sum(-1))
    return whole + (gammaln(alpha + counts) - gammaln(alpha)).sum(-1)


def baseline_grid(own: float, others: float, low: int, high: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Points of the baseline, evenly spaced in its log-odds, and the logarithm of their weights.

    Parameters
    ----------
    own, others : float
        Least parameters of the Beta distribution: prior weight of the operator, of the others.
    low, high : int
        Least and greatest number of the operator's people who may tell of the baseline.
    size : int
        All people who tell of it.

    Returns
    -------
    log_odds, log_weights : numpy.ndarray, shape (n_points,)
        The trapezoidal rule converges geometrically for such bell-shaped integrands (Trefethen & Weideman, "The
        exponentially convergent trapezoidal rule", SIAM Review 2014).
    """
    start = float(logit(stats.beta.ppf(_TAIL, own + low, others + size - low)))
    end = float(logit(stats.beta.isf(_TAIL, own + high, others + size - high)))
    start, end = max(start, -25.0), min(end, 25.0)
    widest = max(own + others + size, 4.0)
    points = int(np.clip(np.ceil((end - start) * np.sqrt(widest) / 2 / 0.9), 24, 400))
    grid = np.linspace(start, end, points)
    return grid, np.full(points, np.log((end - start) / (points - 1)))


def alternative_table(
    stratum: Stratum,
    operator: int,
    xs: np.ndarray,
    market: np.ndarray,
    shares: np.ndarray,
    ported: float,
    weights: np.ndarray,
) -> np.ndarray:
    """
    Logarithm of the likelihood of a leak from one operator, for each number of its people among the reached.

    Parameters
    ----------
    stratum : Stratum
        Its totals are kept: people of the operator who are not among the reached are among the controls.
    operator : int
        Whose list leaked.
    xs : numpy.ndarray of int, shape (n_x,)
        Numbers of the operator's people among the reached.
    market : numpy.ndarray, shape (n_operators,)
        Market shares.
    shares : numpy.ndarray, shape (n_shares,)
        Values of λ.
    ported : float
        Share of ported numbers.
    weights : numpy.ndarray, shape (n_weights,)
        Weights of the market shares, in people.

    Returns
    -------
    numpy.ndarray, shape (n_x, n_shares, n_weights)
        Log-likelihoods, without the multinomial coefficients of the two groups.

    Notes
    -----
    A customer with a ported number has it from another operator in proportion to the baseline. So the shares of the
    others among themselves do not depend on λ; their part is a Dirichlet-multinomial, and one integral is left.
    """
    total, n = stratum.total, int(stratum.reached.sum())
    own, size = int(total[operator]), int(total.sum())
    alpha = np.maximum(weights[:, None] * market, LEAST_WEIGHT)
    others = np.delete(np.arange(len(market)), operator)
    prior = list(zip(alpha[:, operator].tolist(), alpha[:, others].sum(1).tolist(), strict=True))
    knots = xs if len(xs) <= _KNOTS else np.unique(np.linspace(xs[0], xs[-1], _KNOTS).round().astype(int))
    known = _integral(n, own, size, tuple(knots.tolist()), tuple(prior), tuple(shares.tolist()), ported)
    table = known if len(knots) == len(xs) else CubicSpline(knots, known)(xs)
    return table + dirichlet_multinomial(total[others][None, :], alpha[:, others])


# The same margins come back, from campaign to campaign and in every simulation.
@lru_cache(maxsize=2048)
def _integral(
    n: int,
    own: int,
    size: int,
    xs: tuple[int, ...],
    prior: tuple[tuple[float, float], ...],
    shares: tuple[float, ...],
    ported: float,
) -> np.ndarray:
    """Log-likelihood of one operator against the rest: shape (n_x, n_shares, n_weights)."""
    a, rest = np.array(prior).T
    x = np.array(xs)[:, None, None]
    grid, log_weights = baseline_grid(a.min(), rest.min(), own - xs[-1], own, size)
    log_b, log_not_b = log_expit(grid), log_expit(-grid)
    q = np.clip(
        allocated_share(np.exp(log_b)[None, :], np.array(shares)[:, None], np.asarray(ported)), 1e-300, 1 - 1e-16
    )
    exponent = x * (np.log(q) - log_b) + (n - x) * (np.log1p(-q) - log_not_b)
    base = (a + own)[:, None] * log_b + (rest + size - own)[:, None] * log_not_b + log_weights
    whole = exponent[:, :, None, :] + (base - betaln(a, rest)[:, None])
    top = whole.max(-1)
    return np.log(np.exp(whole - top[..., None]).sum(-1)) + top


def null_likelihood(stratum: Stratum, market: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """
    Logarithm of the likelihood without a leak.

    Parameters
    ----------
    stratum : Stratum
        Counts.
    market : numpy.ndarray, shape (n_operators,)
        Market shares.
    weights : numpy.ndarray, shape (n_weights,)
        Weights of the market shares, in people.

    Returns
    -------
    numpy.ndarray, shape (n_weights,)
        On the same scale as `alternative_table`.
    """
    alpha = np.maximum(weights[:, None] * market, LEAST_WEIGHT)
    return dirichlet_multinomial(stratum.total[None, :], alpha)
