"""A column of dates: whether day or month stands first is decided for all of it, and what cannot be known is said."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tasrib.complaints.dates import Order, Written, exact, take_apart
from tasrib.complaints.headers import is_no_answer
from tasrib.complaints.schema import FIRST_YEAR
from tasrib.tables.notes import Note, of_rows

_ORDERS: tuple[Order, Order] = ("day", "month")
# Of a hundred dates one may be a slip of the pen; more of the other kind, and the column was written in two orders.
_SLIPS = 0.02
_FIRST_DAY = dt.date(int(FIRST_YEAR), 1, 1)
# A local time read as UTC may be some hours ahead.
_GRACE = dt.timedelta(days=1)


class Moments(NamedTuple):
    """
    A column of dates.

    Attributes
    ----------
    values : list of str
        ISO 8601: a moment in UTC (``…Z``), a bare date, or "" for an empty cell and one that could not be read.
    notes : list of Note
        How the column was read, and the rows whose date is lost.
    """

    values: list[str]
    notes: list[Note]


@dataclass(frozen=True)
class Decision:
    """
    Whether day or month stands first in a column.

    Attributes
    ----------
    order : {"day", "month"}
        What stands first.
    doubtful : bool
        Whether the column contradicts itself, so that a date which may be either is lost.
    evidence : str
        What showed it; empty where nothing had to be decided.
    """

    order: Order = "day"
    doubtful: bool = False
    evidence: str = ""

    def notes(self, column: str) -> list[Note]:
        """Say how the column was read."""
        return [Note("read", "date_order", _EVIDENCE[self.evidence], column=column)] if self.evidence else []


@dataclass
class Evidence:
    """What the dates of a column, met some at a time, show of the order in which they were written."""

    latest: dt.datetime
    day: int = 0
    month: int = 0
    undecided: bool = False

    def add(self, cells: Iterable[str]) -> None:
        """
        Look at further cells.

        Parameters
        ----------
        cells : iterable of str
            As written.
        """
        for cell, times in Counter(cells).items():
            written = _written(cell)
            if isinstance(written, Written) and written.open and written.first != written.second:
                day_first, month_first = (_in_range(written.moment(order), self.latest) for order in _ORDERS)
                self.day += times * (day_first and not month_first)
                self.month += times * (month_first and not day_first)
                self.undecided |= day_first and month_first

    def decision(self, home: Order = "day") -> Decision:
        """
        Decide for the whole column.

        Parameters
        ----------
        home : {"day", "month"}
            What stands first by custom.

        Returns
        -------
        Decision
            One 13/9 shows that the day stands first in all dates of a column, one 9/13 that the month does; where nothing shows it, the
            custom of the home country counts, and it is said. A column that shows both was written in two orders (a spreadsheet converts
            the dates that it can and leaves the others): its dates that may be either are lost, for a wrong date misleads.
        """
        both = self.day + self.month
        if not both:
            return Decision(home, False, f"home_{home}" if self.undecided else "")
        order: Order = "day" if self.day >= self.month else "month"
        return Decision(order, min(self.day, self.month) > _SLIPS * both, order)


def latest_moment() -> dt.datetime:
    """The moment after which no message that was received can be dated."""
    return dt.datetime.now(dt.UTC) + _GRACE


def read_moments(
    cells: Sequence[str], rows: Sequence[int], zone: ZoneInfo, *, column: str = "", home_order: Order = "day",
    decision: Decision | None = None, latest: dt.datetime | None = None,
) -> Moments:  # fmt: skip
    """
    Read a column of dates.

    Parameters
    ----------
    cells : sequence of str
        As written.
    rows : sequence of int
        Row of each cell, for the notes.
    zone : ZoneInfo
        Zone of times that state none.
    column : str
        The user's name of the column, for the notes.
    home_order : {"day", "month"}
        What stands first by custom.
    decision : Decision, optional
        What stands first in the whole column, where `cells` are some of it; decided by these, and said, where it is not given.
    latest : datetime.datetime, optional
        As from `latest_moment`; now by default.

    Returns
    -------
    Moments
        A value for each cell, and the notes.
    """
    latest = latest or latest_moment()
    notes: list[Note] = []
    if decision is None:
        evidence = Evidence(latest)
        evidence.add(cells)
        decision = evidence.decision(home_order)
        notes = decision.notes(column)
    found = {
        cell: ("", "") if is_no_answer(cell) else _value(_written(cell), decision, zone, latest)
        for cell in dict.fromkeys(cells)
    }
    said_rows: dict[str, list[int]] = {}
    for cell, row in zip(cells, rows, strict=True):
        if fault := found[cell][1]:
            said_rows.setdefault(fault, []).append(row)
    lost = [note for fault, at in said_rows.items() for note in of_rows("lost", fault, _FAULTS[fault], at, column)]
    return Moments([found[cell][0] for cell in cells], [*lost, *notes])


# A column of the rows at work is looked at twice: for its order, and for its values.
@lru_cache(maxsize=2**15)
def _written(cell: str) -> Written | dt.date | None:
    return exact(cell) or take_apart(cell.strip())


_FAULTS = {
    "date_unread": "no date that can be read; the complaint stays, its date does not count; write 2026-12-31 or 31/12/2026 14:05",
    "date_out_of_range": f"a date before {FIRST_YEAR}, in the future or of another calendar; the complaint stays, its date does not count",
    "date_ambiguous": "some dates of the column have the day first and some the month, and these may be either; their dates do not count; "
    "write them as 2026-12-31",
}  # fmt: skip
_EVIDENCE = {
    "day": "read with the day first, as other dates of the column show",
    "month": "read with the month first, as other dates of the column show",
    "home_day": "no date shows whether the day or the month stands first; read with the day first, as is the custom",
    "home_month": "no date shows whether the day or the month stands first; read with the month first, as is the custom",
}


def _in_range(moment: dt.date | None, latest: dt.datetime) -> bool:
    if moment is None:
        return False
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return _FIRST_DAY <= day <= latest.date()


def _value(
    written: Written | dt.date | None, decision: Decision, zone: ZoneInfo, latest: dt.datetime
) -> tuple[str, str]:
    """ISO 8601 and nothing, or nothing and what is wrong."""
    order = decision.order
    moment = written.moment(order) if isinstance(written, Written) else written
    if decision.doubtful and isinstance(written, Written) and written.open:
        other = written.moment("month" if order == "day" else "day")
        if moment is None:
            # The other kind of the column, and sure of itself.
            moment = other
        elif other not in (None, moment):
            return "", "date_ambiguous"
    if moment is None:
        return "", "date_unread"
    if not _in_range(moment, latest):
        return "", "date_out_of_range"
    try:
        return as_iso(moment, zone), ""
    except OverflowError:
        return "", "date_out_of_range"


def as_iso(moment: dt.date, zone: ZoneInfo) -> str:
    """
    Write a day or moment as ISO 8601.

    Parameters
    ----------
    moment : datetime.date or datetime.datetime
        A day, or a moment with or without a zone.
    zone : ZoneInfo
        Zone of a moment that states none.

    Returns
    -------
    str
        A day as it is, a moment in UTC.

    Raises
    ------
    OverflowError
        For a moment at the end of the calendar.
    """
    if not isinstance(moment, dt.datetime):
        return moment.isoformat()
    utc = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
    return utc.isoformat().replace("+00:00", "Z")
