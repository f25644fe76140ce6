"""
Which of the names in a chat is that of the phone's owner.

Nothing in the file says it. In a chat of two the other side is known, mostly by the name of the file; in a group only "You deleted this message"
stands on one phone alone, and those are words that anybody may type. So they show the owner only where nothing speaks against it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tasrib.complaints.exports.keeping import bare, is_ordinary_number
from tasrib.complaints.exports.whatsapp_lines import BEFORE, Begun, is_said, languages_of
from tasrib.complaints.words import fold, tokens

_MOST_SENDERS = 5_000  # of a chat that are told apart; no group is so large
_MOST_NAMED = 5_000  # lines of the program of which is kept whom they name
_TWO = 2
_OF_IOS = "["


@dataclass
class OwnerSigns:
    """
    What the lines of a chat tell of whose phone it is on.

    Attributes
    ----------
    partner : str
        The other side, as the file is called after it.
    senders : Counter of str
        All that wrote.
    """

    partner: str
    senders: Counter[str] = field(default_factory=Counter)
    _announced: str = ""
    _marks_its_words: bool = False
    _spoken: set[str] = field(default_factory=set)
    _named: list[str] = field(default_factory=list)
    _deleted: dict[str, list[tuple[int, Begun]]] = field(default_factory=dict)
    _deleted_elsewhere: set[str] = field(default_factory=set)

    def add(self, place: int, head: Begun, below: list[str]) -> None:
        """Take the next message or line of the program."""
        self._marks_its_words = self._marks_its_words or (
            head.text.startswith(BEFORE) and any(is_said(section, head.text) for section in ("system", "omitted"))
        )
        if head.is_of_program:
            self._announced = self._announced or head.sender
            self._spoken |= languages_of("system", head.text)
            if len(self._named) < _MOST_NAMED:
                self._named.append(f" {' '.join(tokens(head.text))} ")
            return
        if not head.sender or (head.sender not in self.senders and len(self.senders) >= _MOST_SENDERS):
            return
        self.senders[head.sender] += 1
        if is_said("deleted", head.text):
            self._deleted_elsewhere.add(head.sender)
        elif is_said("deleted_by_owner", head.text) and not any(map(str.strip, below)):
            self._deleted.setdefault(head.sender, []).append((place, head))

    def owners(self, *, is_group: bool) -> tuple[set[str], tuple[int, ...]]:
        """
        Say who the owner is.

        Parameters
        ----------
        is_group : bool
            Whether more than two write.

        Returns
        -------
        tuple of set of str and tuple of int
            The name, none where nothing or several things tell it; and the lines that tell it, where these are words that could be typed.
        """
        if not is_group and (found := self._of_two()):
            return found, ()
        found = {name for name, lines in self._deleted.items() if self._may_be(name, lines)}
        if len(found) != 1:
            return set(), ()
        return found, tuple(place for name in found for place, _ in self._deleted[name])

    def named(self, owner: str) -> set[str]:
        """Give those that write under a name that the user states."""
        return {name for name in self.senders if same_name(name, owner)}

    def _of_two(self) -> set[str]:
        """Of two who write the one who is not the other side."""
        others = [name for name in self.senders if same_name(name, self.partner) or same_name(name, self._announced)]
        if not others:
            others = [name for name in self.senders if not is_name(name)]
        return {name for name in self.senders if name not in others} if len(others) == 1 else set()

    def _may_be(self, name: str, lines: list[tuple[int, Begun]]) -> bool:
        """Whether nothing speaks against it that who deleted these is the owner: it must not rest on words that anybody may type."""
        # The phone knows its owner; a stranger is a number or behind a tilde.
        if not is_name(name) or same_name(name, self.partner) or same_name(name, self._announced):
            return False
        # Of the owner the program says "you" and never "this message was deleted".
        if name in self._deleted_elsewhere or self._is_named(name):
            return False
        return all(self._is_of_program(head) for _, head in lines)

    def _is_named(self, name: str) -> bool:
        words = f" {' '.join(tokens(name))} "
        return not words.strip() or any(words in line for line in self._named)

    def _is_of_program(self, head: Begun) -> bool:
        """Whether the program may have written these words: on iPhones behind its mark, and on any phone in its language."""
        if head.form.startswith(_OF_IOS) and self._marks_its_words and not head.text.startswith(BEFORE):
            return False
        return not self._spoken or bool(self._spoken & languages_of("deleted_by_owner", head.text))


def is_name(sender: str) -> bool:
    """
    Tell whom the phone knows.

    Parameters
    ----------
    sender : str
        As a chat has it.

    Returns
    -------
    bool
        False for a number and for the name that strangers give themselves.
    """
    plain = bare(sender)
    return not plain.startswith("~") and not is_ordinary_number(plain)


def same_name(name: str, other: str) -> bool:
    """
    Compare two senders.

    Parameters
    ----------
    name, other : str
        As a chat, a file's name or a person has them.

    Returns
    -------
    bool
        Whether they are one.
    """
    if not name or not other:
        return False
    if is_ordinary_number(name) and is_ordinary_number(other):
        return re.sub(r"\D", "", bare(name)) == re.sub(r"\D", "", bare(other))
    return fold(bare(name).lstrip("~ ")) == fold(bare(other).lstrip("~ "))
