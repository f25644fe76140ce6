"""Files of complaints to one table of complaints and one of rows that are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from tasrib.complaints.headers import Headers, Recognition
from tasrib.complaints.quarantine import REJECTED
from tasrib.complaints.schema import FIELDS, faults
from tasrib.complaints.values import normalise, zone_of
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import RawTable, as_json
from tasrib.tables.readers import read_tables

_SHOWN = 80


@dataclass
class _File:
    """One input on its way through the checks; frames are indexed by position in ``table.rows``."""

    name: str
    stem: str
    table: RawTable
    recognition: Recognition
    good: pd.DataFrame = field(default_factory=pd.DataFrame)
    rejected: dict[int, tuple[str, int, str, str, str, str]] = field(default_factory=dict)

    def reject(self, position: int, name: str, value: str, reason: str) -> None:
        """Quarantine a row under the user's own name of the column."""
        raw = as_json(self.table.columns, self.table.rows[position])
        row = self.table.row_numbers[position]
        self.rejected[row] = (self.table.sheet, row, self.recognition.columns.get(name, name), value, reason, raw)


@dataclass(frozen=True)
class Read:
    """
    What files of complaints hold.

    Attributes
    ----------
    complaints : DataFrame
        All fields of a complaint (missing ones empty), ``source_file`` and ``source_row`` (the row as the user sees it, a header
        being row 1). ``received_at`` is datetime in UTC, yes/no columns hold ``yes``, ``no`` or ``unknown``, all else is string.
    rejected : DataFrame
        One row per input row that is no complaint: ``file``, ``row``, ``column`` and ``value`` of its first fault, ``reason`` (all
        faults), ``raw`` (the whole row as JSON). Rows read = complaints + rejected, always.
    ignored_columns : tuple of str
        Columns that were not used.
    notes : tuple of str
        What else the user should know of the files, a sentence each.
    """

    complaints: pd.DataFrame
    rejected: pd.DataFrame
    ignored_columns: tuple[str, ...]
    notes: tuple[str, ...]


