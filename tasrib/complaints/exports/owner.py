"""Whose phone an export comes from: most formats do not say it, and without it nothing can be said of any operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasrib.complaints.exports.keeping import same_sender
from tasrib.complaints.exports.message import Export, Message, OnlyUserKnows
from tasrib.complaints.exports.names import number_in
from tasrib.complaints.looks import is_address
from tasrib.complaints.words import fold
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note

# How chats are called by the programs that write them: the number in such a name is the other side's.
_CHAT = ("whatsapp", "واتساب", "واتس اب")
_OF_FILE = Note("read", "recipient_of_backup", "the recipient is the number that the backup says the phone has")
_OF_NAME = Note("read", "recipient_of_name", "the recipient is the number in the file's name")


class RecipientUnknown(OnlyUserKnows):
    """Nobody says whose phone it is, or two say two things."""


@dataclass(frozen=True)
class Owner:
    """
    The one whose phone or mailbox it is.

    Attributes
    ----------
    number : str
        Empty where nobody said it.
    by_name : bool
        Whether it stood in the name of the file.
    question : str
        What to say where there is none.
    by_file : bool
        Whether it stood in the file itself.
    """

    number: str
    by_name: bool
    question: str
    by_file: bool = False

    def notes(self) -> list[Note]:
        """Say where the number comes from."""
        return [_OF_NAME] if self.by_name else [_OF_FILE] if self.by_file else []

    def wrote(self, message: Message) -> bool:
        """Whether the owner sent a message: a number in a file's name may be the other side's, one in a phone's settings old."""
        return (
            bool(self.number)
            and not (self.by_name or self.by_file)
            and same_sender(message.sender) == same_sender(self.number)
        )

    def of(self, message: Message) -> str:
        """
        Give the number that a message reached.

        Raises
        ------
        RecipientUnknown
            When nothing says it.
        """
        if message.recipient:
            return message.recipient
        if not self.number or (self.by_name and same_sender(message.sender) == same_sender(self.number)):
            raise RecipientUnknown(self.question)
        return self.number


def owner_of(export: Export, name: str, names: Sequence[str], given: str, country: str) -> Owner:
    """
    Find out whose phone an export is of.

    Parameters
    ----------
    export : Export
        What the file itself says of the phone serves where nobody states it: a setting of the phone may be old.
    name : str
        The file, for what is said to the user.
    names : sequence of str
        The file's name, then those of the folders or archives that it lies in.
    given : str
        What the user stated; empty where nothing.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    Owner
        With a number, or what to ask.

    Raises
    ------
    RecipientUnknown
        When the user states one number and the file's name another.
    """
    found = next(filter(None, (number_in(each, country) for each in names if not _is_chat(export, each))), "")
    if given and found and same_sender(given) != same_sender(found):
        raise RecipientUnknown(
            f"{name}: --recipient states another number than the file's name; rename the file, or leave --recipient out"
        )
    if export.owner and not given and not found:
        return Owner(export.owner, False, "", True)
    question = (
        f"{name} does not say whose phone it is of; give --recipient NUMBER, or put the number into the file's name"
    )
    return Owner(given or found, bool(found) and not given, question)


def check_given(given: str) -> str:
    """
    Refuse what is no telephone number.

    Parameters
    ----------
    given : str
        What the user stated.

    Returns
    -------
    str
        The same without blanks round it.

    Raises
    ------
    UnreadableInput
        When it can be none. It is not repeated.
    """
    if not is_address(given):
        raise UnreadableInput("--recipient: not a telephone number; write it as +212612345678 or 0612345678")
    return given.strip()


def _is_chat(export: Export, name: str) -> bool:
    return export.name_is_sender and any(fold(word) in fold(name) for word in _CHAT)
