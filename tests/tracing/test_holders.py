"""Organisations that hold the number as exposures."""

import time

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.stats.multitest import multipletests

from tasrib.tracing import trace
from tasrib.tracing.comparison import Case, Setting
from tasrib.tracing.comparisons.holders import compare_holders
from tasrib.tracing.controls import ControlCounts
from tasrib.tracing.methods.exposures import holder_excess
from tasrib.tracing.stats.logistic import ConditionalLikelihood, LogisticFit

# Oswego County, New York, 1940: 46 of 75 ill after a church supper (Gross, Public Health Reports 1976; CDC case study
# 401-303). Food-specific attack rates of the case study's key: ill and well who ate, ill and well who did not.
OSWEGO = {
    "baked ham": (29, 17, 17, 12),
    "spinach": (26, 17, 20, 12),
    "mashed potato": (23, 14, 23, 14),
    "cabbage salad": (18, 10, 28, 19),
    "jello": (16, 7, 30, 22),
    "rolls": (21, 16, 25, 13),
    "brown bread": (18, 9, 28, 20),
    "milk": (2, 2, 44, 27),
    "coffee": (19, 12, 27, 17),
    "water": (13, 11, 33, 18),
    "cakes": (27, 13, 19, 16),
    "vanilla ice cream": (43, 11, 3, 18),
    "chocolate ice cream": (25, 22, 20, 7),
    "fruit salad": (4, 2, 42, 27),
}
# SAS/STAT guide, PROC LOGISTIC, "Conditional Logistic Regression for Matched Pairs Data": 63 pairs of the Los Angeles study
# of endometrial cancer (Breslow & Day, 1980), gall bladder disease and hypertension of the case, then of the control.
LOS_ANGELES = """
0000 0000 0101 0010 1001 0100 1000 1101 0000 0000 1000 0001 1001 1010 1001 0100 0011 0011 0001 0100 0011 0101 0100 0000
0000 0001 1001 0001 1000 0100 0100 0100 0100 0000 1111 0001 0100 0101 0101 0100 0000 0110 0001 0000 1000 0000 1100 0100
0000 0101 0000 0101 0100 0100 1000 0000 1110 0000 0000 1100 1010 0100 1000
"""


def table_of(counts):
    """Exposure of 46 ill and 29 well people with these counts; missing where the case study has it missing."""
    ill_ate, well_ate, ill_not, well_not = counts
    ill = [True] * ill_ate + [False] * ill_not
    well = [True] * well_ate + [False] * well_not
    return [*ill, *[None] * (46 - len(ill)), *well, *[None] * (29 - len(well))]


def by_name(found):
    return found.table.set_index("organisation")


def people(*groups):
    """From (times, is case, operator, organisations) to arguments."""
    names = sorted({name for *_, held in groups for name in held})
    rows = [
        (case, operator, [name in held for name in names])
        for times, case, operator, held in groups
        for _ in range(times)
    ]
    return {
        "is_case": [row[0] for row in rows],
        "operator": [row[1] for row in rows],
        "exposures": pd.DataFrame([row[2] for row in rows], columns=names),
    }


def test_oswego_points_to_the_vanilla_ice_cream():
    ill = np.repeat([True, False], [46, 29])
    foods = pd.DataFrame({food: pd.array(table_of(counts), "boolean") for food, counts in OSWEGO.items()})
    found = holder_excess(ill, foods, answered=np.ones(75, bool), screen=0)
    first = found.table.iloc[0]
    assert first.organisation == "vanilla ice cream"
    assert (first.cases_exposed, first.cases, first.controls_exposed, first.controls) == (43, 46, 11, 29)
    assert first.p_adjusted < 1e-4
    assert first.ci_low < 43 * 18 / (11 * 3) < first.ci_high
    assert (found.table.p_adjusted[1:] > 0.5).all()
    counts = by_name(found)[["cases_exposed", "controls_exposed", "cases", "controls"]]
    for food, (ill_ate, well_ate, ill_not, well_not) in OSWEGO.items():
        assert counts.loc[food].tolist() == [ill_ate, well_ate, ill_ate + ill_not, well_ate + well_not]


