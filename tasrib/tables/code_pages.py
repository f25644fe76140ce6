"""Which 8-bit code page a text was written in, by the words that each would make of its bytes."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache

from tasrib._resources import resource

# What office computers, gateways and old systems write here; the first of those that read equally well is taken.
_PAGES = {
    "cp1252": "Windows-1252 (Western)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859-6": "ISO 8859-6 (Arabic)",
    "iso8859-15": "ISO 8859-15 (Western)",
    "cp720": "DOS 720 (Arabic)",
    "cp864": "IBM 864 (Arabic)",
    "mac_roman": "Mac Roman (Western)",
    "mac_arabic": "Mac Arabic",
    "cp858": "DOS 850 (Western)",
    "cp437": "DOS 437 (Western)",
}
# It has each letter in its shapes, so that any bytes make Arabic words.
_LIKELY = {"cp864": 0.7}
SAMPLE = 200_000  # bytes that are looked at
_WORD = re.compile(r"[^\W\d_]+")
_SIGNS = frozenset("«»“”‘’…–—•·°€£©®™،؛؟ـ\u200c\u200d\u200e\u200f\u202a\u202b\u202c²³½¼§¶´`×÷¿¡ªº")
# Vowel signs; Arabic words are often written with one or two of them.
_VOWELS = re.compile("[\u064b-\u0655\u0670]+")
# A blank that does not break stands here and there; in the place of every blank it is another page's plain one.
_UNBROKEN = "\u00a0"
_FRACTION = re.compile(r"[^\W\d_][¹²³½¼¾]|[½¼¾][^\W\d_]")
# Of the letters in the order of their frequency: so many are common, so many are usual.
_COMMON, _USUAL = 10, 22
_ARTICLES = ("ال", "لل", "لا")
_RARE_WEIGHT, _WEIGHT, _COMMON_WEIGHT = 0.4, 1.0, 1.3


@cache
def _weights() -> tuple[dict[str, float], dict[str, float]]:
    """How much each Arabic and each Western letter speaks for its page; those that no French word has do so little."""
    with resource("reference", "letters.toml").open("rb") as file:
        known = tomllib.load(file)
    arabic = {
        letter: _COMMON_WEIGHT if place < _COMMON else _WEIGHT if place < _USUAL else _RARE_WEIGHT
        for place, letter in enumerate(known["arabic"]["letters"])
    }
    western = {letter: _RARE_WEIGHT for letter in "äöüñáíóúæÿ"} | dict.fromkeys(known["french"]["letters"], _WEIGHT)
    return arabic, western | {letter.upper(): weight for letter, weight in western.items()}


def page_name(page: str) -> str:
    """
    Say an encoding.

    Parameters
    ----------
    page : str
        Python's name of it.

    Returns
    -------
    str
        As people know it.
    """
    return _PAGES.get(page, page)


def best_page(data: bytes) -> str:
    """
    Choose the code page of a text.

    The pages share much: é, è, à stand alike in the Western and the Arabic page of Windows, and most Arabic letters alike in others. What
    tells them apart are words: in the right page a word is all Arabic or all Latin; in a wrong one Latin accents stand in Arabic words,
    an Arabic letter in a French one (its capitals, É and À), or signs that nobody types between letters.

    Parameters
    ----------
    data : bytes
        Lines that are no UTF-8.

    Returns
    -------
    str
        Python's name of the code page.
    """
    sample = data[:SAMPLE]
    return max(_PAGES, key=lambda page: merit(sample.decode(page, "replace")) * _LIKELY.get(page, 1.0))


def merit(text: str) -> float:
    """
    Weigh how well a text reads.

    Parameters
    ----------
    text : str
        Bytes read in some code page.

    Returns
    -------
    float
        Letters in words of one script, the frequent ones for more, less those in words of two and signs that nobody types; 0 for plain
        ASCII.
    """
    arabic, western = _weights()
    text = _VOWELS.sub("", text)
    found = 0.0
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        if word.isascii():
            continue
        if all("\u0621" <= letter <= "\u064a" for letter in word):
            if len(word) > 1:
                found += sum(arabic.get(letter, _RARE_WEIGHT) for letter in word) + 2 * word.startswith(_ARTICLES)
        elif all(letter.isascii() or letter in western for letter in word):
            # A capital within a word is read from another page's small letter ("SociŽtŽ" and "SociÈtÈ").
            sound = word[1:].islower() or word.isupper() or len(word) == 1
            found += sum(_WEIGHT if letter.isascii() else western[letter] for letter in word) if sound else -len(word)
        else:
            found -= 2 * len(word)
    odd = sum(not sign.isascii() and not sign.isalnum() and sign not in _SIGNS for sign in text if sign != _UNBROKEN)
    unbroken = max(text.count(_UNBROKEN) - text.count(" "), 0)
    return found - 2 * odd - 2 * len(_FRACTION.findall(text)) - unbroken
