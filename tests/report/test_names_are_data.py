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
from tasrib.report.origins import cleaning_line, shown_quarantine
from tasrib.tables.notes import Note
from tasrib.tracing import trace

NASTY = [
    "Magasin [/Azur]", "[bold red]", "<script>alert(1)</script>", "</text><script>", "<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "{{1234*4321}}",
    "{0} {name} {", "%s %d %", "a\nb\tc", "\u202eabc", "\x1b[2J", "\x07", "&amp;\"'", "$x$ \\1", "x" * 3_000, "']--", "🕊️", "\u2067abc", "a\u2069b", "a\u2028b", "a\x00b", "\x85", "\uffff", "<!--", "]]>", "' onmouseover='x",
    "{% for x in y %}", '=HYPERLINK("http://x")', "_x0041_", "\r\n=1+1",
]  # fmt: skip


def rows_of(page):
    """The cells of each row of each table."""
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S) for row in re.findall(r"<tr.*?</tr>", page, re.S)]


def case(*names):
    """A campaign of each name, in which all that people write is that name, beside other messages."""
    rng, k = np.random.default_rng(3), len(names)
    n = 60 * k + 180
    campaign, which = np.arange(n) < 60 * k, np.arange(n) // 60 % k
    name = np.array(names, dtype=object)[which]
    leaked = campaign & (rng.random(n) < 0.8)
    return scored_frame(
        n, text=np.where(campaign, "Votez " + name, "Soldes"), received_at="2021-09-01", channel="sms", region=name,
        sender=name, decision=np.where(campaign, "campaign", "not_campaign"), probability=0.5, language="fr",
        category=np.where(campaign, "political_campaign", "commercial"), party=np.where(campaign, name, ""),
        campaign_id=np.where(campaign, [f"c-{i}" for i in which], ""), prefix="0661", operator_allocated=rng.choice(["Inwi", "Orange"], n),
        known_to=np.where(leaked | (rng.random(n) < 0.1), [each.replace(";", "") for each in name], "Autre"),
    )  # fmt: skip


# Some in each report: what one of them breaks shows in the whole.
@pytest.mark.parametrize("names", [NASTY[start::6] for start in range(6)], ids=range(6))
def test_a_name_is_shown_and_never_run(tmp_path, names):
    scored = case(*names)
    folder = write_report(scored, trace(scored), tmp_path / "case", title="".join(sorted(names, key=len)))
    page = (folder / "report.html").read_text("utf-8")
    assert not re.search(r"<script|<img src=x|5332114", page)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\uffff]", page)
    # A message stands in a block of its own, which ends whatever it turned round.
    beside = re.sub(r"(?s)<blockquote.*?</blockquote>", "", page)
    assert not re.search("[\u202a-\u202e]", beside)
    assert len(re.findall("[\u2066-\u2068]", beside)) == beside.count("\u2069")
    found = json.loads((folder / "findings.json").read_text("utf-8"))
    of_holders = {finding["campaign_id"] for finding in found["findings"] if finding["comparison"] == "holders"}
    # What is blank names nobody.
    assert {f"c-{i}" for i, name in enumerate(names) if name.strip()} <= of_holders
    for sheet in load_workbook(folder / "tables.xlsx"):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_the_report_says_what_was_done_to_the_files():
    scored = case("Azur")
    notes = [Note("lost", "date_unread", "no date <b>that</b> can be read", "août.xlsx", "Feuil1", (3, 4), "Reçu le")]
    page = render_html(
        scored, trace(scored), None, title="x", version="1", explanations={}, cleaning=cleaning_table(notes)
    )
    assert "What was done to the files" in page
    (row,) = (cells for cells in rows_of(page) if cells[0] == "lost")
    assert row[1:5] == ["août.xlsx", "Feuil1", "3 to 4", "Reçu le"]
    assert "&lt;b&gt;that" in page


def test_nothing_mended_is_said_too():
    scored = case("Azur")
    page = render_html(
        scored, trace(scored), None, title="x", version="1", explanations={}, cleaning=cleaning_table([])
    )
    assert "Nothing had to be mended" in page
    assert "What was done" not in render_html(scored, trace(scored), None, title="x", version="1", explanations={})


def test_what_was_done_is_summed_up_the_gravest_first():
    notes = [
        Note("mended", "a", "a", rows=(1, 2)),
        Note("lost", "b", "b", rows=(3,)),
        Note("lost", "c", "c"),
        Note("read", "d", "d"),
    ]
    assert cleaning_line(cleaning_table(notes)) == "Values lost: 1 (and 1 of a whole file or sheet); values mended: 2."


@pytest.mark.parametrize(
    ("reason", "value", "left"),
    [
        ("date '0661000101' is not a date; text is empty", "0661000101", "date … is not a date; text is empty"),
        ("text 'l'an d'avant' is too long", "l'an d'avant", "text … is too long"),
        (
            "channel 'votez pour' is unknown; date 'd'été' is not a date",
            "votez pour",
            "channel … is unknown; date … is not a date",
        ),
        ("column x: 06 61 00 01 01 is not a date", "", "column x: [number] is not a date"),
        ("the recipient's number is missing", "", "the recipient's number is missing"),
        ("a\nb 'c\nd' e", "", "a\nb … e"),
    ],
)
def test_a_reason_of_an_older_quarantine_loses_its_values(reason, value, left):
    frame = pd.DataFrame([("x.csv", 3, "date", value, reason)], columns=["file", "row", "column", "value", "reason"])
    assert shown_quarantine(frame)["reason"].tolist() == [left]


def test_a_heading_that_was_a_row_shows_no_number(tmp_path):
    rejected = pd.DataFrame(
        [("x.csv", 3, "0661000101", "", "empty")], columns=["file", "row", "column", "value", "reason"]
    )
    cleaning = cleaning_table([Note("lost", "a", "not read", "x.csv", rows=(3,), column="+212661000102")])
    scored = case("Azur")
    folder = write_report(scored, trace(scored), tmp_path / "case", rejected=rejected, cleaning=cleaning)
    book = load_workbook(folder / "tables.xlsx")
    written = (folder / "report.html").read_text("utf-8") + (folder / "findings.json").read_text("utf-8")
    written += str([cell.value for sheet in book for row in sheet.iter_rows() for cell in row])
    assert not re.search("661000101|661000102", written)
    assert "cleaning" in book.sheetnames


def test_one_long_message_costs_no_report(tmp_path):
    scored = case("Azur")
    scored.loc[scored["decision"] == "campaign", "text"] = "Votez 🕊️ " * 9_000
    folder = write_report(scored, trace(scored), tmp_path / "case")
    cells = [cell.value for row in load_workbook(folder / "tables.xlsx")["campaigns"].iter_rows() for cell in row]
    assert any(str(cell).endswith("[…]") for cell in cells)


def test_a_message_whose_letters_were_put_right_says_so():
    scored = case("Azur")
    scored.loc[scored["decision"] == "campaign", "text_received"] = "Votez &#48;661000101"
    page = render_html(scored, trace(scored), None, title="x", version="1", explanations={})
    assert "were put right" in page
    assert "661000101" not in page


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
