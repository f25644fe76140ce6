"""One exact test over all operators: against listing, Fisher's test and its own symmetries."""

from importlib import import_module
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from reference import mid_p
from scipy import stats

from tasrib.tracing.stats.exact import fisher_excess
from tasrib.tracing.stats.joint import joint_excess

# `tasrib.trace` is the function; the module goes by its full name.
joint = import_module("tasrib.tracing.stats.joint")
MARKET = [0.4, 0.35, 0.25]


def tables(people, operators):
    """All ways to share out people among operators."""
    return [t for t in product(range(people + 1), repeat=operators) if sum(t) == people]


@pytest.fixture(scope="module")
def small_world():
    """P-value of every table of 5 people reached and 6 controls."""
    reached, controls = tables(5, 3), tables(6, 3)
    return {(x, y): joint_excess(x, y, MARKET).p_any for x in reached for y in controls}


def test_no_more_false_alarms_than_said_given_any_margins(small_world):
    # Given the totals, tables are hypergeometric whatever the baseline: this implies every baseline there is.
    by_total = {}
    for (x, y), p in small_world.items():
        total = tuple(np.add(x, y))
        chance = np.prod([stats.binom.pmf(a, t, 0.5) for a, t in zip(x, total, strict=True)])
        by_total.setdefault(total, []).append((chance, p))
    assert len(by_total) == len(tables(11, 3))
    for pairs in by_total.values():
        chance, p = np.array(pairs).T
        chance = chance / chance.sum()
        for alpha in (0.01, 0.05, 0.1, 0.3):
            assert chance[p <= alpha].sum() <= alpha + 1e-9


@pytest.mark.parametrize("baseline", [MARKET, [0.1, 0.1, 0.8], [0.8, 0.15, 0.05], [0.02, 0.49, 0.49]])
@pytest.mark.parametrize("alpha", [0.01, 0.05, 0.1])
def test_no_more_false_alarms_than_said_with_baselines_far_from_the_market(small_world, baseline, alpha):
    # All 588 tables, each with its probability: no simulation.
    chance = sum(
        stats.multinomial.pmf(x, 5, baseline) * stats.multinomial.pmf(y, 6, baseline)
        for (x, y), p in small_world.items()
        if p <= alpha
    )
    assert chance <= alpha


def test_one_operator_alone_is_fishers_test_with_mid_p():
    # The likelihood of a leak from one operator grows with its people, so that "as much for it" is "as many of it". Of two
    # operators, the one not pointed to is in two sets: by itself, and with the other.
    for a, b in product(range(9), range(10)):
        found = joint_excess([a, 8 - a], [b, 9 - b], [0.6, 0.4])
        other = 1 - found.pointed
        own = mid_p((a, 8 - a)[other], 8, (b, 9 - b)[other], 9)
        assert found.p_adjusted[other] == pytest.approx(max(own, found.p_any), abs=1e-9)


def test_two_operators_with_one_that_cannot_leak_is_fishers_test():
    # Everyone but a handful is with B, so that no table speaks for a leak from B: what is left is the test of A.
    found = joint_excess([6, 14], [3, 157], [0.02, 0.98])
    assert found.pointed == 0
    assert found.p_any == pytest.approx(fisher_excess(6, 20, 3, 160).p_value, rel=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=2, max_size=4),
    st.integers(0, 3),
)
@settings(max_examples=40, deadline=None)
def test_adjusted_p_values_are_no_smaller_than_each_operators_own(counts, most):
    x, y = np.array(counts).T
    if not x.sum() or not y.sum():
        return
    found = joint_excess(x, y, np.full(len(x), 1 / len(x)))
    assert found.p_any == found.p_adjusted.min() == found.p_adjusted[found.pointed]
    for s in range(len(x)):
        if s != found.pointed:
            own = mid_p(x[s], x.sum(), y[s], y.sum())
            assert found.p_adjusted[s] >= min(own, 1) - 1e-9


