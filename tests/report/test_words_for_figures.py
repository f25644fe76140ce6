"""Figures in words: numbers that agree with their noun, chances that sound as rare as they are, and no certainty."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasrib.report.words import (
    chance_words,
    count_words,
    number_words,
    percent_words,
    posterior_words,
    probability_words,
    ratio_words,
)

NAN = float("nan")
LANGUAGES = ("ar", "fr", "en")


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (1, "شخص واحد"), (2, "شخصين"), (3, "3 أشخاص"), (10, "10 أشخاص"), (11, "11 شخصا"), (99, "99 شخصا"), (100, "100 شخص"),
        (101, "101 شخص"), (102, "102 شخص"), (103, "103 أشخاص"), (111, "111 شخصا"), (1000, "1\u00a0000 شخص"), (NAN, "عدد غير معروف من الأشخاص"),
    ],
)  # fmt: skip
def test_arabic_numbers_agree_with_their_noun(n, words):
    # Categories of the Unicode CLDR, Language Plural Rules, Arabic: few n % 100 = 3..10, many n % 100 = 11..99.
    assert count_words("people", n, "ar") == words


def test_french_numbers_agree_and_keep_their_spaces():
    assert [count_words("people", n, "fr") for n in (0, 1, 2)] == ["0 personne", "une personne", "2 personnes"]
    assert count_words("of_them", 0, "fr") == "aucune"
    assert number_words(1234567.5, "fr", 1) == "1\u00a0234\u00a0567,5"
    assert ratio_words(3.44, "fr") == "3,4"


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0, "less than once in a million"), (1e-7, "less than once in a million"), (1e-6, "once in 1,000,000"),
        (0.00083, "once in 1,200"), (0.05, "once in 20"), (0.14, "once in 7"), (0.2, "about 2 of 10"), (0.5, "about 5 of 10"), (1, "nearly every"),
    ],
)  # fmt: skip
def test_how_often_chance_does_it(p, words):
    # "20", not "20.1": the count of comparisons has two significant digits.
    assert re.search(words + r"(?!\d)", chance_words(p))


@given(p=st.floats(0, 1), q=st.floats(0, 1), language=st.sampled_from(LANGUAGES))
def test_rarer_chance_never_sounds_more_frequent(p, q, language):
    def often(x):
        words = chance_words(x, language)
        number = [float(n.replace("\u00a0", "").replace(",", "")) for n in re.findall(r"\d[\d\u00a0,]*", words)]
        return {0: 0.0 if x < 0.5 else 1.0, 1: 1 / (number or [1])[0]}.get(len(number), number[0] / 10 if number else 0)

    low, high = sorted((p, q))
    assert often(low) <= often(high)


def test_certainty_is_never_printed():
    assert posterior_words(1.0) == "above 0.99"
    assert posterior_words(0.0, "fr") == "moins de 0,01"
    assert percent_words(0.999) == "more than 99%"
    assert percent_words(0.001, "fr", about=True) == "moins de 1\u00a0%"
    assert probability_words(1e-9, "ar") == "أقل من \u20660,0001\u2069"
    assert probability_words(0.0004) == "0.0004"
    assert probability_words(NAN) == "–"
