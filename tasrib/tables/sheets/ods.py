"""
OpenDocument spreadsheets, ``.ods``.

Read here for the same reasons as Office Open XML, and because an empty row may be "repeated" a million times. Source: OpenDocument 1.3
part 3, clauses 9 and 19; prefixes are those that every program writes.
"""

from __future__ import annotations

import datetime as dt

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import cell_text, mend
from tasrib.tables.sheets.grid import Grid, Merge, number_text
from tasrib.tables.sheets.package import Package

CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_CELLS = ("table:table-cell", "table:covered-table-cell")
# Comments, drawings and pronunciation hold paragraphs too, which are not what the cell says.
_ASIDE = ("office:annotation", "table:shapes", "table:tracked-changes", "text:ruby-text")
_NUMBERS = ("float", "currency", "percentage")


def sheets(package: Package, name: str) -> list[Grid]:
    """
    Read all sheets.

    Parameters
    ----------
    package : Package
        The spreadsheet.
    name : str
        The file, for messages.

    Returns
    -------
    list of Grid
        In the order of the spreadsheet.

    Raises
    ------
    Damaged
        When it breaks its own rules.
    UnreadableInput
        When it is protected, or a sheet is larger than any.
    """
    if _MANIFEST in package and b"encryption-data" in package.read(_MANIFEST):
        raise UnreadableInput(f"{name} is protected by a password; save a copy without it")
    content = _Content(name)
    package.parse(CONTENT, content)
    return content.found


class _Content:
    """Puts the cells of each sheet into a grid."""

    def __init__(self, file: str) -> None:
        self.found: list[Grid] = []
        self._file = file
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._depth = self._aside = 0
        self._row, self._repeated, self._column = 0, 1, 0
        # What is known of the cells of a row until it ends, for a row may stand for several: columns, what they hold, merged rows.
        self._cells: list[tuple[range, str]] = []
        self._unstored: list[range] = []
        self._cell: dict[str, str] | None = None
        self._parts: list[str] = []
        self._taking = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name in _ASIDE or name.startswith("draw:"):
            self._aside += 1
        elif self._aside:
            return
        elif name == "style:style":
            self._style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self._hidden_styles.add(self._style)
        elif name == "table:table":
            self._depth += 1
            if self._depth == 1:
                hidden = attributes.get("table:style-name") in self._hidden_styles
                self.found.append(Grid(attributes.get("table:name", ""), hidden=hidden, file=self._file))
                self._row = 0
        elif self._depth != 1:
            return
        elif name == "table:table-row":
            self._repeated, self._column = _count(attributes, "table:number-rows-repeated"), 0
            self._cells, self._unstored = [], []
        elif name in _CELLS:
            self._cell, self._parts = attributes, []
        elif self._cell is not None:
            self._start_text(name, attributes)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in _ASIDE or name.startswith("draw:"):
            self._aside -= 1
        elif self._aside:
            return
        elif name == "table:table":
            self._depth -= 1
        elif self._depth != 1:
            return
        elif name == "table:table-row":
            self._end_row()
        elif name in _CELLS:
            self._end_cell()
        elif name == "text:p":
            self._taking = False

    def text(self, text: str) -> None:
        """Characters between elements."""
        if self._taking and not self._aside:
            self._parts.append(text)

    def _start_text(self, name: str, attributes: dict[str, str]) -> None:
        if name == "text:p":
            if self._parts:
                self._parts.append("\n")
            # An empty paragraph is a line too.
            self._parts.append("")
            self._taking = True
        elif name == "text:s":
            self._parts.append(" " * min(_count(attributes, "text:c"), 1000))
        elif name == "text:tab":
            self._parts.append("\t")
        elif name == "text:line-break":
            self._parts.append("\n")

    def _end_cell(self) -> None:
        assert self._cell is not None
        attributes, self._cell = self._cell, None
        columns = range(self._column, self._column + _count(attributes, "table:number-columns-repeated"))
        self._column = columns.stop
        text = _value(attributes, "".join(self._parts))
        if text:
            self._cells.append((columns, text))
        elif "table:formula" in attributes and "office:value-type" not in attributes:
            self._unstored.append(columns)
        rows, across = (_count(attributes, f"table:number-{way}-spanned") for way in ("rows", "columns"))
        if rows * across > 1:
            first = self._row + 1
            self.found[-1].merged.append(Merge(first, columns.start, first + rows - 1, columns.start + across - 1))

    def _end_row(self) -> None:
        grid = self.found[-1]
        first, self._row = self._row + 1, self._row + self._repeated
        if not (self._cells or self._unstored):
            return
        # The outermost place of all is looked at before any cell is filled.
        grid.check_place(
            self._row, max(columns.stop for columns in (*self._unstored, *(at for at, _ in self._cells))) - 1
        )
        for row in range(first, self._row + 1):
            for columns, text in self._cells:
                for column in columns:
                    grid.put(row, column, text)
            for columns in self._unstored:
                for column in columns:
                    grid.leave(row, column)


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return max(int(text[:9]), 1) if text.isascii() and text.isdigit() else 1


def _value(attributes: dict[str, str], shown: str) -> str:
    kind = attributes.get("office:value-type", "")
    # A formula that fails is stored as an empty text, or 0, and shown as its error.
    if attributes.get("calcext:value-type") == "error":
        return mend(shown)
    if kind in _NUMBERS:
        return number_text(attributes.get("office:value", ""))
    if kind == "date":
        stored = attributes.get("office:date-value", "")
        try:
            return cell_text(dt.datetime.fromisoformat(stored))
        except ValueError:
            return stored
    if kind == "boolean":
        return "true" if attributes.get("office:boolean-value") == "true" else "false"
    return mend(shown or attributes.get("office:string-value", ""))
