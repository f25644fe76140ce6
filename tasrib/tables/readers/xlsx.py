"""Excel workbooks."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl import load_workbook

from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note, of_rows
from tasrib.tables.raw import (
    HEADER_ROWS,
    MAX_FILE,
    HeaderTest,
    RawTable,
    Source,
    cell_text,
    find_header,
    fullest_row,
    mend,
    unique_names,
)

SUFFIXES = (".xlsx", ".xlsm")

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Office Open XML writes characters that XML forbids as _xHHHH_ (ECMA-376 part 1, ST_Xstring).
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read each sheet with a recognised header among its first ten rows.

    Visible sheets come before hidden ones; sheets that are not read are named in a note.

    Raises
    ------
    UnreadableInput
        When the file is no workbook, protected, or unpacks to more than the size limit.
    """
    _check_package(source)
    try:
        # openpyxl warns of styles and extensions it will not keep; nothing here depends on them.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read_workbook(source, headers)
    except UnreadableInput:
        raise
    except Exception as error:  # a broken part shows as KeyError, ParseError, ValueError, zlib.error …
        raise UnreadableInput(f"{source.name} is a damaged workbook; open it in Excel and save it again") from error


def _check_package(source: Source) -> None:
    """Say what is wrong before openpyxl stumbles over it."""
    if source.data.startswith(_OLE):
        if _ENCRYPTED in source.data:
            raise UnreadableInput(f"{source.name} is protected by a password; save a copy without it")
        raise UnreadableInput(f"{source.name} is in the old .xls format inside; open it in Excel and save it as .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as package:
            parts = {part.filename: part.file_size for part in package.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableInput(f"{source.name} is not an Excel workbook, or is cut short; save it again") from None
    if "[Content_Types].xml" not in parts:
        raise UnreadableInput(f"{source.name} is a ZIP archive, not a workbook; save it as .xlsx")
    if sum(parts.values()) > 5 * MAX_FILE:
        raise UnreadableInput(f"{source.name} unpacks to more than {5 * MAX_FILE // 10**6} MB; split it")


def _read_workbook(source: Source, headers: HeaderTest) -> list[RawTable]:
    """Choose the sheets and read them."""
    book = load_workbook(io.BytesIO(source.data), read_only=True, data_only=True)
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    if not sheets:
        raise UnreadableInput(f"{source.name} has no sheet with cells")
    tops = [[cells for cells, _ in zip(_cells(sheet), range(HEADER_ROWS), strict=False)] for sheet in sheets]
    found = [position for position, top in enumerate(tops) if find_header(top, headers) is not None]
    with_cells = [position for position, top in enumerate(tops) if any(map(any, top))]
    chosen = found or with_cells[:1] or [0]
    tables = [_read_sheet(sheets[position], tops[position], headers) for position in chosen]
    for position in with_cells:
        if position not in chosen:
            said = "the sheet has no row of headings that is known, and was not read"
            tables[0].notes.append(Note("lost", "sheet_not_read", said, sheet=sheets[position].title))
    return tables


def _read_sheet(sheet: Any, top: Sequence[Sequence[str]], headers: HeaderTest) -> RawTable:
    head = find_header(top, headers)
    start = fullest_row(top) if head is None else head
    columns = unique_names(top[start]) if top else []
    table = RawTable(columns, [], [], sheet=sheet.title)
    blank = []
    for number, cells in enumerate(_cells(sheet), start=1):
        if number <= start + 1:
            continue
        if not any(cell.strip() for cell in cells):
            blank.append(number)
            continue
        # Cells to the right of the header keep a column of their own, so that nothing is lost.
        while len(columns) < len(cells):
            columns.append(f"column {len(columns) + 1}")
        table.rows.append(cells)
        table.row_numbers.append(number)
    for cells in table.rows:
        cells.extend([""] * (len(columns) - len(cells)))
    last = max(table.row_numbers, default=0)
    table.notes.extend(of_rows("left_out", "blank_rows", "empty, left out", (row for row in blank if row < last)))
    return table


def _cells(sheet: Any) -> Iterator[list[str]]:
    """Rows as strings, without blank cells at the end."""
    # Other programs write a wrong <dimension>, and openpyxl would believe it.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True):
        cells = [_text(value) for value in row]
        while cells and not cells[-1].strip():
            cells.pop()
        yield cells


def _text(value: Any) -> str:
    """A cell as string, Excel's _xHHHH_ undone."""
    if isinstance(value, str) and "_x" in value:
        return mend(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), value))
    return cell_text(value)
