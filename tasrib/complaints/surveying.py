"""All rows of a table looked at once, before any is checked: which column is which field, in which order dates are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tasrib.complaints.checking import Setting, dates_of
from tasrib.complaints.headers import Headers, Recognition
from tasrib.complaints.looks import Sample
from tasrib.complaints.moments import Decision, Evidence
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.schema import DATES
from tasrib.complaints.two_rows import SENDER, may_be_two_rows, put_together
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note, part_words
from tasrib.tables.raw import RawTable, Source, Stream
from tasrib.tables.readers import no_rows

# What is said of a file that no phone and no mailbox wrote.
TABLE = "tables"
# Rows that are looked at for pseudonyms.
_TOP = 200
# A table with these was scored: its recipients are pseudonyms, of which no operator could be told any more.
_SCORED = ({"decision", "operator_allocated"}, {"decision", "probability"})
_EMPTY = Note("left_out", "no_message", "no message in it is looked at")


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
    what : str
        What wrote it: a format of `tasrib.complaints.exports`, or `TABLE`.
    left : Counter of str
        How many rows are left out, by what is said of them.
    """

    source: Source
    state: tuple[int, int]
    stem: str
    stream: Stream
    n_rows: int
    recognition: Recognition
    setting: Setting
    notes: tuple[Note, ...]
    what: str = TABLE
    left: Counter[str] = field(default_factory=Counter)

    @property
    def name(self) -> str:
        """The table, in words."""
        part = part_words(self.source.file, self.stream.sheet)
        return (
            f"{part.removesuffix(' it')} {self.source.file}"
            if part.endswith(" in it")
            else f"{part} of {self.source.file}"
            if part
            else self.source.file
        )

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


class _Survey:
    """All rows of a table looked at once."""

    def __init__(self, source: Source, stream: Stream, headers: Headers, setting: Setting, size: int) -> None:
        self.stream, self._source, self._setting, self._size = stream, source, setting, size
        self.sample, self.top = Sample(), list[Sequence[str]]()
        self.n_rows = self.n_bad = 0
        self.left: Counter[str] = Counter()
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
            for note in table.notes:
                if note.kind == "left_out":
                    self.left[note.said] += len(note.rows)
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


def survey_tables(
    source: Source, streams: Sequence[Stream], headers: Headers, setting: Setting, size: int
) -> list[OpenTable]:
    """
    Look at all rows of the tables of a file.

    Parameters
    ----------
    source : Source
        The file.
    streams : sequence of Stream
        Its tables, as from `tasrib.tables.readers.open_tables`.
    headers : Headers
        Recognises their columns.
    setting : Setting
        What holds for all tables, the order of dates still open.
    size : int
        Rows that are read at a time.

    Returns
    -------
    list of OpenTable
        Those whose columns are known; a sheet with other columns is named where another one can be read.

    Raises
    ------
    UnreadableInput
        When no table can be read, has rows, or was not scored already.
    """
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
            if (reports := _reports(survey, recognition, setting, size)) is not None:
                survey = _Survey(source, reports, headers, setting, size)
                recognition = headers.recognise(source.name, reports.columns, survey.sample.rows)
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


def _reports(survey: _Survey, recognition: Recognition, setting: Setting, size: int) -> Stream | None:
    """The same table with a row a report, where a service wrote text and sender in two."""
    text, recipient = (recognition.columns.get(name) for name in ("text", "recipient"))
    if not text or not recipient or "sender" in setting.values or "sender" in recognition.columns:
        return None
    if SENDER in survey.stream.columns:
        return None
    place = survey.stream.columns.index(text)
    if not may_be_two_rows([row[place] for row in survey.top]):
        return None
    return put_together(survey.stream, text, recipient, size)


def survey_export(source: Source, stream: Stream, what: str, setting: Setting, size: int) -> OpenTable:
    """
    Look at all messages of an export.

    Parameters
    ----------
    source, setting, size
        As for `survey_tables`.
    stream : Stream
        Its messages, as from `tasrib.complaints.exports.rows.as_stream`.
    what : str
        The format.

    Returns
    -------
    OpenTable
        Its columns are named after the fields, whatever the user says of the columns of tables.

    Raises
    ------
    UnreadableInput
        When a message that is kept is one of a phone of which nobody knows the number.
    """
    state, headers = source.state(), Headers(None, setting.values)
    survey = _Survey(source, stream, headers, setting, size)
    recognition = headers.recognise(source.name, survey.stream.columns, survey.sample.rows)
    # On a reporting line's telephone the sender stands in the next message of the same person.
    if (reports := _reports(survey, recognition, setting, size)) is not None:
        survey = _Survey(source, reports, headers, setting, size)
        recognition = headers.recognise(source.name, reports.columns, survey.sample.rows)
    found = survey.opened(recognition)
    notes = found.notes if found.n_rows else (*found.notes, replace(_EMPTY, file=source.file, sheet=stream.sheet))
    return replace(found, state=state, what=what, left=survey.left, notes=notes)


def _refuse_scored(name: str, columns: Sequence[str], top: Sequence[Sequence[str]]) -> None:
    """Columns may have been renamed or taken out since; pseudonyms in the place of numbers still tell."""
    hidden = (sum(re.match(PSEUDONYM, cell.strip()) is not None for cell in cells) for cells in zip(*top, strict=True))
    if any(set(columns) >= marks for marks in _SCORED) or any(2 * count > len(top) for count in hidden):
        raise UnreadableInput(
            f"{name} is scored already, so its numbers are gone; score the files that it was made from, or run tasrib report on it"
        )
