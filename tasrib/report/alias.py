"""Other names for operators on the way out, for those who publish before an inspection has said anything."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tasrib.errors import TasribError, UnreadableInput
from tasrib.numbering import canonical_operator
from tasrib.numbering.operators import load_operators
from tasrib.tables.named import MissingColumns, read_named
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import Caveat
from tasrib.tracing.comparisons import SIDES, by_key
from tasrib.tracing.grading import sort_findings

# Three digits, four digits and a block of numbers below an operator: what their other names begin with.
_SORTS = ("p", "", "b")
_BLOCK = _SORTS[2]
_LETTER = r"[^\W\d_]"
# Columns of a quarantine or cleaning report.
_NAMES, _SENTENCES = ("file", "sheet", "column"), ("value", "reason", "said")
_OPERATOR_COLUMNS = ("operator_allocated", "operator_serving")
# What a comparison with known market shares alone yields: each figure can be turned back into the share.
_FROM_MARKET = [
    "expected", "p_value", "p_adjusted", "posterior", "leak_share", "leak_share_low", "leak_share_high",
    "detectable_share",
]  # fmt: skip


def read_alias(file: str | Path) -> dict[str, str]:
    """
    Read names to put in the place of operators' names.

    Parameters
    ----------
    file : path
        A table with the columns ``operator`` and ``alias``, in any format that `write_table` knows.

    Returns
    -------
    dict of str to str
        Operator to alias.

    Raises
    ------
    UnreadableInput
        When the file cannot be read, lacks a column, or gives two operators one alias.
    """
    hint = "write a CSV with the columns operator,alias"
    try:
        table, _ = read_named(file, ("operator", "alias"), hint, by_hand=True)
    except MissingColumns as error:
        raise UnreadableInput(f"{file}: column {', '.join(sorted(error.names))} is missing; {hint}") from None
    except UnreadableInput as error:
        raise UnreadableInput(f"{file}: cannot be read as a table of aliases ({error})") from None
    table = table.apply(lambda column: column.str.strip())
    table = table[(table["operator"] != "") & (table["alias"] != "")]
    if table["alias"].duplicated().any() or table["operator"].duplicated().any():
        raise UnreadableInput(f"{file}: an operator or an alias stands in two rows; give each operator its own alias")
    return dict(zip(table["operator"], table["alias"], strict=True))


def names_shown(result: TraceResult) -> dict[str, str]:
    """Aliases in a result that has them already, each standing for itself: wordings know by it what to withhold."""
    return {name: name for name in result.settings.get("aliased", ())}


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
        Copies. Prefixes and blocks become numbered ones (``A-01``; three digits ``A-p01``, blocks ``A-b01``), declared
        operators are emptied, market shares and all that rests on them alone are withheld, and rows are ordered by alias:
        each would tell who is behind an alias. Operators' names are replaced in messages, senders, organisations, canary
        holders, caveats and notes too. The counts stay, and who knows the market may still guess from those of many people.
        ``settings["aliased"]`` holds the aliases.

    Raises
    ------
    TasribError
        When an operator of `alias` is unknown, so that its alias would hide nobody, or an alias names another operator.
    """
    names = operator_names(alias, scored, result)
    shares, settings = result.shares.copy(), dict(result.settings)
    shares["operator"] = [names.operator(name) for name in shares["operator"]]
    shares["market_share"] = np.nan
    shares = shares.sort_values(["campaign_id", "operator"], ignore_index=True)
    settings.pop("market_shares", None)
    settings["market_method"] = "withheld, since market shares would tell who is behind an alias"
    settings["aliased"] = sorted(names.alias.values())
    market_only = result.findings.loc[result.findings["baseline"] == "market", "campaign_id"]
    campaigns = result.campaigns.copy()
    if "text" in campaigns:
        campaigns["text"] = campaigns["text"].map(names.words)
    campaigns.loc[campaigns["campaign_id"].isin(market_only), ["p_none", "p_two"]] = np.nan
    tables = dict(result.tables)
    for side in SIDES:
        if len(result.table(side.name)):
            tables[side.name] = side.alias(tables[side.name], names)
    if len(result.table("set_aside")):
        tables["set_aside"] = _aside(result.table("set_aside"), names)
    if len(fits := result.table("fits")):
        renamed = fits.assign(operator=[names.operator(name) for name in fits["operator"]])
        tables["fits"] = renamed.sort_values(["campaign_id", "operator", "share"], ignore_index=True)
    return _scored(scored, names), dataclasses.replace(
        result, findings=_findings(result, names), campaigns=campaigns, shares=shares, settings=settings, tables=tables
    )


