"""What the law asks, in a report: counts that nobody can take for a finding, in three languages, and none of it from a complaint's own words."""

import html
import json
import re

import openpyxl
import pandas as pd
import pytest
from frames import scored_frame
from pages import outside_isolates, texts

from tasrib.compliance import load_rules
from tasrib.errors import TasribError
from tasrib.report import write_report
from tasrib.report.catalogue import say
from tasrib.report.html import render_html
from tasrib.report.law import law_of, shown
from tasrib.tracing import trace

LANGUAGES = ("ar", "fr", "en")
NUMBER, TEXT = "0661234567", "Votez pour la liste Envol, appelez le 0661234567"
CAMPAIGN = "c-0000000a"


@pytest.fixture(scope="module")
def case():
    n = 24
    mine = [i < 12 for i in range(n)]
    scored = scored_frame(
        n, text=[TEXT if each else "Soldes" for each in mine], decision=["campaign" if each else "not_campaign" for each in mine],
        category=["political_campaign" if each else "commercial" for each in mine], campaign_id=[CAMPAIGN if each else "" for each in mine],
        party=["PPS" if each else "" for each in mine], channel="sms", received_at="2021-09-01T10:00:00Z", sender=NUMBER,
        objected_at=["2021-08-20" if i < 5 else "" for i in range(n)], source_stated="no", complaint_id=[f"k-{i}" for i in range(n)],
        operator_allocated=["Inwi", "Orange"] * 12,
    )  # fmt: skip
    return scored, trace(scored, replicates=99)


@pytest.fixture(scope="module")
def sections(case):
    scored, result = case
    law = law_of(scored, load_rules("ma"))
    pages = {
        language: render_html(scored, result, None, title="t", version="1", explanations={}, language=language, law=law)
        for language in LANGUAGES
    }
    return {
        language: re.findall(r'<section aria-labelledby="law">.*?</section>', page, re.S)[0]
        for language, page in pages.items()
    }


