"""Other names for operators on the way out, for those who publish before an inspection has said anything."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.errors import TasribError, UnreadableInput
from tasrib.numbering import canonical_operator
from tasrib.numbering.operators import load_operators
from tasrib.report.sections import split_ranges
from tasrib.tracing import TraceResult

_OPERATOR_COLUMNS = ("operator_allocated", "operator_serving")
# What a comparison with known market shares alone yields: each figure can be turned back into the share.
_FROM_MARKET = [
    "expected", "p_value", "p_adjusted", "posterior", "leak_share", "leak_share_low", "leak_share_high",
    "detectable_share",
]  # fmt: skip
_FREE_TEXT = ("confounded_with", "caveats", "note")
_PLACES = ("prefix", "block")
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
        Copies. Prefixes and blocks become numbered ones (``A-01``; three digits ``A-p01``, blocks ``A-b01``), declared
        operators are emptied, market shares and all that rests on them alone are withheld, and rows are ordered by alias:
        each would tell who is behind an alias. Operators' names are replaced in organisations, canary holders, caveats and
        notes too. The counts stay, and who knows the market may still guess from those of many people.
        ``settings["aliased"]`` holds the aliases.

    Raises
    ------
    TasribError
        When an operator of `alias` is unknown, so that its alias would hide nobody, or an alias names another operator.
    """
    alias = _checked(alias, scored, result)
    places = Places(scored, result.nodes, alias)
    renamed = scored.copy()
    original = renamed["operator_allocated"].fillna("")
    for column in _OPERATOR_COLUMNS:
        renamed[column] = _renamed(renamed[column].fillna(""), alias)
    if "other_operators" in renamed:
        renamed["other_operators"] = [
            ";".join(alias.get(name, name) for name in str(cell).split(";")) for cell in renamed["other_operators"]
        ]
    renamed["declared_operator"] = ""
    renamed["prefix"] = [
        places.label(str(prefix), operator) if operator in alias else prefix
        for prefix, operator in zip(renamed["prefix"].fillna(""), original, strict=True)
    ]
    shares, settings = result.shares.copy(), dict(result.settings)
    shares["operator"] = _renamed(shares["operator"], alias)
    shares["market_share"] = np.nan
    shares = shares.sort_values(["campaign_id", "operator"], ignore_index=True)
    settings.pop("market_shares", None)
    settings["market_method"] = "withheld, since market shares would tell who is behind an alias"
    settings["aliased"] = sorted(alias.values())
    market_only = result.findings.loc[result.findings["baseline"] == "market", "campaign_id"]
    campaigns = result.campaigns.copy()
    campaigns.loc[campaigns["campaign_id"].isin(market_only), ["p_none", "p_two"]] = np.nan
    return renamed, dataclasses.replace(
        result,
        findings=_findings(result, alias, places),
        campaigns=campaigns,
        shares=shares,
        settings=settings,
        generated=_generated(result.generated, places),
        nodes=_nodes(result.nodes, places),
    )


class Places:
    """
    Other names for prefixes and blocks, by operator.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints: which prefix is whose.
    nodes : pandas.DataFrame
        Of `TraceResult`: which places below an operator are named at all.
    alias : mapping of str to str
        Operator to alias.
    """

    def __init__(self, scored: pd.DataFrame, nodes: pd.DataFrame, alias: Mapping[str, str]) -> None:
        self.alias = alias
        pairs = scored[["prefix", "operator_allocated"]].fillna("").astype("str").drop_duplicates()
        pairs = pairs[(pairs["prefix"] != "") & (pairs["operator_allocated"] != "")]
        self._owner = dict(zip(pairs["prefix"], pairs["operator_allocated"], strict=True))
        named: dict[tuple[str, str], set[str]] = {}
        for prefix, operator in self._owner.items():
            for place in (prefix, prefix[:3]):
                named.setdefault((operator, _sort_of(place)), set()).add(place)
        for places in nodes["places"] if len(nodes) else ():
            operator, *below = places[1:] or [""]
            for place in below:
                named.setdefault((operator, _sort_of(place)), set()).add(place)
        self._number = {key: {place: i for i, place in enumerate(sorted(some), 1)} for key, some in named.items()}

    def owner(self, place: str) -> str:
        """Operator of a prefix of four digits or a block; empty where unknown."""
        return self._owner.get(place.partition(" ")[0], "")

    def label(self, place: str, operator: str) -> str:
        """Other name of a place of an operator, without its digits."""
        sort = _sort_of(place)
        known = self._number.setdefault((operator, sort), {})
        return f"{self.alias.get(operator, operator) or 'other'}-{sort}{known.setdefault(place, len(known) + 1):02d}"


