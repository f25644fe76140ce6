"""The power command: figures that agree with each other, and files that open."""

import json
import xml.etree.ElementTree as ET

import pandas as pd
import pytest

from tasrib.numbering import market_shares

DESIGN = ("power", "--leak-share", "0.5", "--at", "2021-09-08")


def told(run, *words):
    result = run(*DESIGN, *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_help_shows_an_example(run):
    result = run("power", "--help")
    assert result.exit_code == 0
    assert "tasrib power --operator" in result.output.split("Example:")[1]


@pytest.mark.parametrize("spelling", ["Inwi", "inwi", "إنوي"])
def test_baseline_is_the_market_share_of_the_day(run, spelling):
    found = told(run, "--operator", spelling)
    assert found["operator"] == "Inwi"
    assert found["baseline"] == pytest.approx(market_shares("2021-09-08").shares["Inwi"])
    assert found["n_operators"] == 3
    assert found["ported"] == pytest.approx(0.06)


def test_people_needed_are_those_of_the_table(run):
    needed = told(run, "--operator", "0.3")["people_needed"]
    found = told(run, "--operator", "0.3", "--people", needed)
    power = {(row["n_people"], row["controls_per_case"]): row["power"] for row in found["table"]}
    assert power[needed, 2.0] == found["power_of_people"] >= 0.8
    assert power[30, 1.0] < power[30, 2.0] < power[30, 4.0] < 0.8
    assert found["detectable_share"] == pytest.approx(0.5, abs=0.03)


def test_a_stricter_wish_needs_more_people(run):
    much = ("--operator", "0.3", "--leak-share", "0.7")
    usual = told(run, *much)["people_needed"]
    assert told(run, *much, "--power", "0.95")["people_needed"] > usual
    assert told(run, *much, "--confidence", "0.99")["people_needed"] > usual
    assert told(run, *much, "--controls-per-case", "5")["people_needed"] < usual
    assert told(run, *much, "--campaigns", "20")["people_needed"] > usual


def test_words_hold_what_the_figures_say(run):
    found = told(run, "--operator", "0.3", "--people", "50")
    words = run(*DESIGN, "--operator", "0.3", "--people", "50")
    assert words.exit_code == 0
    assert f"People needed for a chance of 80%: {found['people_needed']}, with 2 controls each" in words.output
    assert f"with a chance of {found['power_of_people']:.0%}" in words.output
    assert f"shares of {found['detectable_share']:.0%} or more" in words.output
    assert "“weak”" in words.output
    assert "docs/operating_characteristics.md" in words.output


def test_a_leak_that_cannot_show(run):
    found = told(run, "--operator", "0.97", "--people", "50")
    assert found["people_needed"] is None
    assert found["detectable_share"] is None
    assert "no trace" in run(*DESIGN, "--operator", "0.97").output


def test_unknown_operator_names_the_known(run):
    result = run(*DESIGN, "--operator", "Nobody Mobile")
    assert result.exit_code == 2
    for name in ("Inwi", "Maroc Telecom", "Orange", "0.3"):
        assert name in result.output


@pytest.mark.parametrize(
    ("words", "says"),
    [(("--operator", "30"), "write 30% as 0.3"), (("--operator", "0.3", "--at", "yesterday"), "not a date"),
     (("--operator", "0.3", "--country", "XX"), "MA"), (("--operator", "0.3", "-o", "curve.docx"), ".svg"),
     (("--operator", "0.3", "-o", "nowhere/curve.svg"), "does not exist"), (("--operator", "0.3", "--power", "0.04"), "false alarms")],
)  # fmt: skip
def test_wrong_use(run, words, says):
    result = run(*DESIGN, *words)
    assert result.exit_code == 2
    assert says in result.output


def test_a_share_does_without_a_market(run):
    found = told(run, "--operator", "0.3", "--country", "FR")
    assert found["ported"] == pytest.approx(0.1)
    assert "assumed" in found["ported_from"]
    assert run(*DESIGN, "--operator", "SFR", "--country", "FR").exit_code == 2


def test_curve_and_table_as_files(run, tmp_path):
    table = told(run, "--operator", "0.3", "--people", "40", "-o", "table.csv")["table"]
    for name in ("table.xlsx", "curve.svg", "curve.html", "curve.json"):
        told(run, "--operator", "0.3", "--people", "40", "-o", name)
    for written in (pd.read_csv(tmp_path / "table.csv"), pd.read_excel(tmp_path / "table.xlsx")):
        power = written.set_index("n_people")["power_2_controls"]
        expected = {row["n_people"]: row["power"] for row in table if row["controls_per_case"] == 2}
        assert power.to_dict() == pytest.approx(expected)
    assert ET.parse(tmp_path / "curve.svg").getroot().tag.endswith("svg")
    page = (tmp_path / "curve.html").read_text("utf-8")
    assert "<svg" in page
    assert "<script" not in page
    assert "People needed" in page
    spec = json.loads((tmp_path / "curve.json").read_text("utf-8"))
    assert {value["controls"] for value in spec["data"]["values"]} == {
        "market shares only", "1 control each", "2 controls each", "4 controls each",
    }  # fmt: skip
    assert all(0 <= value["power"] <= 1 for value in spec["data"]["values"])
