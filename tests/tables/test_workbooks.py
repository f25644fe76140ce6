"""Sheets of workbooks: which are read, what their cells say, and what is told of them."""

import contextlib
import datetime as dt

import pandas as pd
import pytest
from new_workbooks import STRICT, merges, ods, ods_cell, ods_row, row, sheet, table, tables, text, told, xlsx
from old_workbooks import xls, xlsb
from openpyxl import Workbook

from tasrib.complaints import read_files
from tasrib.errors import UnreadableInput
from tasrib.numbering.spelling import read_spelling

HEAD = row(1, "message", "téléphone")


def saved(book, folder):
    book.save(folder / "saved.xlsx")
    return (folder / "saved.xlsx").read_bytes()


# Which sheets are read


def test_every_sheet_with_a_header_is_read(tmp_path):
    titles = row(1, "Plaintes 2026"), row(2), row(3, "téléphone", "message"), row(4, "0661000102", "b")
    found = tables(tmp_path, xlsx({"Juillet": sheet(HEAD, row(2, "a", "0661000101")), "Août": sheet(*titles)}))
    assert [(each.sheet, each.rows, each.row_numbers) for each in found] == [
        ("Juillet", [["a", "0661000101"]], [2]),
        ("Août", [["0661000102", "b"]], [4]),
    ]


def test_sheets_that_are_not_read_are_told(tmp_path):
    rows = [row(number, f"m{number}", f"066100010{number}") for number in range(1, 4)]
    data = xlsx(
        {
            "Guide": sheet(row(1, "Remplir une ligne par plainte"), row(2, "Merci")),
            "Suite": sheet(*rows),
            "Modèle": sheet(HEAD),
            "Vide": sheet(),
            "Juillet": sheet(HEAD, row(2, "a", "0661000101")),
            "Cachée": sheet(HEAD, row(2, "b", "0661000102")),
            "Graphique": sheet(HEAD, row(2, "c", "0661000103")),
        },
        states={"Cachée": "veryHidden"},
        kinds={"Graphique": "chartsheet"},
    )
    found = tables(tmp_path, data)
    assert [(each.sheet, len(each.rows)) for each in found] == [("Modèle", 0), ("Juillet", 1), ("Cachée", 1)]
    notes = {note.sheet: note for each in found for note in each.notes}
    assert {sheet: (note.kind, note.code) for sheet, note in notes.items()} == {
        "Guide": ("left_out", "sheet_not_read"),
        "Suite": ("lost", "sheet_without_headings"),
        "Modèle": ("read", "empty_sheet"),
        "Cachée": ("read", "hidden_sheet"),
    }
    assert "its 3 rows were not read; put them in its first row" in notes["Suite"].said


@pytest.mark.parametrize("wanted", ["Août", "aout", " AOÛT ", "2", "٢"])
def test_the_user_may_name_one_sheet(tmp_path, wanted):
    data = xlsx({"Juillet": sheet(HEAD, row(2, "a", "1")), "Août": sheet(HEAD, row(2, "b", "2"))})
    found = tables(tmp_path, data, sheet=wanted)
    assert [each.sheet for each in found] == ["Août"]
    assert not found[0].notes


def test_a_sheet_named_of_a_file_without_sheets_is_told(tmp_path):
    (tmp_path / "t.csv").write_text("message,tel\nBonjour,0661000101\n", encoding="utf-8")
    found = read_files(tmp_path / "t.csv", sheet="Feuil2")
    assert len(found.complaints) == 1
    assert "it has no sheets" in found.notes[0]


def test_a_sheet_that_is_not_there_is_answered_with_those_that_are(tmp_path):
    data = xlsx({"Juillet": sheet(HEAD), "Été": sheet(HEAD), "ete": sheet(HEAD)})
    for wanted, said in [
        ("Mai", r"a.xlsx has no sheet 'Mai'; its sheets: 'Juillet', 'Été', 'ete'$"),
        ("4", "has no sheet '4'"),
        ("ETE", "has several sheets that read like 'ETE'"),
    ]:
        with pytest.raises(UnreadableInput, match=said):
            tables(tmp_path, data, sheet=wanted)
    assert tables(tmp_path, xlsx({"2": sheet(HEAD, row(2, "a")), "x": sheet()}), sheet="2")[0].sheet == "2"