def test_los_angeles_endometrial_cancer():
    data = np.array([[int(c) for c in pair] for pair in LOS_ANGELES.split()]).reshape(-1, 2).astype(bool)
    arguments = {"strata": np.repeat(np.arange(63), 2), "answered": np.ones(126, bool), "screen": 1.1}
    case, both = np.tile([True, False], 63), pd.DataFrame(data, columns=["gall", "hyper"])
    found = holder_excess(case, both, **arguments)
    # Printed there: coefficients 0.9704 and 0.3481 with both in the model; 0.9555 with gall bladder disease alone.
    assert found.model == "conditional logistic"
    adjusted = by_name(found)["adjusted_odds_ratio"]
    assert adjusted["gall"] == pytest.approx(np.exp(0.9704), rel=2e-4)
    assert adjusted["hyper"] == pytest.approx(np.exp(0.3481), rel=2e-4)
    alone = holder_excess(case, both[["gall"]], **arguments).table.iloc[0]
    assert alone.adjusted_odds_ratio == pytest.approx(np.exp(0.9555), rel=2e-4)
    assert alone.odds_ratio == pytest.approx(np.exp(0.9555), rel=2e-4)


def test_one_organisation_without_strata_is_the_table_itself():
    found = holder_excess(
        **people((20, True, "A", "x"), (10, True, "A", "y"), (15, False, "A", "x"), (30, False, "A", "y"))
    )
    x = by_name(found).loc["x"]
    assert x.adjusted_odds_ratio == pytest.approx(20 * 30 / (10 * 15), rel=1e-4)
    # Profile likelihood ends: log-likelihood 1.9207 below its maximum, other parameter maximised by hand.
    grid = np.linspace(-6, 6, 20001)

    def best(beta):
        p, q = 1 / (1 + np.exp(-grid - beta)), 1 / (1 + np.exp(-grid))
        return (20 * np.log(p) + 15 * np.log(1 - p) + 10 * np.log(q) + 30 * np.log(1 - q)).max()

    top = best(np.log(4))
    assert top - best(np.log(x.adjusted_low)) == pytest.approx(1.9207, abs=2e-3)
    assert top - best(np.log(x.adjusted_high)) == pytest.approx(1.9207, abs=2e-3)


def test_a_bank_whose_customers_are_mostly_with_the_operator():
    # Odds 4 : 1 with operator B and 1 : 4 without, with the bank or without: the bank itself does nothing.
    found = holder_excess(
        **people(
            (64, True, "B", ("bank", "shop")),
            (16, True, "B", ("shop",)),
            (16, False, "B", ("bank", "shop")),
            (4, False, "B", ("shop",)),
            (5, True, "A", ("bank", "shop")),
            (15, True, "A", ("shop",)),
            (20, False, "A", ("bank", "shop")),
            (60, False, "A", ("shop",)),
        )
    )
    bank = by_name(found).loc["bank"]
    assert bank.p_adjusted < 1e-5
    assert bank.adjusted_odds_ratio == pytest.approx(1, abs=1e-3)
    assert bank.adjusted_low < 1 < bank.adjusted_high
    assert bank.adjusted_p == pytest.approx(0.5, abs=0.01)
    assert found.model == "logistic"


def test_a_bank_of_one_operator_only():
    found = holder_excess(
        **people(
            (30, True, "B", ("bank",)),
            (10, True, "A", ("shop",)),
            (10, False, "B", ("bank",)),
            (30, False, "A", ("shop",)),
        )
    )
    bank = by_name(found).loc["bank"]
    assert bank.p_value < 0.001
    assert np.isnan(bank.adjusted_odds_ratio)
    assert "cannot be told apart from operator:B" in bank.note
    assert ("bank", "operator:B") in [tuple(sorted(names)) for names in found.collinear]


def test_an_organisation_that_every_case_knows():
    found = holder_excess(
        **people(
            (12, True, "A", ("x",)), (13, True, "B", ("x",)), (10, False, "A", ("x", "y")), (30, False, "B", ("y",))
        )
    )
    x = by_name(found).loc["x"]
    assert "separated" in x.note
    assert x.adjusted_odds_ratio == np.inf
    assert x.adjusted_high == np.inf
    assert x.adjusted_low > 1
    assert x.ci_low > 1


