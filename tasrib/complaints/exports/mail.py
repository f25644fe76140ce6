"""
E-mail: one message (``.eml``) or a mailbox of them (``.mbox``), as any program saves them (RFC 5322, RFC 4155).

An address says nothing of a telephone number, so whose mailbox it is stays to be asked. What somebody passes on or answers is the message
that is reported; what hangs on an e-mail is read by what it is, and then the e-mail round it is none.
"""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses
from functools import partial
from typing import Any, BinaryIO

from tasrib.complaints.exports.archive import Inside
from tasrib.complaints.exports.keeping import is_ordinary_number
from tasrib.complaints.exports.mail_box import LONGEST, Box, box_of, is_sent, messages_of
from tasrib.complaints.exports.mail_quoted import moment_of, passed_on, without_prefix
from tasrib.complaints.exports.mail_text import (
    address,
    body_of,
    body_parts,
    content_of,
    file_name,
    header,
    is_attached,
    parts_of,
)
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.tables.raw import BadRow, Source

NAME = "e-mail"

_HEAD = 16_384  # bytes in which an e-mail is recognised
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")
_KNOWN = frozenset(
    b"from to cc subject date received return-path message-id mime-version delivered-to content-type reply-to sender dkim-signature x-gm-thrid "
    b"x-gmail-labels list-unsubscribe content-transfer-encoding arc-seal authentication-results x-mozilla-status x-universally-unique-identifier".split()
)  # fmt: skip
_FEWEST = 2
_BEFORE = b"\xef\xbb\xbf\r\n"  # what editors put before the head
_BULK = ("bulk", "list")
_PARSER = BytesParser(EmailMessage, policy=default)


def open_export(source: Source) -> Export | None:
    """
    Open an e-mail or a mailbox.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None where it does not begin with the head of an e-mail.
    """
    with source.open() as opened:
        head = opened.read(_HEAD).lstrip(_BEFORE)
    if head.startswith(b"From ") and _is_head(head.partition(b"\n")[2]):
        return Export(partial(_mailbox, source))
    if not _is_head(head):
        return None
    return Export(partial(_one, source), attached=partial(_attached, source))


def _is_head(head: bytes) -> bool:
    """Lines of names and values from the first on, of which some are known."""
    names: set[bytes] = set()
    for line in head.splitlines():
        if not line.strip():
            break
        if line[:1] in b" \t" and names:
            continue
        field = _FIELD.match(line)
        if field is None:
            # Mailboxes put this, and some programs one line of their own, before the head.
            if names or not line.startswith(b">From "):
                return False
            continue
        names.add(field[0][:-1].lower())
    return len(names & _KNOWN) >= _FEWEST


def _mailbox(source: Source) -> Iterator[Item]:
    box, position = box_of(source), 0
    for data in messages_of(source):
        for item in _of_box(position + 1, data, box):
            yield item
            position = item.position if not isinstance(item, BadRow) else item.row


def _one(source: Source) -> Iterator[Item]:
    with source.open() as opened:
        data = opened.read(LONGEST + 1)
    found = _parsed(1, data)
    yield found if isinstance(found, BadRow) else _safely(1, lambda: _message(1, found, is_handed_in=True))


def _of_box(position: int, data: bytes, box: Box) -> Iterator[Message | Left | BadRow]:
    """An e-mail of a mailbox, and those that hang on it."""
    message = _parsed(position, data)
    if isinstance(message, BadRow):
        yield message
        return
    outer = _safely(position, lambda: _of_owner_or_not(position, message, box))
    yield outer
    is_sent_one = isinstance(outer, Left)
    mine = box.mine | {_sender(message).casefold()} if is_sent_one else box.mine
    came = is_sent_one or any(part.get_content_type() == "multipart/digest" for part in message.walk())
    for number, inner in enumerate(_messages_within(message), start=position + 1):
        yield _safely(number, partial(_within, number, inner, mine, came))


def _of_owner_or_not(position: int, message: EmailMessage, box: Box) -> Message | Left:
    if not is_sent(message, _sender(message), box):
        return _message(position, message)
    to = getaddresses([header(message, name) for name in ("To", "Cc", "Bcc")])
    return Left(position, "sent", tuple(each for _, each in to))


def _within(position: int, message: EmailMessage, mine: frozenset[str], came: bool) -> Message | Left:
    """
    An e-mail that hangs on one of a mailbox: it reached the owner where the owner passed it on, or where it says so.

    What somebody else passed on had reached that one, and of the owner's number it says nothing.
    """
    if _sender(message).casefold() in mine:
        return Left(position, "sent")
    if came or not mine.isdisjoint(each.casefold() for each in _reached(message)):
        return _message(position, message)
    return Left(position, "passed_on")


