"""Reading the CSV files of ``data/reference/`` strictly: a wrong row is named, never skipped."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from tasrib._resources import resource
from tasrib.errors import BadReferenceData, TasribError


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a reference file that knows where it stands."""

    path: Path
    line: int
    cells: dict[str, str]

    def wrong(self, column: str, what: str) -> BadReferenceData:
        """The error that names file, row and column."""
        return BadReferenceData(f"{self.path.name}, row {self.line}, column {column}: {what}")

    def text(self, column: str) -> str:
        """A cell that may not be empty."""
        if not self.cells[column]:
            raise self.wrong(column, "is empty; fill it in")
        return self.cells[column]

    def number(self, column: str, low: float, high: float) -> float:
        """A cell that holds a number in a range."""
        written = self.text(column)
        try:
            value = float(written)
        except ValueError:
            raise self.wrong(column, f"{written!r} is not a number") from None
        if not low <= value <= high:
            raise self.wrong(column, f"{written} is not between {low:g} and {high:g}")
        return value

    def day(self, column: str = "date") -> date:
        """A cell that holds an ISO date."""
        written = self.text(column)
        try:
            return date.fromisoformat(written)
        except ValueError:
            raise self.wrong(column, f"{written!r} is not a date such as 2025-06-30") from None


def read_reference(name: str, columns: tuple[str, ...], path: Path | None = None) -> list[Row]:
    """
    Rows of one reference file.

    Parameters
    ----------
    name : str
        File name below ``data/reference/``.
    columns : tuple of str
        Columns that must be there.
    path : Path, optional
        Another file to read instead.

    Returns
    -------
    list of Row
        Cells without surrounding blanks.

    Raises
    ------
    BadReferenceData
        When the file is not UTF-8, lacks a column or a row has too many or too few cells.
    """
    path = path or resource("reference", name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            for column in columns:
                if column not in header:
                    raise BadReferenceData(f"{path.name}, row 1, column {column}: is missing; add it")
            rows = []
            for cells in reader:
                if not any(cells):
                    continue
                if len(cells) != len(header):
                    what = f"{len(cells)} cells where the header has {len(header)}"
                    raise BadReferenceData(f"{path.name}, row {reader.line_num}, column {header[-1]}: {what}")
                stripped = (cell.strip() for cell in cells)
                rows.append(Row(path, reader.line_num, dict(zip(header, stripped, strict=True))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadReferenceData(f"{path.name}: not a CSV file in UTF-8 ({error}); save it as one") from None
    return rows


def as_day(at: object) -> date:
    """
    The day (UTC) of a date, a timestamp or an ISO text.

    Raises
    ------
    TasribError
        When ``at`` is no date.
    """
    if isinstance(at, date) and not isinstance(at, datetime):
        return at
    try:
        stamp = pd.Timestamp(at)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        stamp = None
    if stamp is None or pd.isna(stamp):
        raise TasribError(f"{at!r} is not a date; write it as 2025-06-30")
    return (stamp.tz_convert(UTC) if stamp.tzinfo else stamp).date()
