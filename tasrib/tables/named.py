"""Tables that name their columns as tasrib does, in any format."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.errors import InputNote, TasribError, UnreadableInput
from tasrib.tables.raw import MAX_FILE, EmptyFile, NoRows, RawTable, Source, unique_names
from tasrib.tables.readers import open_tables, read_tables

_AT_A_TIME = 20_000


class MissingColumns(UnreadableInput):
    """A table without columns that it must have: ``names``."""

    def __init__(self, message: str, names: Sequence[str]) -> None:
        super().__init__(message)
        self.names = list(names)


class _NamedHeaders:
    """Takes a row for a header when all the named columns are in it."""

    def __init__(self, names: Sequence[str], name_of: Callable[[str], str]) -> None:
        self.names, self.name_of = set(names), name_of

    def score(self, cells: Sequence[str]) -> int:
        return len(self.names & {self.name_of(cell.strip()) for cell in cells})

    def is_header(self, cells: Sequence[str]) -> bool:
        return self.score(cells) == len(self.names)


def read_named(
    path: str | Path,
    required: Sequence[str],
    hint: str,
    *,
    by_hand: bool = False,
    name_of: Callable[[str], str] = str.lower,
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
    name_of : callable, optional
        Of a list by hand, the name of a column by its heading: where headings may be in several languages.

    Returns
    -------
    tuple of DataFrame and list of int
        All columns as strings, "" for empty, of all sheets with such a table; the number of each row on its sheet. Of columns with one name the second has `` (2)`` after
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
        When another sheet holds such a list by hand too.

    Warns
    -----
    InputNote
        When another sheet holds such a table too and was read with the first, or something of the file was lost.
    """
    try:
        headers = _NamedHeaders(required, name_of if by_hand else str)
        _, (table, *others) = read_tables(path, headers, otherwise=".csv" if by_hand else None)
    except EmptyFile as error:
        raise MissingColumns(str(error), required) from None
    columns = unique_names([name_of(name) for name in table.columns]) if by_hand else table.columns
    _check_columns(path, columns, required, hint)
    filled = [other for other in others if other.rows or other.bad]
    if by_hand and filled:
        # An operator of that sheet would keep its name in a report, or a canary would not count.
        raise TasribError(f"{path}: sheet '{filled[0].sheet}' holds such a list too; put all rows on one sheet")
    for note in (note for read in (table, *filled) for note in read.notes):
        if note.kind in ("lost", "mended"):
            warnings.warn(InputNote(str(note)), stacklevel=2)
    frame, numbers = _frame(path, table, columns, by_hand)
    if not filled:
        return frame, numbers
    frames = [(table.sheet, frame, numbers)]
    frames += [(other.sheet, *_frame(path, other, other.columns, by_hand)) for other in filled]
    return _together(path, frames)


def _frame(path: str | Path, table: RawTable, columns: list[str], by_hand: bool) -> tuple[pd.DataFrame, list[int]]:
    rows = list(zip(table.row_numbers, table.rows, strict=True))
    for bad in table.bad:
        if not by_hand or bad.cells is None:
            raise UnreadableInput(f"{path}, row {bad.row}: {bad.reason}; write the file again")
        rows.append((bad.row, bad.cells + [""] * (len(columns) - len(bad.cells))))
    rows.sort(key=lambda row: row[0])
    # A frame of dtype str needs no row to know its type.
    return pd.DataFrame([cells for _, cells in rows], columns=columns, dtype="str"), [number for number, _ in rows]


