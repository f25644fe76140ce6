"""What is written comes back the same, whatever the texts are."""

import io
import json
import sys

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tasrib.complaints import read_complaints
from tasrib.complaints.quarantine import read_rejected
from tasrib.complaints.schema import FIELDS
from tasrib.errors import TasribError
from tasrib.tables import write_table, write_workbook
from tasrib.tables.named import read_named

SUFFIXES = [".csv", ".tsv", ".xlsx", ".jsonl", ".parquet"]
RECIPIENT = "+212600000001"

# U+0000 is dropped on reading (no spreadsheet can hold it); at least one visible character is required.
wild = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
        st.sampled_from(
            list("السلام عليكم صوتوا 😀🇲🇦é'\"=+-@,;|\t\r\n\\_xX0123456789\u200f\u2028\u0085\x01\x1f\ufffe")
        ),
    ),
    max_size=30,
).map(lambda text: text + "س")
formula_like = st.builds(
    "".join, st.lists(st.sampled_from(["'", "=", "+", "-", "@", "\t", "A1", "س"]), min_size=1)
).map(lambda text: text + "1")


def table(texts, **columns):
    return pd.DataFrame({"text": texts, "recipient": RECIPIENT, **columns})


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.one_of(wild, formula_like), min_size=1, max_size=6))
@example(
    texts=[
        "=cmd|' /C calc'!A0",
        "'=1+1",
        "''=1",
        "_x000D_ _x005F_",
        "a\r\nb\rc\nd",
        'é;"؛"',
        "#N/A",
        "TRUE",
        "007",
    ]
)
@example(texts=['"', '""', "sep=;", "'", "٠٦٦١", "1,2;3\t4|5", "{", "\ufeffس", "nan", "NULL", "NA"])
def test_any_text_comes_back(tmp_path, suffix, texts):
    path = tmp_path / f"t{suffix}"
    # A file of little else than control characters would be refused as binary.
    texts = [*texts, "صوتوا " * 100]
    write_table(table(texts), path)
    complaints, rejected = read_complaints(path)
    # What looks like lost letters is in quarantine, what looks garbled is put right and kept as it was received.
    received = complaints["text_received"].where(complaints["text_received"] != "", complaints["text"])
    raw = [json.loads(row)["text"] for row in rejected["raw"]]
    assert sorted([*received, *raw]) == sorted(texts)
    assert set(complaints["recipient"]) == {RECIPIENT}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_complaints_come_back_whole(tmp_path, suffix):
    source = tmp_path / "in.csv"
    source.write_text(
        "texte;tél;date;canal;expéditeur;membre;connu de;objected_at\n"
        'صوتوا على الميزان;0600000001;31/12/2025 14:05;SMS;=Parti;oui;"A; B";2025-12-31\n'
        "Votez;0600000002;;واتساب;+212500000000;;;\n",
        encoding="utf-8",
    )
    first, _ = read_complaints(source, home_zone="Africa/Casablanca")
    write_table(first, tmp_path / f"out{suffix}")
    second, rejected = read_complaints(tmp_path / f"out{suffix}")
    assert rejected.empty
    pd.testing.assert_frame_equal(first[list(FIELDS)], second[list(FIELDS)])
    # The zone has been made part of the value, so another home zone changes nothing.
    third, _ = read_complaints(tmp_path / f"out{suffix}", home_zone="Asia/Tokyo")
    pd.testing.assert_frame_equal(first[list(FIELDS)], third[list(FIELDS)])


def test_longest_texts_survive_every_format(tmp_path):
    texts = ["س\n" * 10_000, "😀" * 16_000]
    for suffix in SUFFIXES:
        write_table(table(texts), tmp_path / f"t{suffix}")
        assert list(read_complaints(tmp_path / f"t{suffix}")[0]["text"]) == texts


def test_excel_sees_no_formula(tmp_path):
    write_table(table(["=1+1", "+1", "-1", "@a", "#REF!"]), tmp_path / "t.xlsx")
    cells = list(load_workbook(tmp_path / "t.xlsx").active.iter_rows(min_row=2, max_col=1))
    assert [cell[0].data_type for cell in cells] == ["s"] * 5
    assert [cell[0].value for cell in cells] == ["=1+1", "+1", "-1", "@a", "#REF!"]


