"""The tree scan against published ratios, an obvious slow implementation, and its promises."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import poisson_scan
from scipy import stats

from tasrib.tracing.comparison import Case, Setting
from tasrib.tracing.comparisons.tree import LEVELS, compare_places, numbering_paths, tree_scan
from tasrib.tracing.controls import ControlCounts


def one_level(counts):
    """Paths and cases of a tree with one node for each (cases, people)."""
    paths, case = [], []
    for name, (cases, people) in counts.items():
        paths += [("root", name)] * people
        case += [True] * cases + [False] * (people - cases)
    return paths, case


def node(scan, name):
    return scan.nodes.set_index("node").loc[name]


def some_people(rng, n=120):
    paths = pd.DataFrame({"country": "MA", "operator": rng.choice(list("ABC"), n, p=[0.5, 0.3, 0.2])})
    paths["prefix"] = paths["operator"] + rng.integers(0, 3, n).astype(str)
    paths["block"] = np.where(rng.random(n) < 0.2, "", paths["prefix"] + rng.integers(0, 3, n).astype(str))
    return paths, rng.random(n) < 0.35


def test_bernoulli_ratio_of_satscan_medieval_graves():
    # SaTScan on the 143 grave sites (30 affected) of Alt & Vach, as asserted in the tests of R's smacpod
    # (tests/testthat/test-spscan.test.R): 11 of 19, expected 3.99, RR 3.78, LLR 7.42; 3 of 3, 0.63, RR 5.19, LLR 4.81.
    found = tree_scan(*one_level({"first": (11, 19), "second": (3, 3), "others": (16, 121)}), replicates=99)
    first, second = node(found, "first"), node(found, "second")
    assert (round(first.expected, 2), round(first.relative_risk, 2), round(first.llr, 2)) == (3.99, 3.78, 7.42)
    assert (round(second.expected, 2), round(second.llr, 2)) == (0.63, 4.81)
    assert second.relative_risk == pytest.approx(5.19, abs=5e-3)
    assert node(found, "others").llr == 0


def test_poisson_ratio_of_satscan_new_york_leukaemia():
    # SaTScan on New York leukaemia (552 cases, population 1,057,673), as asserted in the tests of R's smerc
    # (tests/testthat/test-scan.test.R): 85 in 95,249: 49.71, RR 1.84, LLR 11.577255; 38 in 34,083: 2.22, 9.019716.
    counts = {"first": (85, 95_249), "second": (38, 34_083), "others": (429, 1_057_673 - 95_249 - 34_083)}
    found = poisson_scan(counts, replicates=999)
    first, second = found.loc["first"], found.loc["second"]
    assert (round(first.expected, 2), round(first.relative_risk, 2), round(first.llr, 6)) == (49.71, 1.84, 11.577255)
    assert (round(second.relative_risk, 2), round(second.llr, 6)) == (2.22, 9.019716)
    assert found.p_value.min() == 0.001


@pytest.mark.parametrize(("exposed", "unexposed", "llr"), [(127, 674, 18.52600), (337, 2329, 18.32574)])
def test_bernoulli_ratio_of_treeminer(exposed, unexposed, llr):
    # Vignette of R's TreeMineR, chapters 12 and 19 of its simulated diagnoses, p = 1/11. Its model is unconditional:
    # that of a node in a far larger tree with the same share of cases. A tree of that many people is not built: the
    # Bernoulli ratio is the sum of two Poisson ratios in such a tree, one of cases and one of controls.
    people = exposed + unexposed
    cases, controls = poisson_ratio(exposed, people / 11), poisson_deficit(unexposed, people * 10 / 11)
    assert cases + controls == pytest.approx(llr, rel=1e-5)


def poisson_ratio(cases, expected, others=10**9):
    counts = {"cut": (cases, expected), "others": (others, others + cases - expected)}
    return poisson_scan(counts, replicates=1).loc["cut", "llr"]


def poisson_deficit(count, expected):
    # The scan is one-sided for excess, and controls are too few: the same formula, on the side it does not report.
    return count * np.log(count / expected) + expected - count


def slow_scan(paths, case, stratum, replicates, rng):
    """Permutes people and works out every node's ratio from its definition."""
    rows = [tuple(label for label in row if label) for row in paths.to_numpy()]
    nodes = sorted({row[:depth] for row in rows for depth in range(1, len(row) + 1)})
    inside = {cut: np.array([row[: len(cut)] == cut for row in rows]) for cut in nodes}
    expected_share = np.zeros(len(rows))
    for s in np.unique(stratum):
        expected_share[stratum == s] = case[stratum == s].mean()

    def log_ratio(cut, labels):
        observed = np.array([[(labels == y)[inside[cut] == x].sum() for x in (True, False)] for y in (True, False)])
        share = np.array([expected_share, 1 - expected_share])
        expected = np.array([[share[i][inside[cut] == x].sum() for x in (True, False)] for i in (0, 1)])
        if observed[0, 0] <= expected[0, 0] + 1e-12 or observed[0, 0] < 2:
            return 0.0
        cells = observed > 0
        return float((observed[cells] * np.log(observed[cells] / expected[cells])).sum())

    def shuffled():
        labels = case.copy()
        for s in np.unique(stratum):
            labels[stratum == s] = rng.permutation(labels[stratum == s])
        return max(log_ratio(cut, labels) for cut in nodes)

    observed = {cut: log_ratio(cut, case) for cut in nodes}
    return observed, np.array([shuffled() for _ in range(replicates)])


