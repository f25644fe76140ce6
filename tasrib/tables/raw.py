"""What every reader takes and gives: the bytes of one input, and a table of strings with row numbers."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import os
import stat
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note

MAX_FILE = 200_000_000  # bytes of what is read whole: workbooks, and what is piped
MAX_LINE = 1_000_000  # bytes of a line, characters of a field: no message is near that long
MAX_COLUMNS = 2_000
CHARACTERS = 1_000  # of a row on the average; a slice of longer rows has fewer
STANDARD_INPUT = "standard input"
_BLOCK = 2**18  # less than MAX_LINE, as check_lines relies on
HEADER_ROWS = 10  # case workers put titles above the header


class EmptyFile(UnreadableInput):
    """A file without content."""


class NoRows(UnreadableInput):
    """A table with a header and nothing below it."""


class HeaderTest(Protocol):
    """What a reader needs to know to tell a header from a title or from data."""

    def score(self, cells: Sequence[str]) -> int:
        """How many of these cells are known column names."""

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether the indispensable columns are among them."""


@dataclass(frozen=True)
class Source:
    """
    One input.

    Parameters
    ----------
    name : str
        The path as the user gave it, for messages.
    file : str
        The file's name without its folder.
    data : bytes
        The content; empty where it is read from the disk some at a time.
    encoding : str, optional
        The encoding of a text, where the user states it.
    sheet : str, optional
        The sheet of a workbook, where the user wants only that.
    path : pathlib.Path, optional
        Where the content is read from, where it is not in `data`.
    """

    name: str
    file: str
    data: bytes = field(default=b"", repr=False)
    encoding: str | None = None
    sheet: str | None = None
    path: Path | None = None

    @classmethod
    def load(
        cls, path: str | Path, *, encoding: str | None = None, sheet: str | None = None, whole: bool = True
    ) -> Source:
        """
        Take a file, or standard input for ``-``.

        Parameters
        ----------
        path, encoding, sheet
            See above.
        whole : bool
            Read all of it now. Otherwise only what can be read but once is.

        Raises
        ------
        UnreadableInput
            When there is no such file, it is a folder, empty, too large or may not be read.
        """
        name = str(path)
        if name == "-":
            name, file, data = STANDARD_INPUT, "stdin", read_standard_input(MAX_FILE + 1)
        else:
            path = Path(path)
            # A name in another encoding than the system's is data from here on, and no file can hold the halves it is made of.
            file = mend(path.name)
            if path.is_dir():
                raise UnreadableInput(f"{name} is a folder; name the files inside it")
            try:
                with path.open("rb") as file_handle:
                    if not whole and stat.S_ISREG(os.fstat(file_handle.fileno()).st_mode):
                        found = cls(name, file, b"", encoding, sheet, path)
                        if not any(block.strip() for block in _blocks(file_handle)):
                            raise EmptyFile(f"{name} is empty")
                        return found
                    data = file_handle.read(MAX_FILE + 1)
            except FileNotFoundError:
                raise UnreadableInput(f"{name}: no such file") from None
            except UnreadableInput:
                raise
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else error
                raise UnreadableInput(f"{name!r} cannot be opened: {reason}") from None
        if len(data) > MAX_FILE:
            raise UnreadableInput(f"{name} is larger than {MAX_FILE // 10**6} MB; split it")
        if not data.strip():
            raise EmptyFile(f"{name} is empty")
        return cls(name, file, data, encoding, sheet)

    def open(self) -> BinaryIO:
        """Open the content, from its beginning."""
        if self.path is None:
            return io.BytesIO(self.data)
        try:
            return self.path.open("rb")
        except OSError as error:
            raise UnreadableInput(f"{self.name!r} cannot be opened: {error.strerror}") from None

    def blocks(self) -> Iterator[bytes]:
        """Yield the content, some at a time."""
        with self.open() as opened:
            yield from _blocks(opened)

    def state(self) -> tuple[int, int]:
        """Size, and what changes when somebody writes to the file."""
        if self.path is None:
            return len(self.data), 0
        try:
            found = self.path.stat()
        except OSError:
            # Whoever compares finds that it is another.
            return -1, -1
        return found.st_size, found.st_mtime_ns

    def check_lines(self) -> None:
        """Refuse a file with a line too long to be text, before anything costly is done with it."""
        length, number = 0, 1
        for block in self.blocks():
            first = min((at for at in (block.find(b"\n"), block.find(b"\r")) if at >= 0), default=len(block))
            # No line within a block is too long, only one that goes on from those before; what ends it counts, a return does not.
            if length + first + block[first : first + 1].count(b"\n") > MAX_LINE:
                raise UnreadableInput(
                    f"{self.name}: line {number} is longer than {MAX_LINE:,} bytes; this is not a table of complaints"
                )
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            length = length + len(block) if last < 0 else len(block) - last - 1
            number += block.count(b"\n")


def _blocks(opened: BinaryIO) -> Iterator[bytes]:
    while block := opened.read(_BLOCK):
        yield block


def read_standard_input(most: int = -1) -> bytes:
    """
    Read what is piped into the command.

    Parameters
    ----------
    most : int
        Bytes that are read; all by default.

    Returns
    -------
    bytes
        As they came.

    Raises
    ------
    UnreadableInput
        When there is no standard input (a service's is often closed) or it is a folder.
    """
    try:
        if sys.stdin is None:
            raise ValueError
        return sys.stdin.buffer.read(most)
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is closed"
        raise UnreadableInput(f"{STANDARD_INPUT} cannot be read: {reason}; name a file instead of -") from None


@dataclass(frozen=True)
class BadRow:
    """
    A row that could not be split into one cell a column.

    Parameters
    ----------
    row : int
        Where the user finds it.
    reason : str
        What is wrong with it.
    raw : str
        Its whole content as JSON.
    column, value : str
        Its first fault, where that has a place.
    cells : list of str, optional
        Its cells, where nothing is wrong but that the last ones are not there.
    """

    row: int
    reason: str
    raw: str
    column: str = ""
    value: str = ""
    cells: list[str] | None = None


@dataclass(frozen=True)
class RawTable:
    """
    A table of strings, just as it stood in the file.

    Parameters
    ----------
    columns : list of str
        Unique names.
    rows : list of list of str
        One string a column; empty for no value.
    row_numbers : list of int
        Where the user finds each row.
    bad : list of BadRow
        Rows that have no place in ``rows``.
    sheet : str
        The sheet it stood on; empty for a format without sheets.
    notes : list of Note
        What was mended or left out on the way; places within the table suffice, whoever reads the file adds its name and sheet.
        Each row of the file below the header is in `rows`, in `bad` or in a note of kind ``left_out``.
    """

    columns: list[str]
    rows: list[list[str]]
    row_numbers: list[int]
    bad: list[BadRow] = field(default_factory=list)
    sheet: str = ""
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class Stream:
    """
    A table that is read some rows at a time, any number of times.

    Parameters
    ----------
    columns : list of str
        As of a `RawTable`.
    slices : callable
        Called with how many rows to read at a time; gives one `RawTable` after the other, at least one. Put together they are the table,
        however many rows each has.
    sheet : str
        As of a `RawTable`.
    """

    columns: list[str]
    slices: Callable[[int], Iterator[RawTable]]
    sheet: str = ""

    @classmethod
    def of(cls, table: RawTable) -> Stream:
        """Make one of a table that was read whole."""
        return cls(table.columns, lambda size: _cut(table, size), table.sheet)

    def whole(self) -> RawTable:
        """Read all rows."""
        first, *others = self.slices(sys.maxsize)
        for table in others:
            first.rows.extend(table.rows)
            first.row_numbers.extend(table.row_numbers)
            first.bad.extend(table.bad)
            first.notes.extend(table.notes)
        return first


def _cut(table: RawTable, size: int) -> Iterator[RawTable]:
    """A table in slices; the rows that are none of its rows lie in the slice of those round them."""
    if len(table.rows) <= size:
        yield table
        return
    bad, notes = list(table.bad), table.notes
    bad.sort(key=lambda each: each.row)
    at = 0
    for start in range(0, len(table.rows), size):
        stop = start + size
        end = (
            len(bad)
            if stop >= len(table.rows)
            else bisect_left(bad, table.row_numbers[stop], key=lambda each: each.row)
        )
        yield replace(
            table, rows=table.rows[start:stop], row_numbers=table.row_numbers[start:stop], bad=bad[at:end], notes=notes
        )  # fmt: skip
        at, notes = end, []


def as_json(columns: Sequence[str], cells: Sequence[str]) -> str:
    """A row as JSON, surplus cells under the number of their column."""
    surplus = [f"column {number}" for number in range(len(columns) + 1, len(cells) + 1)]
    return json.dumps(dict(zip([*columns, *surplus], cells, strict=False)), ensure_ascii=False)


def unique_names(cells: Sequence[str]) -> list[str]:
    """Column names made unique: blank ones by their number, repeated ones by a count."""
    names: list[str] = []
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for number, cell in enumerate(cells, start=1):
        base = name = cell.strip().lstrip("\ufeff") or f"column {number}"
        while name in taken:
            counts[base] = counts.get(base, 1) + 1
            name = f"{base} ({counts[base]})"
        taken.add(name)
        names.append(name)
    return names


def check_width(name: str, width: int) -> None:
    """Refuse a table that is wider than any of complaints, before every row is filled up to its width."""
    if width > MAX_COLUMNS:
        raise UnreadableInput(
            f"{name} has {width:,} columns; this is not a table of complaints, keep the columns that belong to it"
        )


def find_header(rows: Sequence[Sequence[str]], headers: HeaderTest) -> int | None:
    """Position of the header among the first rows; None when no row looks like one."""
    scores = [headers.score(cells) for cells in rows[:HEADER_ROWS]]
    fits = [position for position in range(len(scores)) if scores[position] and headers.is_header(rows[position])]
    best = max(fits, key=lambda position: scores[position], default=None)
    # A row of data may hold a word that names a column ("sms"): the header is the row that knows most of the fields.
    return best if best is not None and scores[best] == max(scores) else None


def fullest_row(rows: Sequence[Sequence[str]]) -> int:
    """The row to call a header when none is recognised, so that its cells can be shown to the user."""
    counts = [sum(bool(cell.strip()) for cell in cells) for cells in rows[:HEADER_ROWS]]
    return counts.index(max(counts)) if counts else 0


def mend(text: str) -> str:
    """Drop U+0000 and pair or replace lone surrogates, which no file format can hold."""
    if text.isascii():
        return text.replace("\x00", "")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\x00", "")


def cell_text(value: Any) -> str:
    """
    A typed cell as the string a person would have typed.

    Whole numbers come out as digits (661234567.0 → ``661234567``), times as ISO 8601, a midnight
    without zone as a bare date, a list joined with ``;``.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return mend(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None and value.time() == dt.time():
            return value.date().isoformat()
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return mend(value.decode("utf-8", "backslashreplace"))
    if isinstance(value, list | tuple) and not any(isinstance(item, list | tuple | dict) for item in value):
        return ";".join(map(cell_text, value))
    if isinstance(value, list | tuple | dict):
        return mend(json.dumps(value, ensure_ascii=False, default=str))
    return mend(str(value))
