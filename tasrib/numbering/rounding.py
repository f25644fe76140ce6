"""Whether a spreadsheet rounded a column of numbers, so that several people bear one."""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats

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
    written = pd.Series(["" if value is None else str(value) for value in numbers], dtype="str")
    e164 = found["e164"].reset_index(drop=True)
    # Of many small files each alone may have too few, and all together enough.
    spoiled = rounded(written, e164).to_numpy(copy=True)
    if column is not None:
        codes = pd.Series(pd.factorize(column)[0])
        for rows in codes.groupby(codes).indices.values():
            spoiled[rows] |= rounded(written.iloc[rows], e164.iloc[rows]).to_numpy()
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
    found = np.zeros(len(e164), dtype=bool)
    digits = np.array([_DIGITS.sub("", number) for number in e164], dtype=object)
    read = digits != ""
    bare = np.array([bool(_BARE.fullmatch(text)) for text in written], dtype=bool)
    for rows in (read & bare, read & ~bare):
        found[rows] = _beyond_chance(
            digits[rows], written.to_numpy(dtype=object)[rows], typed=bool((rows & bare).any())
        )
    return pd.Series(found, index=e164.index)


def _beyond_chance(digits: np.ndarray, written: np.ndarray, *, typed: bool) -> np.ndarray:
    """Which of the numbers are of the kind that chance explains worst, if it explains it badly enough."""
    none = np.zeros(len(digits), dtype=bool)
    if len(digits) < 2:
        return none
    zeros = np.array([len(number) - len(number.rstrip("0")) for number in digits])
    kinds = [
        (zeros >= least, _SOUGHT_AFTER * 10.0**-least)
        for least in range(_FEWEST_ZEROS, min(_MOST_ZEROS, int(zeros.max())) + 1)
    ]
    if typed:
        steps = np.array([_step(text) for text in written])
        kinds.append(((steps > 0), 1 / min(_STEPS.values())))
    best, least_p = none, _BEYOND_CHANCE
    for mine, chance in kinds:
        p = _chance_of(digits, mine, chance, whole_column=typed)
        if p < least_p:
            best, least_p = mine, p
    return best


def _chance_of(digits: np.ndarray, mine: np.ndarray, chance: float, *, whole_column: bool) -> float:
    """Probability of as many numbers of a kind."""
    counted = pd.Series(mine).groupby(digits).agg(["size", "first"])
    weight, of_kind = counted["size"].clip(upper=_COUNTED_TWICE), counted["first"].to_numpy()
    if of_kind.sum() > 1:
        return float(stats.binom.sf(weight[of_kind].sum() - 1, weight.sum(), chance))
    # One person may have sent them all: then it is one number, and only the least likely of all is no chance.
    return chance if whole_column and of_kind.all() else 1.0


@lru_cache(maxsize=100_000)
def _step(text: str) -> bool:
    """Whether 24 bits hold a number to the last digit."""
    found = _BARE.fullmatch(text)
    digits = found[1] if found else ""
    step = _STEPS.get(len(digits))
    return step is not None and int(digits) % step == 0
