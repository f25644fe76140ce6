"""Files of complaints before a row of them is read: which column is which, in which order dates are, settled over all rows of a table."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib._arguments import as_kind, as_paths, as_words
from tasrib.complaints.account import Account, FileRead
from tasrib.complaints.checking import Checked, Setting, check_table, dates_of, quarantine_repeated_ids, with_types
from tasrib.complaints.headers import Headers, Recognition, check_field, shown
from tasrib.complaints.identity import stem_of
from tasrib.complaints.looks import Sample
from tasrib.complaints.moments import Decision, Evidence, latest_moment
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.repeats import Repeats
from tasrib.complaints.schema import DATES
from tasrib.complaints.seen import Seen, digests
from tasrib.complaints.values import home_zone as home_zone_of
from tasrib.complaints.values import zone_of
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import RawTable, Source, Stream
from tasrib.tables.readers import no_rows, open_tables

# Rows that are read at a time.
SLICE = 10_000
# Rows that are looked at for pseudonyms.
_TOP = 200
# A table with these was scored: its recipients are pseudonyms, of which no operator could be told any more.
_SCORED = ({"decision", "operator_allocated"}, {"decision", "probability"})


class ChangedMeanwhile(UnreadableInput):
    """A file is no longer what it was when it was opened: nothing that was done of it can be used."""


@dataclass(frozen=True)
class OpenTable:
    """
    A table whose rows are about to be read.

    Attributes
    ----------
    source : Source
        Its file.
    state : tuple of int
        The file's when it was opened.
    stem : str
        What stands for the table in made-up ids.
    stream : Stream
        Its rows.
    n_rows : int
        How many there are.
    recognition : Recognition
        Which column is which field.
    setting : Setting
        What holds for all rows.
    notes : tuple of Note
        What is to be said of the table as a whole.
    """

    source: Source
    state: tuple[int, int]
    stem: str
    stream: Stream
    n_rows: int
    recognition: Recognition
    setting: Setting
    notes: tuple[Note, ...]

    @property
    def name(self) -> str:
        """The table, in words."""
        return f"sheet '{self.stream.sheet}' of {self.source.file}" if self.stream.sheet else self.source.file

    def slices(self, size: int) -> Iterator[RawTable]:
        """
        Read the rows.

        Parameters
        ----------
        size : int
            How many at a time.

        Yields
        ------
        RawTable
            Some rows.

        Raises
        ------
        UnreadableInput
            When somebody wrote to the file meanwhile.
        """
        yield from self.stream.slices(size)
        if self.source.state() != self.state:
            raise ChangedMeanwhile(f"{self.source.name} was changed while it was read; score it again")


@dataclass(frozen=True)
class Opened:
    """
    Files whose complaints are about to be read.

    Attributes
    ----------
    tables : tuple of OpenTable
        All tables of all files, in order.
    files : tuple of FileRead
        The files, nothing counted yet.
    file_of : tuple of int
        Of each table the place of its file.
    zone : str
        Zone of the times that state none.
    """

    tables: tuple[OpenTable, ...]
    files: tuple[FileRead, ...]
    file_of: tuple[int, ...]
    zone: str

    @property
    def ignored_columns(self) -> tuple[str, ...]:
        """Columns that are not used."""
        return tuple(dict.fromkeys(column for table in self.tables for column in table.recognition.ignored))

    def account(self) -> Account:
        """Begin to keep count of the rows."""
        return Account(self.files, self.file_of)

    def checker(self) -> Checker:
        """Begin to check the rows."""
        return Checker(self)


class Checker:
    """
    Checks rows, those of one table after those of another, and leaves out what an earlier row or table has already.

    Parameters
    ----------
    opened : Opened
        The files.
    """

    def __init__(self, opened: Opened) -> None:
        self._tables = opened.tables
        self._number = 0
        self._ids = Seen()
        self._repeats = Repeats()

    def check(self, number: int, rows: RawTable) -> Checked:
        """
        Check some rows.

        Parameters
        ----------
        number : int
            The place of their table: as before, or the next.
        rows : RawTable
            Those that come next in it.

        Returns
        -------
        Checked
            Their complaints have the ids that the file gave them.
        """
        self.turn_to(number)
        table = self._tables[number]
        found = check_table(table.source.file, rows, table.recognition, table.setting)
        quarantine_repeated_ids(found, self._ids)
        if len(self._tables) > 1:
            earlier = self._repeats.earlier(with_types(found.complaints))
            again = found.complaints.loc[earlier.index]
            ids = zip(again["complaint_id"], again["source_row"], strict=True)
            found.passed += [(given, int(row)) for given, row in ids if given]
            for first in sorted(set(earlier)):
                said = f"the same complaint is in {self._tables[first].name}, and counts once"
                found.leave_out(list(earlier.index[earlier == first]), "repeated_complaint", said)
        return found

    def recall(self, number: int, complaints: pd.DataFrame, passed: Sequence[tuple[str, int]]) -> None:
        """
        Take rows for checked that were, in a run before this one.

        Parameters
        ----------
        number : int
            The place of their table.
        complaints : pandas.DataFrame
            What came of them, with the ids that the file gave.
        passed : sequence of (str, int)
            As of `Checked`.
        """
        self.turn_to(number)
        given = complaints[complaints["complaint_id"] != ""]
        ids = [*given["complaint_id"], *(each for each, _ in passed)]
        rows = [*given["source_row"].astype("int64"), *(row for _, row in passed)]
        self._ids.add(digests(ids), np.array(rows, np.int64))
        if len(self._tables) > 1:
            self._repeats.earlier(complaints)

    def turn_to(self, number: int) -> None:
        """Go on with another table."""
        while self._number < number:
            self._ids = Seen()
            self._repeats.next_table()
            self._number += 1


def open_files(
    paths: str | Path | Iterable[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
    home_zone: str | None = None,
    country: str = "MA",
    encoding: str | None = None,
    sheet: str | None = None,
    latest: dt.datetime | None = None,
    size: int = SLICE,
) -> Opened:
    """
    Open files of citizens' complaints, and settle what holds for all rows of each of their tables.

    Parameters
    ----------
    paths, mapping, values, home_zone, country, encoding, sheet
        As for `tasrib.complaints.read_files`.
    latest : datetime.datetime, optional
        The moment after which no message that was received can be dated; now by default.
    size : int
        Rows that are read at a time; what is found does not depend on it.

    Returns
    -------
    Opened
        The tables.

    Raises
    ------
    UnreadableInput, TasribError
        As `tasrib.complaints.read_files`.
    """
    given = as_paths(paths, "a file of complaints")
    if not given:
        raise UnreadableInput("no file given; name at least one, or - for standard input")
    twice = [str(path) for path, count in Counter(_identity(path) for path in given).items() if count > 1]
    if twice:
        raise UnreadableInput(f"{twice[0]} is given twice; its rows would count double")
    for name, word in (("home_zone", home_zone), ("encoding", encoding), ("sheet", sheet)):
        if word is not None:
            as_kind(word, str, f"a word for {name}")
    zone = zone_of(home_zone or home_zone_of(as_kind(country, str, "an ISO 3166 code for country")))
    mapping = None if mapping is None else as_words(mapping, "fields by column")
    stated = {} if values is None else as_words(values, "values by field")
    for name in stated:
        check_field(name)
    headers = Headers(mapping, stated)
    setting = Setting(stated, zone, {}, latest or latest_moment())

    tables: list[OpenTable] = []
    files: list[FileRead] = []
    file_of: list[int] = []
    stems: list[str] = []
    for path in given:
        source, streams = open_tables(path, headers, encoding=encoding, sheet=sheet)
        found = _of_file(source, streams, headers, setting, size)
        stems.append(stem_of(source.file, stems))
        tables += [
            replace(table, stem=f"{stems[-1]}:{table.stream.sheet}" if len(found) > 1 else stems[-1]) for table in found
        ]
        file_of += [len(files)] * len(found)
        files.append(_file_read(source, found))
    _check_absent(headers, tables)
    return Opened(tuple(tables), tuple(files), tuple(file_of), zone.key)


def _file_read(source: Source, tables: Sequence[OpenTable]) -> FileRead:
    """What is known of a file before its rows are counted."""
    hashed = hashlib.sha256()
    for block in source.blocks():
        hashed.update(block)
    sheets = tuple(table.stream.sheet for table in tables if table.stream.sheet)
    return FileRead(source.file, hashed.hexdigest(), source.state()[0], "", sheets, 0, 0, 0)


def _identity(path: str | Path) -> str:
    """The same for two ways to write one path."""
    try:
        return "-" if str(path) == "-" else str(Path(path).resolve())
    except (OSError, ValueError, RuntimeError):
        return str(path)


class _Survey:
    """All rows of a table looked at once."""

    def __init__(self, source: Source, stream: Stream, headers: Headers, setting: Setting, size: int) -> None:
        self.stream, self._source, self._setting, self._size = stream, source, setting, size
        self.sample, self.top = Sample(), list[Sequence[str]]()
        self.n_rows = self.n_bad = 0
        # The first rows mostly say already which columns hold dates; else all rows are looked at once more.
        self._guess: Recognition | None = None
        self._evidence = self._no_evidence()
        for number, table in enumerate(stream.slices(size)):
            self.sample.add(table.rows)
            self.top += table.rows[: _TOP - len(self.top)]
            if not number:
                first = table
                try:
                    self._guess = headers.recognise(source.name, stream.columns, self.sample.rows)
                except UnreadableInput:
                    self._guess = None
            if self._guess:
                self._look_at(table, self._guess)
            self.n_rows, self.n_bad = self.n_rows + len(table.rows), self.n_bad + len(table.bad)
        if not number:
            # So few rows need not be read again.
            self.stream = Stream.of(first)

    def _no_evidence(self) -> dict[str, Evidence]:
        return {name: Evidence(self._setting.latest) for name in DATES}

    def _look_at(self, table: RawTable, recognition: Recognition) -> None:
        for name, cells in dates_of(table, recognition, self._setting.values):
            self._evidence[name].add(cells)

    def decisions(self, recognition: Recognition) -> dict[str, Decision]:
        """In which order dates are, column by column."""
        if self._guess is None or _dates(self._guess) != _dates(recognition):
            self._evidence = self._no_evidence()
            for table in self.stream.slices(self._size):
                self._look_at(table, recognition)
        return {name: evidence.decision() for name, evidence in self._evidence.items()}

    def opened(self, recognition: Recognition) -> OpenTable:
        """The table, its columns known."""
        orders = self.decisions(recognition)
        notes = list(recognition.notes)
        for name, decision in orders.items():
            notes += decision.notes(recognition.columns.get(name, name))
        file, sheet = self._source.file, self.stream.sheet
        placed = tuple(replace(note, file=file, sheet=sheet) for note in notes)
        setting = replace(self._setting, orders=orders)
        return OpenTable(self._source, self._source.state(), "", self.stream, self.n_rows + self.n_bad, recognition, setting, placed)  # fmt: skip


def _dates(recognition: Recognition) -> list[str | None]:
    return [recognition.columns.get(name) for name in DATES]


def _of_file(
    source: Source, streams: Sequence[Stream], headers: Headers, setting: Setting, size: int
) -> list[OpenTable]:
    """Tables of a file whose columns are known; a sheet with other columns is named where another one can be read."""
    state = source.state()
    surveys = [_Survey(source, stream, headers, setting, size) for stream in streams]
    if all(not each.n_rows and not each.n_bad and headers.is_header(each.stream.columns) for each in surveys):
        raise no_rows(source.name)
    found: list[OpenTable] = []
    refused: list[tuple[_Survey, UnreadableInput]] = []
    for survey in surveys:
        _refuse_scored(source.name, survey.stream.columns, survey.top)
        try:
            recognition = headers.recognise(source.name, survey.stream.columns, survey.sample.rows)
        except UnreadableInput as error:
            refused.append((survey, error))
        else:
            found.append(replace(survey.opened(recognition), state=state))
    if not found:
        raise refused[0][1]
    said = "the sheet lacks a column for the text or the number, and was not read"
    lost = [Note("lost", "sheet_without_columns", said, source.file, survey.stream.sheet) for survey, _ in refused]
    found[0] = replace(found[0], notes=(*lost, *found[0].notes))
    return found


def _refuse_scored(name: str, columns: Sequence[str], top: Sequence[Sequence[str]]) -> None:
    """Columns may have been renamed or taken out since; pseudonyms in the place of numbers still tell."""
    hidden = (sum(re.match(PSEUDONYM, cell.strip()) is not None for cell in cells) for cells in zip(*top, strict=True))
    if any(set(columns) >= marks for marks in _SCORED) or any(2 * count > len(top) for count in hidden):
        raise UnreadableInput(
            f"{name} is scored already, so its numbers are gone; score the files that it was made from, or run tasrib report on it"
        )


def _check_absent(headers: Headers, tables: Sequence[OpenTable]) -> None:
    """A mapped column must be in one file at least."""
    for column in headers.mapping:
        if all(column in table.recognition.absent for table in tables):
            columns = shown(tables[0].stream.columns)
            raise UnreadableInput(
                f"{tables[0].source.file} has no column '{column}' that --map names; its columns: {columns}"
            )
