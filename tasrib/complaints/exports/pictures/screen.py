"""A picture of a telephone as messages: each bubble that was received, with its sender and moment, how sure its text is and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from tasrib.complaints.exports.pictures.bubbles import Block, Box, Ink, Pixels, Scene, ink_within, lines_of, look
from tasrib.complaints.exports.pictures.lines import certain_line
from tasrib.complaints.exports.pictures.marks import (
    Mark,
    is_centred,
    is_field,
    is_vivid,
    stands_at,
    starts_right,
    title,
    words_outside,
)
from tasrib.complaints.exports.pictures.moments import clock_of, day_of
from tasrib.complaints.exports.pictures.reader import Reader
from tasrib.complaints.exports.pictures.text import Reading, read_block
from tasrib.complaints.exports.pictures.words import read_line
from tasrib.complaints.words import fold, reference

_FACE = 0.17  # of the width: round pictures of people are squares, smaller than this
_STRIP = 0.9  # a picture without bubbles is a piece of one where it is lower than this, in parts of its width
_PLAIN = 0.6  # and mostly of one colour
_SAME_PAGE = 5
_LAST = 0.80  # of the height, below which the field to write in lies


@dataclass(frozen=True)
class Shown:
    """
    A bubble.

    Attributes
    ----------
    box : Box
        Where it stands, in pixels of its page.
    kind : str
        ``received``, ``sent``, ``unknown`` (either) or ``program``.
    reading : Reading
        What is in it; of what was sent nothing is read.
    sender, received_at : str
        Empty where the picture does not say it for certain; `received_at` is ISO 8601, a bare date where no time is shown.
    channel : str
        ``whatsapp`` where the page has a colour of that program, else ``sms``.
    """

    box: Box
    kind: str
    reading: Reading
    sender: str
    received_at: str
    channel: str


def holds_messages(pixels: Pixels) -> bool:
    """
    Tell, before anything is read, whether a picture may show messages.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        A picture.

    Returns
    -------
    bool
        Whether there are bubbles on it, or it is a piece of one.
    """
    return bool(_bubbles(look(pixels), pixels))


def read_screen(pixels: Pixels, reader: Reader) -> Iterator[Shown]:
    """
    Read a picture of a telephone.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3)
        The picture.
    reader : callable
        Reads letters.

    Yields
    ------
    Shown
        Each bubble, from above; neither dates nor the field to write in.
    """
    scene = look(pixels)
    height, width = pixels.shape[:2]
    blocks = _bubbles(scene, pixels)
    channel = "whatsapp" if _is_whatsapp(scene) else "sms"
    talk = [block for block in blocks if block.place in ("left", "right")]
    fields = [block for block in talk if block.box.y > _LAST * height and len(lines_of(ink_within(pixels, block))) == 1]
    field = next(((block, text) for block in reversed(fields) if is_field(text := _line(pixels, block, reader))), None)
    if field:
        talk = [block for block in talk if block is not field[0] and block.box.y < field[0].box.y]
    if not talk:
        yield from _alone(pixels, [block for block in blocks if block.place == "card"], channel, reader)
        return
    pills = [Mark(b.box, _certain(pixels, b, reader)) for b in scene.blocks if b.place == "pill"]
    bottom = field[0].box.y if field else height
    first = min([talk[0].box.y, *(pill.box.y for pill in pills)])
    sender, where = title(pixels, first, reader)
    top = (where.bottom if where else 0) + width // 60
    marks = sorted([*words_outside(pixels, scene, top, bottom, reader), *pills], key=lambda mark: mark.box.y)
    words = [mark.text for mark in marks] + ([field[1]] if field else [])
    rtl = starts_right(where, words, talk, width)
    day: tuple[dt.date, dt.time | None] | None = None
    dates = [mark for mark in marks if is_centred(mark.box, width)]
    for block in talk:
        above = [mark for mark in dates if mark.box.bottom <= block.box.y]
        day = day_of(above[-1].text) if above else None
        kind = _side(block, rtl)
        if kind == "sent":
            yield Shown(block.box, kind, Reading("", 0.0), "", "", channel)
            continue
        reading = read_block(pixels, block, reader)
        beside = [mark.text for mark in marks if mark not in dates and stands_at(mark.box, block.box, width)]
        time = clock_of(reading.stamp) or next(filter(None, map(clock_of, beside)), None)
        yield Shown(block.box, kind, reading, sender, _moment(day, time), channel)


def _bubbles(scene: Scene, pixels: Pixels) -> list[Block]:
    height, width = pixels.shape[:2]
    found = [block for block in scene.blocks if block.place != "pill" and not _is_face(block, width)]
    if found or height > _STRIP * width:
        return found
    plain = np.abs(pixels[::3, ::3].astype(np.int16) - np.asarray(scene.page, np.int16)).max(axis=2) <= _SAME_PAGE
    whole = Block(Box(0, 0, width, height), scene.page, "card")
    return [whole] if plain.mean() >= _PLAIN and lines_of(ink_within(pixels, whole)) else []


def _is_face(block: Block, width: int) -> bool:
    return block.box.w < _FACE * width and 0.8 <= block.box.w / block.box.h <= 1.25


def _is_whatsapp(scene: Scene) -> bool:
    pages = reference("phone_screens.toml")["whatsapp"]["pages"]
    return any(
        max(abs(one - other) for one, other in zip(page, scene.page, strict=True)) <= _SAME_PAGE for page in pages
    )


def _side(block: Block, rtl: bool | None) -> str:
    if rtl is None:
        return "unknown" if is_vivid(block) else "received"
    return "received" if (block.place == "right") == rtl else "sent"


def _moment(day: tuple[dt.date, dt.time | None] | None, time: dt.time | None) -> str:
    if day is None:
        return ""
    at = time or day[1]
    return day[0].isoformat() if at is None else dt.datetime.combine(day[0], at).isoformat(timespec="minutes")


def _line(pixels: Pixels, block: Block, reader: Reader) -> str:
    ink = _inked(pixels, block)
    return read_line(ink, ink.shape[0], reader).text if ink.size else ""


def _certain(pixels: Pixels, block: Block, reader: Reader) -> str:
    ink = _inked(pixels, block)
    return certain_line(_trimmed(ink), reader, is_whole=False) if ink.size else ""


def _trimmed(ink: Ink) -> Ink:
    """A line without what is empty before and behind it."""
    columns = np.flatnonzero((ink > 0.3).any(axis=0))
    return ink[:, columns[0] : columns[-1] + 1] if columns.size else ink


def _inked(pixels: Pixels, block: Block) -> Ink:
    """What is written in a block, without what is empty above and below it."""
    ink = ink_within(pixels, block)
    rows = np.flatnonzero((ink > 0.3).any(axis=1))
    return ink[rows[0] : rows[-1] + 1] if rows.size else ink[:0]


def _alone(pixels: Pixels, cards: list[Block], channel: str, reader: Reader) -> Iterator[Shown]:
    """Notifications, and bubbles that somebody cut out."""
    for card in cards:
        ink = ink_within(pixels, card)
        lines = lines_of(ink)
        sender, skipped = _sender_of_card(ink, lines, reader)
        below = card
        if skipped:
            start = (lines[skipped - 1][1] + lines[skipped][0]) // 2
            below = replace(card, box=Box(card.box.x, card.box.y + start, card.box.w, card.box.h - start))
        yield Shown(card.box, "received", read_block(pixels, below, reader), sender, "", channel)


def _sender_of_card(ink, lines: list[tuple[int, int]], reader: Reader) -> tuple[str, int]:
    """Who writes, and how many lines stand above the message: the program and the moment, then the sender, or both in one line."""
    if len(lines) < 2:
        return "", 0
    first, second = (_trimmed(ink[start:stop]) for start, stop in lines[:2])
    head = read_line(ink[lines[0][0] : lines[0][1]], lines[0][1] - lines[0][0], reader).text
    known = reference("phone_screens.toml")
    apps, nows = ([fold(word) for word in known[name]["names"]] for name in ("app", "now"))
    said = [fold(word) for word in head.split()]
    if not any(word in nows for word in said):
        return "", 0
    rest = " ".join(word for word, folded in zip(head.split(), said, strict=True) if folded not in (*apps, *nows) and any(map(str.isalnum, folded)) and not folded.isdigit())  # fmt: skip
    if rest:
        return rest if rest in certain_line(first, reader) else "", 1
    if len(lines) < 3:
        return "", 1
    return certain_line(second, reader), 2
