"""Fields, types, identities and quarantine of read_complaints."""

import datetime as dt
import json
import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tasrib.complaints import read_complaints, read_files
from tasrib.complaints.schema import FIELDS
from tasrib.errors import TasribError
from tasrib.tables import write_table

HEADER = "text,recipient,complaint_id,received_at,channel,member\n"


def write(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_all_fields_in_order_with_their_types(tmp_path):
    complaints, rejected = read_complaints(write(tmp_path / "a.csv", "message,tel,nom\nbonjour,0600000001,x\n"))
    assert list(complaints.columns) == [*FIELDS, "source_file", "source_row"]
    assert str(complaints["received_at"].dtype) == "datetime64[us, UTC]"
    assert complaints.loc[0, ["member", "consent", "source_stated"]].tolist() == ["unknown"] * 3
    assert complaints.loc[0, ["complaint_id", "source_file", "channel"]].tolist() == ["a:2", "a.csv", ""]
    assert complaints.attrs["ignored_columns"] == ["nom"]
    assert list(rejected.columns) == ["file", "row", "column", "value", "reason", "raw"]


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (",0600000001,,,,", "text", "empty"),
        ("\u200f ,0600000001,,,,", "text", "empty"),
        ("a,,,,,", "recipient", "empty"),
        ("a,0600000001,,31/02/2024,,", "received_at", "'31/02/2024' is not a date"),
        ("a,0600000001,,2024-02-30,,", "received_at", "'2024-02-30' is not a date"),
        ("a,0600000001,,05/13/2024,,", "received_at", "'05/13/2024' is not a date"),
        ("a,0600000001,,hier,,", "received_at", "'hier' is not a date"),
        ("a,0600000001,,1999-12-31,,", "received_at", "before 2000"),
        ("a,0600000001,,2999-01-01,,", "received_at", "future"),
        ("a,0600000001,,,pigeon,", "channel", "'pigeon'"),
        ("a,0600000001,,,,perhaps", "member", "'perhaps'"),
        ("a,0600000001,first,,,", "complaint_id", "already in row 2"),
        ("a,0600000001", "", "2 cells"),
        ("a,0600000001,,,,,b", "", "7 cells"),
        ("x" * 20_001 + ",0600000001,,,,", "text", "20,000"),
    ],
)
def test_quarantine_names_column_and_reason(tmp_path, row, column, word):
    path = write(tmp_path / "a.csv", f"{HEADER}ok,0600000009,first,,,\n{row}\nok,0600000009,,,,\n")
    complaints, rejected = read_complaints(path)
    assert complaints["source_row"].tolist() == [2, 4]
    assert rejected[["file", "row", "column"]].values.tolist() == [["a.csv", 3, column]]
    assert word in rejected["reason"][0]
    assert set(row.split(",")) - {""} <= set(json.loads(rejected["raw"][0]).values())


def test_only_the_date_of_the_complaint_must_be_one_that_there_is(tmp_path):
    (tmp_path / "a.csv").write_text("text,recipient,objected_at\na,0661234567,2021-02-30\n")
    complaints, rejected = read_complaints(tmp_path / "a.csv")
    assert (complaints["objected_at"].tolist(), len(rejected)) == (["2021-02-30"], 0)


def test_several_faults_make_one_row(tmp_path):
    complaints, rejected = read_complaints(write(tmp_path / "a.csv", f"{HEADER},,,never,pigeon,\n"))
    assert complaints.empty
    assert str(complaints["received_at"].dtype) == "datetime64[us, UTC]"
    assert len(rejected) == 1
    assert rejected["column"][0] == "text"
    assert rejected["reason"][0].count(";") >= 3


def test_reasons_use_the_names_of_the_user(tmp_path):
    _, rejected = read_complaints(write(tmp_path / "a.csv", "Texte;Tél;Date de réception\na;0600000001;hier\n"))
    assert rejected.loc[0, ["column", "value"]].tolist() == ["Date de réception", "hier"]


def test_recipients_stay_as_written(tmp_path):
    given_numbers = ["06 61-23 45 67", "6.61235E+08", "+212661234567", "٠٦٦١٢٣٤٥٦٧", " 0661234567"]
    body = "".join(f"a,{number}\n" for number in given_numbers)
    complaints, _ = read_complaints(write(tmp_path / "a.csv", "text,tel\n" + body))
    assert complaints["recipient"].tolist() == given_numbers


def test_workbook_with_titles_types_and_a_second_sheet(tmp_path):
    book = Workbook()
    book.active.title = "Notes"
    book.active.append(["nothing here"])
    sheet = book.create_sheet("Plaintes")
    sheet.append(["Plaintes reçues"])
    sheet.append([])
    sheet.append([None, "Texte du SMS", "N° de téléphone", "Reçu le", "Membre"])
    sheet.append([None, "صوتوا", 661234567.0, dt.datetime(2025, 3, 1, 14, 5), True])
    sheet.append([])
    sheet.append([None, 12345, 212661234567, dt.date(2025, 3, 2), 0])
    sheet.append([None, "x", 661234567, "hier", None, "note"])
    book.create_sheet("Mars").append(["Message", "Tél"])
    book.save(tmp_path / "a.xlsx")
    complaints, rejected = read_complaints(tmp_path / "a.xlsx", home_zone="Africa/Casablanca")
    assert complaints["text"].tolist() == ["صوتوا", "12345"]
    assert complaints["recipient"].tolist() == ["661234567", "212661234567"]
    assert complaints["source_row"].tolist() == [4, 6]
    assert complaints["member"].tolist() == ["yes", "no"]
    assert complaints["received_at"].tolist() == [
        pd.Timestamp("2025-03-01T14:05", tz="Africa/Casablanca"),
        pd.Timestamp("2025-03-02", tz="Africa/Casablanca"),
    ]
    assert complaints["source_sheet"].tolist() == ["Plaintes", "Plaintes"]
    # Of the sheet of notes, of the empty row, of the sheet that has only headings.
    assert [note.partition(":")[0] for note in complaints.attrs["notes"]] == [
        "a.xlsx, sheet 'Plaintes', row 5",
        "a.xlsx, sheet 'Notes'",
        "a.xlsx, sheet 'Mars'",
    ]
    assert rejected["row"].tolist() == [7]
    assert "note" in rejected["raw"][0]


