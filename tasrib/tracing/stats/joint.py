"""One exact test over all operators, with the market shares as a prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, logsumexp

from tasrib.tracing.stats.likelihood import PRIOR_WEIGHTS, Stratum, alternative_table

_SHARES = np.array([0.1, 0.2, 0.35, 0.5, 0.75])
_ENUMERATED = 20_000
_DRAWS, _FIRST_DRAWS = 10_000, 1_000
# A first look with few draws ends the work where the campaign is nowhere near a finding.
_CLEAR = 0.25
_SAME = 1e-9
# Counts further from their mean, in standard deviations, do not come up.
_SPREADS = 7
_MOST_LOG_ODDS = 8.0


@dataclass(frozen=True)
class JointTest:
    """
    Result of `joint_excess`.

    Attributes
    ----------
    p_any : float
        Probability, without a leak from any operator, of a picture that speaks as much for one.
    pointed : int
        The operator for which the picture speaks most.
    p_adjusted : numpy.ndarray, shape (n_operators,)
        P-value of each operator, adjusted for the others: `p_any` for the one pointed to, closed testing for the rest.
    exact : bool
        Whether all tables with the same margins were listed; else they were drawn.
    """

    p_any: float
    pointed: int
    p_adjusted: np.ndarray
    exact: bool


def joint_excess(
    reached: np.ndarray,
    controls: np.ndarray,
    market: np.ndarray,
    *,
    ported: float = 0.06,
    weights: Sequence[float] = PRIOR_WEIGHTS,
    draws: int = _DRAWS,
    seed: int = 0,
) -> JointTest:
    """
    Test "no leak" against "a share of the list came from one operator", over all operators together.

    Parameters
    ----------
    reached, controls : array-like of int, shape (n_operators,) or (n_strata, n_operators)
        People by the operator their number was allocated to.
    market : array-like of float, shape (n_operators,)
        Market shares, summing to 1.
    ported : float
        Mean share of ported numbers.
    weights : sequence of float
        How many people the market shares are worth in the prior; the data decide among these.
    draws : int
        Tables drawn where listing them all would be too long.
    seed : int
        Of the draws.

    Returns
    -------
    JointTest
        P-value over all operators, and of each after adjustment.

    Raises
    ------
    ValueError
        When shapes differ or a count is negative.

    Notes
    -----
    Statistic: the likelihood of "a share λ of the list came from operator s", averaged over λ, s, the weight of the
    market shares and the baseline (`tasrib.tracing.stats.likelihood`). Reference distribution: without a leak, people reached
    and controls are alike within a stratum, so given how many of both each operator has, the reached are a random part of
    them (multivariate hypergeometric). The test is therefore exact whatever the baseline and however wrong the market
    shares: these only steer which operator the power goes to. For one stratum and one operator it is Fisher's test.

    Given the margins, all tables are listed, or drawn with importance sampling towards each operator, mixed with half of
    plain draws, which bounds the weights by 2 (Hesterberg, "Weighted average importance sampling and defensive mixture
    distributions", Technometrics 1995; Mehta, Patel & Senchaudhuri, JASA 1988).

    In a leak-free campaign any operator is flagged at 5% at most 5 times in 100, since `p_any` is the smallest of the
    adjusted p-values. That the right operator is pointed to in a campaign with a leak is measured
    (`docs/operating_characteristics.md`). A second operator is flagged by closed testing: the largest p-value of all sets of
    operators that hold it (Marcus, Peritz & Gabriel, Biometrika 1976), with mid-p for the smaller sets.
    """
    x, y, shares = _checked(reached, controls, market)
    # The test is exact with any value; a round one lets margins that come back be looked up.
    ported = round(ported, 2)
    # Neither names nor the order of rows may change the draws.
    by = np.lexsort([*x, *y, shares])
    x, y = x[:, by], y[:, by]
    rows = np.lexsort([*x.T, *y.T])
    strata = [Stratum(a, b) for a, b in zip(x[rows], y[rows], strict=True) if a.sum() and b.sum()]
    n_operators = x.shape[1]
    if not strata:
        return JointTest(1.0, 0, np.ones(n_operators), exact=True)
    tables = [
        [_lookup(stratum, s, shares[by], ported, np.asarray(weights, float)) for s in range(n_operators)]
        for stratum in strata
    ]
    observed = _speaks([stratum.reached[None, :] for stratum in strata], tables)[0]
    families = [list(family) for size in range(1, n_operators + 1) for family in combinations(range(n_operators), size)]
    if len(strata) == 1 and _number_of_tables(strata[0]) <= _ENUMERATED:
        listed = _list_tables(strata[0])
        log_mass = _log_hypergeometric(listed, strata[0].total)
        mass = np.exp(log_mass - logsumexp(log_mass))
        p = _tail(families, observed, _speaks([listed], tables), mass)
        exact = True
    else:
        exact = False
        tilts = [_tilt(strata, s, [lookup[s] for lookup in tables], logsumexp(observed)) for s in range(n_operators)]
        for size in (min(_FIRST_DRAWS, draws), draws):
            drawn, weight = _draw(strata, tilts, size, np.random.default_rng(seed))
            p = _tail(families, observed, _speaks(drawn, tables), weight / size)
            if p[-1] > _CLEAR:
                break
    adjusted = np.array([max(v for f, v in zip(families, p, strict=True) if s in f) for s in range(n_operators)])
    pointed = int(observed.argmax())
    adjusted = np.maximum(adjusted, p[-1])
    adjusted[pointed] = p[-1]
    out = np.empty(n_operators)
    out[by] = adjusted
    return JointTest(float(p[-1]), int(by[pointed]), out, exact)


def _checked(
    reached: np.ndarray, controls: np.ndarray, market: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x, y, shares = (
        np.atleast_2d(np.asarray(reached, int)),
        np.atleast_2d(np.asarray(controls, int)),
        np.asarray(market, float),
    )
    if x.shape != y.shape or shares.shape != x.shape[1:]:
        raise ValueError(f"shapes differ: reached {x.shape}, controls {y.shape}, market {shares.shape}")
    if (x < 0).any() or (y < 0).any() or (shares < 0).any():
        raise ValueError("counts and market shares must be 0 or more")
    return x, y, shares / max(shares.sum(), 1e-12)


def _lookup(stratum: Stratum, s: int, market: np.ndarray, ported: float, weights: np.ndarray) -> np.ndarray:
    """Log-likelihoods for 0, 1, … people of the operator among the reached: shape (n + 1, n_shares * n_weights)."""
    n, own, size = int(stratum.reached.sum()), int(stratum.total[s]), int(stratum.total.sum())
    mean = n * own / size
    spread = np.sqrt(mean * (1 - own / size) * (size - n) / max(size - 1, 1))
    seen = int(stratum.reached[s])
    # Counts that do not come up count as the nearest that do: a statistic may be anything, and the test stays exact.
    low = max(0, n + own - size, min(seen, int(mean - _SPREADS * spread)) // 8 * 8)
    high = min(n, own, -(-int(max(seen + 5 * spread + 5, mean + _SPREADS * spread)) // 8) * 8)
    xs = np.arange(low, high + 1)
    table = alternative_table(stratum, s, xs, market, _SHARES, ported, weights).reshape(len(xs), -1)
    return table[np.clip(np.arange(n + 1), low, high) - low]


def _speaks(tables: list[np.ndarray], lookup: list[list[np.ndarray]]) -> np.ndarray:
    """How much each table speaks for each operator: shape (n_tables, n_operators)."""
    n_operators = tables[0].shape[1]
    out = np.empty((len(tables[0]), n_operators))
    for s in range(n_operators):
        if len(tables) == 1:
            # One number per count is enough where no other stratum is added before the average.
            out[:, s] = logsumexp(lookup[0][s], axis=1)[tables[0][:, s]]
        else:
            whole = lookup[0][s][tables[0][:, s]]
            for drawn, known in zip(tables[1:], lookup[1:], strict=True):
                whole += known[s][drawn[:, s]]
            # scipy's logsumexp, which minds infinities, takes twice as long, and these are most of the work.
            top = whole.max(1)
            out[:, s] = np.log(np.exp(whole - top[:, None]).sum(1)) + top
    return out


def _tail(families: list[list[int]], observed: np.ndarray, speaks: np.ndarray, mass: np.ndarray) -> list[float]:
    found = []
    for family in families:
        observed_value = logsumexp(observed[family])
        least = observed_value - _SAME
        heard = logsumexp(speaks[:, family], axis=1)
        p = float(mass[heard >= least].sum())
        if len(family) < len(observed):
            p -= float(mass[abs(heard - observed_value) <= _SAME].sum()) / 2
        found.append(min(1.0, p))
    return found


def _number_of_tables(stratum: Stratum) -> float:
    n, k = int(stratum.reached.sum()), len(stratum.reached)
    return float(np.exp(gammaln(n + k) - gammaln(n + 1) - gammaln(k)))


def _list_tables(stratum: Stratum) -> np.ndarray:
    n, total = int(stratum.reached.sum()), stratum.total
    rows = np.zeros((1, 0), int)
    for own in total[:-1]:
        left = n - rows.sum(1)
        rows = np.repeat(rows, np.minimum(left, own) + 1, axis=0)
        starts = np.r_[0, np.cumsum(np.minimum(left, own) + 1)[:-1]]
        value = np.arange(len(rows)) - np.repeat(starts, np.minimum(left, own) + 1)
        rows = np.column_stack([rows, value])
    last = n - rows.sum(1)
    return np.column_stack([rows, last])[(last >= 0) & (last <= total[-1])]


def _log_hypergeometric(tables: np.ndarray, total: np.ndarray) -> np.ndarray:
    return -(gammaln(tables + 1) + gammaln(total - tables + 1)).sum(-1)


def _draw(
    strata: list[Stratum],
    tilts: list[list[tuple[np.ndarray, np.ndarray, np.ndarray]]],
    size: int,
    rng: np.random.Generator,
) -> tuple[list[np.ndarray], np.ndarray]:
    """Draw tables, half plainly, half leaning towards each operator in turn; with importance weights of mean 1."""
    n_operators = len(strata[0].total)
    lean = np.concatenate([np.full(size - size // 2, -1), np.arange(size // 2) % n_operators])
    drawn: list[np.ndarray] = []
    ratio = np.zeros((size, n_operators))
    for number, stratum in enumerate(strata):
        total, n = stratum.total, int(stratum.reached.sum())
        table = np.empty((size, n_operators), int)
        plain = lean < 0
        table[plain] = rng.multivariate_hypergeometric(total, n, int(plain.sum()), method="marginals")
        for s in range(n_operators):
            mine = lean == s
            xs, _, tilted = tilts[s][number]
            own = rng.choice(xs, int(mine.sum()), p=tilted)
            table[mine] = _complete(own, s, total, n, rng)
        drawn.append(table)
        for s in range(n_operators):
            xs, pmf, tilted = tilts[s][number]
            place = table[:, s] - xs[0]
            ratio[:, s] += np.log(tilted[place]) - np.log(pmf[place])
    counts = np.array([np.mean(lean == s) for s in range(-1, n_operators)])
    return drawn, 1 / (counts[0] + np.exp(np.minimum(ratio, 700)) @ counts[1:])


def _tilt(
    strata: list[Stratum], s: int, lookup: list[np.ndarray], wanted: float
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """
    For each stratum: counts of the operator, their chances, and chances at a larger odds ratio.

    It is the odds ratio at which the operator by itself speaks as much as all did: tables that speak for the others count
    in the tail too, and plain draws would not find them.
    """
    n = np.array([stratum.reached.sum() for stratum in strata])[:, None]
    own = np.array([stratum.total[s] for stratum in strata])[:, None]
    others = np.array([stratum.total.sum() for stratum in strata])[:, None] - own
    least, most = np.maximum(0, n - others), np.minimum(n, own)
    x = least + np.arange((most - least).max() + 1)
    count = np.minimum(x, most)
    ways = gammaln(count + 1) + gammaln(own - count + 1) + gammaln(n - count + 1) + gammaln(others - n + count + 1)
    log_mass = np.where(x <= most, -ways, -np.inf)

    def tilted(log_odds: float) -> np.ndarray:
        # Counted from the middle, so that large counts times large log-odds do not lose digits.
        found = log_mass + (x - (least + most) / 2) * log_odds
        mass = np.exp(found - found.max(1, keepdims=True))
        return mass / mass.sum(1, keepdims=True)

    def lacking(log_odds: float) -> float:
        mean = (tilted(log_odds) * x).sum(1)
        below = np.minimum(np.floor(mean), most[:, 0] - (most > least)[:, 0]).astype(int)
        part = (mean - below)[:, None]
        whole = sum(
            (1 - p) * known[b] + p * known[min(b + 1, len(known) - 1)] if p > 0 else known[b]
            for known, b, p in zip(lookup, below, part, strict=True)
        )
        return wanted - float(logsumexp(whole))

    log_odds = 0.0
    if lacking(0.0) > 0:
        reached = lacking(_MOST_LOG_ODDS) <= 0
        log_odds = float(brentq(lacking, 0.0, _MOST_LOG_ODDS, xtol=0.01)) if reached else 0.0
    possible = x <= most
    plain, leaning = (np.where(possible, np.maximum(each, 1e-300), 0) for each in (tilted(0.0), tilted(log_odds)))
    return [
        (x[k][possible[k]], plain[k][possible[k]], leaning[k][possible[k]] / leaning[k].sum())
        for k in range(len(strata))
    ]


def _complete(own: np.ndarray, s: int, total: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the other operators' people, given the number of this one's."""
    table = np.empty((len(own), len(total)), int)
    table[:, s] = own
    left, people = n - own, int(total.sum() - total[s])
    others = [o for o in range(len(total)) if o != s]
    for o in others[:-1]:
        table[:, o] = rng.hypergeometric(int(total[o]), people - int(total[o]), left)
        left, people = left - table[:, o], people - int(total[o])
    table[:, others[-1]] = left
    return table
