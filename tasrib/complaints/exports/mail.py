"""
E-mail: one message (``.eml``) or a mailbox of them (``.mbox``), as any program saves them (RFC 5322, RFC 4155).

An address says nothing of a telephone number, so whose mailbox it is stays to be asked. What somebody passes on or answers is the message
that is reported; what hangs on an e-mail is read by what it is, and then the e-mail round it is none.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import getaddresses
from functools import cache, partial
from pathlib import PurePath
from typing import BinaryIO

from tasrib.complaints.exports.archive import Inside
from tasrib.complaints.exports.keeping import is_ordinary_number
from tasrib.complaints.exports.mail_quoted import moment_of, passed_on, without_prefix
from tasrib.complaints.exports.mail_text import address, body_of, content_of, file_name, header, is_attached, parts_of
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.words import fold, reference
from tasrib.tables.raw import BadRow, Source

NAME = "e-mail"

_HEAD = 16_384  # bytes in which an e-mail is recognised
_LONGEST_LINE = 1_000_000
_LONGEST = 60_000_000  # bytes of one e-mail with all that hangs on it; mailboxes take half of that
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")
_KNOWN = frozenset(
    b"from to cc subject date received return-path message-id mime-version delivered-to content-type reply-to sender dkim-signature x-gm-thrid "
    b"x-gmail-labels list-unsubscribe content-transfer-encoding arc-seal authentication-results x-mozilla-status x-universally-unique-identifier".split()
)  # fmt: skip
_FEWEST = 2
_BEFORE = b"\xef\xbb\xbf\r\n"  # what editors put before the head
_MINE = re.compile(rb"(?im)^(?:delivered-to|x-original-to|envelope-to)[ \t]{0,9}:[ \t]{0,9}<?([^\s<>]{3,200})")
_MOST_MINE = 100
_RECEIVED = re.compile(rb"(?im)^(?:received|delivered-to)[ \t]{0,9}:")
# What only the program writes that an e-mail was written with.
_OF_WRITING = ("FCC", "X-Identity-Key", "X-Mozilla-Draft-Info", "X-Unsent")
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


def _one(source: Source) -> Iterator[Item]:
    with source.open() as opened:
        data = opened.read(_LONGEST + 1)
    yield _item(1, data, None)


def _mailbox(source: Source) -> Iterator[Item]:
    box = _box(source)
    for position, data in enumerate(_messages(source), start=1):
        yield _item(position, data, box)


def _messages(source: Source) -> Iterator[bytes]:
    """The e-mails of a mailbox: each begins with ``From `` behind an empty line."""
    with source.open() as opened:
        lines: list[bytes] = []
        size, is_blank = 0, True
        while line := opened.readline(_LONGEST_LINE):
            if is_blank and line.startswith(b"From "):
                if lines:
                    yield b"".join(lines)
                lines, size = [], 0
            elif size <= _LONGEST:
                lines.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
                size += len(line)
            is_blank = not line.strip(b"\r\n")
        if lines:
            yield b"".join(lines)


@dataclass(frozen=True)
class _Box:
    """
    What tells the owner's e-mails from those of others.

    Attributes
    ----------
    mine : frozenset of str
        The addresses that the mailbox is of, as whoever delivered to it wrote them.
    tells_way : bool
        Whether e-mails of it say by which way they came: what does not say so was written here.
    is_of_sent : bool
        Whether it is a folder of what was sent.
    """

    mine: frozenset[str]
    tells_way: bool
    is_of_sent: bool


def _box(source: Source) -> _Box:
    found: dict[str, None] = {}
    tells_way = False
    for data in _messages(source):
        head = data[: next(filter(lambda at: at > 0, map(data.find, (b"\n\n", b"\n\r\n"))), _HEAD)][:65_536]
        tells_way = tells_way or _RECEIVED.search(head) is not None
        found.update(dict.fromkeys(each.decode("ascii", "replace").casefold() for each in _MINE.findall(head)))
        if len(found) >= _MOST_MINE:
            break
    path = PurePath(source.name)
    # Apple Mail calls every mailbox "mbox", within a folder that bears its name.
    stem = PurePath(path.parent.name if path.name == "mbox" else path.name).stem
    # Before a point stands the folder that it lies in.
    return _Box(frozenset(found), tells_way, _is_of_sent(stem) or _is_of_sent(stem.rpartition(".")[2]))


def _is_of_sent(folder: str) -> bool:
    return re.sub(r"[\s_-]?\d{0,3}$", "", fold(folder)) in _sent_folders()


@cache
def _sent_folders() -> frozenset[str]:
    return frozenset(fold(name) for names in reference("mail.toml")["sent"].values() for name in names)


def _item(position: int, data: bytes, box: _Box | None) -> Item:
    """One e-mail; `box` is None where it was handed in by itself."""
    if len(data) > _LONGEST:
        return BadRow(
            position, f"the e-mail is larger than {_LONGEST // 10**6} MB; save it without what hangs on it", "{}"
        )
    try:
        return _read(position, _PARSER.parsebytes(data.lstrip(_BEFORE)), box)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError, AssertionError):
        # Python's parser breaks on some heads that break the rules; it says so in many ways.
        return BadRow(position, "the e-mail breaks the rules of its format, and cannot be read", json.dumps({}))


def _read(position: int, message: EmailMessage, box: _Box | None) -> Item:
    sender = address(header(message, "From") or header(message, "Sender") or header(message, "Return-Path").strip("<>"))
    if box is not None and _is_sent(message, sender, box):
        to = getaddresses([header(message, name) for name in ("To", "Cc", "Bcc")])
        return Left(position, "sent", tuple(each for _, each in to))
    subject, text = header(message, "Subject"), body_of(message)
    moment = moment_of(header(message, "Date")) if header(message, "Date") else _received_at(message)
    given = Message(position, text, sender, moment, "email", is_bulk=_is_bulk(message), is_handed_in=box is None)
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


def _is_sent(message: EmailMessage, sender: str, box: _Box) -> bool:
    if box.is_of_sent or any(map(_is_of_sent, header(message, "X-Gmail-Labels").split(","))):
        return True
    if any(header(message, name) for name in _OF_WRITING):
        return True
    came = header(message, "Delivered-To") or header(message, "Received")
    return not came and (box.tells_way or sender.casefold() in box.mine)


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
    with source.open() as opened:
        data = opened.read(_LONGEST + 1)
    if len(data) > _LONGEST:
        return
    for number, part in enumerate(parts_of(_PARSER.parsebytes(data.lstrip(_BEFORE))), start=1):
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) and inner else None
            content = whole.as_bytes() if isinstance(whole, EmailMessage) else content_of(part)
            name = file_name(part) or f"{number}.eml"
        elif is_attached(part) and not (
            part.get("Content-ID") and "attachment" not in str(part.get("Content-Disposition", "")).casefold()
        ):
            content, name = content_of(part), file_name(part) or f"{number}"
        else:
            continue
        if content.strip():
            yield Inside(f"{source.name}/{name}", name, partial(_bytes, content), len(content), source)


def _bytes(content: bytes) -> BinaryIO:
    return io.BytesIO(content)
