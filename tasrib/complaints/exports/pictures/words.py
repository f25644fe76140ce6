"""
Words of a bubble, read several times.

Tesseract drops a line of one size that it reads well at another, and reads Latin letters among Arabic ones as Arabic. So a text is read at
several sizes in the language of most of its letters; words that this reader doubts are shown to the other one; and how far two readings agree
says more of what is wrong than the reader's own confidence does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from tasrib.complaints.exports.pictures.bubbles import Ink, lines_of
from tasrib.complaints.exports.pictures.reader import ARABIC, BLOCK, BOTH, FRENCH, LINE, Reader, Word

# Heights in pixels that a line is brought to; the first is that of the reading in both languages. Measured on letters of 15 to 17 points:
# Arabic is read best small, French at what print has at 300 dpi.
_FIRST_HEIGHT = 38
_HEIGHTS = {ARABIC: (26, 31, 38), FRENCH: (36, 46, 54)}
LINE_HEIGHTS = {ARABIC: 30, FRENCH: 42, BOTH: 38}
_LARGEST = 4.0
WHITE_ROUND = 14
# A word below this is shown to the other reader, who must be surer by so much, and as sure as the last.
_DOUBTED, _SURER, _LEAST = 75.0, 8.0, 70.0
# A hundredth of the ink that no word covers costs so many hundredths of the confidence: a line that was dropped is a tenth of it or more.
_UNCOVERED = 3.0
# Below it a line was dropped, or more.
_ALL = 0.95
_ORDER_UNKNOWN = _NUMBER_UNKNOWN = 70.0
# In parts of a line's height: between the middles of two lines, at least; of a figure, at most.
_TORN, _WIDE = 0.5, 0.9
_HIGH = 1.7  # of one line, with all that stands above and below its letters
_MIXED = 0.12  # of the letters, from which on two scripts are mixed
_OVERLAP = 6
_NUMBER = re.compile(r"\W?\d[\d.,:/\-]*\W?")
_ODD_IN_ARABIC = re.compile(r"[A-Za-z|\[\]{}<>@©®*=_\\/]")
_ARABIC_LETTER = re.compile(r"[\u0600-\u06ff\u0750-\u077f\ufb50-\ufefc]")
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Words:
    """
    A text as it was read once.

    Attributes
    ----------
    text : str
        Its lines, one after the other.
    sure : float
        The reader's confidence, 0 to 100, each word by its letters.
    covered : float
        How much of the ink lies in the words, 0 to 1.
    is_in_order : bool
        Whether no line was torn.
    """

    text: str
    sure: float
    covered: float = 1.0
    is_in_order: bool = True


def letters_of(ink: Ink, height: float, wanted: float) -> NDArray[np.uint8]:
    """
    Draw dark on white, at a size that the reader knows.

    Parameters
    ----------
    ink : array of float32, shape (rows, columns)
        From `tasrib.complaints.exports.pictures.bubbles.ink_of`.
    height, wanted : float
        Of a line, as it is and as it shall be, in pixels.

    Returns
    -------
    array of uint8
        With white round it.
    """
    from PIL import Image

    factor = min(wanted / max(height, 1), _LARGEST)
    dark = Image.fromarray(np.uint8(255 - 255 * np.clip(ink, 0, 1)))
    size = (max(1, round(dark.width * factor)), max(1, round(dark.height * factor)))
    return np.pad(np.asarray(dark.resize(size, Image.Resampling.LANCZOS)), WHITE_ROUND, constant_values=255)


def read_words(ink: Ink, height: float, reader: Reader) -> tuple[str, float]:
    """
    Read the text of a bubble.

    Parameters
    ----------
    ink : array of float32, shape (rows, columns)
        Letters and nothing else.
    height : float
        Of a line, in pixels.
    reader : callable
        Reads letters.

    Returns
    -------
    tuple of str and float
        The text, and the confidence, 0 to 100: the least of the reader's own, of how far the two best readings agree, and of how much of the
        ink they cover.
    """
    first = _once(ink, height, _FIRST_HEIGHT, BOTH, reader)[0]
    language, other = (ARABIC, FRENCH) if is_arabic(first.text) else (FRENCH, ARABIC)
    found = []
    for wanted in _HEIGHTS[language]:
        once, words = _once(ink, height, wanted, language, reader)
        found.append((once.sure * _whole(once), wanted, once, words))
    found.sort(key=lambda each: each[0], reverse=True)
    best, second = (
        _shown_to_other(words, once, ink, height, wanted, other, reader) for _, wanted, once, words in found[:2]
    )
    agreed = 100 * alike(best.text, second.text)
    if _is_mixed(best.text) or not best.is_in_order:
        # Each reader puts words of two scripts in one order every time, right or wrong, so that agreement shows nothing.
        agreed = min(agreed, _ORDER_UNKNOWN)
    return best.text, min(best.sure, agreed, 100 * _whole(best))


def read_line(ink: Ink, height: float, reader: Reader, languages: str = BOTH) -> Words:
    """
    Read one line.

    Parameters
    ----------
    ink, height, reader
        As for `read_words`.
    languages : str
        Of the reader.

    Returns
    -------
    Words
        What it says.
    """
    return joined(reader(letters_of(ink, height, LINE_HEIGHTS[languages]), languages, LINE))


def is_arabic(text: str) -> bool:
    """Whether most letters are Arabic."""
    return len(_ARABIC_LETTER.findall(text)) > len(_LATIN_LETTER.findall(text))


def _whole(words: Words) -> float:
    return max(0.0, 1 - _UNCOVERED * (1 - words.covered))


def _is_mixed(text: str) -> bool:
    counts = len(_ARABIC_LETTER.findall(text)), len(_LATIN_LETTER.findall(text))
    return min(counts) > _MIXED * sum(counts)


def alike(one: str, other: str) -> float:
    """How far two texts are the same, 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _once(ink: Ink, height: float, wanted: float, languages: str, reader: Reader) -> tuple[Words, list[Word]]:
    letters = letters_of(ink, height, wanted)
    first = _seen(reader(letters, languages, BLOCK), letters, wanted)
    is_torn = _is_torn(first[1])
    if not is_torn and first[0].covered >= _ALL:
        return first
    again = _seen(_line_by_line(ink, height, wanted, languages, reader), letters, wanted)
    if is_torn:
        return again if again[0].sure >= _LEAST else (replace(first[0], is_in_order=False), first[1])
    return again if again[0].sure * _whole(again[0]) > first[0].sure * _whole(first[0]) else first