def test_who_listed_nothing_is_counted_and_left_out():
    groups = ((20, True, "A", "x"), (10, True, "A", "y"), (15, False, "A", "x"), (30, False, "A", "y"))
    without, more = (
        holder_excess(**people(*groups)),
        holder_excess(**people(*groups, (7, True, "A", ""), (9, False, "B", ""))),
    )
    assert (more.unknown_cases, more.unknown_controls) == (7, 9)
    pd.testing.assert_frame_equal(without.table, more.table)


def test_strata_take_away_what_only_strata_do():
    # In each region the organisation is as common among cases as among controls; between regions both differ.
    rows = [(case, region, x) for region, x, case, times in (
        (0, True, True, 32), (0, False, True, 8), (0, True, False, 8), (0, False, False, 2),
        (1, True, True, 2), (1, False, True, 8), (1, True, False, 8), (1, False, False, 32),
    ) for _ in range(times)]  # fmt: skip
    case, region, x = map(np.array, zip(*rows, strict=True))
    held = pd.DataFrame({"x": x, "y": ~x})
    assert holder_excess(case, held).table.iloc[0].p_value < 1e-3
    found = by_name(holder_excess(case, held, strata=region, screen=1)).loc["x"]
    assert found.odds_ratio == pytest.approx(1, abs=0.02)
    assert found.adjusted_odds_ratio == pytest.approx(1, abs=0.02)


def test_conditional_estimates_are_those_of_statsmodels():
    rng = np.random.default_rng(4)
    strata, case = np.repeat(np.arange(20), 9), rng.random(180) < 0.4
    held = pd.DataFrame(rng.random((180, 3)) < 0.4 + 0.2 * case[:, None], columns=list("xyz"))
    found = holder_excess(case, held, strata=strata, answered=np.ones(180, bool), screen=1.1)
    assert found.model == "conditional logistic"
    fit = ConditionalLogit(case.astype(float), held.to_numpy(float), groups=strata).fit()
    estimates = by_name(found).loc[list("xyz"), "adjusted_odds_ratio"].to_numpy(float)
    np.testing.assert_allclose(estimates, np.exp(fit.params), rtol=1e-3)


@st.composite
def surveys(draw):
    n = draw(st.integers(12, 40))
    bits = st.lists(st.booleans(), min_size=n, max_size=n)
    exposures = pd.DataFrame({name: draw(bits) for name in ("x", "y", "z")}, dtype=bool)
    return np.array(draw(bits)), exposures, np.array(draw(st.lists(st.sampled_from("AB"), min_size=n, max_size=n)))


@given(surveys(), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=4, deadline=None)
def test_order_of_people_does_not_matter(survey, stratify, random):
    case, exposures, operator = survey
    order = random.sample(range(len(case)), len(case))
    strata = np.arange(len(case)) % 3
    first = holder_excess(case, exposures, operator=operator, strata=strata if stratify else None, screen=0)
    again = {"operator": operator[order], "strata": strata[order] if stratify else None, "screen": 0}
    second = holder_excess(case[order], exposures.iloc[order], **again)
    exact = ["cases_exposed", "controls_exposed", "odds_ratio", "ci_low", "ci_high", "p_value", "p_adjusted"]
    pd.testing.assert_frame_equal(by_name(first)[exact].sort_index(), by_name(second)[exact].sort_index(), rtol=1e-6)


@given(surveys())
@settings(max_examples=10, deadline=None)
def test_adjusted_interval_holds_its_estimate(survey):
    case, exposures, operator = survey
    found = holder_excess(case, exposures, operator=operator, screen=1.1).table
    fitted = found[found["adjusted_odds_ratio"].notna()]
    assert (fitted["adjusted_low"] <= fitted["adjusted_odds_ratio"]).all()
    assert (fitted["adjusted_odds_ratio"] <= fitted["adjusted_high"]).all()
    assert fitted["adjusted_p"].between(0, 1).all()
    assert (found["adjusted_odds_ratio"].notna() | (found["note"] != "")).all()


def test_lengths_must_agree():
    with pytest.raises(ValueError, match="one entry for each"):
        holder_excess([True, False], pd.DataFrame({"x": [True]}))


SETTING = Setting("MA", ["A", "B"], None, (1.0, 9.0), 10, 0.5, 0.05)


