"""What kind of sender the phone showed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tasrib.complaints.words import ascii_digits, fold
from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, same
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known

# Digits of the longest short code, and of the shortest number.
_SHORT_CODE, _NUMBER = 6, 8
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS_AROUND = re.compile(r"^\d+|\d+$")


def _read(known: Known) -> Answer:
    """``name``, ``generic`` (a name that names nobody), ``short_code``, ``long_number``, ``address`` or ``withheld``."""
    senders = known.column("sender")
    kinds = {sender: _kind(sender, known.rules.senders) for sender in set(senders.tolist())}
    values = np.array([kinds[sender] for sender in senders], dtype=object)
    return Answer(values, same("sender", len(known)), same(UNANSWERED, len(known)))


def _kind(sender: str, words: Mapping[str, frozenset[str]]) -> str:
    before = ascii_digits(sender).partition("@")[0]
    digits = sum(character.isdecimal() for character in before)
    if not _LETTER.search(before):
        if digits >= _NUMBER:
            return "long_number"
        if "@" in sender:
            return "address"
        return "short_code" if 1 < digits <= _SHORT_CODE else UNKNOWN
    if "@" in sender:
        return "address"
    folded = fold(sender)
    for kind in ("unknown", "withheld"):
        if folded in words[kind]:
            return UNKNOWN if kind == "unknown" else kind
    # "INFO2021" names nobody either.
    return "generic" if _DIGITS_AROUND.sub("", folded) in words["generic"] else "name"


SENDER_IS = Reading(
    _read, values=("name", "generic", "short_code", "long_number", "address", "withheld"), asks=("sender",)
)