def _seen(words: list[Word], letters: NDArray[np.uint8], wanted: float) -> tuple[Words, list[Word]]:
    words = [replace(word, confidence=0.0) if _lacks_figures(word, wanted) else word for word in words]
    dark = letters < 160
    within = np.zeros_like(dark)
    for word in words:
        within[word.box.y : word.box.bottom, word.box.x : word.box.right] = True
    covered = float((dark & within).sum() / max(dark.sum(), 1))
    return Words(_text(words), _sure(words), covered), words


def _is_torn(words: list[Word]) -> bool:
    """Whether two lines of the reader stand beside each other: it tears a long line over a short one, and puts the left part first."""
    spans = []
    for _, some in groupby(words, key=lambda word: word.line):
        middles, heights = zip(*((word.box.y + word.box.h / 2, word.box.h) for word in some), strict=True)
        spans.append((median(middles), median(heights)))
    return any(low[0] - high[0] < _TORN * max(high[1], low[1]) for high, low in pairwise(spans))


def _line_by_line(ink: Ink, height: float, wanted: float, languages: str, reader: Reader) -> list[Word]:
    factor, margin = min(wanted / max(height, 1), _LARGEST), round(0.12 * height)
    lines = lines_of(ink)
    if any(stop - start > _HIGH * height for start, stop in lines):
        return []  # they touch each other
    found = []
    for number, (start, stop) in enumerate(lines):
        first = max(start - margin, 0)
        for word in reader(letters_of(ink[first : stop + margin], height, wanted), languages, LINE):
            box = replace(word.box, y=word.box.y + round(first * factor))
            found.append(replace(word, line=(1, 1, number), box=box))
    return found


