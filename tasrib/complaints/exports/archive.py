"""Files within a file, read where they lie: nothing is unpacked to the disk, and no name in an archive is ever a path of this machine."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, BinaryIO

from tasrib.errors import UnreadableInput
from tasrib.tables.code_pages import best_page
from tasrib.tables.raw import MAX_FILE, Source, mend

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# What spreadsheets and documents are inside, which have the same first bytes.
_OF_OFFICE = ("[Content_Types].xml", "META-INF/manifest.xml")
MOST_FILES = 20_000
_IS_UTF8 = 0x800  # among the flags of an entry
# Text shrinks to a tenth, a backup that repeats itself to a hundredth; what swells more, and much, was made to.
_SWELLS, _MUCH = 300, 200_000_000
_MOST = 20_000_000_000  # bytes of all files together
# Left by systems beside everybody's files.
_LITTER = ("__macosx/", ".ds_store", "thumbs.db", "desktop.ini", "._")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class Inside(Source):
    """
    A file within another, opened as often as it is read.

    Parameters
    ----------
    name : str
        Both, for messages.
    file : str
        Its path within the other.
    opener : callable
        Opens it from its beginning.
    size : int
        Its bytes.
    like : Source
        The other one.
    on : int
        The row of the message that it hangs on; 0 where the other one is a single message, or an archive.
    is_others : bool
        Whether somebody else than the owner sent that message.
    """

    on: int
    is_others: bool
    _opener: Callable[[], Any]
    _size: int

    def __init__(
        self, name: str, file: str, opener: Callable[[], Any], size: int, like: Source, *, on: int = 0, is_others: bool = False
    ) -> None:  # fmt: skip
        for key, value in {"name": name, "file": file, "encoding": like.encoding, "sheet": like.sheet, "path": None,
                           "_opener": opener, "_size": size, "on": on, "is_others": is_others}.items():  # fmt: skip
            object.__setattr__(self, key, value)

    @property
    def data(self) -> bytes:  # type: ignore[override]
        """All of it, for those who cannot read it some at a time."""
        if self._size > MAX_FILE:
            raise UnreadableInput(f"{self.name} is larger than {MAX_FILE // 10**6} MB; unpack it and give it by itself")
        with self.open() as opened:
            return opened.read()

    def open(self) -> BinaryIO:
        """Open it, from its beginning."""
        try:
            return io.BufferedReader(_Read(self._opener(), self.name))  # type: ignore[return-value]
        except _DAMAGE as error:
            raise _damaged(self.name, error) from None

    def state(self) -> tuple[int, int]:
        """Its size; who writes to it writes to the other one."""
        return self._size, 0


class _Read(io.RawIOBase):
    """What is read of an archive, damage told as an error of ours."""

    def __init__(self, inner: BinaryIO, name: str) -> None:
        self._inner, self._name = inner, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            block = self._inner.read(len(buffer))
        except _DAMAGE as error:
            raise _damaged(self._name, error) from None
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _damaged(name: str, error: BaseException) -> UnreadableInput:
    if isinstance(error, RuntimeError) and "encrypted" in str(error):
        return UnreadableInput(f"{name} is locked by a password; unpack the archive and give the files")
    return UnreadableInput(f"{name} is damaged and cannot be read; ask for it again")


def is_archive(source: Source) -> bool:
    """Whether a file is a ZIP archive, and no workbook or document."""
    with source.open() as opened:
        if not opened.read(4).startswith(_ZIP):
            return False
    names = set(_opened(source).namelist())
    return not names.intersection(_OF_OFFICE)


def files_of(source: Source) -> Iterator[Inside]:
    """
    Give the files of an archive.

    Parameters
    ----------
    source : Source
        For which `is_archive` holds.

    Yields
    ------
    Inside
        Each file in the order of the names; not what systems leave beside them, nor links.

    Raises
    ------
    UnreadableInput
        When it is damaged, or made to do harm: paths that lead out of it, files that swell without measure.
    """
    archive = _opened(source)
    entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
    if len(entries) > MOST_FILES:
        raise UnreadableInput(f"{source.name} has {len(entries):,} files; unpack it and give those that belong here")
    if sum(entry.file_size for entry in entries) > _MOST:
        raise UnreadableInput(f"{source.name} would unpack to more than {_MOST // 10**9} GB; it was not read")
    for entry in entries:
        name = _name_of(entry)
        if _leads_out(name):
            raise UnreadableInput(
                f"{source.name} holds a file with a path that leads out of it, as no phone writes; it was not read"
            )
        if entry.file_size > max(_MUCH, _SWELLS * max(entry.compress_size, 1)):
            raise UnreadableInput(
                f"{source.name} holds a file that swells without measure when it is unpacked; it was not read"
            )
        if entry.is_dir() or is_litter(name) or stat.S_ISLNK(entry.external_attr >> 16):
            continue
        yield Inside(f"{source.name}/{name}", name, partial(archive.open, entry), entry.file_size, source)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The name as it was given: where no mark says that it is UTF-8 the program may have written it in that or in its own page."""
    name = entry.filename
    if entry.flag_bits & _IS_UTF8 or name.isascii():
        return mend(name)
    data = name.encode("cp437")
    try:
        return mend(data.decode("utf-8"))
    except UnicodeDecodeError:
        page = data.decode(best_page(data), "replace")
    letters = [sign for sign in page if sign.isalpha()]
    return page if sum("\u0600" <= sign <= "\u06ff" for sign in letters) > len(letters) / 2 else mend(name)


def is_litter(name: str) -> bool:
    """Whether a system left this beside everybody's files."""
    folded = name.casefold()
    return folded.startswith(_LITTER[0]) or PurePosixPath(folded).name.startswith(_LITTER[1:])


def _leads_out(name: str) -> bool:
    windows = PureWindowsPath(name)
    return bool(windows.is_absolute() or windows.drive or name.startswith("/") or ".." in windows.parts)


def _opened(source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source.path if source.path is not None else io.BytesIO(source.data))
    except _DAMAGE as error:
        raise _damaged(source.name, error) from None
