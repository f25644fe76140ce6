"""What is written in a bubble: its letters made dark on white at a size that the reader knows, read twice, and how far both readings agree."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tasrib.complaints.exports.pictures.bubbles import Block, Ink, Pixels, groups_of, ink_within, lines_of
from tasrib.complaints.exports.pictures.lines import certain_line
from tasrib.complaints.exports.pictures.reader import BOTH, FRENCH, Reader
from tasrib.complaints.exports.pictures.words import read_line, read_words
from tasrib.complaints.words import ascii_digits

_CLOCK = re.compile(r"\d{1,2}\s?[:.]\s?\d{2}(?:\s?[ap]\.?m\.?|\s?[صم])?", re.IGNORECASE)
_VISIBLE = 0.25
# Of a stamp beside the last line: fainter or smaller than letters of the message, and this far from them.
_FAINTER, _SMALLER, _APART = 0.86, 0.84, 0.35
_STAMP_WIDTH = 0.6
# An emoji: as high as a line, as wide as high, mostly filled, and of another colour than the letters.
_EMOJI_HEIGHT, _EMOJI_FILLED, _EMOJI_COLOUR = 0.75, 0.6, 70


@dataclass(frozen=True)
class Reading:
    """
    What was read in a bubble.

    Attributes
    ----------
    text : str
        With line breaks only where the message has them, as far as its lines show it.
    confidence : float
        0 to 100: the reader's own, bounded by how far two readings agree.
    stamp : str
        The time that stands in the bubble, as it was read; empty where none does, and where it is not certain.
    n_emojis : int
        Small pictures among the letters, which were not read.
    is_cut : bool
        Whether letters touch the upper or lower edge.
    """

    text: str
    confidence: float
    stamp: str = ""
    n_emojis: int = 0
    is_cut: bool = False


def read_block(pixels: Pixels, block: Block, reader: Reader) -> Reading:
    """
    Read a bubble.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        The picture.
    block : Block
        The bubble.
    reader : callable
        `tasrib.complaints.exports.pictures.reader.tesseract`, or another of its kind.

    Returns
    -------
    Reading
        What is in it.
    """
    part = block.box.of(pixels)
    ink = ink_within(pixels, block)
    lines = lines_of(ink)
    if not lines:
        return Reading("", 0.0)
    height = _usual(lines)
    ink, n_emojis = _without_emojis(ink, part, height)
    is_cut = _is_cut(ink, height)
    stamp, ink = _take_stamp(ink, lines, height, reader)
    lines = lines_of(ink)
    if not lines:
        return Reading("", 0.0, stamp, n_emojis, is_cut)
    rows, columns = np.flatnonzero((ink > _VISIBLE).any(axis=1)), np.flatnonzero((ink > _VISIBLE).any(axis=0))
    text, confidence = read_words(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], height, reader)
    return Reading(text, confidence, stamp, n_emojis, is_cut)


def _usual(lines: list[tuple[int, int]]) -> float:
    heights = [stop - start for start, stop in lines]
    # Lines that touch each other count as one that is too high, a lone comma as one that is too low.
    return float(np.median([height for height in heights if height > 0.5 * max(heights)]))


def _is_cut(ink: Ink, height: float) -> bool:
    rows = np.flatnonzero((ink > 0.3).any(axis=1))
    return bool(rows.size) and (rows[0] < 0.12 * height or ink.shape[0] - 1 - rows[-1] < 0.12 * height)


def _without_emojis(ink: Ink, part: Pixels, height: float) -> tuple[Ink, int]:
    strong = ink > 0.75
    if not strong.any():
        return ink, 0
    letters = np.median(part[strong].reshape(-1, 3), axis=0)
    labels, _ = ndimage.label(ink > 0.12)
    kept, count = ink.copy(), 0
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        h, w = (side.stop - side.start for side in place)
        if not (_EMOJI_HEIGHT * height <= h <= 2 * height and 0.7 * h <= w <= 1.8 * h):
            continue
        mine = labels[place] == number
        if ndimage.binary_fill_holes(mine).mean() < _EMOJI_FILLED:
            continue
        apart = np.abs(part[place][mine].astype(np.float32) - letters)
        hues = part[place][mine].astype(np.int16)
        coloured = (hues.max(axis=1) - hues.min(axis=1)) > _EMOJI_COLOUR
        if coloured.mean() > 0.3 and (apart.max(axis=1) > _EMOJI_COLOUR).mean() > 0.5:
            kept[place][mine] = 0
            count += 1
    return kept, count


def _take_stamp(ink: Ink, lines: list[tuple[int, int]], height: float, reader: Reader) -> tuple[str, Ink]:
    """The time at the end of the last line, or on a line of its own, and what is left without it."""
    start, stop = lines[-1]
    line = ink[start:stop]
    groups = groups_of(line, _APART * height)
    if not groups:
        return "", ink
    body = ink[: lines[-1][0]] if len(lines) > 1 else line
    strong = float(np.percentile(body[body > _VISIBLE], 90)) if (body > _VISIBLE).any() else 1.0
    for from_right in (True, False):
        taken = _faint_groups(line, groups if not from_right else groups[::-1], strong, height)
        if not taken:
            continue
        first, last = min(group[0] for group in taken), max(group[1] for group in taken)
        if last - first > _STAMP_WIDTH * ink.shape[1] and ink.shape[1] > 8 * height:
            continue
        rows = np.flatnonzero((line[:, first:last] > _VISIBLE).any(axis=1))
        part = line[rows[0] : rows[-1] + 1, first:last]
        padded = np.pad(part, ((0, 0), (2, 2)))
        # With Arabic in the pair of languages figures go lost.
        readings = (ascii_digits(read_line(padded, part.shape[0], reader, each).text) for each in (BOTH, FRENCH))
        clock = any(map(_CLOCK.search, readings))
        if clock or (_is_small(line[:, first:last], height) and _is_faint(line[:, first:last], strong)):
            left = ink.copy()
            left[start:stop, first:last] = 0
            return certain_line(part, reader) if clock else "", left
    return "", ink


def _faint_groups(line: Ink, groups: list[tuple[int, int]], strong: float, height: float) -> list[tuple[int, int]]:
    taken = []
    for first, last in groups:
        part = line[:, first:last]
        if not (_is_small(part, height) or _is_faint(part, strong)):
            break
        taken.append((first, last))
    return taken


def _is_small(part: Ink, height: float) -> bool:
    rows = np.flatnonzero((part > _VISIBLE).any(axis=1))
    return bool(rows.size) and rows[-1] + 1 - rows[0] < _SMALLER * height


def _is_faint(part: Ink, strong: float) -> bool:
    return float(np.percentile(part[part > _VISIBLE], 90)) < _FAINTER * strong
