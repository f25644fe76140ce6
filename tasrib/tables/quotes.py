"""Lines to records where quotes may be stray: a quote that nobody closed must not swallow the rows below it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from tasrib.errors import UnreadableInput

STRAY_QUOTES, ESCAPES = "stray_quotes", "escaped_quotes"
_OPEN = "a quote opens in this row and is never closed"
_MAX_OPEN_QUOTES = 50
_SAMPLE_LINES = 1_000
# A number, a date, a time: what a record has in the same column as all others, and the lines of a message have not.
_VALUE = re.compile(r"[\s\"'\u200e\u200f]*[+(]{0,2}\d[\d\s+().:/,TZ-]{0,40}[\"'\s]*")
_MOSTLY = 0.7


class Record(NamedTuple):
    """
    The cells of one row.

    Attributes
    ----------
    cells : list of str
        As written.
    fault : str
        The reason against the row, if there is one.
    mended : str
        What was done to read it: one of the codes above, or nothing.
    """

    cells: list[str]
    fault: str = ""
    mended: str = ""


class _Swallowed(Exception):
    """A quote reaches over a line that is a record by itself."""


def records(lines: Sequence[str], delimiter: str, width: int, name: str) -> Iterator[Record]:
    """
    Part lines into records.

    A quoted cell may go over several lines. It has swallowed a record where a line within it, and the line on which it opens, are each a
    record by themselves: as many cells as the header, and numbers or dates in the columns that hold such elsewhere. Then the quote is
    stray, its row is what is written on its line, and reading goes on below it. A quote that is nowhere closed is stray as well. Quotes
    within a cell may be doubled (RFC 4180) or stand behind a backslash; each row tells which by having the right number of cells.

    Parameters
    ----------
    lines : sequence of str
        With their ends.
    delimiter : str
        What stands between cells.
    width : int
        Cells of the header.
    name : str
        The file, for messages.

    Yields
    ------
    Record
        One a row, blank ones too.

    Raises
    ------
    UnreadableInput
        When so many quotes are open that nothing can be relied on.
    """
    shape = _Shape(lines, delimiter, width)
    start, n_open = 0, 0
    while start < len(lines):
        pull = _Pull(lines, start, shape)
        try:
            for cells in csv.reader(pull, delimiter=delimiter, strict=True):
                if len(cells) > width and "\\" in lines[pull.begin]:
                    raise csv.Error
                if pull.next > pull.begin + 1 and shape.holds_line(cells):
                    raise _Swallowed
                yield Record([_null(cell) for cell in cells])
                pull.begin = pull.next
            return
        except (csv.Error, _Swallowed):
            start = pull.begin
        record, start = _odd_record(lines, start, shape)
        if record.fault == _OPEN:
            n_open += 1
            if n_open > _MAX_OPEN_QUOTES:
                raise UnreadableInput(f"{name}: more than {_MAX_OPEN_QUOTES} quotes are never closed; export it again")
        yield record


def _null(cell: str) -> str:
    r"""Databases write \N for no value."""
    return "" if cell == "\\N" else cell


def _odd_record(lines: Sequence[str], start: int, shape: _Shape) -> tuple[Record, int]:
    """The record that begins on a line which is not as RFC 4180 has it, and the line after it."""
    if "\\" in lines[start]:
        pull = _Pull(lines, start, shape)
        try:
            cells = next(csv.reader(pull, delimiter=shape.delimiter, escapechar="\\", doublequote=False, strict=True))
            if len(cells) == shape.width:
                return Record([_null(cell) for cell in cells], mended=ESCAPES), pull.next
        except (csv.Error, _Swallowed, StopIteration):
            pass
    written = shape.as_written(lines[start])
    if shape.is_record(written):
        return Record(written, mended=STRAY_QUOTES), start + 1
    pull = _Pull(lines, start, shape)
    # Not strict: text behind a closing quote is taken for part of the cell; but not over several lines, for there it swallows.
    with suppress(csv.Error, _Swallowed):
        cells = next(csv.reader(pull, delimiter=shape.delimiter))
        if pull.is_closed and pull.next == start + 1:
            return Record(cells), pull.next
    return Record(next(csv.reader([lines[start]], delimiter=shape.delimiter)), _OPEN), start + 1


class _Shape:
    """What a record of the file looks like: its width, and the columns that hold numbers or dates."""

    def __init__(self, lines: Sequence[str], delimiter: str, width: int) -> None:
        self.delimiter, self.width = delimiter, width
        rows = [row for line in lines[:_SAMPLE_LINES] if len(row := self.as_written(line)) == width]
        self.values = [
            column
            for column in range(width)
            if sum(_VALUE.fullmatch(row[column]) is not None for row in rows) > _MOSTLY * max(len(rows) - 1, 1)
        ]

    def as_written(self, line: str) -> list[str]:
        """Cells of a line whose quotes mean nothing."""
        cells = line.rstrip("\r\n").split(self.delimiter)
        while len(cells) > self.width and not cells[-1].strip():
            cells.pop()
        # A pair around a whole cell does mean something.
        return [
            cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1] else cell
            for cell in cells
        ]

    def holds_line(self, cells: Sequence[str]) -> bool:
        """Whether a cell that should hold a number or a date holds the end of its line and the beginning of the next."""
        mine = [cells[column] for column in self.values if column < len(cells)]
        return any(self.delimiter in cell and ("\n" in cell or "\r" in cell) for cell in mine)

    def is_record(self, cells: Sequence[str]) -> bool:
        """Whether cells are those of a whole record."""
        if len(cells) != self.width or not self.values:
            return False
        held = [cells[column] for column in self.values if cells[column].strip()]
        return bool(held) and all(map(_VALUE.fullmatch, held))


class _Pull:
    """
    Gives a reader its lines, and stops it where a quote has swallowed a record.

    ``begin`` is the line on which the record at work begins, ``next`` the one that is given next.
    """

    def __init__(self, lines: Sequence[str], begin: int, shape: _Shape) -> None:
        self.lines, self.begin, self.next, self.shape = lines, begin, begin, shape
        self.is_closed = True

    def __iter__(self) -> _Pull:
        return self

    def __next__(self) -> str:
        if self.next >= len(self.lines):
            # Asked for more: a quote is open still, unless a record has just ended.
            self.is_closed = self.begin == self.next
            raise StopIteration
        line = self.lines[self.next]
        if self.next > self.begin:
            of_it = self.shape.is_record
            if of_it(self.shape.as_written(self.lines[self.begin])) and of_it(self.shape.as_written(line)):
                raise _Swallowed
        self.next += 1
        return line