@pytest.mark.parametrize("strata", [False, True])
def test_equals_an_obvious_slow_implementation(strata):
    rng = np.random.default_rng(11)
    paths, case = some_people(rng, 60)
    stratum = rng.integers(0, 3, 60) if strata else np.zeros(60, int)
    case = rng.random(60) < np.array([0.2, 0.4, 0.6])[stratum]
    ratios, largest = slow_scan(paths, case, stratum, 400, rng)
    found = tree_scan(paths, case, strata=stratum if strata else None, replicates=1999)
    for row in found.nodes.itertuples():
        assert row.llr == pytest.approx(ratios[row.places], abs=1e-9)
    # What is not listed is a node again: it has the ratio of one above it.
    assert max(found.nodes.llr) == pytest.approx(max(ratios.values()))
    for row in found.nodes.head(4).itertuples():
        slow = (largest >= row.llr - 1e-9).mean()
        assert row.p_value == pytest.approx(slow, abs=4 * np.sqrt(0.25 / 400))


def test_p_value_equals_all_permutations_counted():
    # Few enough people that every choice of cases can be listed: 3 of 9.
    paths = [("r", "A", "A1")] * 3 + [("r", "A", "A2")] * 2 + [("r", "B", "B1")] * 4
    case = np.zeros(9, bool)
    case[[0, 1, 3]] = True
    found = tree_scan(paths, case, replicates=20_000)
    reaching = 0
    for chosen in itertools.combinations(range(9), 3):
        labels = np.zeros(9, bool)
        labels[list(chosen)] = True
        reaching += tree_scan(paths, labels, replicates=1).nodes.llr.max() >= found.nodes.llr.max() - 1e-9
    assert found.p_value == pytest.approx(reaching / 84, abs=0.015)


def test_p_values_without_a_leak_are_about_uniform():
    p = []
    for seed in range(200):
        paths, case = some_people(np.random.default_rng(seed), 200)
        p.append(tree_scan(paths, case, replicates=99, seed=seed).p_value)
    # Valid: no level is undercut by more than chance (binomial 99.9%).
    for level in (0.05, 0.1, 0.25, 0.5):
        assert (np.array(p) <= level).sum() <= stats.binom.ppf(0.999, 200, level)
    assert 0.4 < np.mean(p) < 0.75


@pytest.mark.parametrize(("column", "value", "level"), [("operator", "C", "operator"), ("prefix", "A1", "prefix")])
def test_finds_the_node_that_leaked_at_its_level(column, value, level):
    rng = np.random.default_rng(5)
    paths, _ = some_people(rng, 600)
    case = rng.random(600) < np.where(paths[column] == value, 0.6, 0.25)
    found = tree_scan(paths, case, replicates=499)
    assert found.p_value < 0.01
    assert tuple(found.nodes.loc[0, ["level", "node"]]) == (level, value)


def test_strata_remove_what_they_explain():
    # Region 1 is all operator A and is reached three times as often: within regions nothing is left.
    rng = np.random.default_rng(2)
    region = np.repeat([0, 1], 300)
    paths = [("MA", "A" if r or u < 0.3 else "B") for r, u in zip(region, rng.random(600), strict=True)]
    case = rng.random(600) < np.where(region == 1, 0.6, 0.2)
    assert tree_scan(paths, case, replicates=499).p_value < 0.01
    assert tree_scan(paths, case, strata=region, replicates=499).p_value > 0.05


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_neither_order_nor_names_matter(seed):
    rng = np.random.default_rng(seed)
    paths, case = some_people(rng, 80)
    stratum = rng.integers(0, 2, 80)
    straight = tree_scan(paths, case, strata=stratum, replicates=50)
    order = rng.permutation(80)
    other_names = {name: f"{name}{i}" for i, name in enumerate(rng.permutation(np.unique(paths.to_numpy().ravel())))}
    renamed = paths.map(lambda name: name and other_names[name][::-1])
    turned = tree_scan(renamed.iloc[order], case[order], strata=np.array(["x", "y"])[stratum[order]], replicates=50)
    columns = ["cases", "people", "llr", "p_value"]
    ordered = [scan.nodes[columns].sort_values(columns).to_numpy(dtype=float) for scan in (straight, turned)]
    np.testing.assert_allclose(ordered[0], ordered[1], atol=1e-9)


def test_unknown_operators_are_left_out_and_counted():
    paths, case = one_level({"A": (5, 10), "B": (3, 10)})
    more = [*paths, ("root", ""), ("", ""), ("", "A")]
    found = tree_scan(more, [*case, True, True, False], replicates=99)
    assert found.left_out == 3
    pd.testing.assert_frame_equal(found.nodes, tree_scan(paths, case, replicates=99).nodes)


