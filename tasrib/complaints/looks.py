"""What a cell looks like by itself: a number, a moment, a message, an answer; a heading is none of these."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tasrib.complaints.words import ascii_digits, fold, synonyms

_LONGEST_VALUE = 60  # characters of a number, a date, an address
_LONGEST_HEADING = 300  # characters; the longest question of a survey is no longer
_LONG_SENTENCE = 140
_SAMPLE = 200  # rows
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00a0\u202f]")
_NUMBER = re.compile(r"['’(+]{0,3}\d[\d\s().,/+–-]*(?:E\+?\d{1,2}|@[a-z.]+)?", re.IGNORECASE)
_DATE = re.compile(r"\[?(?:\d{4}[/.-]\d{1,2}[/.-]\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4})(?:\D.*)?", re.DOTALL)
_MACHINE = re.compile(
    r"[\w.+-]+@[\w.-]+|https?://\S+|\{.*|(?:uuid:)?[0-9a-f]{8}-[0-9a-f-]{20,30}|\d{1,3}(?:\.\d{1,3}){3}",
    re.IGNORECASE | re.DOTALL,
)
_FEWEST_DIGITS = 6  # of a telephone number; a heading may hold a year or a count


def _short(cell: str) -> str:
    """A cell to compare with the shape of a value; nothing where it is too long to be one."""
    return ascii_digits(_MARKS.sub(" ", cell)).strip() if len(cell) <= 2 * _LONGEST_VALUE else ""


def is_moment(cell: str) -> bool:
    """Whether a cell looks like a date, written in figures, or like the seconds of a clock."""
    text = _short(cell)
    return bool(_DATE.fullmatch(text)) or (text.isascii() and text.isdigit() and len(text) in (13, 16))


def is_number(cell: str) -> bool:
    """Whether a cell looks like a telephone number, spoiled ones included."""
    text = _short(cell)
    match = _NUMBER.fullmatch(text)
    enough = sum(char.isdigit() for char in text) >= _FEWEST_DIGITS or "e+" in text.casefold()
    return bool(match) and enough and not is_moment(cell)


def is_address(cell: str) -> bool:
    """Whether a cell can be where a message went to: a telephone number, or an address with ``@``."""
    return "@" in cell or is_number(cell)


def is_answer(cell: str) -> bool:
    """Whether a cell holds yes, no, a channel or a mere figure: the answer to a question that was closed."""
    text = cell.strip()
    return len(text) <= _LONGEST_VALUE and (
        fold(text) in synonyms("yes_no") or fold(text) in synonyms("channel") or _short(text).isdigit()
    )


def is_text(cell: str) -> bool:
    """Whether a cell can be somebody's message: it has letters, and is neither an answer nor a value."""
    return any(char.isalpha() for char in cell) and not (
        is_answer(cell) or is_moment(cell) or (is_address(cell) and " " not in cell.strip())
    )


def is_value(cell: str) -> bool:
    """
    Tell a value of a row from a heading.

    Parameters
    ----------
    cell : str
        A cell in the place of a heading.

    Returns
    -------
    bool
        True for a number, a date, an address, an identifier, and for a long sentence that asks nothing. Nothing of it may be shown.
    """
    text = cell.strip()
    if not text:
        return False
    asks = "?" in text or "؟" in text or text.endswith((":", "*"))
    if len(text) > _LONGEST_HEADING or (len(text) > _LONG_SENTENCE and not asks):
        return True
    return is_number(cell) or is_moment(cell) or bool(_MACHINE.fullmatch(_short(cell)))


def share(cells: Sequence[str], looks: Callable[[str], bool]) -> float:
    """
    Say how many of the cells look like something.

    Parameters
    ----------
    cells : sequence of str
        A column; blank cells do not count.
    looks : callable
        One of the tests of this module.

    Returns
    -------
    float
        0 to 1; 0 for a column without values.
    """
    filled = [cell for cell in cells if cell.strip()]
    return sum(map(looks, filled)) / len(filled) if filled else 0.0


class Sample:
    """Rows from all over a table of any length, enough to see what its columns hold."""

    def __init__(self) -> None:
        self.rows: list[Sequence[str]] = []
        self._step, self._met = 1, 0

    def add(self, rows: Sequence[Sequence[str]]) -> None:
        """
        Take the next rows.

        Parameters
        ----------
        rows : sequence of sequence of str
            However many at a time, the same are kept.
        """
        for row in rows[-self._met % self._step :: self._step]:
            self.rows.append(row)
        self._met += len(rows)
        while len(self.rows) >= 2 * _SAMPLE:
            self.rows = self.rows[::2]
            self._step *= 2


def sample(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Rows from all over a table."""
    found = Sample()
    found.add(rows)
    return found.rows
