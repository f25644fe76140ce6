"""Campaigns of one sender, cut by operator: what the report says of each part and of the whole."""

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib.report import write_report
from tasrib.report.sections import campaign_sections
from tasrib.tracing import Caveat, caveat_text, trace

OPERATORS = ("Inwi", "Maroc Telecom", "Orange")
ALIAS = dict(zip(OPERATORS, "ABC", strict=True))
SHOPS = 12


def controls(rng, n):
    shop = rng.integers(0, SHOPS, n)
    return pd.DataFrame(
        {"text": [f"Soldes chez {SHOP_WORDS[i]} ce samedi" for i in shop], "sender": [f"SHOP{i}" for i in shop], "campaign_id": "",
         "operator_allocated": rng.choice(OPERATORS, n)}
    )  # fmt: skip


SHOP_WORDS = [
    "tapis",
    "lunettes",
    "vélos",
    "poteries",
    "canapés",
    "fenêtres",
    "parfums",
    "téléviseurs",
    "chaussures",
    "matelas",
    "jouets",
    "bijoux",
]


def parts(rng, operator_of, n=70, sender="TASWIT"):
    rows = [(f"Votez {name}", sender, name, operator) for name in operator_of for operator in operator_of[name](rng, n)]
    return pd.DataFrame(rows, columns=["text", "sender", "campaign_id", "operator_allocated"])


def scored_of(*tables):
    table = pd.concat(tables, ignore_index=True)
    mine = table["campaign_id"] != ""
    return scored_frame(
        len(table), **{name: table[name] for name in table}, received_at="2021-09-01", channel="sms", language="fr",
        decision=np.where(mine, "campaign", "not_campaign"), category=np.where(mine, "political_campaign", "commercial"),
        prefix=np.where(table["operator_allocated"] == "Inwi", "0640", "0661"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def cut():
    """One list of everybody, sent to one operator's customers in one wording and to the others' in another."""
    rng = np.random.default_rng(5)
    mine = parts(rng, {"c-1": lambda r, n: ["Inwi"] * n, "c-2": lambda r, n: r.choice(OPERATORS[1:], 2 * n).tolist()})
    scored = scored_of(mine, controls(rng, 800))
    return scored, trace(scored)


@pytest.fixture(scope="module")
def whole():
    """One operator's list, in two wordings."""
    rng = np.random.default_rng(6)
    mine = parts(
        rng, {name: lambda r, n: ["Inwi"] * (n - 20) + r.choice(OPERATORS, 20).tolist() for name in ("c-1", "c-2")}
    )
    scored = scored_of(mine, controls(rng, 800))
    return scored, trace(scored)


def written(folder):
    """Everything that people read, without drawings, which are full of digits."""
    page = "".join(file.read_text("utf-8") for file in sorted(folder.glob("report*.html")))
    cells = [
        str(c) for s in load_workbook(folder / "tables.xlsx") for row in s.iter_rows(values_only=True) for c in row
    ]
    return re.sub("<svg.*?</svg>", "", page, flags=re.S), "\n".join(cells)


def test_a_part_is_weak_at_most_where_the_whole_shows_nothing_and_the_page_says_why(cut, tmp_path):
    scored, result = cut
    assert set(result.findings["evidence"]) <= {"none", "weak"}
    parts = result.findings[(result.findings["comparison"] == "operators") & (result.findings["evidence"] == "weak")]
    assert len(parts)
    assert all("union_silent" in caveats for caveats in parts["caveats"])
    page, cells = written(write_report(scored, result, tmp_path / "case", languages="all"))
    assert "Taken together with c-2 (in common: sender), the campaign shows nothing" in page
    assert "Réunie avec c-2 (en commun\u00a0: expéditeur), la campagne ne montre rien" in page
    assert "إذا ضُمت الحملة إلى \u2066c-2\u2069 (المشترك بينها: \u2068المرسل\u2069)" in page
    assert "Campaigns taken together: together with" in page
    assert "in common: sender" in cells


def test_behind_aliases_a_cut_list_names_nobody(cut, tmp_path):
    folder = write_report(*cut, tmp_path / "case", alias=ALIAS)
    page, cells = written(folder)
    everything = page + cells + (folder / "findings.json").read_text("utf-8")
    assert "in common: sender" in everything
    for secret in (*OPERATORS, "0640", "0661"):
        assert not re.search(rf"(?<![\d.]){secret}(?!\d)", everything, re.IGNORECASE), secret


def test_a_finding_of_campaigns_together_is_told_as_one_of_several(whole, tmp_path):
    scored, result = whole
    union = result.findings[result.findings["comparison"] == "unions"].iloc[0]
    assert union["evidence"] in ("moderate", "strong")
    page, _ = written(write_report(scored, result, tmp_path / "case", languages="all"))
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
    assert row["n_senders"] == SHOPS
    page, _ = written(write_report(*whole, tmp_path / "case"))
    whom = f"{row['n_controls']} people who complained of other messages in the same months and channels (from {SHOPS} senders)"
    assert f"Compared with {whom}, about" in page
    assert f"People were compared with {whom}, without strata." in page


def test_of_a_weak_finding_nobody_reads_a_share_or_a_probability(cut, tmp_path):
    scored, result = cut
    folder = write_report(scored, result, tmp_path / "case")
    page, _ = written(folder)
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