def test_a_node_that_is_its_parent_again_is_reported_once_and_highest():
    paths = [("MA", "A", "061", "0611")] * 10 + [("MA", "B", "062", "0622")] * 6 + [("MA", "B", "062", "0623")] * 6
    found = tree_scan(paths, [True] * 8 + [False] * 14, replicates=99)
    assert sorted(found.nodes.node) == ["0622", "0623", "A", "B", "MA"]


def test_numbering_paths_go_as_deep_as_is_known():
    paths = numbering_paths(
        ["A", "A", "", "B"], ["0661", "0661", "", "0622"], ["+212661234567", "p-abcdefgh234567ab", "", "+212622005678"]
    )
    assert tuple(paths.columns) == LEVELS
    assert paths.to_numpy().tolist() == [
        ["MA", "A", "066", "0661", "0661 23xxxx"],
        ["MA", "A", "066", "0661", ""],
        ["", "", "", "", ""],
        ["MA", "B", "062", "0622", "0622 00xxxx"],
    ]
    assert (numbering_paths(["A"], ["0661"]).iloc[0] == ["MA", "A", "066", "0661", ""]).all()


@pytest.mark.parametrize(
    ("paths", "case", "word"),
    [
        ([("r", "A")] * 3, [True, False], "give one True or False a path"),
        ([("r", "A")] * 2, [1, 2], "more than True and False"),
        ([("r", "A")] * 2, [True, True], "need both"),
    ],
)
def test_input_that_cannot_be(paths, case, word):
    with pytest.raises(ValueError, match=word):
        tree_scan(paths, case)


def test_a_stratum_without_anybody_placed_changes_nothing():
    paths, case = some_people(np.random.default_rng(8), 90)
    region = np.arange(90) % 2
    plain = tree_scan(paths, case, strata=region, replicates=99)
    nowhere = pd.concat([pd.DataFrame(0, index=range(5), columns=paths.columns).astype(str).replace("0", ""), paths])
    more = tree_scan(nowhere, [*[False] * 5, *case], strata=[*[7] * 5, *region], replicates=99)
    assert more.left_out == 5
    pd.testing.assert_frame_equal(more.nodes, plain.nodes)


def placed_people(rng, regions, n):
    """People of two operators; nine in ten of the north have a number of 0661, one in ten elsewhere."""
    region = rng.choice(regions, n)
    north = rng.random(n) < np.where(region == "north", 0.9, 0.1)
    frame = pd.DataFrame(
        {"region": region, "operator": rng.choice(["A", "B"], n), "prefix": np.where(north, "0661", "0662")}
    )
    return frame.assign(person=[f"p-{i}" for i in range(n)], month="", channel="")


@pytest.mark.parametrize(("strata", "rings"), [(("region",), False), ((), True)])
def test_a_prefix_of_one_region_is_no_leak_to_a_campaign_in_that_region(strata, rings):
    rng, setting = np.random.default_rng(4), Setting("MA", ["A", "B"], None, (1.0, 9.0), 10, 0.5, 0.05, replicates=199)
    none = np.zeros((1, 2), int)
    case = Case(
        "c-1", placed_people(rng, ["north"], 80), ControlCounts(none, none, strata, False),
        placed_people(rng, ["north", "south", ""], 300).set_index("person"), True,
    )  # fmt: skip
    found = compare_places(case, setting)
    assert (found.findings[0]["p_value"] < 0.01) == rings
    # Expected of people placed alike in the stratum, whatever the others do.
    top = found.table.set_index("node").loc["MA"]
    assert top["expected"] == pytest.approx(80)


def test_what_holds_many_people_is_kept_with_all_above_it():
    rng, setting = np.random.default_rng(6), Setting("MA", ["A", "B"], None, (1.0, 9.0), 10, 0.5, 0.05, replicates=99)

    def some(n, share):
        prefix = np.where(rng.random(n) < share, "0661", rng.choice([f"07{i:02}" for i in range(60)], n))
        return pd.DataFrame(
            {
                "operator": rng.choice(["A", "B"], n),
                "prefix": prefix,
                "person": [f"p-{i}" for i in range(n)],
                "region": "",
                "month": "",
                "channel": "",
            }
        )

    case = Case(
        "c-1",
        some(100, 0.3),
        ControlCounts(np.zeros((1, 2), int), np.zeros((1, 2), int), (), False),
        some(400, 0.6).set_index("person"),
        True,
    )
    nodes = compare_places(case, setting).table
    kept = set(nodes["places"])
    # Fewer were reached there than expected, and it is drawn all the same.
    both = nodes[nodes["places"].isin([("MA", "A", "066"), ("MA", "B", "066")])]
    assert len(both) == 2
    assert (both["llr"] == 0).all()
    assert {places[:-1] for places in kept if len(places) > 1} <= kept | {("MA", name, "066") for name in "AB"}
    assert len(nodes) < 60
    assert nodes["llr"].is_monotonic_decreasing
