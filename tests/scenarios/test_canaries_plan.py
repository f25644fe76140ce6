"""Test numbers from the plan to the report: planned, planted, leaked, found. Numbers, holders and the leak are invented."""

import csv
import json

import numpy as np
import pandas as pd
import pytest
from frames import scored_frame
from openpyxl import load_workbook

import tasrib
from tasrib.errors import InputNote
from tasrib.numbering import lookup_many

MESSAGE = "Votez pour la liste de l'espoir le 8 septembre, pour une commune propre et des emplois pour nos jeunes"
HOLDERS = ["Banque Atlas", "Mutuelle Nour"]
# As people keep them: local spelling, blanks, digits that Excel took for a number.
NUMBERS = ["06 12 10 00 03", "0612151419", "612202835", "+212612254251", "0612305667", "0612357083",
           "0661.10.00.03", "0661151419", "661202835", "00212661254251", "0661305667", "0661357083"]  # fmt: skip


@pytest.fixture
def planned(run, tmp_path):
    pd.DataFrame({"Number": NUMBERS, "remark": [f"SIM {at}" for at in range(12)]}).to_csv(
        "numbers.csv", index=False, sep=";"
    )
    result = run(
        "canaries",
        "plan",
        "numbers.csv",
        *[word for name in HOLDERS for word in ("--holder", name)],
        "-o",
        "register.xlsx",
        "--json",
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def register(tmp_path, name="register.xlsx"):
    sheet = load_workbook(tmp_path / name).active
    rows = [
        dict(zip([cell.value for cell in sheet[1]], line, strict=True))
        for line in sheet.iter_rows(min_row=2, values_only=True)
    ]
    return pd.DataFrame(rows)


def plant(tmp_path, days):
    """Fill in the day of each holder, as somebody in Excel does: text in the French way."""
    book = load_workbook(tmp_path / "register.xlsx")
    for line in book.active.iter_rows(min_row=2):
        if line[1].value in days:
            line[2].value, line[5].value = days[line[1].value], "K. B."
    book.save(tmp_path / "register.xlsx")


def reached(hit):
    """Twenty people and these test numbers."""
    people = np.random.default_rng(3).choice(10**6, 20, replace=False)
    return [f"+212661{at:06d}" for at in people] + list(hit)


def found_of(hit, register="register.xlsx"):
    """What the register says of a campaign that reached these test numbers, by what it points to."""
    numbers, others = reached(hit), [f"+2126501{at:05d}" for at in range(30)]
    rows = {"recipient": [*numbers, *others], "category": ["political_campaign"] * len(numbers) + ["commercial"] * 30}
    looked_up = lookup_many(rows["recipient"])
    scored = scored_frame(
        len(looked_up), **rows, decision=["campaign"] * len(numbers) + ["not_campaign"] * 30, text="x", channel="sms",
        campaign_id=["c-1"] * len(numbers) + [""] * 30, operator_allocated=looked_up["operator_allocated"], received_at="2021-09-01",
    )  # fmt: skip
    findings = tasrib.trace(scored, canaries=tasrib.read_canaries(register), replicates=99).findings
    return {row["name"]: row for row in findings[findings["comparison"] == "canaries"].to_dict("records")}


def of(table, holder, operator=None):
    mine = table["holder"] == holder
    return table.loc[mine & (table["operator"] == operator) if operator else mine, "number"].tolist()


DAYS = {"Banque Atlas": "13/03/2021", "Mutuelle Nour": "15/03/2021"}


def test_a_leak_is_found_with_its_holder(run, planned, tmp_path):
    plant(tmp_path, DAYS)
    table = register(tmp_path)
    hit = [of(table, "Banque Atlas", operator)[0] for operator in ("Orange", "Maroc Telecom")] + of(
        table, "Banque Atlas", "Orange"
    )[1:2]
    rows = [(MESSAGE, number, f"{1 + at % 7:02d}/09/2021") for at, number in enumerate(reached(hit))]
    rows += [
        ("Soldes -50% ce week-end dans tous nos magasins de Rabat", f"06501{at:05d}", "03/09/2021") for at in range(30)
    ]
    pd.DataFrame(rows, columns=["Message", "Téléphone", "Date de réception"]).to_csv("in.csv", index=False, sep=";")
    assert run("score", "in.csv", "-o", "scored.parquet", "--keep-numbers").exit_code == 0
    result = run("report", "scored.parquet", "-o", "case", "--canaries", "register.xlsx", "--json")
    assert result.exit_code == 0, result.output
    (found,) = [row for row in json.loads(result.stdout)["findings"] if row["comparison"] == "canaries"]
    assert (found["name"], found["evidence"], found["observed"]) == ("Banque Atlas", "strong", 3)
    page = (tmp_path / "case" / "report.html").read_text("utf-8")
    assert "Banque Atlas" in page
    # What was filled in keeps day and month apart.
    assert tasrib.read_canaries("register.xlsx").query("holder == 'Mutuelle Nour'")["given_at"].dt.month.eq(3).all()


def test_one_hit_is_weak_and_hits_of_one_operator_are_moderate_at_most(run, planned, tmp_path):
    plant(tmp_path, DAYS)
    mine = of(register(tmp_path), "Banque Atlas", "Orange")
    found = found_of(mine[:1])
    assert found["Banque Atlas"]["evidence"] in ("none", "weak")
    assert found["Banque Atlas"]["caveats"][0] == "one_hit"
    found = found_of(mine)
    assert found["Banque Atlas"]["evidence"] in ("weak", "moderate")
    assert "operator_holds_too" in found["Banque Atlas"]["caveats"]


def test_the_operator_s_own_leak_accuses_no_holder(run, planned, tmp_path):
    plant(tmp_path, DAYS)
    table = register(tmp_path)
    found = found_of(table.loc[table["operator"] == "Orange", "number"].tolist())
    assert found["Orange"]["evidence"] == "weak"
    assert found["Orange"]["caveats"][0] == "kept_silent"
    assert {found[name]["evidence"] for name in HOLDERS} <= {"none", "weak"}
    assert "silent_hit" in found["Banque Atlas"]["caveats"]


def test_a_hit_before_the_number_was_given_is_no_hit_of_its_holder(run, planned, tmp_path):
    plant(tmp_path, DAYS | {"Banque Atlas": "14/09/2021"})
    found = found_of(of(register(tmp_path), "Banque Atlas"))
    assert "Banque Atlas" not in found


def test_a_plan_that_was_never_planted_accuses_nobody(run, planned, tmp_path):
    with pytest.warns(InputNote, match="the register does not say when these"):
        assert not found_of(of(register(tmp_path), "Banque Atlas"))


def test_no_number_on_the_terminal_and_the_register_is_its_owner_s(run, planned, tmp_path):
    told = run("canaries", "plan", "numbers.csv", "--holder", "Banque Atlas", "-o", "other.csv")
    assert told.exit_code == 0
    written = "".join(told.output.split()) + json.dumps(planned)
    assert not [number for number in register(tmp_path)["number"] if number[-6:] in written]
    for name in ("register.xlsx", "other.csv"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
    assert "Banque Atlas" in told.output
    assert "kept silent" in told.output


def test_a_register_is_never_written_over(run, planned, tmp_path):
    before = (tmp_path / "register.xlsx").read_bytes()
    again = run("canaries", "plan", "numbers.csv", "--holder", "Banque Atlas", "-o", "register.xlsx")
    assert again.exit_code == 2
    assert "days may have been filled in there" in again.output
    assert run("canaries", "plan", "register.xlsx", "--holder", "X", "-o", "register.xlsx").exit_code == 2
    assert (tmp_path / "register.xlsx").read_bytes() == before


def test_the_register_is_continued_for_another_holder(run, planned, tmp_path):
    plant(tmp_path, DAYS)
    result = run(
        "canaries", "plan", "register.xlsx", "--holder", "Agence Sud", "--silent", 0, "-o", "second.xlsx", "--json"
    )
    assert result.exit_code == 0, result.output
    before, after = register(tmp_path), register(tmp_path, "second.xlsx").set_index("number")
    kept = before[before["holder"] != "nobody"]
    assert after.loc[kept["number"], "holder"].tolist() == kept["holder"].tolist()
    assert "Agence Sud" in set(after["holder"])


def test_excel_shows_what_goes_where(planned, tmp_path):
    sheet = load_workbook(tmp_path / "register.xlsx").active
    assert sheet.column_dimensions["C"].number_format == "yyyy-mm-dd"
    rules = sheet.data_validations.dataValidation
    assert [rule.promptTitle for rule in rules] == [cell.value for cell in sheet[1]]
    # Excel calls a workbook damaged whose messages are longer.
    assert all(len(rule.prompt) <= 255 for rule in rules)
    assert sheet["A2"].value.startswith("+2126")


def test_holders_from_a_file_and_the_warnings_on_standard_error(run, tmp_path):
    with (tmp_path / "holders.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["holder", "weight"], ["Banque Atlas", "2"], ["Mutuelle Nour", ""], ["Boutique Azur", ""]]
        )
    (tmp_path / "numbers.csv").write_text("number\n0612345678\n0612456789\n0612567890\n0612678901\n")
    result = run("canaries", "plan", "numbers.csv", "--holders", "holders.csv", "-o", "register.csv")
    assert result.exit_code == 0, result.output
    assert "all numbers are of Orange" in result.stderr
    assert "all numbers are of Orange" not in result.stdout
    twice = run(
        "canaries", "plan", "numbers.csv", "--holders", "holders.csv", "--holder", "Banque Atlas", "-o", "other.csv"
    )
    assert twice.exit_code == 2
    assert "named twice" in twice.output


@pytest.mark.parametrize("output", ["-", "register.docx", "nowhere/register.csv"])
def test_where_no_register_can_be_kept(run, planned, output):
    assert run("canaries", "plan", "numbers.csv", "--holder", "Banque Atlas", "-o", output).exit_code == 2
