"""
Which messages of somebody's phone are looked at: a whole backup holds a life, a complaint is about what was written to many.

The rule knows no model, only who wrote and what a message shows. Who errs: a private message that is kept is read by a case worker and
stands in a file; a campaign message that is left out is counted in no finding. The first is bounded by leaving out what is surely private
(contacts, conversations, codes and accounts), the second by keeping whatever else could have been written to many. How many of each the
rule gets wrong is printed by ``python -m training.keeping_study``.
"""

from __future__ import annotations

import re
from functools import cache

from tasrib.complaints.exports.message import Message
from tasrib.complaints.words import ascii_digits, forms, reference, tokens

# Letters and all of a message that says something to a stranger; "je suis en bas" and "rappelle-moi" are shorter.
ENOUGH = 40
# Messages to a number that make a conversation: one answer is "who are you?" or "STOP", which is what complainants write.
TALK = 2
# Figures of a subscriber's number; short codes have fewer.
_FEWEST_DIGITS = 7
# Of one number written in two ways the last figures are the same.
_SAME = 8
_NUMBER = re.compile(r"\+?[\d\s().\-/\u2010-\u2015]+")
_ALONE = re.compile(r"(?:\+|00)?\d[\d .\-()]{1,22}")
_DIGITS_ALONE = range(3, 16)
_MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LINK = re.compile(
    r"https?:|www\.|(?<=\w)\.(?:ma|com|org|net|ly|me|fr|info|app|link|site|io|gl|co|news|tv)\b", re.IGNORECASE
)


def bare(sender: str) -> str:
    """A sender without marks of direction and odd blanks, in European figures."""
    return " ".join(ascii_digits(_MARKS.sub("", sender)).replace("\u2011", "-").split())


def is_ordinary_number(sender: str) -> bool:
    """
    Tell a subscriber's number from a name or a short code.

    Parameters
    ----------
    sender : str
        As a file has it.

    Returns
    -------
    bool
        True for what may be a person's: as many figures as a telephone number, or an address with ``@``.
    """
    plain = bare(sender)
    if "@" in plain:
        return True
    return bool(_NUMBER.fullmatch(plain)) and sum(char.isdigit() for char in plain) >= _FEWEST_DIGITS


def is_number_alone(text: str) -> bool:
    """
    Tell a text that is a number and nothing else, as whoever is asked for a sender answers.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    bool
        True for short codes too.
    """
    plain = bare(text)
    return bool(_ALONE.fullmatch(plain)) and sum(map(str.isdigit, plain)) in _DIGITS_ALONE


def may_be_person(sender: str) -> bool:
    """
    Tell who may be a person from a name or a short code that only a sender to many can write from.

    Parameters
    ----------
    sender : str
        As a file has it.

    Returns
    -------
    bool
        True also where nobody is named, and for several numbers or a number with words round it: a sender to many has none of these.
    """
    plain = bare(sender)
    return not plain or is_ordinary_number(plain) or sum(char.isdigit() for char in plain) >= _FEWEST_DIGITS


def same_sender(sender: str) -> str:
    """
    Write a sender so that two spellings of one are equal.

    Parameters
    ----------
    sender : str
        As a file has it.

    Returns
    -------
    str
        The last figures of a number; a name or an address without its capitals.
    """
    plain = bare(sender).casefold()
    digits = "".join(char for char in plain if char.isdigit())
    return digits[-_SAME:] if "@" not in plain and len(digits) >= _FEWEST_DIGITS else plain


def why_left(message: Message, wrote_to: frozenset[str] = frozenset()) -> str:
    """
    Say why a message is not looked at.

    Parameters
    ----------
    message : Message
        One that was received.
    wrote_to : frozenset of str
        Whom the owner talks with, each as from `same_sender`.

    Returns
    -------
    str
        One of `tasrib.complaints.exports.message.LEFT`; empty where it is kept.
    """
    if message.is_handed_in:
        return ""
    if message.is_contact:
        return "contact"
    shown = signs(message.text)
    if "own_affairs" in shown and not {"vote", "opt_out"} & shown:
        return "own_affairs"
    if message.is_bulk or not may_be_person(message.sender) or shown & {"vote", "opt_out", "offer", "link"}:
        return ""
    # Where people talk with each other, length shows nothing; nor where nobody can say whether they do, nor in letters, which are all long.
    unknown = not bare(message.sender) or message.channel == "email"
    in_talk = unknown or message.in_group or same_sender(message.sender) in wrote_to
    return "personal" if in_talk or len(message.text.strip()) < ENOUGH else ""


def signs(text: str) -> set[str]:
    """
    See what a text shows of itself.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    set of str
        ``link``, and the sections of ``data/reference/mass_messages.toml`` of which it has a word or phrase.
    """
    found = {"link"} if _LINK.search(text) else set()
    folded = tokens(text)
    words, phrases = _words(), _phrases()
    for at, token in enumerate(folded):
        for form in forms(token):
            found |= words.get(form, frozenset())
            for section, others in phrases.get(form, ()):
                if tuple(folded[at + 1 : at + 1 + len(others)]) == others:
                    found.add(section)
    return found


@cache
def _entries() -> list[tuple[str, tuple[str, ...]]]:
    sections = {name: lists for name, lists in reference("mass_messages.toml").items() if isinstance(lists, dict)}
    entries = [
        (name, tuple(tokens(word))) for name, lists in sections.items() for all_ in lists.values() for word in all_
    ]
    return [(name, entry) for name, entry in entries if entry]


@cache
def _words() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for section, entry in _entries():
        if len(entry) == 1:
            found.setdefault(entry[0], set()).add(section)
    return {word: frozenset(sections) for word, sections in found.items()}


@cache
def _phrases() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for section, entry in _entries():
        if len(entry) > 1:
            found.setdefault(entry[0], []).append((section, entry[1:]))
    return found
