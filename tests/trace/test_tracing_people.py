"""Cases with a known truth, made here."""

import numpy as np
import pandas as pd
import pytest

from tasrib.trace import FINDING_COLUMNS, trace

OPERATORS = ["Maroc Telecom", "Orange", "Inwi"]
CONTRACT = [
    "campaign_id", "party", "hypothesis", "method", "n_reached", "observed", "expected", "odds_ratio", "ci_low", "ci_high",
    "leak_share", "leak_share_low", "leak_share_high", "p_value", "p_adjusted", "posterior", "baseline", "evidence", "caveats",
]  # fmt: skip


def people(name, shares, n, rng, category="political_campaign"):
    campaign = category == "political_campaign"
    return pd.DataFrame(
        {
            "text": name, "recipient": [f"{name}-{i}" for i in range(n)], "category": category,
            "decision": "campaign" if campaign else "not_campaign", "campaign_id": f"c-{name}" if campaign else "",
            "party": "", "operator_allocated": rng.choice(OPERATORS, n, p=shares), "number_status": "valid", "country": "MA",
            "channel": "sms", "region": "", "received_at": pd.Timestamp("2021-09-01", tz="UTC"),
        }
    )  # fmt: skip


@pytest.fixture
def case():
    rng = np.random.default_rng(5)
    habits = [0.25, 0.5, 0.25]  # who complains, of anything: far from the market of 2021
    leaked = 0.5 * np.array(habits) + 0.5 * np.array([1, 0, 0])
    return pd.concat(
        [
            people("leaked", leaked, 150, rng),
            people("clean", habits, 150, rng),
            people("tiny", habits, 4, rng),
            people("shop", habits, 400, rng, "commercial"),
        ],
        ignore_index=True,
    )


def evidence(result, campaign):
    rows = result.findings[result.findings["campaign_id"] == campaign]
    return dict(zip(rows["hypothesis"].str.removeprefix("operator:"), rows["evidence"], strict=True))


def test_a_leak_is_found_and_biased_complaints_are_not(case):
    result = trace(case)
    assert evidence(result, "c-leaked")["Maroc Telecom"] == "strong"
    assert set(evidence(result, "c-clean").values()) == {"none"}
    clean = result.findings[result.findings["campaign_id"] == "c-clean"]
    assert clean["p_market"].min() < 0.01  # the market alone would have accused


def test_findings_keep_the_contract(case):
    findings = trace(case).findings
    assert list(findings.columns[: len(CONTRACT)]) == CONTRACT
    assert list(findings.columns) == list(FINDING_COLUMNS)
    assert findings["baseline"].isin(["controls", "market", "both"]).all()
    assert (findings["p_adjusted"] >= findings["p_value"]).all()


def test_rows_in_another_order_and_repeated_complaints_change_nothing(case):
    straight = trace(case).findings
    again = pd.concat([case, case.sample(100, random_state=1)]).sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(trace(again).findings, straight)


def test_a_small_campaign_is_listed_and_not_tested(case):
    result = trace(case)
    row = result.campaigns.set_index("campaign_id").loc["c-tiny"]
    assert not row["tested"]
    assert row["n_people"] == 4
    assert "c-tiny" not in set(result.findings["campaign_id"])


def test_without_controls_nothing_is_more_than_weak(case):
    alone = case[case["campaign_id"] == "c-leaked"]
    findings = trace(alone).findings
    assert set(findings["baseline"]) == {"market"}
    assert set(findings["evidence"]) <= {"none", "weak"}
    assert findings["caveats"].str.contains("market shares only").all()


def test_unknown_prefixes_are_counted_and_said(case):
    case.loc[case.index[:30], "operator_allocated"] = ""
    result = trace(case)
    row = result.campaigns.set_index("campaign_id").loc["c-leaked"]
    assert row["n_unknown"] == 30
    found = result.findings[result.findings["campaign_id"] == "c-leaked"]
    assert (found["n_reached"] == 120).all()
    assert found["caveats"].str.contains("no known operator").all()


def test_no_campaign_at_all(case):
    result = trace(case[case["category"] == "commercial"])
    assert result.findings.empty
    assert list(result.findings.columns) == list(FINDING_COLUMNS)


def test_a_party_named_by_a_few_complainants_is_not_the_campaigns(case):
    case.loc[case.index[:8], "party"] = "FGD"
    assert trace(case).campaigns.set_index("campaign_id").loc["c-leaked", "party"] == ""
    case.loc[case["campaign_id"] == "c-leaked", "party"] = "FGD"
    assert trace(case).campaigns.set_index("campaign_id").loc["c-leaked", "party"] == "FGD"
