"""Files of complaints before a row of them is read: which column is which, in which order dates are, settled over all rows of a table."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib._arguments import as_kind, as_paths, as_words
from tasrib.complaints.account import Account, FileRead
from tasrib.complaints.checking import Checked, Setting, check_table, quarantine_repeated_ids, with_types
from tasrib.complaints.exports.inputs import Part, UnknownKind, Wanted, open_input, places
from tasrib.complaints.exports.message import OnlyUserKnows
from tasrib.complaints.exports.names import Names
from tasrib.complaints.exports.owner import check_given
from tasrib.complaints.headers import Headers, check_field, shown
from tasrib.complaints.identity import stem_of
from tasrib.complaints.moments import latest_moment
from tasrib.complaints.repeats import Repeats
from tasrib.complaints.seen import Seen, digests
from tasrib.complaints.surveying import ChangedMeanwhile, OpenTable, survey_export, survey_tables
from tasrib.complaints.values import home_zone as home_zone_of
from tasrib.complaints.values import zone_of
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import EmptyFile, RawTable, Source

__all__ = ["SLICE", "ChangedMeanwhile", "Checker", "OpenTable", "Opened", "open_files"]

# Rows that are read at a time.
SLICE = 10_000


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
    unread : tuple of Note
        Files of folders and archives that hold nothing that can be read.
    """

    tables: tuple[OpenTable, ...]
    files: tuple[FileRead, ...]
    file_of: tuple[int, ...]
    zone: str
    unread: tuple[Note, ...] = ()

    @property
    def ignored_columns(self) -> tuple[str, ...]:
        """Columns that are not used."""
        return tuple(dict.fromkeys(column for table in self.tables for column in table.recognition.ignored))

    @property
    def empty(self) -> tuple[str, ...]:
        """What holds no message that is looked at."""
        unread = (f"{note.file}/{note.sheet}" if note.sheet else note.file for note in self.unread)
        return (*(table.name for table in self.tables if not table.n_rows), *unread)

    def account(self) -> Account:
        """Begin to keep count of the rows."""
        account = Account(self.files, self.file_of, [table.what for table in self.tables])
        account.note(self.unread)
        return account

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
    recipient: str | None = None,
    owner: str | None = None,
    passphrase: str | None = None,
    keep_all: bool = False,
    reporting_line: bool = False,
    latest: dt.datetime | None = None,
    size: int = SLICE,
) -> Opened:
    """
    Open files of citizens' complaints, and settle what holds for all rows of each of their tables.

    Parameters
    ----------
    paths, mapping, values, home_zone, country, encoding, sheet, recipient, owner, passphrase, keep_all, reporting_line
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
    given = list(places(as_paths(paths, "a file of complaints")))
    if not given:
        raise UnreadableInput("no file given; name at least one, or - for standard input")
    twice = [str(path) for path, count in Counter(_identity(place.path) for place in given).items() if count > 1]
    if twice:
        raise UnreadableInput(f"{twice[0]} is given twice; its rows would count double")
    for name, word in (
        ("home_zone", home_zone),
        ("encoding", encoding),
        ("sheet", sheet),
        ("recipient", recipient),
        ("owner", owner),
    ):
        if word is not None:
            as_kind(word, str, f"a word for {name}")
    zone = zone_of(home_zone or home_zone_of(as_kind(country, str, "an ISO 3166 code for country")))
    mapping = None if mapping is None else as_words(mapping, "fields by column")
    stated = {} if values is None else as_words(values, "values by field")
    for name in stated:
        check_field(name)
    headers = Headers(mapping, stated)
    setting = Setting(stated, zone, {}, latest or latest_moment())

    if reporting_line and (recipient is not None or "recipient" in stated):
        raise UnreadableInput(
            "--reporting-line says that those who wrote to the telephone are the recipients; leave --recipient out"
        )
    number = check_given(recipient) if recipient is not None else stated.get("recipient", "")
    country = country.strip().upper()
    wanted = Wanted(
        number,
        owner or "",
        passphrase or "",
        as_kind(keep_all, bool, "yes or no for keep_all"),
        as_kind(reporting_line, bool, "yes or no for reporting_line"),
        country,
        encoding,
        sheet,
    )
    names = Names(country, [number])

    tables: list[OpenTable] = []
    files: list[FileRead] = []
    file_of: list[int] = []
    stems: list[str] = []
    unread: list[Note] = []
    for place in given:
        try:
            source, parts = open_input(place, headers, wanted, names)
            found, notes = _surveyed(source, parts, headers, setting, size, names)
        except OnlyUserKnows:
            raise
        except UnreadableInput as error:
            if place.is_named:
                raise
            unread.append(_not_read(place.file, "", error, names))
            continue
        unread += notes
        stems.append(stem_of(source.file, stems))
        tables += [
            replace(table, stem=f"{stems[-1]}:{table.stream.sheet}" if len(found) > 1 else stems[-1]) for table in found
        ]
        file_of += [len(files)] * len(found)
        files.append(_file_read(source, found))
    if tables:
        _check_absent(headers, tables)
    if not any(table.n_rows for table in tables):
        raise UnreadableInput(_nothing(str(given[0].path), tables, unread))
    return Opened(tuple(tables), tuple(files), tuple(file_of), zone.key, tuple(unread))


def _surveyed(
    source: Source, parts: Sequence[Part], headers: Headers, setting: Setting, size: int, names: Names
) -> tuple[list[OpenTable], list[Note]]:
    """The tables of one input, and of an archive what is in it and cannot be read."""
    found: list[OpenTable] = []
    unread: list[Note] = []
    for part in parts:
        try:
            if part.error:
                raise part.error
            if part.what:
                found += [survey_export(source, stream, part.what, setting, size) for stream in part.streams]
            else:
                found += survey_tables(source, part.streams, headers, setting, size)
        except OnlyUserKnows:
            raise
        except UnreadableInput as error:
            if not part.within:
                raise
            unread.append(_not_read(source.file, part.within, error, names))
    return found, unread


def _not_read(file: str, sheet: str, error: UnreadableInput, names: Names) -> Note:
    """What holds nothing that could be read: a picture is no loss, a table without its columns may be one."""
    file, sheet = names.of(file), names.of(sheet)
    if isinstance(error, UnknownKind | EmptyFile):
        return Note("left_out", "holds_none", "no kind of file that holds messages; left out", file, sheet)
    return Note("lost", "file_not_read", names.of(str(error)), file, sheet)


def _nothing(path: str, tables: Sequence[OpenTable], unread: Sequence[Note]) -> str:
    """The one line for inputs of which nothing is looked at."""
    left = sum((table.left for table in tables), Counter[str]())
    if not left:
        lost = [note.said for note in unread if note.kind == "lost"]
        return lost[0] if lost else f"{path} holds no message"
    others = f" and {len(tables) - 1} more" if len(tables) > 1 else ""
    counts = ", ".join(f"{count:,} {said.partition(';')[0]}" for said, count in left.most_common())
    return f"{tables[0].source.name}{others}: no message is looked at, for all are left out ({counts}); --all keeps whatever was received"


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


def _check_absent(headers: Headers, tables: Sequence[OpenTable]) -> None:
    """A mapped column must be in one file at least."""
    for column in headers.mapping:
        if all(column in table.recognition.absent for table in tables):
            columns = shown(tables[0].stream.columns)
            raise UnreadableInput(
                f"{tables[0].source.file} has no column '{column}' that --map names; its columns: {columns}"
            )
