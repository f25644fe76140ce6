"""
The messages of an iPhone: ``sms.db`` (in a backup the file ``3d0d7e5fb2ce288813306e4d4636395e047a3d28``), SMS, iMessage and RCS.

The database is opened so that nothing is written to it or beside it. What the phone had not yet moved into it lies in ``sms.db-wal``; where that
is there, both are copied to a private folder for the time of the reading. Who is a contact stands in another database.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path, PurePosixPath

from tasrib.complaints.exports.archived_text import text_of
from tasrib.complaints.exports.iphone_backup import MESSAGES, damaged, decrypted, folder_of, log_of, number_of
from tasrib.complaints.exports.iphone_database import Place, Plain
from tasrib.complaints.exports.keeping import is_ordinary_number
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import BadRow, Source

NAME = "iPhone"

_NEEDED = {"message": {"text", "handle_id", "date"}, "handle": {"id"}}
_COLUMNS = (
    "text",
    "attributedBody",
    "date",
    "is_from_me",
    "item_type",
    "associated_message_type",
    "destination_caller_id",
    "cache_roomnames",
)
_CHATS = {"chat": {"chat_identifier"}, "chat_message_join": {"chat_id", "message_id"}}
_CHAT = (
    "case when m.is_from_me then (select c.chat_identifier from chat_message_join j join chat c on c.ROWID = j.chat_id "
    "where j.message_id = m.ROWID limit 1) end"
)
_EPOCH = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
_NANOSECONDS = 10**11  # a moment in seconds is smaller until the year 5170
_PLACE_OF_A_PICTURE = "\ufffc\ufffd"
_UNREAD = "its text is kept in a form that cannot be read"
_DAMAGED = Note(
    "lost",
    "export_damaged",
    "the database is damaged; what stood behind could not be read, copy it again from the phone",
)
_OF_BACKUP = Note(
    "read", "messages_of_backup", "of the whole backup the messages alone were read, and no other file opened"
)
_TO_FOLDER = Note(
    "read",
    "decrypted_to_folder",
    "what was decrypted lay in a private folder of this machine while it was read, and was removed",
)
_NO_CONTACTS = Note("read", "contacts_not_told", "the file does not tell who is a contact; only whom the owner wrote to is known")  # fmt: skip


def open_export(source: Source) -> Export | None:
    """
    Open the database.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None for what is no database of an iPhone's messages.

    Raises
    ------
    UnreadableInput
        When it is damaged.
    """
    folder, place = folder_of(source), _place_of(source)
    if place.begins_as_database():
        notes = (_NO_CONTACTS,) if folder is None else (_OF_BACKUP, _NO_CONTACTS)
        return _opened(source.name, place, notes, number_of(folder) if folder is not None else "")
    if PurePosixPath(source.file).name != MESSAGES:
        return None
    if folder is None:
        raise UnreadableInput(
            f"{source.name} is encrypted; give the whole folder of the backup, not in an archive, for the folder holds its keys"
        )
    return Export(lambda: iter(()), unlock=partial(_unlocked, source, folder))


def _place_of(source: Source) -> Place:
    """A database, and the newer changes that lie beside it, or in the backup that it is of."""
    if source.path is None:
        return Place(source)
    folder = folder_of(source)
    log = log_of(folder) if folder is not None else source.path.with_name(f"{source.path.name}-wal")
    return Place(source, Plain(log) if log is not None and log.is_file() and log.stat().st_size else None)


def _opened(name: str, place: Place, notes: tuple[Note, ...], owner: str) -> Export | None:
    try:
        with place.opened() as database:
            for table, needed in _NEEDED.items():
                if not needed <= _columns(database, table):
                    return None
    except sqlite3.Error:
        raise UnreadableInput(
            f"{name} is a database that is damaged and cannot be read; copy it again from the phone"
        ) from None
    return Export(partial(_items, place), notes, owner=owner, is_of_phone=True)


def _unlocked(source: Source, folder: Path, passphrase: str) -> Export:
    place = decrypted(source, folder, passphrase)
    notes = (_OF_BACKUP, _NO_CONTACTS, *((_TO_FOLDER,) if place.needs_folder() else ()))
    try:
        found = _opened(source.name, place, notes, number_of(folder)) if place.begins_as_database() else None
    except (OSError, ValueError):
        raise damaged(source.name) from None
    if found is None:
        raise UnreadableInput(f"{source.name}: what is decrypted holds no messages of an iPhone; make the backup again")
    return found


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in database.execute(f"pragma table_info({table})")}


def _items(place: Place) -> Iterator[Item]:
    try:
        with place.opened() as database:
            there = _columns(database, "message")
            # Of what the owner wrote many phones keep the other side in the conversation only.
            has_chats = all(needed <= _columns(database, name) for name, needed in _CHATS.items())
            # In the order of their numbers, whatever else the table is ordered by.
            chosen = ", ".join(f'm."{name}"' if name in there else "null" for name in _COLUMNS)
            rows = database.execute(
                f"select m.ROWID, h.id, {_CHAT if has_chats else 'null'}, {chosen} "
                "from message m left join handle h on m.handle_id = h.ROWID order by m.ROWID"
            )
            for number, handle, *values in rows:
                yield _item(number, str(handle or ""), dict(zip(("chat", *_COLUMNS), values, strict=True)))
    except (sqlite3.Error, ValueError):
        yield _DAMAGED


def _item(number: int, handle: str, row: dict) -> Item:
    if row["is_from_me"]:
        return Left(number, "sent", (handle or str(row["chat"] or ""),))
    # Whoever was added to a group, and thumbs up: the phone shows them, nobody wrote them.
    if row["item_type"] or row["associated_message_type"]:
        return Left(number, "of_the_program")
    text = row["text"] if isinstance(row["text"], str) else ""
    if not text.strip(f"{_PLACE_OF_A_PICTURE} \n") and isinstance(row["attributedBody"], bytes):
        found = text_of(row["attributedBody"])
        if found is None:
            return BadRow(number, _UNREAD, "{}")
        text = found
    own = str(row["destination_caller_id"] or "")
    return Message(
        number, text.strip(_PLACE_OF_A_PICTURE), handle, moment(row["date"]), "sms",
        recipient=own if "@" not in own and is_ordinary_number(own) else "", in_group=bool(row["cache_roomnames"]),
    )  # fmt: skip


def moment(count: object) -> str:
    """
    Write a moment of an iPhone as ISO 8601.

    Parameters
    ----------
    count : object
        Seconds since 2001 in UTC, or nanoseconds as from iOS 11 on.

    Returns
    -------
    str
        Empty for what is no moment.
    """
    if not isinstance(count, int | float) or not count:
        return ""
    try:
        return (_EPOCH + dt.timedelta(seconds=int(count / 10**9 if abs(count) >= _NANOSECONDS else count))).isoformat()
    except OverflowError:
        return ""
