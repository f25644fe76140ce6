"""What stands round bubbles on the screen of a telephone: who writes, on which day, at what time, and from which side a language is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from tasrib.complaints.exports.pictures.bubbles import Block, Box, Ink, Pixels, Scene, groups_of, ink_of, lines_of
from tasrib.complaints.exports.pictures.lines import certain_line
from tasrib.complaints.exports.pictures.reader import Reader
from tasrib.complaints.exports.pictures.words import alike, is_arabic
from tasrib.complaints.words import fold, reference

_VISIBLE = 0.3
# In parts of the picture's width: the least and greatest height of a line of text, the status bar, a break between two groups.
_LOW, _HIGH, _STATUS, _BREAK = 0.012, 0.16, 0.062, 0.03
_CENTRED = 0.05
_START = 0.24  # where a title begins behind an arrow and a face
_NEAR = 0.09  # how far below its bubble a time may stand
_SOLID = 0.62
_LETTERS = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Mark:
    """
    A few words outside bubbles.

    Attributes
    ----------
    box : Box
        Where.
    text : str
        What they say, without figures that are not certain; empty where two readings differ.
    """

    box: Box
    text: str


def words_outside(pixels: Pixels, scene: Scene, top: int, bottom: int, reader: Reader) -> list[Mark]:
    """
    Read what stands between and beside bubbles.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        The picture.
    scene : Scene
        Its rectangles.
    top, bottom : int
        The rows of the conversation.
    reader : callable
        Reads letters.

    Returns
    -------
    list of Mark
        From above.
    """
    width = pixels.shape[1]
    ink = ink_of(pixels, scene.page)
    margin = max(2, width // 150)
    for block in scene.blocks:
        box = block.box
        ink[max(box.y - margin, 0) : box.bottom + margin, max(box.x - margin, 0) : box.right + margin] = 0
    ink[:top], ink[bottom:] = 0, 0
    return [
        Mark(box, certain_line(ink[box.y : box.bottom, box.x : box.right], reader, is_whole=False))
        for box in _text_boxes(ink, width)
    ]


def _text_boxes(ink: Ink, width: int) -> list[Box]:
    found = []
    for start, stop in lines_of(ink, gap=0.3):
        if not _LOW * width <= stop - start <= _HIGH * width:
            continue
        for first, last in groups_of(ink[start:stop], _BREAK * width):
            rows = np.flatnonzero((ink[start:stop, first:last] > _VISIBLE).any(axis=1))
            if rows.size and last - first >= _LOW * width:
                found.append(Box(first, start + int(rows[0]), last - first, int(rows[-1] - rows[0] + 1)))
    return found


def title(pixels: Pixels, bottom: int, reader: Reader) -> tuple[str, Box | None]:
    """
    Read who writes, from the bar above a conversation.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        The picture.
    bottom : int
        Where the conversation begins.
    reader : callable
        Reads letters.

    Returns
    -------
    tuple of str and Box or None
        The largest words of the bar, empty where they cannot be read for certain, and where they stand.
    """
    width = pixels.shape[1]
    part = pixels[: min(bottom, int(0.45 * width))]
    # A bar has colours of its own; what most of a row has is what the words of the row stand on.
    middle = np.median(part, axis=1, keepdims=True)
    apart = np.abs(part.astype(np.int16) - middle.astype(np.int16)).max(axis=2).astype(np.float32)
    ink = np.clip(apart / max(float(np.percentile(apart, 99)), 60.0), 0, 1)
    ink[apart < 24] = 0
    ink[: int(_STATUS * width)] = 0
    best: tuple[float, str, Box | None] = (0.0, "", None)
    for start, stop in lines_of(ink, gap=0.3):
        for first, last in groups_of(ink[start:stop], _BREAK * width * 0.7):
            group = ink[start:stop, first:last]
            rows = np.flatnonzero((group > _VISIBLE).any(axis=1))
            if (
                not rows.size
                or last - first < 0.03 * width
                or (group[rows[0] : rows[-1] + 1] > _VISIBLE).mean() > _SOLID
            ):
                continue
            box = Box(first, start + int(rows[0]), last - first, int(rows[-1] - rows[0] + 1))
            if not _LOW * width <= box.h <= _HIGH * width:
                continue
            words = [
                certain_line(ink[line.y : line.bottom, line.x : line.right], reader) for line in _lines_within(ink, box)
            ]
            text = "".join(words) if any("@" in word for word in words) else " ".join(words)
            if "@" in text and "." not in text.partition("@")[2]:
                continue  # a dot is what goes lost first
            # The name is written larger than what stands below it.
            if all(words) and len(_LETTERS.findall(text)) > 1 and box.h / len(words) > best[0] * 1.15:
                best = (box.h / len(words), text, box)
    return best[1], best[2]


def _lines_within(ink: Ink, box: Box) -> list[Box]:
    part = ink[box.y : box.bottom, box.x : box.right]
    return [Box(box.x, box.y + start, box.w, stop - start) for start, stop in lines_of(part)]


def starts_right(where: Box | None, marks: list[str], blocks: list[Block], width: int) -> bool | None:
    """
    Tell whether the screen is read from the right, so that what was received stands there.

    Parameters
    ----------
    where : Box or None
        The title.
    marks : list of str
        Words of the telephone: dates, times, the field to write in.
    blocks : list of Block
        The bubbles.
    width : int
        Of the picture.

    Returns
    -------
    bool or None
        None where nothing shows it.
    """
    votes = 0.0
    if where is not None:
        before, behind = abs(where.x - _START * width), abs(width - where.right - _START * width)
        if abs(before - behind) > 0.04 * width:
            votes += 2 if behind < before else -2
    for text in marks:
        if len(re.findall(r"[^\W\d_]", text)) > 1 or re.search("[صم٠-٩]", text):
            votes += 0.75 if is_arabic(text) or re.search("[صم٠-٩]", text) else -0.75
    vivid = {side: max((_vivid(b.colour) for b in blocks if b.place == side), default=-1) for side in ("left", "right")}
    if min(vivid.values()) >= 0 and abs(vivid["left"] - vivid["right"]) > 12:
        votes += 1 if vivid["left"] > vivid["right"] else -1
    return None if votes == 0 else votes > 0


def _vivid(colour: tuple[int, int, int]) -> int:
    return max(colour) - min(colour)


def is_vivid(block: Block) -> bool:
    """Whether a bubble has a colour that programs give to what the owner wrote."""
    return _vivid(block.colour) > 60


def is_centred(box: Box, width: int) -> bool:
    """Whether something stands in the middle, as dates do."""
    return abs(box.x + box.w / 2 - width / 2) <= _CENTRED * width


def stands_at(mark: Box, block: Box, width: int) -> bool:
    """Whether words stand beside the end of a bubble, or just below it."""
    return block.bottom - 1.2 * mark.h - 0.01 * width <= mark.y + mark.h / 2 <= block.bottom + _NEAR * width


def is_field(text: str) -> bool:
    """Whether these are the words of the field where the owner would write."""
    said = fold(text).strip(" .…")
    lists = reference("phone_screens.toml")["field"].values()
    return any(alike(said, fold(word)) > 0.85 for words in lists for word in words)
