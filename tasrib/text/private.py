"""Personal data typed into a message: telephone numbers, e-mail addresses, account numbers, taken out of what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from tasrib.text import Aligned
from tasrib.text.fold import FOLD
from tasrib.text.typed import EMAIL, PHONE

# Long runs of digits are account, card or identity numbers; a year, a price, a code or a hotline is shorter.
_LONG = re.compile(r"(?<!\w)(?:\d{9,30}|\d{4}(?:[ -]\d{4}){2,})(?!\w)")


def private_spans(text: str) -> list[tuple[int, int]]:
    """
    Find what might lead to a person by itself.

    Parameters
    ----------
    text : str
        A message as received, in any script and with digits of any kind.

    Returns
    -------
    list of (int, int)
        Where telephone numbers, e-mail addresses and account or card numbers (nine digits or more) begin and end, in order and apart from
        each other. Names are not found.
    """
    folded = Aligned.of(text).translate(FOLD)
    found = sorted(
        folded.span(*match.span()) for pattern in (EMAIL, PHONE, _LONG) for match in pattern.finditer(folded.text)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def without_private(text: str, replace: Callable[[str], str] | str = "[number]") -> str:
    """
    Take personal data out of a message.

    Parameters
    ----------
    text : str
        A message as received.
    replace : str or callable
        What stands in the place of each part, or makes it from the part.

    Returns
    -------
    str
        The message without telephone numbers, e-mail addresses and account numbers.
    """
    out, done = [], 0
    for start, end in private_spans(text):
        out += [text[done:start], replace if isinstance(replace, str) else replace(text[start:end])]
        done = end
    return "".join(out) + text[done:]


def same_shape(part: str) -> str:
    """
    Make a number that leads nowhere out of one that might.

    Parameters
    ----------
    part : str
        A part that `private_spans` found.

    Returns
    -------
    str
        Of the same length, with its first digits (country and kind of number) and 0 for the others, or ``x`` for the letters of an address: a model
        reads it as it reads the original.
    """
    if "@" in part:
        return re.sub(r"[^\W_](?=.*@)", "x", part)
    digits = "".join(str(int(letter)) for letter in part if letter.isdecimal())
    # The country's code stays, lest the rest be read as another kind of number.
    kept = 6 if digits.startswith("00212") else 4 if digits.startswith("212") else 2
    out, seen = [], 0
    for letter in part:
        seen += letter.isdecimal()
        out.append("0" if letter.isdecimal() and seen > kept else letter)
    return "".join(out)
