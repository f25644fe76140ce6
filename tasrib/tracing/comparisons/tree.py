"""Where in the numbering tree (country, operator, prefixes, blocks of numbers) are the people reached too many?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tasrib.numbering.plan import Plan, check_country, masked_block, national_mobile, plan_of
from tasrib.tracing.caveats import caveats_of_everyone
from tasrib.tracing.comparison import Aliases, Case, Column, Comparison, Finding, Found, Line, Setting, SideTable
from tasrib.tracing.stats.scan import ScannedNodes, count_leaves, scan_nodes
from tasrib.tracing.stats.tree import Tree, is_placed

LEVELS = ("country", "operator", "3-digit prefix", "4-digit prefix", "10,000-number block")
_PREFIX = 4
# Draws that settle that there is nothing; most likely nodes kept of each campaign, and listed in the report.
_FIRST_DRAWS, _KEPT, _LISTED = 199, 10, 6
# A node with as large a part of the people reached, and with some, is kept too: with those above it, it is what a drawing of the tree shows.
_MANY, _SOME = 0.04, 2


@dataclass(frozen=True)
class TreeScan:
    """
    Result of `tree_scan`.

    Attributes
    ----------
    nodes : pandas.DataFrame
        One row a node, largest ``llr`` first: ``level`` (name of the tree's level), ``node`` (its own label), ``places``
        (a tuple of labels from the root down, its own last), ``cases``, ``people``, ``expected`` (cases without a cut),
        ``llr`` (log-likelihood ratio, 0 without excess), ``relative_risk`` (cases per expected case inside over the same
        outside), ``p_value`` (of a largest ratio like this one anywhere in the tree, so adjusted for all nodes). A node
        with the same people as the node above it is not listed.
    p_value : float
        Of the most likely cut, the first row.
    cases, people : int
        People reached; all people compared.
    left_out : int
        People that could not be placed in the tree.
    replicates : int
        Draws under the null hypothesis; the least p-value is 1 / (1 + replicates).
    """

    nodes: pd.DataFrame
    p_value: float
    cases: int
    people: int
    left_out: int
    replicates: int


def numbering_paths(
    operators: Sequence[str], prefixes: Sequence[str], numbers: Sequence[str] | None = None, *, country: str = "MA"
) -> pd.DataFrame:
    """
    Place people in the numbering tree, as deep as is known.

    Parameters
    ----------
    operators : sequence of str, shape (n,)
        Operator that the number was allocated to; "" where unknown.
    prefixes : sequence of str, shape (n,)
        National prefix such as ``0661``.
    numbers : sequence of str, shape (n,), optional
        Numbers such as ``+212661234567``; those that cannot be read, such as pseudonyms, end at the prefix.
    country : str
        ISO 3166 code of the country of all these numbers.

    Returns
    -------
    pandas.DataFrame of str, shape (n, 5)
        Columns `LEVELS`; a row without operator is empty throughout. Blocks are masked: ``0661 23xxxx``.

    Raises
    ------
    ValueError
        When lengths differ.
    TasribError
        When the country is not a home country.

    Notes
    -----
    A prefix sits below its operator: 066 of operator A and 066 of operator B are two nodes.
    """
    plan = plan_of(check_country(country))
    operator, prefix = (["" if pd.isna(each) else str(each) for each in part] for part in (operators, prefixes))
    blocks = [""] * len(operator) if numbers is None else [_block(plan, str(number)) for number in numbers]
    if not len(operator) == len(prefix) == len(blocks):
        raise ValueError(f"{len(operator)} operators, {len(prefix)} prefixes, {len(blocks)} numbers: give one a person")
    rows = [
        (plan.iso, name, start[:3], *((start, block) if len(start) >= _PREFIX else ("", "")))
        if name
        else ("",) * len(LEVELS)
        for name, start, block in zip(operator, prefix, blocks, strict=True)
    ]
    return pd.DataFrame(np.array(rows, dtype=object).reshape(len(rows), len(LEVELS)), columns=list(LEVELS))


def path_labels(paths: pd.DataFrame | Sequence[Sequence[str]]) -> tuple[np.ndarray, list[str]]:
    """
    Paths as an array, and the names of the tree's levels.

    Parameters
    ----------
    paths : pandas.DataFrame or sequence of sequence of str, shape (n, n_levels)
        Labels from the root down; the columns name the levels.

    Returns
    -------
    labels : numpy.ndarray of str, shape (n, n_levels)
        "" where a path has ended.
    names : list of str
        Of the levels.

    Raises
    ------
    ValueError
        When there is no level.
    """
    frame = paths if isinstance(paths, pd.DataFrame) else pd.DataFrame([list(path) for path in paths])
    if frame.shape[1] == 0:
        raise ValueError("no paths: give for each person the labels from the root of the tree down")
    names = list(map(str, frame.columns)) if isinstance(paths, pd.DataFrame) else list(map(str, range(frame.shape[1])))
    cells = frame.to_numpy(dtype=object)
    # By way of numpy's own strings, which are made an order of magnitude faster than a frame's.
    return np.where(pd.isna(cells), "", cells).astype(str).astype(object), names


def tree_scan(
    paths: pd.DataFrame | Sequence[Sequence[str]],
    is_case: ArrayLike,
    *,
    strata: ArrayLike | None = None,
    replicates: int = 9_999,
    seed: int = 0,
    min_cases: int = 2,
) -> TreeScan:
    """
    Find the node of a tree where cases are most in excess of controls, in the conditional Bernoulli model.

    Over the numbering tree (`numbering_paths`) the level of the most likely cut says what to look for. An operator as a
    whole: a list of that operator's customers. A 3-digit or 4-digit prefix: part of its customers, such as one region's
    or one year's sale of cards, or a range that was dialled. A 10,000-number block: one shop's or one wholesaler's
    customers, or a dialled range; only how the numbers lie can tell these two apart (`generated_numbers`).

    Parameters
    ----------
    paths : pandas.DataFrame or sequence of sequence of str, shape (n, n_levels)
        For each person, counted once, the labels from the root down; the columns name the levels. A path may end early
        with "". A path without root or without second level, or with a gap, is left out and counted.
    is_case : array of bool, shape (n,)
        True for people reached, False for controls.
    strata : array, shape (n,), optional
        People are compared within these (month, channel, region); the expected counts are then those within strata.
    replicates : int
        Random draws under the null hypothesis.
    seed : int
        Of the draws.
    min_cases : int
        A node with fewer cases is no candidate.

    Returns
    -------
    TreeScan
        The nodes with their p-values.

    Raises
    ------
    ValueError
        When lengths differ, or there is no case or no control with a known place.

    Notes
    -----
    Kulldorff, Fang & Walsh, "A tree-based scan statistic for database disease surveillance", Biometrics 59:323-331, 2003;
    the ratio is that of Kulldorff, "A spatial scan statistic", 1997, section 3 (Bernoulli). It equals half the
    G-statistic of the node's 2x2 table against its expectation given the margins; with strata the expectation is summed
    over them. The test is exact for any such expectation, since cases are redrawn within strata. Neither the order of
    people nor their labels change a p-value (two strata of the same make-up apart).
    """
    labels, level_names = path_labels(paths)
    case = np.asarray(is_case)
    if case.shape != (len(labels),):
        raise ValueError(f"{len(labels)} paths but is_case of shape {case.shape}: give one True or False a path")
    if not np.isin(case, (0, 1)).all():
        raise ValueError("is_case holds more than True and False: mark people reached by True, controls by False")
    case = case.astype(bool)
    stratum = pd.factorize(np.zeros(len(labels)) if strata is None else np.asarray(strata), use_na_sentinel=False)[0]
    if len(stratum) != len(labels):
        raise ValueError(f"{len(labels)} paths but {len(stratum)} strata: give one a path")
    placed = is_placed(labels)
    labels, case, stratum = labels[placed], case[placed], stratum[placed]
    if not case.any() or case.all():
        raise ValueError(f"{case.sum()} cases and {(~case).sum()} controls have a known place in the tree: need both")
    tree = Tree(labels)
    scanned = scan_nodes(
        tree, count_leaves(tree.leaf_of, stratum, case), replicates=replicates, seed=seed, min_cases=min_cases
    )
    nodes = _node_table(scanned, level_names)
    return TreeScan(
        nodes, float(nodes["p_value"].iloc[0]), int(case.sum()), len(case), int((~placed).sum()), replicates
    )


def _node_table(scanned: ScannedNodes, level_names: list[str]) -> pd.DataFrame:
    nodes = scanned.nodes
    path = [" / ".join(places) for places in nodes.places]
    order = sorted(range(len(path)), key=lambda i: (-scanned.llr[i], nodes.depth[i], path[i]))
    places = [nodes.places[i] for i in order]
    return pd.DataFrame(
        {
            "level": np.array(level_names, dtype=object)[nodes.depth[order]],
            "node": [each[-1] for each in places],
            "places": places,
            "cases": scanned.cases[order],
            "people": pd.array(scanned.people[order], "Int64"),
            "expected": scanned.expected[order],
            "llr": scanned.llr[order],
            "relative_risk": scanned.relative_risk[order],
            "p_value": scanned.p_value[order],
        }
    )


def _block(plan: Plan, number: str) -> str:
    digits = number.lstrip("+")
    national = national_mobile(plan, digits, number.startswith("+")) if digits.isdecimal() else ""
    return masked_block(plan, national[:-4]) if national else ""


def compare_places(case: Case, setting: Setting) -> Found:
    """
    Find where in the numbering tree the people reached are most in excess.

    Parameters
    ----------
    case : Case
        The campaign; nothing is found without enough controls.
    setting : Setting
        Country, replicates and seed.

    Returns
    -------
    Found
        The most likely cut where it lies below the operators; as table the most likely nodes, those that hold many of the people reached, and those above.
    """
    if not case.controlled:
        return Found()
    operator, prefix, person = (
        np.concatenate([each.to_numpy(dtype=object) for each in pair])
        for pair in (
            (case.people["operator"], case.controls["operator"]),
            (case.people["prefix"], case.controls["prefix"]),
            (case.people["person"], case.controls.index),
        )
    )
    placed = operator != ""
    strata, is_case = np.concatenate(case.strata())[placed], (np.arange(len(operator)) < len(case.people))[placed]
    if is_case.all() or not is_case.any():
        return Found()
    numbers = [name if name.startswith("+") else "" for name in person[placed].tolist()]
    paths = numbering_paths(
        operator[placed].tolist(), prefix[placed].tolist(), numbers if any(numbers) else None, country=setting.country
    )
    # Few draws settle that there is nothing; many are for what may be a finding.
    scan = tree_scan(paths, is_case, strata=strata, replicates=min(_FIRST_DRAWS, setting.replicates), seed=setting.seed)
    if scan.p_value <= 0.1 and setting.replicates > _FIRST_DRAWS:
        scan = tree_scan(paths, is_case, strata=strata, replicates=setting.replicates, seed=setting.seed)
    below = scan.nodes[~scan.nodes["level"].isin(LEVELS[:2])]
    return Found([_finding(below.iloc[0], scan)] if len(below) else [], _kept(scan))


def _kept(scan: TreeScan) -> pd.DataFrame:
    nodes = scan.nodes
    chosen = (np.arange(len(nodes)) < _KEPT) | (nodes["cases"] >= max(_SOME, _MANY * scan.cases))
    above = {places[:depth] for places in nodes.loc[chosen, "places"] for depth in range(1, len(places))}
    return nodes[chosen | nodes["places"].isin(above)].reset_index(drop=True)


def _finding(top: pd.Series, scan: TreeScan) -> Finding:
    return {
        "name": top["places"],
        "method": f"tree scan, conditional Bernoulli, {scan.replicates} replicates",
        "n_reached": scan.cases,
        "n_controls": scan.people - scan.cases,
        "observed": int(top["cases"]),
        "controls_observed": int(top["people"] - top["cases"]),
        "expected": float(top["expected"]),
        "p_value": float(top["p_value"]),
        "p_within": float(top["p_value"]),
        "posterior": np.nan,
        "baseline": "controls",
        # A prefix alone does not say whose it is.
        "note": top["places"][1],
    }


def _prefix_or_block(finding: Mapping[str, Any]) -> str:
    return "block" if len(finding["name"]) == len(LEVELS) else "prefix"


def _listed(findings: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    shown = nodes[nodes["llr"] > 0].head(_LISTED)
    # The country is the same for all; where it is all there is, it stays.
    return shown.assign(below=[" / ".join(places[1:] or places) for places in shown["places"]])


def _line(rows: pd.DataFrame) -> Line:
    return Line({})


def _write(nodes: pd.DataFrame) -> pd.DataFrame:
    return nodes.assign(path=[" / ".join(places) for places in nodes["places"]])


def _alias(nodes: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    places = [aliases.places(each) for each in nodes["places"]]
    nodes = nodes.assign(node=[each[-1] for each in places], places=places)
    # In an order that does not tell which operator is behind an alias.
    campaigns = {name: i for i, name in enumerate(nodes["campaign_id"].unique())}
    order = nodes.assign(campaign=nodes["campaign_id"].map(campaigns), less=-nodes["llr"], path=_write(nodes)["path"])
    return nodes.loc[order.sort_values(["campaign", "less", "path"], kind="stable").index].reset_index(drop=True)


COMPARISON = Comparison(
    key="tree",
    compare=compare_places,
    subjects=("prefix", "block"),
    which=_prefix_or_block,
    names="places",
    group="tree",
    sizes_share=False,
    caveats=caveats_of_everyone,
    columns=(
        Column("place", ("below",)),
        Column("level", ("level",), "word"),
        Column("cases", ("cases", "people"), "of"),
        Column("expected", ("expected",), "ratio"),
        Column("relative_risk", ("relative_risk",), "ratio"),
        Column("p", ("p_value",), "p_value"),
    ),
    listed=_listed,
    line=_line,
    side=SideTable(
        name="nodes",
        sheet="numbering_tree",
        columns=(
            "campaign_id", "level", "node", "path", "cases", "people", "expected", "llr", "relative_risk", "p_value",
        ),
        write=_write,
        alias=_alias,
        places=lambda nodes: nodes["places"],
    ),
)  # fmt: skip
