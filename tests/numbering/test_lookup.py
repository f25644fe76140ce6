"""Every spelling of a number that people and spreadsheets produce, and what must come out."""

import json

import numpy as np
import pandas as pd
import pytest

from tasrib.errors import TasribError
from tasrib.numbering import NUMBER_STATUSES, STATUS_MEANING, UNKNOWN_PREFIX, lookup, lookup_many

SAME_NUMBER = [
    "0661234567",
    "06 61 23 45 67",
    "0661-234567",
    "06.61.23.45.67",
    "06/61/23/45/67",
    "+212661234567",
    "00212661234567",
    "212661234567",
    "212 6 61 23 45 67",
    "(+212) 0661234567",
    "+212 (0) 661-234567",
    "+00212661234567",
    "0212661234567",
    "212661234567+",
    "٠٦٦١٢٣٤٥٦٧",
    "۰۶۶۱۲۳۴۵۶۷",
    "٠٦ ٦١ ٢٣ ٤٥ ٦٧",
    "０６６１２３４５６７",
    "\u200f+212\u200e661234567",
    "\u202b0661234567\u202c",
    "06\u200b61\u00a023\u202f45\ufeff67",
    "'0661234567",
    "’0661234567",
    '="0661234567"',
    "661234567",
    "661234567.0",
    "212661234567.0",
    "6.61234567E+08",
    "6,61234567e8",
    "2.12661234567E+11",
    "tel: 0661234567",
    "Tél. : 06 61 23 45 67",
    "هاتف: 0661234567",
    "Fatima (0661234567)",
    661234567,
    661234567.0,
    np.int64(212661234567),
]


@pytest.mark.parametrize("written", SAME_NUMBER, ids=repr)
def test_every_spelling_reads_as_the_same_number(written):
    info = lookup(written)
    assert info.number_status == "valid"
    assert info.e164 == "+212661234567"
    assert (info.country, info.prefix, info.operator_allocated) == ("MA", "0661", "Maroc Telecom")


@pytest.mark.parametrize("written", ["661234567", "6.61234567E+08", "661234567.0", "0212661234567"])
def test_a_repair_is_told(written):
    assert lookup(written).note


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("6.61235E+08", "spoiled"),
        ("6,61E+08", "spoiled"),
        ("2.12661E+11", "spoiled"),
        ("٦٫٦١E+08", "spoiled"),
        ("#######", "spoiled"),
        ("#N/A", "spoiled"),
        ("0661XXXXXX", "spoiled"),
        ("06 61 23 ** **", "spoiled"),
        ("2727", "short_code"),
        ("15", "short_code"),
        ("INWI", "alphanumeric"),
        ("RNI 2021", "alphanumeric"),
        ("اتصالات المغرب", "alphanumeric"),
        ("someone@example.org", "alphanumeric"),
        ("0522123456", "landline"),
        ("0801234567", "toll_free"),
        ("0891234567", "premium_rate"),
        ("0592401234", "voip"),
        ("06612345", "invalid"),
        ("066123456789", "invalid"),
        ("066O12345", "invalid"),
        ("0661234567 / 0670123456", "invalid"),
        ("0820000000", "invalid"),
        ("+999123456789", "invalid"),
        ("1.5E+01", "short_code"),
        ("6.612345675E+08", "invalid"),
        ("😀", "invalid"),
        ("", "missing"),
        ("  \u200f", "missing"),
        ("-", "missing"),
        ("nan", "missing"),
        (None, "missing"),
        (float("nan"), "missing"),
        (pd.NA, "missing"),
    ],
)
def test_what_is_no_subscriber_number(written, status):
    info = lookup(written)
    assert info.number_status == status
    assert info.note
    assert info.operator_allocated == ""


@pytest.mark.parametrize("lost", ["6.61235E+08", "6,61E+08", "2.12661E+11"])
def test_lost_digits_are_never_invented(lost):
    assert lookup(lost).e164 == ""


def test_a_rounded_number_that_looks_whole_is_pointed_at():
    assert "rounded" in lookup(661235000.0).note


@pytest.mark.parametrize(
    ("written", "e164", "country", "prefix", "operator"),
    [
        ("+33612345678", "+33612345678", "FR", "061", "SFR"),
        ("33612345678", "+33612345678", "FR", "061", "SFR"),
        ("0033142685300", "+33142685300", "FR", "0142", ""),
        ("+213550123456", "+213550123456", "DZ", "05", "Ooredoo"),
        ("00216 20 123 456", "+21620123456", "TN", "2", "Ooredoo"),
        ("+393471234567", "+393471234567", "IT", "34", "Vodafone"),
        ("+14155552671", "+14155552671", "US", "415", ""),
    ],
)
def test_foreign_numbers_keep_what_is_known(written, e164, country, prefix, operator):
    info = lookup(written)
    assert info.number_status == "foreign"
    assert (info.e164, info.country, info.prefix) == (e164, country, prefix)
    assert info.operator_allocated == operator


