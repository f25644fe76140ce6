"""What a file with the suffix of a workbook really is, by its content."""

from __future__ import annotations

import re

from tasrib.errors import UnreadableInput
from tasrib.tables.sheets import binary, ods, ooxml, records
from tasrib.tables.sheets.grid import Grid
from tasrib.tables.sheets.package import Damaged, Package

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0"
_SAVE = "open it in Excel or LibreOffice and save it as .xlsx"
# Streams of an OLE container by which its kind is known, and what that is.
_STREAMS = {
    "EncryptedPackage": "is protected by a password; save a copy without it",
    "WordDocument": "is a Word document, not a workbook; copy its table into a workbook",
    "PowerPoint Document": "is a presentation, not a workbook; copy its table into a workbook",
    "__properties_version1.0": "is an Outlook message, not a workbook; copy its table into a workbook",
}
_WEB_PAGE = re.compile(rb"<!doctype html|<html\b|<table\b|<meta\b|<head\b", re.IGNORECASE)
_SAMPLE = 4_000


def is_text(data: bytes) -> bool:
    """
    Whether a file with the suffix of a workbook is text with delimiters.

    Parameters
    ----------
    data : bytes
        The content.

    Returns
    -------
    bool
        True for what has neither the marks of a workbook nor bytes that no text has.
    """
    if data.startswith((_ZIP, _OLE)):
        return False
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or not re.search(
        rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]", data[:_SAMPLE]
    )


def refuse_markup(data: bytes, name: str) -> None:
    """
    Refuse what programs save under the suffix of a workbook for Excel to open, though it is none.

    Parameters
    ----------
    data : bytes
        The content.
    name : str
        The file, for the message.

    Raises
    ------
    UnreadableInput
        When it is a web page, an XML spreadsheet of 2003 or other XML.
    """
    start = data[:_SAMPLE].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        web, spreadsheet = _WEB_PAGE.search(start), b"urn:schemas-microsoft-com:office:spreadsheet" in start
        what = "an XML spreadsheet of 2003" if spreadsheet else "a web page" if web else "XML"
    elif start.lower().startswith(b"mime-version:"):
        what = "a web page"
    else:
        return
    raise UnreadableInput(f"{name} is {what} inside; {_SAVE}")


def sheets(data: bytes, name: str) -> list[Grid]:
    """
    Read the sheets of a workbook, of whatever kind.

    Parameters
    ----------
    data : bytes
        The content.
    name : str
        The file, for messages.

    Returns
    -------
    list of Grid
        All sheets that can hold cells.

    Raises
    ------
    UnreadableInput
        When it is no workbook, damaged or protected by a password, or too large.
    """
    try:
        if data.startswith(_OLE):
            _check_streams(data, name)
            return binary.sheets(data, name, records.check_xls(data))
        return _of_package(data, name)
    except UnreadableInput:
        raise
    except (
        Exception
    ) as error:  # a broken part shows as Damaged, ExpatError, BadZipFile, zlib.error, CalamineError, ValueError …
        raise UnreadableInput(
            f"{name} is a damaged workbook; open it in Excel or LibreOffice and save it again"
        ) from error


def _check_streams(data: bytes, name: str) -> None:
    for stream, what in _STREAMS.items():
        if stream.encode("utf-16-le") in data:
            raise UnreadableInput(f"{name} {what}")


def _of_package(data: bytes, name: str) -> list[Grid]:
    package = Package(data, name)
    if ods.CONTENT in package:
        kind = package.read("mimetype", 200) if "mimetype" in package else b"spreadsheet"
        if b"spreadsheet" not in kind:
            raise UnreadableInput(f"{name} is an OpenDocument file, but no spreadsheet; copy its table into one")
        return ods.sheets(package, name)
    if any(part.endswith("workbook.bin") for part in package.names()):
        return binary.sheets(data, name, records.check_xlsb(package))
    if any(part.startswith("word/") for part in package.names()):
        raise UnreadableInput(f"{name} is a Word document, not a workbook; copy its table into a workbook")
    if any(part.endswith(".numbers") or part.endswith(".iwa") for part in package.names()):
        raise UnreadableInput(f"{name} is a Numbers spreadsheet; export it as Excel")
    if "[Content_Types].xml" not in package:
        raise UnreadableInput(f"{name} is a ZIP archive, not a workbook; save it as .xlsx")
    found = ooxml.sheets(package, name)
    if not found:
        raise Damaged("no sheet that holds cells")
    return found
