"""
``sms.json`` of the Mobile Verification Toolkit, of Android and iOS: an array of objects, one a message.

https://docs.mvt.re says what the modules do; keys are those of the telephone's own table, with ``isodate`` (UTC), ``direction`` and, of an
iPhone, ``phone_number`` beside them.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from tasrib.complaints.exports.archived_text import text_of
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.sms_backup import moment
from tasrib.tables.notes import Note
from tasrib.tables.raw import BadRow, Source

NAME = "MVT"

_HEAD = 262_144
_LONGEST = 4_000_000  # characters of one message
_CUT = Note("lost", "export_cut_short", "the file ends before its end; what stood behind is not there, copy it again from the phone")  # fmt: skip
_BROKEN = "the message is broken off or not well-formed, and cannot be read"
_RECEIVED, _SENT_TYPES = ("received", "incoming"), (2, 3, 4, 5, 6)


def open_export(source: Source) -> Export | None:
    """
    Open what the toolkit wrote.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None where the first element of the array is no message.
    """
    with source.open() as opened:
        head = opened.read(_HEAD).decode("utf-8-sig", "replace").lstrip()
    if not head.startswith("["):
        return None
    try:
        first, _ = json.JSONDecoder().raw_decode(head[1:].lstrip())
    except (ValueError, RecursionError):
        return None
    return Export(partial(_items, source), is_of_phone=True) if _is_message(first) else None


def _is_message(record: Any) -> bool:
    if not isinstance(record, dict) or "isodate" not in record:
        return False
    return bool({"phone_number", "address"} & record.keys()) and bool({"text", "body"} & record.keys())


def _items(source: Source) -> Iterator[Item]:
    for position, record in enumerate(_records(source), start=1):
        if record is _CUT:
            yield _CUT
            return
        yield _item(position, record) if _is_message(record) else BadRow(position, _BROKEN, "{}")


def _item(position: int, record: dict[str, Any]) -> Item:
    sender = str(record.get("phone_number") or record.get("address") or "")
    direction = str(record.get("direction") or "").casefold()
    box = _box(record)
    is_sent = record.get("is_from_me") == 1 or box in _SENT_TYPES or record.get("incoming") is False
    # Of Android's backups the toolkit calls sent what has a moment of its sending, as most that was received does; the telephone's own box goes before.
    if is_sent if box or not direction else direction not in _RECEIVED:
        return Left(position, "sent", (sender,))
    text = str(record.get("text") or record.get("body") or "")
    archived = record.get("attributedBody")
    if not text.strip("\ufffc \n") and isinstance(archived, str):
        try:
            text = text_of(base64.b64decode(archived)) or ""
        except (binascii.Error, ValueError):
            text = ""
    written = str(record.get("isodate") or "")
    # The toolkit writes moments of UTC without saying so.
    at = (
        f"{written.replace(' ', 'T')}+00:00"
        if written and "+" not in written and not written.endswith("Z")
        else written
    )
    return Message(
        position, text, sender, at or moment(str(record.get("date") or "")), "sms", in_group=bool(record.get("cache_roomnames"))
    )  # fmt: skip


def _box(record: dict[str, Any]) -> int:
    """The box in which Android keeps it; 0 where it is not said."""
    value = str(record.get("type") or record.get("msg_box") or "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0


def _records(source: Source) -> Iterator[Any]:
    """The elements of an array of any length, one at a time; the note at the end where the array is not closed."""
    decoder, text = json.JSONDecoder(), ""
    decode = codecs.getincrementaldecoder("utf-8-sig")("replace")
    blocks = source.blocks()
    is_done = False

    def more() -> bool:
        nonlocal text, is_done
        if is_done or len(text) > _LONGEST:
            return False
        block = next(blocks, None)
        is_done = block is None
        text += decode.decode(block or b"", final=is_done)
        return True

    more()
    text = text.lstrip().removeprefix("[")
    while True:
        text = text.lstrip(", \t\r\n")
        if text.startswith("]"):
            return
        try:
            record, end = decoder.raw_decode(text)
            # A number that ends with the text may go on; an object may not.
            if not isinstance(record, dict) and end == len(text) and more():
                continue
        except (ValueError, RecursionError):
            if more():
                continue
            yield _CUT
            return
        yield record
        text = text[end:]
