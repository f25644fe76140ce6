"""What may stand under each name of a rule file: a text, a list, a table. What is of another kind is told before anything reads it."""

from __future__ import annotations

import datetime as dt
import graphlib
from collections.abc import Callable, Mapping
from typing import Any

# More minutes or days than any period of an election has; beyond it dates overflow.
_MOST = 1_000_000


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


# Of each kind how to tell it, and how to write it.
_Kind = tuple[Callable[[Any], bool], str]
_TEXT: _Kind = (lambda value: isinstance(value, str) and bool(value.strip()), 'a text, as "this"')
# TOML has days of its own, without quotation marks.
_DAY: _Kind = (lambda value: isinstance(value, dt.date | str), 'a day, as "2026-12-31"')
_TEXTS: _Kind = (_is_texts, 'a list of texts, as ["this", "that"]')
_TABLE: _Kind = (lambda value: isinstance(value, Mapping), "a table, as { name = … }")
_TABLES: _Kind = (_is_tables, "a list of tables, as [{ name = … }]")
_TRUTH: _Kind = (lambda value: isinstance(value, bool), "true or false")
_WHOLE: _Kind = (
    lambda value: isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST,
    f"a whole number from 0 to {_MOST}",
)
_BY_NAME: Mapping[str, _Kind] = {
    **dict.fromkeys(("country", "time_zone", "id", "about", "confidence", "name", "from", "scope", "whom"), _TEXT),
    **dict.fromkeys(("sources", "fields", "values", "sure", "maybe", "never", "links", "negations"), _TEXTS),
    **dict.fromkeys(("rule", "field", "election"), _TABLES),
    **dict.fromkeys(("not_applicable", "no_breach_indicated", "breach_indicated"), _TABLES),
    **dict.fromkeys(("phrases", "test", "with", "periods"), _TABLE),
    "source": _TEXT,
    "date": _DAY,
    "is_day": _TRUTH,
}
# As the readings annotate what they take.
_BY_ANNOTATION: Mapping[str, _Kind] = {"str": _TEXT, "int": _WHOLE, "bool": _TRUTH, "Sequence[str]": _TEXTS}


def other_kinds(table: Mapping[str, Any]) -> str:
    """
    Find what is not of the kind that its name asks for.

    Parameters
    ----------
    table : mapping
        A table of a rule file.

    Returns
    -------
    str
        What is wrong and what to write; empty where nothing is. Words in three languages are not looked at.
    """
    return _first_other(table, _BY_NAME)


def other_options(options: Mapping[str, Any], annotations: Mapping[str, str]) -> str:
    """
    Find what a reading cannot take.

    Parameters
    ----------
    options : mapping
        What stands in ``with``.
    annotations : mapping of str to str
        Of each option its type, as the reading annotates it.

    Returns
    -------
    str
        As of `other_kinds`.
    """
    return _first_other(options, {name: _BY_ANNOTATION[kind] for name, kind in annotations.items()})


def _first_other(table: Mapping[str, Any], kinds: Mapping[str, _Kind]) -> str:
    for name, value in table.items():
        if name in kinds and not kinds[name][0](value):
            return f"{name} = {repr(value)[:60]} is of another kind; write {kinds[name][1]}"
    return ""


def circle(rests_on: Mapping[str, list[str]]) -> list[str]:
    """
    Find fields that wait for each other, so that none could ever be read.

    Parameters
    ----------
    rests_on : mapping of str to list of str
        Of each field those that it is read from.

    Returns
    -------
    list of str
        Fields each of which rests on the next, the first again at the end; empty where there is no circle.
    """
    try:
        graphlib.TopologicalSorter(rests_on).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []
