"""One sheet as its filled cells, within bounds that a real sheet never meets."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import MAX_FILE, MAX_LINE, cell_text

MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # Excel's and LibreOffice's own
MAX_CELLS = 20_000_000  # a million rows of twenty columns
MAX_UNPACKED = 5 * MAX_FILE

_EXPONENT = re.compile(r"[+-]?\d(?:\.(\d*))?[eE]\+?(\d+)")
# A value that was cut to six or seven digits: so many zeros at the end are no telephone number.
_CUT_ZEROS = 3
_LAST_DAY = 2_958_466  # the first day of the year 10000


@dataclass(frozen=True)
class Merge:
    """A range that is shown as one cell: rows from 1, columns from 0, both ends included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass
class Grid:
    """
    A sheet.

    Parameters
    ----------
    title : str
        Its name.
    hidden : bool
        Whether its program does not show it.
    file : str
        The file, for messages.
    rows : dict
        Number of the row as the user sees it → column from 0 → text; of filled cells only.
    merged : list of Merge
        Its merged ranges.
    unstored : list of (int, int)
        Row and column of formulas without a stored value.
    """

    title: str
    hidden: bool = False
    file: str = ""
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[Merge] = field(default_factory=list)
    unstored: list[tuple[int, int]] = field(default_factory=list)
    _cells: int = 0
    _characters: int = 0

    def check_place(self, row: int, column: int) -> None:
        """
        Refuse a place that no sheet has.

        Raises
        ------
        UnreadableInput
            When it lies beyond the last row or column.
        """
        if not (0 < row <= MAX_ROWS and 0 <= column < MAX_COLUMNS):
            raise UnreadableInput(
                f"{self.file}, sheet '{self.title}': a cell lies beyond row {MAX_ROWS:,} or column {MAX_COLUMNS:,}, where no sheet "
                "goes; open the workbook in Excel or LibreOffice and save it again"
            )

    def put(self, row: int, column: int, text: str) -> None:
        """
        Fill a cell; an empty text leaves it empty.

        Raises
        ------
        UnreadableInput
            When the place is none or filled already, the text is longer than any message, or the sheet is too large.
        """
        if not text:
            return
        self.check_place(row, column)
        cells = self.rows.setdefault(row, {})
        if column in cells:
            raise UnreadableInput(
                f"{self.file}, sheet '{self.title}', row {row} holds two values in one cell; open it in Excel and save it again"
            )
        cells[column] = text
        self._cells += 1
        self._characters += len(text)
        if len(text) > MAX_LINE:
            raise UnreadableInput(
                f"{self.file}, sheet '{self.title}', row {row}: a cell is longer than {MAX_LINE:,} characters; this is no table of "
                "complaints"
            )
        if self._characters > MAX_UNPACKED:
            raise UnreadableInput(f"{self.file} unpacks to more than {MAX_UNPACKED // 10**6} MB; split it")
        if self._cells > MAX_CELLS:
            raise UnreadableInput(f"{self.file} has more than {MAX_CELLS:,} filled cells; split it")

    def leave(self, row: int, column: int) -> None:
        """
        Note a formula without a stored value; its row is there, whatever else it holds.

        Raises
        ------
        UnreadableInput
            When the place is none.
        """
        self.check_place(row, column)
        self.rows.setdefault(row, {})
        self.unstored.append((row, column))

    @cached_property
    def filled(self) -> list[int]:
        """The numbers of the rows that hold anything, in order; for a grid that is complete."""
        counted = {row for row, _ in self.unstored}
        counted.update(row for row, cells in self.rows.items() if any(text.strip() for text in cells.values()))
        return sorted(counted)

    def line(self, row: int, columns: Sequence[int]) -> list[str]:
        """The texts of a row in these columns."""
        cells = self.rows.get(row, {})
        return [cells.get(column, "") for column in columns]


def number_text(stored: str) -> str:
    """
    A number as text, with the digits that are certain.

    Parameters
    ----------
    stored : str
        As the file holds it, with a point.

    Returns
    -------
    str
        Its digits. What is stored as ``2.12661E+11`` stays so, since zeros put in the place of lost digits would make another number of
        it. What is no number stays as it is.
    """
    if stored.isascii() and stored.isdigit():
        return stored
    try:
        value = float(stored)
    except ValueError:
        return stored
    if not math.isfinite(value):
        return stored
    written = _EXPONENT.fullmatch(stored)
    if written and int(written[2]) - len((written[1] or "").rstrip("0")) >= _CUT_ZEROS:
        return stored
    return cell_text(value)


def moment_text(serial: float, since_1904: bool, elapsed: bool) -> str | None:
    """
    A day count of a spreadsheet as ISO 8601.

    Parameters
    ----------
    serial : float
        Days since the end of 1899 or the start of 1904.
    since_1904 : bool
        Which of the two.
    elapsed : bool
        Whether its format shows a length of time, such as ``[h]:mm``.

    Returns
    -------
    str or None
        A date, a moment, or a time of day for less than a day; None for what is no day of the calendar.
    """
    if not 0 <= serial < _LAST_DAY:
        return None
    # A day count has some ten digits for the time of day: milliseconds.
    length = dt.timedelta(seconds=round(serial * 86_400, 3))
    if elapsed:
        return str(length)
    if serial < 1 and not since_1904:
        return (dt.datetime.min + length).time().isoformat()
    # Excel takes 1900 for a leap year, so its days before March 1900 count from a day later.
    epoch = dt.datetime(1904, 1, 1) if since_1904 else dt.datetime(1899, 12, 31 if serial < 60 else 30)
    return cell_text(epoch + length)
