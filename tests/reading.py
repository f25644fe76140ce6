"""A report as its readers get it."""

import re

from openpyxl import load_workbook


def read_report(folder):
    """Page and workbook of a report; the page without drawings, which are full of digits."""
    page = re.sub("<svg.*?</svg>", "", (folder / "report.html").read_text("utf-8"), flags=re.S)
    book = load_workbook(folder / "tables.xlsx")
    return page, "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
