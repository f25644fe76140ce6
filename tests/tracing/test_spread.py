"""The spread between lists: what is rare among other lists, given how much these differ."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logit
from statsmodels.stats.meta_analysis import combine_effects

from tasrib.tracing.stats.spread import Asked, Lists, beside_lists, least_excess


def lists_of(observed, people, *, may_leak=False, alone=(0, 0), offset=None):
    n = len(observed)
    return Lists(
        np.asarray(observed), np.asarray(people), np.zeros(n) if offset is None else np.asarray(offset), np.full(n, may_leak), alone
    )  # fmt: skip


def p_value(lists, observed, people, **asked):
    return beside_lists(lists, [Asked(observed, people, 0.0, **asked)])[0].p_value


def drawn(rng, alike, n_lists=400, people=400, share=0.3):
    return rng.binomial(people, rng.beta(share * alike, (1 - share) * alike, n_lists)), np.full(n_lists, people)


@pytest.mark.parametrize("alike", [20, 80])
def test_with_very_many_lists_it_is_the_beta_binomial_tail(alike):
    lists = lists_of(*drawn(np.random.default_rng(alike), alike))
    for observed in (35, 45, 50):
        expected = stats.betabinom.sf(observed - 1, 100, 0.3 * alike, 0.7 * alike)
        assert p_value(lists, observed, 100) == pytest.approx(expected, rel=0.15)


def test_the_spread_is_that_of_a_random_effects_meta_analysis():
    observed, people = drawn(np.random.default_rng(1), 40, n_lists=60)
    rest = people - observed
    effects = combine_effects(logit(observed / people), 1 / observed + 1 / rest, method_re="dl")
    (found,) = beside_lists(lists_of(observed, people), [Asked(150, 400, 0.0)])
    assert found.spread == pytest.approx(np.sqrt(effects.tau2), rel=0.15)


@pytest.mark.parametrize("alike", [30, 100, 5_000])
def test_another_list_like_the_others_is_rare_as_often_as_it_says(alike):
    rng = np.random.default_rng(alike)
    observed, people = drawn(rng, alike, n_lists=20, people=80)
    p = []
    for _ in range(120):
        observed, people = drawn(rng, alike, n_lists=21, people=80)
        lists = lists_of(observed, people, may_leak=True, alone=(72, 240))
        p.append(p_value(lists, int(observed[0]), 80, leave_out=[0]))
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2.5 * np.sqrt(0.05 * 0.95 / 120)


def test_few_lists_leave_the_belief():
    """Without other lists half as many again as among the controls is nothing, twice as many is something."""
    nothing = lists_of([], [], alone=(72, 240))
    assert p_value(nothing, 36, 80) > 0.05 > p_value(nothing, 48, 80) > stats.binom.sf(47, 80, 0.3)
    least = least_excess(80, (72, 240), 0.05)
    assert p_value(nothing, least, 80) <= 0.05 < p_value(nothing, least - 1, 80)
    assert least_excess(3, (72, 240), 1e-6) == 4


def test_lists_that_differ_much_make_less_of_the_same_excess():
    rng = np.random.default_rng(4)
    tight, loose = (lists_of(*drawn(rng, alike, n_lists=30, people=80)) for alike in (1_000, 15))
    assert p_value(tight, 42, 80) < 0.01 < 0.05 < p_value(loose, 42, 80)


def test_leaks_among_the_others_do_not_hide_another():
    observed, people = drawn(np.random.default_rng(5), 1_000, n_lists=20, people=80)
    observed[:3] = 55
    as_leaks, as_lists = (p_value(lists_of(observed, people, may_leak=may), 50, 80) for may in (True, False))
    assert as_leaks < 0.01 < as_lists


def test_where_people_live_moves_what_is_expected():
    nothing = lists_of([], [], alone=(300, 1_000))
    strong_there = beside_lists(nothing, [Asked(48, 80, float(logit(0.55) - logit(0.3)))])[0]
    assert strong_there.p_value > 0.2 > p_value(nothing, 48, 80)
    # Others of that region say nothing of the spread either.
    there = lists_of([44] * 10, [80] * 10, offset=[logit(0.55) - logit(0.3)] * 10, alone=(300, 1_000))
    elsewhere = lists_of([44] * 10, [80] * 10, alone=(300, 1_000))
    assert beside_lists(there, [Asked(0, 80, 0.0)])[0].spread < beside_lists(elsewhere, [Asked(0, 80, 0.0)])[0].spread


def test_a_very_long_list_is_judged_by_its_share():
    lists = lists_of(*drawn(np.random.default_rng(2), 80))
    near, long = p_value(lists, 800, 2_000), p_value(lists, 4_000, 10_000)
    assert long == pytest.approx(near, rel=0.1)
