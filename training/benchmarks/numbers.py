"""
Time of reading numbers against `phonenumbers` alone: `python -m training.benchmarks.numbers [COUNT]`.

The same column of Moroccan mobile numbers in the spellings that complaints have, each number once, and the random spellings of
`training.spellings`, two in three of them odd. The peer does what a short script does: `phonenumbers.parse`, `is_valid_number`,
`number_type`, E.164 and the carrier's name. `lookup_many` reads more: what a spreadsheet spoiled, digits of all scripts, several numbers in a
cell, and why there is none. So that the peer fails on much of the second column is no part of the comparison; its time is.
"""

from __future__ import annotations

import random
import sys
from functools import partial

import phonenumbers
from phonenumbers import NumberParseException, carrier

from tasrib.numbering import lookup_many
from training.benchmarks.read_scored import seconds_of
from training.spellings import spelling

COUNT, REPEATS = 50_000, 3
_FORMS = ("0{}", "0{}", "+212{}", "00212{}", "212{}", "{}", "0{} ", "+212 {}", "'0{}")


def typed(count: int, seed: int = 0) -> list[str]:
    """
    Invent Moroccan mobile numbers as people write them to an authority.

    Parameters
    ----------
    count : int
        How many.
    seed : int
        Of the draws.

    Returns
    -------
    list of str
        A third of them in pairs of digits.
    """
    rng = random.Random(seed)
    cells = []
    for _ in range(count):
        national = rng.choice("67") + "".join(rng.choices("0123456789", k=8))
        cell = rng.choice(_FORMS).format(national)
        if rng.random() < 1 / 3:
            cell = rng.choice(" .-").join(("0" + national)[at : at + 2] for at in range(0, 10, 2))
        cells.append(cell)
    return cells


def by_phonenumbers(cells: list[str]) -> list[tuple[str, int, str]]:
    """
    Read numbers the plain way.

    Parameters
    ----------
    cells : list of str
        Numbers as written.

    Returns
    -------
    list of (str, int, str)
        E.164 form, kind and carrier; empty where there is none.
    """
    known: dict[str, tuple[str, int, str]] = {}
    for cell in cells:
        if cell in known:
            continue
        known[cell] = ("", -1, "")
        try:
            number = phonenumbers.parse(cell, "MA")
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            known[cell] = (written, phonenumbers.number_type(number), carrier.name_for_number(number, "en"))
    return [known[cell] for cell in cells]


def main(count: int = COUNT) -> None:
    """
    Print both times and their ratio, of common spellings and of all.

    Parameters
    ----------
    count : int
        Numbers in each column.
    """
    rng = random.Random(0)
    columns = {"common spellings": typed(count), "random spellings": [spelling(rng) for _ in range(count)]}
    lookup_many(columns["random spellings"][:1000])
    for name, cells in columns.items():
        mine, theirs = (seconds_of(partial(work, cells), REPEATS) for work in (lookup_many, by_phonenumbers))
        read = (lookup_many(cells)["e164"] != "").mean(), sum(row[0] != "" for row in by_phonenumbers(cells)) / count
        print(
            f"{count:,} numbers, {name}: lookup_many {mine / count * 1e6:.1f} µs of CPU a number, phonenumbers {theirs / count * 1e6:.1f} µs, "
            f"ratio {theirs / mine:.1f}; read {read[0]:.0%} and {read[1]:.0%}"
        )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
