"""The tree that the scan goes over: country, operator, prefixes, blocks of numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tasrib.numbering.plan import Plan, check_country, national_mobile, plan_of
from tasrib.tracing.caveats import Caveat, Shown, caveats_beside_controls
from tasrib.tracing.comparison import Aliases, Case, Column, Comparison, Finding, Found, Setting, SideTable

LEVELS = ("country", "operator", "3-digit prefix", "4-digit prefix", "10,000-number block")
# Draws that settle that there is nothing; nodes kept of each campaign, and listed in the report.
_FIRST_DRAWS, _KEPT, _LISTED = 199, 10, 6
_METHOD = """A scan over operators, prefixes and blocks of 10,000 numbers finds the place with the greatest
excess. Random redrawing shows how often chance alone makes such an excess anywhere in the tree. A place in the tree carries no
probability of a source, so it is weak evidence at most."""


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
    operator, prefix = (pd.Series(list(part), dtype=object).fillna("").astype(str) for part in (operators, prefixes))
    blocks = [""] * len(operator) if numbers is None else [_block(plan, str(number)) for number in numbers]
    if not len(operator) == len(prefix) == len(blocks):
        raise ValueError(f"{len(operator)} operators, {len(prefix)} prefixes, {len(blocks)} numbers: give one a person")
    frame = pd.DataFrame({LEVELS[0]: plan.iso, LEVELS[1]: operator, LEVELS[2]: prefix.str[:3]})
    frame[LEVELS[3]] = prefix.where(prefix.str.len() >= 4, "")
    frame[LEVELS[4]] = pd.Series(blocks, dtype=object).where(frame[LEVELS[3]] != "", "")
    frame[operator == ""] = ""
    return frame


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
    return frame.astype(object).where(frame.notna(), "").astype(str).to_numpy(dtype=object), names


def is_placed(labels: np.ndarray) -> np.ndarray:
    """
    Tell which paths have a known place: a root, a second level and no gap.

    Parameters
    ----------
    labels : numpy.ndarray of str, shape (n, n_levels)
        From `path_labels`.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
        True where the path can be used.
    """
    filled = labels != ""
    gap = (filled[:, 1:] & ~filled[:, :-1]).any(axis=1)
    return filled[:, : min(2, labels.shape[1])].all(axis=1) & ~gap


class Tree:
    """
    Nodes by depth; a leaf is where at least one path ends.

    Parameters
    ----------
    labels : numpy.ndarray of str, shape (n, n_levels)
        Placed paths (`is_placed`).

    Attributes
    ----------
    leaf_of : numpy.ndarray of int, shape (n,)
        The leaf at which each path ends.
    leaf_depth : numpy.ndarray of int, shape (n_leaves,)
        Its level, 0 for the root.
    """

    def __init__(self, labels: np.ndarray) -> None:
        n, self.depth = labels.shape
        codes = np.full((n, self.depth), -1)
        parent = np.zeros(n, int)
        self.parents: list[np.ndarray] = []
        self.names: list[np.ndarray] = []
        for d in range(self.depth):
            here = np.flatnonzero(labels[:, d] != "")
            names, label = np.unique(labels[here, d].astype(str), return_inverse=True)
            pairs, code = np.unique(parent[here] * (len(names) + 1) + label, return_inverse=True)
            codes[here, d] = code
            self.parents.append(pairs // (len(names) + 1))
            self.names.append(names[pairs % (len(names) + 1)] if len(names) else np.array([], str))
            parent = codes[:, d]
        self.ancestors, self.leaf_of = np.unique(codes, axis=0, return_inverse=True)
        self.leaf_of = self.leaf_of.ravel()
        self.leaf_depth = (self.ancestors >= 0).sum(axis=1) - 1

    def canonical_order(self, weights: np.ndarray) -> np.ndarray:
        """
        Leaves in an order that follows from shape and weights; labels decide between mirror images only.

        Parameters
        ----------
        weights : numpy.ndarray, shape (n_leaves, n_weights)
            What the leaves are told apart by.

        Returns
        -------
        numpy.ndarray of int, shape (n_leaves,)
            Numbers of the leaves.
        """
        ranks: list[np.ndarray] = [np.array([], int)] * self.depth
        below: list[list[int]] = []
        for d in reversed(range(self.depth)):
            children = below or [[] for _ in self.names[d]]
            own = dict(zip(self.ancestors[self.leaf_depth == d, d], weights[self.leaf_depth == d], strict=True))
            signs = [(tuple(own.get(i, ())), tuple(sorted(children[i]))) for i in range(len(self.names[d]))]
            rank_of = {sign: rank for rank, sign in enumerate(sorted(set(signs)))}
            ranks[d] = np.array([rank_of[sign] for sign in signs], int)
            below = [[] for _ in (self.names[d - 1] if d else ())]
            for i, up in enumerate(self.parents[d] if d else ()):
                below[up].append(int(ranks[d][i]))
        keys = []
        for d in range(self.depth):
            at = self.ancestors[:, d]
            keys += [np.where(at >= 0, np.append(ranks[d], -1)[at], -1), at]
        return np.lexsort(keys[::-1])

    def nodes(self, level_names: list[str]) -> tuple[pd.DataFrame, csr_array]:
        """
        Nodes that are not their parent over again, and which leaves are below them.

        Parameters
        ----------
        level_names : list of str
            One a depth.

        Returns
        -------
        nodes : pandas.DataFrame
            ``depth``, ``level``, ``node`` (its own label), ``path``.
        matrix : scipy.sparse.csr_array of int, shape (n_nodes, n_leaves)
            1 where the leaf is the node or below it.
        """
        frames, rows, columns = [], [], []
        above, leaves_above, n_nodes = np.array([""], dtype=object), np.array([-1]), 0
        for d in range(self.depth):
            at = self.ancestors[:, d]
            inside = np.flatnonzero(at >= 0)
            n_leaves = np.bincount(at[inside], minlength=len(self.names[d]))
            names = self.names[d].astype(object)
            path = above[self.parents[d]] + " / " + names if d else names
            kept = n_leaves != leaves_above[self.parents[d]]
            number = np.where(kept, n_nodes + np.cumsum(kept) - 1, -1)
            frames.append(pd.DataFrame({"depth": d, "level": level_names[d], "node": names, "path": path})[kept])
            inside = inside[kept[at[inside]]]
            rows.append(number[at[inside]])
            columns.append(inside)
            above, leaves_above, n_nodes = path, n_leaves, n_nodes + int(kept.sum())
        row, column = np.concatenate(rows), np.concatenate(columns)
        matrix = csr_array((np.ones(len(row), int), (row, column)), shape=(n_nodes, len(self.leaf_depth)))
        return pd.concat(frames, ignore_index=True), matrix


def _block(plan: Plan, number: str) -> str:
    digits = number.lstrip("+")
    national = national_mobile(plan, digits, number.startswith("+")) if digits.isdecimal() else ""
    return f"{plan.trunk}{national[:3]} {national[3:-4]}xxxx" if national else ""


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
        The most likely cut where it lies below the operators; as table the most likely nodes.
    """
    from tasrib.tracing.stats.scan import tree_scan  # TEMPORARY

    if not case.controlled:
        return Found()
    both = pd.concat([case.people, case.controls.reset_index()], ignore_index=True)
    both = both[both["operator"] != ""]
    is_case = np.arange(len(both)) < (case.people["operator"] != "").sum()
    if len(both) == 0 or is_case.all() or not is_case.any():
        return Found()
    numbers = both["person"].where(both["person"].str.startswith("+"), "").tolist()
    paths = numbering_paths(
        both["operator"].tolist(), both["prefix"].tolist(), numbers if any(numbers) else None, country=setting.country
    )
    # Few draws settle that there is nothing; many are for what may be a finding.
    scan = tree_scan(paths, is_case, replicates=min(_FIRST_DRAWS, setting.replicates), seed=setting.seed)
    if scan.p_value <= 0.1 and setting.replicates > _FIRST_DRAWS:
        scan = tree_scan(paths, is_case, replicates=setting.replicates, seed=setting.seed)
    below = scan.nodes[~scan.nodes["level"].isin(LEVELS[:2])]
    return Found([_finding(below.iloc[0], scan)] if len(below) else [], scan.nodes.head(_KEPT))


