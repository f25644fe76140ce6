"""One character at a time: what a letter is once its costume (accent, diacritic, look-alike, width) is off."""

from __future__ import annotations

import re
import unicodedata

from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)

from tasrib.text.disguise import look_alikes

TATWEEL = "\u0640"

# Blanks that Unicode counts among letters and signs, or that take up no room.
_BLANKS = {"\u2800": " ", "\u3164": " ", "\uffa0": " ", "\u115f": "", "\u1160": "", "\u06e5": "", "\u06e6": ""}
# Letters in a costume that Unicode names but does not take off.
_COSTUME = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|(?:NEGATIVE CIRCLED|NEGATIVE SQUARED|PARENTHESIZED) LATIN (?:CAPITAL|SMALL) LETTER) ([A-Z])"
    r"|LATIN (?:CAPITAL|SMALL) LETTER ([A-Z]) (?:WITH [A-Z -]+|BAR)"
)
_ARABIC_WITH = re.compile(r"(ARABIC LETTER [A-Z]+) WITH [A-Z -]+")
_STANDARD_ARABIC = range(0x621, 0x64B)

# Letters of other scripts drawn like Latin ones (Unicode TR 39 confusables, the part that keyboards reach),
# and the letters of Persian, Urdu and Moroccan keyboards that stand for an Arabic one.
_LOOK_ALIKES = str.maketrans(
    "авсԁеһіјкӏмнорԛгѕтухԝуαβεηικνορτυχγωϲىیېےکڪگڭݣڤڥپہھەۀۃڨچژ’‘ʼ`´",
    "abcdehijklmhopqrstyxwyabenikvoptuxywcيييي" + "ككككك" + "ففبهههههقجز'''''",
)


def fold_character(character: str) -> str:
    """
    Reduce one character to the plain letter, digit or sign that a reader takes it for.

    Parameters
    ----------
    character : str
        A single Unicode character.

    Returns
    -------
    str
        Zero, one or (for ligatures) several characters: Unicode NFKC, lower case, without accents, Arabic
        diacritics, tatweel, zero-width and bidirectional marks; alef, alef maksura and teh marbuta united by
        camel-tools; digits in ASCII; look-alikes from other alphabets in the Latin or Arabic letter they imitate.

    Notes
    -----
    Alef, yeh and teh marbuta are united because writers mix them freely: Obeid et al., "CAMeL Tools", LREC 2020, 3.2.
    """
    if character in _BLANKS:
        return _BLANKS[character]
    letters = _in_costume(character) or normalize_unicode(character)
    plain = "".join(_in_costume(letter) or letter for letter in letters).casefold().replace(TATWEEL, "")
    plain = unicodedata.normalize("NFD", normalize_alef_ar(plain))
    kept = []
    for letter in plain:
        kind = unicodedata.category(letter)
        # Cf: zero-width, bidirectional and soft-hyphen marks; Mn: accents, harakat, strike-through, emoji selectors.
        if kind in ("Cf", "Mn", "Me"):
            continue
        if kind in ("Zs", "Zl", "Zp", "Cc") and letter != "\n":
            letter = " "
        elif kind == "Nd":
            letter = str(unicodedata.digit(letter))
        kept.append(letter)
    united = normalize_teh_marbuta_ar(normalize_alef_maksura_ar("".join(kept)))
    return united.translate(_LOOK_ALIKES)


def _in_costume(character: str) -> str:
    """The letter that a letter is drawn like or made from; nothing where it is one of its own."""
    if character in "Øø":
        return ""
    if character in look_alikes():
        return look_alikes()[character]
    name = unicodedata.name(character, "")
    latin = _COSTUME.fullmatch(name)
    if latin:
        return (latin[1] or latin[2]).lower()
    arabic = None if ord(character) in _STANDARD_ARABIC else _ARABIC_WITH.fullmatch(name)
    if arabic:
        letter = unicodedata.lookup(arabic[1])
        return letter if ord(letter) in _STANDARD_ARABIC else ""
    return ""


class FoldTable(dict):
    """A table for `str.translate` that works out each character the first time it is met."""

    def __missing__(self, code_point: int) -> str:
        folded = fold_character(chr(code_point))
        self[code_point] = folded
        return folded


FOLD = FoldTable()
