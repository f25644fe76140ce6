"""
The telephone of a reporting line: citizens send on to it what they received, so that whoever wrote to it is the one whom a campaign reached.

Nothing in a backup says that it is of such a telephone, and taking it for a citizen's would say of every citizen that they had written to the
line's number as a campaign does. So its user says it (``--reporting-line``); where a backup looks like one and nobody says it, that is noted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from tasrib.complaints.exports.keeping import is_number_alone, is_ordinary_number, same_sender
from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.tables.notes import Note

LINE = Note("read", "reporting_line", "read as the telephone of a reporting line: the recipient is who sent the message on, the moment is when")  # fmt: skip
LOOKS_LIKE_LINE = Note("read", "looks_like_reporting_line", "many people sent a text and then a number alone, as to a reporting line; if this is its telephone, say --reporting-line")  # fmt: skip
# People who answered with a number alone: one friend or another sends one too.
_FEWEST = 3


def of_line(export: Export) -> Export:
    """
    Take an export for one of a reporting line's telephone.

    Parameters
    ----------
    export : Export
        Of a telephone.

    Returns
    -------
    Export
        Its messages with the citizen as recipient and nobody as sender; who has no telephone number is no citizen who reports.
    """

    def items() -> Iterator[Item]:
        for item in export.items():
            if not isinstance(item, Message):
                yield item
            elif "@" in item.sender or not is_ordinary_number(item.sender) or item.in_group:
                yield Left(item.position, "no_citizen")
            else:
                yield replace(item, recipient=item.sender, sender="", is_handed_in=True)

    return replace(export, items=items, notes=(*export.notes, LINE), is_of_line=True)


class LineSigns:
    """Whether messages look like those of a reporting line's telephone."""

    def __init__(self) -> None:
        self._texts: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()

    def add(self, message: Message) -> None:
        """Take the next message."""
        if not message.is_contact and not message.in_group and is_ordinary_number(message.sender):
            kind = self._answers if is_number_alone(message.text) else self._texts
            kind[same_sender(message.sender)] += 1

    def hold(self) -> bool:
        """Say it: of those who sent a number alone most sent a text too, and they are several."""
        answered = set(self._answers)
        return len(answered & set(self._texts)) >= max(_FEWEST, len(answered) / 2)
