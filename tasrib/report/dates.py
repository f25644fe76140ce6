"""Days and moments as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
from babel.dates import format_date

from tasrib.report.catalogue import say

# Morocco's Arabic: its own names of months (غشت, شتنبر), and Latin digits.
_LOCALES = {"ar": "ar_MA", "fr": "fr_MA", "en": "en_GB"}


def day_words(day: date, language: str) -> str:
    """
    Write a day.

    Parameters
    ----------
    day : datetime.date
        A day, or a moment on it.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``3 August 2021``, ``3 août 2021`` or ``3 غشت 2021``; empty for a moment that is missing.
    """
    return "" if pd.isna(day) else format_date(day, "long", locale=_LOCALES[language])


def span_words(first: date, last: date, language: str) -> str:
    """
    Write from which day to which something lasted.

    Parameters
    ----------
    first, last : datetime.date
        Its ends; missing where no date is known.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``from 3 August 2021 to 8 September 2021`` or ``on 3 August 2021``; empty where they are missing.
    """
    one, other = day_words(first, language), day_words(last, language)
    if not one:
        return ""
    return (
        say("page.one_day", language, first=one) if one == other else say("page.days", language, first=one, last=other)
    )


def moment_words(when: datetime, language: str) -> str:
    """
    Write a moment.

    Parameters
    ----------
    when : datetime.datetime
        In UTC.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``3 August 2021, 14:05 UTC``.
    """
    return say("page.moment", language, day=day_words(when, language), time=when.strftime("%H:%M"))
