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
    ],
)
def test_other_home_countries(country, written, status, prefix, operator):
    info = lookup(written, country=country)
    assert (info.number_status, info.prefix, info.operator_allocated) == (status, prefix, operator)


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
