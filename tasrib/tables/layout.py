"""Rows of a table that are no records: headings said twice, in other words or once more further down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tasrib.tables.notes import of_rows
from tasrib.tables.raw import HeaderTest, RawTable, unique_names

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
    rows, again = _by_columns(table.rows[second:], table.columns)
    if not second and not again:
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


def _by_columns(rows: Sequence[list[str]], columns: Sequence[str]) -> tuple[list[list[str]], set[int]]:
    """
    The rows but headings said again, and the places of those.

    Headings that come again in another order are those of another file that was put below: its rows are put in the order of the first.
    """
    names = [_name(column) for column in columns]
    known, order = sorted(names), list(range(len(names)))
    kept, again = [], set()
    for at, row in enumerate(rows):
        begins = bool(row) and (_name(row[0]) or names[0]) in names
        if begins and sorted(found := list(map(_name, unique_names(row)))) == known:
            again.add(at)
            order = [found.index(name) for name in names]
        else:
            kept.append([row[place] for place in order] if again else row)
    return kept, again


def _name(cell: str) -> str:
    return cell.strip(" \t\r\n\ufeff").casefold()
