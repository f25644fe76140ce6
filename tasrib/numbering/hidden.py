"""Telephone numbers where none belong: in an id, a region, the name of an organisation."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from tasrib.numbering.addresses import address_of
from tasrib.numbering.numbers import lookup
from tasrib.text.private import without_private

# Fewer digits are no telephone number that names a person.
_MAY_HOLD = re.compile(r"(?:\d[^\w]{0,3}){7}\d")


def hide_numbers(cells: pd.Series, name_of: Callable[[str], str], *, country: str = "MA", addresses: bool = True) -> pd.Series:
    """
    Replace telephone numbers in short cells of text.

    Parameters
    ----------
    cells : pandas.Series of str
        Cells of any column but the message and its sender.
    name_of : callable
        Makes what stands in a number's place, from its E.164 form; or from an address in lower case.
    country : str, optional
        The home country.
    addresses : bool
        Whether a cell that is an e-mail address is replaced too.

    Returns
    -------
    pandas.Series of str
        The same cells where nothing was found. Only what reads as a mobile number of the home country, or as a number of another with its
        code, is taken for one: an order number of nine digits stays.
    """
    known: dict[str, str] = {}
    for cell in cells.unique():
        if not cell:
            continue
        address = address_of(cell) if addresses and "@" in cell else ""
        # An id of WhatsApp holds the number itself.
        hidden = name_of(lookup(cell, country=country).e164 or address) if address else _without_numbers(cell, name_of, country)
        if hidden != cell:
            known[cell] = hidden
    return cells.map(lambda cell: known.get(cell, cell)).astype("str") if known else cells


def is_person(cell: str, country: str = "MA") -> bool:
    """
    Tell a number of a person from the name of something.

    Parameters
    ----------
    cell : str
        One name.
    country : str, optional
        The home country.

    Returns
    -------
    bool
        Whether `hide_numbers` would replace all of it.
    """
    return _number(cell, country) != ""


def _without_numbers(cell: str, name_of: Callable[[str], str], country: str) -> str:
    if number := _number(cell, country):
        return name_of(number)
    if not _MAY_HOLD.search(cell):
        return cell
    return without_private(cell, lambda part: name_of(number) if (number := _number(part, country)) else part)


def _number(text: str, country: str) -> str:
    """What a text reads as, where it is nothing but a number of a person."""
    digits = sum(map(str.isdigit, text))
    if digits < 8 or any(character.isalpha() for character in text):
        return ""
    found = lookup(text, country=country)
    abroad = found.number_status == "foreign" and ("+" in text or text.lstrip().startswith("00"))
    return found.e164 if found.number_status == "valid" or abroad else ""
