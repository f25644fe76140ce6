"""
The export of a chat that WhatsApp writes (``_chat.txt``, ``WhatsApp Chat with ….txt``), on Android and iOS, in eight languages.

No document says what stands in it; its lines are as public programs that read them show them (``data/reference/whatsapp.toml``). Names are
those of the phone: a saved contact is a name, anybody else a number or a name behind ``~``. The owner's own lines bear a name too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from tasrib.complaints.dates import take_apart
from tasrib.complaints.exports.keeping import bare
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.whatsapp_lines import BEFORE, Begun, begun, is_said
from tasrib.complaints.exports.whatsapp_owner import OwnerSigns, is_name
from tasrib.complaints.moments import Decision, Evidence, latest_moment
from tasrib.complaints.words import reference
from tasrib.tables.decoding import decode
from tasrib.tables.notes import Note
from tasrib.tables.raw import EmptyFile, Source

NAME = "WhatsApp"

_HEAD = 16_384  # bytes in which a chat is recognised
_LINES = 20
# Heads written in another way: fewer were copied into a message, so many are another chat, and what private people say in it their own.
_CHAT_WITHIN = 3
_MOST_LINES = 2_000  # of one message
_AMERICAN = re.compile(r"\d{1,2}/\d{1,2}/\d{2}, .*[AP]M")
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"SQLite format 3", b"<", b"{")
# What only the program writes into a line: in angles, behind a mark of direction, or all of it.
_OF_PROGRAM = re.compile("<[^<>\n]{1,300}>|[\u200e\u200f][^\u200e\u200f<\n]{1,200}")
_FILE = re.compile(r"[^()\n]{1,150}\.\w{2,5}[^()\n]{0,20} \([^()\n]{1,40}\)[\u200e\u200f]?")
# Where somebody is, in a word of any language: a pin, and no words of theirs.
_PIN = re.compile(
    r"(?:[^:\n]{1,40}: )?https?://(?:maps\.google\.com|maps\.app\.goo\.gl|www\.google\.com/maps)\S{0,300}"
)
_VIEWED = "null"  # in the place of what could be viewed once
_TWO = 2
_EDITED = Note("read", "edited", "edited by its sender, so the file says; the words are the last ones")
_OWNER_UNKNOWN = Note("read", "owner_not_told", "which of the names is the owner's cannot be told; what the owner wrote is taken for a contact's (--owner NAME says it)")  # fmt: skip
_BY_DELETION = Note("read", "owner_by_deletion", "who deleted a message on this phone, as the line says, is taken for its owner (--owner NAME says otherwise)")  # fmt: skip


def open_export(source: Source) -> Export | None:
    """
    Open a chat.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None where the first lines have no heads of messages, or not all alike.
    """
    with source.open() as opened:
        head = opened.read(_HEAD)
    if head.startswith(_NOT_TEXT) or not _is_chat(_legible(head)):
        return None
    try:
        text = decode(source)
    except EmptyFile:
        return None
    chat = _Chat(text.pieces, _partner(source.name), notes=list(text.notes))
    chat.survey()
    return chat.of_owner("")


def _legible(head: bytes) -> str:
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8")):
        if head.startswith(mark):
            return head.decode(name, "replace")
    return ""


def _is_chat(head: str) -> bool:
    """The first line has a head, or two of the first have and it is the same in both: somebody cut off what stood above."""
    lines = [line for line in head.splitlines() if line.strip("\ufeff \t")][:_LINES]
    found = [each for each in map(begun, lines) if each is not None]
    if not any(each.sender or is_said("system", each.text) for each in found):
        return False
    forms = Counter(each.form for each in found)
    return begun(lines[0]) is not None or forms.most_common(1)[0][1] >= _TWO


def _partner(name: str) -> str:
    """The other side, as the name of the file or of what it lies in calls it; empty where it does not."""
    for part in reversed(PurePath(name).parts):
        stem = re.sub(r"\.(?:txt|zip)$", "", part, flags=re.IGNORECASE).replace("_", " ")
        for before in sorted(reference("whatsapp.toml")["file"]["before"], key=len, reverse=True):
            place = stem.casefold().find(before)
            if place >= 0:
                return re.sub(r" ?\(\d{1,3}\)$", "", stem[place + len(before) :].lstrip(" -")).strip()
    return ""


@dataclass
class _Chat:
    """A chat, looked at once before its messages are given."""

    pieces: Callable[[], Iterator[str]]
    partner: str
    signs: OwnerSigns = field(init=False)
    forms: dict[str, Decision] = field(default_factory=dict)
    owners: set[str] = field(default_factory=set)
    is_group: bool = False
    is_business: bool = False
    notes: list[Note] = field(default_factory=list)

    def survey(self) -> None:
        """Find out how moments are written, who writes and whose phone it is."""
        self.signs = OwnerSigns(self.partner)
        self.forms = dict.fromkeys(self._forms(), Decision())
        orders = {form: _Order() for form in self.forms}
        for place, head, below in self._messages():
            orders[head.form].add(head.stamp)
            self.signs.add(place, head, below)
            if head.is_of_program:
                self.is_group = self.is_group or is_said("group", head.text)
                self.is_business = self.is_business or is_said("business", head.text)
        self.is_group = self.is_group or len(self.signs.senders) > _TWO
        self.forms = {form: order.decision() for form, order in orders.items()}
        self.notes += dict.fromkeys(note for decision in self.forms.values() for note in decision.notes(""))

    def of_owner(self, stated: str) -> Export:
        """The messages, whose phone it is as the user states it, if this is a name of this chat, else as the lines tell it."""
        notes, named = list(self.notes), self.signs.named(stated)
        self.owners, told = (named, ()) if named else self.signs.owners(is_group=self.is_group)
        if told:
            notes.append(replace(_BY_DELETION, rows=told))
        elif not self.owners and any(map(is_name, self.signs.senders)):
            notes.append(_OWNER_UNKNOWN)
        return Export(self.items, tuple(notes), name_is_sender=True, of_owner=self.of_owner, is_of_phone=True)

    def _forms(self) -> list[str]:
        """How heads are written: as the first one is, and as many others are, where somebody put several chats into one file."""
        forms = Counter(head.form for head in map(begun, self._lines()) if head is not None)
        most = forms.most_common(1)[0][0]
        # In the order in which they were met.
        first = next(iter(forms))
        return [form for form, n in forms.items() if form in (first, most) or n >= _CHAT_WITHIN]

    def _lines(self) -> Iterator[str]:
        rest = ""
        for piece in self.pieces():
            *lines, rest = (rest + piece).split("\n")
            yield from (line.removesuffix("\r") for line in lines)
        if rest:
            yield rest.removesuffix("\r")

    def _messages(self) -> Iterator[tuple[int, Begun, list[str]]]:
        """Each message: its line, its head, and the lines below it."""
        place, current, below = 0, None, list[str]()
        for number, line in enumerate(self._lines(), start=1):
            head = begun(line)
            if head is not None and head.form in self.forms:
                if current is not None:
                    yield place, current, below
                place, current, below = number, head, []
            elif len(below) < _MOST_LINES:
                below.append(line)
        if current is not None:
            yield place, current, below

    def items(self) -> Iterator[Item]:
        """Give all messages and lines of the program."""
        one_to_one = "" if self.is_group else next((name for name in self.signs.senders if name not in self.owners), "")
        for place, head, below in self._messages():
            text = "\n".join([head.text, *below]).strip("\n ")
            if head.is_of_program:
                yield Left(place, "of_the_program")
            elif head.sender in self.owners:
                yield Left(place, "sent", (one_to_one,))
            elif is_said("deleted", text) or is_said("deleted_by_owner", text):
                yield Left(place, "deleted")
            else:
                yield from self._received(place, head, text)

    def _received(self, place: int, head: Begun, text: str) -> Iterator[Item]:
        words, marks = _without_marks(text)
        if "edited" in marks:
            yield Note(_EDITED.kind, _EDITED.code, _EDITED.said, rows=(place,))
        yield Message(
            place, words, bare(head.sender), self._moment(head), "whatsapp",
            is_contact=is_name(head.sender) and not (self.is_business and not self.is_group),
            is_bulk="forwarded" in marks, in_group=self.is_group,
        )  # fmt: skip

    def _moment(self, head: Begun) -> str:
        """ISO 8601 without zone; as it stands where the order of its figures is not known."""
        stamp, decision = head.stamp, self.forms[head.form]
        written = take_apart(stamp)
        if written is None or (decision.doubtful and written.open and written.first != written.second):
            return stamp
        moment = written.moment(decision.order)
        return stamp if moment is None else moment.isoformat()


class _Order:
    """Whether the day or the month stands first in heads that are written alike."""

    def __init__(self) -> None:
        self._evidence, self._is_american = Evidence(latest_moment()), False
        self._last = {"day": "", "month": ""}
        self._back = Counter({"day": 0, "month": 0})

    def add(self, stamp: str) -> None:
        """Take the next moment."""
        self._evidence.add([stamp])
        self._is_american = self._is_american or _AMERICAN.fullmatch(stamp) is not None
        written = take_apart(stamp)
        for order in ("day", "month"):
            moment = written.moment(order) if written else None  # type: ignore[arg-type]
            if moment is not None:
                self._back[order] += moment.isoformat() < self._last[order]
                self._last[order] = moment.isoformat()

    def decision(self) -> Decision:
        """Decide by the dates that can be read in one way only, else by the way that goes on in time, else by the custom."""
        if self._evidence.day or self._evidence.month:
            return self._evidence.decision()
        if self._back["day"] != self._back["month"]:
            return Decision(min(self._back, key=self._back.__getitem__), False, "")  # type: ignore[arg-type]
        return self._evidence.decision("month" if self._is_american else "day")


def _without_marks(text: str) -> tuple[str, set[str]]:
    """Somebody's own words, and what the program put beside them."""
    found: set[str] = set()
    first, *others = text.split("\n")
    if is_said("forwarded", first) and (others or first.startswith(BEFORE)):
        found.add("forwarded")
        first = ""
    elif (
        first.strip() == _VIEWED
        or _PIN.fullmatch(bare(first))
        or (_FILE.fullmatch(bare(first)) and is_said("omitted", first))
    ):
        first = ""
    lines = [_OF_PROGRAM.sub(lambda match: _mark(match, found), line) for line in (first, *others)]
    return "\n".join(lines).strip("\n \u200e\u200f"), found


def _mark(match: re.Match[str], found: set[str]) -> str:
    section = next((each for each in ("omitted", "edited", "forwarded") if is_said(each, match[0])), "")
    if not section:
        return match[0]
    found.add(section)
    return ""
