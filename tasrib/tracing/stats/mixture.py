"""Posterior probability that a share of the list came from an operator, or from two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import cumulative_trapezoid
from scipy.interpolate import CubicSpline
from scipy.special import betaln, expit, logsumexp

from tasrib.tracing.stats.likelihood import (
    LEAST_WEIGHT,
    PRIOR_WEIGHTS,
    Stratum,
    allocated_share,
    dirichlet_multinomial,
    null_likelihood,
)
from tasrib.tracing.stats.quadrature import (
    BetaCounts,
    Mass,
    Spacing,
    baselines,
    beta_rule,
    group_alike,
    integrate,
    legendre,
    pad,
    points,
    spread_over,
)

# Without a leak as likely as with one; two operators at once are one case in ten of a leak. Stated in every report.
PRIOR_NO_LEAK, PRIOR_PAIRS = 0.5, 0.05
# Nodes of λ, first while closing in on where the likelihood is, then there; of the ported share; the same for pairs.
_FIRST, _SHARES, _PORTED = 10, 32, 7
_PAIR_FIRST, _PAIR_SHARES, _PAIR_PORTED = 8, 14, 2
# Shares of a likelihood under exp(-20) of its peak hold no mass.
_DEPTH = 20.0
_SHRINKS = 0.7
_FINE = 1_024
# Numbers that a processor keeps near: longer arrays take it half as long again, in which it waits for them.
_AT_ONCE = 32_768
# Of the points of a baseline: the rule errs by a millionth, for pairs by a few ten thousandths.
_SPACING, _PAIR_SPACING = Spacing(apart=1.2, most=1_500), Spacing(apart=1.5, most=60)


@dataclass(frozen=True)
class LeakShare:
    """
    What `leak_posterior` says of one operator.

    Attributes
    ----------
    posterior : float
        Probability that a share of the list came from this operator alone.
    share : float
        Posterior median of that share, given that it did.
    low, high : float
        Ends of its central 95% interval.
    """

    posterior: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class LeakPosterior:
    """
    Result of `leak_posterior`.

    Attributes
    ----------
    none : float
        Probability that the list came from no operator.
    operators : list of LeakShare
        One an operator.
    pairs : dict of (int, int) to float
        Probability that shares of the list came from both operators.
    prior_none, prior_pairs : float
        Prior probability of no leak, and of all pairs together.
    """

    none: float
    operators: list[LeakShare]
    pairs: dict[tuple[int, int], float]
    prior_none: float
    prior_pairs: float

    def involved(self, operator: int) -> float:
        """Probability that a share came from this operator, alone or with another."""
        return self.operators[operator].posterior + sum(p for pair, p in self.pairs.items() if operator in pair)


def leak_posterior(
    reached: ArrayLike,
    controls: ArrayLike,
    market: ArrayLike,
    ported: tuple[float, float],
    *,
    prior_no_leak: float = PRIOR_NO_LEAK,
    prior_pairs: float = PRIOR_PAIRS,
    weights: Sequence[float] = PRIOR_WEIGHTS,
) -> LeakPosterior:
    """
    Weigh "no leak" against "a share of the list came from operator s" for each s, and against pairs.

    Parameters
    ----------
    reached, controls : array-like of int, shape (n_operators,) or (n_strata, n_operators)
        People by the operator their number was allocated to.
    market : array-like of float, shape (n_operators,)
        Market shares, summing to 1.
    ported : (float, float)
        Parameters of the Beta distribution of the share of an operator's customers whose number was allocated to
        another.
    prior_no_leak : float
        Prior probability that the list came from no operator.
    prior_pairs : float
        Prior probability that it came from two, shared out equally among the pairs; the rest goes to single operators.
    weights : sequence of float
        How many people the market shares are worth, all alike before the data are seen.

    Returns
    -------
    LeakPosterior
        Probabilities, and the share of each operator.

    Raises
    ------
    ValueError
        When shapes differ, a count is negative, or the priors leave nothing for single operators.

    Notes
    -----
    Model: reached ~ Multinomial(n, (1 - λ) b + λ M[s]) and controls ~ Multinomial(m, b) in each stratum, where M[s] is how
    the numbers of the customers of s are allocated (1 - π to s, the rest in proportion to b). b ~ Dirichlet(weight × market)
    for each stratum, λ ~ Uniform(0, 1), π ~ Beta, weight uniform on the list; for pairs (λ₁, λ₂) uniform on the triangle.
    Computed without sampling: Gauss-Legendre in λ, closing in on the peak, Gauss-Jacobi in π (Golub & Welsch, 1969),
    trapezoids in the log-odds of b. Pairs are weighed only where some single operator is likelier than no leak; elsewhere
    they count as no leak, which never accuses.
    """
    x, y = np.atleast_2d(np.asarray(reached, int)), np.atleast_2d(np.asarray(controls, int))
    p = np.asarray(market, float) / np.sum(market)
    if x.shape != y.shape or p.shape != x.shape[1:]:
        raise ValueError(f"shapes differ: reached {x.shape}, controls {y.shape}, market {p.shape}")
    if (x < 0).any() or (y < 0).any():
        raise ValueError("a count is negative: count people")
    if not (0 < prior_no_leak < 1 and 0 <= prior_pairs < 1 - prior_no_leak):
        raise ValueError(
            f"priors {prior_no_leak} of no leak and {prior_pairs} of pairs leave nothing for single operators"
        )
    w = np.asarray(weights, float)
    strata = [Stratum(a, b) for a, b in zip(x, y, strict=True) if a.sum()]
    n_operators = x.shape[1]
    none = np.sum([null_likelihood(stratum, p, w) for stratum in strata], axis=0) if strata else np.zeros(len(w))
    singles = [_single(strata, s, p, ported, w) for s in range(n_operators)]
    base = _mean(none)
    factors = [_mean(by_weight) for by_weight, _ in singles]
    log_joint: dict[tuple[int, ...], float] = {(): np.log(prior_no_leak) + base}
    pairs = list(combinations(range(n_operators), 2))
    weigh_pairs = len(pairs) > 0 and prior_pairs > 0 and max(factors) > base
    for s, factor in enumerate(factors):
        log_joint[(s,)] = np.log((1 - prior_no_leak - prior_pairs) / n_operators) + factor
    # Weights under which neither no leak nor a single one is at all likely add nothing to pairs either.
    likely = np.any([each > each.max() - _DEPTH for each in (none, *(by_weight for by_weight, _ in singles))], axis=0)
    for pair in pairs:
        factor = _pair(strata, pair, p, ported, w[likely]) + np.log(likely.mean()) if weigh_pairs else base
        log_joint[pair] = np.log(max(prior_pairs, 1e-300) / len(pairs)) + factor
    total = logsumexp(list(log_joint.values()))
    posterior = {names: float(np.exp(value - total)) for names, value in log_joint.items()}
    leaks = [LeakShare(posterior[(s,)], *quantiles) for s, (_, quantiles) in enumerate(singles)]
    none_probability = posterior[()] + (0.0 if weigh_pairs else sum(posterior[pair] for pair in pairs))
    both = {pair: posterior[pair] if weigh_pairs else 0.0 for pair in pairs}
    return LeakPosterior(none_probability, leaks, both, prior_no_leak, prior_pairs)


def _single(
    strata: list[Stratum], s: int, market: np.ndarray, ported: tuple[float, float], weights: np.ndarray
) -> tuple[np.ndarray, tuple[float, float, float]]:
    """Log-likelihood of a leak from one operator, by weight; median and central 95% interval of λ."""
    away, away_weights = beta_rule(*ported, _PORTED)
    alpha = np.maximum(weights[:, None] * market, LEAST_WEIGHT)
    others = np.delete(np.arange(len(market)), s)
    a, rest = alpha[:, s], alpha[:, others].sum(1) if len(others) else np.full(len(weights), LEAST_WEIGHT)
    told = [
        BetaCounts(a, rest, int(each.controls[s]), int(each.controls.sum()), int(each.total[s]), int(each.total.sum()))
        for each in strata
    ]
    b, log_mass = pad([baselines(counts, _SPACING) for counts in told], len(weights))
    k = np.array([stratum.reached[s] for stratum in strata]).reshape(-1, 1, 1, 1)
    n = np.array([stratum.reached.sum() for stratum in strata]).reshape(-1, 1, 1, 1)
    total = np.array([stratum.total[others] for stratum in strata]).reshape(len(strata), 1, len(others))
    among = dirichlet_multinomial(total, alpha[:, others]) if len(others) else 0.0
    mass_of_b = Mass.of(log_mass[:, None])
    known = (among - np.tile(betaln(a, rest), (len(strata), 1))).sum(0)
    low, high, n_nodes = 0.0, 1.0, _FIRST
    while True:
        share, mass = legendre(low, high, n_nodes)
        rows = max(1, _AT_ONCE // (n_nodes * _PORTED * b.shape[1]))
        of_strata = np.empty((len(strata), n_nodes, _PORTED, len(weights)))
        for at in range(0, len(strata), rows):
            some = slice(at, at + rows)
            q = allocated_share(b[some, None, None, :], share[:, None, None], away[:, None])
            np.clip(q, 1e-300, 1 - 1e-16, out=q)
            exponent = k[some] * np.log(q)
            np.log1p(np.negative(q, out=q), out=q)
            q *= (n - k)[some]
            exponent += q
            of_strata[some] = integrate(exponent, mass_of_b.of_strata(some))
        whole = known + of_strata.sum(0)
        curve = logsumexp(whole, axis=(1, 2), b=away_weights[:, None] / len(weights))
        start, end = _where(share, curve, low, high)
        settled = end - start > _SHRINKS * (high - low)
        if settled and n_nodes == _SHARES:
            by_weight = logsumexp(whole, axis=(0, 1), b=mass[:, None, None] * away_weights[:, None])
            return by_weight, _quantiles(share, curve, low, high)
        low, high, n_nodes = start, end, _SHARES if settled else n_nodes


def _pair(
    strata: list[Stratum], pair: tuple[int, int], market: np.ndarray, ported: tuple[float, float], weights: np.ndarray
) -> float:
    """Log-likelihood of shares of the list from two operators, all else integrated out."""
    s, r = pair
    away, away_weights = beta_rule(*ported, _PAIR_PORTED)
    alpha = np.maximum(weights[:, None] * market, LEAST_WEIGHT)
    others = np.delete(np.arange(len(market)), [s, r])
    known, parts = np.zeros(len(weights)), []
    for stratum in strata:
        known += dirichlet_multinomial(stratum.total[others], alpha[:, others]) if len(others) else 0.0
        x = int(stratum.reached[s]), int(stratum.reached[r]), int(stratum.reached[others].sum())
        parts.append(_PairPart(*x, *_pair_baselines(stratum, s, r, alpha)))
    # Duffy's map of the square onto the triangle: the sum of both shares, and the part of it that is the first.
    box, n_nodes = ((0.0, 1.0), (0.0, 1.0)), _PAIR_FIRST
    while True:
        (sums, sum_mass), (first, first_mass) = (legendre(low, high, n_nodes) for low, high in box)
        one, two = np.outer(sums, first)[:, :, None, None], np.outer(sums, 1 - first)[:, :, None, None]
        whole = np.broadcast_to(known, (n_nodes, n_nodes, _PAIR_PORTED, len(weights))).copy()
        for part in parts:
            rows = max(1, _AT_ONCE // (n_nodes * _PAIR_PORTED * len(part.first)))
            for at in range(0, n_nodes, rows):
                some = slice(at, at + rows)
                whole[some] += part.likelihood(one[some], two[some], away[:, None])
        curve = logsumexp(whole, axis=(2, 3), b=away_weights[:, None] / len(weights))
        closer = _where(sums, curve.max(1), *box[0]), _where(first, curve.max(0), *box[1])
        sizes = [(end - start) / (high - low) for (start, end), (low, high) in zip(closer, box, strict=True)]
        if min(sizes) > _SHRINKS and n_nodes == _PAIR_SHARES:
            # The triangle's area is 1/2, so the density is 2; the map stretches it by the sum.
            return float(logsumexp(curve, b=2 * np.outer(sums * sum_mass, first_mass)))
        box, n_nodes = closer, _PAIR_SHARES if min(sizes) > _SHRINKS else n_nodes


@dataclass(frozen=True)
class _PairPart:
    """A stratum as `_pair` sees it: people reached of both operators and of the others, and the points of both baselines."""

    of_first: int
    of_second: int
    of_others: int
    first: np.ndarray
    second: np.ndarray
    mass: Mass

    def likelihood(self, one: np.ndarray, two: np.ndarray, gone: np.ndarray) -> np.ndarray:
        """Its logarithm at shares of the list, shape (..., 1, 1), and ported shares, shape (n, 1); the baselines integrated out."""
        b_s, b_r = self.first, self.second
        neither = 1 - one - two
        p_s, p_r = two * (gone * (b_s / (1 - b_r))), one * (gone * (b_r / (1 - b_s)))
        # In place: these arrays are nearly all the work of a posterior.
        p_s += neither * b_s + one * (1 - gone)
        p_r += neither * b_r + two * (1 - gone)
        exponent = np.log(p_s)
        exponent *= self.of_first
        if self.of_others:
            rest = np.subtract(1, p_s, out=p_s)
            rest -= p_r
            np.maximum(rest, 1e-300, out=rest)
        np.log(p_r, out=p_r)
        p_r *= self.of_second
        exponent += p_r
        if self.of_others:
            np.log(rest, out=rest)
            rest *= self.of_others
            exponent += rest
        return integrate(exponent, self.mass)


def _pair_baselines(stratum: Stratum, s: int, r: int, alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray, Mass]:
    """Points of both baselines, and their mass given the controls."""
    y, total = stratum.controls, stratum.total
    m, size = int(y.sum()), int(total.sum())
    a, c, rest = alpha[:, s], alpha[:, r], alpha.sum(1) - alpha[:, s] - alpha[:, r]
    first = BetaCounts(a, c + rest, int(y[s]), m, int(total[s]), size)
    # The second operator's share of what the first leaves.
    second = BetaCounts(c, rest, int(y[r]), m - int(y[s]), int(total[r]), size - int(total[s]))
    found = []
    for group in group_alike(alpha.sum(1), size):
        u, u_mass = points(first.under(group), _PAIR_SPACING)
        u_mass = u_mass - betaln(a, c + rest)[group, None]
        v, v_mass = np.full(1, np.inf), np.zeros((len(group), 1))
        if alpha.shape[1] > 2:
            v, v_mass = points(second.under(group), _PAIR_SPACING)
            v_mass = v_mass - betaln(c, rest)[group, None]
        b_s = np.repeat(expit(u), len(v))
        b_r = (expit(-u)[:, None] * expit(v)).ravel()
        found.append((b_s, b_r, group, (u_mass[:, :, None] + v_mass[:, None, :]).reshape(len(group), -1)))
    mass = [spread_over(len(alpha), group, part) for *_, group, part in found]
    return (
        np.concatenate([b for b, *_ in found]),
        np.concatenate([b for _, b, *_ in found]),
        Mass.of(np.concatenate(mass, axis=1)),
    )


def _where(nodes: np.ndarray, curve: np.ndarray, low: float, high: float) -> tuple[float, float]:
    """Range that holds the mass: from the node before the first that is near the peak to the one after the last."""
    edges = np.r_[low, nodes, high]
    first, last = np.flatnonzero(curve > curve.max() - _DEPTH)[[0, -1]]
    return float(edges[first]), float(edges[last + 2])


def _mean(log_values: np.ndarray) -> float:
    return float(logsumexp(log_values)) - float(np.log(len(log_values)))


def _quantiles(share: np.ndarray, curve: np.ndarray, low: float, high: float) -> tuple[float, float, float]:
    """Median and ends of the central 95% interval, from the logarithm of a density at some points."""
    fine = np.linspace(low, high, _FINE)
    density = np.exp(CubicSpline(share, curve - curve.max())(fine))
    cumulated = cumulative_trapezoid(density, fine, initial=0)
    below, median, above = np.interp([0.025, 0.5, 0.975], cumulated / cumulated[-1], fine)
    return float(median), float(below), float(above)
