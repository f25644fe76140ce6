"""A mailbox: its e-mails one after the other, and which of them its owner wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from pathlib import PurePath
from typing import BinaryIO

from tasrib.complaints.exports.mail_text import header
from tasrib.complaints.words import fold, reference
from tasrib.tables.raw import Source

LONGEST = 60_000_000  # bytes of one e-mail with all that hangs on it; mailboxes take half of that
_HEAD = 16_384
_LONGEST_LINE = 1_000_000
_BLOCK = 1_000_000
_MINE = re.compile(rb"(?im)^(?:delivered-to|x-original-to|envelope-to)[ \t]{0,9}:[ \t]{0,9}<?([^\s<>]{3,200})")
_MOST_MINE = 100
_FIELD = re.compile(rb"[!-9;-~]{1,76}:")
# With the year at the end, whoever stands before it.
_PARTING = re.compile(rb"From \S{1,200} .{0,60}\d{4}\b")
_RECEIVED = re.compile(rb"(?im)^(?:received|delivered-to)[ \t]{0,9}:")
# What only the program writes that an e-mail was written with.
_OF_WRITING = ("FCC", "X-Identity-Key", "X-Mozilla-Draft-Info", "X-Unsent")


def messages_of(source: Source, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """
    Give the e-mails of a mailbox.

    Parameters
    ----------
    source : Source
        Each of them begins with ``From `` behind an empty line.
    start : int
        Bytes that stand before the first one that is wanted.

    Yields
    ------
    tuple of int and bytes
        Where it begins, and the e-mail, one after the other; what one has more than `LONGEST` is lost.
    """
    with source.open() as opened:
        _skip(opened, start)
        lines: list[bytes] = []
        place, at, size, is_blank = start, start, 0, True
        line = opened.readline(_LONGEST_LINE)
        while line:
            following = opened.readline(_LONGEST_LINE)
            if _begins(line, following, is_blank=is_blank):
                if any(map(bytes.strip, lines)):
                    yield place, b"".join(lines)
                lines, size, place = [], 0, at
            elif size <= LONGEST:
                lines.append(line[1:] if line.startswith((b">From ", b">>From ")) else line)
                size += len(line)
            is_blank = not line.strip(b"\r\n")
            at += len(line)
            line = following
        if any(map(bytes.strip, lines)):
            yield place, b"".join(lines)


def _begins(line: bytes, following: bytes, *, is_blank: bool) -> bool:
    """Whether a line parts two e-mails: the head of one follows it. Not all programs leave a line empty before it, and people write "From" too."""
    if not line.startswith(b"From "):
        return False
    is_head = _FIELD.match(following) is not None or following.startswith(b">From ")
    is_whole = _PARTING.match(line) is not None
    # An e-mail that is broken has no head; a text goes on with an empty line.
    return (is_head and (is_blank or is_whole)) or (is_blank and is_whole and bool(following.strip()))


def _skip(opened: BinaryIO, count: int) -> None:
    if opened.seekable():
        opened.seek(count)
        return
    while count > 0 and (block := opened.read(min(count, _BLOCK))):
        count -= len(block)


@dataclass(frozen=True)
class Box:
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


def box_of(source: Source) -> Box:
    """
    Look at the heads of a mailbox's e-mails.

    Parameters
    ----------
    source : Source
        The mailbox.

    Returns
    -------
    Box
        What its name and they tell.
    """
    found: dict[str, None] = {}
    tells_way = False
    for _, data in messages_of(source):
        head = data[: next(filter(lambda at: at > 0, map(data.find, (b"\n\n", b"\n\r\n"))), _HEAD)][:65_536]
        tells_way = tells_way or _RECEIVED.search(head) is not None
        found.update(dict.fromkeys(each.decode("ascii", "replace").casefold() for each in _MINE.findall(head)))
        if len(found) >= _MOST_MINE:
            break
    path = PurePath(source.name)
    # Apple Mail calls every mailbox "mbox", within a folder that bears its name.
    stem = PurePath(path.parent.name if path.name == "mbox" else path.name).stem
    # Before a point stands the folder that it lies in.
    return Box(frozenset(found), tells_way, _is_of_sent(stem) or _is_of_sent(stem.rpartition(".")[2]))


def _is_of_sent(folder: str) -> bool:
    return re.sub(r"[\s_-]?\d{0,3}$", "", fold(folder)) in _sent_folders()


@cache
def _sent_folders() -> frozenset[str]:
    return frozenset(fold(name) for names in reference("mail.toml")["sent"].values() for name in names)


def is_sent(message: EmailMessage, sender: str, box: Box) -> bool:
    """
    Tell what the owner wrote.

    Parameters
    ----------
    message : EmailMessage
        An e-mail of the mailbox.
    sender : str
        Its sender.
    box : Box
        The mailbox.

    Returns
    -------
    bool
        Whether it was sent from here.
    """
    if box.is_of_sent or any(map(_is_of_sent, header(message, "X-Gmail-Labels").split(","))):
        return True
    if any(header(message, name) for name in _OF_WRITING):
        return True
    came = header(message, "Delivered-To") or header(message, "Received")
    return not came and (box.tells_way or sender.casefold() in box.mine)
