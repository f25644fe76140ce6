"""People that two campaigns share."""

from importlib import import_module
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import people_overlap, permuted_overlap

from tasrib.tracing.comparisons.overlap import OVERLAP_COLUMNS, campaign_overlap


def pair_of(n_a, n_b, both):
    return {"a": range(n_a), "b": range(n_a - both, n_a - both + n_b)}


def test_overlap_of_two_gene_lists():
    # Cross Validated question 16247, "Calculating the probability of gene list overlap": lists of 3000 and 400 among 15000
    # genes share 100; printed there for R's phyper and dhyper: 0.0078.
    found = people_overlap(pair_of(3000, 400, 100), range(15000)).iloc[0]
    assert found.p_value == pytest.approx(0.0078, abs=5e-5)
    assert found.expected == pytest.approx(80)
    assert found.exact


def test_a_pair_is_described():
    # Everybody reports two things: each of the 400 reports of "b" falls on one of the 27,000 that are not of "a", of which
    # 3,000 are of people of "a".
    found = campaign_overlap(pair_of(3000, 400, 100), range(15000), activity=[2] * 15000).iloc[0]
    assert (found.n_a, found.n_b, found.overlap) == (3000, 400, 100)
    assert found.expected == pytest.approx(400 * 3000 / 27_000)
    assert found.ratio == pytest.approx(100 / found.expected)
    assert found.jaccard == pytest.approx(100 / 3300)
    assert "exact" in found.method


def test_stratified_null_against_every_permutation():
    # Seven people in strata of four and three; the second campaign's people in all possible places.
    strata = np.array([0, 0, 0, 0, 1, 1, 1])
    a, b = {0, 1, 4}, {1, 2, 4, 5}
    overlaps = []
    for first in combinations(range(4), 2):
        for second in combinations(range(4, 7), 2):
            overlaps.append(len(a & {*first, *second}))
    found = people_overlap({"a": a, "b": b}, range(7), strata=strata, min_people=1).iloc[0]
    assert found.p_value == pytest.approx(np.mean(np.array(overlaps) >= 2))
    assert found.expected == pytest.approx(np.mean(overlaps))
    assert found.strata == 2


def test_activity_null_against_every_placing_of_reports():
    # Six people with two reports each, "a" holds one of each of the first three; the two reports of "b" fall on any two of
    # the nine that are left.
    reports = [person for person in range(6) for _ in range(2)]
    in_a = {0, 1, 2}
    free = [person for at, person in enumerate(reports) if not (person in in_a and at % 2 == 0)]
    overlaps = [len([one for one in drawn if one in in_a]) for drawn in combinations(free, 2)]
    found = campaign_overlap({"a": in_a, "b": [0, 1]}, range(6), activity=[2] * 6, min_people=1).iloc[0]
    assert found.p_value == pytest.approx(np.mean(np.array(overlaps) >= 2))
    assert found.expected == pytest.approx(np.mean(overlaps))


def habits(seed=1, n=300, k=6, spread=1.0, size=40):
    """People of very unequal zeal, campaigns that have nothing in common."""
    rng = np.random.default_rng(seed)
    zeal = rng.lognormal(0, spread, n)
    chance = 1 - np.exp(-np.outer(rng.uniform(0.6, 1.4, k) * size, zeal / zeal.sum()))
    member = rng.random((k, n)) < chance
    activity = member.sum(axis=0) + rng.poisson(zeal / zeal.mean())
    return {f"c{i}": np.flatnonzero(row) for i, row in enumerate(member)}, activity


@pytest.mark.parametrize("null", ["activity", "people"])
def test_monte_carlo_agrees(null):
    campaigns, activity = habits()
    arguments = {"universe": range(len(activity)), "strata": np.arange(len(activity)) % 2}
    if null == "activity":
        arguments["activity"] = activity
        exact = campaign_overlap(campaigns, **arguments)
    else:
        exact = people_overlap(campaigns, **arguments)
    drawn = permuted_overlap(campaigns, n_permutations=300, seed=2, **arguments)
    both = exact.merge(drawn, on=["campaign_a", "campaign_b"])
    assert len(both) == len(exact) > 0
    np.testing.assert_allclose(both["expected_x"], both["expected_y"], rtol=0.12, atol=0.3)
    np.testing.assert_allclose(both["p_value_x"], both["p_value_y"], atol=0.12)


def test_heavy_complainers_alone_are_no_shared_list():
    activity_p, people_p = [], []
    for seed in range(30):
        campaigns, activity = habits(seed, n=600, spread=1.3, size=60)
        universe = np.flatnonzero(activity)
        activity_p += campaign_overlap(campaigns, universe, activity=activity[universe])["p_value"].tolist()
        people_p += people_overlap(campaigns, universe)["p_value"].tolist()
    assert np.mean(np.array(activity_p) < 0.05) < 0.05
    # The plain test is what this one is for.
    assert np.mean(np.array(people_p) < 0.05) > 0.2


def test_a_shared_list_is_found_among_many_campaigns():
    rng = np.random.default_rng(5)
    campaigns = {f"c{i:02d}": rng.choice(20_000, 200, replace=False) for i in range(30)}
    list_of_one_broker = rng.choice(20_000, 400, replace=False)
    for name in ("c03", "c17"):
        campaigns[name] = np.unique([*campaigns[name][:120], *rng.choice(list_of_one_broker, 80, replace=False)])
    activity = np.bincount(np.concatenate(list(campaigns.values())), minlength=20_000) + rng.poisson(0.7, 20_000)
    found = campaign_overlap(campaigns, range(20_000), activity=activity)
    assert found.loc[0, ["campaign_a", "campaign_b"]].tolist() == ["c03", "c17"]
    assert found.loc[0, "p_adjusted"] < 0.01
    assert (found["p_adjusted"][1:] > 0.05).all()


