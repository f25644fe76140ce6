"""What is done to a message on the way to its plain text, in order."""

from __future__ import annotations

import re

from tasrib.text.disguise import draw_together, turn_round, unveil
from tasrib.text.fold import FOLD
from tasrib.text.typed import addresses, numbers

_ARABIC = r"[\u0621-\u064a]"

# Before folding: an Arabic-Indic digit or a sign that plays a Latin letter inside a Latin word ("v٥te", "c@mpagne").
_DIGIT_LETTERS = {"٥": "o", "٧": "v", "١": "l", "@": "a", "$": "s", "€": "e", "0": "o", "1": "i", "4": "a"}
_DISGUISED_LATIN = re.compile(
    r"(?<=[A-Za-z])(?:[٥١$€014](?=[A-Za-z])|@(?=[A-Za-z]++(?![\w.-]*\.\w)))|(?<![\w٠-٩])٧(?=[A-Za-z]{2})"
)
# A Latin letter or digit that plays an Arabic one inside an Arabic word.
_DISGUISED_ARABIC = re.compile(rf"(?<={_ARABIC})[loi1](?={_ARABIC})")
_ARABIC_LETTERS = {"l": "ا", "i": "ا", "1": "ا", "o": "ه"}

# "ص.و.ت.وا", "v o t e z", "v-o-t-e", "P.J.D", "v🔥o🔥t🔥e", a letter a line: one sign between letters, the same all the way. After blanks and
# pictures only single letters belong to the word; after dots its last part may have more.
_APART = re.compile(
    r"(?<![\w.])(?:[^\W_]( {1,4}| ?\n ?)(?:[^\W_]\1){1,30}[^\W_]|[^\W_]([.\-_*·•|/])(?:[^\W_]\2){1,30}[^\W_]{1,3}"
    r"|[^\W\d_]( ?[^\w\s.\-_*·•|/'،,:;!?&]{1,3} ?)(?:[^\W\d_]\3){2,30}[^\W\d_])(?!\w)"
)
# A letter, one of the signs or blanks between, and a letter that stands apart too: without them `_APART`, which costs ten times as much, finds nothing.
MAY_BE_APART = re.compile(r"(?<![^\W_])[^\W_](?:\W|_){1,5}[^\W_](?:\W|_){1,5}[^\W_]")
_REPEATED_LETTER = re.compile(r"([^\W\d_])\1{2,}")
_REPEATED_SIGN = re.compile(r"([^\w\s])\1{2,}")
_HASHTAG_JOINT = re.compile(r"(?<=\w)_+(?=\w)|[_]+")
# A single blank stays as it is.
_SPACES = re.compile(r"\s{2,}|[^\S ]")


def _joined(match: re.Match[str]) -> str:
    separator = match.group(1) or match.group(2) or match.group(3)
    parts = match.group().split(separator)
    letters = sum(part.isalpha() for part in parts)
    # Three letters with blanks between them are initials or an enumeration; with dots they are one word or one acronym.
    enough = 3 if match.group(2) else 4
    if len(parts) < enough or letters < enough or any(part.isdigit() for part in (parts[0], parts[-1])):
        return match.group()
    return "".join(parts)


# No sign that plays a Latin letter, and nothing is found.
AMONG_LATIN_SIGNS = "".join(_DIGIT_LETTERS)
AMONG_LATIN = (_DISGUISED_LATIN, lambda m: _DIGIT_LETTERS.get(m.group(), m.group()))
JOINT = (_HASHTAG_JOINT, " ")
SPACES = (_SPACES, " ")
AMONG_ARABIC = (_DISGUISED_ARABIC, lambda m: _ARABIC_LETTERS[m.group()])
APART = (_APART, _joined)
REPEATED_LETTER = (_REPEATED_LETTER, r"\1")
REPEATED_SIGN = (_REPEATED_SIGN, r"\1\1")

# Every step is a table for `translate`, a (pattern, replacement) for `sub`, or a function that looks at the text and names such steps, so
# that the same list serves the fast path (plain strings) and the explained one (`Aligned`), which therefore cannot drift apart.
STEPS: tuple = (
    unveil,
    AMONG_LATIN,
    FOLD,
    turn_round,
    addresses,
    numbers,
    JOINT,
    AMONG_ARABIC,
    draw_together,
    APART,
    REPEATED_LETTER,
    REPEATED_SIGN,
    SPACES,
)
