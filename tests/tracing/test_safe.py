"""Evidence that holds however often one looks: exact means, published figures, many looks, and a campaign's weeks."""

from itertools import product
from math import log

import numpy as np
import pandas as pd
import pytest
from reference import plug_in_process
from scipy.stats import binom, hypergeom, nchypergeom_fisher

from tasrib.tracing.comparison import Case
from tasrib.tracing.controls import ControlCounts
from tasrib.tracing.looks import look_back
from tasrib.tracing.stats.safe import LOG_ODDS, conditional_process


def ours(*counts):
    return conditional_process(*counts).e


PROCESSES = pytest.mark.parametrize("process", [ours, plug_in_process])
SIZES = ((1, 2), (2, 1), (1, 2))  # cases and controls of three blocks


def outcomes(of_cases, of_controls):
    """All that three blocks can bring, each with its probability at the rates of exposure of its blocks."""
    each = [product(range(n + 1), range(m + 1)) for n, m in SIZES]
    for blocks in product(*each):
        p = 1.0
        for (a, b), (n, m), case, control in zip(blocks, SIZES, of_cases, of_controls, strict=True):
            p *= binom.pmf(a, n, case) * binom.pmf(b, m, control)
        yield p, [a for a, _ in blocks], [b for _, b in blocks]


def means(process, of_cases, of_controls, strata=None):
    """Exact mean at the end, and at the moment when somebody would stop who wants to show something."""
    n, m = [n for n, _ in SIZES], [m for _, m in SIZES]
    at_end = stopped = 0.0
    for p, a, b in outcomes(of_cases, of_controls):
        e = process(a, n, b, m, strata)
        at_end += p * e[-1]
        stopped += p * (e[np.argmax(e > 1.2)] if (e > 1.2).any() else e[-1])
    return at_end, stopped


def by_week(rng, n, weeks, per_case, leak, share=0.35):
    cases = np.maximum(rng.multinomial(n, np.full(weeks, 1 / weeks)), 1)
    controls = per_case * cases
    return rng.binomial(cases, share * (1 - leak) + leak), cases, rng.binomial(controls, share), controls


@pytest.mark.parametrize(("of_first", "published"), [(True, 1.116161), (False, 0.7665818)])
def test_one_odds_ratio_gives_the_published_logrank_example(of_first, published):
    # The example of safestats::logrankSingleEExact (Ly and others, R package safestats 0.8.6), hazard ratio 0.7.
    at_risk, events = ([5, 4, 3, 3, 2, 1], [5, 5, 4, 2, 2, 0]), ([1, 1, 0, 1, 0, 1], [0, 0, 1, 0, 1, 0])
    (n, m), (a, b) = (at_risk, events) if of_first else (at_risk[::-1], events[::-1])
    assert conditional_process(a, n, b, m, log_odds=[-log(0.7)], weights=[1]).e[-1] == pytest.approx(
        published, rel=1e-6
    )


def test_a_block_is_the_mean_of_scipys_likelihood_ratios():
    a, n, b, m = 9, 14, 20, 60
    weights = np.exp(-(LOG_ODDS**2) / 2)
    at = [nchypergeom_fisher.pmf(a, n + m, a + b, n, np.exp(each)) for each in LOG_ODDS]
    expected = np.average(at, weights=weights) / hypergeom.pmf(a, n + m, a + b, n)
    assert conditional_process([a], [n], [b], [m]).e[0] == pytest.approx(expected, rel=1e-9)


def test_the_reference_learns_from_earlier_blocks_alone():
    found = plug_in_process([1, 1], [1, 1], [0, 0], [2, 2])
    case, control = 1.18 / 1.36, 0.18 / 2.36
    both = (case + 2 * control) / 3
    assert found == pytest.approx([1, case / both * ((1 - control) / (1 - both)) ** 2])
    # A block that showed less among cases makes the next one count as nothing.
    assert plug_in_process([0, 1], [1, 1], [2, 0], [2, 2]).tolist() == [1, 1]


