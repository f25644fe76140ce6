"""What was done to the rows of a file on the way in, or could not be done, for its user to know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

# `read`: how a file was taken (its encoding, the order of its dates). `mended`: a value was brought into order for certain.
# `left_out`: rows that hold no record (blank, a heading repeated). `lost`: a value or sheet that could not be read; exit code 1.
Kind = Literal["read", "mended", "left_out", "lost"]
_MOST_ROWS = 12
_HOLD_FILES = (".zip", ".eml", ".mbox", ".msg", ".mbx")
# As many runs of rows as a cell of a workbook surely holds.
MOST_PARTS = 1_500


@dataclass(frozen=True)
class Note:
    """
    Something that the user of a file should know of it, for some of its rows or for all.

    Parameters
    ----------
    kind : {"read", "mended", "left_out", "lost"}
        What it means for the rows: see above.
    code : str
        Its name for machines, such as ``blank_rows``; notes of one code have one wording.
    said : str
        The wording, without the place, and without any value of a row: what is said is printed and shown to others.
    file, sheet : str
        Where; `sheet` is empty for what has none.
    rows : tuple of int, or Rows
        The rows, as the user sees them; none for what concerns the whole table.
    column : str
        The user's name of the column, where it is about one.
    """

    kind: Kind
    code: str
    said: str
    file: str = ""
    sheet: str = ""
    rows: tuple[int, ...] | Rows = ()
    column: str = ""

    def __str__(self) -> str:
        place = [self.file, part_words(self.file, self.sheet), row_words(self.rows), self._column()]
        return f"{', '.join(part for part in place if part)}: {self.said}"

    def _column(self) -> str:
        return f"column '{self.column[:60]}'" if self.column else ""


def part_words(file: str, sheet: str) -> str:
    """
    Name a part of a file.

    Parameters
    ----------
    file : str
        Its name.
    sheet : str
        The sheet of a workbook, or the file that lies in an archive or hangs on a mail.

    Returns
    -------
    str
        Such as ``sheet 'Juillet'``; empty where there is none.
    """
    if not sheet:
        return ""
    return f"'{sheet}' in it" if file.casefold().endswith(_HOLD_FILES) else f"sheet '{sheet}'"


class Rows:
    """
    Rows of a table of any length: as many of them as a note ever names, and the number of the rest.

    Taken in as the table is read, in the order of their numbers.
    """

    def __init__(self) -> None:
        self.runs: list[tuple[int, int]] = []
        self.more = 0

    def add(self, rows: Iterable[int]) -> None:
        """
        Take further rows.

        Parameters
        ----------
        rows : iterable of int
            In any order among themselves.
        """
        new = sorted(set(rows))
        if self.more:
            self.more += len(new)
            return
        if self.runs and new and new[0] <= self.runs[-1][1]:
            self.runs, new = [], sorted({*self, *new})
        runs = _runs(new)
        if self.runs and runs and runs[0][0] == self.runs[-1][1] + 1:
            runs[0] = (self.runs.pop()[0], runs[0][1])
        runs = self.runs + runs
        self.runs = runs[:MOST_PARTS]
        self.more = sum(last - first + 1 for first, last in runs[MOST_PARTS:])

    def __iter__(self) -> Iterator[int]:
        """Yield the rows that are named."""
        return (row for first, last in self.runs for row in range(first, last + 1))

    def __len__(self) -> int:
        return self.more + sum(last - first + 1 for first, last in self.runs)


def row_words(rows: Sequence[int] | Rows, most: int = _MOST_ROWS) -> str:
    """
    Name rows briefly.

    Parameters
    ----------
    rows : sequence of int, or Rows
        In any order.
    most : int
        How many parts to name; the rest is counted.

    Returns
    -------
    str
        Such as ``rows 2, 5 to 9`` or ``rows 2, 4 and 11 more``.

    Examples
    --------
    >>> row_words([2, 5, 6, 7])
    'rows 2, 5 to 7'
    """
    runs, more = (rows.runs, rows.more) if isinstance(rows, Rows) else (_runs(sorted(set(rows))), 0)
    parts = [f"{first}" if first == last else f"{first} to {last}" for first, last in runs[:most]]
    more += sum(last - first + 1 for first, last in runs[most:])
    words = ", ".join(parts) + (f" and {more} more" if more else "")
    several = more or len(parts) > 1 or runs[0][1] > runs[0][0] if runs else False
    return f"row{'s' if several else ''} {words}" if words else ""


def _runs(rows: Sequence[int]) -> list[tuple[int, int]]:
    if not rows:
        return []
    breaks = [at for at, (left, right) in enumerate(pairwise(rows), start=1) if right > left + 1]
    return [(rows[start], rows[stop - 1]) for start, stop in pairwise([0, *breaks, len(rows)])]


def of_rows(kind: Kind, code: str, said: str, rows: Iterable[int], column: str = "") -> list[Note]:
    """
    Note something of some rows, or nothing where there are none.

    Parameters
    ----------
    kind, code, said, column
        As for `Note`.
    rows : iterable of int
        The rows.

    Returns
    -------
    list of Note
        One note, or none.
    """
    rows = tuple(rows)
    return [Note(kind, code, said, rows=rows, column=column)] if rows else []
