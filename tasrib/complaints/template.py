"""The empty workbook to gather complaints in, and its example row, which is none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from tasrib.complaints.schema import REQUIRED
from tasrib.complaints.words import help_sheet, reference
from tasrib.errors import TasribError
from tasrib.tables.files import replace_file

SUFFIX = ".xlsx"
_LAST_ROW = 1_048_576  # of a sheet of Excel
_TEXT = "@"
_HEAD = PatternFill("solid", fgColor="DDE8F0")
_NEEDED = PatternFill("solid", fgColor="F6D9B0")
_EXAMPLE = PatternFill("solid", fgColor="EEEEEE")
# Reading order 0: each cell runs the way of its own first letter, so that Arabic and French both stand right.
_WRAPPED = Alignment(wrap_text=True, vertical="top", readingOrder=0)
_HELP_WIDTHS = (46, 44, 44, 44, 30)


def _said() -> dict[str, Any]:
    return reference("template.toml")


def make_template() -> bytes:
    """
    Make an empty workbook to gather complaints in.

    Returns
    -------
    bytes
        An ``.xlsx`` file: a sheet with headings in Arabic, French and English, of which all cells are text, with lists of the values
        that are allowed and one example row; and a sheet that explains.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = _said()["sheet"]
    for number, column in enumerate(_said()["column"], start=1):
        letter = get_column_letter(number)
        # The whole column: what is typed into a row that is not there yet is text too, and keeps its zero.
        whole = sheet.column_dimensions[letter]
        whole.width, whole.number_format, whole.alignment = column["width"], _TEXT, _WRAPPED
        _put(sheet, 1, number, column["heading"], _NEEDED if column["field"] in REQUIRED else _HEAD).font = Font(
            bold=True
        )
        text = f"{_said()['example']}: {column['example']}" if column["field"] == "text" else column["example"]
        _put(sheet, 2, number, text, _EXAMPLE).font = Font(italic=True, color="777777")
        sheet.add_data_validation(_allowed(column, f"{letter}2:{letter}{_LAST_ROW}"))
    sheet.freeze_panes = "A2"
    sheet.row_dimensions[1].height = 48
    _explain(book.create_sheet(help_sheet()))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _put(sheet: Any, row: int, number: int, text: str, fill: PatternFill | None = None) -> Any:
    cell = sheet.cell(row=row, column=number)
    cell.value, cell.number_format, cell.alignment = text or None, _TEXT, _WRAPPED
    if fill is not None:
        cell.fill = fill
    return cell


def _allowed(column: dict[str, Any], cells: str) -> DataValidation:
    """What a column is for, shown beside its cells, and the list of its values where it has one."""
    values = column.get("values")
    rule = DataValidation(
        type="list" if values else None, formula1=f'"{",".join(values)}"' if values else None, allow_blank=True
    )
    rule.promptTitle, rule.prompt = column["field"], "\n".join(column[name] for name in ("fr", "ar", "en"))
    rule.showInputMessage = True
    # A word that is not on the list is asked about, not refused: the reader knows more than a list can hold.
    rule.errorStyle, rule.showErrorMessage = "warning", bool(values)
    rule.add(cells)
    return rule


def _explain(sheet: Any) -> None:
    """Write the sheet that says what goes into each column."""
    row = 0
    for row, line in enumerate(_said()["intro"], start=1):
        _put(sheet, row, 1, line).alignment = Alignment(readingOrder=0)
    row += 2
    for number, title in enumerate(_said()["columns"], start=1):
        _put(sheet, row, number, title, _HEAD).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = _HELP_WIDTHS[number - 1]
    for column in _said()["column"]:
        row += 1
        texts = [column["heading"], *(column[name] for name in ("fr", "ar", "en")), ", ".join(column.get("values", ()))]
        for number, text in enumerate(texts, start=1):
            _put(sheet, row, number, text, _NEEDED if number == 1 and column["field"] in REQUIRED else None)


def write_template(path: str | Path) -> None:
    """
    Write the empty workbook where there is no file yet.

    Parameters
    ----------
    path : str or Path
        An ``.xlsx`` file.

    Raises
    ------
    TasribError
        When the suffix is another, the file exists (complaints may have been gathered in it), or it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() != SUFFIX:
        raise TasribError(
            f"{path}: the template is a workbook, for only that can hold numbers as text and lists to choose from; name an .xlsx file"
        )
    if path.exists() or path.is_symlink():
        raise TasribError(f"{path} exists and may hold complaints; name another file, or move that one away")
    replace_file(path, make_template())
