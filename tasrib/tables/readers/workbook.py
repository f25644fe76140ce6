"""Workbooks of Excel and LibreOffice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import HeaderTest, RawTable, Source
from tasrib.tables.readers import delimited
from tasrib.tables.sheets import kinds
from tasrib.tables.sheets.grid import Grid
from tasrib.tables.sheets.table import has_header, table_of
from tasrib.tables.sheets.titles import named

SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".xlsb", ".ods")

_HIDDEN = "the sheet is hidden in the workbook, and was read like the others"
_MANY_DIGITS = 6
_EMPTY = "the sheet has headings and nothing below them"


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read each sheet with a recognised header among its first filled rows, or the one that the user names.

    Sheets that are not read are named in a note. What the suffix says is not believed: text with delimiters is read as such.

    Raises
    ------
    UnreadableInput
        When the file is no workbook, protected, larger than any, or has no such sheet.
    """
    kinds.refuse_markup(source.data, source.name)
    if kinds.is_text(source.data):
        tables = delimited.read(source, headers)
        tables[0].notes.insert(0, Note("read", "text_inside", "is no workbook but text inside, and was read as that"))
        return tables
    sheets = kinds.sheets(source.data, source.name)
    if source.sheet is not None:
        return [table_of(named(sheets, source.sheet, source.name), headers)]
    return _tables(sheets, headers, source.name)


def _tables(sheets: Sequence[Grid], headers: HeaderTest, name: str) -> list[RawTable]:
    """Visible sheets come before hidden ones."""
    filled = sorted((sheet for sheet in sheets if sheet.filled), key=lambda sheet: sheet.hidden)
    if not filled:
        raise UnreadableInput(f"{name} has no sheet with cells")
    known = [sheet for sheet in filled if has_header(sheet, headers)]
    tables = [table_of(sheet, headers) for sheet in known or filled[:1]]
    for sheet, table in zip(known, tables, strict=False):
        if sheet.hidden:
            table.notes.append(Note("read", "hidden_sheet", _HIDDEN))
        if not table.rows and len(known) > 1:
            table.notes.append(Note("read", "empty_sheet", _EMPTY))
    read = {table.sheet for table in tables}
    for sheet in filled:
        if sheet.title not in read:
            tables[0].notes.append(replace(_unread(sheet, known), sheet=sheet.title))
    return tables


def _unread(sheet: Grid, known: Sequence[Grid]) -> Note:
    count = f"its {len(sheet.filled):,} rows were" if len(sheet.filled) > 1 else "its one row was"
    numbers = _number_columns(sheet, sheet.filled[:1])
    before = [other for other in known if numbers and _number_columns(other, other.filled[1:]) == numbers]
    if before:
        said = f"the sheet goes on as '{before[0].title}' does, but without headings, so {count} not read; put them in its first row"
        return Note("lost", "sheet_without_headings", said)
    return Note("left_out", "sheet_not_read", f"the sheet has no row of headings that is known, so {count} not read")


def _number_columns(sheet: Grid, rows: Sequence[int]) -> frozenset[int]:
    """The columns with telephone numbers or dates in most of these rows: no heading has so many digits."""
    cells = ((column, text) for row in rows for column, text in sheet.rows[row].items())
    counts = Counter(column for column, text in cells if sum(map(str.isdigit, text[:30])) >= _MANY_DIGITS)
    return frozenset(column for column, count in counts.items() if 2 * count > len(rows))
