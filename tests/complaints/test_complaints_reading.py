"""Fields, types, identities and quarantine of read_complaints."""

import datetime as dt
import json
import os

import pandas as pd
import pytest
from openpyxl import Workbook

from tasrib.complaints import read_complaints, read_files
from tasrib.complaints.schema import FIELDS
from tasrib.errors import TasribError

HEADER = "text,recipient,complaint_id,received_at,channel,member\n"


def write(path, content):
    path.write_text(content, encoding="utf-8")
    return path


def test_all_fields_in_order_with_their_types(tmp_path):
    complaints, rejected = read_complaints(write(tmp_path / "a.csv", "message,tel,nom\nbonjour,0600000001,x\n"))
    assert list(complaints.columns) == [*FIELDS, "text_received", "source_file", "source_sheet", "source_row"]
    assert str(complaints["received_at"].dtype) == "datetime64[us, UTC]"
    assert complaints.loc[0, ["member", "consent", "source_stated"]].tolist() == ["unknown"] * 3
    assert complaints.loc[0, ["complaint_id", "source_file", "channel"]].tolist() == ["a:2", "a.csv", ""]
    assert complaints.attrs["ignored_columns"] == ["nom"]
    assert list(rejected.columns) == ["file", "sheet", "row", "column", "value", "reason", "raw"]


@pytest.mark.parametrize(
    ("row", "column", "word"),
    [
        (",0600000001,,,,", "text", "empty"),
        ("\u200f ,0600000001,,,,", "text", "empty"),
        ("a,,,,,", "recipient", "empty"),
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


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("a,0600000001,,31/02/2024,,", "received_at", "date_unread"),
        ("a,0600000001,,2024-02-30,,", "received_at", "date_unread"),
        ("a,0600000001,,hier,,", "received_at", "date_unread"),
        ("a,0600000001,,1999-12-31,,", "received_at", "date_out_of_range"),
        ("a,0600000001,,2999-01-01,,", "received_at", "date_out_of_range"),
        ("a,0600000001,,,pigeon,", "channel", "value_not_understood"),
        ("a,0600000001,,,,perhaps", "member", "value_not_understood"),
    ],
)
def test_an_optional_value_costs_the_value_never_the_complaint(tmp_path, row, column, code):
    found = read_files(write(tmp_path / "a.csv", f"{HEADER}ok,0600000009,,,,\n{row}\n"))
    assert (len(found.complaints), len(found.rejected), found.lost) == (2, 0, True)
    assert found.complaints[column].iloc[1] in ("", "unknown") or pd.isna(found.complaints[column].iloc[1])
    assert found.cleaning[["kind", "code", "file", "rows", "column"]].values.tolist() == [
        ["lost", code, "a.csv", "row 3", column]
    ]
    value = next(cell for cell in row.split(",")[2:] if cell)
    assert value not in found.notes[0]


def test_no_answer_is_no_fault(tmp_path):
    found = read_files(write(tmp_path / "a.csv", f"{HEADER}ok,0600000009,,-,n/a,لا أعرف\n"))
    assert found.notes == ()
    assert found.complaints.loc[0, ["channel", "member"]].tolist() == ["", "unknown"]


def test_several_faults_make_one_row(tmp_path):
    complaints, rejected = read_complaints(write(tmp_path / "a.csv", f"{HEADER},,,never,pigeon,\n"))
    assert complaints.empty
    assert str(complaints["received_at"].dtype) == "datetime64[us, UTC]"
    assert rejected[["column", "reason"]].values.tolist() == [["text", "text is empty; recipient is empty"]]


def test_reasons_use_the_names_of_the_user(tmp_path):
    path = write(tmp_path / "a.csv", "Texte;Tél;Date de réception\na;;hier\na;0600000001;hier\n")
    found = read_files(path)
    assert found.rejected.loc[0, ["column", "reason"]].tolist() == ["Tél", "Tél is empty"]
    assert found.cleaning["column"].tolist() == ["Date de réception"]


