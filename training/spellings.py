"""
Random spellings of telephone numbers, and whether the table of prefixes reads them as the rest of the code: `python -m training.spellings [COUNT]`.

Each spelling is read twice, as `tasrib.lookup_many` does and with the quick way for common spellings switched off, and all six columns of
the answer are compared, for each home country in turn.
"""

from __future__ import annotations

import random
import sys
from unittest import mock

import pandas as pd

from tasrib.numbering import HOME_COUNTRIES, lookup_many, numbers
from tasrib.numbering.plan import COUNTRY_CODES

COUNT = 1_000_000
_LEADS = ("6", "7", "5", "8", "2", "3", "4", "9", "1")
_FOREIGN = ("33", "34", "1", "44", "49", "971", "212", "213", "216", "222", "999")
_SIGNS = (
    " ",
    ".",
    "-",
    "/",
    "  ",
    "_",
    ",",
    "(",
    ")",
    "\u00a0",
    "\u202f",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u2011",
    "+",
    "'",
    "0",
)
_ROUND = (
    "",
    "",
    "",
    "",
    " ",
    "'",
    '"',
    "\u202a",
    "\u202c",
    "\ufeff",
    "\t",
    ";",
    ".0",
    ".00",
    ",0",
    "+",
    " (2 SIM)",
    "tel: ",
    "*",
    "x",
)
_SCRIPTS = [
    str.maketrans("0123456789", "".join(chr(zero + n) for n in range(10))) for zero in (0x660, 0x6F0, 0x966, 0xFF10)
]
_SHORT = (
    "",
    "2727",
    "080",
    "nan",
    "-",
    "0",
    "00",
    "+",
    "6.61235E+08",
    "6.61234567E+08",
    "0661XXXXXX",
    "####",
    "Fatima",
)


def spelling(rng: random.Random) -> str:
    """
    Invent a cell of a column of numbers.

    Parameters
    ----------
    rng : random.Random
        Of the draws.

    Returns
    -------
    str
        Mostly a number as people type it, with or without code, blanks and brackets, in digits of some script; now and then too short,
        too long, foreign, doubled or spoiled.
    """
    if rng.random() < 0.02:
        return rng.choice(_SHORT)
    length = rng.choice((9, 9, 9, 9, 8, 8, 7, 10, 6, 11, 13))
    national = rng.choice(_LEADS) + "".join(rng.choices("0123456789", k=length - 1))
    if rng.random() < 0.1:
        zeros = rng.randint(2, 6)
        national = national[:-zeros] + "0" * zeros
    code = rng.choice((*COUNTRY_CODES.values(), "212", "212", rng.choice(_FOREIGN)))
    written = rng.choice(
        (
            "0",
            "0",
            "0",
            "",
            f"+{code}",
            f"00{code}",
            code,
            f"+{code}0",
            f"(+{code}) ",
            f"+{code} (0)",
            "+0",
            "000",
            "00",
            f"+{code}{code}",
        )
    )
    written += _parted(national, rng)
    if rng.random() < 0.15:
        written = written.translate(rng.choice(_SCRIPTS))
    if rng.random() < 0.03:
        written += rng.choice((" / ", ";", " ", "\n")) + _parted("0" + national, rng)
    return rng.choice(_ROUND) + written + rng.choice(_ROUND) if rng.random() < 0.3 else written


def _parted(digits: str, rng: random.Random) -> str:
    """Digits with a sign between some of them: the same all the way, or any."""
    how = rng.random()
    if how < 0.4:
        return digits
    sign, step = rng.choice(_SIGNS), rng.choice((1, 2, 2, 3))
    if how < 0.85:
        return sign.join(digits[at : at + step] for at in range(0, len(digits), step))
    return "".join(digit + (rng.choice(_SIGNS) if rng.random() < 0.15 else "") for digit in digits)


def _never(text: str) -> None:
    """No spelling is common."""


def differences(cells: list[str], country: str) -> pd.DataFrame:
    """
    Read cells with and without the quick way.

    Parameters
    ----------
    cells : list of str
        From `spelling`.
    country : str
        The home country.

    Returns
    -------
    pandas.DataFrame
        Where the answers differ, both.
    """
    quick = lookup_many(cells, country=country)
    with mock.patch.object(numbers, "read_common", _never):
        slow = lookup_many(cells, country=country)
    differ = (quick != slow).any(axis=1)
    return pd.concat([quick[differ].add_suffix("_quick"), slow[differ].add_suffix("_slow")], axis=1).assign(
        cell=pd.Series(cells)[differ]
    )


def main(count: int = COUNT, seed: int = 0) -> None:
    """
    Print how many spellings were read, how many of them the quick way reads, and the differences.

    Parameters
    ----------
    count : int
        Spellings, in equal parts for each home country.
    seed : int
        Of the draws.
    """
    rng = random.Random(seed)
    read = wrong = common = 0
    for country in HOME_COUNTRIES:
        for part in range(0, count // len(HOME_COUNTRIES), 20_000):
            cells = [spelling(rng) for _ in range(min(20_000, count // len(HOME_COUNTRIES) - part))]
            found = differences(cells, country)
            read, wrong = read + len(cells), wrong + len(found)
            common += sum(numbers.read_common(cell) is not None for cell in cells)
            if len(found):
                print(found.head().to_string())
    print(
        f"{read:,} spellings of {len(HOME_COUNTRIES)} home countries, {common / read:.0%} of them common: {wrong} differences"
    )


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
