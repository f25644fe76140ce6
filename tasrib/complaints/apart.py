"""An id of its own for each complaint of all tables, whatever ids the files gave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from tasrib.complaints.identity import apart, made_up, made_up_name, name_apart
from tasrib.complaints.seen import Seen


@dataclass(frozen=True)
class IdNames:
    """
    What the ids of a table bear.

    Attributes
    ----------
    given : str
        What is put before ids that the file gave; mostly nothing.
    made : str
        What is put before the row of a complaint without an id.
    """

    given: str
    made: str

    def of(self, complaints: pd.DataFrame) -> pd.Series:
        """
        Give each complaint its id.

        Parameters
        ----------
        complaints : pandas.DataFrame
            Of the table, with ``complaint_id`` as the file gave it, and ``source_row``.

        Returns
        -------
        pandas.Series
            The ids.
        """
        ids = complaints["complaint_id"]
        blank = ids == ""
        found = [apart(ids[~blank], self.given), made_up(complaints.loc[blank, "source_row"], self.made)]
        return pd.concat(found).reindex(ids.index).astype("str")


def settle_ids(stems: Sequence[str], complaints_of: Callable[[int], Iterator[pd.DataFrame]]) -> list[IdNames]:
    """
    Settle the ids of all tables.

    Parameters
    ----------
    stems : sequence of str
        What stands for each table.
    complaints_of : callable
        Gives the complaints of a table, by its place, some at a time: ``complaint_id`` as the file gave it, each once in a table, and
        ``source_row``.

    Returns
    -------
    list of IdNames
        One a table. Ids are changed where an earlier table has one of them.
    """
    taken, found = Seen(), []
    for number, stem in enumerate(stems):
        is_last = number == len(stems) - 1

        def given(number: int = number) -> Iterator[pd.Series]:
            return (each["complaint_id"][each["complaint_id"] != ""] for each in complaints_of(number))

        def without(number: int = number) -> Iterator[pd.Series]:
            return (each.loc[each["complaint_id"] == "", "source_row"] for each in complaints_of(number))

        name = name_apart(given, stem, taken)
        # Of one table alone whose complaints all have an id, or none, there is nothing to compare.
        if not is_last or any(map(len, without())):
            for ids in given():
                taken.update(apart(ids, name))
        made = made_up_name(without, stem, taken)
        if not is_last:
            for rows in without():
                taken.update(made_up(rows, made))
        found.append(IdNames(name, made))
    return found
