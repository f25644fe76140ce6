import json
import re

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib.errors import UnreadableInput
from tasrib.report import read_alias, write_report
from tasrib.tracing import trace

HOSTILE = "<script>alert(1)</script> =1+1 \"'& صوتوا"
ALIAS = {"Maroc Telecom": "A", "Orange": "B", "Inwi": "C"}


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(7)
    n = 300
    campaign = np.arange(n) < 90
    operator = np.where(campaign & (np.arange(n) < 60), "Inwi", rng.choice(list(ALIAS), n))
    scored = scored_frame(
        n, text=np.where(campaign, HOSTILE, "Soldes"), recipient=[f"p-{i}" for i in range(n)], received_at="2021-09-01",
        channel="sms", region=HOSTILE, category=np.where(campaign, "political_campaign", "commercial"),
        probability=np.where(campaign, 0.99, 0.01), decision=np.where(campaign, "campaign", "not_campaign"), language="mixed",
        party=np.where(campaign, "<b>X</b>", ""), campaign_id=np.where(campaign, "c-1", ""),
        prefix=np.where(operator == "Inwi", "0640", "0661"), operator_allocated=operator,
    )  # fmt: skip
    rejected = pd.DataFrame(
        [("x.csv", 7, "text", "", "empty", '{"recipient": "0661234567"}')],
        columns=["file", "row", "column", "value", "reason", "raw"],
    )
    return scored, trace(scored), rejected


@pytest.fixture(scope="module")
def plain(case, tmp_path_factory):
    scored, result, rejected = case
    return write_report(scored, result, tmp_path_factory.mktemp("plain"), rejected=rejected)


def test_the_page_asks_nothing_from_outside_and_runs_nothing(plain):
    page = (plain / "report.html").read_text("utf-8")
    assert not re.findall(r"""(?:src|href)=["'](?!#)[^"']+""", page)
    assert "<script" not in page
    assert "url(" not in page
    assert "<b>X</b>" not in page
    assert "&lt;script&gt;" in page


def test_the_page_has_its_sections_and_caveats(case, plain):
    page = (plain / "report.html").read_text("utf-8")
    for name in (
        "In one minute",
        "The case in figures",
        "Campaigns in detail",
        "Data quality",
        "Method",
        "Bear in mind",
    ):
        assert name in page
    assert 'dir="auto"' in page
    assert "x.csv" in page
    assert "0661234567" not in page  # the quarantined row's number stays in the case file


def test_findings_json_is_strict_and_complete(case, plain):
    found = json.loads((plain / "findings.json").read_text("utf-8"), parse_constant=lambda name: pytest.fail(name))
    assert len(found["findings"]) == len(case[1].findings)
    assert found["findings"][0]["hypothesis"] == case[1].findings["hypothesis"].iloc[0]
    for name, table in (("overlaps", case[1].overlaps), ("generated", case[1].generated), ("nodes", case[1].nodes)):
        assert len(found[name]) == len(table)


def test_workbook_opens_with_all_sheets(case, plain):
    book = load_workbook(plain / "tables.xlsx")
    assert {
        "findings",
        "campaigns",
        "operator_shares",
        "overlaps",
        "generated_numbers",
        "numbering_tree",
        "by_category",
        "by_party",
        "by_day",
        "data_quality",
        "quarantine",
    } <= set(book.sheetnames)
    assert book["findings"].max_row == len(case[1].findings) + 1


def test_aliases_hide_names_prefixes_and_market(case, tmp_path):
    scored, result, _ = case
    folder = write_report(scored, result, tmp_path, alias=ALIAS)
    book = load_workbook(folder / "tables.xlsx")
    cells = " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    everything = (folder / "report.html").read_text("utf-8") + (folder / "findings.json").read_text("utf-8") + cells
    for secret in [*ALIAS, "0640", "0661"]:
        # Drawings are full of digits: a prefix is one that stands by itself.
        assert not re.search(rf"(?<![\d.]){secret}(?!\d)", everything)
    found = json.loads((folder / "findings.json").read_text("utf-8"))
    by_operator = [row for row in found["findings"] if row["comparison"] == "operators"]
    assert {row["hypothesis"] for row in by_operator} == {"operator:A", "operator:B", "operator:C"}
    assert all(row["expected_market"] is None for row in found["findings"])


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("name;alias\n", "operator"),
        ("name\nInwi\n", "column alias, operator is missing; write a CSV with the columns operator,alias"),
        ("operator,alias\nOrange,A\nInwi,A\n", "two rows"),
        ("operator,alias\nOrange,A,B\n", "row 2: the row has 3 cells"),
        (None, "cannot be read"),
    ],
)
def test_alias_files_that_cannot_serve(tmp_path, content, word):
    file = tmp_path / "alias.csv"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UnreadableInput, match=word):
        read_alias(file)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_alias_files_as_french_excel_writes_them(tmp_path, encoding):
    file = tmp_path / "alias.csv"
    file.write_bytes("operator;alias\r\nOrange;Opérateur é\r\n Inwi ;B\r\nMaroc Telecom;\r\n".encode(encoding))
    assert read_alias(file) == {"Orange": "Opérateur é", "Inwi": "B"}


def test_alias_files_that_are_workbooks(tmp_path):
    pd.DataFrame({"operator": ["Orange", "Inwi"], "alias": [1, "B"]}).to_excel(tmp_path / "alias.xlsx", index=False)
    assert read_alias(tmp_path / "alias.xlsx") == {"Orange": "1", "Inwi": "B"}