@PROCESSES
@pytest.mark.parametrize("rates", [(0.2, 0.2, 0.2), (0.5, 0.5, 0.5), (0.1, 0.6, 0.9)])
@pytest.mark.parametrize("strata", [None, ("x", "y", "x")])
def test_without_a_difference_the_mean_is_at_most_one_whenever_one_stops(process, rates, strata):
    at_end, stopped = means(process, rates, rates, strata)
    assert max(at_end, stopped) <= 1 + 1e-12
    if process is ours:
        assert at_end == pytest.approx(1, abs=1e-12)
        assert stopped == pytest.approx(1, abs=1e-12)


@PROCESSES
def test_fewer_exposed_cases_make_it_smaller_still(process):
    assert max(means(process, (0.3, 0.3, 0.3), (0.5, 0.4, 0.6))) < 1
    assert max(means(process, (0.6, 0.6, 0.6), (0.3, 0.3, 0.3))) > 1


def test_ten_looks_ring_in_five_per_cent_where_the_fixed_test_rings_far_more():
    rng = np.random.default_rng(11)
    drawn = [by_week(rng, 300, 10, 3, 0.0) for _ in range(500)]
    a, n, b, m = np.cumsum(drawn, axis=2).transpose(1, 0, 2)
    fixed = hypergeom.sf(a - 1, n + m, a + b, n) <= 0.05
    assert fixed[:, -1].mean() <= 0.06
    assert fixed.any(axis=1).mean() > 0.12
    assert np.mean([conditional_process(*counts).p_value <= 0.05 for counts in drawn]) <= 0.05


def test_a_leak_of_half_a_list_is_found_nearly_as_often_as_by_one_fisher_test():
    rng = np.random.default_rng(12)
    found = np.zeros(3)
    runs = 200
    for _ in range(runs):
        a, n, b, m = by_week(rng, 80, 4, 4, 0.5)
        fisher = hypergeom.sf(a.sum() - 1, n.sum() + m.sum(), a.sum() + b.sum(), n.sum())
        # Three operators: Bonferroni for the one, the mean of three products for the other.
        found += (
            3 * conditional_process(a, n, b, m).p_value <= 0.05, plug_in_process(a, n, b, m).max() >= 3 / 0.05, 3 * fisher <= 0.05,
        )  # fmt: skip
    conditional, plug_in, fisher = found / runs
    assert conditional >= max(0.95, fisher - 0.03)
    assert plug_in < conditional


def test_a_block_without_the_other_group_waits_for_the_next_of_its_stratum():
    waited = ours([3, 0, 4, 0], [5, 0, 6, 2], [0, 4, 3, 0], [0, 20, 12, 0])
    joined = ours([3, 4], [5, 6], [4, 3], [20, 12])
    assert waited == pytest.approx([1, joined[0], joined[1], joined[1]])
    parted = ours([3, 0, 4], [5, 0, 6], [0, 4, 3], [0, 20, 12], ["x", "y", "x"])
    assert parted == pytest.approx([1, 1, ours([7], [11], [3], [12])[0]])


def test_strata_of_other_rates_are_no_evidence():
    # Cases sit where the exposure is frequent: 9 in 10 in one stratum, 1 in 10 in the other, for cases and controls alike.
    a, n, b, m = [36, 1] * 3, [40, 10] * 3, [9, 4] * 3, [10, 40] * 3
    assert conditional_process(a, n, b, m, ["x", "y"] * 3).largest < 2
    assert conditional_process([37] * 3, [50] * 3, [13] * 3, [50] * 3).largest > 1e6


def test_nothing_and_very_much_are_told_as_numbers():
    empty = conditional_process([], [], [], [])
    assert (len(empty.e), empty.largest, empty.p_value) == (0, 1, 1)
    assert conditional_process([0], [5], [0], [9]).e[0] == pytest.approx(1)
    huge = conditional_process([2_000], [2_000], [0], [9_000])
    assert np.isfinite(huge.e[0])
    assert 0 < huge.p_value < 1e-300


