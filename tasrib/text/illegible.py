"""Texts that nobody here can read: letters lost, another script, a cipher. They say nothing for campaign, and nothing against it."""

from __future__ import annotations

import re
from functools import lru_cache

from tasrib.complaints.garbled import letters_lost
from tasrib.text.disguise import turn_round, unveil
from tasrib.text.fold import FOLD
from tasrib.text.normal_form import normalise

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
    if letters_lost(text):
        return True
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if 2 * len(_MADE_UP.findall(text)) > max(letters, 1):
        return True
    plain = normalise(text) if normalised is None else normalised
    if letters < _LEAST_LETTERS or text.isascii():
        return letters >= _LEAST_LETTERS and _runs_together(plain, letters)
    strange = 0 if _USUAL.fullmatch(text) else sum(len(word) for word in words if _is_strange(word))
    return (
        (strange >= _LEAST_LETTERS and 2 * strange > letters)
        or text.count(_DOTLESS_BEH) >= _LEAST_DOTLESS
        or _stays_backwards(text)
        or 2 * len(_ACCENTED.findall(text)) > max(letters, 6)
        or _runs_together(plain, letters)
    )


@lru_cache(maxsize=1 << 16)
def _is_strange(word: str) -> bool:
    return not word.isascii() and not _KNOWN_LETTERS.fullmatch(word.translate(FOLD))


def _stays_backwards(text: str) -> bool:
    if len(_ENDING_FIRST.findall(text)) < _LEAST_ENDING_FIRST:
        return False
    return not any(isinstance(step, list) for step in (*unveil(text), *turn_round(text.translate(FOLD))))


def _runs_together(plain: str, letters: int) -> bool:
    if letters < _LONGEST_WORD or max(map(len, plain.split()), default=0) <= _LONGEST_WORD:
        return False
    longest = max(map(len, _WORD.findall(plain)), default=0)
    return longest > _LONGEST_WORD and 2 * longest > letters
