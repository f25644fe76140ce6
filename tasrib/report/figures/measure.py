"""How much room a text takes: estimated, since what a machine measures depends on the fonts it has, and readers have others."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from itertools import accumulate, takewhile

# Size of type, and room for a name beside an axis, in pixels.
FONT, ROOM = 14, 176
# Breadths in parts of the font's size, rather too much than too little: of digits and small letters, capitals, others.
_SMALL, _LARGE, _ARABIC, _WIDE = 0.58, 0.74, 0.56, 1.05


def breadth(text: str, size: float = FONT) -> float:
    """
    Estimate the room that a text takes.

    Parameters
    ----------
    text : str
        One line.
    size : float
        Of the font, in pixels.

    Returns
    -------
    float
        Pixels, more than most fonts need.
    """
    return size * sum(map(_part_of_size, text))


@lru_cache(maxsize=10_000)
def _part_of_size(character: str) -> float:
    category, turned = unicodedata.category(character), unicodedata.bidirectional(character)
    if category in ("Cf", "Mn", "Me"):
        return 0.0
    if turned in ("R", "AL"):
        return _ARABIC
    if unicodedata.east_asian_width(character) in "WF" or category == "So":
        return _WIDE
    return _LARGE if category == "Lu" or character in "mwMW%…×" else _SMALL


def fitting(text: str, width: float, size: float = FONT) -> str:
    """
    Cut a name to the room that there is.

    Parameters
    ----------
    text : str
        A name.
    width, size : float
        Of the room and of the font, in pixels.

    Returns
    -------
    str
        The name, or its beginning and an ellipsis.
    """
    if breadth(text, size) <= width:
        return text
    ends = accumulate(map(_part_of_size, text))
    kept = takewhile(lambda end: size * (end + _part_of_size("…")) <= width, ends)
    return f"{text[: len(list(kept))].rstrip()}…"
