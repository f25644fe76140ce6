"""Files that cannot be read: one clear line each, quickly."""

import io
import time
import tracemalloc
import zipfile

import pandas as pd
import pytest

from tasrib.complaints import read_complaints
from tasrib.errors import TasribError, UnreadableInput
from tasrib.scored import read_scored
from tasrib.tables import write_table

OK = "text,tel\na,0600000001\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def workbook_bytes():
    buffer = io.BytesIO()
    pd.DataFrame({"text": ["a"] * 50, "tel": "0600000001"}).to_excel(buffer, index=False)
    return buffer.getvalue()


def zip_of(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return buffer.getvalue()


def parquet_bytes():
    buffer = io.BytesIO()
    pd.DataFrame({"text": ["a"], "tel": ["1"]}).to_parquet(buffer)
    return buffer.getvalue()


BAD = {
    "empty": ("a.csv", b"", "empty"),
    "spaces only": ("a.csv", b" \r\n\n", "empty"),
    "mark only": ("a.csv", b"\xef\xbb\xbf\r\n", "empty"),
    "header only": ("a.csv", b"text,tel\n", "no rows"),
    "header only xlsx": ("a.xlsx", zip_of(), "workbook"),
    "no header": ("a.csv", "صوتوا,0600000001\n".encode(), "no column for 'text'"),
    "sep line only": ("a.csv", b"sep=;\n", "no table"),
    "one quote": ("a.csv", b'"', "no column for 'text'"),
    "no text column": ("a.csv", b"Txte du message,tel\na,1\n", '--map "Txte du message=text"'),
    "no recipient column": ("a.csv", b"text,telefone\na,1\n", '--map "telefone=recipient"'),
    "two text columns": ("a.csv", b"Message,Texte,tel\na,b,1\n", "'Message' and 'Texte'"),
    "same header twice": ("a.csv", b"Message,Message,tel\na,b,1\n", "'Message' and 'Message (2)'"),
    "PDF": ("a.csv", b"%PDF-1.7\n\x00\x01", "a PDF"),
    "PNG": ("a.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
    "JPEG": ("a.jsonl", b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
    "ZIP": ("a.csv", zip_of(x=b"y"), "ZIP"),
    "workbook named csv": ("a.csv", workbook_bytes(), "Excel"),
    "random bytes": ("a.csv", bytes(range(256)) * 50, "not text"),
    "NUL bytes": ("a.csv", b"text,tel\n\x00\x00\x00\x00a,1\n", "not text"),
    "control characters": ("a.csv", b"text,tel\n" + b"\x01\x02\x03" * 50, "not text"),
    "odd UTF-16": ("a.csv", OK.encode("utf-16") + b"a", "not text"),
    "image named xlsx": ("a.xlsx", b"\x89PNG\r\n\x1a\n\x00\x00", "not an Excel workbook"),
    "web page named xls": ("a.xls", b"<html><table><tr><td>text</td></tr></table>", "a web page inside"),
    "cut xlsx": ("a.xlsx", workbook_bytes()[:2000], "not an Excel workbook"),
    "zip named xlsx": ("a.xlsx", zip_of(x=b"y"), "ZIP archive"),
    "hollow xlsx": ("a.xlsx", zip_of(**{"[Content_Types].xml": b"<x/>"}), "damaged"),
    "xlsx with broken XML": (
        "a.xlsx",
        zip_of(**{"[Content_Types].xml": b"<x", "xl/workbook.xml": b"<"}),
        "damaged",
    ),
    "protected xlsx": ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + OLE, "password"),
    "old Excel as xlsx": ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "damaged"),
    "hollow old Excel": ("a.xls", OLE, "damaged"),
    "Word named xls": ("a.xls", OLE + "WordDocument".encode("utf-16-le"), "a Word document"),
    "broken parquet": ("a.parquet", b"PAR1 nonsense PAR1", "Parquet"),
    "cut parquet": ("a.parquet", parquet_bytes()[:-20], "Parquet"),
    "text named parquet": ("a.parquet", OK.encode(), "Parquet"),
    "JSONL all broken": ("a.jsonl", b"{a\n{b\n", "no line is a JSON object"),
    "JSON array": ("a.jsonl", b'[{"text": "a"}]', "one object a line"),
    "deep JSON": ("a.jsonl", b"[" * 100_000, "no line is a JSON object"),
    "unknown suffix": ("a.docx", b"x", ".csv, .jsonl"),
    "no suffix": ("complaints", b"x", "without suffix"),
}


@pytest.mark.parametrize(("name", "data", "words"), BAD.values(), ids=BAD.keys())
def test_one_clear_line(tmp_path, name, data, words):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableInput) as caught:
        read_complaints(path)
    assert words in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_folder_and_nothing(tmp_path):
    for paths, word in [
        (tmp_path / "no.csv", "no such file"),
        (tmp_path, "folder"),
        ([], "no file"),
        ("a\x00b.csv", "null byte"),
    ]:
        with pytest.raises(UnreadableInput, match=word):
            read_complaints(paths)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_a_huge_line_is_refused_quickly(tmp_path, suffix):
    path = tmp_path / f"huge.{suffix}"
    path.write_bytes(b"text,tel\n" + b"a" * 100_000_000)
    tracemalloc.start()
    begin = time.perf_counter()
    with pytest.raises(UnreadableInput, match="line 2 is longer than 1,000,000 bytes"):
        read_complaints(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - begin < 5
    assert peak < 600_000_000


def test_an_archive_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tasrib.tables.sheets.grid.MAX_UNPACKED", 5_000_000)
    (tmp_path / "a.xlsx").write_bytes(zip_of(**{"[Content_Types].xml": b"<x/>", "big": b"\x00" * 6_000_000}))
    with pytest.raises(UnreadableInput, match="unpacks to more"):
        read_complaints(tmp_path / "a.xlsx")


def test_a_workbook_without_complaints_shows_its_columns(tmp_path):
    pd.DataFrame({"Nom": ["a"], "Colonne B": ["b"]}).to_excel(tmp_path / "a.xlsx", index=False)
    with pytest.raises(UnreadableInput, match="'Nom', 'Colonne B'"):
        read_complaints(tmp_path / "a.xlsx")


def test_what_cannot_be_written(tmp_path):
    frame = pd.DataFrame({"text": ["a" * 40_000]})
    for path, word in [
        (tmp_path / "a.ods", ".xlsx"),
        (tmp_path / "no" / "a.csv", "does not exist"),
        (tmp_path / "a.xlsx", "row 2, column 'text'"),
    ]:
        with pytest.raises(TasribError, match=word):
            write_table(frame, path)
    with pytest.raises(TasribError, match="mixes"):
        write_table(pd.DataFrame({"a": pd.Series([1, "b"], dtype=object)}), tmp_path / "a.parquet")
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_file(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"old")
    with pytest.raises(TasribError):
        write_table(pd.DataFrame({"text": ["a" * 40_000]}), tmp_path / "a.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == b"old"


def test_read_scored_refuses_bad_files_too(tmp_path):
    (tmp_path / "a.csv").write_text(OK)
    with pytest.raises(UnreadableInput, match="'category'"):
        read_scored(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text("category,probability,decision\nx,high,review\n")
    with pytest.raises(UnreadableInput, match="row 2: probability 'high'"):
        read_scored(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text("category,probability,decision\nx,0.5\n")
    with pytest.raises(UnreadableInput, match="row 2"):
        read_scored(tmp_path / "a.csv")
