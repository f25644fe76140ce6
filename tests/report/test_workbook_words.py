"""tables.xlsx in the language of the report."""

import tomllib

import numpy as np
import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib._resources import resource
from tasrib.report import write_report
from tasrib.report.tables import all_tables
from tasrib.report.workbook import encode_tables, heading, language_of_tables
from tasrib.tracing import trace

WORDS = tomllib.loads(resource("reference", "workbook.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(3)
    n = 240
    mine = np.arange(n) < 80
    scored = scored_frame(
        n, text=np.where(mine, "صوتوا على لائحة الجسر", "Soldes"), received_at="2021-09-01", channel="sms", region="Fès",
        category=np.where(mine, "political_campaign", "commercial"), decision=np.where(mine, "campaign", "not_campaign"),
        campaign_id=np.where(mine, "c-1", ""), prefix="0661", language=np.where(mine, "ar", "fr"),
        operator_allocated=np.where(mine & (np.arange(n) < 60), "Inwi", rng.choice(["Inwi", "Orange", "Maroc Telecom"], n)),
    )  # fmt: skip
    return scored, trace(scored)


def book_of(case, folder, languages):
    return load_workbook(write_report(*case, folder / "case", languages=languages) / "tables.xlsx")


def test_in_arabic_every_sheet_runs_from_right_to_left_and_no_figure_becomes_text(case, tmp_path):
    book = book_of(case, tmp_path, "ar")
    assert all(sheet.sheet_view.rightToLeft and sheet.freeze_panes == "A2" for sheet in book)
    sheet = book["operator_shares"]
    heads = [cell.value for cell in sheet[1]]
    assert heads[:4] == ["الحملة", "المشغل", "الملاحظ", "الحصة"]
    share = sheet.cell(2, 4)
    assert isinstance(share.value, float)
    assert share.number_format == "0.0%"
    # An interval is two figures in two columns, which no direction turns round.
    low, high = sheet.cell(2, 5).value, sheet.cell(2, 6).value
    assert low <= share.value <= high
    assert {row[0].value for row in book["by_category"].iter_rows(min_row=2)} == {"دعاية سياسية", "تجاري"}
    assert {row[0].value for row in book["by_language"].iter_rows(min_row=2)} == {"العربية", "الفرنسية"}


def test_a_guide_names_the_key_of_each_heading(case, tmp_path):
    book = book_of(case, tmp_path, "fr")
    assert book.sheetnames[0] == "guide"
    assert not any(sheet.sheet_view.rightToLeft for sheet in book)
    told = {(row[0], row[2]): row[3] for row in book["guide"].iter_rows(min_row=2, values_only=True)}
    tables = all_tables(*case, None, language="fr")
    for sheet in book.worksheets[1:]:
        heads = [cell.value for cell in sheet[1]]
        assert len(set(heads)) == len(heads), sheet.title
        # The law's tables are made in words: what they hold stands by codes in findings.json.
        keys = heads if sheet.title.startswith("law_") else [str(key) for key in tables[sheet.title].columns]
        assert [told[sheet.title, head] for head in heads] == keys


def test_every_sheet_and_heading_has_words_and_evidence_is_said(case, tmp_path):
    tables = all_tables(*case, None)
    days = set(tables["by_day"].columns) - {"day"}
    for language in ("ar", "fr"):
        assert all(language in WORDS["sheet"][title] for title in tables)
        keys = {str(key) for title, table in tables.items() for key in table.columns} - days
        assert not [key for key in keys if not WORDS["column"].get(key, {}).get(language)]
        assert all(heading(day, language) != day for day in days - {"commercial"} or {"political_campaign"})
    book = book_of(case, tmp_path, "fr")
    head = [cell.value for cell in book["findings"][1]]
    rows = [dict(zip(head, row, strict=True)) for row in book["findings"].iter_rows(min_row=2, values_only=True)]
    assert {row["indice"] for row in rows} <= {"fort", "modéré", "faible", "aucun"}
    assert {row["comparaison"] for row in rows} >= {"Opérateurs"}
    assert not [row for row in rows if "exact conditional" in row["méthode"] or "Fisher exact, one" in row["méthode"]]


def test_the_language_is_the_first_named_and_english_of_all(case):
    assert language_of_tables(("ar",)) == "ar"
    assert language_of_tables(("fr", "ar")) == "fr"
    assert language_of_tables(("ar", "fr", "en")) == "en"
    assert encode_tables(all_tables(*case, None), "x.xlsx")[:2] == b"PK"


def test_in_english_headings_are_the_keys(case, tmp_path):
    book = book_of(case, tmp_path, "en")
    assert "guide" not in book.sheetnames
    assert [cell.value for cell in book["campaigns"][1]][:3] == ["campaign_id", "party", "n_messages"]
