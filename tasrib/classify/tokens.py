"""A message as the encoder reads it: normalised, in letters that its vocabulary has, and not too many tokens of it."""

from __future__ import annotations

import unicodedata

from tasrib.text.fold import FoldTable, fold_character
from tasrib.text.normal_form import rewrite

MOST_TOKENS = 128
_TAIL = 40

# The encoder's vocabulary has no Tifinagh and lacks these pictures, so each would be the same "unknown". Letters are
# written as Latin ones are in Tamazight, pictures by their French short name in Unicode CLDR.
_TIFINAGH = dict(zip("ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥⵯ", "abgddefkhhɛxqijlmnurrɣsscttwyzzw", strict=True))
_PICTURES = {
    "🚜": "tracteur", "⚖": "balance", "🐎": "cheval", "🐴": "cheval", "🪔": "lampe", "🫒": "olive", "🗳": "urne",
    "🔑": "cle", "📘": "livre", "🗞": "journal", "📊": "graphique", "🏛": "batiment", "🕊": "colombe", "🌾": "epi",
    "🌴": "palmier", "🌹": "rose", "🕯": "bougie", "✉": "lettre", "📖": "livre",
}  # fmt: skip
# Half of a surrogate pair is no character, and the tokenizer refuses it.
_HALVES = {chr(point): "\ufffd" for point in range(0xD800, 0xE000)}
_READABLE = str.maketrans(_TIFINAGH | {picture: f" {name} " for picture, name in _PICTURES.items()} | _HALVES)

_KEPT = set("أإآةىؤئ")


class _GentleTable(FoldTable):
    """Folds like `tasrib.text.fold.FOLD`, but leaves the letters as they are written where both are Latin or Arabic."""

    def __missing__(self, code_point: int) -> str:
        character = chr(code_point)
        folded = fold_character(character)
        # The encoder has read French with its accents and Arabic with its hamzas: stripped, words fall into more tokens.
        accented = len(folded) == 1 and "a" <= folded <= "z" and unicodedata.normalize("NFD", character)[:1].isascii()
        self[code_point] = character.casefold() if character in _KEPT or accented else folded
        return self[code_point]


_GENTLE = _GentleTable()


def write_readably(text: str) -> str:
    """
    Write a message in letters that the encoder knows.

    Parameters
    ----------
    text : str
        The message as received.

    Returns
    -------
    str
        As `tasrib.text.normalise` writes it, but with accents and hamzas, Tifinagh in Latin letters, and party symbols
        among the pictures by name.
    """
    return rewrite(unicodedata.normalize("NFC", text), _GENTLE).translate(_READABLE)


def shorten(ids: list[int]) -> list[int]:
    """
    Keep beginning and end of a long message.

    Parameters
    ----------
    ids : list of int
        Its tokens.

    Returns
    -------
    list of int
        At most `MOST_TOKENS`: the last 40 always stay, for it is at the end that an invitation turns into a request.
    """
    if len(ids) <= MOST_TOKENS:
        return ids
    return ids[: MOST_TOKENS - _TAIL] + ids[-_TAIL:]
