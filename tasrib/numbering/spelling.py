"""From what people and spreadsheets write to bare digits, or to why there are none."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

Kind = Literal["digits", "alphanumeric", "spoiled", "invalid", "missing"]

# Longer cells are not numbers, and the bound keeps the patterns below quick on hostile input.
_LONGEST_CELL = 200
_EMPTY_WORDS = frozenset({"nan", "none", "null", "n/a", "na", "<na>", "nat", "vide", "فارغ"})
_WRAPPING = "'’‘`´\"“”= \t\r\n"
_PUNCTUATION = "-–—._/\\,;:()'’\"* "
_SHEET_ERROR = re.compile(r"#+|#(?:n/a|value!|ref!|name\?|num!|null!|div/0!)", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,٫](\d*))?\s*[eE]\s*\+?(\d{1,2})")
# A leading 0 needs ten digits before the point: "066123456.0" may as well be a dotted 0661234560.
_FLOAT = re.compile(r"(\+?(?:[1-9]\d{6,14}|0\d{9,14}))[.,٫]0{1,6}")
_MASKED = re.compile(r"\+?\d[\d\s.()-]*[xX*•●]{2,}[\d\s.xX*•●-]*")
_LABEL = re.compile(
    r"(?:t[eé]l(?:[eé]phone)?|gsm|mobile|mob|portable|phone|num(?:[eé]ro)?|n[o°]|whatsapp|sms|الهاتف|هاتف|رقم)"
    r"(?=[\s.:(+\d])[\s.:]*",
    re.IGNORECASE,
)
_NUMBER_AMONG_WORDS = re.compile(r"(?<![\w.])\+?\(?\+?\d[\d ().\-/]{6,24}\d(?![\w])")
_LEADING_PLUS = re.compile(r"\D*\+")
_NOT_DIGIT = re.compile(r"\D+")


class Spelling(NamedTuple):
    """What a cell holds: its kind, the digits, whether a plus stood by them, what was repaired."""

    kind: Kind
    digits: str
    plus: bool
    note: str


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
        ``kind`` is ``digits`` when there is something to look up; otherwise it is the number status itself.
    """
    if text.isascii() and text.isdigit():
        return Spelling("digits", text, False, "")
    notes: list[str] = []
    if not text.isascii():
        text = _western(text)
    text = text.strip(_WRAPPING)
    if text.casefold() in _EMPTY_WORDS or not text.strip(_PUNCTUATION):
        return Spelling("missing", "", False, "empty")
    if len(text) > _LONGEST_CELL:
        return Spelling("invalid", "", False, "too long to be a number")
    if _SHEET_ERROR.fullmatch(text):
        return Spelling("spoiled", "", False, "a spreadsheet shows # or an error instead of the number")
    if "@" in text:
        return Spelling("alphanumeric", "", False, "an e-mail address, not a number")
    if match := _SCIENTIFIC.fullmatch(text):
        return _from_scientific(*match.groups(default=""))
    if _MASKED.fullmatch(text):
        return Spelling("spoiled", "", False, "digits are masked")
    if match := _FLOAT.fullmatch(text):
        text = match[1]
        notes.append("decimal .0 of a spreadsheet removed")
        if text.endswith("000"):
            notes.append("ends in 000: check that no spreadsheet rounded it")
    text = _LABEL.sub("", text, count=1) if _LABEL.match(text) else text
    if any(character.isalpha() for character in text):
        found = _NUMBER_AMONG_WORDS.findall(text)
        if len(found) != 1:
            return _letters(text, len(found))
        text = found[0]
        notes.append("words around the number left out")
    digits = _NOT_DIGIT.sub("", text)
    if not digits:
        return Spelling("invalid", "", False, "no digit in it")
    # Right-to-left text often shows the plus behind the number.
    plus = bool(_LEADING_PLUS.match(text)) or text.endswith("+")
    return Spelling("digits", digits, plus, "; ".join(notes))


def _western(text: str) -> str:
    """Digits of every script as 0-9, invisible marks gone, wide forms narrow."""
    out = []
    for character in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(character)
        if category == "Nd":
            out.append(str(unicodedata.decimal(character)))
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


def _letters(text: str, found: int) -> Spelling:
    """A sender's name, or a number too mixed with letters to be read without guessing."""
    if found > 1:
        return Spelling("invalid", "", False, "more than one number in the cell")
    if sum(character.isdigit() for character in text) >= 6:
        return Spelling("invalid", "", False, "letters among the digits")
    return Spelling("alphanumeric", "", False, "letters: a sender's name, not a number")
