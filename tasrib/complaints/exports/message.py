"""What each kind of export gives: messages one after the other, and of all that is none why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note
from tasrib.tables.raw import BadRow

if TYPE_CHECKING:
    from tasrib.complaints.exports.archive import Inside


class OnlyUserKnows(UnreadableInput):
    """What it takes to read a file is known to its user alone: it is asked, and nothing is guessed or passed over."""


@dataclass(frozen=True, slots=True)
class Message:
    """
    A message that somebody else wrote.

    Attributes
    ----------
    position : int
        Where the user finds it: its number in the file counted from 1, or the line or row where a file has these.
    text : str
        As it was received.
    sender : str
        Number, name or address, as the file has it.
    received_at : str
        ISO 8601, with its offset where the file tells one; empty where the moment is not known.
    channel : str
        ``sms``, ``whatsapp`` or ``email``.
    recipient : str
        The number that it reached, where the file says so of this message.
    is_contact : bool
        Whether the file shows that the sender is a saved contact.
    is_bulk : bool
        Whether the file says that it was sent to many, as the head of a newsletter does.
    in_group : bool
        Whether others could read and write beside it.
    is_handed_in : bool
        Whether somebody took this very message out of all others to report it: then nothing is asked of how it looks.
    """

    position: int
    text: str
    sender: str
    received_at: str
    channel: str
    recipient: str = ""
    is_contact: bool = False
    is_bulk: bool = False
    in_group: bool = False
    is_handed_in: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """
    A thing of the file that is left out: counted, and never written anywhere.

    Attributes
    ----------
    position : int
        As of a `Message`.
    code : str
        Why, one of `LEFT`.
    wrote_to : tuple of str
        To whom the owner wrote, where it is a message that was sent.
    """

    position: int
    code: str
    wrote_to: tuple[str, ...] = ()


Item: TypeAlias = Message | Left | BadRow | Note

# Why a thing of an export is no complaint, in words that quote nothing of it.
LEFT = {
    "contact": "from a saved contact; left out (--all keeps it)",
    "personal": "from an ordinary number, and nothing shows that it was written to many; left out (--all keeps it)",
    "own_affairs": "a code, an account or an order of the recipient's own; left out (--all keeps it)",
    "sent": "written on this phone, sent or not; left out",
    "no_text": "no words in it (a picture, a sound, a message that was never fetched); left out",
    "deleted": "deleted by its sender; left out",
    "of_the_program": "a line of the program itself, no message; left out",
    "cover": "an e-mail round the files that hang on it, which are read by themselves; left out",
    "passed_on": "an e-mail that somebody else received and passed on; left out (save it as .eml, and say whose number it reached)",
    "again": "the same message once more, for another thing that hangs on it; left out",
    "unknown_folder": "in a folder that is neither received nor sent; left out",
    "call": "a call, no message; left out",
    "no_citizen": "not from a telephone number of its own, so that nobody reports it to the line; left out",
    "not_mail": "an entry of Outlook that is no message (a contact, an appointment, a note); left out",
}  # fmt: skip


@dataclass(frozen=True)
class Export:
    """
    A file of a phone or mailbox that was recognised and is about to be read.

    Attributes
    ----------
    items : callable
        Gives all that is in the file, in order, any number of times; holds little of it at a time.
    notes : tuple of Note
        How the file was taken, said once.
    owner : str
        The number of the phone, where the file says it and the user does not.
    name_is_sender : bool
        Whether a number in the file's name is that of the other side, as in a chat's.
    attached : callable, optional
        Gives the files that hang on it. Where one of these can be read, what stands round them is no message of its own.
    of_owner : callable, optional
        Gives the same for an owner whose name the user states; of files in which the owner's lines bear a name too.
    is_of_phone : bool
        Whether it holds what came to a telephone, so that it may be that of a reporting line.
    is_of_line : bool
        Whether it is read as that: then no message says who sent it.
    unlock : callable, optional
        Gives the file itself, where it is encrypted, from the passphrase that the user states.
    """

    items: Callable[[], Iterator[Item]]
    notes: tuple[Note, ...] = ()
    owner: str = ""
    name_is_sender: bool = False
    attached: Callable[[], Iterator[Inside]] | None = None
    of_owner: Callable[[str], Export] | None = None
    unlock: Callable[[str], Export] | None = None
    is_of_phone: bool = False
    is_of_line: bool = False

    def as_cover(self, rows: frozenset[int] = frozenset()) -> Export:
        """The same with messages, all or those of some rows, that only stand round other files."""

        def covers() -> Iterator[Item]:
            for item in self.items():
                if isinstance(item, Message) and (not rows or item.position in rows):
                    yield Left(item.position, "cover")
                else:
                    yield item

        return replace(self, items=covers)
