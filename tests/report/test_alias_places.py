"""Behind an alias nothing leads to the operator, in whichever table it stands."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from frames import scored_frame

from tasrib.report.alias import apply_alias
from tasrib.report.narrative import narrate
from tasrib.report.tables import all_tables
from tasrib.tracing import Caveat, TraceResult
from tasrib.tracing.caveats import caveat_text
from tasrib.tracing.comparison import label
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.grading import as_table

ALIAS = {"Orange": "B", "Inwi": "A"}
BLOCKS = "065", "0657", "0657 16xxxx"
FINDINGS = [
    ("operators", "Inwi"), ("tree", ("MA", "Inwi", "060")), ("tree", ("MA", "Inwi", "060", "0603")),
    ("tree", ("MA", "Orange", *BLOCKS)), ("tree", ("MA", "Orange", "069", "0699", "0699 99xxxx")),
    ("holders", "Banque Nour"), ("holders", "INWI Money"), ("holders", "Méditel"), ("canaries", "fichier clients Inwi"),
    ("holders", "Forum Orangerie"),
]  # fmt: skip


def node(level, places, llr):
    return dict(
        level=level, node=places[-1], places=places, cases=9, people=9, expected=1.5, llr=llr, relative_risk=float("inf"),
        p_value=0.01, campaign_id="c-1",
    )  # fmt: skip


def finding(comparison, name, **more):
    subject = by_key()[comparison].subject({"name": name})
    return dict(
        campaign_id="c-1", party="", comparison=comparison, name=name, hypothesis=f"{subject}:{label({'name': name})}", method="m",
        baseline="controls", evidence="weak", n_reached=20, observed=9, n_controls=50, controls_observed=3, p_value=0.01,
        p_adjusted=0.02, posterior=0.5, caveats=(Caveat("shared_holder", {"confounded_with": ("orange",)}),), within_people=False,
        confounded_with=("Orange",), note="As operator:Inwi, and IAM.",
    ) | more  # fmt: skip


def place(block, reached, controls, close_pairs):
    return dict(
        prefix="" if "xxxx" not in block else block[:4],
        block=block,
        reached=reached,
        controls=controls,
        close_pairs=close_pairs,
    )


@pytest.fixture
def case():
    rows = [finding(*each) for each in FINDINGS]
    rows.append(
        finding("operators", "Orange", campaign_id="c-2", baseline="market", detectable_share=0.3, expected=4.0)
    )
    prefixes = [
        ("0603", "Inwi"),
        ("0604", "Inwi"),
        ("0661", "Orange"),
        ("0657", "Orange"),
        ("0606", "Orange"),
        ("0650", "Maroc Telecom"),
    ]
    scored = scored_frame(
        len(prefixes), prefix=[prefix for prefix, _ in prefixes], operator_allocated=[operator for _, operator in prefixes],
        operator_serving="Inwi", declared_operator="inwi", other_operators="Orange;Inwi", decision="campaign",
        category="political_campaign", language="fr", received_at="2021-09-01",
    )  # fmt: skip
    campaigns = pd.DataFrame(
        dict(campaign_id=["c-1", "c-2"], party="", text="x", tested=True, strata=[(), ()], p_none=0.5, p_two=0.1)
    )
    nodes = [
        node("3-digit prefix", ("MA", "Inwi", "060"), 5.0), node("3-digit prefix", ("MA", "Orange", "060"), 4.0),
        node("4-digit prefix", ("MA", "Inwi", "060", "0603"), 3.0), node("operator", ("MA", "Orange"), 2.0),
        node("10,000-number block", ("MA", "Orange", *BLOCKS), 1.0), node("country", ("MA",), 0.0),
    ]  # fmt: skip
    generated = pd.DataFrame([dict(
        campaign_id="c-1", party="", n=60, p_value=1e-9, p_adjusted=1e-8, pattern="consecutive", reason="",
        places=(place("0657 16xxxx", 27, 0, 26), place("0650 34xxxx", 19, 0, 18)),
    )])  # fmt: skip
    shares = pd.DataFrame(
        dict(campaign_id="c-1", operator=["Inwi", "Orange", "Maroc Telecom"], market_share=[0.2, 0.4, 0.4])
    )
    fits = pd.DataFrame(dict(campaign_id="c-1", operator=["Inwi", "Orange"], share=0.5, fit=1.0))
    result = TraceResult(
        as_table(rows),
        campaigns,
        shares,
        {"country": "MA", "market_shares": {"Inwi": 0.2}},
        {"generated": generated, "nodes": pd.DataFrame(nodes), "fits": fits},
    )
    return scored, result


def everything(scored, result):
    tables = all_tables(scored.assign(recipient="p-1"), result, None).values()
    return "\n".join([*(table.to_csv() for table in tables), scored.to_csv(), str(result.settings)])


def test_no_table_names_an_operator_or_a_place(case):
    assert re.search("Inwi", everything(*case))
    hidden = {**ALIAS, "Maroc Telecom": "C"}
    written = everything(*apply_alias(*case, hidden))
    assert not re.search("inwi|orange(?!rie)|maroc|m[ée]ditel|iam", written, re.IGNORECASE)
    assert "xxxx" not in written
    assert not re.search(r"(?<![\d.])06\d{1,2}(?![\d.])", written)


def test_what_one_reader_reads_twice_has_one_name(case):
    scored, result = apply_alias(*case, ALIAS)
    hypotheses = result.findings.loc[result.findings["campaign_id"] == "c-1", "hypothesis"].tolist()
    assert {
        "operator:A",
        "organisation:Banque Nour",
        "organisation:A Money",
        "organisation:B",
        "canary:fichier clients A",
    } <= set(hypotheses)
    # A shop that only begins like an operator keeps its name.
    assert "organisation:Forum Orangerie" in hypotheses
    # Three digits belong to several operators: the node of the campaign that stood out most tells whose they are.
    top = result.nodes.iloc[0]
    assert f"prefix:{top['node']}" in hypotheses
    assert top["places"] == ("MA", "A", top["node"])
    block = result.nodes.loc[result.nodes["level"] == "10,000-number block", "node"].item()
    assert f"block:{block}" in hypotheses
    assert result.generated["places"].item()[0] == place(block, 27, 0, 26)
    below = result.nodes.loc[result.nodes["level"] == "4-digit prefix", "node"].item()
    assert scored.loc[case[0]["prefix"] == "0603", "prefix"].item() == below
    assert f"prefix:{below}" in hypotheses


def test_different_places_have_different_names(case):
    _, result = apply_alias(*case, ALIAS)
    assert result.nodes["places"].is_unique
    places = result.findings.loc[result.findings["hypothesis"].str.match("prefix|block"), "hypothesis"]
    assert places.is_unique
    assert places.str.contains(r"\d").all()


def test_market_figures_stay_behind(case):
    _, result = apply_alias(*case, ALIAS)
    market = result.findings[result.findings["campaign_id"] == "c-2"].iloc[0]
    assert market[["expected", "p_value", "posterior", "detectable_share"]].isna().all()
    campaigns = result.campaigns.set_index("campaign_id")
    assert campaigns.loc["c-2", ["p_none", "p_two"]].isna().all()
    assert campaigns.loc["c-1", ["p_none", "p_two"]].notna().all()


def test_a_caveat_names_nobody_in_any_spelling(case):
    scored, result = case
    caveat = Caveat("shared_holder", {"confounded_with": ("Méditel", "Forum Nour")})
    result = replace(result, findings=as_table([finding("operators", "Inwi", caveats=(caveat,))]))
    _, hidden = apply_alias(scored, result, ALIAS)
    said = [caveat_text(each, language) for (each,) in hidden.findings["caveats"] for language in ("ar", "fr", "en")]
    assert all("ditel" not in text and "Forum Nour" in text for text in said)


def test_words_do_not_say_that_numbers_begin_with_an_alias(case):
    _, result = apply_alias(*case, ALIAS)
    row = result.findings[result.findings["hypothesis"].str.startswith("prefix:")].iloc[0]
    assert "withheld" in narrate(row, "en", alias={name: name for name in result.settings["aliased"]})


def test_an_organisation_is_told_with_what_is_left_after_the_others(case):
    _, result = case
    row = result.findings[result.findings["hypothesis"] == "organisation:Banque Nour"].iloc[0]
    raw = row.to_dict() | dict(odds_ratio=9.6, ci_low=3.5, ci_high=30.0, adjusted_odds_ratio=1.2)
    assert "times as high" not in narrate(raw, "en", brief=True)
    told = narrate(raw | dict(adjusted_low=0.5, adjusted_high=2.9), "en", brief=True)
    assert "1.2 times as high" in told
    assert "9.6" not in told


def test_results_without_the_new_tables_are_aliased_too(case):
    scored, result = case
    plain = TraceResult(result.findings, result.campaigns, result.shares, result.settings)
    written = everything(*apply_alias(scored, plain, {**ALIAS, "Maroc Telecom": "C"}))
    assert not re.search(r"(?<![\d.])06\d{1,2}(?![\d.])", written)


def test_the_fit_of_a_share_stands_by_the_alias(case):
    _, result = apply_alias(*case, ALIAS)
    assert result.table("fits")["operator"].tolist() == ["A", "B"]
