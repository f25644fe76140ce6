"""Files that once came out wrong, kept outside the project: what each gives now. Tests of our own making hold each kind as well."""

import json
import re

import pandas as pd
import pytest

import tasrib
from tasrib.complaints import read_files
from tasrib.errors import UnreadableInput

DAY = pd.Timestamp("2021-09-03", tz="Africa/Casablanca")


@pytest.fixture(scope="module")
def model():
    return tasrib.load_model()


@pytest.fixture
def read(shared):
    def reader(name, **options):
        return read_files(shared / "cases" / name, **options)

    return reader


@pytest.fixture
def score(read, model):
    def scorer(name, **options):
        found = read(name, **options)
        return found, tasrib.score(found.complaints, model=model, keep_numbers=True)

    return scorer


def days(found):
    return found.complaints["received_at"].dt.tz_convert("Africa/Casablanca").dt.strftime("%Y-%m-%d").tolist()


def codes(found):
    return set(found.cleaning["code"])


@pytest.mark.parametrize(
    ("name", "n_rows", "expected"),
    [
        ("01-googleforms-ampm.csv", 2, ["2021-09-03", "2021-09-04"]),
        ("02-googleforms-us-order.csv", 3, ["2021-09-03", "2021-09-13", "2021-09-07"]),
        ("03-googleforms-fr-horodateur.csv", 2, ["2021-09-03", "2021-09-04"]),
        ("04-epoch-ms.csv", 2, ["2021-09-03"] * 2),
        ("05-date-variants.csv", 8, ["2021-09-03"] * 8),
        ("18-merged-date.xlsx", 3, ["2021-09-03"] * 3),
        ("09-qualtrics.csv", 1, ["2021-09-03"]),
    ],
)
def test_dates(read, name, n_rows, expected):
    found = read(name)
    assert (len(found.complaints), len(found.rejected)) == (n_rows, 0)
    assert days(found)[: len(expected)] == expected


@pytest.mark.parametrize(
    ("name", "decisions"),
    [
        ("07-mojibake-1256.csv", ["campaign", "not_campaign", "campaign"]),
        ("07d-html-entities.csv", ["campaign", "campaign"]),
        ("07e-backslash-u.csv", ["campaign"] + ["campaign|review"] * 4),
        ("08-iso8859-6.csv", ["campaign", "not_campaign"]),
        ("08d-mixed-utf8-1256.csv", ["campaign"] * 5 + ["not_campaign"] * 3),
        ("26-one-nul.csv", ["campaign|review", "not_campaign"]),
    ],
)
def test_letters(score, name, decisions):
    found, scored = score(name)
    assert len(found.rejected) == 0
    for decision, expected in zip(scored["decision"], decisions, strict=False):
        assert re.fullmatch(expected, decision)
    assert codes(found)


def test_lost_letters_are_in_quarantine(read):
    found = read("07c-question-marks.csv")
    assert len(found.complaints) == 0
    assert found.rejected["reason"].str.contains("letters").all()


def test_rows(read):
    assert len(read("27b-stray-quotes.csv").complaints) + len(read("27b-stray-quotes.csv").rejected) == 8
    assert read("18h-two-months.xlsx").complaints["source_sheet"].tolist() == ["Juillet", "Août"]
    assert len(read("18g-strict.xlsx").complaints) > 0
    found = read("11-mysql-escape.csv")
    assert found.complaints["recipient"].tolist() == ["0661000101", "0662000102", "0662000103", "0662000104"]
    assert found.complaints["text"][1] == 'Votez "la balance" le 8'
    assert found.complaints["text"][2] == "fin avec antislash \\"


def test_a_formula_without_a_value_is_named(read):
    found = read("18c-formula-nocache.xlsx")
    assert len(found.rejected) == 1
    assert "formula" in " ".join([*found.notes, *found.rejected["reason"]])


@pytest.mark.parametrize("name", ["06-resaved-rounded.xlsx", "17b-float32.parquet"])
def test_rounded_numbers_are_nobody_known(score, name):
    found, scored = score(name)
    assert (scored["number_status"] == "spoiled").all()
    hidden = tasrib.score(found.complaints, model=tasrib.load_model(), key=b"k" * 32)
    assert hidden["recipient"].is_unique


def test_scored_and_device_files_are_refused(read):
    with pytest.raises(UnreadableInput, match="scored already"):
        read("30-already-scored.csv")
    with pytest.raises(UnreadableInput, match="recipient") as caught:
        read("10-kobo.csv")
    assert "Votez" not in str(caught.value)


def test_two_months_that_both_count_from_one(shared):
    found = read_files([shared / "cases" / "29-juillet.csv", shared / "cases" / "29b-aout.csv"])
    assert (len(found.complaints), len(found.rejected)) == (4, 0)
    assert found.complaints["complaint_id"].is_unique


def test_disguises(score):
    _, scored = score("19-disguises.csv")
    assert not (scored["decision"] == "not_campaign").any()


def test_one_template_of_two_parties_is_two_campaigns(score):
    _, scored = score("20-same-template-two-parties.csv")
    mine = scored[scored["decision"] == "campaign"]
    assert set(mine.groupby("campaign_id")["party"].nunique()) == {1}
    assert {"USFP", "RNI"} <= set(mine["party"])


def test_number_forms(score):
    _, scored = score("22-number-forms.csv")
    assert scored["number_status"].tolist() == ["valid", "invalid", "valid", "valid", "valid", "valid"]


def test_names_are_data(run, shared, tmp_path):
    assert run("score", shared / "cases" / "28-rich-markup.csv", "-o", "s.csv", "--keep-numbers").exit_code == 0
    result = run("report", "s.csv", "-o", "case")
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "case" / "findings.json").read_text("utf-8"))["findings"]
    assert "Magasin [/Azur]" in (tmp_path / "case" / "report.html").read_text("utf-8")
