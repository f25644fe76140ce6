"""One character at a time: what a letter is once its costume (accent, diacritic, look-alike, width) is off."""

from __future__ import annotations

import unicodedata

from camel_tools.utils.dediac import dediac_ar
from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
    normalize_unicode,
)

TATWEEL = "\u0640"

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
    plain = normalize_unicode(character).casefold().replace(TATWEEL, "")
    plain = unicodedata.normalize("NFD", dediac_ar(normalize_alef_ar(plain)))
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


class FoldTable(dict):
    """A table for `str.translate` that works out each character the first time it is met."""

    def __missing__(self, code_point: int) -> str:
        folded = fold_character(chr(code_point))
        self[code_point] = folded
        return folded


FOLD = FoldTable()
