"""Texts that nobody here can read: letters lost, another script, a cipher. They say nothing for campaign, and nothing against it."""

from __future__ import annotations

import re
from functools import lru_cache

from tasrib.complaints.garbled import letters_lost, signs_of_loss
from tasrib.text.disguise import turn_round, unveil
from tasrib.text.fold import FOLD
from tasrib.text.normal_form import normalise
from tasrib.text.remembered import Remembered

_WORD = re.compile(r"[^\W\d_]+")
_KNOWN_LETTERS = re.compile(r"[a-zɣɛəǝß\u0600-\u06ff\u2d30-\u2d7f\W\d_]*")
# Most messages have no other letters, of which none is strange.
_USUAL = re.compile(r"[\x00-\x7fÀ-ÅÇ-ÏÑ-ÖÙ-Ýà-åç-ïñ-öù-ýÿ\u0600-\u06ff\W\d_]*")
_LEAST_LETTERS = 4
_MADE_UP = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]")
# Five letters look the same without their dots.
_DOTLESS_BEH = "\u066e"
_LEAST_DOTLESS = 2
# Letters that stand at the end of an Arabic word only.
_ENDING_FIRST = re.compile(r"(?<!\w)[ةى]\w")
_LEAST_ENDING_FIRST = 2
# No word of the corpus is longer; the ones that are ran together.
_LONGEST_WORD = 24
# No text is so long that one of the fields of what is counted runs over into the next.
_FIELD = 40
_FULL = (1 << _FIELD) - 1
_ACCENTED = re.compile("[À-ÖØ-öø-ÿ]")


def unreadable(text: str, normalised: str | None = None) -> bool:
    """
    Tell a text that cannot be read from one that says little.

    Parameters
    ----------
    text : str
        A message as received, repaired where it could be.
    normalised : str, optional
        The same as `tasrib.text.normalise` rewrites it, where that was done already.

    Returns
    -------
    bool
        True where its letters are lost or mostly of a script that is neither Arabic nor Latin nor Tifinagh, where it is written without
        dots, without blanks, backwards or in a wrong code page and nothing says how it was meant. A text without letters, such as a
        picture or a link, is not unreadable.
    """
    counted = sum(map(_COUNTED.__getitem__, text.split(" ")))
    letters, beyond_ascii, accented = counted & _FULL, (counted >> _FIELD) & _FULL, (counted >> 2 * _FIELD) & _FULL
    lost = made_up = unusual = strange = dotless = ending_first = 0
    # Most messages have none of these.
    if rare := counted >> 3 * _FIELD:
        lost, made_up, unusual, strange, dotless, ending_first = ((rare >> n * _FIELD) & _FULL for n in range(6))
    if lost >= 2 and letters_lost(text):
        return True
    if 2 * made_up > max(letters, 1):
        return True
    plain = normalise(text) if normalised is None else normalised
    if letters < _LEAST_LETTERS or not beyond_ascii:
        return letters >= _LEAST_LETTERS and _runs_together(plain, letters)
    return (
        bool(unusual and strange >= _LEAST_LETTERS and 2 * strange > letters)
        or dotless >= _LEAST_DOTLESS
        or (ending_first >= _LEAST_ENDING_FIRST and _stays_backwards(text))
        or 2 * accented > max(letters, 6)
        or _runs_together(plain, letters)
    )


def _counted(word: str) -> int:
    """What tells in a word, each count in a field of one whole number, so that one sum over a message tells of all."""
    words = _WORD.findall(word)
    letters = sum(map(len, words))
    counts = (
        letters,
        not word.isascii(),
        len(_ACCENTED.findall(word)),
        signs_of_loss(word),
        len(_MADE_UP.findall(word)),
        _USUAL.fullmatch(word) is None,
        sum(len(each) for each in words if _is_strange(each)),
        word.count(_DOTLESS_BEH),
        len(_ENDING_FIRST.findall(word)),
    )
    return sum(count << n * _FIELD for n, count in enumerate(counts))


_COUNTED = Remembered(_counted, 1 << 17)


@lru_cache(maxsize=1 << 16)
def _is_strange(word: str) -> bool:
    return not word.isascii() and not _KNOWN_LETTERS.fullmatch(word.translate(FOLD))


def _stays_backwards(text: str) -> bool:
    return not any(isinstance(step, list) for step in (*unveil(text), *turn_round(text.translate(FOLD))))


def _runs_together(plain: str, letters: int) -> bool:
    if letters < _LONGEST_WORD or max(map(len, plain.split()), default=0) <= _LONGEST_WORD:
        return False
    longest = max(map(len, _WORD.findall(plain)), default=0)
    return longest > _LONGEST_WORD and 2 * longest > letters
