"""Campaigns of one sender, cut by operator: what the report says of each part and of the whole."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from invented import OPERATORS, SHOPS, case_of, shop_rows
from reading import read_report

from tasrib.report import write_report
from tasrib.report.sections import campaign_sections
from tasrib.tracing import Caveat, caveat_text, trace

NAMES = list(OPERATORS)
ALIAS = dict(zip(OPERATORS, "ABC", strict=True))


def parts(rng, operator_of, n=70):
    return [
        (f"Votez {name}", "TASWIT", operator, name) for name in operator_of for operator in operator_of[name](rng, n)
    ]


@pytest.fixture(scope="module")
def cut():
    """One list of everybody, sent to one operator's customers in one wording and to the others' in another."""
    rng = np.random.default_rng(5)
    mine = parts(rng, {"c-1": lambda r, n: ["Inwi"] * n, "c-2": lambda r, n: r.choice(NAMES[1:], 2 * n).tolist()})
    scored = case_of(mine + shop_rows(rng, 800))
    return scored, trace(scored)


@pytest.fixture(scope="module")
def whole():
    """One operator's list, in two wordings."""
    rng = np.random.default_rng(6)
    mine = parts(
        rng, {name: lambda r, n: ["Inwi"] * (n - 20) + r.choice(NAMES, 20).tolist() for name in ("c-1", "c-2")}
    )
    scored = case_of(mine + shop_rows(rng, 800))
    return scored, trace(scored)


def test_a_part_is_weak_at_most_where_the_whole_shows_nothing_and_the_page_says_why(cut, tmp_path):
    scored, result = cut
    assert set(result.findings["evidence"]) <= {"none", "weak"}
    parts = result.findings[(result.findings["comparison"] == "operators") & (result.findings["evidence"] == "weak")]
    assert len(parts)
    assert all("union_silent" in caveats for caveats in parts["caveats"])
    page, cells = read_report(write_report(scored, result, tmp_path / "case", languages="all"))
    assert "Taken together with c-2 (in common: sender), the campaign shows nothing" in page
    assert "Réunie avec c-2 (en commun\u00a0: expéditeur), la campagne ne montre rien" in page
    assert "إذا ضُمت الحملة إلى \u2066c-2\u2069 (المشترك بينها: \u2068المرسل\u2069)" in page
    assert "Campaigns taken together: together with" in page
    assert "in common: sender" in cells


def test_behind_aliases_a_cut_list_names_nobody(cut, tmp_path):
    folder = write_report(*cut, tmp_path / "case", alias=ALIAS)
    page, cells = read_report(folder)
    everything = page + cells + (folder / "findings.json").read_text("utf-8")
    assert "in common: sender" in everything
    for secret in (*OPERATORS, *OPERATORS.values()):
        assert not re.search(rf"(?<![\d.]){secret}(?!\d)", everything, re.IGNORECASE), secret


def test_a_finding_of_campaigns_together_is_told_as_one_of_several(whole, tmp_path):
    scored, result = whole
    union = result.findings[result.findings["comparison"] == "unions"].iloc[0]
    assert union["evidence"] in ("moderate", "strong")
    page, _ = read_report(write_report(scored, result, tmp_path / "case", languages="all"))
    assert "<h4>Campaigns taken together</h4>" in page
    assert "This campaign and those sent with it (c-2) reached 140 people together" in page
    assert "Cette campagne et celles envoyées avec elle (c-2) ont atteint ensemble 140 personnes" in page
    assert "\u2066c-2\u2069" in page
    assert "complain of these campaigns" in page
    # On the first page, as what was found or as seen another way too.
    assert "operator Inwi (campaigns together)" in page or "With the campaigns sent with it: " in page


def test_each_finding_says_with_whom_people_were_compared(whole, tmp_path):
    _, result = whole
    row = result.findings[result.findings["comparison"] == "operators"].iloc[0]
    assert row["n_senders"] == len(SHOPS)
    page, _ = read_report(write_report(*whole, tmp_path / "case"))
    whom = f"{row['n_controls']} people who complained of other messages in the same months and channels (from {len(SHOPS)} senders)"
    assert f"Compared with {whom}, about" in page
    assert f"People were compared with {whom}, without strata." in page


def test_of_a_weak_finding_nobody_reads_a_share_or_a_probability(cut, tmp_path):
    scored, result = cut
    folder = write_report(scored, result, tmp_path / "case")
    page, _ = read_report(folder)
    assert not re.search(r"Probability, under the report|the probability that any of it did|of which about", page)
    summary = re.search(r"<h2 id=\"findings\">.*?</section>", page, re.S).group()
    for heading in ("posterior", "share of the list \\(95%\\)"):
        assert set(re.findall(rf'data-label="{heading}">([^<]*)<', summary)) == {"–"}
    book = pd.read_excel(folder / "tables.xlsx", sheet_name=["findings", "campaigns"], engine="openpyxl")
    assert book["findings"][["posterior", "leak_share", "leak_share_low", "leak_share_high"]].isna().all(axis=None)
    assert book["campaigns"][["p_none", "p_two"]].isna().all(axis=None)
    kept = json.loads((folder / "findings.json").read_text("utf-8"))["findings"]
    assert all(finding["posterior"] is not None for finding in kept if finding["comparison"] == "operators")


def test_caveats_of_every_finding_above_none_stand_on_the_page_and_each_once(cut):
    _, result = cut
    few, dispersed, other = Caveat("few_people", {"n_reached": 12}), Caveat("overdispersed"), Caveat("alternatives")
    findings = result.findings.copy()
    weak = findings.index[(findings["campaign_id"] == "c-2") & (findings["evidence"] == "weak")]
    own = [each for each in weak if findings.loc[each, "comparison"] == "operators"]
    # Of two operators of one campaign, as where a list came from both.
    second = findings[(findings["campaign_id"] == "c-2") & (findings["comparison"] == "operators")].index.difference(
        own
    )
    findings.loc[second[0], "evidence"] = "weak"
    findings["caveats"] = [()] * len(findings)
    findings.at[own[0], "caveats"] = (few, other)
    findings.at[second[0], "caveats"] = (dispersed, few, other)
    for language in ("en", "ar"):
        said = campaign_sections("c-2", replace(result, findings=findings), language)["caveats"]
        assert said == " ".join(caveat_text(each, language) for each in (few, dispersed, other))
