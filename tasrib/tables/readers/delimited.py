"""Comma, semicolon, tab and bar separated text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from itertools import islice

from tasrib.tables.decoding import ZERO_BYTES, decode
from tasrib.tables.layout import ABOVE
from tasrib.tables.notes import Kind, Note, of_rows
from tasrib.tables.quotes import ESCAPES, STRAY_QUOTES, likely_width, records
from tasrib.tables.raw import (
    HEADER_ROWS,
    MAX_LINE,
    BadRow,
    HeaderTest,
    RawTable,
    Source,
    as_json,
    check_width,
    find_header,
    fullest_row,
    unique_names,
)

SUFFIXES = (".csv", ".tsv")

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 300
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_WHOLE_LINE = re.compile(r'"((?:[^"\r\n]|"")*+)"[\r\n]*')
_LOST_BYTES = re.compile("[\udc80-\udcff]")
_SAID: dict[str, tuple[Kind, str]] = {
    "rows_above_headings": ("left_out", ABOVE),
    "blank_rows": ("left_out", "empty, left out"),
    STRAY_QUOTES: ("mended", "a quote opens a cell and is not closed in it; the row was read as it is written"),
    ESCAPES: (
        "mended",
        "backslashes stand before quotes or line ends within a cell, as databases write them; they were taken away",
    ),
    "zero_bytes": ("mended", ZERO_BYTES),
}
# A cell that a spreadsheet would run as a formula; write_table puts one apostrophe before it.
RISKY = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")


def unguard(cell: str) -> str:
    """Take away the apostrophe that `write_table` put before a formula-like cell."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """
    Read delimited text whose encoding and delimiter nobody stated.

    Rows are numbered as a spreadsheet shows them: a quoted line break does not start a row, an Excel
    ``sep=`` line is not counted.

    Raises
    ------
    UnreadableInput
        When it is not text.
    """
    # The csv module's own limit (131,072) would refuse what the schema can quarantine with a reason.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
    text, notes = decode(source)
    lines = list(io.StringIO(text, newline=""))
    lines, unwrapped = _unwrapped(lines)
    notes += unwrapped
    stated = _SEP_LINE.fullmatch(lines[0])
    if stated:
        lines = lines[1:]
    delimiter = stated[1] if stated else _guess_delimiter(lines, headers)

    top = _first_rows(lines, delimiter, HEADER_ROWS)
    found = find_header(top, headers)
    start = fullest_row(top) if found is None else found
    columns = unique_names(_without_blank_tail(top[start])) if top else []
    check_width(source.name, len(columns))

    table = RawTable(columns, [], [], notes=notes)
    counted: dict[str, list[int]] = {name: [] for name in _SAID}
    for number, record in enumerate(records(lines, delimiter, len(columns)), start=1):
        cells, reason = record.cells, record.fault
        blank = not any(cell.strip() for cell in cells)
        if number <= start + 1 or blank:
            if number != start + 1:
                counted["blank_rows" if blank else "rows_above_headings"].append(number)
            continue
        if record.mended:
            counted[record.mended].append(number)
        if any("\x00" in cell for cell in cells):
            counted["zero_bytes"].append(number)
        if any(map(_LOST_BYTES.search, cells)):
            cells = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for cell in cells]
            reason = reason or "some bytes are not UTF-8 like the rest of the file"
        cells = [unguard(cell.replace("\x00", "")) for cell in cells]
        width = _wrong_width(cells, len(columns))
        if reason or width:
            short = cells if not reason and len(cells) < len(columns) else None
            table.bad.append(BadRow(number, reason or width, as_json(columns, cells), cells=short))
        else:
            table.rows.append(cells[: len(columns)])
            table.row_numbers.append(number)
    last = max([*table.row_numbers, *(bad.row for bad in table.bad)], default=0)
    counted["blank_rows"] = [number for number in counted["blank_rows"] if start + 1 < number < last]
    for code, (kind, said) in _SAID.items():
        table.notes.extend(of_rows(kind, code, said, counted[code]))
    return [table]


def _unwrapped(lines: list[str]) -> tuple[list[str], list[Note]]:
    """Lines that stand in quotes as a whole, as when a file of one column in Excel is saved once more."""
    filled = [line for line in lines[:_SAMPLE_LINES] if line.strip()]
    whole = [_WHOLE_LINE.fullmatch(line) for line in filled]
    if not all(whole) or not any(delimiter in filled[0] for delimiter in _DELIMITERS):
        return lines, []
    bare = [_WHOLE_LINE.fullmatch(line) for line in lines]
    text = "".join(
        f"{found[1]}\n".replace('""', '"') if found else line for found, line in zip(bare, lines, strict=True)
    )
    said = "each line stands in quotes as a whole; read without them"
    return list(io.StringIO(text, newline="")), [Note("read", "quoted_lines", said)]


def _first_rows(lines: Sequence[str], delimiter: str, count: int) -> list[list[str]]:
    """Before the headings are known, most rows tell how many cells a row has: a stray quote may stand in the headings too."""
    first = lines[:_SAMPLE_LINES]
    return [record.cells for record in islice(records(first, delimiter, likely_width(first, delimiter)), count)]


def _wrong_width(cells: Sequence[str], width: int) -> str:
    """The reason against a row with too few or too many cells; blank surplus cells do no harm."""
    if len(cells) < width:
        return f"the row has {len(cells)} cells, the header {width}"
    if any(cell.strip() for cell in cells[width:]):
        return f"the row has {len(cells)} cells, the header {width}; quote a text with the delimiter in it"
    return ""


def _without_blank_tail(cells: Sequence[str]) -> list[str]:
    """Spreadsheets export empty columns to the right of the table."""
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def _guess_delimiter(lines: Sequence[str], headers: HeaderTest) -> str:
    """The delimiter that gives the best known header, then the most even rows."""

    def merit(delimiter: str) -> tuple[int, bool, float, int]:
        rows = [row for row in _first_rows(lines, delimiter, _SAMPLE_LINES) if row]
        found = find_header(rows, headers)
        head = fullest_row(rows) if found is None else found
        width = len(rows[head]) if rows else 0
        even = sum(len(row) == width for row in rows[head:]) / max(len(rows) - head, 1)
        best = max((headers.score(row) for row in rows[:HEADER_ROWS]), default=0)
        return best, width > 1, even, width

    return max(_DELIMITERS, key=merit)