def test_csv_guards_formulas_but_not_numbers(tmp_path):
    write_table(table(["=1+1", "plain"]), tmp_path / "t.csv")
    data = (tmp_path / "t.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"'=1+1," in data
    assert b",+212600000001" in data


def test_no_nul_no_surrogate_reaches_a_file(tmp_path):
    for suffix in SUFFIXES[:4]:
        texts = pd.Series(["a\x00b", "c\ud800d", "\ud83d\ude00"], dtype="object")
        write_table(table(texts), tmp_path / f"t{suffix}")
        assert list(read_complaints(tmp_path / f"t{suffix}")[0]["text"]) == ["ab", "c\ufffdd", "😀"]


def test_rejected_rows_can_be_written_too(tmp_path):
    (tmp_path / "in.csv").write_text("text,recipient\n,0600000001\na,b,c\nok,0600000002\n")
    _, rejected = read_complaints(tmp_path / "in.csv")
    for suffix in SUFFIXES:
        write_table(rejected, tmp_path / f"rejected{suffix}")
        pd.testing.assert_frame_equal(read_rejected(tmp_path / f"rejected{suffix}"), rejected)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tuples_are_written_with_semicolons(tmp_path, suffix):
    # As findings have them: an operator's name, or a place in the numbering plan from the country down.
    frame = pd.DataFrame(
        {"name": ["A", ("MA", "A", "066")], "codes": [("few_people", "alternatives"), ()]}, dtype=object
    )
    path = tmp_path / f"f{suffix}"
    write_table(frame, path)
    back, _ = read_named(path, ["name", "codes"], "")
    assert back.to_numpy().tolist() == [["A", "few_people;alternatives"], ["MA;A;066", ""]]


def test_standard_output_and_input(tmp_path, capsysbinary, monkeypatch):
    write_table(table(["مرحبا", "=1"]), "-")
    data = capsysbinary.readouterr().out
    assert data.startswith(b"text,recipient")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    complaints, _ = read_complaints("-")
    assert list(complaints["text"]) == ["مرحبا", "=1"]
    assert list(complaints["complaint_id"]) == ["stdin:2", "stdin:3"]


def test_standard_input_may_be_jsonl(monkeypatch):
    data = '{"message": "a\\u2028b", "tel": 600000001}\n'.encode("ascii")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    complaints, _ = read_complaints("-")
    assert complaints.loc[0, ["text", "recipient"]].tolist() == ["a\u2028b", "600000001"]


@pytest.mark.parametrize("stream", [None, io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO(b" \n"))])
def test_standard_input_that_brings_nothing_is_said_in_one_line(monkeypatch, stream):
    monkeypatch.setattr(sys, "stdin", stream)
    with pytest.raises(TasribError, match=r"^standard input (is empty|cannot be read: it is closed; name a file)"):
        read_complaints("-")


def test_a_table_too_large_for_a_sheet_is_refused_before_it_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr("tasrib.tables.write._EXCEL_ROWS", 10)
    monkeypatch.setattr("tasrib.tables.write._EXCEL_COLUMNS", 5)
    write_table(pd.DataFrame({"a": range(9)}), tmp_path / "t.xlsx")
    for frame in (pd.DataFrame({"a": range(10)}), pd.DataFrame([range(6)], columns=list("abcdef"))):
        with pytest.raises(TasribError, match=r"too many for Excel; write .csv"):
            write_table(frame, tmp_path / "new.xlsx")
    assert not (tmp_path / "new.xlsx").exists()


def test_a_text_too_long_for_excel_is_counted_as_excel_counts(tmp_path):
    write_table(table(["a" * 32_767]), tmp_path / "t.xlsx")
    for text in ("a" * 32_768, "😀" * 16_384):
        with pytest.raises(TasribError, match="row 2, column 'text' is too long for Excel"):
            write_table(table([text]), tmp_path / "t.xlsx")


def test_titles_that_excel_refuses_are_written_as_near_as_can_be(tmp_path):
    titles = ["a/b:c*[d]?\\", "'quoted'", "x" * 40, "X" * 40, "Août", "AOÛT", " ", "الأحزاب"]
    write_workbook({title: pd.DataFrame({"a": [title]}) for title in titles}, tmp_path / "t.xlsx")
    assert load_workbook(tmp_path / "t.xlsx").sheetnames == [
        "a_b_c__d___", "_quoted_", "x" * 31, "X" * 27 + " (2)", "Août", "AOÛT (2)", "sheet", "الأحزاب",
    ]  # fmt: skip