def test_where_nothing_else_is_known_activity_says_nothing():
    # Two campaigns and no other report: given how much each person reports, who is in both is settled.
    found = campaign_overlap(pair_of(10, 10, 4), range(16))
    assert found.iloc[0].p_value == pytest.approx(1)


def test_bound_is_above_the_exact_tail_and_near_it(monkeypatch):
    campaigns, activity = habits(3, n=2000, k=12)
    exact = campaign_overlap(campaigns, range(2000), activity=activity)
    monkeypatch.setattr(import_module("tasrib.tracing.stats.overlap"), "_TOTAL_COST", 0)
    bound = campaign_overlap(campaigns, range(2000), activity=activity)
    assert exact["method"].str.contains("exact").all()
    assert bound["method"].str.contains("bound").any()
    both = exact.merge(bound, on=["campaign_a", "campaign_b"])
    above_mean = both[both["overlap_x"] >= both["expected_x"] + 1]
    assert len(above_mean) > 5
    assert (above_mean["p_value_y"] >= above_mean["p_value_x"] * (1 - 1e-9)).all()
    assert (above_mean["p_value_y"] / above_mean["p_value_x"]).median() < 2


def memberships():
    sets = st.sets(st.integers(0, 19), min_size=1, max_size=12)
    return st.lists(sets, min_size=2, max_size=4)


@given(memberships(), st.permutations(range(20)), st.sampled_from([None, 6]))
@settings(max_examples=40, deadline=None)
def test_names_and_order_do_not_matter(sets, renamed, reports):
    strata = np.arange(20) % 3
    activity = reports and [reports] * 20
    campaigns = {i: sorted(one) for i, one in enumerate(sets)}
    first = campaign_overlap(campaigns, range(20), strata=strata, activity=activity, min_people=1)
    other = {i: [f"p{renamed[person]}" for person in reversed(people)] for i, people in campaigns.items()}
    place = np.argsort(renamed)
    universe = [f"p{i}" for i in range(20)]
    second = campaign_overlap(other, universe, strata=strata[place], activity=activity, min_people=1)
    key = ["campaign_a", "campaign_b"]
    pd.testing.assert_frame_equal(first.sort_values(key, ignore_index=True), second.sort_values(key, ignore_index=True))


@given(memberships(), st.sampled_from([None, 6]))
@settings(max_examples=40, deadline=None)
def test_pairs_are_symmetric_and_repeats_do_not_count(sets, reports):
    activity = reports and [reports] * 20
    campaigns = {i: sorted(one) for i, one in enumerate(sets)}
    first = campaign_overlap(campaigns, range(20), activity=activity, min_people=1)
    turned = {i: campaigns[i] * 2 for i in reversed(campaigns)}
    second = campaign_overlap(turned, range(20), activity=activity, min_people=1)
    swap = {"campaign_a": "campaign_b", "campaign_b": "campaign_a", "n_a": "n_b", "n_b": "n_a"}
    key = ["campaign_a", "campaign_b"]
    second = second.rename(columns=swap)[list(first.columns)]
    pd.testing.assert_frame_equal(first.sort_values(key, ignore_index=True), second.sort_values(key, ignore_index=True))


def test_more_in_both_is_never_less_surprising():
    known = {"universe": range(300), "activity": [3] * 300}
    p = [campaign_overlap(pair_of(40, 50, both), **known).iloc[0].p_value for both in range(1, 41)]
    assert (np.diff(p) <= 0).all()


def test_adjustment_counts_the_pairs_without_overlap():
    # Of 3 pairs one overlaps; Benjamini & Yekutieli: p x 3 x (1 + 1/2 + 1/3).
    campaigns = {**pair_of(10, 10, 5), "c": range(50, 60)}
    found = campaign_overlap(campaigns, range(200), activity=[3] * 200)
    assert len(found) == 1
    assert found.iloc[0].p_value < 0.01
    assert found.iloc[0].p_adjusted == pytest.approx(found.iloc[0].p_value * 3 * (1 + 1 / 2 + 1 / 3))


def test_long_frame_is_the_same_as_a_mapping():
    frame = pd.DataFrame(
        [(p, name) for name, ps in pair_of(10, 8, 4).items() for p in ps], columns=["person", "campaign_id"]
    )
    kwargs = {"universe": range(100), "activity": [3] * 100}
    pd.testing.assert_frame_equal(campaign_overlap(frame, **kwargs), campaign_overlap(pair_of(10, 8, 4), **kwargs))


@pytest.mark.parametrize("campaigns", [{}, {"a": range(9)}, {"a": range(9), "b": range(10, 19)}, pair_of(9, 4, 3)])
def test_nothing_to_compare(campaigns):
    found = campaign_overlap(campaigns, range(30))
    assert found.empty
    assert list(found.columns) == list(OVERLAP_COLUMNS)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"universe": range(5)}, "not in the universe"),
        ({"universe": [*range(30), 3]}, "twice"),
        ({"strata": [0]}, "one entry for each"),
        ({"activity": [1] * 30}, "more campaigns than things"),
    ],
)
def test_wrong_input(more, message):
    with pytest.raises(ValueError, match=message):
        campaign_overlap(**{"campaigns": pair_of(9, 9, 3), "universe": range(30), **more})
