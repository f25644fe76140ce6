"""What a planting starts from: the test numbers there are, and the holders whose leak is feared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from tasrib._arguments import as_frame, as_number, as_path
from tasrib.complaints.words import fold
from tasrib.errors import TasribError, WrongArgument
from tasrib.numbering import canonical_operator, operators_of
from tasrib.numbering.operators import load_operators
from tasrib.numbering.plan import check_country
from tasrib.tables.notes import row_words
from tasrib.tracing.canary_lists import (
    NOBODY,
    REGISTER_COLUMNS,
    column_of,
    is_nobody,
    numbers_of,
    one_name_each,
    operators_stated,
    read_list,
    refuse_two_holders,
)

_WHAT = "test numbers, or the path of a list of them"


@dataclass(frozen=True)
class Stock:
    """
    The numbers that there are.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns `REGISTER_COLUMNS` as text, one row a number: ``number`` in E.164 form, ``holder`` of those that were given already, else "".
    notes : tuple of str
        What to know of them, without the numbers themselves.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def read_stock(numbers: str | Path | pd.DataFrame, country: str) -> Stock:
    """
    Read the numbers that there are to give.

    Parameters
    ----------
    numbers : str, Path or pandas.DataFrame
        A column ``number``; if they are there, the others of `REGISTER_COLUMNS`: a register is such a list, and who has a number in it keeps
        it.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    Stock
        In ascending order of the numbers.

    Raises
    ------
    TasribError
        When a number cannot be read, is no mobile number of the country or was given to two holders, or its operator is unknown.
    """
    check_country(country)
    if isinstance(numbers, pd.DataFrame):
        name, given = "numbers", as_frame(numbers, "test numbers", ("number",))
        lines = list(range(1, len(given) + 1))
        given = given.astype("str").where(given.notna(), "").reset_index(drop=True)
    else:
        path = as_path(numbers, _WHAT)
        name = path.name
        given, lines = read_list(path, ("number",), "head the column of numbers so: number")
    if given.empty:
        raise TasribError(f"{name} holds no number")
    found = numbers_of(name, given["number"], lines, country)
    for line, status, note in zip(lines, found["number_status"], found["note"], strict=True):
        if status != "valid":
            what = f"a test number is a mobile number of {country}, this is none ({note or status})"
            raise TasribError(f"{name}, row {line}, column number: {what}")
    table = pd.DataFrame({column: column_of(given, column) for column in REGISTER_COLUMNS})
    table["number"], table["operator"] = found["e164"], _operators(name, given, lines, country)
    table["holder"] = one_name_each(table["holder"]).replace(NOBODY, "")
    refuse_two_holders(name, table, lines)
    again = table["number"].duplicated()
    rows = [line for line, is_again in zip(lines, again, strict=True) if is_again]
    notes = [f"{name}, {row_words(rows)}: the same number as in an earlier row; counted once"] if rows else []
    notes += _ported(name, given, found["operator_allocated"], table["operator"], lines)
    return Stock(table[~again].sort_values("number", ignore_index=True), tuple(notes))


def _operators(name: str, given: pd.DataFrame, lines: Sequence[int], country: str) -> pd.Series:
    for line, stated in zip(lines, column_of(given, "operator"), strict=True):
        if stated and not canonical_operator(stated, country):
            known = ", ".join(operators_of(country))
            raise TasribError(f"{name}, row {line}, column operator: no operator '{stated}' is known; known: {known}")
    operators = operators_stated(given, country)
    for line, operator in zip(lines, operators, strict=True):
        if not operator:
            what = "the prefix does not tell whose number it is; say who sold it"
            raise TasribError(f"{name}, row {line}, column operator: {what}")
    return operators


