"""The cells of one Office Open XML sheet."""

from __future__ import annotations

import datetime as dt
import re

from tasrib.tables.raw import cell_text, mend
from tasrib.tables.sheets.grid import Grid, Merge, moment_text, number_text
from tasrib.tables.sheets.package import Damaged, local

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,9})\$?([0-9]{1,18})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Cells:
    """
    Puts the cells of a sheet into a grid.

    Parameters
    ----------
    grid : Grid
        Where they go.
    strings : list of str
        Shared texts.
    moments : dict
        Styles that show a moment → whether it is a length of time.
    since_1904 : bool
        Whether days count from 1904.
    uncounted : bool
        Whether the values of formulas are still to be counted, so that a 0 means none.
    """

    def __init__(
        self, grid: Grid, strings: list[str], moments: dict[int, bool], since_1904: bool, uncounted: bool
    ) -> None:
        self._grid, self._strings, self._moments = grid, strings, moments
        self._since_1904, self._uncounted = since_1904, uncounted
        self._columns: dict[str, int] = {}
        self._row, self._column = 0, -1
        self._row_stated = self._inside = self._taking = self._spoken = self._formula = False
        self._kind, self._style = "n", 0
        self._parts: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        kind = local(name)
        if kind == "c":
            self._begin_cell(attributes)
        elif kind in ("v", "t"):
            self._taking = self._inside and not self._spoken
        elif kind == "row":
            self._row_stated = "r" in attributes
            self._row = _whole(attributes["r"]) if self._row_stated else self._row + 1
            self._column = -1
            self._grid.check_place(self._row, 0)
        elif kind == "f":
            self._formula = self._inside
        elif kind == "rPh":
            self._spoken = True
        elif kind == "mergeCell":
            self._grid.merged.append(_range(attributes.get("ref", "")))

    def end(self, name: str) -> None:
        """An element ends."""
        kind = local(name)
        if kind == "c":
            self._end_cell()
        elif kind in ("v", "t"):
            self._taking = False
        elif kind == "rPh":
            self._spoken = False

    def text(self, text: str) -> None:
        """Characters between elements."""
        if self._taking:
            self._parts.append(text)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._inside, self._formula, self._parts = True, False, []
        self._kind = attributes.get("t", "n")
        self._style = int(attributes.get("s") or 0)
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
            return
        letters = reference.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = _place(reference)[1]
        self._column = column
        if not self._row_stated:
            self._row, self._row_stated = _place(reference)[0], True

    def _end_cell(self) -> None:
        self._inside = False
        stored = "".join(self._parts)
        # A formula whose result is no text at all has a text, of no characters.
        if self._formula and self._kind != "str" and (not stored or (self._uncounted and stored == "0")):
            self._grid.leave(self._row, self._column)
        elif stored:
            self._grid.put(self._row, self._column, self._value(stored))

    def _value(self, stored: str) -> str:
        if self._kind == "n":
            elapsed = self._moments.get(self._style)
            moment = None if elapsed is None else self._moment(stored, elapsed)
            return number_text(stored) if moment is None else moment
        if self._kind == "s":
            index = int(stored)
            if not 0 <= index < len(self._strings):
                raise Damaged("a cell refers to a text that is not there")
            return self._strings[index]
        if self._kind == "b":
            return "true" if stored.strip() in ("1", "true") else "false"
        if self._kind == "d":
            try:
                return cell_text(dt.datetime.fromisoformat(stored))
            except ValueError:
                return stored
        return unescape(stored)

    def _moment(self, stored: str, elapsed: bool) -> str | None:
        try:
            return moment_text(float(stored), self._since_1904, elapsed)
        except ValueError:
            return None


def unescape(text: str) -> str:
    """A text in which characters that XML forbids, written as ``_xHHHH_`` (ST_Xstring), stand again."""
    return mend(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else mend(text)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Damaged("a row has no number")
    # No more digits than any row has, lest a number of millions of digits be counted out.
    return int(text[:18])


def _place(reference: str) -> tuple[int, int]:
    """Row from 1 and column from 0 of ``AB12``."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise Damaged("a cell has no place")
    column = 0
    for letter in found[1].upper():
        column = 26 * column + ord(letter) - 64
    return int(found[2]), column - 1


def _range(reference: str) -> Merge:
    first, _, last = reference.partition(":")
    rows, columns = zip(_place(first), _place(last or first), strict=True)
    return Merge(min(rows), min(columns), max(rows), max(columns))
