"""Whether a spreadsheet rounded a column of numbers, so that several people bear one."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from tasrib.numbering.numbers import lookup_many

# Of numbers at random one in ten ends in 0, one in a thousand in 000. Numbers that are easy to remember are sought after and
# sold: they are taken to be this much more frequent.
_SOUGHT_AFTER = 3
# How unlikely chance must be. One file in a hundred thousand would be suspected for nothing, for each of the ways to be rounded.
_BEYOND_CHANCE = 1e-5
_FEWEST_ZEROS, _MOST_ZEROS = 3, 8
# A value that comes again and again may be one person who complains again and again: more than this it does not count.
_COUNTED_TWICE = 2
# A number with 24 bits of precision (Parquet's or NumPy's float32) is a multiple of 64 at nine digits, of 16384 at twelve.
_STEPS = {9: 64, 12: 16_384}
_BARE = re.compile(r"\s*([1-9]\d{7,14})(?:[.,]0*)?\s*")
_DIGITS = re.compile(r"\D+")

NOTE = "rounded, as others of its column: the last digits are lost"


def lookup_column(numbers: pd.Series, *, country: str = "MA", column: pd.Series | None = None) -> pd.DataFrame:
    """
    Read columns of telephone numbers as `lookup_many` does, and mark those that were rounded.

    Parameters
    ----------
    numbers : pandas.Series of str
        Numbers as written.
    country : str, optional
        The home country, as in `lookup`.
    column : pandas.Series, optional
        Of each number the column of a file or sheet that it stood in, by any name; all in one by default.

    Returns
    -------
    pandas.DataFrame
        As from `lookup_many`; a rounded number is ``spoiled`` and has neither country, prefix, operator nor e164.

    Raises
    ------
    TasribError
        As `lookup_many`.
    """
    found = lookup_many(numbers, country=country)
    look = _look_of(numbers, found["e164"])
    # Of many small files each alone may have too few, and all together enough.
    spoiled = _rounded(look)
    if column is not None:
        codes, names = pd.factorize(column)
        if len(names) > 1:
            for rows in pd.Series(codes).groupby(codes).indices.values():
                spoiled[rows] |= _rounded(_Look(*(values[rows] for values in look)))
    if spoiled.any():
        found.loc[spoiled, found.columns] = ["spoiled", "", "", "", "", NOTE]
    return found


def rounded(written: pd.Series, e164: pd.Series) -> pd.Series:
    """
    Find the numbers of a column whose last digits a spreadsheet or a program replaced.

    Parameters
    ----------
    written : pandas.Series of str, shape (n,)
        The numbers of one column of one file, as written.
    e164 : pandas.Series of str, shape (n,)
        What they read as; empty where nothing could be read.

    Returns
    -------
    pandas.Series of bool, shape (n,)
        True for the numbers that are of a kind (so many zeros at the end; multiples of 64) that occurs in the column far more often than
        chance explains. A single such number is never one: there are people whose number ends in 000000.

    Notes
    -----
    The exact binomial test of each kind, a number that repeats counting twice at most. Numbers that a spreadsheet holds as numbers (bare
    digits, no 0 or + before them) are looked at by themselves: the others were text to it, and not rounded.
    """
    return pd.Series(_rounded(_look_of(written, e164)), index=e164.index)


class _Look(NamedTuple):
    """How numbers look, in arrays of one value a number: which of the distinct numbers, -1 where none was read; its zeros at the end."""

    number: np.ndarray
    zeros: np.ndarray
    # Written as a spreadsheet holds it, and whether 24 bits hold it to the last digit.
    bare: np.ndarray
    step: np.ndarray


def _look_of(written: pd.Series, e164: pd.Series) -> _Look:
    number, distinct = pd.factorize(e164)
    digits = [_DIGITS.sub("", each) for each in distinct]
    zeros = np.array([len(each) - len(each.rstrip("0")) for each in digits], dtype=int)[number]
    number = np.where(np.array([each != "" for each in digits], dtype=bool)[number], number, -1)
    spelling, spellings = pd.factorize(written.astype(object).map(_text_of))
    bare = [_bare_digits(text) for text in spellings]
    step = np.array([_step(each) for each in bare], dtype=bool)
    return _Look(number, zeros, np.array([each != "" for each in bare], dtype=bool)[spelling], step[spelling])


def _text_of(value: object) -> str:
    return "" if value is None else str(value)


def _rounded(look: _Look) -> np.ndarray:
    found = np.zeros(len(look.number), dtype=bool)
    read = look.number >= 0
    for rows in (read & look.bare, read & ~look.bare):
        found[rows] = _beyond_chance(
            look.number[rows], look.zeros[rows], look.step[rows], typed=bool((rows & look.bare).any())
        )
    return found


def _beyond_chance(number: np.ndarray, zeros: np.ndarray, step: np.ndarray, *, typed: bool) -> np.ndarray:
    """Which of the numbers are of the kind that chance explains worst, if it explains it badly enough."""
    none = np.zeros(len(number), dtype=bool)
    if len(number) < 2:
        return none
    kinds = [
        (zeros >= least, _SOUGHT_AFTER * 10.0**-least)
        for least in range(_FEWEST_ZEROS, min(_MOST_ZEROS, int(zeros.max())) + 1)
    ]
    if typed:
        kinds.append((step, 1 / min(_STEPS.values())))
    best, least_p = none, _BEYOND_CHANCE
    for mine, chance in kinds:
        p = _chance_of(number, mine, chance, whole_column=typed)
        if p < least_p:
            best, least_p = mine, p
    return best


def _chance_of(number: np.ndarray, mine: np.ndarray, chance: float, *, whole_column: bool) -> float:
    """Probability of as many numbers of a kind."""
    _, first, size = np.unique(number, return_index=True, return_counts=True)
    weight, of_kind = np.minimum(size, _COUNTED_TWICE), mine[first]
    if of_kind.sum() > 1:
        # Loaded late: who looks up one number does not wait for it.
        from scipy.special import bdtrc

        return float(bdtrc(weight[of_kind].sum() - 1, weight.sum(), chance))
    # One person may have sent them all: then it is one number, and only the least likely of all is no chance.
    return chance if whole_column and of_kind.all() else 1.0


def _bare_digits(text: str) -> str:
    """The digits of a number as a spreadsheet holds it."""
    found = _BARE.fullmatch(text)
    return found[1] if found else ""


def _step(digits: str) -> bool:
    """Whether 24 bits hold a number to the last digit."""
    step = _STEPS.get(len(digits))
    return step is not None and int(digits) % step == 0
