"""Numbers as programs and people wrap them, what is not a number among them, and cells made to take long."""

import decimal

import numpy as np
import pandas as pd
import pytest

from tasrib.errors import TasribError
from tasrib.numbering import lookup, lookup_many

SAME_NUMBER = [
    "212661000101@s.whatsapp.net", "212661000101@c.us", "212661000101:12@s.whatsapp.net", "whatsapp:+212661000101",
    "tel:+212-661-000-101;ext=12", "tel:0661000101;phone-context=+212", "wa.me/212661000101", "sip:+212661000101@ims.example",
    "https://wa.me/212661000101?text=salam%202021", "https://api.whatsapp.com/send?phone=212661000101&text=x",
    "whatsapp://send?phone=%2B212661000101", "TEL;TYPE=CELL;waid=212661000101:+212 661-000101", "@212661000101",
    "+0661000101", "0+212661000101", "00+212661000101", "00 0661000101", "000661000101", "00661000101", "+661000101", "+212 0661000101",
    "+2120661000101", "212-0-661-000-101", "(+212)0661000101", "+ 212 661 000 101", "+212 +212661000101", "+212212661000101",
    "O661000101", "06610001O1", "0661000lOI", "O6 61 OO O1 O1", "ОО661000101",
    "06.61.00.01.01", "0661–000–101", "06\u201161\u201100\u201101\u201101", "661 000 101,00", "661,000,101.00", "6.61000101E+008",
    "0661000101 (WhatsApp)", "0661000101 (2 SIM)", "n° 0661000101", "№ 0661000101", "0661000101inwi", "GSM 1: 0661000101",
    "Fatima: 06 61 00 01 01 (Rabat)", "٠٦٦١-٠٠٠١٠١ (واتساب)", "0661000101 ext. 12", "0661000101 a@b.example", '=T("0661000101")',
    "*0661000101*", "_0661000101_", "«0661000101»", "0661000101;", "06_61_00_01_01", "0661000101 / +212661000101",
    "0661000101;0661000101", "⁺212661000101", "⁰⁶⁶¹⁰⁰⁰¹⁰¹", "0️⃣6️⃣6️⃣1️⃣0️⃣0️⃣0️⃣1️⃣0️⃣1️⃣", "⓪⑥⑥①⓪⓪⓪①⓪①", "📱 0661000101",
    decimal.Decimal("6.61000101E+8"), np.float64(212661000101), b"0661000101", np.str_("0661000101"),
]  # fmt: skip


@pytest.mark.parametrize("written", SAME_NUMBER, ids=repr)
def test_a_number_is_read_out_of_what_stands_around_it(written):
    info = lookup(written)
    assert (info.number_status, info.e164) == ("valid", "+212661000101")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("12345678901234@lid", "alphanumeric"),
        ("212661000101-1612345678@g.us", "alphanumeric"),
        ("0661000101@mail.example", "alphanumeric"),
        ("wa.me/message/ABC", "alphanumeric"),
        ("06 61 00 01 01 / 06 62 00 01 02", "invalid"),
        ("0661000101 ou 0662000102", "invalid"),
        ("0661000101\n0662000102", "invalid"),
        ("0661000101 0662000102", "invalid"),
        ("0661000101/02", "invalid"),
        ("a3f0661000101b2", "invalid"),
        ("066O12345", "invalid"),
        ("06 61 XX XX 01", "spoiled"),
        ("0661…01", "spoiled"),
        ("06 61 __ __ 01", "spoiled"),
        ("212661000***", "spoiled"),
        ("#VALEUR!", "spoiled"),
        (np.float32(661000101), "spoiled"),
        ("néant", "missing"),
        (decimal.Decimal("NaN"), "missing"),
        (pd.NaT, "missing"),
    ],
    ids=repr,
)
def test_what_is_no_number_or_two_is_not_made_one(written, status):
    info = lookup(written)
    assert (info.number_status, info.e164) == (status, "")
    assert info.note


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        # No country's code begins with 0.
        ("+0687712345", "+212687712345"),
        ("000687712345", "+212687712345"),
        ("+687 71 23 45", "+687712345"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("33612345678@c.us", "+33612345678"),
    ],
)
def test_a_sign_too_many_makes_no_foreign_number_and_foreign_ones_stay(written, e164):
    assert lookup(written).e164 == e164


@pytest.mark.parametrize("written", [["0661000101"], {"a": 1}, np.array(["0661000101"]), pd.Series(["0661000101"])])
def test_several_numbers_are_not_one(written):
    with pytest.raises(TasribError, match="lookup_many"):
        lookup(written)


@pytest.mark.parametrize("numbers", ["0661000101", None, 661000101, pd.DataFrame({"a": ["0661000101"]})])
def test_one_number_is_no_column(numbers):
    with pytest.raises(TasribError, match="list or column"):
        lookup_many(numbers)


@pytest.mark.parametrize(
    "piece", ["@", "a@", "O0", "*1", "1x", "1*", "(", "1 ", "+", "lO0 ", "06 ", "wa.me/", "?&", "tel;", "_1", "1.000 ", "%25", ";ext", "١"]
)  # fmt: skip
def test_no_cell_is_too_much(piece):
    for length in (60, 199, 100_000):
        assert lookup((piece * length)[:length]).e164 == ""
