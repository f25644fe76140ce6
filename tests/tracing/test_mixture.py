"""The posterior of no leak, one operator and two: against plain integration over everything unknown."""

from functools import cache
from importlib import import_module
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.special import logsumexp

from tasrib.tracing.stats.mixture import leak_posterior
from tasrib.tracing.stats.quadrature import Spacing, beta_rule

mixture = import_module("tasrib.tracing.stats.mixture")
MARKET = np.array([0.4, 0.35, 0.25])
PORTED = (4.0, 62.8)


def on_unit(size):
    nodes, weights = np.polynomial.legendre.leggauss(size)
    return (nodes + 1) / 2, weights / 2


@cache
def baselines(weight, size):
    """Points of the baselines of three operators by their quantiles, the logarithm of each, and its mass."""
    t, mass = on_unit(size)
    alpha = weight * MARKET
    u, v = stats.beta.ppf(t, alpha[0], alpha[1] + alpha[2]), stats.beta.ppf(t, alpha[1], alpha[2])
    b = np.array([np.repeat(u, size), np.outer(1 - u, v).ravel(), np.outer(1 - u, 1 - v).ravel()])
    return b, np.log(b), np.outer(mass, mass).ravel()


def likelihood(x, y, weight, sources, shares, away, size=40):
    """P(x, y) for given λ and π, all baselines integrated out; sources: the operators that leaked."""
    b, log_b, mass = baselines(weight, size)
    # Customers of s: π of them have a number of another operator, in proportion to the baseline.
    p = (1 - sum(shares)) * b
    for s, share in zip(sources, shares, strict=True):
        for o in range(3):
            p[o] += share * (1 - away if o == s else away * b[o] / (1 - b[s]))
    log_l = np.asarray(x) @ np.log(p) + np.asarray(y) @ log_b
    return logsumexp(log_l, b=mass)


def brute(reached, controls, weights, prior_none=0.5, prior_pairs=0.05, shares=16, away=4):
    """Posterior of every hypothesis, in the order none, singles, pairs."""
    reached, controls = np.atleast_2d(reached), np.atleast_2d(controls)
    q, q_mass = on_unit(away)
    pi = stats.beta.ppf(q, *PORTED)
    t, t_mass = on_unit(shares)

    def marginal(sources, points):
        found = []
        for w in weights:
            for leaked, mass in points:
                for p, p_mass in zip(pi, q_mass, strict=True) if sources else [(0.0, 1.0)]:
                    each = [likelihood(x, y, w, sources, leaked, p) for x, y in zip(reached, controls, strict=True)]
                    found.append(sum(each) + np.log(mass * p_mass))
        return logsumexp(found) - np.log(len(weights))

    one = [((share,), mass) for share, mass in zip(t, t_mass, strict=True)]
    # (λ₁, λ₂) uniform on the triangle: λ₁, then λ₂ up to 1 - λ₁; the density is 2.
    two = [
        ((a, b * (1 - a)), 2 * m * k * (1 - a))
        for a, m in zip(*on_unit(12), strict=True)
        for b, k in zip(*on_unit(12), strict=True)
    ]
    log = [np.log(prior_none) + marginal((), [((), 1.0)])]
    log += [np.log((1 - prior_none - prior_pairs) / 3) + marginal((s,), one) for s in range(3)]
    if prior_pairs:
        log += [np.log(prior_pairs / 3) + marginal(pair, two) for pair in combinations(range(3), 2)]
    return np.exp(np.array(log) - logsumexp(log))


def listed(found):
    return np.array([found.none, *(leak.posterior for leak in found.operators), *found.pairs.values()])


@pytest.mark.parametrize(
    ("reached", "controls", "weights"),
    [
        ([18, 7, 5], [20, 25, 15], (10.0,)),
        ([18, 7, 5], [20, 25, 15], (3.0, 30.0, 300.0)),
        ([4, 3, 9], [9, 6, 5], (3.0, 300.0)),
        # The market alone: few people, and market shares that may be worth a thousand.
        ([18, 6, 6], [0, 0, 0], (3.0, 1000.0)),
    ],
)
def test_single_operators_by_plain_integration(reached, controls, weights):
    found = leak_posterior(reached, controls, MARKET, PORTED, prior_pairs=0.0, weights=weights)
    np.testing.assert_allclose(listed(found)[:4], brute(reached, controls, weights, prior_pairs=0), atol=1e-3)


