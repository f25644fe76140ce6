"""A column that a spreadsheet rounded, and people whose number ends in zeros all the same."""

import numpy as np
import pandas as pd
import pytest

from tasrib.numbering import lookup_column, number_warnings

EXACT = [int(n) for n in 6 * 10**8 + np.random.default_rng(1).integers(10**7, 9 * 10**7, 200)]


def spoiled(numbers, **options):
    numbers = [str(number) for number in numbers]
    return int((lookup_column(pd.Series(numbers), **options)["number_status"] == "spoiled").sum())


@pytest.mark.parametrize(
    "numbers",
    [
        ["212661000000", "212661000000", "212672000000", "212661000000"],
        ["212661000000"] * 3,
        ["661000128", "661000128", "661000128", "661000192"],
        [round(n, -3) for n in EXACT[:2]],
        [f"{round(n, -3)}.0" for n in EXACT[:10]],
        [f"+212{round(n, -3)}" for n in EXACT[:3]],
        [f"0{round(n, -3)}" for n in EXACT[:3]],
        [int(np.float32(n)) for n in EXACT[:50]],
        [int(np.float32(212 * 10**9 + n)) for n in EXACT[:5]],
    ],
    ids=lambda numbers: str(numbers[0]),
)
def test_a_rounded_column_is_spoiled(numbers):
    found = lookup_column(pd.Series([str(number) for number in numbers]))
    assert set(found["number_status"]) == {"spoiled"}
    assert not found["e164"].any()
    assert not found["operator_allocated"].any()


@pytest.mark.parametrize(
    "numbers",
    [
        ["0661000000"],
        ["661000000"],
        ["0661000000", *(f"0{n}" for n in EXACT[:9])],
        ["661000000"] * 3 + EXACT[:7],
        ["661234000"] * 2,
        ["0661000000"] * 4,
        EXACT,
        [],
    ],
    ids=len,
)
def test_one_person_with_zeros_is_no_rounded_column(numbers):
    assert spoiled(numbers) == 0


def test_only_numbers_that_a_spreadsheet_held_as_numbers_were_rounded():
    texts = [f"0{n}" for n in EXACT[10:]]
    assert spoiled([*(round(n, -3) for n in EXACT[:10]), *texts]) == 10
    assert spoiled([*(int(np.float32(n)) for n in EXACT[:10]), *texts]) == 10


def test_each_file_has_its_own_column():
    rounded, exact = [round(n, -3) for n in EXACT[:3]], EXACT[3:]
    files = pd.Series(["july"] * 3 + ["august"] * len(exact))
    assert spoiled([*rounded, *exact], column=files) == 3


def test_a_warning_says_how_many_and_what_to_do_and_no_number():
    said = number_warnings(pd.Series(["spoiled", "spoiled", "valid", "invalid"]))
    assert len(said) == 2
    assert said[0].startswith("2 of 4")
    assert "as text" in said[0]
    assert number_warnings(pd.Series(["valid", "landline"])) == []
