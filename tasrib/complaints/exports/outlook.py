"""
One message that Outlook saved (``.msg``, MS-OXMSG): a container with a stream for each property, named by its number and kind.

What hangs on it lies in folders of its own, an e-mail that was attached as a message within the message.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import io
import re
import struct
from collections.abc import Iterator
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser, HeaderParser
from email.policy import default
from functools import partial

from tasrib.complaints.exports.archive import Inside
from tasrib.complaints.exports.mail_attached import OF_PROGRAM, files_on
from tasrib.complaints.exports.mail_quoted import reported
from tasrib.complaints.exports.mail_text import address, body_of, legible, words_of
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.pictures.file import is_tall
from tasrib.complaints.exports.rich_text import NotLegible, text_of_rtf, unpacked
from tasrib.complaints.exports.signed import ENCRYPTED, Encrypted, opened
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
_SENT_FOR_SMTP, _SENT_FOR, _SENT_FOR_NAME, _KIND, _CONTENT_ID, _MIME = "5D02", "0065", "0042", "001A", "3712", "370E"
_SUBMITTED, _DELIVERED, _PAGE, _PAGE_OF_TEXTS = 0x00390040, 0x0E060040, 0x3FDE0003, 0x3FFD0003
_RENDERED, _HIDDEN, _IN_TEXT = 0x37140003, 0x7FFE000B, 4
# What Outlook keeps beside messages, by the beginning of its kind.
_NO_MESSAGES = ("ipm.contact", "ipm.distlist", "ipm.stickynote", "ipm.task", "ipm.appointment", "ipm.activity", "ipm.schedule.meeting.resp")  # fmt: skip
_SECURED = "ipm.note.smime"
# Windows numbers the pages of ISO 8859 and others as nobody else does.
_PAGES = {20_127: "ascii", 20_866: "koi8-r", 50_220: "iso2022_jp", 51_932: "euc_jp", 51_949: "euc_kr", 54_936: "gb18030", 65_000: "utf-7", 65_001: "utf-8"}  # fmt: skip
_ISO_8859 = 28_590
_RTF = "1009"
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)
_PER_SECOND = 10**7
_STUB = 5
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")
_PARSER = BytesParser(EmailMessage, policy=default)
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
    with source.open() as file:
        if file.read(len(MAGIC)) != MAGIC:
            return None
        rest = file.read()
    if not any(name.encode("utf-16-le") in rest for name in (_PROPERTIES, _VALUE)):
        return None
    _message_of(source)
    return Export(partial(_items, source), attached=partial(_attached, source))


def _message_of(source: Source) -> Entry:
    with source.open() as file:
        data = file.read()
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
    if _text(root, _KIND, "").casefold().startswith(_NO_MESSAGES):
        yield Left(1, "not_mail")
        return
    yield Left(1, "cover") if embedded else _message(1, root)
    for position, each in enumerate(embedded, start=2):
        yield _message(position, each)


def _message(position: int, folder: Entry) -> Item:
    numbers = _numbers(folder)
    charset, of_page = (_page(numbers.get(name, 0)) for name in (_PAGE_OF_TEXTS, _PAGE))
    charset = charset or of_page
    head = _text(folder, _HEAD, charset)
    text = _text(folder, _BODY, charset).replace("\r\n", "\n")
    html = words_of(_text(folder, _HTML, of_page or charset))
    if _text(folder, _KIND, "").casefold().startswith(_SECURED) and (signed := _signed(folder)) is not None:
        try:
            text, html = body_of(opened(signed)), ""
        except Encrypted:
            return BadRow(position, ENCRYPTED, "{}")
    packed = folder.find(f"{_VALUE}{_RTF}0102")
    if packed and not text.strip() and not html:
        try:
            text = text_of_rtf(unpacked(packed))
        except NotLegible:
            return BadRow(position, _UNREAD, "{}")
    given = Message(
        position, html if len(html) > _STUB * len(text.strip()) else text.strip(), _sender(folder, head, charset),
        _moment(numbers.get(_SUBMITTED, 0) or numbers.get(_DELIVERED, 0)), "email", is_bulk=_is_bulk(head), is_handed_in=True,
    )  # fmt: skip
    return reported(given, _text(folder, _SUBJECT, charset))


def _page(number: int) -> str:
    if _ISO_8859 < number <= _ISO_8859 + 16:
        return f"iso8859-{number - _ISO_8859}"
    return _PAGES.get(number, f"cp{number}" if number else "")


def _sender(folder: Entry, head: str, charset: str) -> str:
    """The sender's address; where only its server knows that, the name."""
    addresses = [_text(folder, name, charset) for name in (_SENT_SMTP, _SENDER, _SENT_FOR_SMTP, _SENT_FOR)]
    with contextlib.suppress(MessageError, ValueError):
        addresses.append(address(str(HeaderParser().parsestr(head).get("From", ""))))
    names = [_text(folder, name, charset) for name in (_SENDER_NAME, _SENT_FOR_NAME)]
    return next(filter(lambda each: "@" in each, addresses), next(filter(None, names), ""))


def _signed(folder: Entry) -> EmailMessage | None:
    """What hangs on a signed message: itself, as it came."""
    for each in _attachments(folder):
        content = each.find(f"{_VALUE}{_DATA}0102")
        if content:
            if _FIELD.match(content):
                return _PARSER.parsebytes(content)
            # What is signed without being legible comes without a head of its own.
            head = f"Content-Type: {_text(each, _MIME, '')}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode()
            return _PARSER.parsebytes(head + base64.encodebytes(content))
    return None


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
    root = _message_of(source)
    kind = _text(root, _KIND, "").casefold()
    if kind.startswith(_SECURED):
        yield from _attached_within(source, root)
        return
    for number, folder in enumerate(_attachments(root), start=1):
        content = folder.find(f"{_VALUE}{_DATA}0102")
        name = _text(folder, _LONG_NAME, "") or _text(folder, _SHORT_NAME, "") or f"{number}"
        if _text(folder, _MIME, "").casefold() in OF_PROGRAM or (
            content and _is_shown(folder) and not is_tall(content)
        ):
            continue
        if content:
            yield Inside(f"{source.name}/{name}", name, partial(io.BytesIO, content), len(content), source)


def _attached_within(source: Source, root: Entry) -> Iterator[Inside]:
    """What hangs on a signed message lies within what was signed."""
    signed = _signed(root)
    try:
        files = list(files_on(opened(signed))) if signed is not None else []
    except Encrypted:
        return
    for name, content in files:
        yield Inside(f"{source.name}/{name}", name, partial(io.BytesIO, content), len(content), source)


def _is_shown(folder: Entry) -> bool:
    """Whether the text shows it, as it does a logo and what was pasted into it."""
    numbers = _numbers(folder)
    return bool(_text(folder, _CONTENT_ID, "")) and bool(
        numbers.get(_HIDDEN, 0) or numbers.get(_RENDERED, 0) & _IN_TEXT
    )
