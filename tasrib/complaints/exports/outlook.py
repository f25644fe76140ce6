"""
One message that Outlook saved (``.msg``, MS-OXMSG): a container with a stream for each property, named by its number and kind.

What hangs on it lies in folders of its own, an e-mail that was attached as a message within the message.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections.abc import Iterator
from email.errors import MessageError
from email.parser import HeaderParser
from functools import partial

from tasrib.complaints.exports.archive import Inside
from tasrib.complaints.exports.mail import reported
from tasrib.complaints.exports.mail_text import legible, words_of
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.rich_text import NotLegible, text_of_rtf, unpacked
from tasrib.errors import UnreadableInput
from tasrib.tables.raw import BadRow, Source, mend
from tasrib.tables.sheets.compound import MAGIC, Entry, read_container
from tasrib.tables.sheets.package import Damaged

NAME = "Outlook"

_PROPERTIES = "__properties_version1.0"
_VALUE = "__substg1.0_"
_ATTACHED = "__attach_version1.0_"
_EMBEDDED = "__substg1.0_3701000D"
_SUBJECT, _BODY, _HTML, _SENT_SMTP, _SENDER, _SENDER_NAME, _HEAD = (
    "0037",
    "1000",
    "1013",
    "5D01",
    "0C1F",
    "0C1A",
    "007D",
)
_LONG_NAME, _SHORT_NAME, _DATA = "3707", "3704", "3701"
_SUBMITTED, _DELIVERED, _PAGE = 0x00390040, 0x0E060040, 0x3FDE0003
_RTF = "1009"
_UTF8 = 65_001
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_PER_SECOND = 10**7
_STUB = 5
_UNREAD = "its text is kept in a form that cannot be read"


def open_export(source: Source) -> Export | None:
    """
    Open a message.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None for any other container, as an old workbook is.

    Raises
    ------
    UnreadableInput
        When it is a message that is damaged.
    """
    with source.open() as opened:
        if opened.read(len(MAGIC)) != MAGIC:
            return None
        rest = opened.read()
    if _PROPERTIES.encode("utf-16-le") not in rest:
        return None
    _message_of(source)
    return Export(partial(_items, source), attached=partial(_attached, source))


def _message_of(source: Source) -> Entry:
    with source.open() as opened:
        data = opened.read()
    try:
        return read_container(data).root
    except (Damaged, struct.error, MemoryError):
        raise UnreadableInput(f"{source.name} is damaged and cannot be read; save it again") from None


def _items(source: Source) -> Iterator[Item]:
    root = _message_of(source)
    embedded = [
        each
        for folder in _attachments(root)
        for each in folder.children
        if each.name.casefold() == _EMBEDDED.casefold()
    ]
    yield Left(1, "cover") if embedded else _message(1, root)
    for position, each in enumerate(embedded, start=2):
        yield _message(position, each)


def _message(position: int, folder: Entry) -> Item:
    numbers = _numbers(folder)
    page = int(numbers.get(_PAGE, 0))
    charset = "utf-8" if page == _UTF8 else f"cp{page}" if page else ""
    head = _text(folder, _HEAD, charset)
    text = _text(folder, _BODY, charset).replace("\r\n", "\n")
    html = words_of(_text(folder, _HTML, charset))
    packed = folder.find(f"{_VALUE}{_RTF}0102")
    if packed and not text.strip() and not html:
        try:
            text = text_of_rtf(unpacked(packed))
        except NotLegible:
            return BadRow(position, _UNREAD, "{}")
    address = next(
        filter(lambda each: "@" in each, (_text(folder, name, charset) for name in (_SENT_SMTP, _SENDER))), ""
    )
    given = Message(
        position, html if len(html) > _STUB * len(text.strip()) else text.strip(), address or _text(folder, _SENDER_NAME, charset),
        _moment(numbers.get(_SUBMITTED, 0) or numbers.get(_DELIVERED, 0)), "email", is_bulk=_is_bulk(head), is_handed_in=True,
    )  # fmt: skip
    return reported(given, _text(folder, _SUBJECT, charset))


def _is_bulk(head: str) -> bool:
    try:
        return any(name in HeaderParser().parsestr(head) for name in ("List-Unsubscribe", "List-Id"))
    except (MessageError, ValueError):
        return False


def _text(folder: Entry, number: str, charset: str) -> str:
    wide = folder.find(f"{_VALUE}{number}001F")
    if wide is not None:
        return mend(wide.decode("utf-16-le", "replace")).strip("\x00")
    narrow = next(filter(None, (folder.find(f"{_VALUE}{number}{kind}") for kind in ("001E", "0102"))), b"")
    return mend(legible(narrow, charset)).strip("\x00")


def _numbers(folder: Entry) -> dict[int, int]:
    """The properties that are short enough to stand in one list: of a message within a message its head is shorter."""
    data = folder.find(_PROPERTIES) or b""
    start = next((start for start in (32, 24, 8) if (len(data) - start) % 16 == 0 and len(data) > start), len(data))
    return {
        tag: value for tag, _, value in struct.iter_unpack("<IIQ", data[start : start + (len(data) - start) // 16 * 16])
    }


def _moment(count: int) -> str:
    try:
        return (_EPOCH + dt.timedelta(seconds=count // _PER_SECOND)).isoformat() if count else ""
    except OverflowError:
        return ""


def _attachments(root: Entry) -> list[Entry]:
    folders = [each for each in root.children if not each.is_stream and each.name.casefold().startswith(_ATTACHED)]
    return sorted(folders, key=lambda each: each.name)


def _attached(source: Source) -> Iterator[Inside]:
    for number, folder in enumerate(_attachments(_message_of(source)), start=1):
        content = folder.find(f"{_VALUE}{_DATA}0102")
        name = _text(folder, _LONG_NAME, "") or _text(folder, _SHORT_NAME, "") or f"{number}"
        if content:
            yield Inside(f"{source.name}/{name}", name, partial(io.BytesIO, content), len(content), source)