@pytest.mark.parametrize(
    ("country", "written", "status", "prefix", "operator"),
    [
        ("DZ", "0550 12 34 56", "valid", "05", "Ooredoo"),
        ("DZ", "661234567", "valid", "06", "Mobilis"),
        ("TN", "98 123 456", "valid", "9", "Tunisie Telecom"),
        ("TN", "45123456", "valid", "45", "Watany Ettisalat"),
        ("TN", "71123456", "landline", "711", ""),
        ("MR", "22 12 34 56", "valid", "22", "Chinguitel"),
        ("FR", "06 12 34 56 78", "valid", "061", "SFR"),
        ("FR", "0661234567", "valid", "066", "Bouygues"),
        ("FR", "+212661234567", "foreign", "0661", "Maroc Telecom"),
        ("FR", "0810123456", "shared_cost", "0810", ""),
        ("ma", "0661234567", "valid", "0661", "Maroc Telecom"),
        ("SN", "77 123 45 67", "valid", "77", "Orange"),
        ("SN", "221761234567", "valid", "76", "Yas"),
        ("SN", "33 821 34 56", "landline", "338", ""),
        ("SN", "0701234567", "valid", "70", "Expresso"),
        ("CI", "07 01 23 45 67", "valid", "07", "Orange"),
        ("CI", "+2250501234567", "valid", "05", "MTN"),
        ("CI", "101234567", "valid", "01", "Moov"),
        ("CI", "27 21 23 45 67", "landline", "272", ""),
        ("CI", "07 12 34 56", "invalid", "", ""),
        ("CI", "301234567", "invalid", "", ""),
        ("EG", "٠١٠٠١٢٣٤٥٦٧", "valid", "010", "Vodafone"),
        ("EG", "+20 0112 345 6789", "valid", "011", "Etisalat"),
        ("EG", "1212345678", "valid", "012", "Orange"),
        ("EG", "0155 123 4567", "valid", "015", "TE"),
        ("EG", "02 2345 6789", "landline", "0223", ""),
        ("LB", "03/123456", "valid", "031", "Alfa"),
        ("LB", "3823456", "valid", "038", "Touch"),
        ("LB", "71 123 456", "valid", "711", "Touch"),
        ("LB", "+961 70 123456", "valid", "701", "Alfa"),
        ("LB", "9613123456", "valid", "031", "Alfa"),
        ("LB", "01 345678", "landline", "0134", ""),
        ("BE", "0470/12.34.56", "valid", "047", "Proximus"),
        ("BE", "+32 (0)486 12 34 56", "valid", "0486", "Telenet"),
        ("BE", "495123456", "valid", "049", "Orange"),
        ("BE", "04 223 45 67", "landline", "0422", ""),
    ],
)
def test_other_home_countries(country, written, status, prefix, operator):
    info = lookup(written, country=country)
    assert (info.number_status, info.prefix, info.operator_allocated) == (status, prefix, operator)


@pytest.mark.parametrize(
    ("country", "written", "note"),
    [
        ("CI", "701234567", "leading 0 restored"),
        ("CI", "+225 701234567", "leading 0 restored"),
        ("CI", "0701234567", ""),
        ("MA", "+225701234567", "leading 0 restored"),
        ("LB", "3123456", "leading 0 restored"),
        ("LB", "71123456", ""),
        ("EG", "1001234567", "leading 0 restored"),
        ("SN", "771234567", ""),
    ],
)
def test_a_lost_zero_is_put_back_where_numbers_have_one(country, written, note):
    info = lookup(written, country=country)
    assert (info.number_status, info.note) == ("foreign" if country == "MA" else "valid", note)
    assert lookup(info.e164, country=country).e164 == info.e164


@pytest.mark.parametrize("written", ["2025551234", "3225551234", "9611345678"])
def test_ten_digits_without_a_plus_are_no_number_of_a_country_whose_code_they_begin_with(written):
    assert lookup(written).number_status == "invalid"


@pytest.mark.parametrize("country", ["XX", "", "Morocco", None])
def test_an_unknown_country_names_the_known_ones(country):
    with pytest.raises(TasribError, match=r"MA.*DZ.*TN.*MR.*FR"):
        lookup("0661234567", country=country)
    with pytest.raises(TasribError):
        lookup_many(["0661234567"], country=country)


def test_an_unallocated_prefix_has_no_operator_and_says_so():
    info = lookup("0683234567")
    assert (info.number_status, info.prefix, info.operator_allocated) == ("valid", "0683", "")
    assert info.note == UNKNOWN_PREFIX


def test_to_dict_is_ready_for_json():
    info = lookup("0661234567").to_dict()
    assert list(info) == [
        "raw",
        "number_status",
        "e164",
        "country",
        "prefix",
        "operator_allocated",
        "note",
    ]
    assert json.loads(json.dumps(info)) == info


def test_each_status_is_explained():
    assert set(STATUS_MEANING) == set(NUMBER_STATUSES)


def test_lookup_many_keeps_index_order_and_repeats():
    numbers = pd.Series(["0661234567", None, "2727", "0661234567"], index=[7, 7, "b", 1.5])
    table = lookup_many(numbers)
    assert list(table.index) == [7, 7, "b", 1.5]
    assert list(table["number_status"]) == ["valid", "missing", "short_code", "valid"]
    assert list(table.columns) == [
        "number_status",
        "country",
        "prefix",
        "operator_allocated",
        "e164",
        "note",
    ]
    assert not table.isna().any().any()


@pytest.mark.parametrize(
    "numbers",
    [
        pd.Series([661234567.0, np.nan]),
        pd.Series([661234567, 661234567]),
        pd.Series(["0661234567", pd.NA], dtype="string"),
        pd.Series(["0661234567"], dtype="category"),
        ["0661234567", 661234567, None],
        pd.Series([], dtype=object),
        iter([]),
    ],
    ids=["float", "int", "string", "category", "list", "empty", "iterator"],
)
def test_lookup_many_takes_any_column(numbers):
    table = lookup_many(numbers)
    assert set(table["e164"]) <= {"+212661234567", ""}
    assert (table.dtypes == "str").all()
