"""Cases with a known truth, made here."""

from importlib import import_module
from types import SimpleNamespace

import joblib
import numpy as np
import pandas as pd
import pytest
from frames import scored_frame

from tasrib.errors import TasribError
from tasrib.numbering.market import MarketShares
from tasrib.tracing import FINDING_COLUMNS, caveat_text, trace

background = import_module("tasrib.tracing.background")
OPERATORS = ["A", "B", "C"]
HABITS = [0.25, 0.5, 0.25]  # who complains, of anything: far from the market
CONTRACT = [
    "campaign_id", "party", "comparison", "name", "hypothesis", "method", "n_reached", "observed", "expected", "odds_ratio", "ci_low", "ci_high",
    "leak_share", "leak_share_low", "leak_share_high", "p_value", "p_adjusted", "posterior", "baseline", "evidence", "caveats",
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def market():
    """Operators of no country."""
    shares = MarketShares({"A": 0.45, "B": 0.3, "C": 0.25}, (), "made up", ())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(background, "market_shares", lambda at, country: shares)
        yield


def people(name, shares, n, rng, category="political_campaign"):
    campaign = category == "political_campaign"
    return scored_frame(
        n, text=name, recipient=[f"{name}-{i}" for i in range(n)], category=category, probability=float(campaign),
        decision="campaign" if campaign else "not_campaign", campaign_id=f"c-{name}" if campaign else "",
        operator_allocated=rng.choice(OPERATORS, n, p=shares), channel="sms", received_at="2021-09-01",
    )  # fmt: skip


@pytest.fixture
def case():
    rng = np.random.default_rng(5)
    leaked = 0.5 * np.array(HABITS) + 0.5 * np.array([1, 0, 0])
    return pd.concat(
        [
            people("leaked", leaked, 150, rng),
            people("clean", HABITS, 150, rng),
            people("tiny", HABITS, 4, rng),
            people("shop", HABITS, 400, rng, "commercial"),
        ],
        ignore_index=True,
    )


def evidence(result, campaign):
    rows = result.findings[result.findings["campaign_id"] == campaign]
    rows = rows[rows["comparison"] == "operators"]
    return dict(zip(rows["name"], rows["evidence"], strict=True))


def said(findings):
    """Caveats of each finding in English."""
    return findings["caveats"].map(lambda caveats: " ".join(map(caveat_text, caveats)))


def same(one, other, tolerance=1e-9):
    for name in ("findings", "campaigns", "shares", "overlaps", "generated", "nodes"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), rtol=tolerance, obj=name)


def test_a_leak_is_found_and_biased_complaints_are_not(case):
    result = trace(case)
    # All controls complained of one sender, so no more than moderate.
    assert evidence(result, "c-leaked")["A"] == "moderate"
    assert set(evidence(result, "c-clean").values()) == {"none"}
    clean = result.findings[result.findings["campaign_id"] == "c-clean"]
    assert clean["p_market"].min() < 0.01  # the market alone would have accused
    campaigns = result.campaigns.set_index("campaign_id")
    assert campaigns.loc["c-leaked", "p_none"] < 0.01 < 0.5 < campaigns.loc["c-clean", "p_none"]
    (share,) = result.findings.loc[
        lambda f: (f["campaign_id"] == "c-leaked") & (f["hypothesis"] == "operator:A")
    ].to_dict("records")
    assert share["leak_share_low"] < 0.5 < share["leak_share_high"]


def test_the_fit_of_each_share_is_kept_of_findings_above_weak_alone(case):
    result = trace(case)
    fits = result.table("fits")
    assert set(zip(fits["campaign_id"], fits["operator"], strict=True)) == {("c-leaked", "A")}
    (found,) = result.findings.loc[
        lambda f: (f["campaign_id"] == "c-leaked") & (f["hypothesis"] == "operator:A")
    ].to_dict("records")
    at = fits.set_index("share")["fit"]
    assert at[[found["leak_share_low"], found["leak_share_high"]]].to_numpy() == pytest.approx(0.147, abs=2e-3)
    assert abs(at.idxmax() - found["leak_share"]) < 0.02
    assert trace(case[case["campaign_id"] != "c-leaked"]).table("fits").empty


def test_findings_keep_the_contract(case):
    findings = trace(case).findings
    assert list(findings.columns[: len(CONTRACT)]) == CONTRACT
    assert list(findings.columns) == list(FINDING_COLUMNS)
    assert findings["baseline"].isin(["controls", "market", "both"]).all()
    assert (findings["p_adjusted"] >= findings["p_value"]).all()


