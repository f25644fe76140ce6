"""
E-mail: one message (``.eml``) or a mailbox of them (``.mbox``), as any program saves them (RFC 5322, RFC 4155).

An address says nothing of a telephone number, so whose mailbox it is stays to be asked. What somebody passes on or answers is the message
that is reported; what hangs on an e-mail is read by what it is, and then the e-mail round it is none.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses
from functools import partial
from typing import Any

from tasrib.complaints.exports.archive import Inside
from tasrib.complaints.exports.mail_attached import files_on, is_head, messages_on, text_packed
from tasrib.complaints.exports.mail_box import LONGEST, Box, box_of, is_sent, messages_of
from tasrib.complaints.exports.mail_quoted import moment_of, reported
from tasrib.complaints.exports.mail_text import address, as_sent, body_of, header
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.signed import ENCRYPTED, Encrypted, opened
from tasrib.tables.raw import BadRow, Source

NAME = "e-mail"

_HEAD = 16_384  # bytes in which an e-mail is recognised
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
    with source.open() as file:
        head = as_sent(file.read(_HEAD))
    if head.startswith(b"From ") and is_head(head.partition(b"\n")[2]):
        return Export(partial(_mailbox, source), attached=partial(_of_mailbox, source))
    if not is_head(head):
        return None
    return Export(partial(_one, source), attached=partial(_attached, source))


def _mailbox(source: Source) -> Iterator[Item]:
    box = box_of(source)
    for position, _, message in _mails_of(source):
        yield from _of_box(position, message, box)


def _mails_of(source: Source) -> Iterator[tuple[int, int, EmailMessage | BadRow]]:
    """The e-mails of a mailbox: the row of each, behind those that hang on the one before, and its place in the file."""
    position = 1
    for place, data in messages_of(source):
        message = _parsed(position, data)
        yield position, place, message
        position += 1 if isinstance(message, BadRow) else 1 + sum(1 for _ in messages_on(message))


def _one(source: Source) -> Iterator[Item]:
    with source.open() as file:
        data = file.read(LONGEST + 1)
    found = _parsed(1, data)
    yield found if isinstance(found, BadRow) else _safely(1, lambda: _message(1, found, is_handed_in=True))


def _of_box(position: int, message: EmailMessage | BadRow, box: Box) -> Iterator[Message | Left | BadRow]:
    """An e-mail of a mailbox, and those that hang on it."""
    if isinstance(message, BadRow):
        yield message
        return
    outer = _safely(position, lambda: _of_owner_or_not(position, message, box))
    yield outer
    is_sent_one = isinstance(outer, Left)
    mine = box.mine | {_sender(message).casefold()} if is_sent_one else box.mine
    came = is_sent_one or any(part.get_content_type() == "multipart/digest" for part in message.walk())
    for number, inner in enumerate(messages_on(message), start=position + 1):
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
    return _safely(position, lambda: opened(_PARSER.parsebytes(as_sent(data))))


def _safely(position: int, read: Callable[[], Any]) -> Any:
    """Python's parser breaks on some heads that break the rules; it says so in many ways."""
    try:
        return read()
    except Encrypted:
        return BadRow(position, ENCRYPTED, json.dumps({}))
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError):
        return BadRow(position, "the e-mail breaks the rules of its format, and cannot be read", json.dumps({}))


def _sender(message: EmailMessage) -> str:
    return address(header(message, "From") or header(message, "Sender") or header(message, "Return-Path").strip("<>"))


def _reached(message: EmailMessage) -> tuple[str, ...]:
    to = getaddresses([header(message, name) for name in ("To", "Cc", "Bcc", "Delivered-To", "X-Original-To")])
    return tuple(each for _, each in to)


def _message(position: int, message: EmailMessage, *, is_handed_in: bool = False) -> Message:
    subject, text = header(message, "Subject"), body_of(message) or text_packed(message)
    moment = moment_of(header(message, "Date")) if header(message, "Date") else _received_at(message)
    is_bulk = _is_bulk(message)
    given = Message(position, text, _sender(message), moment, "email", is_bulk=is_bulk, is_handed_in=is_handed_in)
    return reported(given, subject)


def _is_bulk(message: EmailMessage) -> bool:
    return bool(
        header(message, "List-Unsubscribe") or header(message, "List-Id") or header(message, "Feedback-ID")
        or header(message, "Precedence").casefold() in _BULK
    )  # fmt: skip


def _received_at(message: EmailMessage) -> str:
    """When it came in, where it does not say when it was written: behind the last semicolon of the topmost line of its way."""
    way = header(message, "Received")
    return moment_of(way.rpartition(";")[2].strip()) if ";" in way else ""


def _attached(source: Source) -> Iterator[Inside]:
    """What hangs on an e-mail, not what its text shows."""
    with source.open() as file:
        data = file.read(LONGEST + 1)
    message = _parsed(1, data)
    for name, content in files_on(message) if isinstance(message, EmailMessage) else ():
        yield Inside(f"{source.name}/{name}", name, partial(io.BytesIO, content), len(content), source)


def _of_mailbox(source: Source) -> Iterator[Inside]:
    """
    What hangs on the e-mails of a mailbox, but for other e-mails, which have rows of their own.

    Each is called after the row of its e-mail, and read from there again when it is looked at: a mailbox may hold more than memory does.
    """
    box, held = box_of(source), _Held(source)
    for position, place, message in _mails_of(source):
        if isinstance(message, BadRow):
            continue
        is_mine = is_sent(message, _sender(message), box)
        for number, (name, content) in enumerate(files_on(message, mails=False)):
            called = f"{position}/{name}"
            opener = held.opener(place, number, content)
            yield Inside(
                f"{source.name}/{called}", called, opener, len(content), source, on=position, is_others=not is_mine
            )


class _Held:
    """The file that was looked at last, since it is opened many times in a row; any other is read again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._last: tuple[tuple[int, int], bytes] = ((-1, -1), b"")

    def opener(self, place: int, number: int, content: bytes) -> Callable[[], io.BytesIO]:
        self._last = (place, number), content
        return partial(self._open, place, number)

    def _open(self, place: int, number: int) -> io.BytesIO:
        if self._last[0] != (place, number):
            _, data = next(messages_of(self._source, place))
            message = _parsed(1, data)
            files = files_on(message, mails=False) if isinstance(message, EmailMessage) else iter(())
            content = next((content for at, (_, content) in enumerate(files) if at == number), b"")
            self._last = (place, number), content
        return io.BytesIO(self._last[1])
