"""The cleaning report: what was mended in the files, left out of them or lost, as a table that travels with the scored complaints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tasrib.tables.named import read_named
from tasrib.tables.notes import MOST_PARTS, Note, Rows, row_words

CLEANING = ("kind", "code", "file", "sheet", "rows", "column", "count", "said")
# What a reader should see first.
_ORDER = {kind: position for position, kind in enumerate(("lost", "left_out", "mended", "read"))}


class Ledger:
    """
    What is said of files while they are read, notes that say the same of one table put together.

    However many rows at a time a table is read, the same comes of it: the gravest first, then table by table, then by the first row.

    Parameters
    ----------
    places : iterable of (str, str)
        File and sheet of each table, in order; those that are not among them come after these, in the order in which they are met.
    """

    def __init__(self, places: Iterable[tuple[str, str]] = ()) -> None:
        self._rows: dict[Note, Rows] = {}
        self._places = {place: number for number, place in enumerate(dict.fromkeys(places))}

    def add(self, notes: Iterable[Note]) -> None:
        """
        Take notes.

        Parameters
        ----------
        notes : iterable of Note
            Those of one table in the order of its rows.
        """
        for note in notes:
            self._places.setdefault((note.file, note.sheet), len(self._places))
            self._rows.setdefault(replace(note, rows=()), Rows()).add(note.rows)

    def notes(self) -> tuple[Note, ...]:
        """Give all notes, each once with all its rows."""
        found = sorted(self._rows.items(), key=lambda item: self._order(*item))
        return tuple(replace(note, rows=rows if rows.more else tuple(rows)) for note, rows in found)

    def _order(self, note: Note, rows: Rows) -> tuple[int, int, int]:
        first = rows.runs[0][0] if rows.runs else 0
        return _ORDER[note.kind], self._places[note.file, note.sheet], first


def cleaning_table(notes: Iterable[Note]) -> pd.DataFrame:
    """
    Write notes as a table.

    Parameters
    ----------
    notes : iterable of Note
        As from `Ledger.notes`.

    Returns
    -------
    pandas.DataFrame
        Columns of ``CLEANING``: ``rows`` as words ("rows 2, 5 to 9"), ``count`` their number, 0 where the note is of the whole table.
    """
    records = [
        (
            note.kind,
            note.code,
            note.file,
            note.sheet,
            row_words(note.rows, MOST_PARTS),
            note.column,
            len(note.rows),
            note.said,
        )
        for note in notes
    ]
    frame = pd.DataFrame(records, columns=list(CLEANING))
    return frame.astype({name: "int64" if name == "count" else "str" for name in CLEANING})


def read_cleaning(path: str | Path) -> pd.DataFrame:
    """
    Read a cleaning report back as `write_table` wrote it.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    pandas.DataFrame
        As from `cleaning_table`, and any further columns.

    Raises
    ------
    UnreadableInput
        When it is no cleaning report.
    """
    frame, _ = read_named(path, CLEANING, "name the cleaning report that tasrib score wrote")
    frame["count"] = pd.to_numeric(frame["count"], errors="coerce").fillna(0).astype("int64")
    return frame
