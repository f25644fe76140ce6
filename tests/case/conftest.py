"""The case of `deciding`, and hands that fill its workbook."""

import pytest
from deciding import case_frame, of_sheet
from openpyxl import load_workbook

from tasrib.case import case_export
from tasrib.case.messages import message_key
from tasrib.tables import write_table


@pytest.fixture
def scored():
    return case_frame()


@pytest.fixture
def file(scored, tmp_path):
    """The scored file."""
    write_table(scored, tmp_path / "scored.parquet")
    return tmp_path / "scored.parquet"


@pytest.fixture
def fill(scored, tmp_path):
    """
    Export the case and fill the workbook.

    `messages` and `campaigns` say by text and by id what is written into which column; `who` goes into the first row that is filled.
    """

    def filled(
        messages=None, campaigns=None, *, who="NB", language="fr", name="filled.xlsx", decisions=None, frame=None
    ):
        exported = tmp_path / f"exported-{name}"
        case_export(scored if frame is None else frame, exported, language=language, decisions=decisions)
        book = load_workbook(exported)
        for kind, wanted, column in (("message", messages, "id"), ("campaign", campaigns, "campaign_id")):
            sheet, places = of_sheet(book, kind, language)
            keys = {message_key(key) if kind == "message" else key: cells for key, cells in (wanted or {}).items()}
            for row in range(2, sheet.max_row + 1):
                for column_name, value in keys.pop(sheet.cell(row, places[column]).value, {}).items():
                    sheet.cell(row, places[column_name]).value = value
                    if who:
                        sheet.cell(row, places["who"]).value = who
                        who = ""
            assert not keys, f"not in the workbook: {keys}"
        book.save(tmp_path / name)
        return tmp_path / name

    return filled
