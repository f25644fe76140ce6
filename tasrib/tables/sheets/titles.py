"""Which sheet a user means."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from tasrib.errors import UnreadableInput
from tasrib.tables.sheets.grid import Grid

_SHOWN = 20


def named(sheets: Sequence[Grid], wanted: str, file: str) -> Grid:
    """
    The sheet of this name, or at this place.

    Parameters
    ----------
    sheets : sequence of Grid
        In the order of the workbook.
    wanted : str
        A name, without regard to case, accents and blanks, or a number from 1.
    file : str
        The file, for the message.

    Returns
    -------
    Grid
        That sheet; where several come near, the one that is spelt the same.

    Raises
    ------
    UnreadableInput
        When there is no such sheet, or several come near and none is spelt the same.
    """
    near = [sheet for sheet in sheets if sheet.title == wanted]
    near = near or [sheet for sheet in sheets if _folded(sheet.title) == _folded(wanted)]
    if not near and wanted.strip().isdecimal() and len(wanted) < 5:
        near = [sheet for place, sheet in enumerate(sheets, start=1) if place == int(wanted)]
    if len(near) == 1:
        return near[0]
    names = ", ".join(f"'{sheet.title[:60]}'" for sheet in sheets[:_SHOWN])
    if near:
        raise UnreadableInput(
            f"{file} has several sheets that read like '{wanted[:60]}'; name one of these exactly: {names}"
        )
    raise UnreadableInput(f"{file} has no sheet '{wanted[:60]}'; its sheets: {names}")


def _folded(title: str) -> str:
    letters = unicodedata.normalize("NFKD", title).casefold()
    return "".join(char for char in letters if not unicodedata.combining(char) and not char.isspace())
