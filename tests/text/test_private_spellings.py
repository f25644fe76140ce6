"""The everyday spellings of what leads to a person, and the figures that do not."""

import re

import pytest

from tasrib.text.private import private_spans, same_shape, without_private

TELEPHONES = """
0661000101 | 0661 000 101 | 06 61 00 01 01 | 06  61  00  01  01 | 06.61.00.01.01 | 06-61-00-01-01 | 06/61/00/01/01 | 06,61,00,01,01
06_61_00_01_01 | 0661/000/101 | 0661–000–101 | 06—61—00—01—01 | 06‑61‑00‑01‑01 | 0 6 6 1 0 0 0 1 0 1 | 0661.000.101 | (0661) 000 101
(06) 61 00 01 01 | ٠٦٦١٠٠٠١٠١ | ٠٦ ٦١ ٠٠ ٠١ ٠١ | ۰۶۶۱۰۰۰۱۰۱ | +212661000101 | +212 661 000 101 | +212 (0)6 61 00 01 01 | +212 (0) 661-000-101
+2120661000101 | 00212661000101 | 00 212 661 00 01 01 | 00212 0661000101 | 212661000101 | 212 6 61 00 01 01 | (+212) 661000101
+212-661-000-101 | + 212 661 000 101 | +212.661.000.101 | O661OOO1O1 | o6 61 oo o1 o1 | O661000101 | 066l0001Ol | 06 61 00⏎01 01 | 0661⏎000101
0️⃣6️⃣6️⃣1️⃣0️⃣0️⃣0️⃣1️⃣0️⃣1️⃣ | ⓪⑥⑥①⓪⓪⓪①⓪① | ０６６１０００１０１ | 06🔥61🔥00🔥01🔥01 | 0522000101 | 05 22 00 01 01 | 0522-000-101 | +212 5 22 00 01 01
+33 6 12 00 01 01 | +33612000101 | 0033612000101 | 00 33 6 12 00 01 01 | +34 612 000 101 | +1 (202) 555-0143 | +971 50 000 0101 | 0661 0001 01
066 100 0101 | 06610 00101 | 0661-000101 | 06 61-00 01-01 | 06. 61. 00. 01. 01 | 06 - 61 - 00 - 01 - 01 | 06 / 61 / 00 / 01 / 01 | 06 ; 61 ; 00 ; 01 ; 01
06:61:00:01:01 | 06|61|00|01|01 | 06~61~00~01~01 | 661000101 | 661 000 101 | 06 10 00 01 01 | 06/10/20/01/01
zéro six soixante et un zéro zéro zéro un zéro un | zero six six un zero zero zero un zero un | صفر ستة ستة واحد صفر صفر صفر واحد صفر واحد
06 soixante et un zéro zéro zéro un zéro un
"""
PAPERS = """
AB123456 | AB 123456 | BK 12345 | bk12345 | J-123456 | AB1234567 | 011780000012345678901234 | 011 780 0000012345678901 34
011-780-0000012345678901-34 | 0117 8000 0001 2345 6789 0134 | MA64 0117 8000 0001 2345 6789 0134 | MA64011780000012345678901234
FR76 3000 6000 0112 3456 7890 189 | 001234567000089 | 4000 1234 5678 9010 | 4000-1234-5678-9010
"""
ADDRESSES = """
nadia.b@mail.example | nadia.b (at) mail.example | nadia.b[at]mail.example | nadia.b AT mail.example | nadia.b @ mail.example
nadia.b@mail . example | nadia.b (at) mail (dot) example | nadia.b arobase mail point com | nadia [at] mail [dot] com
"""


def spellings(listed):
    parts = re.split(r" \| |\n", listed.strip())
    return [part.strip().replace("⏎", "\n") for part in parts if part.strip()]


@pytest.mark.parametrize("written", spellings(TELEPHONES + PAPERS + ADDRESSES))
@pytest.mark.parametrize("around", ["{}", "عيط ليا {} دابا", "appelez, {} svp.", "*{}*", "[{}]", "«{}»"])
def test_what_leads_to_a_person_is_hidden_in_every_spelling(written, around):
    text = around.format(written)
    left, right = (part.strip("()+ ") for part in around.split("{}"))
    assert re.fullmatch(rf"{re.escape(left)}[()+ ]*{re.escape(right)}", without_private(text, "").strip("()+ "))
    assert len(without_private(text, same_shape)) == len(text)


@pytest.mark.parametrize("written", spellings(TELEPHONES + PAPERS))
def test_what_stands_in_its_place_is_another_number(written):
    digits = re.sub(r"\D", "", written)
    hidden = re.sub(r"\D", "", without_private(written, same_shape))
    assert len(digits) < 3 or hidden != digits


@pytest.mark.parametrize(
    "text",
    [
        "tel0661000101", "tél:0661000101svp", "0661000101svp", "رقمي0661000101", "_0661000101_", "wa.me/212661000101", "wa.me/+212661000101",
        "https://wa.me/212661000101", "api.whatsapp.com/send?phone=212661000101", "tel:+212661000101", "#0661000101", "n°0661000101",
        "0661000101/0662000102", "GSM 0661000101-0662000102", "CIN n° 123456", "ICE: 001 234 567 000 089", "CNSS 123456789",
        "البطاقة الوطنية رقم AB123456", "passeport n° 1234567",
    ],
)  # fmt: skip
def test_a_word_or_a_link_beside_it_hides_nothing_from_us(text):
    left = without_private(text, "")
    assert not re.search(r"\d", left)


@pytest.mark.parametrize(
    "text",
    [
        "le 08/09/2021 à 18h30", "code 48213", "3 000 000 dh", "2021-09-08 10:00", "#تستاهل_أحسن 2026", "200000 مسكن", "1 000 000 emplois",
        "1.000.000 d'emplois", "600 000 000 درهم", "2727", "2015 2016 2017 2018", "08/09/2021 12 postes", "06/09/21 10:30",
        "le 05.09.2021 de 10h a 12h", "article 19 de la loi 09-08", "37 840 123 habitants", "36 828 330 نسمة", "50%", "7 500 000 000 DH",
        "liste 7", "10h-18h", "de 18h00 a 20h00", "20 000 lits", "le 20000", "DH 15000", "DE 10000 DH", "2021/2022", "1-2-3-4-5",
        "prix 1999,00 DH", "08 09 2021", "loi 57-11", "100 000 000", "RDV @ Casablanca. Venez", "de @user. De plus", "0800 a 1800",
        "+50 000 emplois", "+10 000 000 DH", "10 20 30 40 50 60", "2 500 000 familles", "12 345 678 voix", "20:00 21:00", "1 2 3 4 5 6 7 8 9",
        "vingt et un deux trois", "110.00 - 112.00 - 115.00", "carte nationale, 20.000dh", "661 000 101 voix",
    ],
)  # fmt: skip
def test_figures_dates_and_prices_stay(text):
    assert private_spans(text) == []
