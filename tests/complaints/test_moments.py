"""Dates as people, forms and telephones write them; day or month first is a matter of the whole column."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.complaints.moments import _FAULTS, read_moments
from tasrib.complaints.values import home_zone
from tasrib.errors import TasribError

RABAT = ZoneInfo("Africa/Casablanca")
NOON, SECOND = "2021-09-03T13:05:00Z", "2021-09-03T13:05:11Z"


def read(*cells):
    return read_moments(cells, range(2, 2 + len(cells)), RABAT)


def told(*cells):
    return {(note.kind, note.code): note.rows for note in read(*cells).notes}


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        *[(text, SECOND) for text in (
            "2021/09/03 2:05:11 PM GMT+1", "2021-09-03 14:05:11 +0100", "2021-09-03 14:05:11+01", "03/09/2021 14:05:11",
            "2021-09-03T14:05:11.000+01:00", "Fri, 3 Sep 2021 14:05:11 +0100", "2021-09-03 02:05:11 م", "2021-09-03 2:05:11 p.m.",
            "[03/09/2021, 14:05:11]", "Fri Sep 03 2021 14:05:11 GMT+0100 (GMT+01:00)", "Fri Sep  3 14:05:11 2021",
            "1630674311", "1630674311000", "1630674311.0", "1630674311000000", "1630674311000000000", "20210903140511",
            "2021-09-03 13:05:11 UTC", "2021-09-03 13:05:11 Z", "20210903T130511Z",
        )],
        *[(text, NOON) for text in (
            "03/09/2021 02:05 م", "03/09/2021 م 02:05", "٠٣/٠٩/٢٠٢١ ١٤:٠٥", "03/09/2021 14h05", "3 septembre 2021 14 h 05",
            "vendredi 3 septembre 2021 à 14:05", "الجمعة 3 سبتمبر 2021 على الساعة 14:05", "Sep 3, 2021, 2:05\u202fPM", "3.9.2021 14.05",
            "03/09/2021, 14:05 -", "03/09/2021 à 14:05", "14:05 03/09/2021", "2021-09-03 14:05 WEST", "\u200f03/09/2021، 14:05\u200f",
            "03/09/2021 14:05:00 (heure locale)",
        )],
        *[(text, "2021-09-03") for text in (
            "3 شتنبر 2021", "3 de septiembre de 2021", "viernes, 3 de septiembre de 2021", "sexta-feira, 3 de setembro de 2021", "٣ أيلول ٢٠٢١", "03/09/21", "3 sept. 2021", "September 3rd, 2021", "le 3 septembre 2021", "3-Sep-21",
            "2021/9/3", "20210903", "44442", "03.09.2021", "2021-W35-5", "Vendredi 3 Septembre 2021",
        )],
        ("1er août 2021", "2021-08-01"), ("3 غشت 2021", "2021-08-03"), ("3 كانون الثاني 2021", "2021-01-03"), ("5 جويلية 2021", "2021-07-05"),
        ("03/09/2021 12:05 AM", "2021-09-02T23:05:00Z"), ("03/09/2021 09:05 صباحًا", "2021-09-03T08:05:00Z"),
        ("44442.5", "2021-09-03T11:00:00Z"), ("2021-09-03 14:05:11,123", "2021-09-03T13:05:11.123000Z"),
    ],
)  # fmt: skip
def test_one_date(text, iso):
    assert read(text).values == [iso]
    assert not any(note.kind == "lost" for note in read(text).notes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[(text, "date_unread") for text in (
            "hier", "début septembre", "31/02/2021", "14:05", "1.63068E+12", "2021", "09/2021", "3 septembre", "0", "1900-01-00", "x" * 20_000,
            "99/99/2021", "03/09/2021 25:61", "03/09/2021 14:05 AM", "٣/٩", "2021-13-45",
        )],
        *[(text, "date_out_of_range") for text in ("1999-12-31", "25/01/1443", "1443-01-25", "2999-01-01", "0001-01-01", "1970-01-01")],
    ],
)  # fmt: skip
def test_what_is_no_date_is_said_with_its_row(text, code):
    assert read("", text).values == ["", ""]
    assert told("", text) == {("lost", code): (3,)}
    assert all(note.said in _FAULTS.values() for note in read(text).notes if note.kind == "lost")


def test_one_date_shows_the_order_of_all():
    assert read("9/3/2021", "9/13/2021", "9/7/2021").values == ["2021-09-03", "2021-09-13", "2021-09-07"]
    assert read("9/3/2021", "13/9/2021").values == ["2021-03-09", "2021-09-13"]
    assert told("9/3/2021", "9/13/2021") == {("read", "date_order"): ()}


def test_where_nothing_shows_the_order_the_custom_counts_and_is_said():
    assert read("9/3/2021", "9/7/2021").values == ["2021-03-09", "2021-07-09"]
    assert "custom" in read("9/3/2021").notes[0].said
    assert told("3/3/2021", "2021-09-13", "3 sept. 2021") == {}


def test_a_column_in_two_orders_keeps_only_what_is_sure():
    cells = ("9/3/2021", "9/13/2021", "13/9/2021", "3 sept. 2021", "5/5/2021")
    assert read(*cells).values == ["", "2021-09-13", "2021-09-13", "2021-09-03", "2021-05-05"]
    assert told(*cells)["lost", "date_ambiguous"] == (2,)


def test_one_slip_does_not_turn_a_column_round():
    cells = ["13/9/2021"] * 60 + ["9/3/2021", "9/31/2021", "9/13/2021"]
    found = read(*cells)
    assert found.values[-3:] == ["2021-03-09", "", ""]


def test_no_answer_is_not_lost():
    assert told("", "-", "n/a", "لا أعرف") == {}


@given(st.text(max_size=60) | st.from_regex(r"[0-9/.: apmنh+-]{1,30}", fullmatch=True))
def test_any_text_is_a_date_or_is_said_to_be_none(text):
    found = read(text)
    assert found.values[0] or not text.strip() or found.notes or told(text) == {}
    assert all(len(value) in (0, 10) or value.endswith("Z") for value in found.values)


def test_the_zone_of_a_country():
    assert [home_zone(country) for country in ("MA", "dz", "SN")] == [
        "Africa/Casablanca",
        "Africa/Algiers",
        "Africa/Dakar",
    ]
    for country in ("US", "XX"):
        with pytest.raises(TasribError, match="--timezone"):
            home_zone(country)