def test_strata_by_plain_integration():
    # λ, π and the weight of the market are common, the baselines are not.
    reached, controls = [[8, 3, 2], [5, 6, 1], [3, 0, 1]], [[9, 12, 9], [10, 25, 4], [2, 2, 1]]
    found = leak_posterior(reached, controls, MARKET, PORTED, prior_pairs=0.0, weights=(3.0, 100.0))
    np.testing.assert_allclose(listed(found)[:4], brute(reached, controls, (3.0, 100.0), prior_pairs=0), atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reached", "controls"),
    [([18, 7, 5], [20, 25, 15]), ([20, 18, 2], [20, 20, 20]), ([[9, 3, 2], [9, 9, 2]], [[9, 9, 9]] * 2)],
)
def test_pairs_by_plain_integration(reached, controls):
    found = leak_posterior(reached, controls, MARKET, PORTED, prior_pairs=0.2, weights=(10.0,))
    expected = brute(reached, controls, (10.0,), prior_pairs=0.2, away=3)
    assert expected[4:].sum() > 0.05
    np.testing.assert_allclose(listed(found), expected, atol=1e-3)


def test_two_operators_that_are_all_there_are():
    # Then shares λ₁ and λ₂ of both leave (1 - λ₁ - λ₂) b + λ₁ (1 - π) + λ₂ π of the first; b and all else by quantiles.
    x, y, w = np.array([14, 6]), np.array([20, 20]), 20.0
    found = leak_posterior(x, y, [0.5, 0.5], PORTED, prior_no_leak=0.3, prior_pairs=0.4, weights=(w,))
    t, mass = on_unit(40)
    b = stats.beta.ppf(t, w / 2, w / 2)
    q, q_mass = on_unit(5)
    away = stats.beta.ppf(q, *PORTED)[:, None]

    def like(one, two):
        p = (1 - one - two) * b + one * (1 - away) + two * away
        return q_mass @ (p ** x[0] * (1 - p) ** x[1] * b ** y[0] * (1 - b) ** y[1]) @ mass

    single = [sum(m * like(*(share, 0.0)[::step]) for share, m in zip(t, mass, strict=True)) for step in (1, -1)]
    both = sum(
        2 * (1 - a) * m * k * like(a, (1 - a) * c)
        for a, m in zip(t, mass, strict=True)
        for c, k in zip(t, mass, strict=True)
    )
    expected = np.array([0.3 * like(0.0, 0.0), 0.15 * single[0], 0.15 * single[1], 0.4 * both])
    np.testing.assert_allclose(listed(found), expected / expected.sum(), atol=1e-3)


def test_share_of_the_list_by_plain_integration():
    # Controls so many that b is known, π about 0: the posterior of λ is that of a binomial share.
    found = leak_posterior([60, 40], [400_000, 600_000], [0.4, 0.6], (0.01, 1e4), weights=(10.0,)).operators[0]
    share = np.linspace(0, 1, 20_001)
    density = stats.binom.pmf(60, 100, 0.6 * share + 0.4)
    expected = np.interp([0.5, 0.025, 0.975], np.cumsum(density) / density.sum(), share)
    np.testing.assert_allclose([found.share, found.low, found.high], expected, atol=1e-3)


def test_a_large_list_is_resolved():
    # A hundred thousand people pin λ to a thousandth: coarse points would miss the peak, finer ones must change nothing.
    x, y = [52_000, 30_000, 18_000], [80_000, 70_000, 50_000]
    found = leak_posterior(x, y, MARKET, (4_000.0, 62_800.0))
    leak = found.operators[0]
    b = 0.4
    assert leak.share == pytest.approx((0.52 - b) / (0.94012 - b), abs=2e-3)
    assert 0.005 < leak.high - leak.low < 0.02
    assert found.involved(0) == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("strata", [1, 3])