def test_reasons_and_notes_quote_no_value(tmp_path):
    body = "0661000101,,0661000102,0661000103,0661000104,0661000105\na,0661000106,x,,,\na,0661000107,x,,,\n"
    found = read_files(write(tmp_path / "a.csv", HEADER + body))
    assert len(found.rejected) == 2
    assert not any("0661" in said for said in [*found.notes, *found.rejected["reason"]])


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
    assert complaints["text"].tolist() == ["صوتوا", "12345", "x"]
    assert complaints["recipient"].tolist() == ["661234567", "212661234567", "661234567"]
    assert complaints["source_row"].tolist() == [4, 6, 7]
    assert complaints["member"].tolist() == ["yes", "no", "unknown"]
    assert complaints["received_at"].tolist()[:2] == [
        pd.Timestamp("2025-03-01T14:05", tz="Africa/Casablanca"),
        pd.Timestamp("2025-03-02", tz="Africa/Casablanca"),
    ]
    assert set(complaints["source_sheet"]) == {"Plaintes"}
    assert len(rejected) == 0


def test_what_is_to_be_said_of_files_comes_with_them(tmp_path):
    book = Workbook()
    book.active.append(["Message", "Tél", "Nom"])
    book.active.append([])
    book.active.append(["a", "0600000001", "x"])
    book.create_sheet("Mars").append(["Message", "Tél"])
    book.save(tmp_path / "a.xlsx")
    write(tmp_path / "b.csv", "text,tel,nom,âge\n,0600000002,y,3\n")
    found = read_files([tmp_path / "a.xlsx", tmp_path / "b.csv"])
    assert (len(found.complaints), len(found.rejected)) == (1, 1)
    assert found.ignored_columns == ("Nom", "nom", "âge")
    assert found.notes == (
        "a.xlsx, sheet 'Sheet', row 2: empty, left out",
        "a.xlsx, sheet 'Mars': the sheet has headings and nothing below them",
    )
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
    assert complaints["complaint_id"].tolist() == ["X", "a:3", "a-2:X", "a-2:3"]
    assert len(rejected) == 0
    assert "'a-2:' was put before" in complaints.attrs["notes"][0]


def test_the_same_complaint_in_two_files_counts_once(tmp_path):
    one = write(tmp_path / "july.csv", "text,tel,id,date\na,0661000101,1,2021-07-30\nb,0661000102,2,2021-07-31\n")
    two = write(
        tmp_path / "august.csv", "text,tel,id,date\nb,+212 661000102,9,31/07/2021\nb,0661000102,10,1/8/2021\nb,,11,\n"
    )
    found = read_files([one, two])
    assert found.complaints["complaint_id"].tolist() == ["1", "2", "10"]
    assert "august.csv, row 2: the same complaint is in july.csv, and counts once" in found.notes
    assert len(found.complaints) + len(found.rejected) + found.cleaning.query("kind == 'left_out'")["count"].sum() == 5


def test_numbers_that_cannot_be_read_are_never_the_same_complaint(tmp_path):
    one = write(tmp_path / "a.csv", "text,tel\na,06 61 XX XX 01\n")
    two = write(tmp_path / "b.csv", "text,tel\na,06 61 XX XX 01\n")
    assert len(read_files([one, two]).complaints) == 2


def test_a_value_for_the_whole_file(tmp_path):
    path = write(tmp_path / "a.csv", "text,tel,channel\na,0600000001,\nb,0600000002,call\n")
    found = read_files(path, values={"channel": "sms", "region": "Fès"})
    assert found.complaints[["channel", "region"]].values.tolist() == [["sms", "Fès"], ["call", "Fès"]]
    with pytest.raises(TasribError, match="'canal' is not a field"):
        read_files(path, values={"canal": "sms"})


def test_what_was_scored_is_not_scored_again(tmp_path):
    for header, row in (
        ("text,recipient,decision,operator_allocated", "a,0661000101,review,A"),
        ("text,recipient,decision,probability", "a,0661000101,review,0.5"),
        ("Message,Téléphone,Canal", "a,p-aaaaaaaaaaaaaaaa,sms"),
    ):
        with pytest.raises(TasribError, match="scored already"):
            read_files(write(tmp_path / "a.csv", f"{header}\n{row}\n"))


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
    # The home country's by default.
    complaints, _ = read_complaints(path)
    local = complaints["received_at"].dt.tz_convert("Africa/Casablanca")
    assert local[0] == pd.Timestamp("2025-03-01T10:00", tz="Africa/Casablanca")
    assert complaints["received_at"][1] == pd.Timestamp("2025-03-01T10:00", tz="UTC")
    assert local[2] == pd.Timestamp("2025-07-01", tz="Africa/Casablanca")
    with pytest.raises(TasribError, match="Africa/Casablanca"):
        read_complaints(path, home_zone="Maroc")