def test_rows_in_another_order_and_repeated_complaints_change_nothing(case):
    case["prefix"] = "066" + pd.Series(np.arange(len(case)) % 5).astype(str)
    again = pd.concat([case, case[case["campaign_id"] != ""].sample(100, random_state=1)]).sample(
        frac=1, random_state=2
    )
    straight, repeated = trace(case), trace(again)
    pd.testing.assert_frame_equal(repeated.findings, straight.findings)
    same(trace(case.sample(frac=1, random_state=2)), straight)
    # A person who complains twice is one person, of two messages.
    counts = ["campaign_id", "n_people", "n_valid", "n_unknown", "tested", "p_none"]
    pd.testing.assert_frame_equal(repeated.campaigns[counts], straight.campaigns[counts])
    assert repeated.campaigns["n_messages"].sum() == straight.campaigns["n_messages"].sum() + 100


def test_a_second_process_finds_the_same(case):
    with joblib.parallel_config(backend="threading"):
        same(trace(case, n_jobs=2), trace(case))


def test_a_campaign_elsewhere_changes_no_figure_of_the_others(case):
    # Another region, another channel, other people: nobody of it can be compared with anybody here.
    rng = np.random.default_rng(8)
    elsewhere = people("elsewhere", HABITS, 60, rng).assign(channel="email", region="far")
    before, after = trace(case), trace(pd.concat([case, elsewhere], ignore_index=True))
    figures = [name for name in CONTRACT if name not in ("p_adjusted", "evidence", "caveats")]
    mine = after.findings[after.findings["campaign_id"] != "c-elsewhere"]
    by = ["campaign_id", "hypothesis", "method"]
    pd.testing.assert_frame_equal(
        mine.sort_values(by)[figures].reset_index(drop=True),
        before.findings.sort_values(by)[figures].reset_index(drop=True),
    )


def test_a_small_campaign_is_listed_and_not_tested(case):
    result = trace(case)
    row = result.campaigns.set_index("campaign_id").loc["c-tiny"]
    assert not row["tested"]
    assert row["n_people"] == 4
    assert np.isnan(row["p_none"])
    for table in (result.findings, result.shares, result.generated):
        assert "c-tiny" not in set(table["campaign_id"])


def test_without_controls_nothing_is_more_than_weak(case):
    alone = case[case["campaign_id"] == "c-leaked"]
    findings = trace(alone).findings
    assert set(findings["baseline"]) == {"market"}
    assert set(findings["evidence"]) <= {"none", "weak"}
    assert said(findings).str.contains("market shares only").all()


def test_without_controls_and_market_nothing_is_tested(case, monkeypatch):
    def unknown(at, country):
        raise TasribError("no market shares")

    monkeypatch.setattr(background, "market_shares", unknown)
    assert trace(case[case["campaign_id"] == "c-leaked"]).findings.empty
    # With controls the operators are those that were seen.
    assert evidence(trace(case), "c-leaked")["A"] == "moderate"


def test_other_campaigns_are_no_controls_where_enough_people_reported_something_else(case):
    result = trace(case)
    assert result.settings["campaigns_as_controls"] == 0
    shop = (case["category"] == "commercial").sum()
    assert set(result.shares.groupby("campaign_id")["controls"].sum()) == {shop}


def test_where_nobody_reported_anything_else_a_leaked_list_is_no_control_of_another_campaign(case, monkeypatch):
    shares = dict(zip(OPERATORS, [0.25, 0.5, 0.25], strict=True))
    monkeypatch.setattr(
        background, "market_shares", lambda at, country: SimpleNamespace(shares=shares, method="made up", sources=())
    )
    result = trace(case[case["category"] != "commercial"])
    assert result.settings["campaigns_as_controls"] == 1
    controls = result.shares.groupby("campaign_id")["controls"].sum()
    assert controls.to_dict() == {"c-leaked": 150, "c-clean": 0}
    # One other list is little to be compared with.
    assert evidence(result, "c-leaked")["A"] == "weak"


def test_unknown_prefixes_are_counted_and_said(case):
    case.loc[case.index[:30], "operator_allocated"] = ""
    result = trace(case)
    row = result.campaigns.set_index("campaign_id").loc["c-leaked"]
    assert row["n_unknown"] == 30
    found = result.findings[
        (result.findings["campaign_id"] == "c-leaked") & result.findings["hypothesis"].str.startswith("operator:")
    ]
    assert (found["n_reached"] == 120).all()
    assert said(found).str.contains("no known operator").all()


