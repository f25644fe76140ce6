"""Tables that tasrib wrote itself, or that name their columns as it does, back from a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from tasrib.complaints.values import iso_time, utc_midnight, zone_of
from tasrib.errors import UnreadableInput
from tasrib.tables.readers import read_table

SCORED = ("category", "probability", "decision")


REJECTED = ("file", "row", "column", "value", "reason", "raw")


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
    lacking = [name for name in required if name not in table.columns]
    if lacking:
        found = ", ".join(f"'{name[:60]}'" for name in table.columns[:15])
        raise UnreadableInput(f"{path} has no column '{lacking[0]}' (found: {found}); {hint}")
    if table.bad:
        raise UnreadableInput(f"{path}, row {table.bad[0].row}: {table.bad[0].reason}; write the file again")
    # A frame of dtype str needs no row to know its type.
    return pd.DataFrame(table.rows, columns=table.columns, dtype="str"), table.row_numbers


def read_rejected(path: str | Path) -> pd.DataFrame:
    """
    Read a quarantine back as `write_table` wrote it.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    DataFrame
        As the second frame of `read_complaints`.

    Raises
    ------
    UnreadableInput
        When it is no quarantine.
    """
    frame, _ = read_named(path, REJECTED, "name the quarantine file that tasrib score wrote")
    frame["row"] = pd.to_numeric(frame["row"], errors="coerce").fillna(0).astype("int64")
    return frame


def read_scored(path: str | Path) -> pd.DataFrame:
    """
    Read scored complaints as `write_table` wrote them.

    Parameters
    ----------
    path : str or Path
        A file in any format that `write_table` knows, or ``-`` for standard input.

    Returns
    -------
    DataFrame
        ``received_at`` as datetime in UTC, ``probability`` as float, ``source_row`` as whole number, all
        else as string with "" for empty.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, lacks a scored column, or a row of it is damaged.
    """
    frame, numbers = read_named(path, SCORED, "so it is not scored; run tasrib score on it first")
    frame["probability"] = [
        _probability(value, str(path), row) for value, row in zip(frame["probability"], numbers, strict=True)
    ]
    if "received_at" in frame:
        times = [_time(value, str(path), row) for value, row in zip(frame["received_at"], numbers, strict=True)]
        frame["received_at"] = pd.to_datetime(pd.Series(times, dtype="object"), utc=True, format="ISO8601").astype(
            "datetime64[us, UTC]"
        )
    if "source_row" in frame:
        frame["source_row"] = pd.to_numeric(frame["source_row"], errors="coerce").astype("Int64")
    return frame


def _probability(value: str, path: str, row: int) -> float:
    """A number in 0–1; French Excel writes it with a comma."""
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not 0 <= number <= 1:
        raise UnreadableInput(f"{path}, row {row}: probability '{value}' is not between 0 and 1; score the file again")
    return number


def _time(value: str, path: str, row: int) -> str | None:
    """ISO 8601 in UTC, None for an empty cell."""
    if not value.strip():
        return None
    zone = zone_of("UTC")
    iso = iso_time(value, zone)
    if iso is None:
        raise UnreadableInput(f"{path}, row {row}: received_at '{value}' is not a date; score the file again")
    return utc_midnight(iso, zone)
