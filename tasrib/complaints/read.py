"""Files of complaints to one table of complaints, one of rows that are none, and what there is to say of the files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from tasrib.complaints.account import FileRead, places_of
from tasrib.complaints.apart import IdNames, settle_ids
from tasrib.complaints.checking import with_types
from tasrib.complaints.cleaning import Ledger, cleaning_table
from tasrib.complaints.opening import SLICE, OpenTable, open_files
from tasrib.tables.notes import Note, of_rows


@dataclass(frozen=True)
class Read:
    """
    What files of complaints hold.

    Attributes
    ----------
    complaints : DataFrame
        All fields of a complaint (missing ones empty); ``text_received``, the text before garbled letters were put right, empty where
        it stands as received; ``source_file``, ``source_sheet`` and ``source_row`` (the row as the user sees it, a header being row 1).
        ``received_at`` is datetime in UTC, yes/no columns hold ``yes``, ``no`` or ``unknown``, all else is string.
    rejected : DataFrame
        One row per input row that is no complaint: ``file``, ``sheet``, ``row``, ``column`` and ``value`` of its first fault, ``reason``
        (all faults, without any value), ``raw`` (the whole row as JSON). Rows read are complaints, rejected, or counted in ``cleaning`` as
        left out (empty lines, headings repeated, the same complaint again), always.
    done : tuple of Note
        What was mended, left out or lost, and how files were taken.
    ignored_columns : tuple of str
        Columns that were not used.
    files : tuple of FileRead
        The files, in the order they were given.
    zone : str
        Zone of the times that stated none.
    """

    complaints: pd.DataFrame
    rejected: pd.DataFrame
    done: tuple[Note, ...]
    ignored_columns: tuple[str, ...]
    files: tuple[FileRead, ...] = ()
    zone: str = ""

    @property
    def cleaning(self) -> pd.DataFrame:
        """What was done as a table: see `tasrib.complaints.cleaning.cleaning_table`."""
        return cleaning_table(self.done)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done, a sentence each."""
        return tuple(map(str, self.done))

    def with_notes(self, notes: Iterable[Note]) -> Read:
        """The same, with what a later step has done to the complaints."""
        ledger = Ledger(places_of(self.files))
        ledger.add([*self.done, *notes])
        return replace(self, done=ledger.notes())

    @property
    def lost(self) -> bool:
        """Whether something in the files could not be known: rows in quarantine, or a value or sheet that was not read."""
        return bool(len(self.rejected)) or any(note.kind == "lost" for note in self.done)


def read_complaints(
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
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read files of citizens' complaints.

    Parameters
    ----------
    paths, mapping, values, home_zone, country, encoding, sheet, recipient, owner, passphrase, keep_all, reporting_line
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
    found = read_files(paths, mapping=mapping, values=values, home_zone=home_zone, country=country, encoding=encoding,
                       sheet=sheet, recipient=recipient, owner=owner, passphrase=passphrase, keep_all=keep_all, reporting_line=reporting_line)  # fmt: skip
    found.complaints.attrs = {"ignored_columns": list(found.ignored_columns), "notes": list(found.notes)}
    return found.complaints, found.rejected


def read_files(
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
) -> Read:
    """
    Read files of citizens' complaints, with what is to be said of the files.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Tables in any known format, what a phone or mailbox wrote out (docs/exports.md), or ``-`` for standard input.
    mapping : mapping of str to str, optional
        Column → field, for columns whose names are not recognised.
    values : mapping of str to str, optional
        Field → the value that stands for it wherever a file has none.
    home_zone : str, optional
        Time zone of times that state none, as ``Africa/Casablanca``; that of `country` by default.
    country : str, default "MA"
        ISO 3166 code of the home country.
    encoding : str, optional
        Encoding of text files, such as ``cp1256``; found out where it is not stated.
    sheet : str, optional
        The only sheet to read of workbooks; all that hold complaints by default.
    recipient : str, optional
        The number of the phone or mailbox that exports were made of; that in the file's name by default.
    owner : str, optional
        The name under which the owner of the phone writes in WhatsApp chats, where the chats do not tell it.
    passphrase : str, optional
        Of encrypted backups of iPhones.
    keep_all : bool, default False
        Keep whatever an export says was received. By default what comes from contacts, belongs to a conversation or is the recipient's own
        affair is left out, counted and written nowhere (docs/exports.md).
    reporting_line : bool, default False
        Exports of telephones are of one to which citizens send on what they received: who wrote to it is the recipient.

    Returns
    -------
    Read
        Complaints, rejected rows and what to say of the files.

    Raises
    ------
    UnreadableInput
        When a file cannot be read as complaints, or was scored already.
    TasribError
        When the time zone, the country, the mapping or a value is wrong.
    """
    opened = open_files(
        paths, mapping=mapping, values=values, home_zone=home_zone, country=country, encoding=encoding, sheet=sheet,
        recipient=recipient, owner=owner, passphrase=passphrase, keep_all=keep_all, reporting_line=reporting_line,
    )  # fmt: skip
    checker, account = opened.checker(), opened.account()
    complaints: list[list[pd.DataFrame]] = []
    rejected: list[pd.DataFrame] = []
    for number, table in enumerate(opened.tables):
        complaints.append([])
        for rows in table.slices(SLICE):
            checked = checker.check(number, rows)
            complaints[number].append(checked.complaints)
            rejected.append(checked.quarantine())
            account.add(number, len(checked.complaints), len(checked.rejected), checked.notes)
        account.note(table.notes)
    names = settle_ids([table.stem for table in opened.tables], lambda number: iter(complaints[number]))
    for number, name in enumerate(names):
        account.note(id_notes(opened.tables[number], name, complaints[number]))
    frames = [
        each.assign(complaint_id=name.of(each)) for name, of in zip(names, complaints, strict=True) for each in of
    ]
    frame = with_types(pd.concat(frames, ignore_index=True))
    return Read(frame, pd.concat(rejected, ignore_index=True), account.done, opened.ignored_columns, account.files, opened.zone)  # fmt: skip


def id_notes(table: OpenTable, names: IdNames, complaints: Iterable[pd.DataFrame]) -> Iterator[Note]:
    """
    Say that the ids of a table were changed.

    Parameters
    ----------
    table : OpenTable
        The table.
    names : IdNames
        What its ids bear.
    complaints : iterable of pandas.DataFrame
        Its complaints, with the ids that the file gave.

    Yields
    ------
    Note
        One for some complaints, or none.
    """
    if not names.given:
        return
    said = f"ids that other complaints have too; '{table.stem}:' was put before the ids of this table"
    for each in complaints:
        rows = each.loc[each["complaint_id"] != "", "source_row"].tolist()
        for note in of_rows("mended", "ids_made_unique", said, rows):
            yield replace(note, file=table.source.file, sheet=table.stream.sheet)