def test_what_is_to_be_said_of_files_comes_with_them(tmp_path):
    book = Workbook()
    book.active.append(["Message", "Tél", "Nom"])
    book.active.append(["a", "0600000001", "x"])
    book.create_sheet("Mars").append(["Message", "Tél"])
    book.save(tmp_path / "a.xlsx")
    write(tmp_path / "b.csv", "text,tel,nom,âge\n,0600000002,y,3\n")
    found = read_files([tmp_path / "a.xlsx", tmp_path / "b.csv"])
    assert (len(found.complaints), len(found.rejected)) == (1, 1)
    assert found.ignored_columns == ("Nom", "nom", "âge")
    assert found.notes == ("a.xlsx, sheet 'Mars': the sheet has headings and nothing below them",)
    complaints, rejected = read_complaints([tmp_path / "a.xlsx", tmp_path / "b.csv"])
    pd.testing.assert_frame_equal(complaints, found.complaints)
    pd.testing.assert_frame_equal(rejected, found.rejected)
    assert complaints.attrs == {"ignored_columns": list(found.ignored_columns), "notes": list(found.notes)}


def test_jsonl_types_and_broken_lines(tmp_path):
    lines = [
        '{"text": "a", "recipient": 661234567.0, "member": true, "known_to": ["A", "B"], "consent": null}',
        "{broken",
        "[1, 2]",
        "",
        '{"text": "a", "text": "b", "recipient": "1"}',
        '{"text": "\\ud83d\\ude00 \\ud800", "recipient": "0600000001", "late": 1}',
    ]
    complaints, rejected = read_complaints(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert complaints["source_row"].tolist() == [1, 6]
    assert complaints.loc[0, ["recipient", "member", "known_to", "consent"]].tolist() == [
        "661234567", "yes", "A;B", "unknown",
    ]  # fmt: skip
    assert complaints["text"][1] == "😀 \ufffd"
    assert rejected["row"].tolist() == [2, 3, 5]
    assert json.loads(rejected["raw"][0]) == {"line": "{broken"}


def test_several_files_share_one_set_of_identities(tmp_path):
    (tmp_path / "b").mkdir()
    one = write(tmp_path / "a.csv", "text,tel,id\na,0600000001,X\nb,0600000002,\n")
    two = write(tmp_path / "b" / "a.csv", "text,tel,id\nc,0600000003,X\nd,0600000004,\n")
    complaints, rejected = read_complaints([one, two])
    assert complaints["complaint_id"].tolist() == ["X", "a:3", "a-2:3"]
    assert rejected["value"].tolist() == ["X"]
    assert "row 2 of a.csv" in rejected["reason"][0]


def test_a_row_in_quarantine_does_not_take_an_identity(tmp_path):
    complaints, rejected = read_complaints(write(tmp_path / "a.csv", "text,tel,id\n,0600000001,X\nb,0600000002,X\n"))
    assert complaints["text"].tolist() == ["b"]
    assert rejected["row"].tolist() == [2]


def test_the_same_file_twice_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", "text,tel\na,0600000001\n")
    with pytest.raises(TasribError, match="twice"):
        read_complaints([path, os.path.relpath(path)])


def test_home_zone(tmp_path):
    path = write(
        tmp_path / "a.csv",
        "text,tel,date\na,06,2025-03-01 10:00\na,06,2025-03-01T10:00:00Z\na,06,2025-07-01\n",
    )
    complaints, _ = read_complaints(path, home_zone="Africa/Casablanca")
    local = complaints["received_at"].dt.tz_convert("Africa/Casablanca")
    assert local[0] == pd.Timestamp("2025-03-01T10:00", tz="Africa/Casablanca")
    assert complaints["received_at"][1] == pd.Timestamp("2025-03-01T10:00", tz="UTC")
    assert local[2] == pd.Timestamp("2025-07-01", tz="Africa/Casablanca")
    with pytest.raises(TasribError, match="Africa/Casablanca"):
        read_complaints(path, home_zone="Maroc")


cells = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "a",
            "نص",
            "0600000001",
            "2025-01-01",
            "31/12/2025",
            "1/1/1990",
            "SMS",
            "fax",
            "oui",
            "لا",
            "=1",
            "id1",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
)
rows = st.lists(st.lists(cells, min_size=6, max_size=6), min_size=1, max_size=8)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".jsonl", ".parquet"])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows)
def test_rows_in_are_rows_out(tmp_path, suffix, rows):
    # One row is sure not to be blank, for a table without rows is an error.
    rows = [["a", "0600000001", "", "", "", ""], *rows]
    names = ["text", "recipient", "complaint_id", "received_at", "channel", "member"]
    write_table(pd.DataFrame(rows, columns=names), tmp_path / f"t{suffix}")
    complaints, rejected = read_complaints(tmp_path / f"t{suffix}")
    blank = sum(not any(cell.strip() for cell in row) for row in rows) if suffix in {".csv", ".xlsx"} else 0
    assert len(complaints) + len(rejected) == len(rows) - blank
    assert not set(complaints["source_row"]) & set(rejected["row"])
    assert complaints["complaint_id"].is_unique
    assert rejected["reason"].str.len().gt(0).all()
