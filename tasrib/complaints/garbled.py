"""Messages whose letters were spoiled on the way: put back where it is certain, known as lost where nothing is left of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasrib.complaints.code_pages import undo_arabic_page, undo_utf8
from tasrib.complaints.escapes import UNDO

# Exports pass through several hands, and each may spoil the letters once more.
_MOST_ROUNDS = 6

_WORD = re.compile(r"\S+")
# What programs write for a letter that their code page lacks. A question mark is one of them, and a sign that people write.
_STAND_INS = "?\ufffd□▯¿\x1a￿⍰"
_SIGNS = re.compile(rf"[{_STAND_INS}.,;:!()«»\"'،؛/-]+")
_NEVER_WRITTEN = re.compile("[\ufffd□▯\x1a￿⍰]")
_LETTER = re.compile(r"[^\W\d_]")
# First bytes of UTF-8's Arabic letters in the pages of Windows, where the second ones are gone.
_HALF_LETTERS = ("ØÙ", "طظ")
# Most messages have none of them, and their letters.
_TELLING = re.compile(f"[{_STAND_INS}{''.join(_HALF_LETTERS)}]")


@dataclass(frozen=True)
class Repaired:
    """
    A text and what was put in order in it.

    Attributes
    ----------
    text : str
        The text that was meant.
    undone : tuple of str
        Codes of what was undone, each once, in order: ``mojibake``, ``code_page``, ``entities``, ``tags``, ``backslash_u``,
        ``encoded_word``, ``quoted_printable``, ``percent``, ``ucs2_hex``, ``base64``, ``utf7``, ``surrogates``. Empty where the text
        is as it was received.
    """

    text: str
    undone: tuple[str, ...] = ()


def repair(text: str) -> Repaired:
    """
    Put spoiled letters in order, where there is one reading and no other.

    Parameters
    ----------
    text : str
        A text as it stands in a file.

    Returns
    -------
    Repaired
        Undone are readings in a wrong code page, one upon the other too, and letters written as codes. A text that is sound comes back
        as it is.
    """
    undone: list[str] = []
    for _ in range(_MOST_ROUNDS):
        code, better = _one_round(text)
        if not code:
            break
        undone.append(code)
        text = better
    return Repaired(text, tuple(dict.fromkeys(undone)))


def letters_lost(text: str) -> bool:
    """
    Tell a text whose letters are gone from one that asks a question.

    Parameters
    ----------
    text : str
        A text, repaired where it could be.

    Returns
    -------
    bool
        True where most words are only signs that stand in for letters (``????? ??? ????``, U+FFFD, boxes), or half of each letter is
        left. A message with question marks behind its words has its letters.
    """
    if _TELLING.search(text) is None:
        return False
    words = _WORD.findall(text)
    stand_ins = list(filter(_stands_in, words))
    lettered = [word for word in words if _LETTER.search(word)]
    never_written = len(_NEVER_WRITTEN.findall(text))
    letters = len(_LETTER.findall(text))
    if never_written >= 3 and never_written >= letters / 2:
        return True
    for halves in _HALF_LETTERS:
        counts = [text.count(half) for half in halves]
        if min(counts) >= 2 and sum(counts) > max(5, 0.45 * letters):
            return True
    # People repeat a sign, alone or behind a word; letters that were lost leave words of many lengths.
    lengths = {len(word) for word in stand_ins}
    if not lettered:
        return len(stand_ins) >= 2 and len(lengths) >= 2 and sum(map(len, stand_ins)) >= 5
    return len(stand_ins) >= 3 and len(lengths) >= 2 and len(stand_ins) > len(lettered)


def signs_of_loss(word: str) -> int:
    """
    Count what `letters_lost` goes by in one word.

    Parameters
    ----------
    word : str
        A part of a text between blanks.

    Returns
    -------
    int
        How many signs stand in for letters. Of a text with fewer than 2 in all its words the letters are not lost.
    """
    if _TELLING.search(word) is None:
        return 0
    stand_ins = sum(map(_stands_in, _WORD.findall(word)))
    halves = sum(word.count(half) for half in "".join(_HALF_LETTERS))
    return stand_ins + len(_NEVER_WRITTEN.findall(word)) + halves


def _stands_in(word: str) -> bool:
    return _SIGNS.fullmatch(word) is not None and any(sign in word for sign in _STAND_INS)


def _one_round(text: str) -> tuple[str, str]:
    for code, undo in UNDO:
        better = undo(text)
        if better != text:
            return code, better
    if not text.isascii():
        better = undo_utf8(text)
        if better != text:
            return "mojibake", better
    if not text.isascii() or "\x00" in text or "\x06" in text:
        better = undo_arabic_page(text)
        if better != text:
            return "code_page", better
    return "", text
