"""tasrib lookup of files, of standard input, and of what would be markup or commands to a terminal."""

import json

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from tasrib.cli import main

LIST = "0661000101\n\n+212 6 62 00 01 02\n6.61235E+08\n"


def looked_up(run, *arguments):
    result = run("lookup", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", ["list.txt", "list.csv", "list"])
def test_a_plain_list_is_read_line_by_line(run, tmp_path, name):
    (tmp_path / name).write_text(LIST)
    found = looked_up(run, tmp_path / name)
    assert [(each["row"], each["number_status"]) for each in found] == [(1, "valid"), (3, "valid"), (4, "spoiled")]


def test_a_column_is_known_by_its_heading_or_named_or_found(run, tmp_path):
    known, unknown = tmp_path / "known.csv", tmp_path / "unknown.csv"
    known.write_text("nom;téléphone;ligne\nA;0661000101;7\n", encoding="utf-8")
    unknown.write_text("A;0661000101\nB;0662000102\n", encoding="utf-8")
    assert [each["raw"] for each in looked_up(run, known)] == ["0661000101"]
    assert [each["raw"] for each in looked_up(run, known, "--column", "ligne")] == ["7"]
    assert [each["raw"] for each in looked_up(run, unknown)] == ["0661000101", "0662000102"]
    assert run("lookup", str(known), "--column", "x").exit_code == 2


def test_a_workbook_with_and_without_headings(run, tmp_path):
    book = openpyxl.Workbook()
    for row in (["A", "0661000101"], ["B", 662000102]):
        book.active.append(row)
    book.save(tmp_path / "bare.xlsx")
    assert [each["e164"] for each in looked_up(run, tmp_path / "bare.xlsx")] == ["+212661000101", "+212662000102"]
    book.active.insert_rows(1)
    book.active["A1"], book.active["B1"] = "nom", "GSM"
    book.save(tmp_path / "headed.xlsx")
    assert [each["row"] for each in looked_up(run, tmp_path / "headed.xlsx")] == [2, 3]


def test_rounded_numbers_of_a_file_are_spoiled_and_files_and_numbers_go_together(run, tmp_path):
    (tmp_path / "a.csv").write_text("phone\n212661000000\n212672000000\n")
    found = looked_up(run, tmp_path / "a.csv", "212661000000")
    assert [each["number_status"] for each in found] == ["spoiled", "spoiled", "valid"]
    assert "row" not in found[2]


def piped(text, *arguments):
    result = CliRunner().invoke(main, ["lookup", "-", *arguments], input=text)
    assert result.exit_code == 0, result.output
    return result.output


def test_standard_input_and_an_output_file(tmp_path):
    found = json.loads(piped(LIST, "--json"))
    assert [each["raw"] for each in found] == ["0661000101", "+212 6 62 00 01 02", "6.61235E+08"]
    assert [each["e164"] for each in json.loads(piped('{"phone": "0661000101"}\n', "--json"))] == ["+212661000101"]
    assert "3 numbers" in piped(LIST, "-o", str(tmp_path / "out.csv"))
    written = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert written["e164"].tolist()[:2] == ["+212661000101", "+212662000102"]


def test_markup_and_escapes_are_shown_as_they_are(run):
    result = run("lookup", "[red]0661000101[/red]", "0661\x1b[2J000101", "[/]")
    assert result.exit_code == 0
    assert "[red]0661000101[/red]" in result.output
    assert "\x1b[2J" not in result.output


@pytest.mark.parametrize("name", ["missing.csv", "empty.csv", "words.csv", ""])
def test_what_holds_no_numbers_is_one_line(run, tmp_path, name):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "words.csv").write_text("nom;ville\nA;Rabat\n")
    result = run("lookup", str(tmp_path / name))
    assert result.exit_code == 2
    assert "Traceback" not in result.output