def _together(
    path: str | Path, sheets: Sequence[tuple[str, pd.DataFrame, list[int]]]
) -> tuple[pd.DataFrame, list[int]]:
    """
    The rows of several sheets.

    People keep a month on each sheet, or copy some rows to another to look at them: a row that is the same in an earlier sheet, in all
    columns, counts once.
    """
    whole, numbers = sheets[0][1], list(sheets[0][2])
    for title, frame, rows in sheets[1:]:
        whole_columns = list(dict.fromkeys([*whole.columns, *frame.columns]))
        whole, frame = (part.reindex(columns=whole_columns, fill_value="") for part in (whole, frame))
        known = set(whole.itertuples(index=False, name=None))
        new = [cells not in known for cells in frame.itertuples(index=False, name=None)]
        said = f"sheet '{title}' holds such a table too and was read with the others"
        if not all(new):
            said += f"; {len(new) - sum(new)} of its {len(new)} rows are on an earlier sheet and count once"
        warnings.warn(InputNote(f"{path}: {said}"), stacklevel=3)
        whole = pd.concat([whole, frame[new]], ignore_index=True)
        numbers += [number for number, is_new in zip(rows, new, strict=True) if is_new]
    return whole, numbers


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
        return _read_long(path, required, hint) if _is_long(path) else read_named(path, required, hint)
    # pyarrow takes a third of a second to import.
    from tasrib.tables.readers.parquet import read_frame

    frame = read_frame(Source.load(path, whole=False))
    _check_columns(path, list(frame.columns), required, hint)
    if frame.empty:
        raise NoRows(f"{path} has no rows below its header")
    return frame, range(1, len(frame) + 1)


def _is_long(path: str | Path) -> bool:
    """Whether a file is too large to be read as a whole; of other inputs whoever reads them tells."""
    try:
        return str(path) != "-" and Path(path).stat().st_size > MAX_FILE
    except (OSError, ValueError):
        return False


def _read_long(path: str | Path, required: Sequence[str], hint: str) -> tuple[pd.DataFrame, Sequence[int]]:
    """As `read_named`, some rows at a time: only what pandas holds of them is in memory, and texts as bytes."""
    try:
        _, streams = open_tables(path, _NamedHeaders(required, str))
    except EmptyFile as error:
        raise MissingColumns(str(error), required) from None
    frames: list[pd.DataFrame] = []
    numbers: list[np.ndarray] = []
    said: dict[str, None] = {}
    # What is read some rows at a time has no sheets.
    stream = streams[0]
    _check_columns(path, stream.columns, required, hint)
    for table in stream.slices(_AT_A_TIME):
        frame, rows = _frame(path, table, stream.columns, by_hand=False)
        frames.append(frame)
        numbers.append(np.array(rows, np.int64))
        said.update({str(note): None for note in table.notes if note.kind in ("lost", "mended")})
    for words in said:
        warnings.warn(InputNote(words), stacklevel=3)
    if not any(map(len, frames)):
        raise NoRows(f"{path} has no rows below its header")
    return pd.concat(frames, ignore_index=True), np.concatenate(numbers)  # type: ignore[return-value]


def _check_columns(path: str | Path, columns: Sequence[str], required: Sequence[str], hint: str) -> None:
    lacking = [name for name in required if name not in columns]
    if lacking:
        found = ", ".join(f"'{name[:60]}'" for name in columns[:15])
        raise MissingColumns(f"{path} has no column '{lacking[0]}' (found: {found}); {hint}", lacking)


def distinct_values(path: str | Path, column: str) -> frozenset[str]:
    """
    Gather what stands in a column, of a file of any length.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows.
    column : str
        Its name.

    Returns
    -------
    frozenset of str
        Each value once.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, has no such column, or a row of it is damaged.
    """
    _, streams = open_tables(path, _NamedHeaders([column], str))
    named = [stream for stream in streams if column in stream.columns]
    if not named:
        raise MissingColumns(f"{path} has no column '{column}'", [column])
    found: set[str] = set()
    for stream in named:
        at = stream.columns.index(column)
        for table in stream.slices(_AT_A_TIME):
            if table.bad:
                raise UnreadableInput(f"{path}, row {table.bad[0].row}: {table.bad[0].reason}; write the file again")
            found.update(row[at] for row in table.rows)
    return frozenset(found)
