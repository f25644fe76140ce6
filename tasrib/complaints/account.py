"""What became of the rows of each file, and what there is to say of it, put together while the files are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from tasrib.complaints.cleaning import Ledger
from tasrib.complaints.words import help_sheet
from tasrib.tables.notes import Note

# Formats that have an encoding; one that is not said is UTF-8.
_TEXTS = (".csv", ".tsv", ".jsonl")


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


class Counted(NamedTuple):
    """What became of the rows of files of one kind."""

    n_scored: int
    n_quarantined: int
    n_left_out: int


def places_of(files: Iterable[FileRead]) -> Iterator[tuple[str, str]]:
    """
    Name all tables of files.

    Parameters
    ----------
    files : iterable of FileRead
        The files.

    Yields
    ------
    (str, str)
        File and sheet, no sheet for the file itself.
    """
    for file in files:
        yield from ((file.name, sheet) for sheet in ("", *file.sheets))


class Account:
    """
    Keeps count of the rows that are read.

    Parameters
    ----------
    files : sequence of FileRead
        The files, nothing counted yet.
    file_of : sequence of int
        Of each table the place of its file.
    what_of : sequence of str
        What each table is: see `tasrib.complaints.surveying.OpenTable.what`.
    """

    def __init__(self, files: Sequence[FileRead], file_of: Sequence[int], what_of: Sequence[str] = ()) -> None:
        self._files = list(files)
        self._file_of = list(file_of)
        self._what_of = list(what_of)
        self.kinds: dict[str, Counted] = {what: Counted(0, 0, 0) for what in what_of}
        self._ledger = Ledger(places_of(files))

    def add(self, table: int, n_scored: int, n_quarantined: int, notes: Sequence[Note]) -> None:
        """
        Count some rows of a table.

        Parameters
        ----------
        table : int
            Its place.
        n_scored, n_quarantined : int
            How many rows are complaints, and how many none.
        notes : sequence of Note
            What was done to them.
        """
        place = self._file_of[table]
        file = self._files[place]
        n_left_out = sum(len(note.rows) for note in notes if note.kind == "left_out")
        if self._what_of:
            what = self._what_of[table]
            met = zip(self.kinds[what], (n_scored, n_quarantined, n_left_out), strict=True)
            self.kinds[what] = Counted(*(before + more for before, more in met))
        self._files[place] = replace(
            file,
            n_scored=file.n_scored + n_scored,
            n_quarantined=file.n_quarantined + n_quarantined,
            n_left_out=file.n_left_out + n_left_out,
            encoding=file.encoding or _encoding_of(notes),
        )
        self.note(notes)

    def note(self, notes: Iterable[Note]) -> None:
        """
        Say something of the complaints that were counted.

        Parameters
        ----------
        notes : iterable of Note
            Notes of any tables.
        """
        # A sheet that explains the template holds nothing to read.
        self._ledger.add(note for note in notes if (note.code, note.sheet) != ("sheet_not_read", help_sheet()))

    @property
    def done(self) -> tuple[Note, ...]:
        """All that was said."""
        return self._ledger.notes()

    @property
    def files(self) -> tuple[FileRead, ...]:
        """The files, counted."""
        return tuple(
            replace(file, encoding=file.encoding or ("UTF-8" if _is_text(file.name) else "")) for file in self._files
        )


def _encoding_of(notes: Sequence[Note]) -> str:
    return next((note.said.removeprefix("read as ") for note in notes if note.code == "encoding"), "")


def _is_text(name: str) -> bool:
    return Path(name).suffix.lower() in _TEXTS or name == "stdin"
