"""Comma, semicolon, tab and bar separated text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from tasrib.errors import UnreadableInput
from tasrib.tables.decoding import decode
from tasrib.tables.raw import (
    HEADER_ROWS,
    MAX_LINE,
    BadRow,
    HeaderTest,
    RawTable,
    Source,
    as_json,
    find_header,
    fullest_row,
    unique_names,
)

SUFFIXES = (".csv", ".tsv")

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 300
_END = "\ue000end of file\ue000"
_MAX_OPEN_QUOTES = 50
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
_LOST_BYTES = re.compile("[\udc80-\udcff]")
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
        When it is not text, or its quotes are beyond repair.
    """
    # The csv module's own limit (131,072) would refuse what the schema can quarantine with a reason.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))
    lines = list(io.StringIO(decode(source).replace("\x00", ""), newline=""))
    stated = _SEP_LINE.fullmatch(lines[0])
    if stated:
        lines = lines[1:]
    delimiter = stated[1] if stated else _guess_delimiter(lines, headers)

    records = list(_records(lines, delimiter, source.name))
    top = [cells for cells, _ in records[:HEADER_ROWS]]
    found = find_header(top, headers)
    start = fullest_row(top) if found is None else found
    columns = unique_names(_without_blank_tail(records[start][0])) if records else []

    table = RawTable(columns, [], [])
    for number, (cells, reason) in enumerate(records[start + 1 :], start=start + 2):
        if not any(cell.strip() for cell in cells):
            continue
        if any(map(_LOST_BYTES.search, cells)):
            cells = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for cell in cells]
            reason = reason or "some bytes are not UTF-8 like the rest of the file"
        cells = [unguard(cell) for cell in cells]
        width = _wrong_width(cells, len(columns))
        if reason or width:
            short = cells if not reason and len(cells) < len(columns) else None
            table.bad.append(BadRow(number, reason or width, as_json(columns, cells), cells=short))
        else:
            table.rows.append(cells[: len(columns)])
            table.row_numbers.append(number)
    return [table]


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
        rows = [row for row in csv.reader(lines[:_SAMPLE_LINES], delimiter=delimiter) if row]
        found = find_header(rows, headers)
        head = fullest_row(rows) if found is None else found
        width = len(rows[head]) if rows else 0
        even = sum(len(row) == width for row in rows[head:]) / max(len(rows) - head, 1)
        best = max((headers.score(row) for row in rows[:HEADER_ROWS]), default=0)
        return best, width > 1, even, width

    try:
        return max(_DELIMITERS, key=merit)
    except csv.Error:
        return ","


def _records(lines: list[str], delimiter: str, name: str) -> Iterator[tuple[list[str], str]]:
    """
    Each record's cells and, for a line whose quote is never closed, the reason against it.

    Such a quote swallows the rest of the file. An end mark put after the last line shows it: swallowed
    too, it is not a record of its own. Then only the line with the quote is given up, and reading goes on
    below it.
    """
    if lines and not lines[-1].endswith(("\n", "\r")):
        lines = [*lines[:-1], lines[-1] + "\n"]
    start = 0
    for _ in range(_MAX_OPEN_QUOTES):
        reader = csv.reader(chain(islice(lines, start, None), [_END]), delimiter=delimiter)
        begin = start
        try:
            for cells in reader:
                if start + reader.line_num > len(lines):
                    if cells == [_END]:
                        return
                    break
                begin = start + reader.line_num
                yield cells, ""
        except csv.Error:
            pass
        yield (
            next(csv.reader([lines[begin]], delimiter=delimiter)),
            "a quote opens in this row and is never closed",
        )
        start = begin + 1
    raise UnreadableInput(f"{name}: more than {_MAX_OPEN_QUOTES} quotes are never closed; export it again")
