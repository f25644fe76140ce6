"""The parts of a zipped workbook, and their markup, read within bounds."""

from __future__ import annotations

import io
import posixpath
import zipfile
from typing import Protocol
from xml.parsers import expat

from tasrib.errors import UnreadableInput
from tasrib.tables.sheets import grid

_CHUNK = 1 << 16


class Handler(Protocol):
    """Takes the markup of a part, element by element."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Characters between elements."""


class Damaged(Exception):
    """A workbook that breaks its own rules."""


class Package:
    """
    A ZIP archive with the parts of a workbook.

    Parameters
    ----------
    data : bytes
        The archive.
    name : str
        The file, for messages.

    Raises
    ------
    UnreadableInput
        When it is no archive, or unpacks to more than the size limit.
    """

    def __init__(self, data: bytes, name: str) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            parts = self._archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise UnreadableInput(f"{name} is not an Excel workbook, or is cut short; save it again") from None
        if sum(part.file_size for part in parts) > grid.MAX_UNPACKED:
            raise UnreadableInput(f"{name} unpacks to more than {grid.MAX_UNPACKED // 10**6} MB; split it")
        # Some programs write backslashes, or another case than they refer to.
        self._parts = {part.filename.replace("\\", "/").lower(): part for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise UnreadableInput(f"{name} is protected by a password; save a copy without it")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def names(self) -> list[str]:
        """The names of all parts, in lower case."""
        return list(self._parts)

    def read(self, part: str, most: int = -1) -> bytes:
        """
        The content of a part, or its beginning.

        Raises
        ------
        Damaged
            When there is no such part.
        """
        try:
            with self._archive.open(self._parts[part.lower()]) as opened:
                return opened.read(most)
        except KeyError:
            raise Damaged(f"no part {part}") from None

    def parse(self, part: str, handler: Handler) -> None:
        """
        Hand the markup of a part to a handler.

        Raises
        ------
        Damaged
            When there is no such part, or its markup declares types of its own, which could make it endless.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        try:
            with self._archive.open(self._parts[part.lower()]) as opened:
                while chunk := opened.read(_CHUNK):
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except KeyError:
            raise Damaged(f"no part {part}") from None


def local(name: str) -> str:
    """The name of an element without its prefix."""
    return name.rpartition(":")[2]


def resolve(base: str, target: str) -> str:
    """A target as a part's name, which is relative to the part that refers to it unless it begins with a slash."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(base), target.replace("\\", "/"))).lstrip("/")


def _refuse_doctype(*_: object) -> None:
    raise Damaged("a workbook declares no types")
