"""Lists of test numbers and planting registers, as people keep them. All numbers are invented."""

import datetime as dt

import pandas as pd
import pytest
from openpyxl import Workbook

from tasrib.errors import InputNote, TasribError
from tasrib.tracing.canary_lists import NOBODY, read_canaries


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "c.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_days_as_french_excel_saves_them(tmp_path):
    text = "number;holder;given_at\n0612345678;Société A;13/03/2026\n0623456789;Société A;02/04/2026\n0662345678;B;1er mai 2026\n0661234567;B;2026-05-02\n"
    with pytest.warns(InputNote, match="read with the day first, as other dates of the column show"):
        found = read_canaries(written(tmp_path, text, "cp1252"))
    assert [day.date().isoformat() for day in found["given_at"]] == [
        "2026-03-13",
        "2026-04-02",
        "2026-05-01",
        "2026-05-02",
    ]


def test_a_day_that_may_be_another_is_taken_by_custom_and_said(tmp_path):
    with pytest.warns(InputNote, match="no date shows whether the day or the month stands first"):
        found = read_canaries(written(tmp_path, "number,holder,given_at\n0612345678,X,03/09/2026\n"))
    assert found["given_at"][0] == pd.Timestamp("2026-09-03", tz="UTC")


@pytest.mark.parametrize("days", [("13/03/2026", "03/25/2026", "04/05/2026"), ("", "31/02/2026"), ("bientôt",)])
def test_a_day_that_cannot_be_known_is_refused(tmp_path, days):
    lines = [f"06123456{at}8,X,{day}" for at, day in enumerate(days)]
    with pytest.raises(
        TasribError, match=rf"row {len(days) + 1}, column given_at: '{days[-1]}' is not a date that can be"
    ):
        read_canaries(written(tmp_path, "\n".join(["number,holder,given_at", *lines])))


def test_a_cell_of_excel_that_is_a_day_is_one(tmp_path):
    book = Workbook()
    for cells in (
        ["number", "holder", "given_at"],
        ["0612345678", "X", dt.datetime(2026, 3, 1)],
        ["0623456789", "X", "-"],
    ):
        book.active.append(cells)
    book.save(tmp_path / "c.xlsx")
    found = read_canaries(tmp_path / "c.xlsx")
    assert found["given_at"][0] == pd.Timestamp("2026-03-01", tz="UTC")
    assert pd.isna(found["given_at"][1])


def test_spellings_of_one_holder_meet_and_nobody_is_nobody(tmp_path):
    holders = ["Société A", "SOCIETE  a", "Société-A", "nobody", "Personne", "لا أحد", "aucun"]
    lines = [f"06123456{at}8;{holder}" for at, holder in enumerate(holders)]
    found = read_canaries(written(tmp_path, "\n".join(["number;holder", *lines])))
    assert found["holder"].tolist() == ["Société A"] * 3 + [NOBODY] * 4


def test_a_number_given_and_kept_silent_is_a_contradiction(tmp_path):
    with pytest.raises(TasribError, match=r"row 3, column holder: .* 'X' in row 2 and to 'nobody'"):
        read_canaries(written(tmp_path, "number,holder\n0612345678,X\n06 12 34 56 78,nobody\n"))


def test_the_operator_is_the_one_stated_else_that_of_the_prefix(tmp_path):
    text = "number;holder;operator\n0612345678;X;\n0623456789;X;Méditel\n0662345678;X;something\n"
    assert read_canaries(written(tmp_path, text))["operator"].tolist() == ["Orange", "Orange", "Maroc Telecom"]


@pytest.mark.parametrize("cell", ["6,61235E+08", "6.61235E+08", "212661235000000000"])
def test_a_number_that_excel_spoiled_is_refused(tmp_path, cell):
    with pytest.raises(TasribError, match="row 2, column number"):
        read_canaries(written(tmp_path, f"number;holder\n{cell};X\n"))


def test_numbers_that_a_spreadsheet_rounded_are_refused_and_those_typed_are_not(tmp_path):
    bare = [f"661{at}0000" for at in range(10, 14)]
    with pytest.raises(TasribError, match="row 2, column number: ends in zeros"):
        read_canaries(written(tmp_path, "number,holder\n" + "".join(f"{number},X\n" for number in bare)))
    assert len(read_canaries(written(tmp_path, "number,holder\n" + "".join(f"0{number},X\n" for number in bare)))) == 4


REGISTER = "number;holder;given_at;operator;how_given;given_by;remark\n"


def test_a_register_counts_what_was_given(tmp_path):
    """A plan is no planting: until the day is filled in nobody may have been given the number."""
    text = REGISTER + "0612345678;X;2026-03-01;;;;\n0623456789;X;;;;;\n0662345678;nobody;;;;;\n0661234567;Y;;;;;\n"
    with pytest.warns(InputNote, match=r"rows 3, 5: the register does not say when these 2 numbers were given"):
        found = read_canaries(written(tmp_path, text))
    assert found["holder"].tolist() == ["X", NOBODY]


def test_a_list_that_is_no_register_counts_without_days(tmp_path, recwarn):
    found = read_canaries(written(tmp_path, "number;holder;given_at\n0612345678;X;\n"))
    assert found["holder"].tolist() == ["X"]
    assert not recwarn.list
