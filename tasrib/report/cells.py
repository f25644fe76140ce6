"""How the columns of a comparison's table print."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from tasrib.report.beside import without_chances
from tasrib.report.catalogue import knows, say
from tasrib.report.translated import translated_markup
from tasrib.report.words import number_words, points_to, posterior_words, probability_words, ratio_words
from tasrib.tracing.caveats import isolated
from tasrib.tracing.comparison import Column, Comparison, label

# Values that have another name in the catalogue than in the data.
_WORDS = {
    "3-digit prefix": "three_digit_prefix",
    "4-digit prefix": "four_digit_prefix",
    "10,000-number block": "block",
    "name-like": "name_like",
    "place-or-number": "place_or_number",
    "tracked link": "tracked_link",
}


def table_cells(comparison: Comparison, rows: pd.DataFrame, language: str) -> dict | None:
    """
    Print the rows of a comparison's table.

    Parameters
    ----------
    comparison : Comparison
        Says the columns.
    rows : pandas.DataFrame
        From ``comparison.listed``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict or None
        ``head`` and ``rows`` of text; None where there is no row.
    """
    if rows.empty:
        return None
    shown = [without_chances(row) if "evidence" in row else row for row in rows.to_dict("records")]
    cells = [[_cell(comparison, column, row, language) for column in comparison.columns] for row in shown]
    return {"head": [say(f"column.{column.heading}", language) for column in comparison.columns], "rows": cells}


def frame_cells(table: pd.DataFrame, language: str) -> dict:
    """
    Print a table as it is.

    Parameters
    ----------
    table : pandas.DataFrame
        Its columns are headed in the language already.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict
        ``head`` and ``rows`` of text.
    """
    cells = [[value_words(value, language) for value in row] for row in table.itertuples(index=False, name=None)]
    return {"head": [str(name) for name in table.columns], "rows": cells}


def value_words(value: Any, language: str) -> str:
    """
    Print a value of a table.

    Parameters
    ----------
    value : object
        A number, or text.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        A whole number with the language's signs, another with three significant digits, text as it is and safe in either writing direction.
    """
    if isinstance(value, str):
        return isolated(value, language)
    if pd.isna(value):
        return "–"
    if isinstance(value, int | np.integer):
        return number_words(int(value), language)
    decimals = max(0, 2 - int(np.floor(np.log10(abs(value))))) if value and np.isfinite(value) else 0
    if np.isinf(value):
        return ratio_words(value, language)
    return isolated(number_words(float(value), language, min(decimals, 6)), language)


def interval_words(value: float, low: float, high: float, print_one: Callable[[float, str], str], language: str) -> str:
    """
    Print a figure with its interval.

    Parameters
    ----------
    value, low, high : float
        The figure and the ends of its interval; NaN where there is none.
    print_one : callable
        Prints one of them in a language.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``4.2 (2.9 to 6.1)``: in words, which no writing direction turns round.
    """
    if pd.isna(value):
        return "–"
    x, low_, high_ = (print_one(each, language) for each in (value, low, high))
    return say("number.interval", language, x=x, low=low_, high=high_)


def word_for(value: str, language: str) -> str:
    """
    Say a value of the data that has a wording.

    Parameters
    ----------
    value : str
        Such as ``both`` or ``4-digit prefix``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        The words; the value itself where the catalogue lacks it, as of data made by another version.
    """
    name = _WORDS.get(value, value)
    for key in (f"evidence.{name}", f"word.{name}", f"number_status.{name}"):
        if name and knows(key):
            return say(key, language)
    return isolated(value, language)


def _cell(comparison: Comparison, column: Column, row: Mapping[str, Any], language: str) -> str:
    if column.form == "label":
        return points_to(row, language) if comparison.names == "operator" else isolated(label(row), language)
    return _FORMS[column.form](*(row[name] for name in column.fields), language)


def _of(part: int, whole: int, language: str) -> str:
    return say("number.of", language, part=number_words(int(part), language), whole=number_words(int(whole), language))


_FORMS: dict[str, Callable[..., str]] = {
    "text": value_words,
    "word": word_for,
    "said": translated_markup,
    "of": _of,
    "ratio": ratio_words,
    "interval": lambda value, low, high, language: interval_words(value, low, high, ratio_words, language),
    "p_value": probability_words,
    "posterior": posterior_words,
}
