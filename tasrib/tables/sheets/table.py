"""A sheet as a table: its header, its rows, and notes of what was filled, left out or lost."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from tasrib.errors import UnreadableInput
from tasrib.tables.layout import ABOVE
from tasrib.tables.notes import of_rows
from tasrib.tables.raw import HEADER_ROWS, HeaderTest, RawTable, find_header, fullest_row, unique_names
from tasrib.tables.sheets.grid import MAX_CELLS, Grid, Merge

_FILLED = "the value of a merged cell was put into each of its rows"
_MOST_HEADINGS = 100_000  # merged ranges looked at for headings: each is compared with the first rows
_UNSTORED = "a formula without a stored value, taken as empty; open the workbook in Excel or LibreOffice, save it again and read that"


def has_header(grid: Grid, headers: HeaderTest) -> bool:
    """
    Whether one of the first filled rows is a header.

    Parameters
    ----------
    grid : Grid
        A sheet.
    headers : HeaderTest
        Tells a header from a title.

    Returns
    -------
    bool
        True where one is.
    """
    return find_header(_top(grid), headers) is not None


def table_of(grid: Grid, headers: HeaderTest) -> RawTable:
    """
    Make a table of a sheet.

    Parameters
    ----------
    grid : Grid
        A sheet.
    headers : HeaderTest
        Tells a header from a title.

    Returns
    -------
    RawTable
        Columns that have a heading or a value. Cells without a heading have a column named by its place.

    Raises
    ------
    UnreadableInput
        When so many columns are filled here and there that no table can hold them.
    """
    numbers, top = grid.filled, _top(grid)
    if not top:
        return RawTable([], [], [], sheet=grid.title)
    head = find_header(top, headers)
    head = fullest_row(top) if head is None else head
    start = numbers[head]
    below = numbers[bisect_right(numbers, start) :]
    unstored = _unstored_below(grid, start)
    headings = dict(enumerate(top[head]))
    rows = [headings, *(grid.rows[number] for number in below)]
    used = sorted({*unstored, *(column for cells in rows for column, text in cells.items() if text.strip())})
    if len(used) * len(below) > MAX_CELLS:
        raise UnreadableInput(
            f"{grid.file}, sheet '{grid.title}': {len(used):,} columns have values in {len(below):,} rows, which is more than a table of "
            "complaints has; keep the columns that belong to it"
        )
    columns = _names([headings.get(column, "") for column in used], used)
    table = RawTable(columns, [], [], sheet=grid.title)
    filled = _fill_merged(grid, below, used)
    for number in below:
        table.rows.append(grid.line(number, used))
        table.row_numbers.append(number)
    above = (number for number in numbers if number < start)
    table.notes.extend(of_rows("left_out", "rows_above_headings", ABOVE, above))
    table.notes.extend(of_rows("left_out", "blank_rows", "empty, left out", _gaps([start, *below])))
    for place, column in enumerate(used):
        said_of = columns[place]
        table.notes.extend(of_rows("mended", "merged_cells", _FILLED, sorted(filled.get(column, ())), said_of))
        table.notes.extend(of_rows("lost", "formula_without_value", _UNSTORED, unstored.get(column, ()), said_of))
    return table


def _names(cells: Sequence[str], used: Sequence[int]) -> list[str]:
    """A column without a heading is named by its place in the sheet."""
    return unique_names(
        [cell if cell.strip() else f"column {column + 1}" for cell, column in zip(cells, used, strict=True)]
    )


def _top(grid: Grid) -> list[list[str]]:
    """
    The first filled rows, each up to its last cell.

    Of headings on two rows those that belong to both are merged downwards, and stand for the lower row too.
    """
    numbers = grid.filled[:HEADER_ROWS]
    cells = {number: dict(grid.rows[number]) for number in numbers}
    for merge in grid.merged[:_MOST_HEADINGS]:
        text = cells.get(merge.first_row, {}).get(merge.first_column, "")
        for number in numbers if text and merge.last_row - merge.first_row < HEADER_ROWS else ():
            if merge.first_row < number <= merge.last_row and not cells[number].get(merge.first_column, "").strip():
                cells[number][merge.first_column] = text
    return [[row.get(column, "") for column in range(max(row, default=-1) + 1)] for row in cells.values()]


def _unstored_below(grid: Grid, start: int) -> dict[int, list[int]]:
    """Rows below the header with a formula without a value, of each column."""
    found: dict[int, list[int]] = {}
    for row, column in grid.unstored:
        if row > start:
            found.setdefault(column, []).append(row)
    return found


def _gaps(numbers: Sequence[int]) -> Iterable[int]:
    """Numbers that are left out between the first and the last."""
    for before, after in pairwise(numbers):
        yield from range(before + 1, after)


def _fill_merged(grid: Grid, below: Sequence[int], used: Sequence[int]) -> dict[int, set[int]]:
    """
    Fill the rows of merged cells; the rows filled of each column.

    Only downwards, and only ranges that begin below the header: a title that is merged across columns names none of them, and a row that
    has nothing else is none.
    """
    filled: dict[int, set[int]] = {}
    for column, merges in _by_column(grid.merged, set(used)).items():
        reached = below[0] - 1 if below else 0
        for merge in sorted(merges, key=lambda merge: merge.first_row):
            # Ranges that overlap are against the rules of a workbook, and many of them could take for ever.
            if merge.first_row <= reached:
                continue
            reached = merge.last_row
            text = grid.rows.get(merge.first_row, {}).get(column, "")
            if not text.strip():
                continue
            for number in below[bisect_right(below, merge.first_row) : bisect_right(below, merge.last_row)]:
                if not grid.rows[number].get(column, "").strip():
                    grid.rows[number][column] = text
                    filled.setdefault(column, set()).add(number)
    return filled


def _by_column(merged: Sequence[Merge], used: set[int]) -> dict[int, list[Merge]]:
    columns: dict[int, list[Merge]] = {}
    for merge in merged:
        if merge.first_column in used and merge.first_row < merge.last_row:
            columns.setdefault(merge.first_column, []).append(merge)
    return columns
