"""Whether a spreadsheet rounded a column of numbers, so that several people bear one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_NONE = np.empty(0, np.int64)
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
    rounding = Rounding()
    rounding.add(numbers, found["e164"], column)
    return rounding.marked(found, numbers, column)


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
    rounding = Rounding()
    rounding.add(written, e164)
    return pd.Series(rounding.spoiled(written, e164), index=e164.index)


class Rounding:
    """What the numbers of columns, met some at a time, show of having been rounded."""

    def __init__(self) -> None:
        # By column, and by whether a spreadsheet held the numbers as such.
        self._met: dict[tuple[str, bool], list[_Distinct]] = {}
        self._rules: dict[tuple[str | None, bool], _Rule | None] = {}

    def add(self, written: pd.Series, e164: pd.Series, column: pd.Series | None = None) -> None:
        """
        Take further numbers.

        Parameters
        ----------
        written, e164
            As for `rounded`.
        column : pandas.Series, optional
            As for `lookup_column`.
        """
        look = _look_of(written, e164)
        for name, bare, mine in _read_alike(look, column):
            if len(mine):
                self._met.setdefault((name, bare), []).append(_distinct(look, mine))
        self._rules.clear()

    def spoiled(self, written: pd.Series, e164: pd.Series, column: pd.Series | None = None) -> np.ndarray:
        """
        Tell which numbers were rounded, once all have been met.

        Parameters
        ----------
        written, e164, column
            As for `add`.

        Returns
        -------
        numpy.ndarray of bool, shape (n,)
            True for those of a kind that is too frequent in their column; or, since of many small files each alone may have too few, in
            all together.
        """
        if not self._rules:
            self._settle()
        found = np.zeros(len(written), dtype=bool)
        if not any(self._rules.values()):
            return found
        look = _look_of(written, e164)
        for name, bare, mine in _read_alike(look, column):
            for rule in (self._rules.get((None, bare)), self._rules.get((name, bare))):
                if rule is not None:
                    found[mine] |= rule.of(look.zeros[mine], look.step[mine])
        return found

    def marked(self, found: pd.DataFrame, written: pd.Series, column: pd.Series | None = None) -> pd.DataFrame:
        """
        Mark the numbers that were rounded.

        Parameters
        ----------
        found : pandas.DataFrame
            As from `lookup_many`, with at least ``number_status`` and ``e164`` of its columns.
        written, column
            As for `add`.

        Returns
        -------
        pandas.DataFrame
            As from `lookup_column`; the same one where none was.
        """
        spoiled = self.spoiled(written, found["e164"], column)
        if not spoiled.any():
            return found
        found = found.copy()
        said = {"number_status": "spoiled", "note": NOTE}
        found.loc[spoiled, found.columns] = [said.get(name, "") for name in found.columns]
        return found

    def _settle(self) -> None:
        """Decide for each column, and for all together."""
        for bare in (True, False):
            parts = {name: of for (name, its), of in self._met.items() if its == bare}
            self._rules[None, bare] = _beyond_chance([each for of in parts.values() for each in of], typed=bare)
            several = len({name for name, _ in self._met}) > 1
            for name, of in parts.items() if several else ():
                self._rules[name, bare] = _beyond_chance(of, typed=bare)


def _read_alike(look: _Look, column: pd.Series | None) -> Iterator[tuple[str, bool, np.ndarray]]:
    """The numbers of each column that could be read: those that a spreadsheet held as such, and the others."""
    for name, rows in _by_column(column, len(look.number)):
        for bare in (True, False):
            yield name, bare, rows[(look.number[rows] >= 0) & (look.bare[rows] == bare)]


def _by_column(column: pd.Series | None, n: int) -> Iterator[tuple[str, np.ndarray]]:
    if column is None:
        yield "", np.arange(n)
        return
    codes, names = pd.factorize(column)
    for code, rows in pd.Series(codes).groupby(codes).indices.items():
        yield str(names[code]), rows


class _Look(NamedTuple):
    """How numbers look, in arrays of one value a number: the digits of the number, -1 where none was read; its zeros at the end."""

    number: np.ndarray
    zeros: np.ndarray
    # Written as a spreadsheet holds it, and whether 24 bits hold it to the last digit.
    bare: np.ndarray
    step: np.ndarray


class _Distinct(NamedTuple):
    """Some numbers, each once: how often it was met, its zeros at the end, whether 24 bits hold it as it was met first."""

    number: np.ndarray
    times: np.ndarray
    zeros: np.ndarray
    step: np.ndarray


class _Rule(NamedTuple):
    """The kind of the numbers that were rounded: those with so many zeros at the end; with none, those that 24 bits hold."""

    least: int

    def of(self, zeros: np.ndarray, step: np.ndarray) -> np.ndarray:
        return zeros >= self.least if self.least else step


def _look_of(written: pd.Series, e164: pd.Series) -> _Look:
    place, distinct = pd.factorize(e164)
    digits = [_DIGITS.sub("", each) for each in distinct]
    zeros = np.array([len(each) - len(each.rstrip("0")) for each in digits], dtype=np.int8)[place]
    number = np.array([int(each) if each else -1 for each in digits], dtype=np.int64)[place]
    spelling, spellings = pd.factorize(written.astype(object).map(_text_of))
    bare = [_bare_digits(text) for text in spellings]
    step = np.array([_step(each) for each in bare], dtype=bool)
    return _Look(number, zeros, np.array([each != "" for each in bare], dtype=bool)[spelling], step[spelling])


def _distinct(look: _Look, rows: np.ndarray) -> _Distinct:
    number, first, times = np.unique(look.number[rows], return_index=True, return_counts=True)
    few = np.minimum(times, _COUNTED_TWICE).astype(np.int8)
    return _Distinct(number, few, look.zeros[rows][first], look.step[rows][first])


def _text_of(value: object) -> str:
    return "" if value is None else str(value)


def _beyond_chance(met: Sequence[_Distinct], *, typed: bool) -> _Rule | None:
    """The kind of numbers that chance explains worst, if it explains it badly enough."""
    number, times, zeros, step = (np.concatenate(values) for values in zip(*met, strict=True)) if met else [_NONE] * 4
    # Stable: what is told of a number is told of it where it was met first.
    order = np.argsort(number, kind="stable")
    first = np.flatnonzero(np.diff(number[order], prepend=-1))
    if not len(first):
        return None
    times = np.add.reduceat(times[order].astype(np.int64), first)
    zeros, step = zeros[order][first], step[order][first]
    if times.sum() < 2:
        return None
    kinds = [
        (_Rule(least), _SOUGHT_AFTER * 10.0**-least)
        for least in range(_FEWEST_ZEROS, min(_MOST_ZEROS, int(zeros.max())) + 1)
    ]
    if typed:
        kinds.append((_Rule(0), 1 / min(_STEPS.values())))
    best, least_p = None, _BEYOND_CHANCE
    for rule, chance in kinds:
        p = _chance_of(np.minimum(times, _COUNTED_TWICE), rule.of(zeros, step), chance, whole_column=typed)
        if p < least_p:
            best, least_p = rule, p
    return best


def _chance_of(weight: np.ndarray, of_kind: np.ndarray, chance: float, *, whole_column: bool) -> float:
    """Probability of as many numbers of a kind, by distinct number."""
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