def _sort_of(place: str) -> str:
    return "b" if " " in place else ("p" if len(place) <= 3 else "")


def _findings(result: TraceResult, alias: Mapping[str, str], places: Places) -> pd.DataFrame:
    findings = result.findings.copy()
    rename = _Renamer(alias, result.settings["country"])
    findings["hypothesis"] = [
        _hypothesis(hypothesis, rename, places, owner)
        for hypothesis, owner in zip(findings["hypothesis"], _owners(findings, result.nodes, places), strict=True)
    ]
    for column in _FREE_TEXT:
        findings[column] = [rename.text(text) for text in findings[column]]
    findings[["expected_market", "p_market"]] = np.nan
    findings.loc[findings["baseline"] == "market", _FROM_MARKET] = np.nan
    order = findings.assign(rank=findings["evidence"].map(_RANK))
    by = ["rank", "p_adjusted", "campaign_id", "hypothesis", "method"]
    return findings.loc[order.sort_values(by, kind="stable").index].reset_index(drop=True)


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


class _Renamer:
    """
    Operators' names in what people wrote or the methods say, replaced in whatever spelling.

    A shop of the same name is renamed too: better one name too many than one too few.
    """

    def __init__(self, alias: Mapping[str, str], country: str) -> None:
        self.alias, self.country = alias, country
        spellings = {spelling: to for spelling, to in load_operators().get(country, {}).items() if to in alias}
        self.to = {name.casefold(): alias[to] for name, to in {**spellings, **{name: name for name in alias}}.items()}
        names = "|".join(re.escape(name) for name in sorted(self.to, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<!\w)(?:{names})(?!\w)", re.IGNORECASE)

    def text(self, text: str) -> str:
        """Of sentences."""
        return self.pattern.sub(lambda match: self.to[match.group().casefold()], text) if self.to else text

    def name(self, name: str) -> str:
        """Of a name by itself: one that still leads to an operator, as with accents, is replaced as a whole."""
        said = self.text(name)
        return self.alias.get(canonical_operator(said, self.country), said)


def _owners(findings: pd.DataFrame, nodes: pd.DataFrame, places: Places) -> list[str]:
    """Operator of the prefix or block of each finding: three digits are several operators', but a node is one's."""
    known: dict[tuple[str, str], str] = {}
    for node in nodes.itertuples() if len(nodes) else ():
        known.setdefault((str(node.campaign_id), str(node.node)), (*node.places, "")[1])
    named = findings["hypothesis"].str.partition(":")[2]
    return [
        known.get((campaign, place)) or places.owner(place)
        for campaign, place in zip(findings["campaign_id"], named, strict=True)
    ]


def _hypothesis(hypothesis: str, rename: _Renamer, places: Places, owner: str) -> str:
    kind, _, name = hypothesis.partition(":")
    if kind == "operator":
        return f"{kind}:{rename.alias.get(name, name)}"
    return f"{kind}:{places.label(name, owner) if kind in _PLACES else rename.name(name)}"


def _generated(generated: pd.DataFrame, places: Places) -> pd.DataFrame:
    if len(generated) == 0:
        return generated
    ranges = []
    for written in generated["ranges"]:
        parts = [(block, counts) for block, *counts in split_ranges(written)]
        ranges.append(
            "; ".join(" ".join([places.label(block, places.owner(block)), *counts]) for block, counts in parts)
        )
    return generated.assign(ranges=ranges)


def _nodes(nodes: pd.DataFrame, places: Places) -> pd.DataFrame:
    if len(nodes) == 0:
        return nodes
    paths = []
    for root, *below in nodes["places"]:
        operator = below[0] if below else ""
        paths.append(
            [
                root,
                *(places.alias.get(name, name) for name in below[:1]),
                *(places.label(x, operator) for x in below[1:]),
            ]
        )
    # The last label of a path is the node's own.
    nodes = nodes.assign(node=[path[-1] for path in paths], places=[tuple(path) for path in paths])
    campaigns = {name: i for i, name in enumerate(nodes["campaign_id"].unique())}
    path = nodes["places"].map(" / ".join)
    order = nodes.assign(campaign=nodes["campaign_id"].map(campaigns), less=-nodes["llr"], path=path)
    return nodes.loc[order.sort_values(["campaign", "less", "path"], kind="stable").index].reset_index(drop=True)
