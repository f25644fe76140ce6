"""What is read the quick way is read as the long way reads it, and what is passed over holds nothing."""

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasrib.numbering import HOME_COUNTRIES, hidden, hide_numbers
from tasrib.numbering.in_texts import person_number
from tasrib.text.private import without_private
from training.spellings import differences, spelling

COUNTRIES = st.sampled_from(list(HOME_COUNTRIES))
TYPED = st.text(alphabet="0123456789+ .-'\"\u200e\u00a0٠٦١۰", max_size=20)
IDS = st.text(alphabet="000126789 -/.+:PLa", max_size=24)
REASONS = st.text(alphabet="00122366789 +++.;()é\u0623\u0660\u0666\u060c", max_size=30)


@pytest.mark.parametrize("country", HOME_COUNTRIES)
def test_common_spellings_are_read_as_the_long_way_reads_them(country):
    rng = random.Random(country)
    assert differences([spelling(rng) for _ in range(400)], country).empty


@given(st.lists(TYPED, max_size=20), COUNTRIES)
@settings(max_examples=60, deadline=None)
def test_any_digits_and_signs_are_read_as_the_long_way_reads_them(cells, country):
    assert differences(cells, country).empty


@given(st.lists(st.one_of(IDS, TYPED, REASONS, st.randoms().map(spelling)), max_size=12), COUNTRIES)
@settings(max_examples=80, deadline=None)
def test_no_number_of_a_person_is_passed_over(cells, country):
    for cell in cells:
        if not hidden._may_be_person(cell, country):
            assert without_private(cell, lambda part: person_number(part, country) or part) == cell
            assert person_number(cell, country) == ""


def test_ids_stay_and_numbers_in_them_go():
    cells = pd.Series(["PL-2021-000123", "PL-2021-661234567", "dossier 0661234567", "0033612345678"], dtype="str")
    assert hide_numbers(cells, lambda number: "x").tolist() == ["PL-2021-000123", "PL-2021-x", "dossier x", "x"]


def test_the_weights_of_reasons_are_looked_through_no_longer_than_ids(monkeypatch):
    monkeypatch.setattr(hidden, "private_spans", None)
    links = pd.Series(
        ["https://ex.example/123456 +0.3; réunion -0.2", "الوردة +1.4; https://ex.example/654321 +0.7"], dtype="str"
    )
    assert hide_numbers(links, str.upper) is links


def test_numbers_beside_weights_go():
    cells = pd.Series(["0661234567 +0.3; صوتوا +2.1", "+33612345678 +0.4; liste +0.2", "٠٦٦١٢٣٤٥٦٧ +0.3"], dtype="str")
    hides = hide_numbers(cells, lambda number: "x").tolist()
    assert hides == ["x +0.3; صوتوا +2.1", "x +0.4; liste +0.2", "x +0.3"]
