"""Files of complaints to one table of complaints, one of rows that are none, and what there is to say of the files."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from tasrib._arguments import as_kind, as_paths, as_words
from tasrib.complaints.checking import Checked, check_table
from tasrib.complaints.cleaning import cleaning_table, joined
from tasrib.complaints.headers import Headers, Recognition, check_field, shown
from tasrib.complaints.identity import made_up, stem_of, told_apart
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.quarantine import REJECTED
from tasrib.complaints.repeats import repeated
from tasrib.complaints.values import home_zone as home_zone_of
from tasrib.complaints.values import zone_of
from tasrib.complaints.words import help_sheet
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note, of_rows
from tasrib.tables.raw import RawTable, Source
from tasrib.tables.readers import read_tables

# Rows that are looked at for pseudonyms.
_SAMPLE = 200
# Formats that have an encoding; one that is not said is UTF-8.
_TEXTS = (".csv", ".tsv", ".jsonl")
# A table with these was scored: its recipients are pseudonyms, of which no operator could be told any more.
_SCORED = ({"decision", "operator_allocated"}, {"decision", "probability"})


@dataclass(frozen=True)
class FileRead:
    """
    A file as it was when it was read: what a complaint is followed back to.

    Attributes
    ----------
    name : str
        The file's name without its folder; ``stdin`` for standard input.
    sha256 : str
        Hash of the very bytes that were read.
    size : int
        Their number.
    encoding : str
        How a text was taken; empty for other formats.
    sheets : tuple of str
        The sheets that were read.
    n_scored, n_quarantined, n_left_out : int
        Rows that are complaints, rows in quarantine, and rows that a note names as left out (a note of several rows counts each).
    """

    name: str
    sha256: str
    size: int
    encoding: str
    sheets: tuple[str, ...]
    n_scored: int
    n_quarantined: int
    n_left_out: int


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
        return replace(self, done=tuple(joined([*self.done, *notes])))

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
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Read files of citizens' complaints.

    Parameters
    ----------
    paths, mapping, values, home_zone, country, encoding, sheet
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
                       sheet=sheet)  # fmt: skip
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
) -> Read:
    """
    Read files of citizens' complaints, with what is to be said of the files.

    Parameters
    ----------
    paths : str, Path or iterable of them
        Files in any known format, or ``-`` for standard input (CSV or JSONL).
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

    tables: list[Checked] = []
    read: list[tuple[FileRead, int]] = []
    stems: list[str] = []
    for path in given:
        source, found = read_tables(path, headers, encoding=encoding, sheet=sheet)
        recognised = _recognised(source, found, headers)
        stems.append(stem_of(source.file, stems))
        for table, recognition in recognised:
            stem = f"{stems[-1]}:{table.sheet}" if len(recognised) > 1 else stems[-1]
            tables.append(check_table(source.file, stem, table, recognition, stated, zone))
        read.append((_file_read(source), len(recognised)))
    _check_absent(headers, tables)
    _leave_out_repeats(tables)
    _give_ids(tables)
    ignored = dict.fromkeys(column for table in tables for column in table.recognition.ignored)
    # A sheet that explains the template holds nothing to read.
    said = [
        note for table in tables for note in table.notes if (note.code, note.sheet) != ("sheet_not_read", help_sheet())
    ]
    return Read(
        _complaints(tables), _rejected(tables), tuple(joined(said)), tuple(ignored), tuple(_counted(read, tables)), zone.key
    )  # fmt: skip


def _file_read(source: Source) -> FileRead:
    """What is known of a file before its rows are counted; the source with its bytes is not kept."""
    return FileRead(source.file, hashlib.sha256(source.data).hexdigest(), len(source.data), "", (), 0, 0, 0)


def _counted(read: Sequence[tuple[FileRead, int]], tables: Sequence[Checked]) -> Iterable[FileRead]:
    """Files with what became of their rows; the tables of a file stand one after the other."""
    start = 0
    for file, n_tables in read:
        mine = tables[start : start + n_tables]
        start += n_tables
        notes = [note for table in mine for note in table.notes]
        said = [note.said.removeprefix("read as ") for note in notes if note.code == "encoding"]
        is_text = Path(file.name).suffix.lower() in _TEXTS or file.name == "stdin"
        yield replace(
            file,
            encoding=said[0] if said else "UTF-8" if is_text else "",
            sheets=tuple(table.table.sheet for table in mine if table.table.sheet),
            n_scored=sum(len(table.complaints) for table in mine),
            n_quarantined=sum(len(table.rejected) for table in mine),
            n_left_out=sum(len(note.rows) for note in notes if note.kind == "left_out"),
        )