# What cells say

NUMBERS = [
    ("212661234567", "212661234567"),
    ("2.12661234567E11", "212661234567"),
    ("2.12661234567E+11", "212661234567"),
    ("661234567.0", "661234567"),
    ("0.5", "0.5"),
    ("1e3", "1e3"),
    ("2126612345678901234", "2126612345678901234"),
    ("12 34", "12 34"),
    ("INF", "INF"),
]


@pytest.mark.parametrize(("stored", "said"), NUMBERS)
def test_numbers_keep_their_digits(tmp_path, stored, said):
    found = table(tmp_path, xlsx({"S": sheet(HEAD, row(2, "a", f"<c><v>{stored}</v></c>"))}))
    assert found.rows == [["a", said]]


@pytest.mark.parametrize("stored", ["2.12661E+11", "2.12661e11", "6.61235E8"])
def test_a_number_stored_with_few_digits_shows_it(tmp_path, stored):
    found = table(tmp_path, xlsx({"S": sheet(HEAD, row(2, "a", f"<c><v>{stored}</v></c>"))}))
    assert read_spelling(found.rows[0][1]).kind in ("spoiled", "invalid")
    assert "000" not in found.rows[0][1]


def test_texts_of_every_make(tmp_path):
    strings = [
        "<t>plain</t>",
        "<r><t>rich </t></r><r><rPr><b/></rPr><t xml:space='preserve'>text</t></r>",
        "<t>漢字</t><rPh sb='0' eb='2'><t>かんじ</t></rPh><phoneticPr fontId='1'/>",
        "<t>a_x000D_&#10;b_x005F_x0041_</t>",
        "<t/>",
    ]
    cells = [f'<c r="A{at + 2}" t="s"><v>{at}</v></c>' for at in range(5)]
    cells += ['<c r="A7" t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>x</t></rPh></is></c>']
    cells += ['<c r="A8" t="str"><f>B8</f><v>counted</v></c>', '<c r="A9" t="e"><v>#N/A</v></c>']
    cells += ['<c r="A10" t="b"><v>1</v></c>', '<c r="A11"><v>word</v></c>', '<c r="A12" t="inlineStr"><v>odd</v></c>']
    rows = [row(at, cell, text("066", f"B{at}")) for at, cell in enumerate(cells, start=2)]
    found = table(tmp_path, xlsx({"S": sheet(HEAD, *rows)}, strings=strings))
    assert [cells[0] for cells in found.rows] == [
        "plain", "rich text", "漢字", "a\r\nb_x0041_", "", "inline", "counted", "#N/A", "true", "word", "odd",
    ]  # fmt: skip


FORMATS = {
    "dd/mm/yyyy": "2021-09-03T14:05:00",
    "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy": "2021-09-03T14:05:00",
    "B2yyyy/mm/dd": "2021-09-03T14:05:00",
    '0&quot; d&quot;': "44442.586805555555",
    "#,##0.00\\ [$MAD]": "44442.586805555555",
    "_-* #,##0.00\\ _D_H_-": "44442.586805555555",
    "[Red]0.00": "44442.586805555555",
    "0.00E+00": "44442.586805555555",
    "General": "44442.586805555555",
    "[h]:mm": "44442 days, 14:05:00",
}  # fmt: skip


@pytest.mark.parametrize(("code", "said"), FORMATS.items())
def test_a_number_is_a_date_by_its_format(tmp_path, code, said):
    rows = row(2, '<c s="1"><v>44442.586805555555</v></c>', "x", "066")
    data = xlsx({"S": sheet(row(1, "date", "message", "tél"), rows)}, formats=[code], styles=[0, 164])
    assert table(tmp_path, data).rows[0][0] == said