@pytest.mark.parametrize(
    ("counts", "strata", "word"),
    [
        (([1], [2, 3], [1], [2]), None, "shapes"),
        (([1.5], [2], [1], [2]), None, "whole"),
        (([-1], [2], [1], [2]), None, "whole"),
        (([3], [2], [1], [2]), None, "more exposed"),
        (([1], [2], [1], [2]), ["x", "y"], "strata"),
    ],
)
def test_what_are_no_counts_is_told(counts, strata, word):
    with pytest.raises(ValueError, match=word):
        conditional_process(*counts, strata)


def test_a_prior_that_is_not_one_sided_is_told():
    with pytest.raises(ValueError, match="one-sided"):
        conditional_process([1], [2], [1], [2], log_odds=[-1.0, 1.0], weights=[1, 1])


WEEKS = ["2021-08-30", "2021-09-06", "2021-09-13"]


def group(rng, n, shares, weeks=WEEKS, unknown=0.0):
    week = np.where(rng.random(n) < unknown, "", rng.choice(weeks, n))
    return pd.DataFrame(
        {
            "operator": rng.choice(["A", "B", "C", ""], n, p=shares),
            "week": week,
            "month": "2021-09",
            "channel": "sms",
            "region": "",
        }
    )


def campaign(people, controls):
    counts = ControlCounts(np.zeros((1, 3), int), np.zeros((1, 3), int), (), relaxed=False)
    return Case("c-1", people, counts, controls, controlled=True)


def test_a_campaign_is_looked_at_week_by_week():
    rng = np.random.default_rng(2)
    # Two weeks of controls before the first person reached are no looks of the campaign.
    people, controls = (
        group(rng, 90, [0.6, 0.2, 0.1, 0.1]),
        group(rng, 500, [0.25, 0.45, 0.2, 0.1], ["2021-08-16", *WEEKS]),
    )
    looks = look_back(campaign(people, controls), ["A", "B", "C"])
    assert looks.table.columns.tolist() == ["operator", "week", "people", "controls", "e"]
    assert looks.table["week"].tolist() == 3 * WEEKS
    known = people[people["operator"] != ""]
    assert (
        looks.table.loc[looks.table["operator"] == "A", "people"].tolist()
        == known["week"].value_counts().loc[WEEKS].tolist()
    )
    a = looks.figures(0)
    assert a["anytime_e"] == looks.table.query("operator == 'A'")["e"].iloc[-1] > 1_000
    assert a["anytime_p"] == pytest.approx(3 / looks.table.query("operator == 'A'")["e"].max())
    assert looks.figures(1)["anytime_p"] == 1


def test_a_late_complaint_changes_its_week_and_what_comes_after():
    rng = np.random.default_rng(2)
    people, controls = group(rng, 90, [0.6, 0.2, 0.1, 0.1]), group(rng, 500, [0.25, 0.45, 0.2, 0.1])
    late = pd.concat([people, people[people["operator"] == "A"].head(1).assign(week=WEEKS[1])])
    first = look_back(campaign(people, controls), ["A", "B", "C"]).table["e"]
    second = look_back(campaign(late, controls), ["A", "B", "C"]).table["e"]
    assert second[0] == first[0]
    assert (second[1:3] != first[1:3]).all()


def test_without_dates_nothing_is_said_of_looks():
    rng = np.random.default_rng(2)
    dated, hardly = group(rng, 90, [0.6, 0.2, 0.1, 0.1]), group(rng, 500, [0.25, 0.45, 0.2, 0.1], unknown=0.7)
    for case in (campaign(dated, hardly), campaign(hardly, dated)):
        looks = look_back(case, ["A", "B", "C"])
        assert looks.table.empty
        assert all(np.isnan(list(looks.figures(0).values())))
