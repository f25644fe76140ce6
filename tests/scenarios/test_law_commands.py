"""tasrib law, from scored complaints to a report with answers in it."""

import json

import openpyxl
import pytest
from citizens_of_a_case import write_scored


@pytest.fixture
def here(run, tmp_path):
    write_scored(tmp_path / "scored.parquet")
    return tmp_path


def test_triage_questions_answers_report(run, here):
    done = run("law", "triage", "scored.parquet", "-o", "indications.xlsx", "--lang", "fr")
    assert done.exit_code == 0, done.output
    assert "S08 4" in done.stdout
    assert "seule l'autorité ou un tribunal constate un manquement" in done.stdout
    asked = run("law", "questions", "scored.parquet", "-o", "questions.xlsx", "--lang", "fr")
    assert asked.exit_code == 0, asked.output
    assert 'then: tasrib report scored.parquet -o FOLDER --facts "questions.xlsx"' in asked.stdout
    book = openpyxl.load_workbook("questions.xlsx")
    for row in book.worksheets[0].iter_rows(min_row=2):
        if row[11].value == "declared_on":
            row[5].value, row[6].value = "jamais", "courrier de l'autorité"
    book.save("questions.xlsx")
    made = run("report", "scored.parquet", "-o", "case", "--facts", "questions.xlsx", "--lang", "fr")
    assert made.exit_code == 0, made.output
    (campaign,) = json.loads((here / "case" / "findings.json").read_bytes())["compliance"]["campaigns"]
    assert {each["rule"]: each["breach_indicated"] for each in campaign["by_rule"]}["S01"] == 12
    assert run("verify", "case").exit_code == 0


def test_for_machines(run, here):
    found = json.loads(run("law", "triage", "scored.parquet", "-o", "i.csv", "--json").stdout)
    assert {
        "campaign_id": "c-00000001",
        "party": "PPS",
        "rule": "S08",
        "confidence": "H",
        "complaints": 12,
        "breach_indicated": 4,
    } in found["indicated"]
    rules = json.loads(run("law", "rules", "--rules", "fr", "--lang", "ar", "--json").stdout)
    assert rules[0]["rule"] == "F01"
    asked = json.loads(run("law", "questions", "scored.parquet", "-o", "q.xlsx", "--most", "3", "--json").stdout)
    assert (asked["questions"], asked["left"] > 0) == (3, True)
    assert (
        run("law", "triage", "scored.parquet", "-o", "-")
        .stdout.splitlines()[0]
        .lstrip("\ufeff")
        .startswith("complaint,")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["triage", "scored.parquet", "-o", "scored.parquet"], "is an input"),
        (["triage", "scored.parquet", "-o", "t.xlsx", "--country", "DZ"], "there are no rules for 'DZ'"),
        (["triage", "scored.parquet", "-o", "t.xlsx", "--facts", "t.xlsx"], "is a table of answers"),
        (["questions", "scored.parquet", "-o", "scored.parquet"], "is an input"),
        (["questions", "scored.parquet", "-o", "q.csv"], "name an .xlsx file"),
        (["rules", "--rules", "absent.toml"], "absent.toml cannot be read"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line_and_nothing_is_lost(run, here, words, said):
    before = {path: path.read_bytes() for path in here.iterdir() if path.is_file()}
    done = run("law", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert len(done.output.splitlines()) == 1
    assert {path: path.read_bytes() for path in here.iterdir() if path.is_file()} == before


def test_a_report_without_rules_says_so_and_rules_of_elsewhere_too(run, here):
    write_scored(here / "algeria.parquet", country="DZ")
    done = run("report", "algeria.parquet", "-o", "a", "--country", "DZ")
    assert "no rules of DZ come with tasrib (known: fr, ma)" in done.stderr
    assert (
        "by rules of FR, and the numbers' home country is MA"
        in run("report", "scored.parquet", "-o", "b", "--rules", "fr").stderr
    )
    refused = run("report", "scored.parquet", "-o", "c", "--rules", "fr", "--without-law")
    assert refused.exit_code == 2
    assert not (here / "c").exists()
