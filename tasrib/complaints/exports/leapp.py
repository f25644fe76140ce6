"""
Tables of messages of ALEAPP and iLEAPP (https://github.com/abrignoni): tab-separated, their moments in UTC, their columns named as there.

They are tables, yet no complaints: who wrote is in the column of the other side, and sent ones stand among those that were received.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.tables.decoding import Text, decode
from tasrib.tables.raw import MAX_LINE, BadRow, Source

NAME = "ALEAPP/iLEAPP"

_HEAD = 8_192
_MYSELF = "insert-address-token"


@dataclass(frozen=True)
class _Table:
    """Which column holds what; which words in the column of directions mean that a message was received."""

    text: str
    sender: str
    moment: str
    direction: str
    received: tuple[str, ...]
    number: str


_TABLES = (
    _Table(
        "message",
        "chat contact id",
        "message timestamp",
        "message direction",
        ("incoming", "received"),
        "message row id",
    ),
    # Of the phone's own database, of a backup by Android, and of Google's program; each with the names of older and newer versions.
    _Table("body", "address", "date", "type", ("received", "1"), "msg id"),
    _Table("body", "from address", "date", "direction", ("received", "1"), "msg id"),
    _Table("body", "from", "date", "", (), "msg id"),
    _Table("body", "address", "date", "direction", ("received", "1"), ""),
    _Table("message", "message sender", "message timestamp", "direction", ("incoming", "received"), ""),
    _Table("body", "recipients", "date", "message box", ("inbox", "1"), ""),
)


def open_export(source: Source) -> Export | None:
    """
    Open a table.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None where its headings are none of theirs.
    """
    with source.open() as opened:
        first = opened.read(_HEAD).decode("utf-8-sig", "replace").partition("\n")[0]
    names = {name.strip().strip('"').casefold() for name in first.split("\t")}
    table = next((each for each in _TABLES if _needed(each) <= names), None)
    if table is None:
        return None
    text = decode(source)
    return Export(partial(_items, text, table), tuple(text.notes), is_of_phone=True)


def _needed(table: _Table) -> set[str]:
    return {name for name in (table.text, table.sender, table.moment, table.direction, table.number) if name}


def _lines(text: Text) -> Iterator[str]:
    rest = ""
    for piece in text.pieces():
        *lines, rest = (rest + piece).split("\n")
        yield from (f"{line}\n" for line in lines)
    if rest:
        yield rest


def _items(text: Text, table: _Table) -> Iterator[Item]:
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(_lines(text), delimiter="\t")
    names = [name.strip().casefold() for name in next(reader)]
    seen = ""
    while True:
        position = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield BadRow(position, "the line cannot be parted into cells", "{}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(names, cells, strict=False))
        if len(row) < len(names):
            yield BadRow(position, f"{len(cells)} cells where the table has {len(names)} columns", "{}")
            continue
        number = row[table.number] if table.number else ""
        yield Left(position, "again") if number and number == seen else _item(position, row, table)
        seen = number


def _item(position: int, row: Mapping[str, str], table: _Table) -> Item:
    sender = row[table.sender].strip()
    is_received = row[table.direction].strip().casefold() in table.received if table.direction else sender != _MYSELF
    if not is_received:
        return Left(position, "sent", (sender,))
    at = row[table.moment].strip()
    moment = f"{at.replace(' ', 'T', 1)}+00:00" if at and at[-1].isdigit() and "+" not in at else at
    return Message(position, row[table.text], sender, moment, "sms")