@pytest.mark.parametrize(
    ("style", "serial", "since_1904", "said"),
    [
        (14, "44442", 0, "2021-09-03"),
        (14, "42980", 1, "2021-09-03"),
        (14, "59", 0, "1900-02-28"),
        (14, "61", 0, "1900-03-01"),
        (22, "44442.5868055556", 0, "2021-09-03T14:05:00"),
        (20, "0.5868055556", 0, "14:05:00"),
        (31, "44442", 0, "2021-09-03"),
        (14, "661234567", 0, "661234567"),
        (14, "-1", 0, "-1"),
        (9, "0.5", 0, "0.5"),
    ],
)
def test_days_count_from_1900_or_1904(tmp_path, style, serial, since_1904, said):
    rows = row(2, f'<c s="1"><v>{serial}</v></c>', "x", "066")
    data = xlsx(
        {"S": sheet(row(1, "date", "message", "tél"), rows)},
        styles=[0, style],
        book=f'<workbookPr date1904="{since_1904}"/>',
    )
    assert table(tmp_path, data).rows[0][0] == said


def test_a_workbook_of_openpyxl_gives_its_values(tmp_path):
    book = Workbook()
    values = ["x", "0661", dt.datetime(2021, 9, 3, 14, 5), dt.date(2021, 9, 3), dt.time(14, 5), True, 0.25, 7]
    book.active.append(["message", "tél", "c", "d", "e", "f", "g", "h"])
    book.active.append(values)
    book.active["A2"].hyperlink = "https://example.org/x"
    assert table(tmp_path, saved(book, tmp_path)).rows == [
        ["x", "0661", "2021-09-03T14:05:00", "2021-09-03", "14:05:00", "true", "0.25", "7"]
    ]


@pytest.mark.parametrize(
    "make",
    [
        {"namespace": STRICT},
        {"prefix": "x"},
        {"absolute": True},
        {"changed": lambda name: name.replace("/", "\\")},
        {"changed": lambda name: name.replace("sheet1", "Sheet1")},
        {"part": "xl/workbook2.xml"},
    ],
)
def test_other_ways_to_pack_a_workbook(tmp_path, make):
    rows = row(None, "message", "tél"), row(None, "a", "<c/>"), row(None, text("b", "A3"), text("066", "B3"))
    found = table(tmp_path, xlsx({"S": sheet(*rows)}, **make))
    assert (found.rows, found.row_numbers) == ([["a", ""], ["b", "066"]], [2, 3])


# Merged cells, formulas


def test_merged_cells_fill_their_rows(tmp_path):
    rows = [
        row(1, text("Plaintes de juillet et août", "A1")),
        row(2, "date", "région", "message", "tél"),
        row(3, "2026-07-01", "Fès", "a", "1"),
        row(4, text("b", "C4"), text("2", "D4")),
        row(6, text("Salé", "B6"), text("c", "C6"), text("3", "D6")),
        row(7, text("Août", "A7")),
        row(8, "2026-08-01", text("d", "C8"), text("4", "D8")),
    ]
    found = table(tmp_path, xlsx({"S": sheet(*rows, after=merges("A1:D1", "A3:A6", "B3:B5", "A7:D7", "B8:C8"))}))
    assert dict(zip(found.row_numbers, found.rows, strict=True)) == {
        3: ["2026-07-01", "Fès", "a", "1"],
        4: ["2026-07-01", "Fès", "b", "2"],
        6: ["2026-07-01", "Salé", "c", "3"],
        7: ["Août", "", "", ""],
        8: ["2026-08-01", "", "d", "4"],
    }
    assert told(found) == [
        ("left_out", "rows_above_headings", "S", (1,), ""),
        ("left_out", "blank_rows", "S", (5,), ""),
        ("mended", "merged_cells", "S", (4, 6), "date"),
        ("mended", "merged_cells", "S", (4,), "région"),
    ]


def test_a_merged_heading_fills_no_row(tmp_path):
    rows = [row(1, "date", "message", "tél"), row(2, text("a", "B2"), text("1", "C2"))]
    found = table(tmp_path, xlsx({"S": sheet(*rows, after=merges("A1:A2", "B1:C1"))}))
    assert (found.rows, told(found)) == ([["", "a", "1"]], [])


