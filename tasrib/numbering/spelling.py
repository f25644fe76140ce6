"""From what people and spreadsheets write to bare digits, or to why there are none."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

from tasrib.numbering.addresses import inside_address

Kind = Literal["digits", "alphanumeric", "spoiled", "invalid", "missing"]

# Most numbers that people write: digits with a blank, dot or dash between some of them, maybe a plus before. A dot before noughts at the end
# may be a decimal one.
_COMMON = re.compile(r"\+?[0-9]+(?:[ .-][0-9]+)*")
_MAYBE_DECIMAL = re.compile(r"\.0{1,6}\Z")
_BETWEEN_DIGITS = str.maketrans("", "", "+ .-")
# What `_western` makes of the digits of Arabic and Persian keyboards and of the marks that go with right-to-left text.
_KEYBOARD = str.maketrans(
    {
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0) for digit in range(10)},
        **dict.fromkeys("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\ufeff"),
        "\u00a0": " ",
        "\u202f": " ",
    }
)
# Longer cells are not numbers, and the bound keeps the patterns below quick on hostile input.
_LONGEST_CELL = 200
_EMPTY_WORDS = frozenset(
    {
        "nan", "none", "null", "n/a", "na", "n.a.", "<na>", "nat", "nil", "vide", "néant", "neant", "aucun", "inconnu", "unknown",
        "فارغ", "لا يوجد", "غير معروف", "بدون",
    }
)  # fmt: skip
_WRAPPING = "'’‘`´\"“”= \t\r\n"
_PUNCTUATION = "-–—._/\\,;:()'’\"*?+ "
_SHEET_ERROR = re.compile(r"#+|#(?:n/a|n/d|div/0!|[^\W\d_]{2,10}[!?])", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,٫](\d*))?\s*[eE]\s*\+?0*(\d{1,2})")
# A leading 0 needs ten digits before the point: "066123456.0" may as well be a dotted 0661234560.
_FLOAT = re.compile(r"(\+?(?:[1-9]\d{6,14}|0\d{9,14}|[1-9]\d{0,2}(?:[ ,.'’]\d{3}){2,4}))[.,٫]0{1,6}")
# A crossed-out digit stands among digits: a star round the whole number is but emphasis.
_MASKED = re.compile(r"\+?\d[\d\s.()/-]*[xX*•●×█■#?_.][\d\s.()/xX*•●×█■#?_-]*")
_MASK = re.compile(r"[xX•●×█■]|[*#?_]{2}|\.{3}")
_EMPHASIS = re.compile(r"([*_~`|])+(?=\W*\d)(.*\d\W*?)\1+", re.S)
_LABEL = re.compile(
    r"(?:t[eé]l(?:[eé]phone)?|gsm|mobile|mob|portable|phone|num(?:[eé]ro)?|n[o°]|whatsapp|sms|الهاتف|هاتف|رقم)"
    r"(?=[\s.:(+\d])[\s.:]*",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"(?<=\d)[\s,]*(?:ext(?:ension)?|poste)\b[\s.:=]*\d{1,6}\s*", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
# Keyboards and scanners exchange them; the Greek and Cyrillic ones look the same.
_TAKEN_FOR_DIGITS = str.maketrans({**dict.fromkeys("OoОоΟο", "0"), **dict.fromkeys("lIiıІі", "1")})
_LOOKALIKE = re.compile(r"[OoОоΟοlIiıІі]")
_BETWEEN_NUMBERS = re.compile(r"[():;,/|\n&\\]+|\s(?=\+)")
_BETWEEN_WORDS = re.compile(r"[\s():;,/|&\\]+")
_LEADING_PLUS = re.compile(r"\D*\+")
_NOT_DIGIT = re.compile(r"\D+")
# Of a number, and of what stands beside one: "RNI 2021" holds none, "(2 SIM)" is no second one.
_LEAST_DIGITS, _MOST_BESIDE = 8, 4


class Spelling(NamedTuple):
    """
    What a cell holds.

    Attributes
    ----------
    kind : str
        ``digits`` when there is something to look up; otherwise the number status itself.
    digits : str
        The digits.
    plus : bool
        Whether a plus stood by them, or the code of a country certainly begins them.
    note : str
        What was repaired, or why there are no digits.
    parts : tuple of (str, bool)
        Pieces of the cell with their plus, where it may hold more than one number: to be looked at when `digits` make none.
    """

    kind: Kind
    digits: str
    plus: bool
    note: str
    parts: tuple[tuple[str, bool], ...] = ()


def read_common(text: str) -> tuple[str, bool] | None:
    """
    Strip a number that is written in one of the common ways to its digits.

    Parameters
    ----------
    text : str
        One cell.

    Returns
    -------
    (str, bool) or None
        The digits, and whether a plus stands before them, as `read_spelling` gives them; nothing where that has to look closer.
    """
    if len(text) > _LONGEST_CELL:
        return None
    text = (text if text.isascii() else text.translate(_KEYBOARD)).strip(_WRAPPING)
    if not _COMMON.fullmatch(text) or _MAYBE_DECIMAL.search(text):
        return None
    return text.translate(_BETWEEN_DIGITS), text[0] == "+"


def read_spelling(text: str) -> Spelling:
    """
    Strip a written number to its digits.

    Parameters
    ----------
    text : str
        One cell, in any script, as typed or as a spreadsheet left it.

    Returns
    -------
    Spelling
        Digits, or why there are none.
    """
    if text.isascii() and text.isdigit():
        return Spelling("digits", text, False, "")
    text = text.strip()
    if not text.isascii():
        text = _western(text)
    text = text.strip(_WRAPPING)
    if text.casefold() in _EMPTY_WORDS or not text.strip(_PUNCTUATION):
        return Spelling("missing", "", False, "empty")
    if len(text) > _LONGEST_CELL:
        return Spelling("invalid", "", False, "too long to be a number")
    if _SHEET_ERROR.fullmatch(text):
        return Spelling("spoiled", "", False, "a spreadsheet shows # or an error instead of the number")
    inside = inside_address(text)
    if not inside.text.strip():
        return Spelling("alphanumeric", "", False, inside.note or "a link or address without a number")
    text = inside.text.strip(_WRAPPING)
    if match := _SCIENTIFIC.fullmatch(text):
        return _from_scientific(*match.groups(default=""))
    if match := _EMPHASIS.fullmatch(text):
        text = match[2]
    if _MASKED.fullmatch(text) and _MASK.search(text) and not _whole_beside(text):
        return Spelling("spoiled", "", False, "digits are masked")
    notes = [inside.note] if inside.note else []
    if match := _FLOAT.fullmatch(text):
        text = match[1]
        notes.append("decimal .0 of a spreadsheet removed")
    return _from_words(text, inside.international, notes)


def _from_words(text: str, international: bool, notes: list[str]) -> Spelling:
    """The number in a text that may have words and other digits in it."""
    text = _EXTENSION.sub("", text, count=1)
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    text, exchanged = _undo_lookalikes(text)
    if exchanged:
        notes.append("letters that look like 0 or 1 read as these")
    if _LETTERS.search(text):
        pieces = _LETTERS.split(text)
        found = [piece for piece in pieces if _count_digits(piece) >= _LEAST_DIGITS]
        beside = _count_digits(text) - sum(map(_count_digits, found))
        # "a3f0661…b2" is a code of something.
        glued = any(piece[-1].isdigit() for piece in found if piece is not pieces[-1]) or any(
            piece[0].isdigit() for piece in found if piece is not pieces[0]
        )
        if not found or beside > _MOST_BESIDE or (beside and glued):
            return _letters(text)
        if len(found) > 1:
            digits = "".join(_digits(piece) for piece in found)
            return Spelling("digits", digits, False, "; ".join(notes), _parts(";".join(found)))
        text = found[0]
        notes.append("words around the number left out")
    digits = _digits(text)
    if not digits:
        return Spelling("invalid", "", False, "no digit in it")
    return Spelling("digits", digits, international or _has_plus(text), "; ".join(notes), _parts(text))


def _parts(text: str) -> tuple[tuple[str, bool], ...]:
    """Pieces that hold digits: between signs that part two numbers, else between blanks."""
    for pattern in (_BETWEEN_NUMBERS, _BETWEEN_WORDS):
        parts = tuple((_digits(part), _has_plus(part)) for part in pattern.split(text) if _count_digits(part))
        if len(parts) > 1 and any(len(digits) >= _LEAST_DIGITS for digits, _ in parts):
            return parts
    return ()


def _undo_lookalikes(text: str) -> tuple[str, bool]:
    """O661… and 066l…: only in a word that is a number otherwise."""
    if not _LOOKALIKE.search(text):
        return text, False
    whole = text.translate(_TAKEN_FOR_DIGITS)
    if _mostly_digits(text, whole):
        return whole, True
    words = re.split(r"(\s+)", text)
    mended = [read if _mostly_digits(word, read := word.translate(_TAKEN_FOR_DIGITS)) else word for word in words]
    return "".join(mended), mended != words


def _mostly_digits(text: str, mended: str) -> bool:
    count = _count_digits(mended)
    return count >= _LEAST_DIGITS and not _LETTERS.search(mended) and count <= 2 * _count_digits(text)


def _has_plus(text: str) -> bool:
    # Right-to-left text often shows the plus behind the number.
    return bool(_LEADING_PLUS.match(text)) or text.rstrip(" ;,.:)").endswith("+")


def _whole_beside(text: str) -> bool:
    """Whether a whole number stands beside the stars or so, which then mask none of its digits."""
    parts = [_digits(part) for part in re.split(r"[*#?_]+", text)]
    return any(len(part) >= 12 or (len(part) >= 10 and part.startswith("0")) for part in parts)


def _digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


def _count_digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _western(text: str) -> str:
    """Digits of every script as 0-9, invisible marks gone, wide forms narrow."""
    out = []
    # Some characters unfold into many: what is too long stays so.
    for character in unicodedata.normalize("NFKC", text[: _LONGEST_CELL * 10]):
        category = unicodedata.category(character)
        if character.isdigit():
            out.append(str(unicodedata.digit(character)))
        elif category[0] == "Z" or category == "Cc":
            out.append(" ")
        elif category[0] != "M" and category not in ("Cf", "Cs", "Cn", "Co"):
            out.append(character)
    return "".join(out)


def _from_scientific(lead: str, fraction: str, exponent: str) -> Spelling:
    """6.61234567E+08 kept all nine digits; 6.61235E+08 lost three, and zeros put there would be invented."""
    places = int(exponent)
    fraction_kept, beyond = fraction[:places], fraction[places:]
    if len(fraction_kept) < places:
        lost = places - len(fraction_kept)
        note = f"a spreadsheet's scientific notation lost the last {lost} digit{'s' * (lost > 1)}"
        return Spelling("spoiled", "", False, note)
    if beyond.strip("0"):
        return Spelling("invalid", "", False, "a decimal number, not a telephone number")
    return Spelling("digits", lead + fraction_kept, False, "scientific notation undone, no digit lost")


def _letters(text: str) -> Spelling:
    """A sender's name, or a number too mixed with letters to be read without guessing."""
    if _count_digits(text) >= 6:
        return Spelling("invalid", "", False, "letters among the digits")
    return Spelling("alphanumeric", "", False, "letters: a sender's name, not a number")
