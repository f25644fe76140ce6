"""Dates and times as telephones write them round messages: what they do not say for certain is none."""

from __future__ import annotations

import datetime as dt
import re

from tasrib.complaints.dates import take_apart
from tasrib.complaints.words import ascii_digits

_CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s?[:.h]\s?(\d{2})(?!\d)\s?([ap]\.?\s?m\.?|[صم](?!\w))?", re.IGNORECASE)
# Clocks of 24 hours write 04:15, those of 12 hours 4:15.
_OF_HALF_A_DAY = re.compile(r"[1-9]|1[0-2]")
_SHORT = re.compile(r"(?<!\w)[^\W\d_]{1,2}(?!\w)")
_EARLIEST = 2005


def clock_of(text: str) -> dt.time | None:
    """
    Read a time.

    Parameters
    ----------
    text : str
        Words of the telephone.

    Returns
    -------
    datetime.time or None
        None where there is none, or several, and where letters beside it may say which half of the day is meant.
    """
    text = ascii_digits(text)
    found = list(_CLOCK.finditer(text))
    if len(found) != 1:
        return None
    (match,) = found
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").casefold()[:1]
    # A few letters that are no word are what the reader makes of ص and م: then nothing tells the morning from the evening.
    if (
        not half
        and _OF_HALF_A_DAY.fullmatch(match[1])
        and _SHORT.search(f"{text[: match.start()]} {text[match.end() :]}")
    ):
        return None
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half in ("p", "م") else 0) if half else hour
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None


def day_of(text: str) -> tuple[dt.date, dt.time | None] | None:
    """
    Read the date between two messages.

    Parameters
    ----------
    text : str
        Words of the telephone.

    Returns
    -------
    tuple of datetime.date and datetime.time or None
        None for what is no full date, as *today* and a day without its year are none.
    """
    written = take_apart(text.strip(" .|•·"))
    found = None if written is None else written.moment("day")
    if found is None or not _EARLIEST <= found.year <= dt.date.today().year:
        return None
    return (found.date(), found.time()) if isinstance(found, dt.datetime) else (found, None)