def _lacks_figures(word: Word, wanted: float) -> bool:
    """Whether a number is wider than its figures: the Arabic reader makes 0 of 1.207,30 and is sure of it."""
    return bool(_NUMBER.fullmatch(word.text)) and word.box.w > _WIDE * wanted * len(word.text)


def _shown_to_other(
    words: list[Word], once: Words, ink: Ink, height: float, wanted: float, other: str, reader: Reader
) -> Words:
    """The same, with what the other reader is surer of."""
    factor = min(wanted / max(height, 1), _LARGEST)
    mended: list[Word] = []
    for is_doubted, some in _runs(words, other):
        seen = _seen_by_other(some, words, ink, height, factor, other, reader) if is_doubted else []
        mended += seen if seen and _sure(seen) > max(_sure(some) + _SURER, _LEAST) else some
    # A number that nobody read is a small part of the letters, and often what matters.
    sure = (
        min(_sure(mended), _NUMBER_UNKNOWN) if any(_lacks_figures(word, wanted) for word in mended) else _sure(mended)
    )
    return replace(once, text=_text(mended), sure=sure)


def _runs(words: list[Word], other: str) -> Iterator[tuple[bool, list[Word]]]:
    odd = _ODD_IN_ARABIC if other == FRENCH else _ARABIC_LETTER
    for (_, is_doubted), some in groupby(
        words, key=lambda word: (word.line, word.confidence < _DOUBTED or bool(odd.search(word.text)))
    ):
        yield is_doubted, list(some)


def _seen_by_other(
    some: list[Word], words: list[Word], ink: Ink, height: float, factor: float, other: str, reader: Reader
) -> list[Word]:
    """What the other reader makes of words, and of all that lies between those beside them."""
    left, right = min(word.box.x for word in some), max(word.box.right for word in some)
    beside = [word.box for word in words if word.line == some[0].line and word not in some]
    behind = [box.right for box in beside if box.right <= left + _OVERLAP]
    before = [box.x for box in beside if box.x >= right - _OVERLAP]
    first = max(behind) if behind else 0
    last = min(before) if before else ink.shape[1] * factor + 2 * WHITE_ROUND
    top, low = min(word.box.y for word in some), max(word.box.bottom for word in some)
    margin = 0.12 * height
    rows = slice(max(int((top - WHITE_ROUND) / factor - margin), 0), int((low - WHITE_ROUND) / factor + margin) + 1)
    columns = slice(max(int((first - WHITE_ROUND) / factor) + 1, 0), max(int((last - WHITE_ROUND) / factor), 1))
    part = ink[rows, columns]
    if not part.size:
        return []
    seen = reader(letters_of(part, height, _HEIGHTS[other][1]), other, LINE)
    text = _text(seen)
    letter = _ARABIC_LETTER if other == ARABIC else _LATIN_LETTER
    # Lone letters are what strokes of the other script look like.
    is_number = bool(_NUMBER.fullmatch(text)) and any(_NUMBER.fullmatch(word.text) for word in some)
    if len(letter.findall(text)) < 2 and not is_number:
        return []
    return [Word(word.text, word.confidence, some[0].line, word.box) for word in seen]


def joined(words: list[Word]) -> Words:
    """Words of a line as one text."""
    return Words(_text(words), _sure(words))


def _text(words: list[Word]) -> str:
    lines = (" ".join(word.text for word in line) for _, line in groupby(words, key=lambda word: word.line))
    return " ".join(MARKS.sub("", " ".join(lines)).split())


def _sure(words: list[Word]) -> float:
    letters = sum(len(word.text) for word in words)
    return sum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0
