"""Excel's binary workbooks, ``.xls`` and ``.xlsb``, by python-calamine."""

from __future__ import annotations

import io
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from tasrib.errors import UnreadableInput
from tasrib.tables.raw import cell_text
from tasrib.tables.sheets.cells import unescape
from tasrib.tables.sheets.grid import Grid, Merge


def sheets(data: bytes, name: str) -> list[Grid]:
    """
    Read all sheets that hold cells.

    Parameters
    ----------
    data : bytes
        The workbook.
    name : str
        The file, for messages.

    Returns
    -------
    list of Grid
        In the order of the workbook.

    Raises
    ------
    UnreadableInput
        When it is protected by a password, or a sheet is too large.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError:
        raise UnreadableInput(f"{name} is protected by a password; save a copy without it") from None
    found = []
    for about in book.sheets_metadata:
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
        found.append(grid)
    return found


def _text(value: Any) -> str:
    return unescape(value) if isinstance(value, str) else cell_text(value)
