"""Rows of a table that are no records: headings said twice, in other words or once more further down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tasrib.tables.notes import of_rows
from tasrib.tables.raw import HeaderTest, RawTable

ABOVE = "above the headings, not read"
_SECOND = "more headings below the headings, left out"
_AGAIN = "the headings again, left out"


def without_headings(table: RawTable, headers: HeaderTest) -> RawTable:
    """
    Leave out rows that repeat the headings, and say so.

    Survey tools write questions, identities or kinds of answer below the names of their columns; files put together have the headings of
    each.

    Parameters
    ----------
    table : RawTable
        As a reader gives it.
    headers : HeaderTest
        May have a method ``is_subheading(cells, columns)`` that knows second headings.

    Returns
    -------
    RawTable
        The same table without those rows, with a note of each kind.
    """
    is_subheading: Callable[[Sequence[str], Sequence[str]], bool] | None = getattr(headers, "is_subheading", None)
    second = 0
    while second < len(table.rows) and is_subheading and is_subheading(table.rows[second], table.columns):
        second += 1
    names = [column.strip() for column in table.columns]
    again = {at for at in range(second, len(table.rows)) if [cell.strip() for cell in table.rows[at]] == names}
    if not second and not again:
        return table
    kept = [at for at in range(second, len(table.rows)) if at not in again]
    notes = [
        *of_rows("left_out", "second_headings", _SECOND, table.row_numbers[:second]),
        *of_rows("left_out", "repeated_headings", _AGAIN, (table.row_numbers[at] for at in sorted(again))),
    ]
    return replace(
        table,
        rows=[table.rows[at] for at in kept],
        row_numbers=[table.row_numbers[at] for at in kept],
        notes=[*table.notes, *notes],
    )
