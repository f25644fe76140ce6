"""Tables that name their columns as tasrib does, in any format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import Source
from tasrib.tables.readers import read_table


class _NamedHeaders:
    """Takes a row for a header when all the named columns are in it."""

    def __init__(self, names: Sequence[str]):
        self.names = set(names)

    def score(self, cells: Sequence[str]) -> int:
        return len(self.names & {cell.strip() for cell in cells})

    def is_header(self, cells: Sequence[str]) -> bool:
        return self.score(cells) == len(self.names)


def read_named(path: str | Path, required: Sequence[str], hint: str) -> tuple[pd.DataFrame, list[int]]:
    """
    Read a table whose columns are named as tasrib names them.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows, or ``-`` for standard input.
    required : sequence of str
        Columns that must be there.
    hint : str
        What to do about a missing one; ends the error's line.

    Returns
    -------
    tuple of DataFrame and list of int
        All columns as strings, "" for empty; the number of each row in the file.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, lacks a column, or a row of it is damaged.
    """
    _, table = read_table(path, _NamedHeaders(required))
    _check_columns(path, table.columns, required, hint)
    if table.bad:
        raise UnreadableInput(f"{path}, row {table.bad[0].row}: {table.bad[0].reason}; write the file again")
    # A frame of dtype str needs no row to know its type.
    return pd.DataFrame(table.rows, columns=table.columns, dtype="str"), table.row_numbers


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
        raise UnreadableInput(f"{path} has no rows below its header")
    return frame, range(1, len(frame) + 1)


def _check_columns(path: str | Path, columns: Sequence[str], required: Sequence[str], hint: str) -> None:
    lacking = [name for name in required if name not in columns]
    if lacking:
        found = ", ".join(f"'{name[:60]}'" for name in columns[:15])
        raise UnreadableInput(f"{path} has no column '{lacking[0]}' (found: {found}); {hint}")