def test_headings_on_two_rows_that_are_merged_downwards(tmp_path):
    rows = [
        row(1, text("message", "A1"), text("Personne", "B1"), text("date", "D1")),
        row(2, text("téléphone", "B2"), text("région", "C2")),
        row(3, "a", "0661000101", "Fès", "2026-07-01"),
        row(4, text("b", "A4"), text("0661000102", "B4"), text("2026-07-02", "D4")),
    ]
    found = table(tmp_path, xlsx({"S": sheet(*rows, after=merges("A1:A2", "B1:C1", "D1:D2", "C3:C4"))}))
    assert found.columns == ["message", "téléphone", "région", "date"]
    assert found.rows == [["a", "0661000101", "Fès", "2026-07-01"], ["b", "0661000102", "Fès", "2026-07-02"]]


@pytest.mark.parametrize(
    ("cell", "book", "counts"),
    [
        ("<c><f>A1</f></c>", "", False),
        ("<c><f>A1</f><v/></c>", "", False),
        ('<c><f t="shared" si="0"/><v></v></c>', "", False),
        ("<c><f>A1</f><v>0</v></c>", '<calcPr fullCalcOnLoad="1"/>', False),
        ("<c><f>A1</f><v>0</v></c>", "", True),
        ("<c><f>A1</f><v>661000101</v></c>", '<calcPr fullCalcOnLoad="1"/>', True),
        ('<c t="str"><f>A1</f><v></v></c>', "", True),
    ],
)
def test_a_formula_without_a_stored_value_is_told(tmp_path, cell, book, counts):
    found = table(tmp_path, xlsx({"S": sheet(HEAD, row(2, "a", cell), row(3, "b", "066"))}, book=book))
    assert found.row_numbers == [2, 3]
    expected = [] if counts else [("lost", "formula_without_value", "S", (2,), "téléphone")]
    assert told(found) == expected


def test_rows_of_formulas_alone_are_rows(tmp_path):
    rows = [row(at, "<c><f>X1</f></c>", "<c><f>X2</f></c>") for at in (2, 3)]
    found = table(tmp_path, xlsx({"S": sheet(HEAD, *rows)}))
    assert found.rows == [["", ""], ["", ""]]


# Other kinds


def test_old_and_binary_workbooks(tmp_path):
    rows = [
        ["Plaintes"],
        [],
        ["date", "message", "tél"],
        [("date", 44442.5), "صوتوا", 212661234567.0],
        [None, "b", 661000102.0],
        [("error", 0x2A), "c", ("error", 0x17)],
        [True, "d", "0661000104"],
    ]
    data = xls({"Vide": [], "Été": rows, "Caché": rows[2:4]}, merged={"Été": [(3, 4, 0, 0)]}, hidden=("Caché",))
    for name in ("a.xls", "a.xlsx"):
        first, second = tables(tmp_path, data, name)
        assert first.row_numbers == [4, 5, 6, 7]
        assert first.rows == [
            ["2021-09-03T12:00:00", "صوتوا", "212661234567"],
            ["2021-09-03T12:00:00", "b", "661000102"],
            ["#N/A", "c", "#REF!"],
            ["true", "d", "0661000104"],
        ]
        assert told([first, second]) == [
            ("left_out", "rows_above_headings", "Été", (1,), ""),
            ("mended", "merged_cells", "Été", (5,), "date"),
            ("read", "hidden_sheet", "Caché", (), ""),
        ]
    sheets = {"Un": [["date", "message", "tél"], ["2021-09-03", "a", 212661234567.0], [None, "b", 661000102.0]]}
    sheets["Un"].append(["2021-09-04", (0,), 661000103.0])
    found = table(tmp_path, xlsb(sheets, merged={"Un": [(1, 2, 0, 0)]}, strings=["صوتوا"]), "a.xlsb")
    assert found.rows == [
        ["2021-09-03", "a", "212661234567"],
        ["2021-09-03", "b", "661000102"],
        ["2021-09-04", "صوتوا", "661000103"],
    ]