def _identity(path: str | Path) -> str:
    """The same for two ways to write one path."""
    try:
        return "-" if str(path) == "-" else str(Path(path).resolve())
    except (OSError, ValueError, RuntimeError):
        return str(path)


def _recognised(source: Source, tables: Sequence[RawTable], headers: Headers) -> list[tuple[RawTable, Recognition]]:
    """Tables of a file whose columns are known; a sheet with other columns is named where another one can be read."""
    found: list[tuple[RawTable, Recognition]] = []
    refused: list[tuple[RawTable, UnreadableInput]] = []
    for table in tables:
        _refuse_scored(source, table)
        try:
            found.append((table, headers.recognise(source.name, table.columns, table.rows)))
        except UnreadableInput as error:
            refused.append((table, error))
    if not found:
        raise refused[0][1]
    said = "the sheet lacks a column for the text or the number, and was not read"
    found[0][0].notes.extend(
        Note("lost", "sheet_without_columns", said, source.file, table.sheet) for table, _ in refused
    )
    return found


def _refuse_scored(source: Source, table: RawTable) -> None:
    """Columns may have been renamed or taken out since; pseudonyms in the place of numbers still tell."""
    sample = table.rows[:_SAMPLE]
    hidden = (
        sum(re.match(PSEUDONYM, cell.strip()) is not None for cell in cells) for cells in zip(*sample, strict=True)
    )
    if any(set(table.columns) >= marks for marks in _SCORED) or any(2 * count > len(sample) for count in hidden):
        raise UnreadableInput(
            f"{source.name} is scored already, so its numbers are gone; score the files that it was made from, or run tasrib report on it"
        )


def _check_absent(headers: Headers, tables: Sequence[Checked]) -> None:
    """A mapped column must be in one file at least."""
    for column in headers.mapping:
        if all(column in table.recognition.absent for table in tables):
            columns = shown(tables[0].table.columns)
            raise UnreadableInput(f"{tables[0].file} has no column '{column}' that --map names; its columns: {columns}")


def _leave_out_repeats(tables: Sequence[Checked]) -> None:
    """The same complaint in two files counts once."""
    for table, earlier in zip(tables, repeated([table.complaints for table in tables]), strict=True):
        for first in sorted(set(earlier)):
            said = f"the same complaint is in {tables[first].name}, and counts once"
            table.leave_out(list(earlier.index[earlier == first]), "repeated_complaint", said)


def _give_ids(tables: Sequence[Checked]) -> None:
    """Each complaint an id of its own, whatever ids the files gave."""
    taken: set[str] = set()
    for table in tables:
        complaints = table.complaints
        ids = complaints["complaint_id"]
        given = ids[ids != ""]
        apart = told_apart(given, table.stem, taken)
        if apart is not given:
            said = f"ids that other complaints have too; '{table.stem}:' was put before the ids of this table"
            table.note(of_rows("mended", "ids_made_unique", said, complaints.loc[given.index, "source_row"]))
        taken.update(apart)
        blank = complaints.loc[ids == "", "source_row"]
        made = made_up(blank, table.stem, taken)
        taken.update(made)
        table.complaints = complaints.assign(complaint_id=pd.concat([apart, made]).reindex(ids.index).astype("str"))


def _complaints(tables: Sequence[Checked]) -> pd.DataFrame:
    """The good rows of all tables, with the types of the contract."""
    frame = pd.concat([table.complaints for table in tables], ignore_index=True)
    frame["received_at"] = pd.to_datetime(frame["received_at"].replace("", None), utc=True, format="ISO8601").astype(
        "datetime64[us, UTC]"
    )
    return frame


def _rejected(tables: Sequence[Checked]) -> pd.DataFrame:
    """The quarantine of all tables, in the order of their rows."""
    rows = [(table.file, *table.rejected[row]) for table in tables for row in sorted(table.rejected)]
    frame = pd.DataFrame(rows, columns=list(REJECTED))
    return frame.astype({name: "int64" if name == "row" else "str" for name in REJECTED})
