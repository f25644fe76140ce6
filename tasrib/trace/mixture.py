"""What share of the list came from the operator, and how likely is it that any did?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import logsumexp

# Without a leak as likely as with one, all operators alike: stated in every report, changeable by the caller.
PRIOR_NO_LEAK = 0.5
# How many controls the market shares are worth before any control is seen.
PRIOR_WEIGHT = 6.0
_SHARES, _BASELINES, _PORTED = 120, 60, 7


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
    reached: Sequence[int],
    controls: Sequence[int],
    market: Sequence[float],
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
    dimensions: Gauss-Legendre in λ, quantile midpoints in the baseline and the ported share. No sampling, no noise.
    """
    x, y = np.asarray(reached, float), np.asarray(controls, float)
    n = x.sum()
    alpha = prior_weight * np.asarray(market, float) + y
    nodes, node_weights = np.polynomial.legendre.leggauss(_SHARES)
    share, share_weights = (nodes + 1) / 2, node_weights / 2
    away = stats.beta.ppf((np.arange(_PORTED) + 0.5) / _PORTED, *ported)
    quantiles = (np.arange(_BASELINES) + 0.5) / _BASELINES
    log_factors, curves = [], []
    for s in range(len(x)):
        baseline = stats.beta.ppf(quantiles, alpha[s], alpha.sum() - alpha[s])
        p = (1 - share[:, None, None]) * baseline[None, :, None] + share[:, None, None] * (1 - away[None, None, :])
        log_like = stats.binom.logpmf(x[s], n, np.clip(p, 1e-12, 1 - 1e-12))
        none = logsumexp(stats.binom.logpmf(x[s], n, np.clip(baseline, 1e-12, 1 - 1e-12))) - np.log(_BASELINES)
        curve = logsumexp(log_like, axis=(1, 2)) - np.log(_BASELINES * _PORTED)
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