def test_what_breaks_inside_a_library_prints_nothing(tmp_path, capfd):
    data = xls({"S": [["message", "tél"], ["a", "066"]]})
    for place in range(1024, 1300, 3):
        with contextlib.suppress(UnreadableInput):
            tables(tmp_path, data[:place] + b"\xff" + data[place + 1 :], "a.xls")
    assert capfd.readouterr() == ("", "")


def test_a_spreadsheet_of_libreoffice(tmp_path):
    paragraphs = "<text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d</text:p><text:p/><text:p>e <text:span>f</text:span></text:p>"
    aside = "<office:annotation><text:p>note</text:p></office:annotation><draw:frame><text:p>box</text:p></draw:frame>"
    rows = [
        ods_row(ods_cell("<text:p>Plaintes</text:p>", table_number_columns_spanned=3)),
        ods_row(ods_cell(kind=""), repeated=2),
        ods_row("date", "message", "tél"),
        ods_row(
            ods_cell(
                "<text:p>03/09/21</text:p>",
                "date",
                office_date_value="2021-09-03T14:05:00",
                table_number_rows_spanned=3,
            ),
            ods_cell(aside + paragraphs),
            ods_cell("<text:p>2,1E+11</text:p>", "float", office_value="212661234567"),
        ),
        ods_row(
            "<table:covered-table-cell/>",
            "g",
            ods_cell("<text:p>#N/A</text:p>", office_string_value="", calcext_value_type="error"),
        ),
        ods_row("<table:covered-table-cell/>", "h", ods_cell(kind="", table_formula="of:=A1")),
        ods_row(ods_cell("<text:p>VRAI</text:p>", "boolean", office_boolean_value="true"), "i", "066", repeated=2),
        ods_row(ods_cell(kind="", table_number_columns_repeated=16384), repeated=1048500),
    ]
    deleted = "<table:tracked-changes><table:table-cell><text:p>old</text:p></table:table-cell></table:tracked-changes>"
    first, second = tables(
        tmp_path, ods({"Un": "".join(rows), "Deux": rows[2] + rows[-2]}, hidden=["Deux"], spreadsheet=deleted), "a.ods"
    )
    assert first.row_numbers == [5, 6, 7, 8, 9]
    assert first.rows == [
        ["2021-09-03T14:05:00", "a  b\tc\nd\n\ne f", "212661234567"],
        ["2021-09-03T14:05:00", "g", "#N/A"],
        ["2021-09-03T14:05:00", "h", ""],
        ["true", "i", "066"],
        ["true", "i", "066"],
    ]
    assert told([first, second]) == [
        ("left_out", "rows_above_headings", "Un", (1,), ""),
        ("mended", "merged_cells", "Un", (6, 7), "date"),
        ("lost", "formula_without_value", "Un", (7,), "tél"),
        ("read", "hidden_sheet", "Deux", (), ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_text_under_the_name_of_a_workbook_is_read_and_told(tmp_path, encoding):
    found = table(tmp_path, "message\ttél\nÉlisez\t0661000101\n".encode(encoding), "a.xls")
    assert found.rows == [["Élisez", "0661000101"]]
    assert told(found)[0] == ("read", "text_inside", "", (), "")


def test_every_row_below_the_header_is_somewhere(tmp_path):
    rows = [row(at, *(["a", "066"] if at % 3 else ["<c/>", " "])) for at in range(2, 50)]
    found = table(tmp_path, xlsx({"S": sheet(HEAD, *rows)}))
    left_out = [number for note in found.notes if note.kind == "left_out" for number in note.rows]
    assert sorted([*found.row_numbers, *left_out]) == list(range(2, max(found.row_numbers) + 1))


def test_what_pandas_writes_is_read(tmp_path):
    frame = pd.DataFrame(
        {"message": ["a", None], "tél": [212661234567, 1], "date": pd.to_datetime(["2021-09-03", None])}
    )
    frame.to_excel(tmp_path / "p.xlsx", index=False)
    assert table(tmp_path, (tmp_path / "p.xlsx").read_bytes()).rows == [
        ["a", "212661234567", "2021-09-03"],
        ["", "1", ""],
    ]
