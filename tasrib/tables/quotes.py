"""Lines to records where quotes may be stray: a quote that nobody closed must not swallow the rows below it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tasrib.tables.backslashes import Backslashes, Marked
from tasrib.tables.window import Window

STRAY_QUOTES, ESCAPES = "stray_quotes", "escaped_quotes"
_OPEN = "a quote opens in this row and is never closed"
_BELOW_OPEN = "stands below a row whose quote is never closed, and may be a part of it"
_SAMPLE_LINES = 1_000
_LONGEST_VALUE = 40
_MOSTLY = 0.7
_STRONG = 2
_NEARLY_ALL = 0.9
_OFTEN = 0.2
_MOST_LOOSE_LINES = 50


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


def likely_width(lines: Sequence[str], delimiter: str) -> int:
    """
    How many cells most of the first lines have.

    Parameters
    ----------
    lines : sequence of str
        The first lines of a file.
    delimiter : str
        What stands between cells.

    Returns
    -------
    int
        The most frequent number; lines of one cell count only where there are no others, for messages have such lines.
    """
    counts = Counter(line.count(delimiter) + 1 for line in lines[:_SAMPLE_LINES] if delimiter in line)
    return max(counts, key=lambda width: counts[width], default=1)


def records(text: Iterable[str], shape: Shape) -> Iterator[Record]:
    """
    Part lines into records.

    A quoted cell may go over several lines. It has swallowed a record where a line within it is a record by itself: as many cells as the
    header, and numbers or dates in the columns that hold such elsewhere; where only one column does, the line on which the cell opens
    must be a record too. Then the quote is stray, its row is what is written on its line, and reading goes on below it. A quote that is
    nowhere closed is stray as well. Quotes within a cell may be doubled (RFC 4180), stand behind a backslash, or as they are; each row
    tells which by having the right number of cells.

    Parameters
    ----------
    text : iterable of str
        Its lines, with their ends.
    shape : Shape
        What a record of the file looks like.

    Yields
    ------
    Record
        One a row, blank ones too.
    """
    width = shape.width
    lines = Window(text)
    # A line that leaves a quote open cannot lie within one that was open before: no line is read more than a few times.
    start, is_below_open = 0, False
    while lines.reaches(start):
        lines.forget(start)
        pull = _Pull(lines, start, shape)
        try:
            for cells in csv.reader(pull, delimiter=shape.delimiter, strict=True):
                if _is_odd(cells, lines[pull.begin], width):
                    raise csv.Error
                if pull.next > pull.begin + 1 and shape.holds_line(cells):
                    raise _Swallowed
                is_below_open = is_below_open and not shape.held(lines[pull.begin])
                yield Record(cells, _BELOW_OPEN) if is_below_open and shape.values else _plain(cells, shape)
                pull.begin = pull.next
                lines.forget(pull.begin)
            return
        except (csv.Error, _Swallowed):
            start = pull.begin
        record, start = _odd_record(lines, start, shape)
        is_below_open = record.fault == _OPEN
        yield record


def _is_odd(cells: Sequence[str], line: str, width: int) -> bool:
    """Whether another reading of a line may give the right number of cells."""
    if '"' not in line and "\\" not in line:
        return False
    return len(cells) < width or any(cell.strip() for cell in cells[width:])


def _plain(cells: list[str], shape: Shape) -> Record:
    """A record as RFC 4180 has it, with what a database put into its cells."""
    if not any("\\" in cell for cell in cells):
        return Record(cells)
    # Databases write \N for no value.
    cells = ["" if cell == "\\N" else cell for cell in cells]
    read = [shape.backslashes.undone(cell) for cell in cells]
    return Record(read, mended=ESCAPES if read != cells else "")


def _odd_record(lines: Window, start: int, shape: Shape) -> tuple[Record, int]:
    """The record that begins on a line which is not as RFC 4180 has it, and the line after it."""
    escaped = shape.backslashes.record(lines, start)
    if escaped is not None:
        return Record(escaped[0], mended=ESCAPES), escaped[1]
    line = lines[start].rstrip("\r\n")
    for cells in (shape.loosely_quoted(line), shape.all_quoted(line), shape.as_written(line)):
        if len(cells) == shape.width > 1:
            return Record(cells, mended=STRAY_QUOTES), start + 1
    loose = _loose_record(lines, start, shape)
    if loose is not None:
        return loose
    try:
        cells = next(csv.reader([lines[start]], delimiter=shape.delimiter, strict=True))
        return Record(cells), start + 1
    except csv.Error:
        return Record(shape.as_written(line), _OPEN), start + 1


def _loose_record(lines: Window, start: int, shape: Shape) -> tuple[Record, int] | None:
    """A cell of several lines with quotes inside that are not doubled."""
    pull, tries = _Pull(lines, start, shape), 0
    try:
        for line in pull:
            if pull.next > start + 1 and shape.closing.search(line):
                cells = shape.loosely_quoted("".join(lines.between(start, pull.next)).rstrip("\r\n"))
                if len(cells) == shape.width and not shape.holds_line(cells):
                    return Record(cells, mended=STRAY_QUOTES), pull.next
                tries += 1
            if tries > _STRONG or pull.next > start + _MOST_LOOSE_LINES:
                break
    except (_Swallowed, csv.Error):
        pass
    return None


class Shape:
    """
    What a record of a file looks like: its width, and the columns that hold numbers or dates.

    Parameters
    ----------
    lines : iterable of str
        All lines of the file, with their ends; looked through once.
    delimiter : str
        What stands between cells.
    width : int
        Cells of the header.
    """

    def __init__(self, lines: Iterable[str], delimiter: str, width: int) -> None:
        self.delimiter, self.width = delimiter, width
        mark = re.escape(delimiter)
        end = rf"(?=[ \t]*(?:{mark}|[\r\n]*\Z))"
        self.closing = re.compile(rf'"{end}')
        self._quoted = re.compile(rf'[ \t]*"((?:[^"]|""|"(?![ \t]*(?:{mark}|[\r\n]*\Z)))*+)"[ \t]*{end}')
        rows: list[list[str]] = []
        ends: Counter[str] = Counter()
        first: set[str] = set()
        marked = Marked()
        for number, line in enumerate(lines):
            if number < _SAMPLE_LINES and len(row := self.as_written(line)) == width:
                rows.append(row)
            if not number:
                first.add(_line_end(line))
            # A line break within a cell often differs from the one that ends a row; files joined of two may end rows in both ways.
            if '"' not in line and line.count(delimiter) + 1 == width:
                ends[_line_end(line)] += 1
            marked.add(line)
        self.values = [
            column
            for column in range(width)
            if sum(_is_value(row[column]) for row in rows) > _MOSTLY * max(len(rows) - 1, 1)
        ]
        # Numbers within a message stand behind a blank, those in a column seldom do.
        self._indented = {
            column for column in self.values if sum(row[column][:1].isspace() for row in rows) > _NEARLY_ALL * len(rows)
        }
        often = {end for end, times in ends.items() if times >= _OFTEN * ends.total()}
        self.row_ends = often | first
        self.backslashes = Backslashes(marked.lines, delimiter, width)

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

    def loosely_quoted(self, text: str) -> list[str]:
        """Cells where a quote closes a cell only if nothing follows in it, and stands for itself otherwise."""
        cells, at = [], 0
        while True:
            quoted = self._quoted.match(text, at)
            if quoted:
                cells.append(quoted[1].replace('""', '"'))
                at = quoted.end()
            else:
                stop = text.find(self.delimiter, at)
                stop = len(text) if stop < 0 else stop
                cells.append(text[at:stop])
                at = stop
            if at >= len(text):
                return cells
            at += len(self.delimiter)

    def all_quoted(self, line: str) -> list[str]:
        """Cells of a line that has quotes around each of them."""
        line = line.strip()
        return line[1:-1].split(f'"{self.delimiter}"') if len(line) > 1 and line[0] == line[-1] == '"' else []

    def holds_line(self, cells: Sequence[str]) -> bool:
        """Whether a cell that should hold a number or a date holds the end of its line and the beginning of the next."""
        mine = [cells[column] for column in self.values if column < len(cells)]
        return any(self.delimiter in cell and ("\n" in cell or "\r" in cell) for cell in mine)

    def held(self, line: str) -> int:
        """In how many columns a line has the number or date that belongs there; 0 for what is no whole record."""
        cells = self.as_written(line)
        if len(cells) != self.width:
            return 0
        held = [column for column in self.values if cells[column].strip()]
        fit = all(
            _is_value(cells[column]) and (column in self._indented or not cells[column][0].isspace()) for column in held
        )
        return len(held) if fit else 0


def _line_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]


def _is_value(cell: str) -> bool:
    """Whether a cell holds a number, a date, an address: what a record has in the same column as all others, and a message has not."""
    if not 0 < len(cell) <= _LONGEST_VALUE:
        return False
    if "@" in cell:
        return not any(char.isspace() for char in cell.strip())
    return sum(map(str.isdecimal, cell)) > sum(map(str.isalpha, cell))


class _Pull:
    """
    Gives a reader its lines, and stops it where a quote has swallowed a record.

    ``begin`` is the line on which the record at work begins, ``next`` the one that is given next.
    """

    def __init__(self, lines: Window, begin: int, shape: Shape) -> None:
        self.lines, self.begin, self.next, self.shape = lines, begin, begin, shape
        self._weighed, self._first = -1, 0

    def __iter__(self) -> _Pull:
        return self

    def __next__(self) -> str:
        if not self.lines.reaches(self.next):
            raise StopIteration
        if self.next > self.begin:
            self._check()
        self.next += 1
        return self.lines[self.next - 1]

    def _check(self) -> None:
        if _line_end(self.lines[self.next - 1]) not in self.shape.row_ends:
            return
        held = self.shape.held(self.lines[self.next])
        if not held:
            return
        if self._weighed != self.begin:
            self._weighed, self._first = self.begin, self.shape.held(self.lines[self.begin])
        # The last line of a message in quotes has one quote too many, and behind it the other cells of the row.
        is_whole = self.lines[self.next].count('"') % 2 == 0
        if self._first or (held >= _STRONG and is_whole) or self._is_heading():
            raise _Swallowed

    def _is_heading(self) -> bool:
        """A heading has no number: two records below it are as good as one below a record."""
        below = self.lines.between(self.next, self.next + 2)
        is_wide = len(self.shape.as_written(self.lines[self.begin])) == self.shape.width
        return is_wide and all('"' not in line and self.shape.held(line) for line in below)