def read_complaints(
    paths: str | Path | Iterable[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    home_zone: str = "UTC",
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read files of citizens' complaints.

    Parameters
    ----------
    paths, mapping, home_zone
        As for `read_files`.

    Returns
    -------
    complaints, rejected : DataFrame
        As in `Read`. ``complaints.attrs`` holds its ``ignored_columns`` and ``notes``, as lists.

    Raises
    ------
    UnreadableInput, TasribError
        As `read_files`.
    """
    found = read_files(paths, mapping=mapping, home_zone=home_zone)
    found.complaints.attrs = {"ignored_columns": list(found.ignored_columns), "notes": list(found.notes)}
    return found.complaints, found.rejected


def read_files(
    paths: str | Path | Iterable[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    home_zone: str = "UTC",
) -> Read:
    """
    Read files of citizens' complaints, with what is to be said of the files.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files in any known format, or ``-`` for standard input (CSV or JSONL).
    mapping : mapping of str to str, optional
        Column → field, for columns whose names are not recognised.
    home_zone : str, default "UTC"
        Time zone of times that state none, as ``Africa/Casablanca``.

    Returns
    -------
    Read
        Complaints, rejected rows and what to say of the files.

    Raises
    ------
    UnreadableInput
        When a file cannot be read as complaints.
    TasribError
        When the time zone or the mapping is wrong.
    """
    given = [paths] if isinstance(paths, str | Path) else list(paths)
    if not given:
        raise UnreadableInput("no file given; name at least one, or - for standard input")
    twice = [str(path) for path, count in Counter(_identity(path) for path in given).items() if count > 1]
    if twice:
        raise UnreadableInput(f"{twice[0]} is given twice; its rows would count double")
    zone = zone_of(home_zone)
    headers = Headers(mapping)

    files: list[_File] = []
    for path in given:
        source, tables = read_tables(path, headers)
        for table in tables:
            recognition = headers.recognise(source.name, table.columns)
            files.append(_File(source.file, _stem(source.file, files), table, recognition))
    _check_absent(headers, files)
    for file in files:
        _check_rows(file, zone)
    _quarantine_repeats(files)
    ignored = dict.fromkeys(column for file in files for column in file.recognition.ignored)
    notes = [str(note) for file in files for note in file.table.notes]
    return Read(_complaints(files), _rejected(files), tuple(ignored), tuple(notes))


def _identity(path: str | Path) -> str:
    """The same for two ways to write one path."""
    try:
        return "-" if str(path) == "-" else str(Path(path).resolve())
    except (OSError, ValueError, RuntimeError):
        return str(path)


def _stem(name: str, before: list[_File]) -> str:
    """File stem for made-up complaint ids, told apart from the same stem in another folder."""
    stem, taken = Path(name).stem, {file.stem for file in before}
    count, unique = 1, stem
    while unique in taken:
        count += 1
        unique = f"{stem}-{count}"
    return unique


def _check_absent(headers: Headers, files: list[_File]) -> None:
    """A mapped column must be in one file at least."""
    for column in headers.mapping:
        if all(column in file.recognition.absent for file in files):
            shown = ", ".join(f"'{name[:60]}'" for name in files[0].table.columns[:15])
            raise UnreadableInput(f"{files[0].name} has no column '{column}' that --map names; its columns: {shown}")


def _check_rows(file: _File, zone: ZoneInfo) -> None:
    """Normalise, validate, and part the good rows from the rest."""
    table = file.table
    place = {column: position for position, column in enumerate(table.columns)}
    given = pd.DataFrame(index=range(len(table.rows)))
    for name in FIELDS:
        column = file.recognition.columns.get(name)
        cells = [row[place[column]] for row in table.rows] if column else [""] * len(table.rows)
        given[name] = pd.Series(cells, dtype="str")
    values = normalise(given, zone)
    blank = values["complaint_id"] == ""
    values.loc[blank, "complaint_id"] = [
        f"{file.stem}:{table.row_numbers[position]}" for position in values.index[blank]
    ]

    found = faults(values)
    per_row: dict[int, list[tuple[str, str]]] = {}
    for position, name, check in zip(found["index"], found["column"], found["check"], strict=True):
        per_row.setdefault(int(position), []).append((name, check))
    values_given = {name: given[name].tolist() for name in FIELDS}
    for position, wrong in per_row.items():
        lines = [
            f"{file.recognition.columns.get(name, name)} {_quoted(values_given[name][position])}{check}"
            for name, check in wrong
        ]
        first = wrong[0][0]
        file.reject(position, first, values_given[first][position], "; ".join(lines))
    for bad in table.bad:
        file.rejected[bad.row] = (table.sheet, bad.row, bad.column, bad.value, bad.reason, bad.raw)

    values["source_file"] = pd.Series([file.name] * len(values), dtype="str")
    values["source_sheet"] = pd.Series([file.table.sheet] * len(values), dtype="str")
    values["source_row"] = pd.Series(table.row_numbers, dtype="int64")
    file.good = values[~values["source_row"].isin(list(file.rejected))]


def _quoted(value: str) -> str:
    """A value to name in a reason, cut to a readable length."""
    if not value.strip():
        return ""
    return f"'{value}' " if len(value) <= _SHOWN else f"'{value[:_SHOWN]}…' "


def _quarantine_repeats(files: list[_File]) -> None:
    """Of rows with one complaint_id only the first stays."""
    seen: dict[str, str] = {}
    for file in files:
        repeats = []
        rows = zip(file.good.index, file.good["complaint_id"], file.good["source_row"], strict=True)
        for position, identity, row in rows:
            if identity in seen:
                repeats.append(position)
                file.reject(
                    position,
                    "complaint_id",
                    identity,
                    f"complaint_id {_quoted(identity)}is already {seen[identity]}",
                )
            else:
                seen[identity] = f"in row {row} of {file.name}"
        file.good = file.good.drop(index=repeats)


def _complaints(files: list[_File]) -> pd.DataFrame:
    """The good rows of all files, with the types of the contract."""
    frame = pd.concat([file.good for file in files], ignore_index=True)
    frame["received_at"] = pd.to_datetime(frame["received_at"].replace("", None), utc=True, format="ISO8601").astype(
        "datetime64[us, UTC]"
    )
    return frame


def _rejected(files: list[_File]) -> pd.DataFrame:
    """The quarantine of all files, in the order of their rows."""
    rows = [(file.name, *file.rejected[row]) for file in files for row in sorted(file.rejected)]
    frame = pd.DataFrame(rows, columns=list(REJECTED))
    types = {name: "int64" if name == "row" else "str" for name in REJECTED}
    return frame.astype(types)
