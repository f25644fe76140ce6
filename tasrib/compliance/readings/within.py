"""Was the message received in a certain period of an election?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from tasrib.compliance.answers import UNANSWERED, UNKNOWN, Answer, yes_no
from tasrib.compliance.readings.reading import Reading

if TYPE_CHECKING:
    from tasrib.compliance.known import Known

_DAY = np.timedelta64(1, "D")


def _read(known: Known, period: str, delay: int = 0) -> Answer:
    """
    Look into the calendar of the rule set.

    Parameters
    ----------
    known : Known
        The complaints.
    period : str
        A period of its elections.
    delay : int
        How many minutes a message may have been on its way. At either end of the period whoever got it so soon after cannot tell on which
        side it was sent. A message dated by its day alone, on the first day, is such a one, its hour not being known.

    Returns
    -------
    Answer
        ``yes`` or ``no``. Unknown without a date, in such minutes, and in a year of which the calendar says nothing.
    """
    at, n = known.local, len(known)
    inside, doubtful = np.zeros(n, bool), np.zeros(n, bool)
    years: set[int] = set()
    minutes = np.timedelta64(delay, "m")
    for first, last in _periods(known, period):
        years |= set(range(first.year, last.year + 1))
        begins, ends = np.datetime64(first, "s"), np.datetime64(last, "s") + _DAY
        inside |= (at >= begins) & (at < ends)
        # Midnight sharp is how a day without an hour is written: the first day's may be any hour, the day after the last is surely after.
        doubtful |= (at >= begins) & (at < begins + minutes) | (at > ends) & (at < ends + minutes)
    dated = ~np.isnat(at)
    covered = np.isin(at.astype("datetime64[Y]").astype(int) + 1970, sorted(years)) & dated
    reason = np.where(dated, np.where(covered, "near_the_edge", "no_calendar"), UNANSWERED).astype(object)
    missing = np.where(dated, UNKNOWN, "received_at").astype(object)
    sure = covered & ~doubtful
    return Answer(yes_no(sure & inside, sure & ~inside), missing, np.where(sure, UNKNOWN, reason).astype(object))


def _periods(known: Known, period: str) -> list[tuple[dt.date, dt.date]]:
    return [days for election in known.rules.elections for days in election.periods.get(period, ())]


WITHIN = Reading(_read, asks=("received_at",))
