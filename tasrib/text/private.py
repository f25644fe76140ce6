"""Personal data typed into a message: telephone numbers, e-mail addresses, account numbers, taken out of what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from tasrib.text import Aligned
from tasrib.text.fold import FOLD
from tasrib.text.spans import merged_spans
from tasrib.text.typed import EMAIL, PHONE

_CALLING_CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
_HOME_CODE = "212"

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
    # Not phonenumbers.PhoneNumberMatcher. Asked for valid numbers, it passes over those of ranges it does not know and those with a slip
    # in them (6 of the 152 found in the corpus); asked for possible ones, it takes order numbers too. And PHONE is what the model reads
    # as a number, so that what stands in a number's place is read alike.
    found = (
        (*folded.span(*match.span()), 0.0)
        for pattern in (EMAIL, PHONE, _LONG)
        for match in pattern.finditer(folded.text)
    )
    return [(start, end) for start, end, _ in merged_spans(found)]


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
        Of the same length, with its first digits (calling code of any country, and kind of number) and 0 for the others, or ``x`` for the
        letters of an address: a model reads it as it reads the original.
    """
    if "@" in part:
        return re.sub(r"[^\W_](?=.*@)", "x", part)
    kept = _kept_digits(part.translate(FOLD))
    out, seen = [], 0
    for letter in part:
        seen += letter.isdecimal()
        out.append("0" if letter.isdecimal() and seen > kept else letter)
    return "".join(out)


def _kept_digits(number: str) -> int:
    """How many digits say the country and the kind of number: without its country's code the rest reads as another kind."""
    digits = "".join(filter(str.isdecimal, number))
    exit_code = 2 if digits.startswith("00") else 0
    if not exit_code and not number.startswith("+"):
        return len(_HOME_CODE) + 1 if digits.startswith(_HOME_CODE) else 2
    # No calling code begins another.
    ends = (exit_code + length for length in (1, 2, 3))
    return next((end + 1 for end in ends if digits[exit_code:end] in _CALLING_CODES), 2)
