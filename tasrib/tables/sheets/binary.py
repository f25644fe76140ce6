"""Excel's binary workbooks, ``.xls`` and ``.xlsb``, by python-calamine."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import cell_text
from tasrib.tables.sheets.cells import unescape
from tasrib.tables.sheets.grid import Grid, Merge
from tasrib.tables.sheets.package import Damaged
from tasrib.tables.sheets.records import Beyond


def sheets(data: bytes, name: str, beyond: Sequence[Beyond]) -> list[Grid]:
    """
    Read all sheets that hold cells.

    Parameters
    ----------
    data : bytes
        The workbook, looked through by `records`.
    name : str
        The file, for messages.
    beyond : sequence of Beyond
        What calamine does not tell, of each sheet.

    Returns
    -------
    list of Grid
        In the order of the workbook.

    Raises
    ------
    Damaged
        When calamine cannot read it.
    UnreadableInput
        When it is protected by a password, or a sheet is too large.
    """
    try:
        with _quiet():
            return list(_grids(CalamineWorkbook.from_filelike(io.BytesIO(data)), name, beyond))
    except PasswordError:
        raise UnreadableInput(f"{name} is protected by a password; save a copy without it") from None
    except BaseException as error:
        # A defect inside calamine shows as a PanicException, which is no Exception.
        if type(error).__name__ == "PanicException":
            raise Damaged(str(error)) from error
        raise


@contextmanager
def _quiet() -> Iterator[None]:
    """What goes wrong inside calamine is printed by its own runtime, past Python, before it is raised."""
    try:
        kept = os.dup(2)
    except OSError:
        # Nothing is printed where there is no standard error.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _grids(book: CalamineWorkbook, name: str, beyond: Sequence[Beyond]) -> Iterator[Grid]:
    for place, about in enumerate(book.sheets_metadata):
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        grid = Grid(about.name, hidden=about.visible is not SheetVisibleEnum.Visible, file=name)
        left = (sheet.start or (0, 0))[1]
        # Rows come from the top of the sheet, columns from the first that is filled.
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            for column, value in enumerate(cells, start=left):
                grid.put(number, column, _text(value))
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
            grid.merged.append(Merge(top + 1, first, bottom + 1, last))
        if place < len(beyond):
            grid.merged.extend(beyond[place].merged)
            for number, column, error in beyond[place].errors:
                if column not in grid.rows.get(number, {}):
                    grid.put(number, column, error)
        yield grid


def _text(value: Any) -> str:
    return unescape(value) if isinstance(value, str) else cell_text(value)
