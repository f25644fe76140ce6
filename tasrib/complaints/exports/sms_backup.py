"""
The backups of "SMS Backup & Restore" for Android, and of programs that write the same: ``<smses>`` of ``<sms>`` and ``<mms>``.

The fields are described at https://synctech.com.au/sms-backup-restore/fields-in-xml-backup-files/. The address is the other side's; whose
phone it is stands nowhere.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from tasrib.complaints.exports.keeping import bare, is_ordinary_number
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.xml_elements import Element, elements, head_of, pieces_of
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import BadRow, Source

NAME = "SMS Backup & Restore"

_ROOT = re.compile(r"<(smses|allsms|calls|sms|mms)(?=[\s/>])")
_FIRST = re.compile(r"<[A-Za-z]")
_COUNT = re.compile(r"""<(?:smses|allsms)[^>]{0,500}?\scount\s*=\s*["'](\d{1,9})""")
# Between the addresses of a group.
_BETWEEN = re.compile("[~;,]")
_NOTHING = ("", "null")
_RECEIVED, _SENT = "1", ("2", "3", "4", "5", "6")
_SENDER, _MYSELF = "137", "insert-address-token"
# Of the kinds of MMS as the standard numbers them: what was sent, and what was received.
_SENT_MMS, _RECEIVED_MMS = "128", ("130", "132")
# What phones and versions call the mark of their folder of blocked messages.
_BLOCKED = ("blocked", "is_blocked", "block_type", "spam", "is_spam", "spam_report", "blocked_type")
_NO_SUBJECT = ("no subject", "nosubject", "(no subject)", "re:", "fwd:")
_SECONDS = 10**11  # a moment in seconds is smaller until the year 5138, in milliseconds since 1973 larger
_BROKEN = "the message is broken off or not well-formed, and cannot be read"
_CUT = Note("lost", "export_cut_short", "the file ends before its end; what stood behind is not there, copy it again from the phone")  # fmt: skip
_IN_BLOCKED = "stood in the folder of blocked messages; read like all others"


def open_export(source: Source) -> Export | None:
    """
    Open a backup.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None where the first element is none of a backup's.

    Raises
    ------
    UnreadableInput
        When the file declares entities, as no backup does.
    """
    head = head_of(source)
    if not head.startswith("<"):
        return None
    root = _ROOT.search(head)
    first = _FIRST.search(_without_comments(head))
    if root is None or first is None or not _ROOT.match(_without_comments(head), first.start()):
        return None
    if "<!ENTITY" in head[: root.start()]:
        raise UnreadableInput(f"{source.name} declares entities, as no backup of a phone does; it was not read")
    counted = _COUNT.search(head)
    return Export(lambda: _items(source, int(counted[1]) if counted else None), is_of_phone=True)


def _without_comments(head: str) -> str:
    kept, at = "", 0
    while (start := head.find("<!--", at)) >= 0:
        kept += head[at:start]
        end = head.find("-->", start)
        if end < 0:
            return kept
        at = end + 3
    return kept + head[at:]


def _items(source: Source, n_counted: int | None) -> Iterator[Item]:
    found = elements(pieces_of(source), ("sms", "mms", "call"), "(?:smses|allsms|calls)")
    position, is_whole = 0, True
    while True:
        try:
            element = next(found)
        except StopIteration as end:
            if not end.value and (n_counted is None or position < n_counted or not is_whole):
                yield _CUT
            return
        position, is_whole = position + 1, element is not None
        if element is None:
            # Nobody knows who wrote it, so nothing of it is kept.
            yield BadRow(position, _BROKEN, "{}")
        elif element.name == "call":
            yield Left(position, "call")
        else:
            if any(_value(element, name) not in (*_NOTHING, "0", "false") for name in _BLOCKED):
                yield Note("read", "blocked_folder", _IN_BLOCKED, rows=(position,))
            yield (_sms if element.name == "sms" else _mms)(position, element)


def _sms(position: int, element: Element) -> Item:
    folder, sender = _value(element, "type"), _value(element, "address")
    if folder in _SENT:
        return Left(position, "sent", _each(sender))
    if folder != _RECEIVED:
        return Left(position, "unknown_folder")
    return Message(
        position,
        _value(element, "body"),
        sender,
        moment(_value(element, "date")),
        "sms",
        is_contact=_is_contact(element),
    )


def _mms(position: int, element: Element) -> Item:
    address = _value(element, "address")
    folder, kind = _value(element, "msg_box"), _value(element, "m_type")
    if folder in _SENT or (not folder and kind == _SENT_MMS):
        return Left(position, "sent", _each(address))
    if folder != _RECEIVED and kind not in _RECEIVED_MMS:
        return Left(position, "unknown_folder")
    addresses = [each for part in element.children if part.name == "addrs" for each in part.children]
    senders = [_value(each, "address") for each in addresses if _value(each, "type") == _SENDER]
    sender = next((each for each in senders if each not in (*_NOTHING, _MYSELF)), address.partition("~")[0])
    return Message(
        position, _text_of(element), sender, moment(_value(element, "date")), "sms", is_contact=_is_contact(element),
        in_group="~" in address,
    )  # fmt: skip


def _text_of(element: Element) -> str:
    parts = [each for part in element.children if part.name == "parts" for each in part.children]
    texts = [_value(part, "text") for part in parts if _value(part, "ct").casefold().startswith("text/plain")]
    subject = _value(element, "sub")
    if subject.strip().casefold() not in _NO_SUBJECT and not any(subject in text for text in texts):
        texts.insert(0, subject)
    return "\n".join(filter(None, texts))


def _is_contact(element: Element) -> bool:
    """Whether the phone knows the sender by a name: it writes "(Unknown)", in any language, where it does not."""
    names = [
        name.strip() for name in (_value(element, "contact_name") or _value(element, "name")).split(",") if name.strip()
    ]
    return any(
        not (name.startswith("(") and name.endswith(")"))
        and not is_ordinary_number(name)
        and bare(name) != bare(_value(element, "address"))
        for name in names
    )


def _each(address: str) -> tuple[str, ...]:
    """The numbers in an address: those of a group stand in one."""
    return tuple(filter(None, map(str.strip, _BETWEEN.split(address))))


def _value(element: Element, name: str) -> str:
    value = element.attributes.get(name, "")
    return "" if value in _NOTHING else value


def moment(text: str) -> str:
    """
    Write a count of milliseconds as ISO 8601.

    Parameters
    ----------
    text : str
        Milliseconds since 1970, or seconds as some programs write them.

    Returns
    -------
    str
        The moment in UTC; what is no count as it was, for whoever reads dates to say so, and nothing of a clock that was not set.
    """
    plain = bare(text)
    if not plain.isascii() or not plain.isdigit() or len(plain) > 15:
        return text
    count = int(plain)
    seconds = count if count < _SECONDS else count / 1000
    return "" if not count else dt.datetime.fromtimestamp(int(seconds), dt.UTC).isoformat()
