"""
``winmail.dat``: what Outlook packs an e-mail and its files into for those who use Outlook too (MS-OXTNEF).

A row of attributes, each a level, a number with its kind, a length and a content. A file begins with an attribute of its own; its long name
stands among properties as Outlook's messages have them.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from tasrib.complaints.exports.archive import Inside
from tasrib.complaints.exports.mail_quoted import reported
from tasrib.complaints.exports.mail_text import legible, words_of
from tasrib.complaints.exports.message import Export, Item, Message
from tasrib.complaints.exports.rich_text import NotLegible, text_of_rtf, unpacked
from tasrib.tables.raw import Source, mend

NAME = "winmail.dat"

MAGIC = struct.pack("<I", 0x223E9F78)
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_BODY, _PROPERTIES, _PAGE = 0x0002800C, 0x00069003, 0x00069007
_LONG_NAME, _CONTENT, _RTF, _HTML, _TEXT = 0x3707, 0x3701, 0x1009, 0x1013, 0x1000
_SUBJECT, _ADDRESSES, _SENDER_NAME, _SENT = 0x0037, (0x5D01, 0x0C1F, 0x0065), 0x0C1A, 0x0039
_SUBJECT_BESIDE = 0x00018004
# Of each kind of property the bytes of a value; what is longer has its length before it.
_FIXED = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MOMENT = 0x40
_STRING, _WIDE, _BINARY, _OBJECT, _SEVERAL, _NAMED = 0x1E, 0x1F, 0x102, 0x0D, 0x1000, 0x8000
# Before what is itself a message stand the bytes that name its kind.
_OF_KIND = 16
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_PER_SECOND = 10**7
# Bytes before the first attribute, of an attribute before its content, and behind that; of the name of a code page.
_START, _BEFORE, _CHECK, _PER_PAGE = 6, 9, 2, 4
_MOST = 10_000


@dataclass
class Packed:
    """
    What is in it.

    Attributes
    ----------
    text : str
        The words of the e-mail; empty where they stand beside it.
    files : list of tuple of str and bytes
        Names and contents of what hangs on it.
    subject, sender, moment : str
        Empty where they stand beside it.
    """

    text: str = ""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    subject: str = ""
    sender: str = ""
    moment: str = ""


def open_export(source: Source) -> Export | None:
    """
    Open one that lies by itself.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None for any other file.
    """
    with source.open() as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            return None
    return Export(partial(_items, source), attached=partial(_attached, source))


def _items(source: Source) -> Iterator[Item]:
    found = _of(source)
    yield reported(
        Message(1, found.text.strip(), found.sender, found.moment, "email", is_handed_in=True), found.subject
    )


def _attached(source: Source) -> Iterator[Inside]:
    for name, content in _of(source).files:
        yield Inside(f"{source.name}/{name}", name, partial(io.BytesIO, content), len(content), source)


def _of(source: Source) -> Packed:
    with source.open() as opened:
        return read_packed(opened.read())


def read_packed(data: bytes) -> Packed:
    """
    Unpack one.

    Parameters
    ----------
    data : bytes
        The file.

    Returns
    -------
    Packed
        All that is whole; of a damaged one what stands before the damage.
    """
    found, page = Packed(), ""
    files: list[dict[str, str | bytes]] = []
    for tag, value in _attributes(data):
        if tag == _NEW_FILE:
            files.append({})
        elif tag == _PAGE and len(value) >= _PER_PAGE:
            page = f"cp{struct.unpack_from('<I', value)[0]}"
        elif files:
            files[-1].update(_of_file(tag, value, page))
        elif tag == _BODY:
            found.text = found.text or _text(value, page)
        elif tag == _SUBJECT_BESIDE:
            found.subject = _text(value, page)
        elif tag == _PROPERTIES:
            _take(found, dict(_properties(value)))
    for number, each in enumerate(files, start=1):
        content, name = each.get("content", b""), each.get("name", "")
        if isinstance(content, bytes) and content:
            is_message = content[_OF_KIND : _OF_KIND + len(MAGIC)] == MAGIC
            found.files.append((str(name) or f"{number}", content[_OF_KIND:] if is_message else content))
    return found


def _of_file(tag: int, value: bytes, page: str) -> dict[str, str | bytes]:
    if tag == _TITLE:
        return {"name": _text(value, page)}
    if tag == _DATA:
        return {"content": value}
    if tag != _FILE_PROPERTIES:
        return {}
    properties = dict(_properties(value))
    kept = {"name": properties.get(_LONG_NAME, ""), "content": properties.get(_CONTENT, b"")}
    return {key: each for key, each in kept.items() if each}


def _take(found: Packed, properties: dict[int, str | bytes]) -> None:
    def told(number: int) -> str:
        value = properties.get(number, "")
        return value if isinstance(value, str) else ""

    found.text = found.text or _words(properties)
    found.subject = found.subject or told(_SUBJECT)
    found.sender = next((told(each) for each in _ADDRESSES if "@" in told(each)), told(_SENDER_NAME))
    found.moment = told(_SENT)


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = _START
    for _ in range(_MOST):
        if at + _BEFORE > len(data):
            return
        _, tag, size = struct.unpack_from("<BII", data, at)
        if at + _BEFORE + size > len(data):
            return
        yield tag, data[at + _BEFORE : at + _BEFORE + size]
        at += _BEFORE + size + _CHECK


def _properties(data: bytes) -> Iterator[tuple[int, str | bytes]]:
    """Texts, moments and bytes among the properties of a message."""
    try:
        (count,) = struct.unpack_from("<I", data)
        at = 4
        for _ in range(min(count, _MOST)):
            kind, number = struct.unpack_from("<HH", data, at)
            at = _behind_name(data, at + 4) if number >= _NAMED else at + 4
            plain, n_values = kind & ~_SEVERAL, 1
            if kind & _SEVERAL or plain not in _FIXED:
                (n_values,) = struct.unpack_from("<I", data, at)
                at += 4
            for _ in range(min(n_values, _MOST)):
                if plain in _FIXED:
                    if plain == _MOMENT:
                        yield number, _moment(struct.unpack_from("<Q", data, at)[0])
                    at += _FIXED[plain]
                    continue
                (size,) = struct.unpack_from("<I", data, at)
                value = data[at + 4 : at + 4 + size]
                at += 4 + (size + 3) // 4 * 4
                if plain == _WIDE:
                    yield number, mend(value.decode("utf-16-le", "replace")).strip("\x00")
                else:
                    yield number, _text(value, "") if plain == _STRING else value
    except struct.error:
        return


def _behind_name(data: bytes, at: int) -> int:
    """Where a property with a name of its own goes on: behind what names its family, and its number or its name."""
    (is_text,) = struct.unpack_from("<I", data, at + 16)
    if not is_text:
        return at + 24
    (size,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + (size + 3) // 4 * 4


def _moment(count: int) -> str:
    try:
        return (_EPOCH + dt.timedelta(seconds=count // _PER_SECOND)).isoformat()
    except OverflowError:
        return ""


def _words(properties: dict[int, str | bytes]) -> str:
    html, rtf, text = (properties.get(number, b"") for number in (_HTML, _RTF, _TEXT))
    if isinstance(text, str) and text.strip():
        return text
    if html:
        return words_of(html if isinstance(html, str) else legible(html, ""))
    try:
        return text_of_rtf(unpacked(rtf)) if isinstance(rtf, bytes) and rtf else ""
    except NotLegible:
        return ""


def _text(value: bytes, page: str) -> str:
    return mend(legible(value.rstrip(b"\x00"), page))
