"""Values people write, in the one form the schema knows; what is not understood costs the value and is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from importlib import resources
from zoneinfo import ZoneInfo

import pandas as pd

from tasrib.complaints.dates import exact, take_apart
from tasrib.complaints.headers import fold, is_no_answer, synonyms
from tasrib.complaints.moments import Decision, as_iso, read_moments
from tasrib.complaints.schema import CHANNELS, DATES, FIELDS, VERBATIM, YES_NO
from tasrib.errors import TasribError
from tasrib.tables.notes import Note, of_rows

_DATE_ONLY = 10


def zone_of(name: str) -> ZoneInfo:
    """
    Time zone by its name.

    Raises
    ------
    TasribError
        When there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise TasribError(f"'{name}' is not a time zone; write one like Africa/Casablanca") from None


def iso_time(text: str, zone: ZoneInfo) -> str | None:
    """
    One date or time as ISO 8601 in UTC, by itself; None when it is not understood.

    ISO 8601 is always understood; else what `tasrib.complaints.dates.take_apart` reads, the day before the month. A date without time
    stays one. A column of dates that nobody has read yet is for `tasrib.complaints.moments.read_moments`.
    """
    moment = exact(text)
    if moment is None and (written := take_apart(text.strip())):
        moment = written.moment("day")
    try:
        return None if moment is None else as_iso(moment, zone)
    except OverflowError:
        return None


def utc_midnight(text: str, zone: ZoneInfo) -> str:
    """A bare ISO date as the instant at which that day began in the zone."""
    if len(text) != _DATE_ONLY:
        return text
    start = dt.datetime.fromisoformat(text).replace(tzinfo=zone)
    try:
        return start.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return text


def normalise(
    frame: pd.DataFrame, rows: Sequence[int], zone: ZoneInfo, columns: Mapping[str, str],
    orders: Mapping[str, Decision], latest: dt.datetime,
) -> tuple[pd.DataFrame, list[Note]]:  # fmt: skip
    """
    Bring every value that is understood into the form of the schema.

    Parameters
    ----------
    frame : DataFrame
        All fields of a complaint, as strings.
    rows : sequence of int
        Row of each in its file, for the notes.
    zone : ZoneInfo
        Zone of times that state none.
    columns : mapping of str to str
        Field → the user's name of its column, for the notes.
    orders : mapping of str to Decision
        What stands first in each column of dates.
    latest : datetime.datetime
        As from `tasrib.complaints.moments.latest_moment`.

    Returns
    -------
    DataFrame
        A copy. ``text`` and ``recipient`` are left exactly as given; an optional value that is not understood is empty (``unknown`` for
        yes and no).
    list of Note
        Which values were lost.
    """
    result, notes = frame.copy(), []
    # Most tables hold few of the fields, and each step costs a small table as much as one of a thousand rows.
    empty = {name for name in FIELDS if not any(frame[name].tolist())}
    for name in FIELDS:
        if name not in VERBATIM and name not in empty:
            result[name] = result[name].str.strip()
    for name, known, otherwise, advice in (
        ("channel", synonyms("channel"), "", ", ".join(CHANNELS)),
        *((name, synonyms("yes_no"), "unknown", "yes, no or unknown") for name in YES_NO),
    ):
        if name in empty:
            result[name] = pd.Series(otherwise, index=result.index, dtype="str")
            continue
        meanings = {value: known.get(fold(value), "") for value in result[name].unique()}
        understood = result[name].map(meanings)
        lost = (understood == "") & ~result[name].map(is_no_answer).astype(bool)
        said = f"not understood and not counted; write {advice}"
        at = [row for row, is_lost in zip(rows, lost, strict=True) if is_lost]
        notes += of_rows("lost", "value_not_understood", said, at, columns.get(name, name))
        result[name] = understood.where(understood != "", otherwise).astype("str")
    for name in DATES:
        column = columns.get(name, name)
        values, said_of = read_moments(
            result[name].tolist(), rows, zone, column=column, decision=orders[name], latest=latest
        )
        notes += said_of
        result[name] = pd.Series(values, index=result.index, dtype="str")
    days = {value: utc_midnight(value, zone) for value in result["received_at"].unique()}
    result["received_at"] = result["received_at"].map(days).astype("str")
    return result, notes


def home_zone(country: str) -> str:
    """
    Time zone of a country.

    Parameters
    ----------
    country : str
        ISO 3166 code.

    Returns
    -------
    str
        Its name in the IANA database, as ``Africa/Casablanca``.

    Raises
    ------
    TasribError
        When no such country is known, or it has several zones.
    """
    table = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    lines = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    zones = [name for code, _, name, *_ in lines if code == country.upper()]
    if len(zones) == 1:
        return zones[0]
    # Where people live in several, the mainland's stands first in no list; asking is safe.
    what = f"has {len(zones)} time zones" if zones else "has no known time zone"
    raise TasribError(f"the country '{country}' {what}; name one with --timezone, such as Africa/Casablanca")
