"""Which 8-bit code page a text was written in, by the words that each would make of its bytes."""

from __future__ import annotations

import re
import unicodedata

# What office computers, gateways and old systems write here; the first of those that read equally well is taken.
_PAGES = {
    "cp1252": "Windows-1252 (Western)",
    "cp1256": "Windows-1256 (Arabic)",
    "iso8859-6": "ISO 8859-6 (Arabic)",
    "cp720": "DOS 720 (Arabic)",
    "cp864": "IBM 864 (Arabic)",
    "mac_roman": "Mac Roman (Western)",
    "cp850": "DOS 850 (Western)",
    "cp437": "DOS 437 (Western)",
}
_SAMPLE = 200_000
_WORD = re.compile(r"[^\W\d_]+")
_ACCENTED = frozenset("àâäçéèêëîïôöùûüÿœæñáíóúÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŒÆÑ")
_SIGNS = frozenset("«»“”‘’…–—•·°€£©®™،؛؟ـ\u00a0\u200c\u200d\u200e\u200f\u202a\u202b\u202c²³½¼§¶´`×÷¿¡ªº")


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
    sample = data[:_SAMPLE]
    return max(_PAGES, key=lambda page: merit(sample.decode(page, "replace")))


def merit(text: str) -> int:
    """
    Weigh how well a text reads.

    Parameters
    ----------
    text : str
        Bytes read in some code page.

    Returns
    -------
    int
        Letters in words of one script, less those in words of two and signs that nobody types; 0 for plain ASCII.
    """
    found = 0
    for word in _WORD.findall(unicodedata.normalize("NFKC", text)):
        arabic = sum("\u0621" <= letter <= "\u064a" for letter in word)
        latin = sum(letter.isascii() or letter in _ACCENTED for letter in word)
        if word.isascii():
            continue
        if arabic == len(word):
            found += len(word) + 2 * word.startswith("ال") if len(word) > 1 else 0
        elif latin == len(word):
            # A capital within a word is read from another page's small letter ("SociŽtŽ" and "SociÈtÈ").
            found += len(word) if word[1:].islower() or word.isupper() or len(word) == 1 else -len(word)
        else:
            found -= 2 * len(word)
    odd = sum(not sign.isascii() and not sign.isalnum() and sign not in _SIGNS for sign in text)
    return found - 2 * odd
