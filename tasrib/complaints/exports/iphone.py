"""
The messages of an iPhone: ``sms.db`` (in a backup the file ``3d0d7e5fb2ce288813306e4d4636395e047a3d28``), SMS, iMessage and RCS.

The database is opened so that nothing is written to it or beside it. What the phone had not yet moved into it lies in ``sms.db-wal``; where that
is there, both are copied to a private folder for the time of the reading. Who is a contact stands in another database.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from tasrib.complaints.exports.archived_text import text_of
from tasrib.complaints.exports.iphone_backup import MESSAGES, decrypted, folder_of, number_of, without_log
from tasrib.complaints.exports.keeping import is_ordinary_number
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import BadRow, Source

NAME = "iPhone"

_MAGIC = b"SQLite format 3\x00"
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
    folder = folder_of(source)
    with source.open() as opened:
        is_database = opened.read(len(_MAGIC)) == _MAGIC
    if not is_database:
        if PurePosixPath(source.file).name != MESSAGES:
            return None
        if folder is None:
            raise UnreadableInput(
                f"{source.name} is encrypted; give the whole folder of the backup, not in an archive, for the folder holds its keys"
            )
        return Export(lambda: iter(()), unlock=partial(_unlocked, source, folder))
    try:
        with _database(source) as database:
            for table, needed in _NEEDED.items():
                if not needed <= _columns(database, table):
                    return None
    except sqlite3.Error:
        raise UnreadableInput(
            f"{source.name} is a database that is damaged and cannot be read; copy it again from the phone"
        ) from None
    if folder is None:
        return Export(partial(_items, source), (_NO_CONTACTS,), is_of_phone=True)
    return Export(partial(_items, source), (_OF_BACKUP, _NO_CONTACTS), owner=number_of(folder), is_of_phone=True)


def _unlocked(source: Source, folder: Path, passphrase: str) -> Export:
    database = decrypted(source, folder, passphrase)
    found = open_export(database) if database.data.startswith(_MAGIC) else None
    if found is None:
        raise UnreadableInput(f"{source.name}: what is decrypted holds no messages of an iPhone; make the backup again")
    return replace(found, notes=(_OF_BACKUP, *found.notes), owner=number_of(folder), is_of_phone=True)


def _columns(database: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in database.execute(f"pragma table_info({table})")}


@contextlib.contextmanager
def _database(source: Source) -> Iterator[sqlite3.Connection]:
    with contextlib.ExitStack() as stack:
        path = source.path
        if path is None:
            database = sqlite3.connect(":memory:")
            stack.callback(database.close)
            database.deserialize(without_log(source.data))
        else:
            ahead = path.with_name(f"{path.name}-wal")
            how = "mode=ro&immutable=1"
            if ahead.is_file() and ahead.stat().st_size:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tasrib-")))
                path, how = Path(shutil.copyfile(path, folder / "m.db")), "mode=rw"
                shutil.copyfile(ahead, folder / "m.db-wal")
            database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?{how}", uri=True)
            stack.callback(database.close)
        # Bytes that are no UTF-8 cost their letters and not the message.
        database.text_factory = lambda data: data.decode("utf-8", "replace")
        yield database


def _items(source: Source) -> Iterator[Item]:
    try:
        with _database(source) as database:
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
    except sqlite3.Error:
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