@pytest.mark.parametrize(
    ("reached", "controls"),
    [
        ([12, 10, 8], [25, 20, 15]),
        ([18, 7, 5], [20, 25, 15]),
        ([26, 2, 2], [20, 25, 15]),
        ([3, 3, 14], [40, 40, 40]),
    ],
)
def test_drawn_and_listed_tables_agree(monkeypatch, reached, controls):
    listed = joint_excess(reached, controls, MARKET)
    monkeypatch.setattr(joint, "_ENUMERATED", 0)
    drawn = joint_excess(reached, controls, MARKET)
    assert listed.exact
    assert not drawn.exact
    assert drawn.pointed == listed.pointed
    np.testing.assert_allclose(drawn.p_adjusted, listed.p_adjusted, rtol=0.06, atol=0.01)


def test_a_far_tail_is_drawn_as_it_is_listed(monkeypatch):
    reached, controls = [38, 6, 6], [35, 45, 40]
    listed = joint_excess(reached, controls, MARKET)
    assert 1e-9 < listed.p_any < 1e-7
    monkeypatch.setattr(joint, "_ENUMERATED", 0)
    p = [joint_excess(reached, controls, MARKET, seed=seed).p_any for seed in range(4)]
    np.testing.assert_allclose(p, listed.p_any, rtol=0.08)


def test_strata_are_compared_within():
    # Simpson: within each region the campaign reaches as many of A as the controls; all together it seems twice as many.
    reached, controls = np.array([[40, 10], [2, 8]]), np.array([[80, 20], [40, 160]])
    assert joint_excess(reached.sum(0), controls.sum(0), [0.5, 0.5]).p_any < 1e-4
    assert joint_excess(reached, controls, [0.5, 0.5]).p_any > 0.5


CELLS = st.lists(st.lists(st.integers(0, 9), min_size=6, max_size=6), min_size=1, max_size=3)


@given(CELLS, st.permutations(range(3)), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_neither_names_nor_the_order_of_strata_nor_empty_strata_change_anything(cells, order, random):
    cells = np.array(cells).reshape(-1, 2, 3)
    x, y = cells[:, 0], cells[:, 1]
    straight = joint_excess(x, y, MARKET, draws=1500)
    turned = joint_excess(x[:, order], y[:, order], np.array(MARKET)[order], draws=1500)
    np.testing.assert_allclose(turned.p_adjusted, straight.p_adjusted[order], rtol=1e-9)
    rows = random.sample(range(len(cells)), len(cells))
    np.testing.assert_allclose(
        joint_excess(x[rows], y[rows], MARKET, draws=1500).p_adjusted, straight.p_adjusted, rtol=1e-9
    )
    nobody, some = np.zeros((1, 3), int), np.array([[3, 1, 2]])
    for more_reached, more_controls in ((nobody, nobody), (some, nobody), (nobody, some)):
        more = joint_excess(np.r_[x, more_reached], np.r_[y, more_controls], MARKET, draws=1500)
        np.testing.assert_allclose(more.p_adjusted, straight.p_adjusted, rtol=1e-9)


@given(
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
    st.lists(st.integers(1, 12), min_size=3, max_size=3),
    st.integers(0, 2),
    st.integers(1, 2),
)
@settings(max_examples=60, deadline=None)
def test_more_evidence_in_the_same_direction_never_raises_the_p_value(x, y, operator, other):
    x, y = np.array(x), np.array(y)
    x[operator] += 8
    before = joint_excess(x, y, MARKET)
    # Where no table speaks for a leak, the one pointed to is the one of which least can be said.
    assume(before.p_any < 0.2)
    s, j = before.pointed, (before.pointed + other) % 3
    x[[s, j]] += [1, -1]
    y[[s, j]] += [-1, 1]
    after = joint_excess(x, y, MARKET)
    assert after.pointed == s
    assert after.p_any <= before.p_any + 1e-9


def test_nobody_to_compare_says_nothing():
    found = joint_excess([5, 5], [0, 0], [0.5, 0.5])
    assert found.p_any == 1
    np.testing.assert_array_equal(found.p_adjusted, [1, 1])


@pytest.mark.parametrize(
    ("reached", "controls", "market", "said"),
    [
        ([1, 2], [1, 2, 3], [0.5, 0.5], "shapes differ"),
        ([1, 2], [1, 2], [0.5, 0.3, 0.2], "shapes differ"),
        ([1, -2], [1, 2], [0.5, 0.5], "0 or more"),
        ([1, 2], [1, 2], [0.5, -0.5], "0 or more"),
    ],
)
def test_counts_that_cannot_be(reached, controls, market, said):
    with pytest.raises(ValueError, match=said):
        joint_excess(reached, controls, market)
