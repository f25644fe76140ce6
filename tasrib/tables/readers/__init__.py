"""
The file formats, one module each.

A new format is a new module here with ``SUFFIXES`` and ``read(source, headers) -> list of RawTable`` (one a sheet with such a header,
at least one), and ``streams(source, headers) -> list of Stream`` where its rows can be read some at a time; nothing else has to know of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType

from tasrib.errors import UnreadableInput
from tasrib.tables.layout import Headings
from tasrib.tables.notes import Note
from tasrib.tables.raw import HeaderTest, NoRows, RawTable, Source, Stream

_NO_SHEETS = "it has no sheets, so it was read whole whatever --sheet says"
Reader = Callable[[Source, HeaderTest], list[RawTable]]
Opener = Callable[[Source, HeaderTest], list[Stream]]


@cache
def registry() -> dict[str, Reader]:
    """
    Reader of each known suffix.

    Returns
    -------
    dict
        Suffix with its dot, lower-case → function.
    """
    return {suffix: module.read for suffix, module in _modules().items()}


@cache
def _modules() -> dict[str, ModuleType]:
    modules = [importlib.import_module(f"{__name__}.{info.name}") for info in pkgutil.iter_modules(__path__)]
    return {suffix: module for module in modules for suffix in getattr(module, "SUFFIXES", ())}


def open_tables(
    path: str | Path, headers: HeaderTest, *, encoding: str | None = None, sheet: str | None = None, source: Source | None = None
) -> tuple[Source, list[Stream]]:  # fmt: skip
    """
    Open all tables of one input, to read their rows some at a time.

    Parameters
    ----------
    path, headers, encoding, sheet
        As for `read_tables`.
    source : Source, optional
        The input, where somebody took it already, with the same encoding and sheet.

    Returns
    -------
    tuple of Source and list of Stream
        As from `read_tables`; a format that must be read whole has been.

    Raises
    ------
    UnreadableInput
        When nothing can be read from it. That it has no rows is left to who reads them.
    """
    known = _modules()
    suffix = _suffix(path, None)
    opener: Opener | None = getattr(known.get(suffix), "streams", None)
    if source is None or (opener is None and source.path is not None):
        source = Source.load(path, encoding=encoding, sheet=sheet, whole=opener is None)
    suffix = _of_input(source, suffix, path)
    opener = getattr(known[suffix], "streams", None)
    found = opener(source, headers) if opener else [Stream.of(table) for table in known[suffix].read(source, headers)]
    streams = [_as_placed(stream, source, headers) for stream in found]
    if sheet and not any(stream.sheet for stream in streams):
        streams[0] = _with_note(streams[0], Note("read", "no_sheets", _NO_SHEETS, source.file))
    if not any(stream.columns for stream in streams):
        raise UnreadableInput(_no_table(path))
    return source, streams


def _as_placed(stream: Stream, source: Source, headers: HeaderTest) -> Stream:
    """Without headings that are repeated, and with the name of the file in the notes."""

    def slices(size: int) -> Iterator[RawTable]:
        headings = Headings(stream.columns, headers)
        for table in map(headings.left_out, stream.slices(size)):
            yield replace(table, notes=[_placed(note, source, table) for note in table.notes])

    return Stream(stream.columns, slices, stream.sheet)


def _with_note(stream: Stream, note: Note) -> Stream:
    def slices(size: int) -> Iterator[RawTable]:
        for number, table in enumerate(stream.slices(size)):
            yield table if number else replace(table, notes=[*table.notes, note])

    return Stream(stream.columns, slices, stream.sheet)


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
    suffix = _suffix(path, otherwise)
    source = Source.load(path, encoding=encoding, sheet=sheet)
    suffix = _of_input(source, suffix, path)
    tables = [Headings(table.columns, headers).left_out(table) for table in registry()[suffix](source, headers)]
    if sheet and not any(table.sheet for table in tables):
        tables[0].notes.append(Note("read", "no_sheets", _NO_SHEETS))
    if not any(table.columns for table in tables):
        raise UnreadableInput(_no_table(path))
    # Without a header the caller has something better to say: which column is missing.
    if all(not table.rows and not table.bad and headers.is_header(table.columns) for table in tables):
        raise no_rows(path)
    placed = [replace(table, notes=[_placed(note, source, table) for note in table.notes]) for table in tables]
    return source, placed


def no_rows(path: str | Path) -> NoRows:
    """
    Say that a file has headings and nothing else.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    NoRows
        To be raised.
    """
    return NoRows(f"{path} has no rows below its header")


def _no_table(path: str | Path) -> str:
    return f"{path} holds no table; the first row must name the columns"


def _suffix(path: str | Path, otherwise: str | None) -> str:
    known = registry()
    suffix = Path(path).suffix.lower()
    if otherwise is not None and suffix not in known:
        suffix = otherwise
    if str(path) != "-" and suffix not in known and not Path(path).is_dir() and Path(path).exists():
        raise UnreadableInput(
            f"{path}: no reader for '{suffix or 'a file without suffix'}'; known: {', '.join(sorted(known))}"
        )
    return suffix


def _of_input(source: Source, suffix: str, path: str | Path) -> str:
    """The suffix; of standard input by its first sign."""
    if str(path) != "-":
        return suffix
    return ".jsonl" if source.data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else ".csv"


def _placed(note: Note, source: Source, table: RawTable) -> Note:
    return replace(note, file=source.file, sheet=note.sheet or table.sheet)
