"""Reports of some months and channels, each person and thing once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd

_COLUMNS = ("month", "channel")
# Months and channels of a window. An empty set is all of them.
Key: TypeAlias = tuple[frozenset[str], frozenset[str]]
EVERYTHING: Key = (frozenset(), frozenset())


class Reports:
    """
    Who reported what, when and how.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row a report, with ``month`` and ``channel``, empty where unknown.
    persons, things : numpy.ndarray of int
        Number of the person and of the thing of each row, from 0.
    """

    def __init__(self, rows: pd.DataFrame, persons: np.ndarray, things: np.ndarray) -> None:
        # Coded once for all windows, of which a report asks for many: strings are slow to compare, numbers are not.
        coded = [pd.factorize(rows[name]) for name in _COLUMNS]
        self._when_and_how = [(codes, pd.Index(values)) for codes, values in coded]
        self._pairs = persons.astype(np.int64) * (int(things.max(initial=0)) + 1) + things

    def within(self, key: Key) -> np.ndarray:
        """
        Choose the reports of some months and channels.

        Parameters
        ----------
        key : (frozenset of str, frozenset of str)
            Months and channels; reports of unknown ones are in any window.

        Returns
        -------
        numpy.ndarray of int
            Places of rows in their order, the first of each person and thing.
        """
        serves = np.ones(len(self._pairs), bool)
        for (codes, values), known in zip(self._when_and_how, key, strict=True):
            if known:
                serves &= values.isin([*known, ""])[codes]
        places = np.flatnonzero(serves)
        # Months are chosen before people are counted once: else everyone would live in the first month they ever complained in.
        return places[np.sort(np.unique(self._pairs[places], return_index=True)[1])]


def when_and_how(rows: pd.DataFrame) -> Key:
    """
    Say in which months and through which channels people were reached.

    Parameters
    ----------
    rows : pandas.DataFrame
        As from `People.reached`.

    Returns
    -------
    (frozenset of str, frozenset of str)
        Those that are known.
    """
    months, channels = (frozenset(set(rows[name]) - {""}) for name in _COLUMNS)
    return months, channels
