"""Words and numbers of the figures, and how they stand in Arabic: nothing in them may turn round."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from babel.dates import format_date

from tasrib._resources import resource
from tasrib.report.figures.measure import ROOM, fitting
from tasrib.report.words import (
    campaign_name,
    number_words,
    percent_words,
    phrase,
    probability_words,
    ratio_words,
)
from tasrib.tracing.caveats import LANGUAGES, isolated, one_line
from tasrib.tracing.comparison import label as last_word
from tasrib.tracing.comparisons import by_key

# Names of months as in Morocco.
_LOCALES = {"ar": "ar_MA", "fr": "fr", "en": "en"}
# A number with its signs, whatever isolates it has already.
_NUMBER = re.compile("[\u2066]?([×<>]?(?:\\d[\\d\u00a0.,]*\\d|\\d)(?:\u00a0?%)?|∞)[\u2069]?")


def say(key: str, language: str, **values: object) -> str:
    """
    Look up a wording of the figures and fill it in.

    Parameters
    ----------
    key : str
        Section and name in ``data/reference/figure_words.toml``, such as ``head.operator``.
    language : str
        ``ar``, ``fr`` or ``en``.
    **values
        For its placeholders, ready in the language.

    Returns
    -------
    str
        The wording; in Arabic its own numbers are between isolates too.

    Raises
    ------
    ValueError
        When the language is unknown.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no figures in the language {language!r}; choose one of {', '.join(LANGUAGES)}")
    section, _, name = key.partition(".")
    return apart(_catalogue()[section][name][language], language).format(**values)


def apart(text: str, language: str) -> str:
    """
    Put each number of a text between isolates where the text is Arabic.

    Parameters
    ----------
    text : str
        Words and numbers of our own; names are isolated as a whole.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        In Arabic with U+2066 and U+2069 round numbers: after an Arabic letter ``40%`` would otherwise be shown as ``%40``.
    """
    return _NUMBER.sub("\u2066\\1\u2069", text) if language == "ar" else text


def percent(share: float, language: str) -> str:
    """Print a share in whole per cent: see `tasrib.report.words.percent_words`."""
    return apart(percent_words(share, language), language)


def ratio(value: float, language: str) -> str:
    """Print a ratio with one decimal: see `tasrib.report.words.ratio_words`."""
    return apart(ratio_words(value, language), language)


def count(value: float, language: str) -> str:
    """Print a count; a dash where there is none."""
    return "–" if pd.isna(value) else apart(number_words(float(value), language), language)


def probability(p: float, language: str) -> str:
    """Print a p-value: see `tasrib.report.words.probability_words`."""
    return apart(probability_words(p, language), language)


def interval(low: str, high: str, language: str) -> str:
    """Name an interval by its ends, printed already."""
    return say("part.interval", language, low=low, high=high)


def named(what: str, value: str, language: str) -> str:
    """What something is, printed already, behind its name."""
    return say("part.named", language, name=what, x=value)


def estimate(printed: Sequence[str], language: str) -> str:
    """An estimate and the ends of its interval, printed already; a dash where there is no estimate."""
    middle, low, high = printed
    return "–" if middle == "–" else say("part.estimate", language, x=middle, interval=interval(low, high, language))


def day(when: date, language: str, *, year: bool = False) -> str:
    """Print a day such as ``5 Sep``, with its year where wanted."""
    return apart(format_date(when, "d MMM y" if year else "d MMM", locale=_LOCALES[language]), language)


def name(written: str, language: str, room: float | None = ROOM) -> str:
    """
    Print a name from the data as a label.

    Parameters
    ----------
    written : str
        Of an operator, a party, a place.
    language : str
        Of the figure.
    room : float, optional
        Pixels from which on it is cut; None for all of it.

    Returns
    -------
    str
        On one line, between isolates where it needs them.
    """
    return isolated(written if room is None else fitting(one_line(written), room), language)


def campaign(row: Any, language: str, room: float | None = None) -> str:
    """Name the campaign of a row with ``campaign_id`` and ``party``, cut to the room that there is."""
    return name(campaign_name(row["campaign_id"], row["party"]), language, room)


def subject_words(kind: str, finding: Mapping[str, Any], language: str) -> str:
    """
    Name what a finding points to.

    Parameters
    ----------
    kind : {"points_to", "source_of"}
        Alone, or as what a list comes from.
    finding : mapping
        With ``comparison`` and ``name``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        A wording of ``data/reference/narratives.toml`` with the name isolated.
    """
    subject = by_key()[finding["comparison"]].subject(finding)
    return phrase(f"{kind}.{subject}", language, name=isolated(last_word(finding), language))


def label(text: str, language: str) -> str:
    """
    Make a text fit to stand in a drawing.

    Parameters
    ----------
    text : str
        A label, a line of a title.
    language : str
        Of the figure.

    Returns
    -------
    str
        In Arabic between U+2067 and U+2069, since a drawing runs from left to right whatever page it stands in.
    """
    return f"\u2067{text}\u2069" if language == "ar" else text


def headings(keys: Iterable[str], language: str) -> list[str]:
    """Headings of a table."""
    return [say(f"head.{key}", language) for key in keys]


@cache
def _catalogue() -> dict[str, Any]:
    with resource("reference", "figure_words.toml").open("rb") as file:
        return tomllib.load(file)
