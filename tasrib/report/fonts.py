"""The fonts that a PDF is set in, which travel with tasrib, and the characters that they can show."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tasrib._resources import resource

# In the order in which they are asked for a character: family, and the file that says which it has.
FAMILIES = {
    "Noto Sans": "NotoSans-Regular.ttf",
    "Noto Sans Arabic": "NotoSansArabic-Regular.ttf",
    "Noto Sans Tifinagh": "NotoSansTifinagh-Regular.ttf",
    "Noto Emoji": "NotoEmoji-Regular.ttf",
    "Noto Sans Math": "NotoSansMath-Regular.ttf",
}
# A character with what is set upon it, and what is joined to it, is shaped as one.
_JOINER = "\u200d"
_PLAIN = re.compile("[\t\n\r -~]+")


def font_folder() -> Path:
    """
    Find the fonts.

    Returns
    -------
    pathlib.Path
        The folder with ``.ttf`` files and their licence.
    """
    return resource("fonts")


def showable(text: str) -> str:
    """
    Name the characters of a text that no font here has.

    Parameters
    ----------
    text : str
        Words, messages, names, whatever people wrote.

    Returns
    -------
    str
        The same, with ``[U+1F9FF]`` and the like, between isolates, for what would otherwise be shown as an empty box, or as nothing.
    """
    parts, done = [], 0
    for run in _PLAIN.finditer(text):
        parts += [*_named(text[done : run.start()], text[done - 1 : done]), run.group()]
        done = run.end()
    return "".join([*parts, *_named(text[done:], text[done - 1 : done])])


def _named(text: str, before: str) -> Iterator[str]:
    """`before` is the character that a mark at the beginning would be set upon."""
    fonts = _fonts_with(before) if before else frozenset()
    joined = False
    for sign in text:
        mine = _fonts_with(sign)
        if unicodedata.category(sign).startswith("M") or joined or sign == _JOINER:
            # Shaped together with what it follows, so in one font with it.
            mine &= fonts
        joined = sign == _JOINER
        if mine:
            yield sign
            fonts = mine
        else:
            yield f"\u2066[U+{ord(sign):04X}]\u2069"
            fonts = frozenset()


@cache
def _fonts_with(sign: str) -> frozenset[str]:
    # What a private character means nobody can tell, and a control character means nothing here: PDF/A refuses both, whatever a font has.
    if unicodedata.category(sign) in ("Co", "Cc"):
        return frozenset()
    return frozenset(family for family in FAMILIES if ord(sign) in _characters(family))


@cache
def _characters(family: str) -> frozenset[int]:
    return frozenset(characters_of(font_folder() / FAMILIES[family]))


def characters_of(font: Path) -> set[int]:
    """
    Read which characters a font has.

    Parameters
    ----------
    font : pathlib.Path
        A TrueType or OpenType font.

    Returns
    -------
    set of int
        Code points that have a glyph.

    References
    ----------
    OpenType specification 1.9, table ``cmap``, subtable formats 4 (the basic plane) and 12 (all planes).
    """
    data = font.read_bytes()
    (n_tables,) = struct.unpack_from(">H", data, 4)
    tables = (struct.unpack_from(">4sLLL", data, 12 + 16 * at) for at in range(n_tables))
    cmap = next(offset for tag, _, offset, _ in tables if tag == b"cmap")
    (n_parts,) = struct.unpack_from(">H", data, cmap + 2)
    found: set[int] = set()
    for part in {struct.unpack_from(">HHL", data, cmap + 4 + 8 * at)[2] for at in range(n_parts)}:
        (form,) = struct.unpack_from(">H", data, cmap + part)
        if form in _READERS:
            found.update(_READERS[form](data, cmap + part))
    return found


def _basic_plane(data: bytes, start: int) -> Iterator[int]:
    n = struct.unpack_from(">H", data, start + 6)[0] // 2
    ends = struct.unpack_from(f">{n}H", data, start + 14)
    places = start + 16 + 2 * n
    starts, steps, offsets = (struct.unpack_from(f">{n}H", data, places + 2 * n * at) for at in range(3))
    for at, (first, last, step, offset) in enumerate(zip(starts, ends, steps, offsets, strict=True)):
        for code in range(first, last + 1):
            glyph = code
            if offset:
                (glyph,) = struct.unpack_from(">H", data, places + 4 * n + 2 * at + offset + 2 * (code - first))
            # Glyph 0 is the box that stands for what is missing.
            if (glyph or not offset) and (glyph + step) & 0xFFFF:
                yield code


def _all_planes(data: bytes, start: int) -> Iterator[int]:
    (n_groups,) = struct.unpack_from(">L", data, start + 12)
    for at in range(n_groups):
        first, last, glyph = struct.unpack_from(">LLL", data, start + 16 + 12 * at)
        yield from range(first if glyph else first + 1, last + 1)


_READERS = {4: _basic_plane, 12: _all_planes}