def _finding(top: pd.Series, scan: Any) -> Finding:
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


def _subject(finding: Mapping[str, Any]) -> str:
    return "block" if len(finding["name"]) == len(LEVELS) else "prefix"


def _caveats(finding: Finding, shown: Shown) -> list[Caveat]:
    return caveats_beside_controls(finding, replace(shown, n_unknown=0))


def _listed(findings: pd.DataFrame, nodes: pd.DataFrame) -> pd.DataFrame:
    shown = nodes[nodes["llr"] > 0].head(_LISTED)
    # The country is the same for all; where it is all there is, it stays.
    return shown.assign(below=[" / ".join(places[1:] or places) for places in shown["places"]])


def _line(rows: pd.DataFrame) -> str:
    return "all prefixes and blocks searched, smallest adjusted p {p}"


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
    title="Where in the numbering tree",
    by="numbering tree",
    method=_METHOD,
    compare=compare_places,
    subject=_subject,
    names="places",
    group="tree",
    sizes_share=False,
    caveats=_caveats,
    columns=(
        Column("part of the numbering plan", ("below",)),
        Column("level", ("level",)),
        Column("people reached / all compared", ("cases", "people"), "of"),
        Column("expected", ("expected",), "ratio"),
        Column("relative risk", ("relative_risk",), "ratio"),
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
