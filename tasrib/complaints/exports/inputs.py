"""One input of any kind, found out by what is in it: an export of a phone or mailbox, or tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tasrib.complaints.exports import find_export, formats
from tasrib.complaints.exports.message import Export
from tasrib.complaints.exports.owner import Owner, owner_of, without_numbers
from tasrib.complaints.exports.rows import as_stream
from tasrib.complaints.headers import Headers
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import Source, Stream
from tasrib.tables.readers import open_tables, registry


@dataclass(frozen=True)
class Wanted:
    """
    What the user says of all inputs.

    Attributes
    ----------
    recipient : str
        Whose phone or mailbox the exports are; empty where nobody says.
    keep_all : bool
        Keep every message that was received.
    country : str
        ISO 3166 code of the home country.
    encoding, sheet : str or None
        As for `tasrib.tables.readers.open_tables`.
    """

    recipient: str = ""
    keep_all: bool = False
    country: str = "MA"
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Part:
    """
    What was found in an input.

    Attributes
    ----------
    what : str
        The format of an export; empty for tables.
    streams : list of Stream
        The messages of an export, or the tables.
    """

    what: str
    streams: list[Stream]


def open_input(path: str | Path, headers: Headers, wanted: Wanted) -> tuple[Source, list[Part]]:
    """
    Open an input.

    Parameters
    ----------
    path : str or Path
        A file, or ``-``.
    headers : Headers
        Tells the header of a table from a title.
    wanted : Wanted
        What the user says of it.

    Returns
    -------
    tuple of Source and list of Part
        The file, and what is in it.

    Raises
    ------
    UnreadableInput
        When nothing can be read from it.
    """
    source = Source.load(path, encoding=wanted.encoding, sheet=wanted.sheet, whole=False)
    found = find_export(source)
    if found is not None:
        what, export = found
        owner = owner_of(export, source.name, [source.file], wanted.recipient, wanted.country)
        if owner.by_name:
            source = replace(source, file=without_numbers(source.file, wanted.country))
        return source, [Part(what, [_stream(what, export, owner, source, wanted)])]
    suffix = Path(path).suffix.lower()
    if str(path) != "-" and suffix not in registry():
        raise UnreadableInput(
            f"{path}: no reader for '{suffix or 'a file without suffix'}', and nothing of a phone in it; known: {known_kinds()}"
        )
    source, streams = open_tables(path, headers, encoding=wanted.encoding, sheet=wanted.sheet, source=source)
    return source, [Part("", streams)]


def known_kinds() -> str:
    """Name all that can be read, for a message."""
    return ", ".join([*sorted(registry()), *(module.NAME for module in formats())])


def _stream(what: str, export: Export, owner: Owner, source: Source, wanted: Wanted, sheet: str = "") -> Stream:
    notes = [Note("read", "export", f"read as: {what}"), *owner.notes(), *export.notes]
    return as_stream(
        export, owner, keep_all=wanted.keep_all, notes=notes, place=lambda note: replace(note, file=source.file), sheet=sheet
    )  # fmt: skip
