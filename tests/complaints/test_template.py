"""The empty workbook: its headings are read back, its example is never a complaint, and it replaces nothing."""

import pytest
from openpyxl import load_workbook

from tasrib.complaints.headers import Headers
from tasrib.complaints.schema import CHANNELS, FIELDS, YES_NO
from tasrib.complaints.template import help_sheet, make_template, write_template
from tasrib.complaints.words import fold, is_example, reference, synonyms
from tasrib.errors import TasribError
from tasrib.tables import write_table
from tasrib.tables.named import read_named
from tasrib.tables.readers import read_tables


@pytest.fixture
def workbook(tmp_path):
    write_template(tmp_path / "complaints.xlsx")
    return tmp_path / "complaints.xlsx"


def read_back(path):
    headers = Headers()
    _, (table,) = read_tables(path, headers)
    found = headers.recognise(path.name, table.columns, table.rows)
    return table, found, table.columns.index(found.columns["text"])


def test_every_field_has_a_column_that_is_recognised(workbook):
    table, found, _ = read_back(workbook)
    assert set(found.columns) == set(FIELDS)
    assert not found.ignored
    assert [column["field"] for column in reference("template.toml")["column"]] == [
        next(name for name, heading in found.columns.items() if heading == column) for column in table.columns
    ]


def test_the_example_is_known_wherever_it_is_and_what_is_written_beside_it_is_not(workbook, tmp_path):
    book = load_workbook(workbook)
    sheet = book.worksheets[0]
    sheet["B3"], sheet["C3"] = "صوتوا على الوردة", "0661000101"
    sheet.move_range("A2:O2", rows=3)
    sheet.insert_rows(2)
    sheet["B2"], sheet["C2"] = "Exemple de message : votez", "0661000102"
    book.save(tmp_path / "again.xlsx")
    table, _, text = read_back(tmp_path / "again.xlsx")
    assert [is_example(row[text]) for row in table.rows] == [False, False, True]


def test_the_example_is_known_after_other_formats(workbook, tmp_path):
    frame, _ = read_named(workbook, ["Canal · القناة · Channel"], "")
    for suffix in (".csv", ".jsonl", ".xlsx"):
        write_table(frame, tmp_path / f"again{suffix}")
        table, _, text = read_back(tmp_path / f"again{suffix}")
        assert [is_example(row[text]) for row in table.rows] == [True]


def test_what_the_sheets_explain_looks_like_no_complaints():
    import io

    book = load_workbook(io.BytesIO(make_template()))
    assert book.sheetnames[1] == help_sheet()
    rows = [[str(cell or "") for cell in row] for row in book.worksheets[1].iter_rows(values_only=True, max_row=12)]
    assert not any(map(Headers().is_header, rows))


def test_all_columns_are_text_and_lists_hold_what_is_read(workbook):
    sheet = load_workbook(workbook).worksheets[0]
    assert {dimension.number_format for dimension in sheet.column_dimensions.values()} == {"@"}
    assert {cell.number_format for row in sheet["A1:O2"] for cell in row} == {"@"}
    lists = {
        str(rule.sqref)[0]: rule.formula1.strip('"').split(",")
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert len(lists) == 1 + len(YES_NO)
    assert all(len(rule.prompt) <= 255 for rule in sheet.data_validations.dataValidation)
    for values in lists.values():
        assert len(",".join(values)) <= 255
        meanings = {synonyms("yes_no").get(fold(value), synonyms("channel").get(fold(value))) for value in values}
        assert meanings in ({"yes", "no", "unknown"}, set(CHANNELS))


def test_it_replaces_nothing(workbook, tmp_path):
    workbook.write_bytes(b"complaints of a month")
    with pytest.raises(TasribError, match="exists and may hold complaints"):
        write_template(workbook)
    assert workbook.read_bytes() == b"complaints of a month"
    for name, word in (("a.csv", "workbook"), ("-", "workbook"), ("no/a.xlsx", "does not exist")):
        with pytest.raises(TasribError, match=word):
            write_template(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["complaints.xlsx"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EXEMPLE · مثال · EXAMPLE: x", True),
        ("exemple . مثال . example", True),
        ("Exemple : votez", False),
        ("", False),
        ("مثال", False),
    ],
)
def test_only_the_mark_makes_an_example(text, expected):
    assert is_example(text) is expected