def test_no_campaign_at_all(case):
    result = trace(case[case["category"] == "commercial"])
    assert result.findings.empty
    assert list(result.findings.columns) == list(FINDING_COLUMNS)
    assert result.overlaps.empty
    assert result.shares.empty


def test_a_party_named_by_a_few_complainants_is_not_the_campaigns(case):
    case.loc[case.index[:8], "party"] = "FGD"
    assert trace(case).campaigns.set_index("campaign_id").loc["c-leaked", "party"] == ""
    case.loc[case["campaign_id"] == "c-leaked", "party"] = "FGD"
    assert trace(case).campaigns.set_index("campaign_id").loc["c-leaked", "party"] == "FGD"


@pytest.mark.parametrize(
    "priors", [{"prior_no_leak": 1.0}, {"prior_pairs": 0.5}, {"prior_pairs": -0.1}, {"min_people": 0}]
)
def test_settings_that_cannot_be(case, priors):
    with pytest.raises(TasribError, match="min_people"):
        trace(case, **priors)


PREFIXES = {"A": ["0661", "0662"], "B": ["0670", "0671"], "C": ["0630", "0631"]}


def numbered(name, n, rng, shares=HABITS, category="political_campaign", second=0.5):
    """People with numbers, most of them customers of a few organisations, and cards of a second operator as often the everyday one."""
    rows = people(name, shares, n, rng, category)
    rows["prefix"] = [
        PREFIXES[operator][i] for operator, i in zip(rows["operator_allocated"], rng.integers(2, size=n), strict=True)
    ]
    rows["recipient"] = [f"+212{prefix[1:]}{rng.integers(10**5, 10**6)}" for prefix in rows["prefix"]]
    rows["known_to"] = np.where(rng.random(n) < 0.3, "Bank", "Portal")
    others = rng.choice(OPERATORS, n)
    rows["other_operators"] = np.where((rng.random(n) < 0.3) & (others != rows["operator_allocated"]), others, "")
    return rows


@pytest.fixture(scope="module")
def everything():
    """One case with something to find for each method."""
    rng = np.random.default_rng(12)
    sim = numbered("sim", 90, rng)
    # The number with A was reached and the other was not; as many of A as among the controls, so only pairs can tell.
    of_a = sim["operator_allocated"] == "A"
    sim["other_operators"] = np.where(of_a, rng.choice(["B", "C"], 90), "")
    bank = numbered("bank", 80, rng)
    bank["known_to"] = np.where(rng.random(80) < 0.8, "Bank; Portal", "Portal")
    block = numbered("block", 80, rng)
    at_home = (block["operator_allocated"] == "A").to_numpy()
    block.loc[at_home, "prefix"] = "0662"
    block.loc[at_home, "recipient"] = [f"+212662{77}{rng.integers(10**4):04d}" for _ in range(at_home.sum())]
    dialled = numbered("dialled", 60, rng)
    dialled["recipient"] = [f"+2126612{i:05d}" for i in range(43_100, 43_100 + 3 * 60, 3)]
    dialled["prefix"], dialled["operator_allocated"] = "0661", "A"
    canary = numbered("canary", 40, rng)
    # Of two operators: of one alone its own file would explain the hits as well.
    given = ["+212670120011", "+212612002900", "+212670520523", "+212612527001"]
    hit = canary.iloc[:3].assign(recipient=given[:3], prefix="0670", operator_allocated="B")
    rest = numbered("shop", 500, rng, category="commercial")
    scored = pd.concat([sim, bank, block, dialled, canary, hit, rest], ignore_index=True)
    canaries = pd.DataFrame(
        {"number": [*given, "+212631000001", "+212661999999"], "holder": ["Fair"] * 4 + ["Club"] * 2}
    )
    return scored, canaries


@pytest.fixture(scope="module")
def found(market, everything):
    scored, canaries = everything
    return trace(scored, canaries=canaries, replicates=999)


def of(result, campaign, start):
    rows = result.findings[result.findings["campaign_id"] == campaign]
    return rows[rows["hypothesis"].str.startswith(start)].set_index("hypothesis")


