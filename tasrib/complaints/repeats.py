"""The one complaint that stands in two files."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from tasrib.complaints.headers import ascii_digits

_COMPARED = ("text", "received_at", "channel", "sender")
_PSEUDONYM = re.compile(r"p-[a-z2-7]{16}")
# National digits that two spellings of a number have in common, with country code or without.
_SHARED_DIGITS = 9


def repeated(tables: Sequence[pd.DataFrame]) -> list[pd.Series]:
    """
    Find complaints that an earlier table has already.

    Months overlap in exports, and a file is sent twice under two names. The same text at the same moment through the same channel from the
    same sender to the same number is one complaint, whatever id a file gives it. Within a table all rows stay: there a repeat may be
    meant.

    Parameters
    ----------
    tables : sequence of pandas.DataFrame
        Complaints, scored or not, with text, recipient, received_at, channel and sender.

    Returns
    -------
    list of pandas.Series
        For each table, under the index of each row that is repeated, the number of the table that has it first. A row whose number cannot
        be read is never a repeat: two such people may be two.
    """
    first: dict[tuple, int] = {}
    found = []
    for at, table in enumerate(tables):
        keys = _keys(table)
        earlier = {index: first[key] for index, key in keys.items() if key in first}
        found.append(pd.Series(earlier, dtype="int64"))
        for key in keys:
            first.setdefault(key, at)
    return found


def _keys(table: pd.DataFrame) -> pd.Series:
    people = {written: _person(written) for written in table["recipient"].unique()}
    known = table[table["recipient"].map(people).ne("")]
    keys = zip(known["recipient"].map(people), *(known[name].astype("str") for name in _COMPARED), strict=True)
    return pd.Series(list(keys), index=known.index, dtype="object")


def _person(written: str) -> str:
    """What two spellings of one number share; empty for what is no number."""
    if _PSEUDONYM.fullmatch(written):
        return written
    digits = re.sub(r"\D", "", ascii_digits(written))
    # Numbers that a spreadsheet rounded are those of many people.
    return digits[-_SHARED_DIGITS:] if len(digits) >= _SHARED_DIGITS and not digits.endswith("000") else ""
