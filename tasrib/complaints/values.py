"""Values people write, in the one form the schema knows; what is not understood stays as it was."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pandas as pd

from tasrib.complaints.headers import ascii_digits, fold, synonyms
from tasrib.complaints.schema import FIELDS, VERBATIM, YES_NO, from_iso
from tasrib.errors import TasribError

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_TIME = r"(?:(?:\s*(?:à|,|T|-)\s*|\s+)(?P<h>\d{1,2})(?::|h)(?P<min>\d{2})(?::(?P<s>\d{2}))?)?"
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})([/.-])(?P<m>\d{{1,2}})\2(?P<y>\d{{4}}){_TIME}", re.IGNORECASE)
_YEAR_FIRST = re.compile(rf"(?P<y>\d{{4}})([/.-])(?P<m>\d{{1,2}})\2(?P<d>\d{{1,2}}){_TIME}", re.IGNORECASE)
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
    A date or time as ISO 8601 in UTC; None when it is not understood.

    ISO 8601 is always understood; else the day comes first, as is the custom in Morocco
    (``31/12/2026 14:05``, ``31-12-2026``), or the year (``2026/12/31``). A date without time stays one.
    """
    text = ascii_digits(_MARKS.sub("", text)).strip()
    try:
        match = _DAY_FIRST.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
        # ISO first: it alone has fractions of seconds and offsets.
        moment = from_iso(text)
        if moment is None and match:
            day = dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
            if match["h"] is None:
                return day.isoformat()
            time = dt.time(int(match["h"]), int(match["min"]), int(match["s"] or 0))
            moment = dt.datetime.combine(day, time)
        elif moment is None:
            return None
        elif len(text) <= _DATE_ONLY and ":" not in text:
            return moment.date().isoformat()
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def utc_midnight(text: str, zone: ZoneInfo) -> str:
    """A bare ISO date as the instant at which that day began in the zone."""
    if len(text) != _DATE_ONLY:
        return text
    start = dt.datetime.fromisoformat(text).replace(tzinfo=zone)
    try:
        return start.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return text


def normalise(frame: pd.DataFrame, zone: ZoneInfo) -> pd.DataFrame:
    """
    Bring every value that is understood into the form of the schema.

    Parameters
    ----------
    frame : DataFrame
        All fields of a complaint, as strings.
    zone : ZoneInfo
        Zone of times that state none.

    Returns
    -------
    DataFrame
        A copy. ``text`` and ``recipient`` are left exactly as given.
    """
    known_channels, known_answers = synonyms("channel"), synonyms("yes_no")
    result = frame.copy()
    for name in FIELDS:
        if name not in VERBATIM:
            result[name] = result[name].str.strip()
    result["channel"] = _each(result["channel"], lambda value: known_channels.get(fold(value), value))
    for name in YES_NO:
        result[name] = _each(result[name], lambda value: known_answers.get(fold(value), value), empty="unknown")
    result["objected_at"] = _each(result["objected_at"], lambda value: iso_time(value, zone) or value)
    result["received_at"] = _each(
        result["received_at"],
        lambda value: utc_midnight(iso, zone) if (iso := iso_time(value, zone)) else value,
    )
    return result


def _each(column: pd.Series, change, empty: str = "") -> pd.Series:
    """Change each distinct value once: a million rows have few distinct ones."""
    changes = {value: change(value) if value else empty for value in column.unique()}
    return column.map(changes).astype("str")


def home_zone(country: str) -> str:
    """Interim."""
    return "UTC"
