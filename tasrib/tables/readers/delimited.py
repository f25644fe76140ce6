"""Comma, semicolon, tab and bar separated text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from tasrib.tables.decoding import ZERO_BYTES, Text, decode
from tasrib.tables.layout import ABOVE
from tasrib.tables.notes import Kind, Note, of_rows
from tasrib.tables.quotes import ESCAPES, STRAY_QUOTES, Record, Shape, likely_width, records
from tasrib.tables.raw import (
    CHARACTERS,
    HEADER_ROWS,
    MAX_LINE,
    BadRow,
    HeaderTest,
    RawTable,
    Source,
    Stream,
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
_WRAPPED = "each line stands in quotes as a whole; read without them"
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


def streams(source: Source, headers: HeaderTest) -> list[Stream]:
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
    text = decode(source)
    wrapped = _are_wrapped(list(islice(_lines(text), _SAMPLE_LINES)))
    notes = [*text.notes, *([Note("read", "quoted_lines", _WRAPPED)] if wrapped else [])]
    stated = _SEP_LINE.fullmatch(next(_lines(text, wrapped)))

    def lines() -> Iterator[str]:
        return islice(_lines(text, wrapped), 1 if stated else 0, None)

    head = list(islice(lines(), _SAMPLE_LINES))
    delimiter = stated[1] if stated else _guess_delimiter(head, headers)
    top = _first_rows(head, delimiter, HEADER_ROWS)
    found = find_header(top, headers)
    start = fullest_row(top) if found is None else found
    columns = unique_names(_without_blank_tail(top[start])) if top else []
    check_width(source.name, len(columns))
    shape = Shape(lines(), delimiter, len(columns))
    return [Stream(columns, lambda size: _slices(records(lines(), shape), start + 1, columns, notes, size))]


def read(source: Source, headers: HeaderTest) -> list[RawTable]:
    """Read all rows that `streams` gives."""
    return [stream.whole() for stream in streams(source, headers)]


def _lines(text: Text, wrapped: bool = False) -> Iterator[str]:
    for piece in text.pieces():
        if wrapped:
            bare = ((_WHOLE_LINE.fullmatch(line), line) for line in io.StringIO(piece, newline=""))
            piece = "".join(f"{found[1]}\n".replace('""', '"') if found else line for found, line in bare)
        yield from io.StringIO(piece, newline="")


def _are_wrapped(lines: Sequence[str]) -> bool:
    """Whether lines stand in quotes as a whole, as when a file of one column in Excel is saved once more."""
    filled = [line for line in lines if line.strip()]
    whole = all(map(_WHOLE_LINE.fullmatch, filled))
    return bool(filled) and whole and any(delimiter in filled[0] for delimiter in _DELIMITERS)


def _slices(
    rows: Iterable[Record], heading: int, columns: list[str], notes: list[Note], size: int
) -> Iterator[RawTable]:
    """The rows below the heading, so many at a time."""
    at_work = _Slice(columns, notes)
    blank: list[int] = []
    for number, record in enumerate(rows, start=1):
        if not any(cell.strip() for cell in record.cells):
            blank.append(number)
        elif number < heading:
            at_work.counted["rows_above_headings"].append(number)
        elif number > heading:
            if at_work.is_full(size):
                yield at_work.table()
                at_work = _Slice(columns, [])
            # What is blank above the heading is none of the table, and neither is what is blank at the end.
            at_work.counted["blank_rows"] += [row for row in blank if row > heading]
            blank.clear()
            at_work.add(number, record)
    yield at_work.table()


class _Slice:
    """Some rows of a table, on the way to it."""

    def __init__(self, columns: list[str], notes: list[Note]) -> None:
        self._table = RawTable(columns, [], [], notes=list(notes))
        self.counted: dict[str, list[int]] = {name: [] for name in _SAID}
        self._characters = 0

    def is_full(self, size: int) -> bool:
        """Whether so many rows are in it, or fewer long ones."""
        n_rows = len(self._table.rows) + len(self._table.bad)
        return n_rows >= size or self._characters > size * CHARACTERS

    def add(self, number: int, record: Record) -> None:
        """Take a row that is not blank."""
        cells, reason, columns = record.cells, record.fault, self._table.columns
        if record.mended:
            self.counted[record.mended].append(number)
        if any("\x00" in cell for cell in cells):
            self.counted["zero_bytes"].append(number)
        if any(map(_LOST_BYTES.search, cells)):
            cells = [cell.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace") for cell in cells]
            reason = reason or "some bytes are not UTF-8 like the rest of the file"
        cells = [unguard(cell.replace("\x00", "")) for cell in cells]
        self._characters += sum(map(len, cells))
        width = _wrong_width(cells, len(columns))
        if reason or width:
            short = cells if not reason and len(cells) < len(columns) else None
            self._table.bad.append(BadRow(number, reason or width, as_json(columns, cells), cells=short))
        else:
            self._table.rows.append(cells[: len(columns)])
            self._table.row_numbers.append(number)

    def table(self) -> RawTable:
        """The table of these rows."""
        for code, (kind, said) in _SAID.items():
            self._table.notes.extend(of_rows(kind, code, said, self.counted[code]))
        return self._table


def _first_rows(lines: Sequence[str], delimiter: str, count: int) -> list[list[str]]:
    """Before the headings are known, most rows tell how many cells a row has: a stray quote may stand in the headings too."""
    first = lines[:_SAMPLE_LINES]
    shape = Shape(first, delimiter, likely_width(first, delimiter))
    return [record.cells for record in islice(records(first, shape), count)]


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