def campaign(*groups, strata=("region",)):
    """From (times, is case, operator, region, what was answered) to a campaign beside its controls."""
    rows = [(case, *row) for times, case, *row in groups for _ in range(times)]
    frame = pd.DataFrame(rows, columns=["case", "operator", "region", "known_to"])
    frame = frame.assign(person=[f"p-{i}" for i in range(len(frame))], month="", channel="")
    reached, controls = (frame[frame["case"] == case].drop(columns="case") for case in (True, False))
    none = np.zeros((1, 2), int)
    return Case("c-1", reached, ControlCounts(none, none, strata, False), controls.set_index("person"), True)


def holders(case):
    return {finding["name"]: finding for finding in compare_holders(case, SETTING).findings}


def test_a_bank_strong_in_one_region_is_no_leak_to_a_campaign_in_that_region():
    # Seven in ten of the north name the bank and two in ten elsewhere; everyone reached is of the north. Without strata all six ring.
    for seed in range(6):
        rng = np.random.default_rng(seed)
        case = np.arange(320) < 80
        region = np.where(case, "north", rng.choice(["north", "south", "east", "west"], 320))
        bank, shop = rng.random(320) < np.where(region == "north", 0.7, 0.2), rng.random(320) < 0.4
        found = trace(
            scored_frame(
                320, category=np.where(case, "political_campaign", "commercial"), region=region, channel="sms", received_at="2021-09-01",
                decision=np.where(case, "campaign", "not_campaign"), campaign_id=np.where(case, "c-1", ""),
                operator_allocated=rng.choice(["Inwi", "Orange"], 320), known_to=np.where(bank, "Bank;", "none;") + np.where(shop, "Shop", ""),
            ), replicates=99,
        ).findings  # fmt: skip
        bank = found[(found["comparison"] == "holders") & (found["name"] == "Bank")].iloc[0]
        assert bank["evidence"] in ("none", "weak")
        assert bank["expected"] == pytest.approx(0.7 * 80, rel=0.25)
        assert bank["posterior"] < 0.8


def test_what_is_expected_and_the_posterior_are_those_of_the_strata():
    # North: six in ten of both groups; south: one in ten of both. The campaign is mostly in the north.
    found = holders(campaign(
        (36, True, "A", "n", "Bank"), (24, True, "A", "n", "none"), (2, True, "A", "s", "Bank"), (18, True, "A", "s", "none"),
        (36, False, "A", "n", "Bank"), (24, False, "A", "n", "none"), (18, False, "A", "s", "Bank"), (162, False, "A", "s", "none"),
    ))["Bank"]  # fmt: skip
    assert found["expected"] == pytest.approx(38)
    assert found["odds_ratio"] == pytest.approx(1, abs=1e-6)
    assert found["posterior"] < 0.5
    assert (found["observed"], found["n_reached"], found["controls_observed"], found["n_controls"]) == (38, 80, 54, 240)


def test_who_named_only_rare_organisations_or_nobody_counts_among_those_who_answered():
    rare = [(1, False, "A", "n", f"Shop {i}") for i in range(20)]
    found = holders(campaign((20, True, "A", "n", "Bank"), (10, True, "B", "n", "personne"), (20, False, "B", "n", "Bank"), *rare,
                             (30, False, "A", "n", "لا أحد"), (9, False, "A", "n", "-")))  # fmt: skip
    assert list(found) == ["Bank"]
    assert (found["Bank"]["n_reached"], found["Bank"]["n_controls"]) == (30, 70)


def test_a_bank_of_one_operator_only_is_weak_at_most_when_the_operator_leaked():
    found = holders(campaign(
        (60, True, "B", "n", "Bank"), (20, True, "A", "n", "Shop"), (80, False, "B", "n", "Bank"), (160, False, "A", "n", "Shop"),
    ))["Bank"]  # fmt: skip
    assert found["p_value"] < 1e-6
    assert (found["at_most"], found["doubts"], found["confounded_with"]) == ("weak", ("not_adjusted",), ("B",))


