"""What the commands promise besides scoring."""

import json

import pytest

from tasrib.cli import COMMANDS as LISTED
from tasrib.cli import load

COMMANDS = [
    "demo", "score", "report", "explain", "train", "evaluate", "promote", "label export", "label import", "drift", "lookup", "template",
    "canaries plan", "law triage", "law rules", "law questions",
]  # fmt: skip
# Spellings that people use, with one number behind them all where it can be known.
SPELLINGS = [
    "06 61 23 45 67", "0661-234567", "+212661234567", "00212661234567", "212 6 61 23 45 67", "(+212) 0661234567",
    "٠٦٦١٢٣٤٥٦٧", "\u200f0661\u200e234567", "'0661234567", "661234567",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(run, command):
    result = run(*command.split(), "--help")
    assert result.exit_code == 0
    assert f"tasrib {command}" in result.output.split("Example:")[1]


@pytest.mark.parametrize("command", LISTED)
def test_the_list_of_commands_says_what_each_says_of_itself(command):
    _, line = LISTED[command]
    itself = load(command)
    assert itself.name == command
    assert itself.help.strip().splitlines()[0] == line


def test_every_command_is_listed(run):
    shown = run("--help").output.split("Commands:")[1]
    assert {line.split()[0] for line in shown.strip().splitlines()} == set(LISTED)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_lookup_reads_every_spelling(run, spelling):
    result = run("lookup", spelling, "--json")
    assert result.exit_code == 0
    (found,) = json.loads(result.stdout)
    assert (found["number_status"], found["country"], found["prefix"]) == ("valid", "MA", "0661")
    assert found["operator_allocated"] == "Maroc Telecom"


def test_lookup_says_what_a_spreadsheet_spoiled(run):
    (found,) = json.loads(run("lookup", "6.61235E+08", "--json").stdout)
    assert found["number_status"] == "spoiled"
    assert found["operator_allocated"] == ""


def test_template_writes_a_workbook_once(run, tmp_path):
    result = run("template", "-o", "complaints.xlsx", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, {"output": "complaints.xlsx"})
    again = run("template", "-o", "complaints.xlsx")
    assert again.exit_code == 2
    assert "exists" in again.output


def test_unknown_command_and_country(run):
    assert run("guess").exit_code == 2
    result = run("lookup", "0661234567", "--country", "XX")
    assert result.exit_code == 2
    assert "MA" in result.output


def test_train_and_evaluate_go_together(run, small_data_shipped, corpus, tmp_path):
    part = corpus.sample(200, random_state=2)[["text", "category", "language"]]
    part.head(150).to_csv(tmp_path / "labels.csv", index=False)
    part.tail(50).to_csv(tmp_path / "more.csv", index=False)
    trained = run("train", "labels.csv", "-o", "my-model", "--json")
    assert trained.exit_code == 0, trained.output
    assert json.loads(trained.stdout)["n"] == 150
    measured = json.loads(run("evaluate", "my-model", "more.csv", "--json").stdout)
    assert measured["n"] == 50
    assert measured["average_precision"] > 0.6
    part.assign(recipient="0661234567").to_csv(tmp_path / "complaints.csv", index=False)
    scored = run("score", "complaints.csv", "-o", "scored.csv", "--model", "my-model", "--json")
    shipped = run("score", "complaints.csv", "-o", "scored.csv", "--json")
    assert json.loads(scored.stdout)["model"] != json.loads(shipped.output)["model"]
