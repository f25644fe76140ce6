"""Personal data typed into a message: telephone numbers, e-mail addresses, account numbers, taken out of what is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE

from tasrib.text import Aligned
from tasrib.text.fold import FOLD
from tasrib.text.numbers_typed import typed_numbers
from tasrib.text.spans import merged_spans

_CALLING_CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
_HOME_CODE = "212"
_LETTER = re.compile(r"[^\W_]")
_LETTER_FIRST = re.compile(r"[^\W\d_]")


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
        Where telephone numbers, e-mail addresses and numbers of accounts, cards and papers begin and end, in order and apart from each
        other. It finds too much rather than too little; names are not found. See `tasrib.text.numbers_typed` for the spellings.
    """
    folded = Aligned.of(text).translate(FOLD)
    capitals = "".join(
        text[place].upper() if text[place].isupper() else letter
        for letter, place in zip(folded.text, folded.starts, strict=True)
    )
    # Not phonenumbers.PhoneNumberMatcher. Asked for valid numbers, it passes over those of ranges it does not know and those with a slip
    # in them (6 of the 152 found in the corpus); asked for possible ones, it takes order numbers too. And PHONE is what the model reads
    # as a number, so that what stands in a number's place is read alike.
    found = ((*_with_marks(text, *folded.span(*place)), 0.0) for place in typed_numbers(folded.text, capitals))
    return [(start, end) for start, end, _ in merged_spans(found)]


def _with_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """A part with the invisible marks, accents and keys drawn round its last sign."""
    while end < len(text) and not text[end].translate(FOLD):
        end += 1
    return start, end


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
    return without_spans(text, private_spans(text), replace)


def without_spans(text: str, spans: Iterable[tuple[int, int]], replace: Callable[[str], str] | str) -> str:
    """
    Put something else in the place of some parts of a text.

    Parameters
    ----------
    text : str
        Any text.
    spans : iterable of (int, int)
        Where the parts begin and end, in order and apart from each other.
    replace : str or callable
        As for `without_private`.

    Returns
    -------
    str
        The text.
    """
    out, done = [], 0
    for start, end in spans:
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
        return _LETTER.sub("x", part[: part.rindex("@")]) + part[part.rindex("@") :]
    # Of papers and of numbers in words nothing says the country.
    kept = 0 if _LETTER_FIRST.match(part) else _kept_digits(part.translate(FOLD))
    out, seen = [], 0
    for letter in part:
        seen += letter.isdecimal()
        hidden = "0" if letter.isdecimal() and seen > kept else letter
        out.append("x" if letter.isalpha() else hidden)
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
