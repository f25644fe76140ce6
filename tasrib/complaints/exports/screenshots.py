"""
Pictures of a telephone's screen, and PDF made of such: what most citizens send.

Bubbles are found by their colour and place, letters are read by Tesseract. A text of which the reading is not sure is not taken: its row goes
to quarantine with the place in the picture, and a person types it. What the owner wrote is not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from tasrib.complaints.exports.message import Export, Item, Left, Message
from tasrib.complaints.exports.pictures.file import kind_of, pages_of
from tasrib.tables.notes import Note
from tasrib.tables.raw import BadRow, Source

NAME = "screenshots"

# Of 100: measured by `python -m training.screenshots_study`.
SURE = 86.0

_UNSURE = "to be typed: read with a confidence of {sure} of 100 only; {place}"
_CUT = "to be typed: the edge of the picture cuts it off; {place}"
_EITHER = "to be typed: nothing shows whether it was received or sent; {place}"
_PLACE = "page {page}, at x {x}, y {y}, {w} wide and {h} high"
_READ = "read from a picture with a confidence of {sure} of 100; {place}"
_EMOJIS = Note("read", "emojis_not_read", "small pictures among the letters were not read")


def open_export(source: Source) -> Export | None:
    """
    Open a picture, or a PDF of pictures.

    Parameters
    ----------
    source : Source
        A file.

    Returns
    -------
    Export or None
        None for what is no picture, and for a picture that shows no bubble.

    Raises
    ------
    UnreadableInput
        When what it takes to read pictures is not installed, or the picture is damaged.
    """
    kind = kind_of(source)
    if not kind:
        return None
    from tasrib.complaints.exports.pictures.screen import holds_messages

    if not any(map(holds_messages, pages_of(source, kind))):
        return None
    from tasrib.complaints.exports.pictures.reader import NotInstalled, check_installed

    try:
        check_installed()
    except NotInstalled as error:
        raise NotInstalled(f"{source.name}: {error}") from None

    # Reading is dear, and a table is gone through several times.
    @cache
    def found() -> tuple[Item, ...]:
        return tuple(_items(source, kind))

    return Export(lambda: iter(found()))


def _items(source: Source, kind: str) -> Iterator[Item]:
    from tasrib.complaints.exports.pictures.reader import tesseract
    from tasrib.complaints.exports.pictures.screen import Shown, read_screen

    shown: list[tuple[int, Shown]] = [
        (page, each) for page, pixels in enumerate(pages_of(source, kind), 1) for each in read_screen(pixels, tesseract)
    ]
    # Who took a picture of one message means that one.
    is_alone = sum(each.kind != "sent" for _, each in shown) == 1
    for position, (page, each) in enumerate(shown, start=1):
        where = {"page": page, "x": each.box.x, "y": each.box.y, "w": each.box.w, "h": each.box.h}
        reading, place = each.reading, _PLACE.format(**where)
        sure = int(reading.confidence)
        reason = _CUT if reading.is_cut else _EITHER if each.kind == "unknown" else _UNSURE if sure < SURE else ""
        if each.kind == "sent":
            yield Left(position, "sent")
        elif not reading.text.strip() and not reading.is_cut:
            yield Left(position, "no_text")
        elif reason:
            yield BadRow(position, reason.format(sure=sure, place=place), json.dumps(where), column="text")
        else:
            yield Message(position, reading.text, each.sender, each.received_at, each.channel, is_handed_in=is_alone)
            yield Note("read", "read_from_picture", _READ.format(sure=sure, place=place), rows=(position,))
            if reading.n_emojis:
                yield Note(_EMOJIS.kind, _EMOJIS.code, _EMOJIS.said, rows=(position,))
