"""An export as rows of complaints, some at a time: what of it is looked at, what is left out and counted, what goes to quarantine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tasrib.complaints.exports.keeping import TALK, same_sender, why_left
from tasrib.complaints.exports.message import LEFT, Export, Left, Message
from tasrib.complaints.exports.owner import Owner
from tasrib.complaints.exports.reporting_line import LOOKS_LIKE_LINE, LineSigns
from tasrib.tables.notes import Note, of_rows
from tasrib.tables.raw import CHARACTERS, BadRow, RawTable, Stream, mend

COLUMNS = ("text", "recipient", "received_at", "channel", "sender")


def as_stream(export: Export, owner: Owner, *, keep_all: bool, notes: Sequence[Note], place: Callable[[Note], Note],
              sheet: str = "") -> Stream:  # fmt: skip
    """
    Make a table of the messages of an export.

    Parameters
    ----------
    export : Export
        The file.
    owner : Owner
        Whose it is.
    keep_all : bool
        Keep every message that was received, whoever wrote it.
    notes : sequence of Note
        What is said of the file as a whole.
    place : callable
        Puts the names of file and sheet into a note.
    sheet : str
        What the file is called within the one it lies in.

    Returns
    -------
    Stream
        A row a message that is kept, under the names of fields; its number is the message's position. What is left out is in notes, by
        its reason, and nowhere else.
    """
    wrote_to, looks_like_line = (frozenset(), False) if keep_all or export.is_of_line else _survey(export)
    columns = [name for name in COLUMNS if name != "sender"] if export.is_of_line else list(COLUMNS)
    notes = [*notes, LOOKS_LIKE_LINE] if looks_like_line else notes

    def slices(size: int) -> Iterator[RawTable]:
        part = _Slice(sheet, columns, list(notes))
        for item in export.items():
            if part.is_full(size):
                yield part.table(place)
                part = _Slice(sheet, columns)
            if isinstance(item, Message):
                reason = "" if keep_all else why_left(item, wrote_to)
                if not item.text.strip():
                    reason = "no_text"
                elif owner.wrote(item):
                    reason = "sent"
                if reason:
                    part.leave_out(item.position, reason)
                else:
                    part.add(item, owner.of(item))
            elif isinstance(item, Left):
                part.leave_out(item.position, item.code)
            elif isinstance(item, BadRow):
                part.bad.append(item)
            else:
                part.notes.append(item)
        yield part.table(place)

    return Stream(columns, slices, sheet)


def _survey(export: Export) -> tuple[frozenset[str], bool]:
    """Whom the owner of the phone talks with; and whether the phone looks like a reporting line's."""
    met: Counter[str] = Counter()
    signs = LineSigns()
    for item in export.items():
        if isinstance(item, Left):
            met.update(same_sender(each) for each in item.wrote_to if each.strip())
        elif isinstance(item, Message) and export.is_of_phone:
            signs.add(item)
    return frozenset(sender for sender, count in met.items() if count >= TALK), signs.hold()


@dataclass
class _Slice:
    sheet: str
    columns: list[str]
    notes: list[Note] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    left: dict[str, list[int]] = field(default_factory=dict)
    met: int = 0
    characters: int = 0

    def is_full(self, size: int) -> bool:
        return self.met >= size or self.characters > size * CHARACTERS

    def add(self, message: Message, recipient: str) -> None:
        row = [message.text, recipient, message.received_at, message.channel, message.sender][: len(self.columns)]
        self.rows.append([mend(cell) for cell in row])
        self.numbers.append(message.position)
        self.met, self.characters = self.met + 1, self.characters + len(message.text)

    def leave_out(self, position: int, code: str) -> None:
        self.left.setdefault(code, []).append(position)
        self.met += 1

    def table(self, place: Callable[[Note], Note]) -> RawTable:
        notes = [note for code, at in self.left.items() for note in of_rows("left_out", code, LEFT[code], at)]
        placed = [replace(place(note), sheet=self.sheet) for note in [*self.notes, *notes]]
        return RawTable(self.columns, self.rows, self.numbers, self.bad, self.sheet, placed)
