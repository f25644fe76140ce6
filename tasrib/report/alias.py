"""Other names for operators on the way out, for those who publish before an inspection has said anything."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.errors import TasribError, UnreadableInput
from tasrib.numbering import canonical_operator
from tasrib.trace import TraceResult

_OPERATOR_COLUMNS = ("operator_allocated", "operator_serving")
# What a comparison with known market shares alone yields: each figure can be turned back into the share.
_FROM_MARKET = ["expected", "p_value", "p_adjusted", "posterior", "leak_share", "leak_share_low", "leak_share_high"]
_RANK = {"strong": 0, "moderate": 1, "weak": 2, "none": 3}


def read_alias(file: str | Path) -> dict[str, str]:
    """
    Read names to put in the place of operators' names.

    Parameters
    ----------
    file : path
        CSV with the columns ``operator`` and ``alias``.

    Returns
    -------
    dict of str to str
        Operator to alias.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, lacks a column, or gives two operators one alias.
    """
    try:
        table = pd.read_csv(file, dtype="str", encoding="utf-8-sig", keep_default_na=False)
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{file}: cannot be read as a table of aliases ({error})") from None
    missing = {"operator", "alias"} - set(table.columns)
    if missing:
        raise UnreadableInput(
            f"{file}: column {', '.join(sorted(missing))} is missing; write a CSV with the columns operator,alias"
        )
    table = table.apply(lambda column: column.str.strip())
    table = table[(table["operator"] != "") & (table["alias"] != "")]
    if table["alias"].duplicated().any() or table["operator"].duplicated().any():
        raise UnreadableInput(f"{file}: an operator or an alias stands in two rows; give each operator its own alias")
    return dict(zip(table["operator"], table["alias"], strict=True))


def apply_alias(
    scored: pd.DataFrame, result: TraceResult, alias: Mapping[str, str]
) -> tuple[pd.DataFrame, TraceResult]:
    """
    Rename operators in everything that leaves.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Its findings.
    alias : mapping of str to str
        Operator to alias; operators without one keep their names.

    Returns
    -------
    (scored, result) : (pandas.DataFrame, TraceResult)
        Copies. Prefixes become numbered ones (``A-01``), declared operators are emptied, market shares and all that
        rests on them alone are withheld, and rows are ordered by alias: each would tell who is behind an alias. The
        counts stay, and who knows the market may still guess from those of many people.

    Raises
    ------
    TasribError
        When an operator of `alias` is unknown, so that its alias would hide nobody, or an alias names another operator.
    """
    alias = _checked(alias, scored, result)
    renamed = scored.copy()
    original = renamed["operator_allocated"].fillna("")
    for column in _OPERATOR_COLUMNS:
        renamed[column] = _renamed(renamed[column].fillna(""), alias)
    if "other_operators" in renamed:
        renamed["other_operators"] = [
            ";".join(alias.get(name, name) for name in str(cell).split(";")) for cell in renamed["other_operators"]
        ]
    renamed["declared_operator"] = ""
    renamed["prefix"] = _numbered(renamed["prefix"].fillna(""), original, alias)
    findings, shares = result.findings.copy(), result.shares.copy()
    names = findings["hypothesis"].str.removeprefix("operator:")
    findings["hypothesis"] = findings["hypothesis"].where(
        ~findings["hypothesis"].str.startswith("operator:"), "operator:" + _renamed(names, alias)
    )
    findings[["expected_market", "p_market"]] = np.nan
    findings.loc[findings["baseline"] == "market", _FROM_MARKET] = np.nan
    order = findings.assign(rank=findings["evidence"].map(_RANK))
    order = order.sort_values(["rank", "p_adjusted", "campaign_id", "hypothesis"], kind="stable").index
    findings = findings.loc[order].reset_index(drop=True)
    shares["operator"] = _renamed(shares["operator"], alias)
    shares["market_share"] = np.nan
    shares = shares.sort_values(["campaign_id", "operator"], ignore_index=True)
    settings = dict(result.settings)
    settings.pop("market_shares", None)
    settings["market_method"] = "withheld, since market shares would tell who is behind an alias"
    settings["aliased"] = True
    return renamed, dataclasses.replace(result, findings=findings, shares=shares, settings=settings)


def _checked(alias: Mapping[str, str], scored: pd.DataFrame, result: TraceResult) -> dict[str, str]:
    country = result.settings["country"]
    seen = set(scored["operator_allocated"]) | set(scored["operator_serving"]) | set(result.shares["operator"])
    named: dict[str, str] = {}
    for written, other in alias.items():
        operator = written if written in seen else canonical_operator(written, country)
        if not operator:
            raise TasribError(
                f"alias {other!r}: no operator {written!r} is known in {country}; write its name as tasrib lookup does"
            )
        if operator in named:
            raise TasribError(f"aliases {named[operator]!r} and {other!r} are both for {operator}; give it one")
        if other in seen or canonical_operator(other, country):
            raise TasribError(f"alias {other!r} of {operator} is an operator's name itself; choose another")
        named[operator] = other
    return named


def _renamed(names: pd.Series, alias: Mapping[str, str]) -> pd.Series:
    return names.map(lambda name: alias.get(name, name)).astype("str")


def _numbered(prefixes: pd.Series, operators: pd.Series, alias: Mapping[str, str]) -> pd.Series:
    out = prefixes.astype("str").copy()
    for operator, name in alias.items():
        mine = operators == operator
        number = {prefix: f"{name}-{i:02d}" for i, prefix in enumerate(sorted(set(prefixes[mine])), 1)}
        out[mine] = prefixes[mine].map(number)
    return out
