"""What `tasrib report` says of campaigns sent in parts, of senders set aside, and where nothing was large enough."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from invented import OPERATORS, case_of, shop_rows
from reading import read_report

WORDINGS = (
    "صوتوا يوم 8 شتنبر على لائحة الأمل من أجل مدينة نظيفة وشغل لشبابنا، رمزنا النجمة",
    "Le 8 septembre, votez pour la liste de l'espoir : écoles, emplois et hôpital pour notre commune",
)
OWN = "Profitez de votre forfait internet x10 chez votre opérateur, appelez le 0661 23 45 67"


@pytest.fixture
def aliases(tmp_path):
    lines = [f"{operator},{alias}" for operator, alias in zip(OPERATORS, "ABC", strict=True)]
    (tmp_path / "alias.csv").write_text("operator,alias\n" + "\n".join(lines), "utf-8")


def everything(folder):
    page, cells = read_report(folder)
    return page, "\n".join([page, (folder / "findings.json").read_text("utf-8"), cells])


def test_one_senders_list_cut_by_operator_is_no_more_than_weak(run, small_data_shipped, aliases, tmp_path):
    rng = np.random.default_rng(5)
    rows = [(WORDINGS[0], "TASWIT", "Inwi", "c-1")] * 70
    rows += [(WORDINGS[1], "TASWIT", operator, "c-2") for operator in rng.choice(["Maroc Telecom", "Orange"], 140)]
    case_of(rows + shop_rows(rng, 800)).to_csv("scored.csv", index=False)
    result = run("report", "scored.csv", "-o", "case", "--alias", "alias.csv", "--lang", "all")
    assert result.exit_code == 0, result.output
    assert "No campaign shows more than weak signs" in result.output
    assert not re.search(r"\d%(?!\))", result.output)  # a share beside a weak finding is read as a chance of guilt
    page, written = everything(tmp_path / "case")
    found = json.loads((tmp_path / "case" / "findings.json").read_text("utf-8"))["findings"]
    assert {finding["evidence"] for finding in found} == {"none", "weak"}
    assert {finding["note"] for finding in found if finding["comparison"] == "unions"} == {"c-1"}
    assert page.count("Taken together with c-2 (in common: sender), the campaign shows nothing") == 2
    # On the first page and in the campaign's section, each in its own language.
    assert page.count("Réunie avec c-2 (en commun\u00a0: expéditeur)") == 2
    for secret in (*OPERATORS, *OPERATORS.values()):
        assert not re.search(rf"(?<![\d.]){secret}(?!\d)", written, re.IGNORECASE), secret


def test_a_sender_set_aside_is_named_and_with_aliases_withheld(run, small_data_shipped, aliases, tmp_path):
    rng = np.random.default_rng(8)
    rows = [(WORDINGS[1], "", operator, "c-1") for operator in rng.choice(list(OPERATORS), 60)]
    rows += [(OWN, "BONPLAN", "Inwi", "")] * 80
    case_of(rows + shop_rows(rng, 240)).to_csv("scored.csv", index=False)
    assert run("report", "scored.csv", "-o", "plain").exit_code == 0
    page, written = everything(tmp_path / "plain")
    assert (
        "BONPLAN “Profitez de votre forfait internet x10 chez votre opérateur, appelez le [number]” (80 people, 100% with Inwi)"
        in page
    )
    assert "661 23 45 67" not in written
    assert pd.read_excel(tmp_path / "plain" / "tables.xlsx", "set_aside", engine="openpyxl").to_dict("records") == [
        {"campaign_id": "c-1", "sender": "BONPLAN", "wording": OWN.replace("0661 23 45 67", "[number]"), "people": 80, "operator": "Inwi", "share": 1}
    ]  # fmt: skip
    assert "from 12 senders" in page
    assert run("report", "scored.csv", "-o", "hidden", "--alias", "alias.csv").exit_code == 0
    page, written = everything(tmp_path / "hidden")
    assert "sender and wording withheld (80 people, 100% with A)" in page
    assert not re.search("BONPLAN|x10|Inwi", written)


@pytest.mark.parametrize(
    ("n", "shown"),
    [
        (7, "No campaign was large enough to be compared: the largest reached 7 people with a known operator, and 10 are needed."),
        (1, "the largest reached 1 person with a known operator, and 10 are needed."),
        (0, "No message was decided to belong to a campaign, so there was none to compare."),
    ],
)  # fmt: skip
def test_where_no_campaign_was_large_enough_this_is_said(run, small_data_shipped, tmp_path, n, shown):
    rng = np.random.default_rng(9)
    rows = [(WORDINGS[1], "", operator, "c-1") for operator in rng.choice(list(OPERATORS), n)]
    case_of(rows + shop_rows(rng, 60)).to_csv("scored.csv", index=False)
    result = run("report", "scored.csv", "-o", "case")
    assert result.exit_code == 0, result.output
    assert shown in " ".join(result.output.split())
    assert "weak signs" not in result.output
    assert shown in (tmp_path / "case" / "report.html").read_text("utf-8")


def test_what_is_printed_is_in_the_language_of_the_page(run, small_data_shipped, tmp_path):
    rng = np.random.default_rng(9)
    rows = [(WORDINGS[1], "", operator, "c-1") for operator in rng.choice(list(OPERATORS), 4)]
    case_of(rows + shop_rows(rng, 60)).to_csv("scored.csv", index=False)
    result = run("report", "scored.csv", "-o", "case", "--lang", "fr")
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "Aucune campagne n'était assez grande pour être comparée" in said
    assert "Rapport : case/report.html" in said
    assert '<html lang="fr" dir="ltr">' in (tmp_path / "case" / "report.html").read_text("utf-8")
    assert run("report", "scored.csv", "-o", "case", "--lang", "es").exit_code == 2
