"""Screens of telephones drawn with rectangles for bubbles and bars for words, and a reader that knows what stands where."""

import io

import numpy as np
from PIL import Image

from tasrib.complaints.exports.pictures.bubbles import Box
from tasrib.complaints.exports.pictures.reader import ARABIC, BOTH, FRENCH, Word
from tasrib.complaints.exports.pictures.words import WHITE_ROUND

LIGHT = {"page": (255, 255, 255), "received": (240, 240, 240), "sent": (200, 225, 250), "ink": (20, 20, 20)}
DARK = {"page": (12, 12, 12), "received": (40, 42, 44), "sent": (10, 70, 150), "ink": (235, 235, 235)}
WIDTH, HEIGHT = 384, 780
RECEIVED, SENT = "received", "sent"


def screen(bubbles, theme=LIGHT, mirrored=False, density=1, n_words=4):
    """Bubbles as (kind, top, n_lines), received on the left; each line has words that are bars."""
    pixels = np.empty((HEIGHT, WIDTH, 3), np.uint8)
    pixels[:] = theme["page"]
    for kind, top, n_lines in bubbles:
        left = 12 if kind == RECEIVED else WIDTH - 12 - 250
        _rounded(pixels, left, top, 250, 16 + 22 * n_lines, theme[kind])
        for line in range(n_lines):
            for word in range(n_words):
                y, x = top + 10 + 22 * line, left + 14 + 55 * word
                pixels[y : y + 14, x : x + 44 : 4] = theme["ink"]
                pixels[y : y + 2, x : x + 44] = theme["ink"]
    return np.ascontiguousarray((pixels[:, ::-1] if mirrored else pixels).repeat(density, 0).repeat(density, 1))


def _rounded(pixels, left, top, width, height, colour, radius=12):
    rows, columns = np.mgrid[:height, :width]
    away = np.hypot(
        np.maximum(np.maximum(radius - columns, columns - width + 1 + radius), 0),
        np.maximum(np.maximum(radius - rows, rows - height + 1 + radius), 0),
    )
    pixels[top : top + height, left : left + width][away <= radius] = colour


def as_file(pixels, kind="PNG", **how):
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, kind, **how)
    return data.getvalue()


def saying(text, confidence=95.0, calls=None):
    """A reader that reads the same in everything, one letter as wide as another."""

    def reader(letters, languages, mode):
        if calls is not None:
            calls.append((languages, mode, letters))
        high, wide = letters.shape
        words, first = [], 0
        for word in text.split():
            last = first + len(word) + 1
            start, stop = (wide * at // (len(text) + 1) for at in (first, last))
            words.append(Word(word, confidence, (1, 1, 1), Box(start, 0, stop - start, high)))
            first = last
        return words

    return reader


def recorded(french, arabic, both, again=None):
    """A reader that reads a line as it was once read by each: words with confidence and place, in parts of the line's width."""
    sizes = []

    def reader(letters, languages, mode):
        sizes.append(letters.shape[0])
        words = {FRENCH: french, ARABIC: arabic, BOTH: both}[languages]
        if again is not None and languages == FRENCH and letters.shape[0] > sizes[0]:
            words = again
        wide, high = letters.shape[1] - 2 * WHITE_ROUND, letters.shape[0] - 2 * WHITE_ROUND
        return [
            Word(text, sure, (1, 1, 1), Box(WHITE_ROUND + round(first * wide), WHITE_ROUND, round((last - first) * wide), high))
            for text, sure, first, last in words
        ]  # fmt: skip

    return reader