def plain(markup):
    return re.sub("[\u2066-\u2069]", "", html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_each_count_stands_that_a_person_decides(sections, language):
    cells = re.findall(r"<td[^>]*>(?:(?!</td>).)*<ul>.*?</td>", sections[language], re.S)
    assert len(cells) == 2
    for cell in cells:
        assert "S08" in cell
        assert say("law.beside", language) in html.unescape(cell)
    entries = re.findall(r"<div><dt>.*?</div>", sections[language], re.S)
    indicated = [each for each in entries if say("law.beside", language) in html.unescape(each)]
    assert {re.search(r"S\d\d", each)[0] for each in indicated} == {"S08", "S09"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_rule_count_and_confidence_are_told(sections, language):
    rules = {rule.id: rule for rule in load_rules("ma").rules}
    lines = [plain(line) for line in re.findall("<li>.*?</li>", sections[language], re.S)]
    told = next(line for line in lines if "S08" in line)
    assert rules["S08"].title[language] in told
    assert re.findall(r"\b\d+\b", told.replace("S08", "")) == ["5", "12"]
    unread = next(line for line in lines if "S09" in line)
    assert {"en": "to be confirmed", "fr": "à confirmer", "ar": "للتأكيد"}[language] in unread


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_its_text_and_source(sections, language):
    said = plain(sections[language])
    for rule in load_rules("ma").rules:
        assert re.sub(r"\s+", " ", rule.text[language]) in said
        assert all(source in said for source in rule.sources)
    assert '<a href="http' not in sections[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_complaint_speaks_in_it(sections, language):
    for told in (NUMBER, "Envol", "k-3", "Soldes"):
        assert told not in plain(sections[language])


def test_in_arabic_nothing_is_turned_round(sections):
    said = " ".join(map(outside_isolates, texts(sections["ar"])))
    assert not re.findall(r"[A-Za-z]|\d\s*[-/]\s*\d", said)
    assert shown("القانون 09-08، المادة 5 (CNIL 2012-020)", "ar") == (
        "القانون \u206609-08\u2069، المادة \u20665\u2069 (\u2066CNIL\u2069 \u20662012-020\u2069)"
    )


def test_rules_to_be_confirmed_do_not_count_on_the_first_page(case):
    scored, result = case
    law = law_of(scored.assign(objected_at=""), load_rules("ma"))
    page = render_html(scored, result, None, title="t", version="1", explanations={}, law=law)
    assert say("law.first", "en", n=0, total=1) in html.unescape(page)
    assert "S09 “" in page


def test_codes_for_machines_and_sheets_to_check(case, tmp_path):
    scored, result = case
    write_report(scored, result, tmp_path / "case")
    found = json.loads((tmp_path / "case" / "findings.json").read_bytes())["compliance"]
    assert (found["rules"]["code"], found["rules"]["country"], len(found["rules"]["sha256"])) == ("ma", "MA", 64)
    (campaign,) = found["campaigns"]
    (party,) = found["parties"]
    by_rule = {each["rule"]: each for each in campaign["by_rule"]}
    assert (campaign["campaign_id"], campaign["complaints"], party["party"]) == (CAMPAIGN, 12, "PPS")
    assert (by_rule["S08"]["breach_indicated"], by_rule["S08"]["confidence"]) == (5, "H")
    assert campaign["ask"] in load_rules("ma").fields
    assert set(campaign["settles_rules"]) <= set(by_rule)
    book = openpyxl.load_workbook(tmp_path / "case" / "tables.xlsx")
    assert {"law_rules", "law_campaigns", "law_parties", "law_files", "law_indications"} <= set(book.sheetnames)
    cells = [
        str(cell) for name in book.sheetnames if name.startswith("law_") for row in book[name].values for cell in row
    ]
    assert not [cell for cell in cells if NUMBER in cell or "Envol" in cell or "k-3" in cell]


def test_it_can_be_left_out_and_is_where_a_country_has_no_rules(case, tmp_path):
    scored, result = case
    abroad = trace(scored.assign(country="DZ"), country="DZ", replicates=99)
    for folder, more, of in (
        ("a", {"without_law": True}, result),
        ("b", {}, abroad),
    ):
        write_report(scored, of, tmp_path / folder, **more)
        page = (tmp_path / folder / "report.html").read_text("utf-8")
        assert 'id="law"' not in page
        assert say("glossary.indication.text", "en") not in page
        assert json.loads((tmp_path / folder / "findings.json").read_bytes())["compliance"] is None
    answers = pd.DataFrame({"field": ["bulk"], "value": ["no"], "source": ["call"]})
    with pytest.raises(TasribError, match="give one or the other"):
        write_report(scored, result, tmp_path / "c", facts=answers, without_law=True)
    with pytest.raises(TasribError, match="there are no rules for DZ"):
        write_report(scored, abroad, tmp_path / "c", facts=answers)
    assert not (tmp_path / "c").exists()


def test_other_names_hold_in_it(case, tmp_path):
    scored, result = case
    text = (
        load_rules("ma")
        .file.read_text("utf-8")
        .replace('title.en = "Nothing after an objection"', 'title.en = "Nothing of ORANGE after an objection"')
    )
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    answers = pd.DataFrame(
        {"field": ["party"], "value": ["Amis de Inwi"], "source": ["call"], "campaign_id": [CAMPAIGN]}
    )
    folder = write_report(
        scored, result, tmp_path / "case", rules=tmp_path / "mine.toml", facts=answers, alias={"Orange": "Opérateur B", "Inwi": "Opérateur A"}
    )  # fmt: skip
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    everything = (folder / "report.html").read_text("utf-8") + (folder / "findings.json").read_text("utf-8") + cells
    assert not re.search("orange|inwi", everything, re.IGNORECASE)
    assert "Nothing of Opérateur B after an objection" in everything
    assert "Amis de Opérateur A" in everything