def operator_names(alias: Mapping[str, str], scored: pd.DataFrame, result: TraceResult) -> OperatorNames:
    """
    Make what renames operators in a text.

    Parameters
    ----------
    alias, scored, result
        As for `apply_alias`, before it.

    Returns
    -------
    OperatorNames
        The names.

    Raises
    ------
    TasribError
        As `apply_alias`.
    """
    return OperatorNames(_checked(alias, scored, result), scored, result)


class OperatorWords:
    """
    Other names for operators, in whatever spelling.

    Parameters
    ----------
    alias : mapping of str to str
        Operator, by the name that tasrib gives it, to alias.
    country : str
        Whose operators they are.
    """

    def __init__(self, alias: Mapping[str, str], country: str) -> None:
        self.alias, self.country = dict(alias), country
        spellings = {spelling: to for spelling, to in load_operators().get(country, {}).items() if to in self.alias}
        named = {**spellings, **{name: name for name in self.alias}}
        self._to = {name.casefold(): self.alias[to] for name, to in named.items()}
        written = "|".join(re.escape(name) for name in sorted(self._to, key=len, reverse=True))
        # Between letters only: names of files and senders join words with digits and underscores.
        self._pattern = re.compile(rf"(?<!{_LETTER})(?:{written})(?!{_LETTER})", re.IGNORECASE)

    def operator(self, name: str) -> str:
        """Of an operator."""
        return self.alias.get(name, name)

    def words(self, text: str) -> str:
        """Of operators named in a text; a shop of the same name is renamed too: better one too many than one too few."""
        return self._pattern.sub(lambda match: self._to[match.group().casefold()], text) if self._to else text

    def name(self, name: str) -> str:
        """Of a name by itself, such as a file's: one that still leads to an operator, as with accents, is replaced as a whole."""
        said = self.words(name)
        return self.alias.get(canonical_operator(said, self.country), said)

    def record(self, value: Any) -> Any:
        """Of all names in lists and mappings within each other."""
        if isinstance(value, Mapping):
            return {self.name(str(key)): self.record(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self.record(each) for each in value]
        return self.name(value) if isinstance(value, str) else value

    def table(self, table: pd.DataFrame | None) -> pd.DataFrame | None:
        """Of what a quarantine or cleaning report names: files, sheets, columns, and what is said of them."""
        if table is None:
            return None
        renamed = {**dict.fromkeys(_NAMES, self.name), **dict.fromkeys(_SENTENCES, self.words)}
        return table.assign(
            **{
                column: [change(cell) if isinstance(cell, str) else cell for cell in table[column]]
                for column, change in renamed.items()
                if column in table
            }
        )


def words_for(alias: Mapping[str, str], country: str) -> OperatorWords:
    """
    Make what renames operators in the names of files.

    Parameters
    ----------
    alias : mapping of str to str
        As for `apply_alias`.
    country : str
        Home country of the case.

    Returns
    -------
    OperatorWords
        The names. Whether they hide anybody is for `apply_alias` to check.
    """
    return OperatorWords({canonical_operator(name, country) or name: other for name, other in alias.items()}, country)


class OperatorNames(OperatorWords):
    """
    Other names for operators, in whatever spelling, and for the parts of the numbering plan that would lead to them.

    Parameters
    ----------
    alias : mapping of str to str
        Operator, by the name that tasrib gives it, to alias.
    scored : pandas.DataFrame
        Scored complaints: which prefix is whose.
    result : TraceResult
        Which places are named at all, and the country.
    """

    def __init__(self, alias: Mapping[str, str], scored: pd.DataFrame, result: TraceResult) -> None:
        super().__init__(alias, result.settings["country"])
        pairs = scored[["prefix", "operator_allocated"]].drop_duplicates()
        pairs = pairs[(pairs["prefix"] != "") & (pairs["operator_allocated"] != "")]
        self._owner = dict(zip(pairs["prefix"], pairs["operator_allocated"], strict=True))
        self._numbers = self._numbered(result)

    def places(self, places: tuple[str, ...]) -> tuple[str, ...]:
        """Of a place in the numbering plan, from the country down."""
        country, *below = places
        operator = below[0] if below else ""
        parts = zip(below[1:], _SORTS, strict=False)
        return (country, *map(self.operator, below[:1]), *(self._place(part, operator, sort) for part, sort in parts))

    def block(self, block: str, prefix: str) -> str:
        """Of a block of numbers, whose operator its prefix tells."""
        return self._place(block, self._owner.get(prefix, ""), _BLOCK)

    def prefix(self, prefix: str, operator: str) -> str:
        """Of an operator's prefix; one without an alias keeps its prefixes."""
        return self._place(prefix, operator, _sort_of_prefix(prefix)) if operator in self.alias else prefix

    def _place(self, place: str, operator: str, sort: str) -> str:
        known = self._numbers.setdefault((operator, sort), {})
        return f"{self.alias.get(operator, operator) or 'other'}-{sort}{known.setdefault(place, len(known) + 1):02d}"

    def _numbered(self, result: TraceResult) -> dict[tuple[str, str], dict[str, int]]:
        named: dict[tuple[str, str], set[str]] = {}
        for prefix, operator in self._owner.items():
            named.setdefault((operator, _sort_of_prefix(prefix)), set()).add(prefix)
            named.setdefault((operator, _SORTS[0]), set()).add(prefix[:3])
        for _, operator, *below in _places_named(result):
            for place, sort in zip(below, _SORTS, strict=False):
                named.setdefault((operator, sort), set()).add(place)
        return {key: {place: i for i, place in enumerate(sorted(some), 1)} for key, some in named.items()}


def _places_named(result: TraceResult) -> Iterable[tuple[str, ...]]:
    """Places below an operator that tables of the result name."""
    for side in SIDES:
        table = result.table(side.name)
        if len(table):
            yield from (places for places in side.places(table) if len(places) > 1)


def _sort_of_prefix(prefix: str) -> str:
    return _SORTS[0] if len(prefix) <= 3 else _SORTS[1]


def _scored(scored: pd.DataFrame, names: OperatorNames) -> pd.DataFrame:
    others = [";".join(map(names.operator, cell.split(";"))) for cell in scored["other_operators"]]
    prefixes = [
        names.prefix(prefix, operator)
        for prefix, operator in zip(scored["prefix"], scored["operator_allocated"], strict=True)
    ]
    return scored.assign(
        **{column: scored[column].map(names.operator).astype("str") for column in _OPERATOR_COLUMNS},
        # What is shown of messages. The model's words are not marked in one that is changed here: they are known by the text as received.
        **{column: _reworded(scored[column], names) for column in ("text", "sender")},
        other_operators=others,
        declared_operator="",
        prefix=prefixes,
    )


def _reworded(column: pd.Series, names: OperatorNames) -> pd.Series:
    said = {text: names.words(text) for text in column.unique()}
    return column.map(said).astype("str")


def _findings(result: TraceResult, names: OperatorNames) -> pd.DataFrame:
    findings, known = result.findings.copy(), by_key()
    findings["name"] = pd.Series(
        [_name(row["name"], known[row["comparison"]].names, names) for row in findings.to_dict("records")],
        index=findings.index, dtype=object,
    )  # fmt: skip
    findings["hypothesis"] = [known[row["comparison"]].hypothesis(row) for row in findings.to_dict("records")]
    findings["caveats"] = [tuple(_caveat(caveat, names) for caveat in caveats) for caveats in findings["caveats"]]
    findings["confounded_with"] = [tuple(map(names.name, others)) for others in findings["confounded_with"]]
    findings["note"] = [names.words(note) for note in findings["note"]]
    findings[["expected_market", "p_market"]] = np.nan
    findings.loc[findings["baseline"] == "market", _FROM_MARKET] = np.nan
    return sort_findings(findings, known)


def _aside(table: pd.DataFrame, names: OperatorNames) -> pd.DataFrame:
    """An operator's own advertising tells whose it is by every word: it is withheld with the sender's name."""
    shown = table.assign(operator=[names.operator(name) for name in table["operator"]])
    hidden = table["operator"].isin(list(names.alias))
    return shown.assign(**{column: shown[column].map(names.words).mask(hidden, "") for column in ("sender", "wording")})


def _name(name: str | tuple[str, ...], kind: str, names: OperatorNames) -> str | tuple[str, ...]:
    if isinstance(name, tuple):
        return names.places(name)
    return names.operator(name) if kind == "operator" else names.name(name)


def _caveat(caveat: Caveat, names: OperatorNames) -> Caveat:
    def renamed(value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(map(names.name, value))
        return names.words(value) if isinstance(value, str) else value

    return Caveat(caveat.code, {key: renamed(value) for key, value in caveat.values.items()})


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