def test_finer_points_change_nothing(monkeypatch, strata):
    rng = np.random.default_rng(4)
    x, y = rng.multinomial(25, [0.5, 0.3, 0.2], strata), rng.multinomial(60, [0.35, 0.35, 0.3], strata)
    coarse = listed(leak_posterior(x, y, MARKET, PORTED))
    finer = {"_SPACING": Spacing(apart=0.6, most=1_500), "_PAIR_SPACING": Spacing(apart=0.8, most=60)}
    for name, value in {"_SHARES": 64, "_PORTED": 12, "_PAIR_SHARES": 24, **finer}.items():
        monkeypatch.setattr(mixture, name, value)
    np.testing.assert_allclose(coarse, listed(leak_posterior(x, y, MARKET, PORTED)), atol=1e-3)


@pytest.mark.parametrize(("a", "b"), [(4.0, 62.8), (1.0, 9.0), (0.5, 0.5), (3_000.0, 60_000.0)])
def test_nodes_of_the_ported_share_have_the_moments_of_its_distribution(a, b):
    nodes, weights = beta_rule(a, b, 7)
    for power in range(14):
        i = np.arange(power)
        assert weights @ nodes**power == pytest.approx(np.prod((a + i) / (a + b + i)), rel=1e-9)


COUNTS = st.lists(st.lists(st.integers(0, 15), min_size=6, max_size=6), min_size=1, max_size=3)


@given(COUNTS, st.permutations(range(3)), st.floats(0.1, 0.9), st.floats(0, 0.09))
@settings(max_examples=15, deadline=None)
def test_probabilities_that_follow_their_operators(cells, order, prior_none, prior_pairs):
    cells = np.array(cells).reshape(-1, 2, 3)
    x, y = cells[:, 0], cells[:, 1]
    priors = {"prior_no_leak": prior_none, "prior_pairs": prior_pairs}
    found = leak_posterior(x, y, MARKET, PORTED, **priors)
    assert (found.prior_none, found.prior_pairs) == (prior_none, prior_pairs)
    assert listed(found).sum() == pytest.approx(1)
    assert (listed(found) >= 0).all()
    for leak in found.operators:
        assert 0 <= leak.low <= leak.share <= leak.high <= 1
    turned = leak_posterior(x[::-1][:, order], y[::-1][:, order], MARKET[order], PORTED, **priors)
    assert turned.none == pytest.approx(found.none, abs=1e-3)
    for i, s in enumerate(order):
        assert turned.involved(i) == pytest.approx(found.involved(s), abs=1e-3)
        assert turned.operators[i].share == pytest.approx(found.operators[s].share, abs=1e-3)
    nobody = leak_posterior(np.r_[x, [[0, 0, 0]]], np.r_[y, [[5, 4, 3]]], MARKET, PORTED, **priors)
    np.testing.assert_allclose(listed(nobody), listed(found), atol=1e-9)


def test_without_data_there_is_the_prior():
    found = leak_posterior([0, 0, 0], [5, 5, 5], MARKET, PORTED, prior_no_leak=0.6, prior_pairs=0.1)
    np.testing.assert_allclose(listed(found)[:4], [0.6, 0.1, 0.1, 0.1], atol=1e-9)
    assert sum(found.pairs.values()) == pytest.approx(0.1)
    np.testing.assert_allclose([found.operators[0].low, found.operators[0].high], [0.025, 0.975], atol=1e-3)


@pytest.mark.parametrize("controls", [[50, 70, 60], [10, 14, 12]])
def test_more_of_the_operator_never_lowers_its_posterior(controls):
    found = [
        leak_posterior([a, (60 - a) // 2, 60 - a - (60 - a) // 2], controls, MARKET, PORTED) for a in range(15, 60, 3)
    ]
    assert (np.diff([each.involved(0) for each in found]) >= -1e-9).all()
    assert found[-1].involved(0) > 0.99


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (([1, 2], [1, 2, 3], [0.5, 0.5], PORTED), "shapes differ"),
        (([1, 2], [1, 2], [0.5, 0.3, 0.2], PORTED), "shapes differ"),
        (([1, -2], [1, 2], [0.5, 0.5], PORTED), "negative"),
    ],
)
def test_counts_that_cannot_be(arguments, said):
    with pytest.raises(ValueError, match=said):
        leak_posterior(*arguments)
    with pytest.raises(ValueError, match="priors"):
        leak_posterior([1, 2], [3, 4], [0.5, 0.5], PORTED, prior_no_leak=0.8, prior_pairs=0.2)