def test_each_method_finds_what_is_there_for_it(found, everything):
    paired = found.findings[(found.findings["campaign_id"] == "c-sim") & found.findings["within_people"]]
    paired = paired.set_index("hypothesis")
    assert paired.loc["operator:A", "evidence"] == "strong"
    assert set(paired.drop("operator:A")["evidence"]) == {"none"}
    holders = of(found, "c-bank", "organisation:")
    assert holders.loc["organisation:Bank", "evidence"] == "strong"
    assert holders.loc["organisation:Bank", "leak_share_low"] > 0.3
    (block,) = of(found, "c-block", "block:").index
    assert block == "block:0662 77xxxx"
    assert of(found, "c-block", "block:")["p_adjusted"].max() < 0.05
    generated = found.generated.set_index("campaign_id")
    assert generated.loc["c-dialled", "pattern"] == "consecutive"
    assert "0661 24xxxx" in [place["block"] for place in generated.loc["c-dialled", "places"]]
    # A block of one shop's customers crowds as well, but without consecutive numbers.
    assert generated.loc[["c-sim", "c-bank", "c-canary"], "pattern"].eq("none").all()
    canaries = of(found, "c-canary", "canary:")
    assert list(canaries.index) == ["canary:Fair"]
    assert canaries.loc["canary:Fair", ["n_reached", "observed"]].tolist() == [4, 3]
    assert canaries.loc["canary:Fair", "evidence"] == "strong"
    assert set(found.findings.loc[found.findings["hypothesis"].str.startswith("canary:"), "campaign_id"]) == {
        "c-canary"
    }


def test_dialled_numbers_accuse_no_operator(found):
    dialled = of(found, "c-dialled", "operator:").loc[lambda rows: ~rows["within_people"]]
    assert dialled.loc["operator:A", "p_value"] < 1e-6
    assert set(dialled["evidence"]) <= {"none", "weak"}
    assert said(dialled).str.contains("dialled").all()


def test_nothing_is_found_where_there_is_nothing(found):
    for campaign in ("c-sim", "c-bank", "c-block", "c-canary"):
        assert set(of(found, campaign, "operator:").loc[lambda rows: ~rows["within_people"], "evidence"]) <= {
            "none",
            "weak",
        }
    assert not of(found, "c-sim", "organisation:")["evidence"].isin(["moderate", "strong"]).any()


def test_spelling_order_and_repetition_of_numbers_change_nothing(found, everything):
    scored, canaries = everything
    again = pd.concat([scored, scored[scored["campaign_id"] == "c-canary"]]).sample(frac=1, random_state=4)
    local = again["recipient"].str.replace("+212", "0", regex=False)
    again["recipient"] = local.where(np.arange(len(again)) % 2 == 0, again["recipient"])
    repeated = trace(again, canaries=canaries.iloc[::-1], replicates=999)
    pd.testing.assert_frame_equal(repeated.findings, found.findings)
    pd.testing.assert_frame_equal(repeated.generated, found.generated)
    pd.testing.assert_frame_equal(repeated.nodes, found.nodes)


def test_pseudonyms_hide_numbers_and_change_no_comparison_by_operator(found, everything):
    scored, canaries = everything
    letters = dict(zip("+0123456789", "abcdefghijk", strict=True))

    def pseudonym(number):
        return "p-" + "".join(letters[c] for c in number).ljust(16, "z")

    hidden = trace(scored.assign(recipient=scored["recipient"].map(pseudonym)), canaries=canaries, pseudonym=pseudonym)
    # Prefixes stay, and those of a dialled range crowd.
    assert set(hidden.generated["pattern"]) == {"none", "one prefix"}
    assert hidden.generated.set_index("campaign_id").loc["c-dialled", "pattern"] == "one prefix"
    assert hidden.generated["reason"].str.contains("pseudonyms").all()
    columns = ["campaign_id", "hypothesis", "observed", "n_reached", "p_value", "posterior"]
    for start in ("operator:", "organisation:", "canary:"):
        one, other = (
            result.findings.loc[lambda f: f["hypothesis"].str.startswith(start)].sort_values(columns[:3])[columns]  # noqa: B023
            for result in (found, hidden)
        )
        pd.testing.assert_frame_equal(one.reset_index(drop=True), other.reset_index(drop=True))


def test_probabilities_may_be_anything(found, everything):
    """Messages labelled by hand have none, and nothing is concluded from them."""
    scored, canaries = everything
    again = trace(scored.assign(probability=np.nan), canaries=canaries, replicates=999)
    pd.testing.assert_frame_equal(again.findings, found.findings)


def test_shares_add_up_and_hold_the_truth(found):
    for _, rows in found.shares.groupby("campaign_id"):
        assert rows["share"].sum() == pytest.approx(1)
        assert rows["controls_share"].sum() == pytest.approx(1)
        assert (rows["share_low"] <= rows["share"]).all()
        assert (rows["share"] <= rows["share_high"]).all()
    assert found.shares["market_share"].sum() == pytest.approx(found.shares["campaign_id"].nunique())
