"""A column of dates: whether day or month stands first is decided for all of it, and what cannot be known is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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


def read_moments(
    cells: Sequence[str], rows: Sequence[int], zone: ZoneInfo, *, column: str = "", home_order: Order = "day"
) -> Moments:
    """
    Read a column of dates.

    One 13/9 shows that the day stands first in all dates of a column, one 9/13 that the month does; where nothing shows it, the custom of
    the home country counts, and it is said. A column that shows both was written in two orders (a spreadsheet converts the dates that it
    can and leaves the others): its dates that may be either are lost, for a wrong date misleads.

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

    Returns
    -------
    Moments
        A value for each cell, and the notes.
    """
    latest = dt.datetime.now(dt.UTC) + _GRACE
    distinct: dict[str, Written | dt.date | None] = {
        cell: exact(cell) or take_apart(cell.strip()) for cell in dict.fromkeys(cells)
    }
    order, doubtful, evidence = _order(
        [written for cell in cells if isinstance(written := distinct[cell], Written)], home_order, latest
    )
    found: dict[str, tuple[str, str]] = {}
    for cell, written in distinct.items():
        found[cell] = ("", "") if is_no_answer(cell) else _value(written, order, zone, latest, doubtful)
    said_rows: dict[str, list[int]] = {}
    for cell, row in zip(cells, rows, strict=True):
        if fault := found[cell][1]:
            said_rows.setdefault(fault, []).append(row)
    notes = [note for fault, at in said_rows.items() for note in of_rows("lost", fault, _FAULTS[fault], at, column)]
    if evidence:
        notes.append(Note("read", "date_order", _EVIDENCE[evidence], column=column))
    return Moments([found[cell][0] for cell in cells], notes)


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


def _order(written: Sequence[Written], home: Order, latest: dt.datetime) -> tuple[Order, bool, str]:
    """Which stands first, whether the column contradicts itself, and what showed it."""
    shows = {"day": 0, "month": 0}
    undecided = False
    for each in written:
        if each.open and each.first != each.second:
            day_first, month_first = (_in_range(each.moment(order), latest) for order in _ORDERS)
            shows["day"] += day_first and not month_first
            shows["month"] += month_first and not day_first
            undecided |= day_first and month_first
    if not any(shows.values()):
        return home, False, f"home_{home}" if undecided else ""
    order: Order = "day" if shows["day"] >= shows["month"] else "month"
    return order, min(shows.values()) > _SLIPS * sum(shows.values()), order


def _in_range(moment: dt.date | None, latest: dt.datetime) -> bool:
    if moment is None:
        return False
    day = moment.date() if isinstance(moment, dt.datetime) else moment
    return _FIRST_DAY <= day <= latest.date()


def _value(
    written: Written | dt.date | None, order: Order, zone: ZoneInfo, latest: dt.datetime, doubtful: bool
) -> tuple[str, str]:
    """ISO 8601 and nothing, or nothing and what is wrong."""
    moment = written.moment(order) if isinstance(written, Written) else written
    if doubtful and isinstance(written, Written) and written.open:
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
