"""
The file formats, one module each.

A new format is a new module here with ``SUFFIXES`` and ``read(source, headers) -> list of RawTable`` (one a sheet with such a header,
at least one); nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from tasrib.errors import UnreadableInput
from tasrib.tables.layout import without_headings
from tasrib.tables.notes import Note
from tasrib.tables.raw import HeaderTest, NoRows, RawTable, Source

Reader = Callable[[Source, HeaderTest], list[RawTable]]


@cache
def registry() -> dict[str, Reader]:
    """
    Reader of each known suffix.

    Returns
    -------
    dict
        Suffix with its dot, lower-case → function.
    """
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return {suffix: module.read for module in modules for suffix in getattr(module, "SUFFIXES", ())}


def read_tables(
    path: str | Path,
    headers: HeaderTest,
    *,
    otherwise: str | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> tuple[Source, list[RawTable]]:
    """
    Read all tables of one input with the reader its suffix asks for.

    Parameters
    ----------
    path : str or Path
        A file, or ``-`` for standard input (CSV or JSONL, told apart by the first character).
    headers : HeaderTest
        Tells a header from a title.
    otherwise : str, optional
        Suffix whose reader reads a file with an unknown one or none.
    encoding : str, optional
        The encoding of a text file, such as ``cp1256``; found out where it is not stated.
    sheet : str, optional
        The only sheet of a workbook to read.

    Returns
    -------
    tuple of Source and list of RawTable
        Each table that has such a header; where none has, the one that comes nearest. File and sheet are in their notes.

    Raises
    ------
    UnreadableInput
        When nothing can be read from it.
    """
    known = registry()
    suffix = Path(path).suffix.lower()
    if otherwise is not None and suffix not in known:
        suffix = otherwise
    if str(path) != "-" and suffix not in known and not Path(path).is_dir() and Path(path).exists():
        raise UnreadableInput(
            f"{path}: no reader for '{suffix or 'a file without suffix'}'; known: {', '.join(sorted(known))}"
        )
    source = Source.load(path, encoding=encoding, sheet=sheet)
    if str(path) == "-":
        suffix = ".jsonl" if source.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else ".csv"
    tables = [without_headings(table, headers) for table in known[suffix](source, headers)]
    if sheet and not any(table.sheet for table in tables):
        tables[0].notes.append(
            Note("read", "no_sheets", "it has no sheets, so it was read whole whatever --sheet says")
        )
    if not any(table.columns for table in tables):
        raise UnreadableInput(f"{path} holds no table; the first row must name the columns")
    # Without a header the caller has something better to say: which column is missing.
    if all(not table.rows and not table.bad and headers.is_header(table.columns) for table in tables):
        raise NoRows(f"{path} has no rows below its header")
    placed = [replace(table, notes=[_placed(note, source, table) for note in table.notes]) for table in tables]
    return source, placed


def _placed(note: Note, source: Source, table: RawTable) -> Note:
    return replace(note, file=source.file, sheet=note.sheet or table.sheet)
