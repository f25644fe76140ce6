"""What share of the list came from the operator, and how likely is it that any did?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigh_tridiagonal
from scipy.special import betaln, logsumexp, xlog1py, xlogy

# Without a leak as likely as with one, all operators alike: stated in every report, changeable by the caller.
PRIOR_NO_LEAK = 0.5
# How many controls the market shares are worth before any control is seen.
PRIOR_WEIGHT = 6.0
_SHARES, _BASELINES, _PORTED = 200, 40, 9
# An operator without any market share can still turn up.
_LEAST_WEIGHT = 1e-6


@dataclass(frozen=True)
class LeakShare:
    """
    Result of `leak_posterior` for one operator.

    Attributes
    ----------
    posterior : float
        Probability that a share of the list came from this operator, among {no leak, each operator}.
    share : float
        Posterior median of that share, given that it did.
    low, high : float
        Ends of its central 95% interval.
    """

    posterior: float
    share: float
    low: float
    high: float


def leak_posterior(
    reached: ArrayLike,
    controls: ArrayLike,
    market: ArrayLike,
    ported: tuple[float, float],
    *,
    prior_no_leak: float = PRIOR_NO_LEAK,
    prior_weight: float = PRIOR_WEIGHT,
) -> tuple[float, list[LeakShare]]:
    """
    Weigh "no leak" against "a share of the list came from operator s" for each s.

    Parameters
    ----------
    reached, controls : sequence of int, shape (n_operators,)
        People by the operator their number was allocated to.
    market : sequence of float, shape (n_operators,)
        Market shares, summing to 1.
    ported : (float, float)
        Parameters of the Beta distribution of the share of an operator's customers whose number was allocated to
        another.
    prior_no_leak : float
        Prior probability that the list came from no operator; the rest is shared out equally.
    prior_weight : float
        Weight of the market shares in the Dirichlet prior of the baseline, in people.

    Returns
    -------
    none : float
        Posterior probability of no leak.
    leaks : list of LeakShare, shape (n_operators,)
        For each operator.

    Notes
    -----
    Mixture of `tracing.md`, 4: reached ~ Multinomial(n, (1 - λ) b + λ M[s]), b ~ Dirichlet(weight × market + controls),
    λ ~ Uniform(0, 1), ported ~ Beta. A customer of s with a ported number has it from another operator in proportion to
    the baseline; then the counts of the others carry no information on λ beyond their sum, and the integral has three
    dimensions: Gauss-Legendre in λ, Gauss-Jacobi in the baseline and the ported share (Golub & Welsch, "Calculation of
    Gauss quadrature rules", 1969). No sampling, no noise.
    """
    x, y = np.asarray(reached, float), np.asarray(controls, float)
    n = x.sum()
    alpha = np.maximum(prior_weight * np.asarray(market, float) + y, _LEAST_WEIGHT)
    nodes, node_weights = np.polynomial.legendre.leggauss(_SHARES)
    share, share_weights = (nodes + 1) / 2, node_weights / 2
    away, away_weights = _beta_rule(*ported, _PORTED)
    log_factors, curves = [], []
    for s in range(len(x)):
        rest = max(alpha.sum() - alpha[s], _LEAST_WEIGHT)
        baseline, baseline_weights = _beta_rule(alpha[s], rest, _BASELINES)
        p = (1 - share[:, None, None]) * baseline[None, :, None] + share[:, None, None] * (1 - away[None, None, :])
        p = np.clip(p, 1e-12, 1 - 1e-12)
        weights = baseline_weights[:, None] * away_weights[None, :]
        curve = logsumexp(xlogy(x[s], p) + xlog1py(n - x[s], -p), axis=(1, 2), b=weights[None])
        none = betaln(x[s] + alpha[s], n - x[s] + rest) - betaln(alpha[s], rest)
        log_factors.append(logsumexp(curve, b=share_weights) - none)
        curves.append(curve)
    prior = np.log((1 - prior_no_leak) / len(x))
    joint = np.array([np.log(prior_no_leak), *(factor + prior for factor in log_factors)])
    posterior = np.exp(joint - logsumexp(joint))
    leaks = []
    for s, curve in enumerate(curves):
        mass = np.exp(curve - curve.max()) * share_weights
        cumulated = (np.cumsum(mass) - mass / 2) / mass.sum()
        low, median, high = np.interp([0.025, 0.5, 0.975], cumulated, share)
        leaks.append(LeakShare(float(posterior[s + 1]), float(median), float(low), float(high)))
    return float(posterior[0]), leaks


def _beta_rule(a: float, b: float, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights that integrate against a Beta density, exactly for polynomials up to degree 2 size - 1."""
    # Recurrence of the Jacobi polynomials (Abramowitz & Stegun 22.7), moved from [-1, 1] to [0, 1]; scipy's roots_jacobi
    # overflows at the parameters that a thousand controls make.
    k = np.arange(1, size)
    t = 2 * k + a + b - 2
    middle = np.append(a / (a + b), 0.5 + (a - b) * (a + b - 2) / (2 * t * (t + 2)))
    k, t = k[1:], t[1:]
    later = k * (k + a - 1) * (k + b - 1) * (k + a + b - 2) / ((t - 1) * (t + 1) * t**2)
    side = np.append(a * b / ((a + b) ** 2 * (a + b + 1)), later)
    nodes, vectors = eigh_tridiagonal(middle, np.sqrt(side))
    return nodes, vectors[0] ** 2