def test_what_the_model_leaves_of_several_banks_of_one_operator_is_adjusted_for_their_number():
    rng = np.random.default_rng(1)
    operator = rng.choice(["A", "B"], 360, p=[0.5, 0.5])
    case = np.arange(360) < 120
    operator[case] = rng.choice(["A", "B"], 120, p=[0.1, 0.9])
    named = rng.random((360, 3)) < np.where(operator == "B", 0.8, 0.2)[:, None]
    rows = [(1, case[i], operator[i], "n", ";".join(np.array(["x", "y", "z"])[named[i]]) or "none") for i in range(360)]
    found = holders(campaign(*rows))
    table = by_name(
        holder_excess(case, pd.DataFrame(named, columns=["x", "y", "z"]), operator=operator, answered=case | True)
    )
    assert (table["p_adjusted"] < 0.01).all()
    left = multipletests(table["adjusted_p"], method="holm")[1]
    assert [found[name]["p_within"] for name in table.index] == pytest.approx(list(left))
    assert [found[name]["p_value"] for name in table.index] == pytest.approx(list(table["adjusted_p"]))


def test_two_files_of_the_same_people_are_both_weak_at_most():
    found = holders(campaign(
        (30, True, "A", "n", "Bank;Portal"), (30, True, "B", "n", "Bank;Portal"), (20, True, "B", "n", "none"),
        (40, False, "A", "n", "Bank;Portal"), (40, False, "B", "n", "Bank;Portal"), (160, False, "B", "n", "none"),
    ))  # fmt: skip
    assert {name: (each["at_most"], each["confounded_with"]) for name, each in found.items()} == {
        "Bank": ("weak", ("Portal",)), "Portal": ("weak", ("Bank",)),
    }  # fmt: skip


def test_a_file_that_no_control_named_is_held_against_the_others_among_people_alike_in_all_else():
    # No finite odds ratio; the portal goes along with it a little, and both operators have it.
    others = (
        (40, False, "A", "n", "Portal"),
        (80, False, "A", "n", "none"),
        (40, False, "B", "n", "Portal"),
        (80, False, "B", "n", "none"),
    )
    found = holders(campaign(
        (12, True, "A", "n", "File;Portal"), (12, True, "B", "n", "File"), (12, True, "A", "n", "Portal"), (44, True, "B", "n", "none"), *others,
    ))["File"]  # fmt: skip
    assert found["adjusted_odds_ratio"] == np.inf
    assert found["p_within"] < 1e-6
    assert "at_most" not in found
    # Here all who named it named the portal too and are with operator A, as no control is: nobody is alike.
    found = holders(campaign(
        (24, True, "A", "n", "File;Portal"), (56, True, "B", "n", "none"), (30, False, "B", "n", "Portal"), (120, False, "A", "n", "none"), (90, False, "B", "n", "none"),
    ))["File"]  # fmt: skip
    assert (found["at_most"], found["doubts"]) == ("weak", ("not_adjusted",))


def test_an_organisation_that_nothing_else_could_explain_needs_no_adjustment():
    found = holders(campaign(
        (40, True, "A", "n", "File"), (40, True, "B", "n", "File"), (10, True, "B", "n", "none"), (120, False, "A", "n", "none"), (120, False, "B", "n", "none"),
    ))["File"]  # fmt: skip
    assert found["adjusted_odds_ratio"] == np.inf
    assert "at_most" not in found


def test_strata_of_very_different_sizes_are_fitted_as_by_the_conditional_likelihood_alone_and_fast():
    rng = np.random.default_rng(5)
    strata = np.repeat(np.arange(40), [*[6] * 37, 70, 300, 600])
    x = (rng.random((len(strata), 3)) < 0.3).astype(float)
    y = rng.random(len(strata)) < 0.15 + 0.15 * x[:, 0] + 0.1 * (strata % 3)
    began = time.process_time()
    fit = LogisticFit(y, x, strata, stratified=True)
    found = np.array([fit.profile(j, 0.95)[:3] for j in range(3)])
    assert time.process_time() - began < 5
    inform = np.isin(strata, [s for s in range(40) if 0 < y[strata == s].sum() < (strata == s).sum()])
    alone = ConditionalLikelihood(y[inform], x[inform], np.unique(strata[inform], return_inverse=True)[1])
    # At its estimates the conditional likelihood of all strata has its maximum: no slope, measured in standard errors.
    step = np.log(found[:, 2] / found[:, 1]) / (2 * 1.96)
    np.testing.assert_allclose(alone(np.log(found[:, 0]))[1] * step, 0, atol=0.05)
