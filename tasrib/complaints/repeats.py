"""The one complaint that stands in two files."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from tasrib.complaints.headers import ascii_digits
from tasrib.complaints.pseudonyms import PSEUDONYM
from tasrib.complaints.seen import Seen, digests

_COMPARED = ("channel", "sender", "text")
# National digits that two spellings of a number have in common, with country code or without.
_SHARED_DIGITS = 9


class Repeats:
    """
    Finds complaints that an earlier table has already.

    Months overlap in exports, and a file is sent twice under two names. The same text at the same moment through the same channel from the
    same sender to the same number is one complaint, whatever id a file gives it. Within a table all rows stay: there a repeat may be
    meant.
    """

    def __init__(self) -> None:
        self._earlier = Seen()
        self._mine: list[np.ndarray] = []
        self._table = 0

    def earlier(self, complaints: pd.DataFrame) -> pd.Series:
        """
        Take the next rows of a table.

        Parameters
        ----------
        complaints : pandas.DataFrame
            Complaints, scored or not, with text, recipient, received_at, channel and sender.

        Returns
        -------
        pandas.Series
            Under the index of each row that is repeated, the number of the table that has it first. A row whose number cannot be read is
            never a repeat: two such people may be two.
        """
        keys = _keys(complaints)
        hashed = digests(keys)
        self._mine.append(hashed)
        first = self._earlier.first(hashed)
        return pd.Series(first[first >= 0], index=keys.index[first >= 0])

    def next_table(self) -> None:
        """End a table: what comes then is of the next one."""
        for hashed in self._mine:
            self._earlier.add(hashed, np.full(len(hashed), self._table))
        self._mine = []
        self._table += 1


def repeated(tables: Sequence[pd.DataFrame]) -> list[pd.Series]:
    """
    Find complaints that an earlier one of several tables has.

    Parameters
    ----------
    tables : sequence of pandas.DataFrame
        As for `Repeats.earlier`.

    Returns
    -------
    list of pandas.Series
        As from `Repeats.earlier`, for each table.
    """
    repeats, found = Repeats(), []
    for table in tables:
        found.append(repeats.earlier(table))
        repeats.next_table()
    return found


def _keys(table: pd.DataFrame) -> pd.Series:
    """All that makes a complaint what it is, in one text; of those whose person is known."""
    people = {written: _person(written) for written in table["recipient"].unique()}
    person = table["recipient"].map(people)
    known = table[person.ne("")]
    parts = zip(
        person[person.ne("")],
        _moments(known["received_at"]),
        *(known[name].astype("str") for name in _COMPARED),
        strict=True,
    )
    # The text, which may hold any sign, comes last.
    return pd.Series(["\x1f".join(map(str, key)) for key in parts], index=known.index, dtype="object")


def _moments(received_at: pd.Series) -> Sequence[str]:
    """Each moment by itself: pandas writes it as the moments beside it need it, with hours or without."""
    if not isinstance(received_at.dtype, pd.DatetimeTZDtype):
        return received_at.astype("str").tolist()
    utc = received_at.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[us]")
    return np.datetime_as_string(utc).tolist()  # type: ignore[no-any-return]


def _person(written: str) -> str:
    """What two spellings of one number share; empty for what is no number."""
    if re.fullmatch(PSEUDONYM, written):
        return written
    digits = re.sub(r"\D", "", ascii_digits(written))
    # Numbers that a spreadsheet rounded are those of many people.
    return digits[-_SHARED_DIGITS:] if len(digits) >= _SHARED_DIGITS and not digits.endswith("000") else ""
