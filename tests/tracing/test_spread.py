"""The spread between lists: what is rare among other lists, given how much these differ."""

import numpy as np
import pytest
from scipy import stats
from scipy.special import logit
from statsmodels.stats.meta_analysis import combine_effects

from tasrib.tracing.stats.spread import Asked, Lists, beside_lists, least_excess


def lists_of(observed, people, *, may_leak=False, alone=(0, 0), offset=0.0):
    """Lists of one operator and all the rest, or of any where a row is a mix."""
    n = len(observed)
    mixes = np.asarray(observed, int)
    if mixes.ndim == 1:
        mixes, alone = np.column_stack([mixes, np.asarray(people, int) - mixes]), (alone[0], alone[1] - alone[0])
    offsets = np.zeros(mixes.shape)
    offsets[:, 0], offsets[:, 1] = offset, -offset
    return Lists(mixes, offsets, np.full(n, may_leak), np.asarray(alone))


def beside(lists, observed, people, offset=0.0, **asked):
    return beside_lists(lists, [Asked(np.array([observed, people - observed]), np.array([offset, -offset]), **asked)])[
        0
    ][0]


def p_value(lists, observed, people, **asked):
    return beside(lists, observed, people, **asked).p_value


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
    found = beside(lists_of(observed, people), 150, 400)
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
    # As many senders as controls: no list tells how much lists differ.
    least = least_excess(80, (72, 240), 0.05, senders=240, n_operators=2)
    assert p_value(nothing, least, 80) <= 0.05 < p_value(nothing, least - 1, 80)
    assert least_excess(3, (72, 240), 1e-6, senders=240, n_operators=2) == 4
    by_senders = [least_excess(80, (72, 240), 0.05, senders=n, n_operators=3) for n in (12, 240, 1)]
    assert by_senders == sorted(set(by_senders))


def test_how_alike_lists_are_is_learned_from_all_operators():
    """An operator that varies little between lists that differ in the others is believed to vary all the same."""
    rng = np.random.default_rng(8)
    third = rng.binomial(80, 0.3, 20)
    rest = 80 - third
    alike, unlike = (rng.binomial(rest, rng.beta(phi / 2, phi / 2, 20)) for phi in (2_000, 4))
    for others, least in ((alike, 0), (unlike, 0.05)):
        lists = lists_of(np.column_stack([third, others, rest - others]), None, alone=(0, 0, 0))
        (found,) = beside_lists(lists, [Asked(np.array([36, 22, 22]), np.zeros(3))])
        assert (found[0].p_value > 0.05) == bool(least), found
        assert found[0].spread > found[1].spread * 0.9


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
    there_more = float(logit(0.55) - logit(0.3))
    strong_there = beside(nothing, 48, 80, there_more)
    assert strong_there.p_value > 0.2 > p_value(nothing, 48, 80)
    # Others of that region say nothing of the spread either.
    there = lists_of([44] * 10, [80] * 10, offset=there_more, alone=(300, 1_000))
    elsewhere = lists_of([44] * 10, [80] * 10, alone=(300, 1_000))
    assert beside(there, 0, 80).spread < beside(elsewhere, 0, 80).spread


def test_a_very_long_list_is_judged_by_its_share():
    lists = lists_of(*drawn(np.random.default_rng(2), 80))
    near, long = p_value(lists, 800, 2_000), p_value(lists, 4_000, 10_000)
    assert long == pytest.approx(near, rel=0.1)
