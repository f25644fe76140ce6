"""Filled workbooks back as rows, whatever they were saved as and whatever was sorted, deleted or added in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tasrib.case import chain
from tasrib.case.words import SHEETS, Sheet, clean, columns, filled_by_people, language_of, recognise
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import EmptyFile, NoRows, RawTable
from tasrib.tables.readers import read_tables

# What else stands only in a workbook of decisions: a scored file has a text and a decision too.
_MARKS = {"so_far", "file_state", "who"}
_DECIDE = {"decision", "category", "party", "campaign"}


@dataclass(frozen=True, eq=False)
class Row:
    """
    A row of a filled workbook; two rows are never the same one.

    Attributes
    ----------
    file, sheet : str
        Where it stands; the file as the user named it.
    number : int
        Its row there.
    sha256 : str
        Of the file.
    kind : {"message", "campaign"}
        Which sheet's columns it has.
    language : str
        That of the headings.
    cells : dict of str to str
        By column; empty where the file lacks the column.
    headings : dict of str to str
        The user's name of each column that is there.
    damage : str
        Why the row could not be read as cells; empty where it could.
    """

    file: str
    sheet: str
    number: int
    sha256: str
    kind: Sheet
    language: str
    cells: dict[str, str]
    headings: dict[str, str] = field(repr=False)
    damage: str = ""

    @property
    def place(self) -> str:
        """For a reader."""
        return f"{self.file}, {f'sheet {self.sheet!r}, ' if self.sheet else ''}row {self.number}"

    def heading(self, column: str) -> str:
        """What the user calls a column."""
        return self.headings.get(column, columns(self.kind)[column][self.language])

    @property
    def decides(self) -> bool:
        """Whether somebody wrote more into it than initials."""
        return bool(self.damage) or any(
            clean(self.cells[name]) for name in filled_by_people(self.kind) if name != "who"
        )


@dataclass(frozen=True)
class Filled:
    """
    A filled workbook.

    Attributes
    ----------
    file : str
        As the user named it.
    rows : tuple of Row
        Of all its sheets.
    unread : tuple of str
        Headings of columns that are none of the workbook's.
    """

    file: str
    rows: tuple[Row, ...]
    unread: tuple[str, ...]


class _Headings:
    """Takes a row for the headings of one of the two sheets."""

    def score(self, cells: Sequence[str]) -> int:
        return max(len(recognise(sheet, cells)) for sheet in SHEETS)

    def is_header(self, cells: Sequence[str]) -> bool:
        return bool(_sheets_of(cells))


def _sheets_of(cells: Sequence[str]) -> list[Sheet]:
    """Whose rows stand below these headings: in a quarantine those of both sheets."""
    found = recognise("message", cells).keys()
    of_messages = bool(found & {"id", "text"} and found & _DECIDE and found & _MARKS)
    of_campaigns = {"campaign_id", "same_as"} <= recognise("campaign", cells).keys()
    return [sheet for sheet, there in zip(SHEETS, (of_messages, of_campaigns), strict=True) if there]


def read_filled(path: str | Path) -> Filled:
    """
    Read a workbook in which people decided.

    Parameters
    ----------
    path : path
        The workbook, or what was saved of it: any format tasrib reads, headings in any of its languages.

    Returns
    -------
    Filled
        All rows below headings, empty ones too.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, no sheet of it has such headings, or two columns claim one heading.
    """
    if chain.is_chain(path):
        raise UnreadableInput(f"{path} is a log of decisions, not a workbook that people filled")
    try:
        source, tables = read_tables(path, _Headings())
    except (EmptyFile, NoRows) as error:
        raise UnreadableInput(str(error)) from None
    sha256 = hashlib.sha256(source.data).hexdigest()
    known = [(sheets, table) for table in tables if (sheets := _sheets_of(table.columns))]
    if not known:
        found = ", ".join(f"'{name[:40]}'" for name in tables[0].columns[:8])
        raise UnreadableInput(
            f"{path} has no sheet of decisions (found: {found}); name a workbook that tasrib label export --for case wrote, with its row "
            "of headings; where letters were lost in saving, save it as .xlsx"
        )
    rows = [row for sheets, table in known for row in _rows(str(path), sha256, sheets, table)]
    unread = dict.fromkeys(
        name
        for sheets, table in known
        for name in table.columns
        if not any(recognise(sheet, [name]) for sheet in sheets) and not _blank(name, table)
    )
    return Filled(str(path), tuple(rows), tuple(unread))


def is_filled(path: str | Path) -> bool:
    """
    Tell a workbook in which people decided from other tables.

    Parameters
    ----------
    path : path
        Any file.

    Returns
    -------
    bool
        Whether `read_filled` reads it.
    """
    try:
        _, tables = read_tables(path, _Headings())
    except UnreadableInput:
        return False
    return any(_sheets_of(table.columns) for table in tables)


def _rows(file: str, sha256: str, sheets: Sequence[Sheet], table: RawTable) -> list[Row]:
    readers = {sheet: _Reader.of(file, sheet, table) for sheet in sheets}
    found = []
    for number, cells, damage in _cells(table):
        row = next(read(file, table.sheet, number, sha256, cells, damage) for read in readers.values())
        if len(readers) > 1 and not row.cells["id"] and not row.cells["text"]:
            row = readers["campaign"](file, table.sheet, number, sha256, cells, damage)
        found.append(row)
    return sorted(found, key=lambda each: each.number)


def _cells(table: RawTable) -> Iterator[tuple[int, Sequence[str], str]]:
    for number, cells in zip(table.row_numbers, table.rows, strict=True):
        yield number, cells, ""
    for bad in table.bad:
        # Programs leave out the empty cells at the end of a row; what is damaged otherwise has no cells to trust.
        cells = (
            [""] * len(table.columns)
            if bad.cells is None
            else [*bad.cells, *[""] * (len(table.columns) - len(bad.cells))]
        )
        yield bad.row, cells, bad.reason if bad.cells is None else ""


@dataclass(frozen=True)
class _Reader:
    """Which column of a table stands for which of a sheet's."""

    sheet: Sheet
    language: str
    places: dict[str, int]
    headings: dict[str, str]

    @classmethod
    def of(cls, file: str, sheet: Sheet, table: RawTable) -> _Reader:
        claims = recognise(sheet, table.columns)
        for name, claimed in claims.items():
            if len(claimed) > 1:
                both = " and ".join(f"'{table.columns[place]}'" for place in claimed[:2])
                raise UnreadableInput(f"{file}: the columns {both} both say '{name}'; delete or rename one of them")
        places = {name: claimed[0] for name, claimed in claims.items()}
        headings = {name: table.columns[place] for name, place in places.items()}
        return cls(sheet, language_of(sheet, table.columns), places, headings)

    def __call__(self, file: str, title: str, number: int, sha256: str, cells: Sequence[str], damage: str) -> Row:
        known = {name: cells[self.places[name]].strip() if name in self.places else "" for name in columns(self.sheet)}
        return Row(file, title, number, sha256, self.sheet, self.language, known, self.headings, damage)


def _blank(name: str, table: RawTable) -> bool:
    place = table.columns.index(name)
    return not any(row[place].strip() for row in table.rows)
