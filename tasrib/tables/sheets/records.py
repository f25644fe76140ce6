"""
Binary workbooks looked through before a library unpacks them.

The library makes a dense table up to the outermost cell, and follows chains of sectors wherever they lead. A file of a few bytes could so
ask for all memory, or for ever. Sources: MS-XLS and MS-XLSB (records).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tasrib.tables.sheets.compound import read_container
from tasrib.tables.sheets.grid import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_UNPACKED, Merge
from tasrib.tables.sheets.ooxml import relations
from tasrib.tables.sheets.package import Damaged, Package

_WORKBOOK_STREAMS = ("workbook", "book")
# Records of MS-XLS that begin with the row and column of a cell; the row is of two bytes, so it lies within bounds.
_XLS_CELLS = frozenset({0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E})
_XLS_SEVERAL_CELLS, _XLS_DIMENSIONS, _XLS_SHEET, _XLS_BEGIN = 0x00BD, 0x0200, 0x0085, 0x0809
_XLS_FORMULA, _XLS_BOOLEAN_OR_ERROR = 0x0006, 0x0205
_XLS_ROWS, _XLS_COLUMNS = 65_536, 256
# Records of MS-XLSB.
_SHARED, _TEXT = 7, 19
_ROW, _FILLED_CELLS, _ERRORS, _MERGED, _SHEET, _WORKBOOK = 0, range(2, 12), (3, 11), 177, 156, "xl/workbook.bin"
_ERROR_NAMES = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip


@dataclass
class Beyond:
    """
    What the library does not tell of a sheet.

    Parameters
    ----------
    merged : list of Merge
        Merged ranges.
    errors : list of (int, int, str)
        Row from 1, column from 0, and the error that is shown.
    """

    merged: list[Merge] = field(default_factory=list)
    errors: list[tuple[int, int, str]] = field(default_factory=list)


def check_xls(data: bytes) -> list[Beyond]:
    """
    Refuse an ``.xls`` that would have no end, or cells where no such sheet has any.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    list of Beyond
        What the library does not tell, of each sheet in their order.

    Raises
    ------
    Damaged
        When it is so.
    """
    sheets: dict[int, Beyond] = {}
    sheet = Beyond()
    for at, kind, body in _xls_records(_workbook_stream(data)):
        if kind == _XLS_SHEET:
            sheets[struct.unpack_from("<I", body)[0]] = Beyond()
        elif kind == _XLS_BEGIN:
            sheet = sheets.get(at, sheet)
        elif kind == _XLS_DIMENSIONS:
            _check_dimensions(body)
        elif kind in _XLS_CELLS or kind == _XLS_SEVERAL_CELLS:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _XLS_SEVERAL_CELLS else column
            if max(column, last) >= _XLS_COLUMNS:
                raise Damaged("a column that no sheet has")
            error = _xls_error(kind, body)
            if error is not None:
                sheet.errors.append((row + 1, column, _ERROR_NAMES.get(error, "#N/A")))
    return list(sheets.values())


def check_xlsb(package: Package) -> list[Beyond]:
    """
    Refuse an ``.xlsb`` with cells so far from each other that no table can hold them.

    Parameters
    ----------
    package : Package
        The workbook.

    Returns
    -------
    list of Beyond
        What the library does not tell, of each sheet in their order.

    Raises
    ------
    Damaged
        When it is so.
    """
    targets = relations(package, _WORKBOOK)
    texts = next((target for kind, target in targets.values() if kind == "sharedStrings" and target in package), "")
    listed = _xlsb_records(package.read(texts)) if texts else ()
    lengths = [struct.unpack_from("<I", body, 1)[0] for kind, body in listed if kind == _TEXT]
    sheets = []
    for kind, body in _xlsb_records(package.read(_WORKBOOK)):
        if kind == _SHEET:
            length = struct.unpack_from("<I", body, 8)[0]
            if length == 0xFFFFFFFF:
                continue
            relation = body[12 : 12 + 2 * length].decode("utf-16-le", "replace")
            # The library takes for granted what is looked at here, and says so on the terminal when it is not so.
            if 12 + 2 * length > len(body) or relation not in targets:
                raise Damaged("a sheet without a part")
            sheets.append(_xlsb_sheet(package.read(targets[relation][1]), lengths))
    return sheets


def _check_dimensions(body: bytes) -> None:
    first_row, rows, first, columns = struct.unpack_from("<IIHH" if len(body) >= 12 else "<HHHH", body)
    if first_row > rows or first > columns or rows > _XLS_ROWS or columns > _XLS_COLUMNS:
        raise Damaged("dimensions that no sheet has")


def _xls_error(kind: int, body: bytes) -> int | None:
    """The code of an error that a cell shows."""
    if kind == _XLS_BOOLEAN_OR_ERROR and body[7]:
        return body[6]
    # The result of a formula is a number unless its last two bytes are set; then the first says of what kind it is.
    if kind == _XLS_FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _workbook_stream(data: bytes) -> bytes:
    """The stream with the records, all chains of the container having an end."""
    streams = read_container(data).entries
    found = next((each.content for each in streams if each.name.lower() in _WORKBOOK_STREAMS and each.content), b"")
    if not found:
        raise Damaged("no stream of a workbook")
    return found


def _xls_records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where each record begins, its kind and its content."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _xlsb_records(part: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and length are of one or two, and of one to four bytes, seven bits each."""
    at = 0
    while at < len(part):
        kind = part[at]
        at += 1
        if kind & 0x80 and at < len(part):
            kind = (kind & 0x7F) | (part[at] & 0x7F) << 7
            at += 1
        length = 0
        for place in range(4):
            if at >= len(part):
                raise Damaged("a record is cut short")
            byte = part[at]
            at += 1
            length |= (byte & 0x7F) << 7 * place
            if not byte & 0x80:
                break
        yield kind, part[at : at + length]
        at += length


def _xlsb_sheet(part: bytes, lengths: Sequence[int]) -> Beyond:
    row, sheet = 0, Beyond()
    characters = 0
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, body in _xlsb_records(part):
        if kind == _ROW:
            row = struct.unpack_from("<I", body)[0]
        elif kind in _FILLED_CELLS:
            column = struct.unpack_from("<I", body)[0]
            rows.add(row)
            columns.add(column)
            if kind == _SHARED:
                # The library copies a text for each cell that refers to it.
                characters += lengths[struct.unpack_from("<I", body, 8)[0]]
                if characters > MAX_UNPACKED:
                    raise Damaged("texts that unpack without end")
            if kind in _ERRORS:
                sheet.errors.append((row + 1, column, _ERROR_NAMES.get(body[8], "#N/A")))
        elif kind == _MERGED:
            first, last, left, right = struct.unpack_from("<4I", body)
            sheet.merged.append(Merge(first + 1, left, last + 1, right))
    if rows and (max(rows) >= MAX_ROWS or max(columns) >= MAX_COLUMNS):
        raise Damaged("a cell beyond the last")
    if rows and (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1) > 2 * MAX_CELLS:
        raise Damaged("cells too far from each other")
    return sheet
