"""What is no workbook, and workbooks made to exhaust their reader: one clear line each."""

import pytest
from new_workbooks import merges, ods, ods_cell, ods_row, row, sheet, table, tables, text, told, xlsx, zipped
from old_workbooks import ole, xls, xlsb

from tasrib.errors import UnreadableInput

HEAD = row(1, "message", "téléphone")


REFUSED = {
    "password": (ole({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "protected by a password"),
    "ods password": (ods({}, manifest="<m:encryption-data/>"), "protected by a password"),
    "Word": (ole({"WordDocument": b"x"}), "a Word document"),
    "new Word": (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "a Word document"),
    "Writer": (ods({}, mimetype="application/vnd.oasis.opendocument.text"), "no spreadsheet"),
    "Numbers": (zipped({"Index/Document.iwa": "x"}), "Numbers"),
    "web page": (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'><table>", "a web page inside"),
    "web archive": (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n", "a web page inside"),
    "2003": (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", "spreadsheet of 2003"),
    "cells nowhere": (xlsx({"S": sheet()}), "no sheet with cells"),
    "no place": (xlsx({"S": sheet(HEAD, row(2, text("a", "?2")))}), "damaged"),
    "absent text": (xlsx({"S": sheet(HEAD, row(2, '<c t="s"><v>7</v></c>'))}), "damaged"),
    "cell twice": (xlsx({"S": sheet(HEAD, row(2, "a", text("b", "A2")))}), "row 2 holds two values in one cell"),
    "types": (xlsx({"S": "<!DOCTYPE x>" + sheet(HEAD)}), "damaged"),
    "only charts": (xlsx({"S": sheet()}, kinds={"S": "chartsheet"}), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.ods"])
def test_what_is_no_workbook_is_named(tmp_path, data, said, name):
    with pytest.raises(UnreadableInput, match=said) as caught:
        tables(tmp_path, data, name)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


# Bounds


FAR = "a cell lies beyond row 1,048,576 or column 16,384"
BOMBS = {
    "row": (xlsx({"S": sheet(HEAD, row(99999999999, "x"))}), FAR),
    "long row number": (xlsx({"S": sheet(HEAD, row("9" * 100_000, "x"))}), FAR),
    "column": (xlsx({"S": sheet(HEAD, row(2, text("x", "ZZZZZZZ2")))}), FAR),
    "ods row": (ods({"S": ods_row("message") + ods_row("x", repeated=9_999_999)}), FAR),
    "ods column": (ods({"S": ods_row(ods_cell("<text:p>x</text:p>", table_number_columns_repeated=10**9))}), FAR),
    "xlsb": (xlsb({"S": {0: ["message"], 1048575: {16383: "x"}}}), "damaged"),
    "xls column": (xls({"S": []}, records=b"\x03\x02\x0e\0\xff\xff\xff\xff" + bytes(10)), "damaged"),
    "xls dimensions": (xls({"S": []}, records=b"\0\x02\x0e\0" + bytes(4) + b"\xff" * 10), "damaged"),
    "chain": (ole({"Workbook": b"x"}).replace(b"\xfe\xff\xff\xff" + b"\xff" * 64, bytes(4) + b"\xff" * 64), "damaged"),
    "long cell": (xlsx({"S": sheet(HEAD, row(2, "a" * 1_000_001))}), "longer than 1,000,000 characters"),
    "wide": (
        xlsx({"S": sheet(row(1, "message", *map(str, range(16_000))), *(row(at, "x") for at in range(2, 2000)))}),
        "16,001 columns have values in 1,998 rows",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "said"), BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused(tmp_path, data, said):
    with pytest.raises(UnreadableInput, match=said):
        tables(tmp_path, data)


def test_one_long_text_in_every_row_is_weighed(tmp_path, monkeypatch):
    monkeypatch.setattr("tasrib.tables.sheets.grid.MAX_UNPACKED", 5_000_000)
    rows = [row(at, '<c t="s"><v>0</v></c>') for at in range(2, 100)]
    with pytest.raises(UnreadableInput, match="unpacks to more than"):
        tables(tmp_path, xlsx({"S": sheet(HEAD, *rows)}, strings=[f"<t>{'a' * 100_000}</t>"]))
    monkeypatch.setattr("tasrib.tables.sheets.records.MAX_UNPACKED", 5_000_000)
    with pytest.raises(UnreadableInput, match="damaged"):
        tables(tmp_path, xlsb({"S": [["message"], *[[(0,)]] * 100]}, strings=["a" * 100_000]))
    monkeypatch.setattr("tasrib.tables.sheets.grid.MAX_CELLS", 50)
    with pytest.raises(UnreadableInput, match="more than 50 filled cells"):
        tables(tmp_path, xlsx({"S": sheet(HEAD, *(row(at, "x") for at in range(2, 100)))}))


def test_cells_far_out_make_one_column(tmp_path):
    rows = [row(at, "x", "066", text("y", f"XFD{at}")) for at in range(2, 2000)]
    found = table(tmp_path, xlsx({"S": sheet(HEAD, *rows)}))
    assert found.columns == ["message", "téléphone", "column 16384"]
    assert len(found.rows) == 1998


def test_empty_styled_rows_and_many_merges_are_passed_over(tmp_path):
    rows = [row(at, f'<c r="A{at}" s="0"/>') for at in range(3, 3000)]
    found = table(
        tmp_path, xlsx({"S": sheet(HEAD, row(2, "a", "066"), *rows, after=merges(*["A2:XFD1048576"] * 3000))})
    )
    assert (found.rows, told(found)) == ([["a", "066"]], [])
