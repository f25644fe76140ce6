"""One line that no other supports, a name, a date or a time: figures are taken where two readers see the same ones, by their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tasrib.complaints.exports.pictures.bubbles import Ink
from tasrib.complaints.exports.pictures.moments import clock_of, day_of
from tasrib.complaints.exports.pictures.reader import ARABIC, BOTH, FRENCH, LINE, Reader, Word
from tasrib.complaints.exports.pictures.words import LINE_HEIGHTS, MARKS, WHITE_ROUND, Words, alike, joined, letters_of
from tasrib.complaints.words import ascii_digits

_SURE, _VERY_SURE = 60.0, 88.0
_LETTERS = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"\d+")
_FIGURES = re.compile(r"\d{1,2}|\d{4}|\d{1,2}[:.]\d{2}", re.ASCII)
_LATIN_HALF = re.compile(r"[ap]\.?m\.?", re.IGNORECASE)  # of which the Arabic reader makes م, whichever it is
_ARABIC_WORD = re.compile(r"[\u0621-\u064a]+")
_OTHER_HEIGHT = 54
_SURE_FIGURES, _SURE_WORD = 85.0, 70.0
_END = 0.03  # in parts of the line's width: what no word reaches at either end


@dataclass(frozen=True)
class _Seen:
    """A word and from where to where it stands, in parts of the line's width."""

    word: Word
    first: float
    last: float

    def lies_in(self, other: _Seen) -> bool:
        """Whether half of it does: the reader's places are loose, and a word's may hold the figure beside it."""
        return min(self.last, other.last) - max(self.first, other.first) > 0.5 * (self.last - self.first)


def certain_line(ink: Ink, reader: Reader, *, is_whole: bool = True) -> str:
    """
    Read a line of few words, which no other line supports.

    Parameters
    ----------
    ink : array of float32, shape (rows, columns)
        The line and nothing else.
    reader : callable
        Reads letters.
    is_whole : bool
        Whether a line of which the figures are not certain is none, as half a name is none; else its words are given without them.

    Returns
    -------
    str
        Empty where readings differ and none is sure.
    """
    seen = {languages: _seen(ink, reader, languages) for languages in (FRENCH, ARABIC, BOTH)}
    if put_together := _put_together(seen):
        return put_together
    read = {languages: joined([each.word for each in words]) for languages, words in seen.items()}
    found = {languages: each for languages, each in read.items() if _LETTERS.search(each.text)}
    if not found:
        return ""
    of_best, best = max(found.items(), key=lambda item: item[1].sure)
    numbers = _numbers(best)
    agree = sum(_agree(best, each) for each in found.values())
    if numbers and agree < 2 and of_best == FRENCH:
        # Figures that the Arabic reader makes nothing of, alone or beside the other: the same reader at another size is a witness too.
        agree += _agree(best, joined([each.word for each in _seen(ink, reader, FRENCH, _OTHER_HEIGHT)]))
    if best.sure < _VERY_SURE and (agree < 2 or best.sure < _SURE):
        return ""
    # The Arabic reader drops one of two figures and is sure of it, alone and beside the French one.
    is_certain = agree > 1 and _numbers(read[FRENCH]) == numbers and _reaches(seen[of_best])
    if not numbers or is_certain:
        return best.text
    return "" if is_whole else " ".join(word for word in best.text.split() if not _NUMBER.search(word))


def _seen(ink: Ink, reader: Reader, languages: str, height: float = 0.0) -> list[_Seen]:
    letters = letters_of(ink, ink.shape[0], height or LINE_HEIGHTS[languages])
    wide = max(letters.shape[1] - 2 * WHITE_ROUND, 1)
    words = reader(letters, languages, LINE)
    return [_Seen(word, (word.box.x - WHITE_ROUND) / wide, (word.box.right - WHITE_ROUND) / wide) for word in words]


def _put_together(seen: dict[str, list[_Seen]]) -> str:
    """An Arabic date or time: its figures as the French reader sees them, its words as the Arabic one does, and nothing left over."""
    figures: list[_Seen] = []
    rest: list[_Seen] = []
    for each in seen[FRENCH]:
        is_figure = _FIGURES.fullmatch(each.word.text) and each.word.confidence >= _SURE_FIGURES
        (figures if is_figure else rest).append(each)
    words: list[_Seen] = []
    for each in sorted(seen[ARABIC] + seen[BOTH], key=lambda each: -each.word.confidence):
        if (
            each.word.confidence >= _SURE_WORD
            and _ARABIC_WORD.fullmatch(MARKS.sub("", each.word.text))
            and not any(map(each.lies_in, figures + words))
        ):
            words.append(each)
    if any(_LATIN_HALF.fullmatch(each.word.text) for each in rest):
        return ""
    whole = sorted(figures + words, key=lambda each: -each.first - each.last)
    if not figures or not words or not _reaches(whole) or any(not any(map(each.lies_in, words)) for each in rest):
        return ""
    text = MARKS.sub("", " ".join(each.word.text for each in whole))
    return text if day_of(text) or clock_of(text) else ""


def _reaches(words: list[_Seen]) -> bool:
    """Whether words stand at both ends: a lone letter that was not read is ص or م."""
    return min(each.first for each in words) <= _END and max(each.last for each in words) >= 1 - _END


def _agree(one: Words, other: Words) -> bool:
    return _numbers(one) == _numbers(other) and alike(_bare(one.text), _bare(other.text)) >= 0.9


def _numbers(words: Words) -> list[str]:
    """In no order, which is another one in each reading."""
    return sorted(_NUMBER.findall(ascii_digits(words.text)))


def _bare(text: str) -> str:
    return "".join(_LETTERS.findall(ascii_digits(text))).casefold()
