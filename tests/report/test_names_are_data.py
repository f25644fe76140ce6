"""Names that people gave are data on every way out: page, workbook, JSON."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

from tasrib.complaints.cleaning import cleaning_table
from tasrib.report import write_report
from tasrib.report.html import render_html
from tasrib.tables.notes import Note
from tasrib.tracing import trace

NASTY = [
    "Magasin [/Azur]", "[bold red]", "<script>alert(1)</script>", "</text><script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "{{7*7}}",
    "{0} {name} {", "%s %d %", "a\nb\tc", "\u202eabc", "\x1b[2J", "\x07", "&amp;\"'", "$x$ \\1", "x" * 3_000, "']--", "🕊️",
]  # fmt: skip


def case(name):
    n, rng = 240, np.random.default_rng(3)
    campaign = np.arange(n) < 60
    leaked = campaign & (rng.random(n) < 0.8)
    return scored_frame(
        n, text=np.where(campaign, f"Votez {name}", "Soldes"), received_at="2021-09-01", channel="sms", region=name,
        sender=name, decision=np.where(campaign, "campaign", "not_campaign"), probability=0.5, language="fr",
        category=np.where(campaign, "political_campaign", "commercial"), party=np.where(campaign, name, ""),
        campaign_id=np.where(campaign, "c-1", ""), prefix="0661", operator_allocated=rng.choice(["Inwi", "Orange"], n),
        known_to=np.where(leaked | (rng.random(n) < 0.1), name.replace(";", ""), "Autre"),
    )  # fmt: skip


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_a_name_is_shown_and_never_run(tmp_path, name):
    scored = case(name)
    folder = write_report(scored, trace(scored), tmp_path / "case", title=name)
    page = (folder / "report.html").read_text("utf-8")
    assert not re.search(r"<script|<img src=x|49</", page)
    found = json.loads((folder / "findings.json").read_text("utf-8"))
    assert any(finding["comparison"] == "holders" for finding in found["findings"])
    for sheet in load_workbook(folder / "tables.xlsx"):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_report_says_what_was_done_to_the_files():
    scored = case("Azur")
    notes = [Note("lost", "date_unread", "no date <b>that</b> can be read", "août.xlsx", "Feuil1", (3, 4), "Reçu le")]
    page = render_html(
        scored, trace(scored), None, title="x", version="1", explanations={}, cleaning=cleaning_table(notes)
    )
    assert "What was done to the files" in page
    assert "<td>lost</td><td>août.xlsx</td><td>Feuil1</td><td>rows 3 to 4</td><td>Reçu le</td>" in page
    assert "&lt;b&gt;that" in page


def test_reasons_in_quarantine_show_no_value(tmp_path):
    rejected = pd.DataFrame(
        [
            (
                "x.csv",
                7,
                "date",
                "0661000101",
                "date '0661000101' is not a date; text 0661000102 is empty",
                '{"a": "0661000101"}',
            )
        ],
        columns=["file", "row", "column", "value", "reason", "raw"],
    )
    scored = case("Azur")
    folder = write_report(scored, trace(scored), tmp_path / "case", rejected=rejected)
    written = (folder / "report.html").read_text("utf-8")
    rows = load_workbook(folder / "tables.xlsx")["quarantine"].iter_rows(values_only=True)
    written += str(list(rows)) + (folder / "findings.json").read_text("utf-8")
    assert "0661000101" not in written
    assert "0661000102" not in written
    assert "is not a date" in written
