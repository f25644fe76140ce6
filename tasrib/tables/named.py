"""Tables that name their columns as tasrib does, in any format."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tasrib.errors import InputNote, TasribError, UnreadableInput
from tasrib.tables.raw import EmptyFile, NoRows, Source, unique_names
from tasrib.tables.readers import read_tables


class MissingColumns(UnreadableInput):
    """A table without columns that it must have: ``names``."""

    def __init__(self, message: str, names: Sequence[str]) -> None:
        super().__init__(message)
        self.names = list(names)


class _NamedHeaders:
    """Takes a row for a header when all the named columns are in it."""

    def __init__(self, names: Sequence[str], any_case: bool) -> None:
        self.names, self.any_case = set(names), any_case

    def score(self, cells: Sequence[str]) -> int:
        return len(self.names & {cell.strip().lower() if self.any_case else cell.strip() for cell in cells})

    def is_header(self, cells: Sequence[str]) -> bool:
        return self.score(cells) == len(self.names)


def read_named(
    path: str | Path, required: Sequence[str], hint: str, *, by_hand: bool = False
) -> tuple[pd.DataFrame, list[int]]:
    """
    Read a table whose columns are named as tasrib names them.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows, or ``-`` for standard input. A list typed by hand is CSV under any other suffix.
    required : sequence of str
        Columns that must be there.
    hint : str
        What to do about a missing one; ends the error's line.
    by_hand : bool
        For short lists that people type: names of columns count in any case and come in lower case, and a row that ends early ends in
        empty cells.

    Returns
    -------
    tuple of DataFrame and list of int
        All columns as strings, "" for empty; the number of each row in the file. Of columns with one name the second has `` (2)`` after
        it, and so on.

    Raises
    ------
    MissingColumns
        When a column is missing.
    NoRows
        When there is nothing below the header.
    UnreadableInput
        When the file cannot be read otherwise, or a row of it is damaged.
    TasribError
        When another sheet holds such a list too.

    Warns
    -----
    InputNote
        When another sheet holds such a table too.
    """
    try:
        headers = _NamedHeaders(required, by_hand)
        _, (table, *others) = read_tables(path, headers, otherwise=".csv" if by_hand else None)
    except EmptyFile as error:
        raise MissingColumns(str(error), required) from None
    columns = unique_names([name.lower() for name in table.columns]) if by_hand else table.columns
    _check_columns(path, columns, required, hint)
    unread = [other.sheet for other in others if other.rows or other.bad]
    if by_hand and unread:
        # An operator of that sheet would keep its name in a report, or a canary would not count.
        raise TasribError(f"{path}: sheet '{unread[0]}' holds such a list too; put all rows on one sheet")
    for title in unread:
        warnings.warn(InputNote(f"{path}: sheet '{title}' holds such a table too and was not read"), stacklevel=2)
    rows = list(zip(table.row_numbers, table.rows, strict=True))
    for bad in table.bad:
        if not by_hand or bad.cells is None:
            raise UnreadableInput(f"{path}, row {bad.row}: {bad.reason}; write the file again")
        rows.append((bad.row, bad.cells + [""] * (len(columns) - len(bad.cells))))
    rows.sort(key=lambda row: row[0])
    # A frame of dtype str needs no row to know its type.
    return pd.DataFrame([cells for _, cells in rows], columns=columns, dtype="str"), [number for number, _ in rows]


def read_typed(path: str | Path, required: Sequence[str], hint: str) -> tuple[pd.DataFrame, Sequence[int]]:
    """
    Read a table as `read_named` does, but leave a file that knows its types in them.

    Parameters
    ----------
    path, required, hint
        As for `read_named`.

    Returns
    -------
    tuple of DataFrame and sequence of int
        The columns of a Parquet file in its own types, missing values and all; those of any other as `read_named` gives them. The
        number of each row in the file.

    Raises
    ------
    UnreadableInput
        As `read_named`.
    """
    if Path(path).suffix.lower() != ".parquet":
        return read_named(path, required, hint)
    # pyarrow takes a third of a second to import.
    from tasrib.tables.readers.parquet import read_frame

    frame = read_frame(Source.load(path))
    _check_columns(path, list(frame.columns), required, hint)
    if frame.empty:
        raise NoRows(f"{path} has no rows below its header")
    return frame, range(1, len(frame) + 1)


def _check_columns(path: str | Path, columns: Sequence[str], required: Sequence[str], hint: str) -> None:
    lacking = [name for name in required if name not in columns]
    if lacking:
        found = ", ".join(f"'{name[:60]}'" for name in columns[:15])
        raise MissingColumns(f"{path} has no column '{lacking[0]}' (found: {found}); {hint}", lacking)
