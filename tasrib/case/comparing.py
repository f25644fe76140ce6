"""Two results compared value by value, and the first difference in words."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from tasrib.report.letters.documents import paragraphs
from tasrib.report.workbook import GUIDE

# Of one computation on two machines, the last digits may differ; what a person changes differs by more.
_ROUNDING = 1e-9
_SMALLEST = 1e-15
_LONGEST = 60
# What is shown before the first sign that differs.
_BEFORE = 20


@dataclass
class Compared:
    """
    What came of a comparison.

    Attributes
    ----------
    first : str
        The first difference in words; empty where there is none.
    n_different : int
        Values that differ.
    n_rounded : int
        Numbers that differ in their last digits only.
    """

    first: str = ""
    n_different: int = 0
    n_rounded: int = 0

    def differ(self, said: str) -> None:
        """Count a difference."""
        self.first = self.first or said
        self.n_different += 1


def compare_pages(there: bytes, anew: bytes) -> Compared:
    """
    Compare two pages.

    Parameters
    ----------
    there, anew : bytes
        The file, and the one made anew. How lines end does not count.

    Returns
    -------
    Compared
        Where they differ, line by line.
    """
    found = Compared()
    old, new = (data.decode("utf-8-sig", "replace").splitlines() for data in (there, anew))
    for number, (mine, made) in enumerate(zip_longest(old, new, fillvalue=""), start=1):
        if mine != made:
            same = next((at for at, (one, other) in enumerate(zip(mine, made, strict=False)) if one != other), 0)
            at = max(same - _BEFORE, 0)
            found.differ(f"line {number} is {_shown(mine[at:])}, and made anew {_shown(made[at:])}")
    return found


def compare_letters(there: bytes, anew: bytes) -> Compared:
    """
    Compare what two letters say.

    Parameters
    ----------
    there, anew : bytes
        The file, and the one made anew. How they look does not count.

    Returns
    -------
    Compared
        Where they differ, paragraph by paragraph.
    """
    found = Compared()
    if there == anew:
        return found
    try:
        old = paragraphs(there, beside=True)
    except ValueError:
        found.differ("it is no document of Word any more")
        return found
    for number, (mine, made) in enumerate(zip_longest(old, paragraphs(anew, beside=True), fillvalue=""), start=1):
        if mine != made:
            found.differ(f"paragraph {number} is {_shown(mine)}, and made anew {_shown(made)}")
    return found


def compare_papers(there: bytes, anew: bytes) -> Compared:
    """
    Compare two PDFs.

    Parameters
    ----------
    there, anew : bytes
        The file, and the one made anew.

    Returns
    -------
    Compared
        Whether they differ: what a PDF says does not stand in it as it is read, so nothing less than all its bytes can be compared.
    """
    found = Compared()
    if there != anew:
        same = next((at for at, (one, other) in enumerate(zip(there, anew, strict=False)) if one != other), None)
        at = min(len(there), len(anew)) if same is None else same
        found.differ(f"it has {len(there):,} bytes, and made anew {len(anew):,}; they differ from byte {at + 1:,} on")
    return found


def compare_json(there: bytes, anew: bytes, without: Collection[str] = ()) -> Compared:
    """
    Compare two JSON files.

    Parameters
    ----------
    there, anew : bytes
        The file, and the one made anew.
    without : collection of str
        Keys of the outermost object that cannot be compared.

    Returns
    -------
    Compared
        Where they differ.
    """
    found = Compared()
    try:
        old = json.loads(there.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        found.differ("it is no JSON any more")
        return found
    new = json.loads(anew)
    if isinstance(old, dict):
        old, new = ({name: value for name, value in each.items() if name not in without} for each in (old, new))
    _compare(old, new, "", found)
    return found


def _compare(there: Any, anew: Any, place: str, found: Compared) -> None:
    if isinstance(there, dict) and isinstance(anew, dict):
        for name in dict.fromkeys([*anew, *there]):
            inner = f"{place}, {name}" if place else name
            if name not in there or name not in anew:
                found.differ(f"{inner} is {'missing' if name in anew else 'there and not made anew'}")
            else:
                _compare(there[name], anew[name], inner, found)
    elif isinstance(there, list) and isinstance(anew, list):
        for at, (old, new) in enumerate(zip(there, anew, strict=False), start=1):
            _compare(old, new, f"{place}, row {at}", found)
        if len(there) != len(anew):
            found.differ(f"{place} has {len(there)} rows, and made anew {len(anew)}")
    else:
        _compare_values(there, anew, place, found)


def _compare_values(there: Any, anew: Any, place: str, found: Compared) -> None:
    if _is_number(there) and _is_number(anew):
        if there == anew:
            return
        if math.isclose(there, anew, rel_tol=_ROUNDING, abs_tol=_SMALLEST):
            found.n_rounded += 1
            return
    elif type(there) is type(anew) and there == anew:
        return
    found.differ(f"{place} is {_shown(there)}, and made anew {_shown(anew)}")


def compare_workbooks(there: bytes, anew: bytes, without: Collection[str] = ()) -> Compared:
    """
    Compare the cells of two workbooks.

    Parameters
    ----------
    there, anew : bytes
        The file, and the one made anew. How cells look, and when the file was saved, does not count.
    without : collection of str
        Sheets that cannot be compared, and what the guide says of them.

    Returns
    -------
    Compared
        Where they differ.
    """
    found = Compared()
    try:
        old = _sheets(there)
    except (CalamineError, ValueError, OSError):
        found.differ("it is no workbook any more")
        return found
    new = _sheets(anew)
    for title in dict.fromkeys([*new, *old]):
        if title in without:
            continue
        if title not in old or title not in new:
            found.differ(f"sheet {title} is {'missing' if title in new else 'there and not made anew'}")
        elif title == GUIDE:
            old_rows, new_rows = (_told_of_others(each[title], without) for each in (old, new))
            _compare_sheets(old_rows, new_rows, title, found)
        else:
            _compare_sheets(old[title], new[title], title, found)
    return found


def _told_of_others(guide: list[list[Any]], without: Collection[str]) -> list[list[Any]]:
    """The guide's rows, of which the first cell names the sheet, but for those on sheets that cannot be compared."""
    return [row for row in guide if not row or row[0] not in without]


def _sheets(data: bytes) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {title: book.get_sheet_by_name(title).to_python(skip_empty_area=False) for title in book.sheet_names}


def _compare_sheets(there: list[list[Any]], anew: list[list[Any]], title: str, found: Compared) -> None:
    names = anew[0] if anew else []
    for row in range(max(len(there), len(anew))):
        for column, old, new in _cells(there, anew, row):
            if old != new:
                name = names[column] if column < len(names) and names[column] else f"number {column + 1}"
                _compare_values(old, new, f"sheet {title}, row {row + 1}, column {name}", found)


def _cells(there: list[list[Any]], anew: list[list[Any]], row: int) -> Iterator[tuple[int, Any, Any]]:
    """Cells of a row; what one of the two does not have is empty, as Excel leaves it out."""
    old, new = (table[row] if row < len(table) else [] for table in (there, anew))
    for column in range(max(len(old), len(new))):
        there_is, made = (cells[column] if column < len(cells) else "" for cells in (old, new))
        yield column, there_is, made


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "empty"
    if isinstance(value, str):
        line = " ".join(value.split())
        return f"'{line if len(line) <= _LONGEST else line[:_LONGEST] + '…'}'"
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    return str(value)