def _ported(
    name: str, given: pd.DataFrame, allocated: pd.Series, operators: pd.Series, lines: Sequence[int]
) -> list[str]:
    moved = (column_of(given, "operator") != "") & (allocated != "") & (allocated != operators)
    rows = [line for line, is_moved in zip(lines, moved, strict=True) if is_moved]
    if not rows:
        return []
    what = "was allocated to another operator than the one stated; if it was ported, both have it in their files"
    return [f"{name}, {row_words(rows)}: the number {what}: better leave it out"]


def read_holders(holders: Any, numbers: pd.DataFrame, country: str) -> dict[str, float]:
    """
    Take the holders whose leak is feared.

    Parameters
    ----------
    holders : sequence of str or mapping of str to float
        Names, or names with how much it matters to tell each; alike where that is not said.
    numbers : pandas.DataFrame
        As `Stock.table`; who has a number in it is a holder.
    country : str
        ISO 3166 code of the home country.

    Returns
    -------
    dict of str to float
        Name to weight, in the order given; those that only the numbers name come last.

    Raises
    ------
    TasribError
        When there is none, a name stands there twice, is a word for nobody or an operator's, or a weight is not above 0.
    """
    weights: dict[str, float] = {}
    seen: dict[str, str] = {}
    known = {fold(name): name for name in numbers["holder"] if name}
    operators = {*map(fold, load_operators().get(country, {})), *map(fold, numbers["operator"])}
    for written, weight in _pairs(holders):
        name = " ".join(written.split())
        if not name or is_nobody(name):
            raise TasribError(f"a holder has a name; '{name}' is none (numbers stay with nobody by themselves)")
        if fold(name) in operators:
            raise TasribError(
                f"{name} is an operator: the numbers of its network are in its file without being given to it; name a shop or partner of it as such"
            )
        if fold(name) in seen:
            raise TasribError(f"the holder '{name}' is named twice ('{seen[fold(name)]}'); name each once")
        if not (weight > 0 and math.isfinite(weight)):
            raise TasribError(f"the weight of '{name}' is {weight:g}; write a number above 0")
        seen[fold(name)] = name
        weights[known.get(fold(name), name)] = weight
    for key, name in known.items():
        if key not in seen:
            weights[name] = 1.0
    if not weights:
        raise TasribError("name at least one holder: an organisation whose leak is feared")
    return weights


def _pairs(holders: Any) -> list[tuple[str, float]]:
    if isinstance(holders, Mapping):
        pairs = [(name, as_number(weight, "the weight of a holder")) for name, weight in holders.items()]
    elif isinstance(holders, Sequence) and not isinstance(holders, str | bytes):
        pairs = [(name, 1.0) for name in holders]
    else:
        raise WrongArgument(f"expected names of holders, or names with weights; got a {type(holders).__name__}")
    for name, _ in pairs:
        if not isinstance(name, str):
            raise WrongArgument(f"expected names of holders; got a {type(name).__name__}")
    return pairs


def read_holder_file(path: str | Path) -> dict[str, float]:
    """
    Read a list of holders.

    Parameters
    ----------
    path : str or Path
        Columns ``holder`` and, if some matter more, ``weight``.

    Returns
    -------
    dict of str to float
        Name to weight, 1 where none stands.

    Raises
    ------
    TasribError
        When the file cannot be read, a name is missing or there twice, or a weight is no number.
    """
    path = as_path(path, "a list of holders")
    given, lines = read_list(path, ("holder",), "head the column of names so: holder")
    weights: dict[str, float] = {}
    for line, name, weight in zip(lines, column_of(given, "holder"), column_of(given, "weight"), strict=True):
        if not name or name in weights:
            what = "is empty" if not name else f"'{name}' stands in an earlier row too"
            raise TasribError(f"{path.name}, row {line}, column holder: {what}; name each once")
        try:
            # A French spreadsheet writes a half as 0,5.
            weights[name] = float(weight.replace(",", ".")) if weight else 1.0
        except ValueError:
            raise TasribError(f"{path.name}, row {line}, column weight: '{weight}' is no number") from None
    return weights