def _parsed(position: int, data: bytes) -> EmailMessage | BadRow:
    if len(data) > LONGEST:
        return BadRow(
            position, f"the e-mail is larger than {LONGEST // 10**6} MB; save it without what hangs on it", "{}"
        )
    return _safely(position, lambda: _PARSER.parsebytes(data.lstrip(_BEFORE)))


def _safely(position: int, read: Callable[[], Any]) -> Any:
    """Python's parser breaks on some heads that break the rules; it says so in many ways."""
    try:
        return read()
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError):
        return BadRow(position, "the e-mail breaks the rules of its format, and cannot be read", json.dumps({}))


def _sender(message: EmailMessage) -> str:
    return address(header(message, "From") or header(message, "Sender") or header(message, "Return-Path").strip("<>"))


def _reached(message: EmailMessage) -> tuple[str, ...]:
    to = getaddresses([header(message, name) for name in ("To", "Cc", "Bcc", "Delivered-To", "X-Original-To")])
    return tuple(each for _, each in to)


def _message(position: int, message: EmailMessage, *, is_handed_in: bool = False) -> Message:
    subject, text = header(message, "Subject"), body_of(message)
    moment = moment_of(header(message, "Date")) if header(message, "Date") else _received_at(message)
    is_bulk = _is_bulk(message)
    given = Message(position, text, _sender(message), moment, "email", is_bulk=is_bulk, is_handed_in=is_handed_in)
    return reported(given, subject)


def reported(given: Message, subject: str) -> Message:
    """
    Find what an e-mail reports.

    Parameters
    ----------
    given : Message
        The e-mail, its text without its subject.
    subject : str
        Its subject.

    Returns
    -------
    Message
        With the subject above the text; of one that was handed in the message that it passes on or answers, if it does.
    """
    inner = passed_on(given.text, subject) if given.is_handed_in else None
    if inner is not None:
        # A telephone passes an SMS on in the same way, with the number in the place of the address.
        is_sms = inner.sender.isdigit() or (
            bool(inner.sender) and "@" not in inner.sender and is_ordinary_number(inner.sender)
        )
        given = replace(
            given, text=inner.text, sender=inner.sender, received_at=moment_of(inner.date) if inner.date else "",
            channel="sms" if is_sms else given.channel,
        )  # fmt: skip
        subject = inner.subject or without_prefix(subject)
    text = f"{subject}\n{given.text}" if given.text.strip() and subject and subject not in given.text else given.text
    return replace(given, text=text or subject)


def _is_bulk(message: EmailMessage) -> bool:
    return bool(
        header(message, "List-Unsubscribe") or header(message, "List-Id") or header(message, "Feedback-ID")
        or header(message, "Precedence").casefold() in _BULK
    )  # fmt: skip


def _received_at(message: EmailMessage) -> str:
    """When it came in, where it does not say when it was written: behind the last semicolon of the topmost line of its way."""
    way = header(message, "Received")
    return moment_of(way.rpartition(";")[2].strip()) if ";" in way else ""


def _messages_within(message: EmailMessage) -> Iterator[EmailMessage]:
    """The e-mails that hang on an e-mail, also those that a program packed as any other file."""
    for part in parts_of(message):
        inner = part.get_payload()
        whole = inner[0] if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and inner else None
        if isinstance(whole, EmailMessage) and whole.keys():
            yield whole
            continue
        content = content_of(whole if isinstance(whole, EmailMessage) else part)
        if isinstance(whole, EmailMessage) and "base64" in str(part.get("Content-Transfer-Encoding", "")).casefold():
            content = _unpacked(content)
        if (whole is not None or is_attached(part)) and _is_head(content[:_HEAD].lstrip(_BEFORE)):
            yield _PARSER.parsebytes(content.lstrip(_BEFORE))


def _unpacked(content: bytes) -> bytes:
    try:
        return base64.b64decode(content)
    except ValueError:
        return b""


def _attached(source: Source) -> Iterator[Inside]:
    """What hangs on an e-mail, not what its text shows."""
    with source.open() as opened:
        data = opened.read(LONGEST + 1)
    if len(data) > LONGEST:
        return
    message = _PARSER.parsebytes(data.lstrip(_BEFORE))
    taken = body_parts(message)
    for number, part in enumerate(parts_of(message), start=1):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) and inner else None
            content = whole.as_bytes() if isinstance(whole, EmailMessage) else content_of(part)
            name = file_name(part) or f"{number}.eml"
        elif (
            is_attached(part)
            and part not in taken
            and not (part.get("Content-ID") and "attachment" not in str(part.get("Content-Disposition", "")).casefold())
        ):
            content, name = content_of(part), file_name(part) or f"{number}"
        else:
            continue
        if content.strip():
            yield Inside(f"{source.name}/{name}", name, partial(_bytes, content), len(content), source)


def _bytes(content: bytes) -> BinaryIO:
    return io.BytesIO(content)
