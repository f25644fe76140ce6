"""The cleaning report: what was mended in the files, left out of them or lost, as a table that travels with the scored complaints."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from tasrib.tables.named import read_named
from tasrib.tables.notes import Note, row_words

CLEANING = ("kind", "code", "file", "sheet", "rows", "column", "count", "said")
# As many runs of rows as a cell of a workbook surely holds.
_MOST_PARTS = 1_500
# What a reader should see first.
_ORDER = {kind: position for position, kind in enumerate(("lost", "left_out", "mended", "read"))}


def joined(notes: Iterable[Note]) -> list[Note]:
    """
    Put notes that say the same of one table together, the gravest first.

    Parameters
    ----------
    notes : iterable of Note
        Notes of any files.

    Returns
    -------
    list of Note
        One for each thing said of a table, with all its rows.
    """
    rows: dict[Note, list[int]] = {}
    for note in notes:
        rows.setdefault(replace(note, rows=()), []).extend(note.rows)
    together = [replace(note, rows=tuple(sorted(set(of)))) for note, of in rows.items()]
    return sorted(together, key=lambda note: _ORDER[note.kind])


def cleaning_table(notes: Iterable[Note]) -> pd.DataFrame:
    """
    Write notes as a table.

    Parameters
    ----------
    notes : iterable of Note
        As from `joined`.

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
            row_words(note.rows, _MOST_PARTS),
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
