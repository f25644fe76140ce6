"""The share of ported numbers, updated by the operators that complainants declare."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import betainc, betaln, xlog1py, xlogy
from scipy.stats import beta

from tasrib.tracing.stats.exact import log_choose

# Logarithm of what one way must weigh beside the likeliest: all that weigh less are together below what the sum is kept to.
_COUNTS = -65.0


@dataclass(frozen=True)
class PortedBelief:
    """
    What is believed of the share of an operator's customers whose number was allocated to another.

    Attributes
    ----------
    beta_a, beta_b : float
        Parameters of the Beta distribution: the posterior itself when every declaration is taken as right, else the one
        with its mean and variance.
    mean, low, high : float
        Mean of the posterior and the ends of its central interval; fractions.
    n_declared, n_differs : int
        People who declared an operator and have a prefix of a known one; those of them where the two differ.
    """

    beta_a: float
    beta_b: float
    mean: float
    low: float
    high: float
    n_declared: int
    n_differs: int


def count_declared(allocated: Iterable[object], declared: Iterable[object]) -> tuple[int, int]:
    """
    Count who declared an operator and whose differs from the prefix's.

    Parameters
    ----------
    allocated, declared : iterable of str, shape (n_people,)
        Canonical names of the operators, one person once: ``operator_allocated`` and ``operator_serving`` of scored
        complaints; empty where unknown.

    Returns
    -------
    n_declared, n_differs : int
        People with both known, and those where they differ.

    Raises
    ------
    ValueError
        When the two have different lengths.
    """
    prefix, said = (
        np.array([value if isinstance(value, str) else "" for value in values], dtype=object)
        for values in (allocated, declared)
    )
    if len(prefix) != len(said):
        raise ValueError(f"{len(prefix)} allocated and {len(said)} declared operators: give both for each person")
    known = (prefix != "") & (said != "")
    return int(known.sum()), int((known & (prefix != said)).sum())


def update_ported(
    prior: tuple[float, float],
    n_declared: int,
    n_differs: int,
    *,
    misdeclared: float | tuple[float, float] = 0.0,
    confidence: float = 0.95,
) -> PortedBelief:
    """
    Sharpen the belief about ported numbers by what complainants declare.

    Parameters
    ----------
    prior : (float, float)
        Beta distribution of the share, as from `tasrib.numbering.portability`.
    n_declared, n_differs : int
        People who declared an operator, and those whose number was allocated to another.
    misdeclared : float or (float, float)
        Chance that a declaration makes a kept number look ported or a ported one kept (the operator of the prefix
        named out of habit): a known rate under one half, or the Beta distribution of an unknown one.
    confidence : float
        Of the interval, between 0 and 1.

    Returns
    -------
    PortedBelief
        Posterior. Without anyone who declared, the prior.

    Raises
    ------
    ValueError
        When a count, a rate or a parameter is out of range.

    Notes
    -----
    Beta-binomial update (Gelman et al., "Bayesian Data Analysis", 3rd ed. 2013, 2.4). With a rate of error ε a number
    looks ported with chance π (1 - ε) + (1 - π) ε: Rogan & Gladen, "Estimating prevalence from the results of a
    screening test", American Journal of Epidemiology 1978; Joseph, Gyorkos & Coupal, "Bayesian estimation of disease
    prevalence and the parameters of diagnostic tests in the absence of a gold standard", ibid. 1995. The posterior is
    then a mixture of Beta distributions, one for each number of people who are truly ported (their latent counts): it
    is summed here in full, where they sample it.
    """
    a, b = _check(prior, n_declared, n_differs, misdeclared, confidence)
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    if misdeclared == 0.0 or n_declared == 0:
        a, b = a + n_differs, b + n_declared - n_differs
        low, high = (float(end) for end in beta.ppf(tails, a, b))
        return PortedBelief(a, b, a / (a + b), low, high, int(n_declared), int(n_differs))
    truly = np.arange(n_declared + 1)
    weights = _chance_of_data(n_declared, n_differs, misdeclared, betaln(a + truly, b + n_declared - truly))
    kept = weights > 1e-18 * weights.max()
    weights, truly = weights[kept] / weights[kept].sum(), truly[kept]
    first, second, size = a + truly, b + n_declared - truly, a + b + n_declared
    mean = float((weights * first).sum() / size)
    # Within and between the parts of the mixture.
    variance = float((weights * first * second).sum() / (size**2 * (size + 1)))
    variance += float((weights * (first / size - mean) ** 2).sum())
    low, high = (
        brentq(lambda share, tail=tail: (weights * betainc(first, second, share)).sum() - tail, 0, 1, xtol=1e-12)
        for tail in tails
    )
    weight = mean * (1 - mean) / variance - 1
    return PortedBelief(
        weight * mean, weight * (1 - mean), mean, float(low), float(high), int(n_declared), int(n_differs)
    )


def _check(
    prior: tuple[float, float],
    n_declared: int,
    n_differs: int,
    misdeclared: float | tuple[float, float],
    confidence: float,
) -> tuple[float, float]:
    a, b = (float(value) for value in prior)
    if not (a > 0 and b > 0):
        raise ValueError(f"prior ({a}, {b}): both parameters of a Beta distribution must be positive")
    if not 0 <= n_differs <= n_declared:
        raise ValueError(f"{n_differs} of {n_declared} declared operators differ: a part exceeds its whole")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    if isinstance(misdeclared, tuple):
        if not min(misdeclared) > 0:
            raise ValueError(f"misdeclared {misdeclared}: both parameters of a Beta distribution must be positive")
    elif not 0 <= misdeclared < 0.5:
        raise ValueError(
            f"misdeclared {misdeclared} is not a rate from 0 to under 0.5: from there on answers say nothing"
        )
    return a, b


def _chance_of_data(n: int, k: int, misdeclared: float | tuple[float, float], log_prior: np.ndarray) -> np.ndarray:
    """How likely k of n differ with 0 to n truly ported, up to a factor: over all ways to be wrong, times the ways to choose."""
    errors = np.arange(n + 1)
    if isinstance(misdeclared, tuple):
        log_error = betaln(misdeclared[0] + errors, misdeclared[1] + n - errors) - betaln(*misdeclared)
    else:
        log_error = xlogy(errors, misdeclared) + xlog1py(n - errors, -misdeclared)
    log_seen, log_hidden = log_choose(k, np.arange(k + 1)), log_choose(n - k, np.arange(n - k + 1))

    def ways(seen: int) -> np.ndarray:
        # `seen` are ported and look it, the other k - seen look it by error; so do `hidden` ported that look kept.
        part = slice(seen, seen + n - k + 1)
        return log_seen[seen] + log_hidden + log_error[k - seen : n - seen + 1] + log_prior[part]

    # Of tens of thousands who declared, nearly all ways are too unlikely to count, and only the exponentials are dear.
    most = max(ways(seen).max() for seen in range(k + 1))
    out = np.zeros(n + 1)
    for seen in range(k + 1):
        log_ways = ways(seen) - most
        hidden = np.flatnonzero(log_ways > _COUNTS)
        out[seen + hidden] += np.exp(log_ways[hidden])
    return out
