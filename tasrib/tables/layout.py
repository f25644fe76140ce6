"""Rows of a table that are no records: headings said twice, in other words or once more further down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tasrib.tables.notes import of_rows
from tasrib.tables.raw import HeaderTest, RawTable, unique_names

ABOVE = "above the headings, not read"
_SECOND = "more headings below the headings, left out"
_AGAIN = "the headings again, left out"


class Headings:
    """
    Leaves out rows that repeat the headings of a table, and says so.

    Survey tools write questions, identities or kinds of answer below the names of their columns; files put together have the headings of
    each.

    Parameters
    ----------
    columns : sequence of str
        Of the table.
    headers : HeaderTest
        May have a method ``is_subheading(cells, columns)`` that knows second headings.
    """

    def __init__(self, columns: Sequence[str], headers: HeaderTest) -> None:
        self._columns = columns
        self._is_subheading: Callable[[Sequence[str], Sequence[str]], bool] | None = getattr(
            headers, "is_subheading", None
        )
        self._names = [_name(column) for column in columns]
        self._known = sorted(self._names)
        # Headings that come again in another order are those of another file that was put below: its rows are put in the order of the first.
        self._order: list[int] | None = None
        self._at_top = True

    def left_out(self, table: RawTable) -> RawTable:
        """
        Take the next rows of the table.

        Parameters
        ----------
        table : RawTable
            As a reader gives it.

        Returns
        -------
        RawTable
            The same without rows that repeat the headings, with a note of each kind.
        """
        second = self._seconds(table.rows)
        rows, again = self._by_columns(table.rows[second:])
        if not second and not again and self._order is None:
            return table
        numbers = table.row_numbers[second:]
        notes = [
            *of_rows("left_out", "second_headings", _SECOND, table.row_numbers[:second]),
            *of_rows("left_out", "repeated_headings", _AGAIN, (numbers[at] for at in sorted(again))),
        ]
        return replace(
            table,
            rows=rows,
            row_numbers=[number for at, number in enumerate(numbers) if at not in again],
            notes=[*table.notes, *notes],
        )

    def _seconds(self, rows: Sequence[Sequence[str]]) -> int:
        """How many rows are headings still, below those of the table."""
        second = 0
        while self._at_top and second < len(rows):
            self._at_top = self._is_subheading is not None and self._is_subheading(rows[second], self._columns)
            second += self._at_top
        return second

    def _by_columns(self, rows: Sequence[list[str]]) -> tuple[list[list[str]], set[int]]:
        """The rows but headings said again, and the places of those."""
        kept, again = [], set()
        for at, row in enumerate(rows):
            begins = bool(row) and (_name(row[0]) or self._names[0]) in self._names
            if begins and sorted(found := list(map(_name, unique_names(row)))) == self._known:
                again.add(at)
                self._order = [found.index(name) for name in self._names]
            else:
                kept.append([row[place] for place in self._order] if self._order else row)
        return kept, again


def _name(cell: str) -> str:
    return cell.strip(" \t\r\n\ufeff").casefold()
