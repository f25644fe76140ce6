"""Inputs of any kind, found out by what is in them: exports of phones and mailboxes, tables, archives and folders of all these."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from tasrib.complaints.exports import find_export, formats
from tasrib.complaints.exports.archive import MOST_FILES, files_of, is_archive, is_litter
from tasrib.complaints.exports.iphone_backup import MESSAGES, beside_messages
from tasrib.complaints.exports.message import Export, OnlyUserKnows
from tasrib.complaints.exports.names import Names, number_in
from tasrib.complaints.exports.owner import Owner, owner_of
from tasrib.complaints.exports.pictures.file import kind_of
from tasrib.complaints.exports.reporting_line import of_line
from tasrib.complaints.exports.rows import as_stream
from tasrib.complaints.headers import Headers
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import RawTable, Source, Stream
from tasrib.tables.readers import open_tables, registry

# An archive in an archive in an archive: whoever packs deeper hides something.
_DEEPEST = 3
# Of a table, by which its columns are known.
_FIRST_ROWS = 200
_OF_A_RUN = ".unfinished"
# Written beside a database, part of it.
_BESIDE = ("-wal", "-shm", "-journal")
_OF_OTHERS = "{} files that hang on e-mails of others do not say whose phone they are of, or hold no message, and were not read; save such an e-mail as .eml, or put the number into the file's name"


class UnknownKind(UnreadableInput):
    """A file that is of no kind that holds messages."""


@dataclass(frozen=True)
class Wanted:
    """
    What the user says of all inputs.

    Attributes
    ----------
    recipient : str
        Whose phone or mailbox the exports are; empty where nobody says.
    owner : str
        The name under which the owner writes in chats; empty where nobody says.
    passphrase : str
        Of encrypted backups; empty where nobody says.
    keep_all : bool
        Keep every message that was received.
    reporting_line : bool
        Exports of telephones are of one to which citizens send on what they received.
    country : str
        ISO 3166 code of the home country.
    encoding, sheet : str or None
        As for `tasrib.tables.readers.open_tables`.
    """

    recipient: str = ""
    owner: str = ""
    passphrase: str = ""
    keep_all: bool = False
    reporting_line: bool = False
    country: str = "MA"
    encoding: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Place:
    """
    Where an input lies.

    Attributes
    ----------
    path : str or Path
        The file, or ``-``.
    file : str
        What it is called in all that is written: its name, within a folder its path there.
    names : tuple of str
        The names that may hold the number of its owner, the nearest first.
    is_named : bool
        Whether the user named this very file, so that it must be readable.
    """

    path: str | Path
    file: str
    names: tuple[str, ...]
    is_named: bool


@dataclass(frozen=True)
class Part:
    """
    What was found in an input.

    Attributes
    ----------
    what : str
        The format of an export; empty for tables.
    streams : list of Stream
        The messages of an export, or the tables; none of what cannot be read.
    within : str
        What it is called within the input; empty for the input itself.
    error : UnreadableInput or None
        Why it cannot be read.
    asks : bool
        Whether nothing says whose phone it is of.
    """

    what: str
    streams: list[Stream]
    within: str = ""
    error: UnreadableInput | None = None
    asks: bool = False


def places(paths: Iterable[str | Path]) -> Iterator[Place]:
    """
    Name all files of inputs.

    Parameters
    ----------
    paths : iterable of path
        Files, folders, or ``-``.

    Yields
    ------
    Place
        Each file; of a folder all that are in it, in the order of their names, but for what systems leave there and links that lead out.

    Raises
    ------
    UnreadableInput
        When a folder holds no file, or very many.
    """
    for given in paths:
        path = Path(given)
        if str(given) == "-" or not path.is_dir():
            yield Place(given, "", (path.name,), True)
            continue
        folder = path.resolve()
        within = {each.relative_to(path).as_posix(): each for each in path.rglob("*") if each.is_file()}
        aside = beside_messages(within)
        files = sorted(each for name, each in within.items() if name not in aside and _belongs(each, folder))
        if aside and not files:
            raise UnreadableInput(
                f"{given} is a backup of an iPhone without its messages ({MESSAGES[:2]}/{MESSAGES}); copy all of it"
            )
        if not files:
            raise UnreadableInput(f"{given} is a folder without a file; name the files, or another folder")
        if len(files) > MOST_FILES:
            raise UnreadableInput(f"{given} is a folder of {len(files):,} files; name those that belong here")
        for file in files:
            called = file.relative_to(path)
            yield Place(file, called.as_posix(), (*reversed(called.parts), folder.name), False)


def _belongs(file: Path, folder: Path) -> bool:
    if is_litter(file.name) or file.name.startswith(".tasrib-"):
        return False
    # What a run that was broken off left: the one that goes on with it must find the files that the first one found.
    if file.parent.name.endswith(_OF_A_RUN) and (file.parent / "journal.json").is_file():
        return False
    if any(file.name.endswith(end) and file.with_name(file.name.removesuffix(end)).exists() for end in _BESIDE):
        return False
    return not file.is_symlink() or file.resolve().is_relative_to(folder)


def open_input(place: Place, headers: Headers, wanted: Wanted, names: Names) -> tuple[Source, list[Part]]:
    """
    Open an input.

    Parameters
    ----------
    place : Place
        Where it lies.
    headers : Headers
        Tells the header of a table from a title.
    wanted : Wanted
        What the user says of it.
    names : Names
        What the inputs of the run are called in all that is written.

    Returns
    -------
    tuple of Source and list of Part
        The file, and what is in it, under the names by which they go from here on.

    Raises
    ------
    UnreadableInput
        When nothing can be read from it. `OnlyUserKnows` where only the user can help.
    """
    source = Source.load(place.path, encoding=wanted.encoding, sheet=wanted.sheet, whole=False)
    called = names.of(place.file or source.file)
    parts = list(_Opening(headers, wanted, called, names).parts(source, place.names, place.path))
    return replace(source, file=called), parts


class _Opening:
    """What the parts of one input have in common."""

    def __init__(self, headers: Headers, wanted: Wanted, file: str, names: Names) -> None:
        self._headers, self._wanted, self._file, self._names = headers, wanted, file, names

    def parts(
        self, source: Source, names: Sequence[str], path: str | Path, within: str = "", depth: int = 1
    ) -> Iterator[Part]:
        """Open a file and all that is in it."""
        # A workbook is an archive too, and who reads workbooks says better what is wrong with one.
        if PurePosixPath(path).suffix.lower() not in registry() and is_archive(source):
            if depth > _DEEPEST:
                raise UnreadableInput(f"{source.name}: archives within archives, deeper than {_DEEPEST}; unpack it")
            packed = list(files_of(source))
            aside = beside_messages(inside.file for inside in packed)
            for inside in (each for each in packed if each.file not in aside):
                yield from self._inside(inside, names, within, depth)
            return
        found = find_export(source)
        if found is None:
            yield self._tables(source, path, within)
            return
        what, export = found
        if export.unlock is not None:
            export = export.unlock(self._wanted.passphrase)
        if self._wanted.owner and export.of_owner is not None:
            export = export.of_owner(self._wanted.owner)
        inner, notes = self._attached(export, names, within, depth)
        covered = {on for on, parts in inner if any(map(self._is_reported, parts))}
        if covered:
            export = export.as_cover(frozenset() if 0 in covered else frozenset(covered))
        export = replace(export, notes=(*export.notes, *notes))
        if self._wanted.reporting_line and export.is_of_phone:
            export, owner = of_line(export), Owner("", False, "")
        else:
            owner = owner_of(export, source.name, names, self._wanted.recipient, self._wanted.country)
        asks = not owner.number and not export.is_of_line
        yield Part(what, [self._messages(what, export, owner, within)], within, asks=asks)
        yield from (part for _, parts in inner for part in parts)

    def _attached(
        self, export: Export, names: Sequence[str], within: str, depth: int
    ) -> tuple[list[tuple[int, list[Part]]], list[Note]]:
        """What hangs on the messages of a file, with the row of each; and how much was not looked at."""
        found: list[tuple[int, list[Part]]] = []
        n_passed = 0
        for each in export.attached() if export.attached is not None and depth <= _DEEPEST else ():
            if not each.is_others:
                found.append((each.on, list(self._inside(each, names, within, depth))))
                continue
            # What hangs on what others sent had reached them, unless it says itself whom it reached.
            own = PurePosixPath(each.file).parts[1:]
            if kind_of(each) and not any(number_in(name, self._wanted.country) for name in own):
                n_passed += 1
                continue
            opening = _Opening(self._headers, replace(self._wanted, recipient=""), self._file, self._names)
            parts = list(opening._inside(each, (), within, depth))
            kept = [part for part in parts if part.error is None and not part.asks]
            n_passed += len(parts) - len(kept)
            found.append((each.on, kept))
        said = Note("read", "files_of_others", _OF_OTHERS.format(n_passed)) if n_passed else None
        return found, [said] if said else []

    def _is_reported(self, part: Part) -> bool:
        """Whether what hangs on an e-mail is what it reports: a table of something else belongs to the message itself."""
        return part.error is None and (bool(part.what) or any(map(self._has_columns, part.streams)))

    def _has_columns(self, stream: Stream) -> bool:
        rows = next(iter(stream.slices(_FIRST_ROWS))).rows
        try:
            self._headers.recognise(self._file, stream.columns, rows)
        except UnreadableInput:
            return False
        return True

    def _inside(self, inside: Source, names: Sequence[str], within: str, depth: int) -> Iterator[Part]:
        called = f"{within}/{inside.file}" if within else inside.file
        around = [*reversed(PurePosixPath(inside.file).parts), *names]
        try:
            yield from self.parts(inside, around, inside.file, called, depth + 1)
        except OnlyUserKnows:
            raise
        except UnreadableInput as error:
            yield Part("", [], called, error)

    def _tables(self, source: Source, path: str | Path, within: str) -> Part:
        suffix = PurePosixPath(path).suffix.lower()
        if str(path) != "-" and suffix not in registry():
            raise UnknownKind(
                f"{source.name}: no reader for '{suffix or 'a file without suffix'}', and nothing of a phone in it; known: {known_kinds()}"
            )
        _, streams = open_tables(
            path, self._headers, encoding=self._wanted.encoding, sheet=self._wanted.sheet, source=source
        )
        return Part("", [self._within(stream, within) for stream in streams], within)

    def _messages(self, what: str, export: Export, owner: Owner, within: str) -> Stream:
        notes = [Note("read", "export", f"read as: {what}"), *owner.notes(), *export.notes]
        return as_stream(
            export, owner, keep_all=self._wanted.keep_all, notes=notes, place=lambda note: replace(note, file=self._file), sheet=self._names.of(within)
        )  # fmt: skip

    def _within(self, stream: Stream, within: str) -> Stream:
        """A table under the names of the input and of the file within it."""

        def called(sheet: str) -> str:
            return self._names.of(":".join(filter(None, (within, sheet))))

        def slices(size: int) -> Iterator[RawTable]:
            for table in stream.slices(size):
                notes = [replace(note, file=self._file, sheet=called(note.sheet)) for note in table.notes]
                yield replace(table, sheet=called(table.sheet), notes=notes)

        return Stream(stream.columns, slices, called(stream.sheet))


def known_kinds() -> str:
    """Name all that can be read, for a message."""
    return ", ".join([*sorted(registry()), *(module.NAME for module in formats())])
