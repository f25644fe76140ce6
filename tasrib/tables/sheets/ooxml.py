"""
Office Open XML workbooks: ``.xlsx`` and its kin, Transitional and Strict.

Read here and not by a library, because what must not be lost is what libraries pass over: merged ranges, formulas without a stored value,
and cells so far out that a table of all cells up to there would not fit into memory. Source: ECMA-376 part 1, clause 18.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial

from tasrib.tables.sheets.cells import Cells, unescape
from tasrib.tables.sheets.grid import Grid
from tasrib.tables.sheets.package import Package, local, resolve

WORKBOOK = "xl/workbook.xml"
# Quoted and escaped characters of a number format, widths, fills and conditions; a length of time keeps its brackets.
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!h+\]|m+\]|s+\])[^\[\]]*\]', re.IGNORECASE)
_MOMENT = re.compile(r"[ymdhs]", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_NO_FORMAT = frozenset({"general", "standard", "text", "@", ""})
# Formats that a file uses without stating them: 18.8.30, with those of East Asian languages.
_STANDING_DATES = frozenset((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)))
_STANDING_ELAPSED = 46


def sheets(package: Package, name: str) -> list[Grid]:
    """
    Read all sheets that hold cells.

    Parameters
    ----------
    package : Package
        The workbook.
    name : str
        The file, for messages.

    Returns
    -------
    list of Grid
        In the order of the workbook. Sheets that are charts are not among them.

    Raises
    ------
    Damaged
        When it breaks its own rules.
    UnreadableInput
        When a sheet is larger than any.
    """
    main = next((target for kind, target in relations(package, "").values() if kind == "officeDocument"), WORKBOOK)
    parts = relations(package, main)
    book = _Book()
    package.parse(main, book)
    single = dict(parts.values())
    strings = _Strings()
    if single.get("sharedStrings", "") in package:
        package.parse(single["sharedStrings"], strings)
    styles = _Styles()
    if single.get("styles", "") in package:
        package.parse(single["styles"], styles)
    found = []
    for title, state, relation in book.sheets:
        kind, target = parts.get(relation, ("worksheet", ""))
        if kind != "worksheet":
            continue
        grid = Grid(title, hidden=state in ("hidden", "veryHidden"), file=name)
        package.parse(target, Cells(grid, strings.found, styles.moments(), book.since_1904, book.uncounted))
        found.append(grid)
    return found


def relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """
    What a part refers to.

    Parameters
    ----------
    package : Package
        The workbook.
    part : str
        The part; empty for the package itself.

    Returns
    -------
    dict
        Id → kind, and the name of the part it names.
    """
    folder, _, file = part.rpartition("/")
    listed = f"{folder}/_rels/{file}.rels".lstrip("/")
    found = _Relations()
    if listed in package:
        package.parse(listed, found)
    return {key: (kind, resolve(part, target)) for key, kind, target in found.found}


class _Quiet:
    """A handler that passes over what it does not name."""

    def end(self, name: str) -> None:
        """Nothing."""

    def text(self, text: str) -> None:
        """Nothing."""


@dataclass
class _Relations(_Quiet):
    found: list[tuple[str, str, str]] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append((attributes.get("Id", ""), kind, attributes.get("Target", "")))


@dataclass
class _Book(_Quiet):
    """The list of sheets, and how their values are to be taken."""

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    since_1904: bool = False
    # A program that counts nothing itself stores 0 for every formula and asks to have them counted on opening.
    uncounted: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), attributes.get("state", ""), relation))
        elif kind == "workbookPr":
            self.since_1904 = _is_true(attributes.get("date1904"))
        elif kind == "calcPr":
            self.uncounted = _is_true(attributes.get("fullCalcOnLoad"))


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")


class _Strings:
    """Texts that cells refer to by number; how they are pronounced (``rPh``) is no part of them."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._taking = self._spoken = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "t":
            self._taking = not self._spoken
        elif kind == "si":
            self._parts = []
        elif kind == "rPh":
            self._spoken = True

    def end(self, name: str) -> None:
        kind = local(name)
        if kind == "t":
            self._taking = False
        elif kind == "rPh":
            self._spoken = False
        elif kind == "si":
            self.found.append(unescape("".join(self._parts)))

    def text(self, text: str) -> None:
        if self._taking:
            self._parts.append(text)


class _Styles(_Quiet):
    """Which styles of cells show a moment."""

    def __init__(self) -> None:
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "numFmt":
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif kind == "cellXfs":
            self._inside = True
        elif kind == "xf" and self._inside:
            self._styles.append(int(attributes.get("numFmtId", 0)))

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._inside = False

    def moments(self) -> dict[int, bool]:
        """Styles that show a moment → whether it is a length of time."""
        kinds = map(partial(moment_kind, self._formats), self._styles)
        return {style: elapsed for style, elapsed in enumerate(kinds) if elapsed is not None}


def moment_kind(formats: dict[int, str], number: int) -> bool | None:
    """
    Whether a number format shows a moment.

    Parameters
    ----------
    formats : dict
        The file's own formats by their number.
    number : int
        The format.

    Returns
    -------
    bool or None
        True for a length of time, False for another moment, None for anything else.
    """
    if number not in formats:
        return True if number == _STANDING_ELAPSED else False if number in _STANDING_DATES else None
    code = formats[number].split(";")[0]
    if code.strip().lower() in _NO_FORMAT:
        return None
    code = _NOT_FORMAT.sub("", code)
    if code.strip().lower() in _NO_FORMAT or not _MOMENT.search(code):
        return None
    return bool(_ELAPSED.search(code))
