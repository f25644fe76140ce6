"""Numbers of persons where people say them: in messages, names of senders, and other texts that leave the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pandas as pd

from tasrib.complaints.words import ascii_digits
from tasrib.numbering.addresses import numbers_in_links
from tasrib.numbering.numbers import lookup
from tasrib.numbering.plan import HOME_COUNTRIES, Eight, mobile_abroad, mobile_spans
from tasrib.text import Aligned
from tasrib.text.fold import FOLD
from tasrib.text.numbers_typed import dated_places, is_figure
from tasrib.text.private import private_spans, without_spans
from tasrib.text.spans import merged_spans

# Fewer digits are no telephone number that names a person.
LEAST_DIGITS = 8
_NOT_DIGIT = re.compile(r"\D+")
_MAY_HOLD = re.compile(r"(?:\d[^\w]{0,3}){7}\d")


def received_in(scored: pd.DataFrame) -> tuple[str, ...]:
    """
    Name the countries in which complaints were received: numbers in their messages are written as they are dialled there.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.

    Returns
    -------
    tuple of str
        ISO 3166 codes of the home countries whose numbers the complainants have; of all numbers' countries where none of them is one of the home
        country the complaints were scored for. Empty where the table says nothing of numbers.
    """
    if not {"number_status", "country"} <= set(scored.columns):
        return ()
    valid = scored["number_status"] == "valid"
    found = set(scored.loc[valid if valid.any() else slice(None), "country"].dropna())
    return tuple(country for country in HOME_COUNTRIES if country in found)


def number_spans(text: str, countries: Iterable[str]) -> list[tuple[int, int]]:
    """
    Find what might lead to a person by itself, as people write it in some countries.

    Parameters
    ----------
    text : str
        A message as received, or the name of a sender.
    countries : iterable of str
        ISO 3166 codes of the home countries where it was received, as from `received_in`.

    Returns
    -------
    list of (int, int)
        Where parts that `tasrib.text.private.private_spans` finds and those that `dialled_spans` finds begin and end, in order and apart from
        each other.
    """
    found = private_spans(text) + [span for country in countries for span in dialled_spans(text, country)]
    return [(start, end) for start, end, _ in merged_spans((*span, 0.0) for span in found)]


def without_numbers(text: str, countries: Iterable[str], replace: Callable[[str], str] | str = "[number]") -> str:
    """
    Take out of a text what might lead to a person by itself.

    Parameters
    ----------
    text, countries
        As for `number_spans`.
    replace : str or callable
        What stands in the place of each part, or makes it from the part.

    Returns
    -------
    str
        The text without telephone numbers, e-mail addresses and account numbers.
    """
    return without_spans(text, number_spans(text, countries), replace)


def dialled_spans(text: str, country: str) -> list[tuple[int, int]]:
    """
    Find numbers of persons as they are written in a country, where a message says one.

    Parameters
    ----------
    text : str
        A message as received.
    country : str
        ISO 3166 code of a home country.

    Returns
    -------
    list of (int, int)
        Where mobile numbers as they are dialled there, in groups or not, and those in links that open a chat begin and end.
        `tasrib.text.private.private_spans` finds those with a plus and the Moroccan ones, and knows no country.
    """
    return [(start, end) for start, end, _ in dialled_numbers(text, country, eight="all")]


def dialled_numbers(text: str, country: str, *, eight: Eight) -> list[tuple[int, int, str]]:
    """
    Find numbers as they are dialled in a country and those in links; those of persons alone.

    Parameters
    ----------
    text, country
        As for `dialled_spans`.
    eight : {"none", "grouped", "all"}
        Which of eight digits without a 0 before them, as for `tasrib.numbering.plan.mobile_spans`.

    Returns
    -------
    list of (int, int, str)
        Where each begins and ends, and what it reads as.
    """
    if not may_hold_number(text):
        return []
    folded = Aligned.of(text).translate(FOLD)
    plain = folded.text
    dates = dated_places(plain)
    places = [
        (*place, plain[slice(*place)])
        for place in mobile_spans(plain, country, eight=eight)
        if not is_figure(plain, *place) and not any(start < place[1] and place[0] < end for start, end in dates)
    ]
    places += [(start, end, "+" + plain[start:end]) for start, end in numbers_in_links(plain)]
    read = [(*folded.span(start, end), person_number(said, country)) for start, end, said in places]
    return [(start, end, number) for start, end, number in read if number]


def may_hold_number(text: str) -> bool:
    """Whether a text has as many digits near each other as a number of a person has."""
    return _MAY_HOLD.search(text if text.isascii() else text.translate(FOLD)) is not None


def person_number(text: str, country: str) -> str:
    """
    Read a text that is nothing but a number of a person.

    Parameters
    ----------
    text : str
        A cell, or a part of a text.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    str
        The number in E.164; empty where the text is anything else.
    """
    text = ascii_digits(text)
    digits = sum(map(str.isdigit, text))
    if digits < LEAST_DIGITS or any(character.isalpha() for character in text):
        return ""
    found = lookup(text, country=country)
    if found.number_status == "valid":
        return found.e164
    if found.number_status == "foreign" and ("+" in text or text.lstrip().startswith("00")):
        return found.e164
    # Of the 121 rows of ten to fourteen digits in the corpus none reads so: not an order's, a bill's or an account's.
    return mobile_abroad(_NOT_DIGIT.sub("", text))
