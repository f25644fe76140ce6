"""The case of `deciding`, and hands that fill its workbook."""

import pandas as pd
import pytest
from deciding import case_frame, of_sheet
from openpyxl import load_workbook

from tasrib.case import case_export, making, remaking
from tasrib.case.messages import message_key
from tasrib.tables import write_table


def _told(value):
    """What an argument holds, in a form that can be compared."""
    return value.to_json(date_format="iso", date_unit="ns") if isinstance(value, pd.DataFrame) else repr(value)


@pytest.fixture(scope="module")
def worked_once():
    """
    For tests of what becomes of files: in a module the same complaints are traced once, and the same report is made anew once.

    Every later time is given what came out the first time. What is compared, and with what, is as ever.
    """
    trace, make = making.trace, remaking.make
    traced, made = {}, {}

    def trace_once(scored, *, pseudonym, n_jobs, **settings):
        # Canaries are looked for under the key.
        key = (_told(scored), *(f"{name}={_told(value)}" for name, value in sorted(settings.items())))
        if settings["canaries"] is not None:
            return trace(scored, pseudonym=pseudonym, n_jobs=n_jobs, **settings)
        if key not in traced:
            traced[key] = trace(scored, **settings)
        return traced[key]

    def make_once(gathered, settings, folder, model, made_of):
        parts = (
            gathered.scored,
            gathered.canaries,
            gathered.rejected,
            gathered.cleaning,
            gathered.facts,
            gathered.alias,
            gathered.key,
        )
        rules = None if gathered.rules is None else gathered.rules.sha256
        key = (*map(_told, parts), rules, repr(settings), model and model.version, tuple(sorted(made_of.items())))
        if key not in made:
            make(gathered, settings, folder, model, made_of)
            made[key] = {path.name: path.read_bytes() for path in folder.iterdir()}
        else:
            folder.mkdir()
            for name, data in made[key].items():
                (folder / name).write_bytes(data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "trace", trace_once)
        patch.setattr(remaking, "make", make_once)
        yield


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
