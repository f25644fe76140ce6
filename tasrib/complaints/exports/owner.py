"""Whose phone an export comes from: most formats do not say it, and without it nothing can be said of any operator."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasrib.complaints.exports.keeping import bare, same_sender
from tasrib.complaints.exports.message import Export, Message
from tasrib.complaints.looks import is_address
from tasrib.complaints.words import fold
from tasrib.errors import UnreadableInput
from tasrib.tables.notes import Note

# How chats are called by the programs that write them: the number in such a name is the other side's.
_CHAT = ("whatsapp", "واتساب", "واتس اب")
_GROUPS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[ .\-]|[ ]?[()][ ]?|")
_MOST_GROUPS = 7
_DIGITS = range(8, 16)
_OF_NAME = Note("read", "recipient_of_name", "the recipient is the number in the file's name")
_CENTURY, _YEAR = ("19", "20"), 4


class RecipientUnknown(UnreadableInput):
    """Nobody says whose phone it is, or two say two things: only the user can help."""


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
    """

    number: str
    by_name: bool
    question: str

    def notes(self) -> list[Note]:
        """Say where the number comes from."""
        return [_OF_NAME] if self.by_name else []

    def wrote(self, message: Message) -> bool:
        """Whether the owner sent a message: a number in a file's name may be the other side's, and says nothing of it."""
        return bool(self.number) and not self.by_name and same_sender(message.sender) == same_sender(self.number)

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
        What the file itself says goes before all else.
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
    if export.owner:
        return Owner(export.owner, False, "")
    found = next(filter(None, (number_in(each, country) for each in names if not _is_chat(export, each))), "")
    if given and found and same_sender(given) != same_sender(found):
        raise RecipientUnknown(
            f"{name}: --recipient states another number than the file's name; rename the file, or leave --recipient out"
        )
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


def number_in(name: str, country: str) -> str:
    """
    Find a mobile number in a name.

    Parameters
    ----------
    name : str
        Of a file or folder.
    country : str
        ISO 3166 code of the country whose numbers are written without a code.

    Returns
    -------
    str
        As it is written, without marks between its figures; empty where there is none, or several.
    """
    found = [number for number, _, _ in _numbers(bare(name), country)]
    return found[0] if len(set(map(same_sender, found))) == 1 else ""


def without_numbers(name: str, country: str) -> str:
    """
    Name a file without the numbers in its name: a pseudonym would be none beside it.

    Parameters
    ----------
    name, country
        As for `number_in`.

    Returns
    -------
    str
        Of each number its last two figures are left.
    """
    plain, at, kept = bare(name), 0, ""
    for number, start, stop in _numbers(plain, country):
        kept += f"{plain[at:start].removesuffix('+')}…{number[-2:]}"
        at = stop
    return kept + plain[at:] if at else name


def _numbers(name: str, country: str) -> Iterator[tuple[str, int, int]]:
    """Each mobile number, and where its figures stand."""
    groups = list(_GROUPS.finditer(name))
    start = 0
    while start < len(groups):
        for stop in range(min(len(groups), start + _MOST_GROUPS), start, -1):
            if number := _number(name, groups[start:stop], country):
                yield number, groups[start].start(), groups[stop - 1].end()
                start = stop - 1
                break
        start += 1


def _number(name: str, groups: Sequence[re.Match[str]], country: str) -> str:
    between = [name[left.end() : right.start()] for left, right in pairwise(groups)]
    parts = [group[0] for group in groups]
    digits = "".join(parts)
    if len(digits) not in _DIGITS or not all(map(_BETWEEN.fullmatch, between)) or _is_date(parts):
        return ""
    plus = name[: groups[0].start()].endswith("+")
    return next(filter(lambda number: _is_mobile(number, country), _spellings(digits, plus)), "")


def _spellings(digits: str, plus: bool) -> Iterator[str]:
    if plus:
        yield f"+{digits}"
    elif digits.startswith("00"):
        yield f"+{digits[2:]}"
    else:
        yield digits
        yield f"+{digits}"


def _is_date(parts: Sequence[str]) -> bool:
    """13-09-2021 and 2021-09-13, with whatever stands round them; no number is grouped so."""
    return len(parts) > 1 and any(len(part) == _YEAR and part.startswith(_CENTURY) for part in parts)


def _is_mobile(number: str, country: str) -> bool:
    # Only where an export is read: the import takes a while.
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return False
    home = parsed.country_code == phonenumbers.country_code_for_region(country)
    kinds = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    # Without a plus any row of figures begins with some country's code.
    return (home or number.startswith("+")) and phonenumbers.number_type(parsed) in kinds
