"""A report as its readers get it."""

import re

from openpyxl import load_workbook


def read_report(folder):
    """Pages and workbook of a report; the pages of all languages, without drawings, which are full of digits."""
    pages = "".join(file.read_text("utf-8") for file in sorted(folder.glob("report*.html")))
    page = re.sub("<svg.*?</svg>", "", pages, flags=re.S)
    book = load_workbook(folder / "tables.xlsx")
    return page, "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
