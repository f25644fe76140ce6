"""Where in the numbering tree are the people reached too many? Tree-based scan statistic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import xlogy

from tasrib.tracing.comparisons.tree import Tree, is_placed, path_labels

_CELLS_PER_BATCH = 4_000_000
# Sums of the same terms in another order differ by less; a tie must count as a tie.
_TIE = 1e-9


@dataclass(frozen=True)
class TreeScan:
    """
    Result of `tree_scan` and `poisson_scan`.

    Attributes
    ----------
    nodes : pandas.DataFrame
        One row a node, largest ``llr`` first: ``level`` (name of the tree's level), ``node`` (its own label), ``path``
        (labels from the root, joined by " / "), ``cases``, ``people`` (missing in the Poisson model), ``expected``
        (cases without a cut), ``llr`` (log-likelihood ratio, 0 without excess), ``relative_risk`` (cases per expected
        inside over the same outside), ``p_value`` (of a largest ratio like this one anywhere in the tree, so adjusted
        for all nodes). A node with the same people as the node above it is not listed.
    p_value : float
        Of the most likely cut, the first row.
    cases, people : int
        People reached; all people compared (cases again in the Poisson model).
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

    Over the numbering tree (`tasrib.tracing.comparisons.tree.numbering_paths`) the level of the most likely cut says what to look for. An operator as a
    whole: a list of that operator's customers. A 3-digit or 4-digit prefix: part of its customers, such as one region's
    or one year's sale of cards, or a range that was dialled. A 10,000-number block: one shop's or one wholesaler's
    customers, or a dialled range; `tasrib.tracing.comparisons.dialling` tells the last two apart only by how the numbers lie.

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
    over them. The test is exact for any such expectation, since cases are redrawn within strata. Draws are counts by leaf
    (multivariate hypergeometric) in an order given by the tree's shape, so that neither the order of people nor their
    labels change a p-value (two strata of the same make-up apart).
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
    shape = (len(tree.leaf_depth), stratum.max() + 1)
    people, cases = np.zeros(shape, int), np.zeros(shape, int)
    np.add.at(people, (tree.leaf_of, stratum), 1)
    np.add.at(cases, (tree.leaf_of[case], stratum[case]), 1)
    total = cases.sum(axis=0)
    strata_order = sorted(
        range(shape[1]), key=lambda s: (people[:, s].sum(), total[s], tuple(np.sort(people[:, s])), tuple(people[:, s]))
    )
    people, cases, total = people[:, strata_order], cases[:, strata_order], total[strata_order]
    order = tree.canonical_order(people)
    drawn = people[order]

    def draw(rng: np.random.Generator, size: int) -> np.ndarray:
        counts = np.zeros((size, len(drawn)), int)
        for s in range(len(total)):
            some = np.flatnonzero(drawn[:, s])
            # "count" costs time by people, "marginals" by leaves times a far larger constant.
            method: Literal["count", "marginals"] = "count" if drawn[:, s].sum() < 20 * len(some) else "marginals"
            counts[:, some] += rng.multivariate_hypergeometric(drawn[some, s], int(total[s]), size, method=method)
        return counts

    expected = (people * (total / people.sum(axis=0))).sum(axis=1)
    return _scan(
        tree, level_names, cases.sum(axis=1), people.sum(axis=1), expected, draw, order,
        left_out=int((~placed).sum()), replicates=replicates, seed=seed, min_cases=min_cases,
    )  # fmt: skip


def poisson_scan(
    paths: pd.DataFrame | Sequence[Sequence[str]],
    cases: ArrayLike,
    expected: ArrayLike,
    *,
    replicates: int = 9_999,
    seed: int = 0,
    min_cases: int = 2,
) -> TreeScan:
    """
    Find the node where cases are most in excess of expected counts, in the conditional Poisson model.

    Parameters
    ----------
    paths : pandas.DataFrame or sequence of sequence of str, shape (n_leaves, n_levels)
        As in `tree_scan`, one row a leaf; rows of the same leaf are added up.
    cases : array of int, shape (n_leaves,)
        People reached.
    expected : array of float, shape (n_leaves,)
        Expected people, in any unit (market shares, customers): scaled to the number of cases.
    replicates, seed, min_cases
        As in `tree_scan`.

    Returns
    -------
    TreeScan
        The nodes with their p-values; ``left_out`` counts cases.

    Raises
    ------
    ValueError
        When lengths differ, a count is negative or broken, cases fall where none are expected, or there is no case.

    Notes
    -----
    Kulldorff, Fang & Walsh, Biometrics 59:323-331, 2003, section 3; given the total, the counts are multinomial. Expected
    counts are taken as known: against market shares this test shares their bias (`tracing.md`, 1).
    """
    labels, level_names = path_labels(paths)
    observed, wanted = np.asarray(cases), np.asarray(expected, float)
    if observed.shape != (len(labels),) or wanted.shape != (len(labels),):
        raise ValueError(f"{len(labels)} paths, {observed.size} cases, {wanted.size} expected: give one of each a leaf")
    if (observed < 0).any() or (observed % 1 != 0).any() or not ((wanted >= 0) & np.isfinite(wanted)).all():
        raise ValueError("cases must be whole numbers and expected counts finite, neither below 0")
    placed = is_placed(labels)
    left_out = int(observed[~placed].sum())
    tree = Tree(labels[placed])
    n_leaves = len(tree.leaf_depth)
    by_leaf = np.bincount(tree.leaf_of, observed[placed], n_leaves).astype(int)
    weight = np.bincount(tree.leaf_of, wanted[placed], n_leaves)
    if by_leaf.sum() == 0 or (by_leaf[weight == 0] > 0).any():
        raise ValueError("there must be a case, and none where the expected count is 0: check the expected counts")
    share = weight / weight.sum()
    order = tree.canonical_order(share[:, None])

    def draw(rng: np.random.Generator, size: int) -> np.ndarray:
        return rng.multinomial(by_leaf.sum(), share[order] / share[order].sum(), size=size)

    return _scan(
        tree, level_names, by_leaf, None, share * by_leaf.sum(), draw, order,
        left_out=left_out, replicates=replicates, seed=seed, min_cases=min_cases,
    )  # fmt: skip


def _llr(cases: np.ndarray, people, expected, total: int, everyone: int | None) -> np.ndarray:
    """Half the G-statistic against the expected table, 0 without excess (Kulldorff 1997, section 3)."""

    def part(count, mean):
        return xlogy(count, np.divide(count, mean, out=np.ones(np.broadcast(count, mean).shape), where=mean > _TIE))

    ratio = part(cases, expected) + part(total - cases, total - expected)
    if everyone is not None:
        ratio = ratio + part(people - cases, people - expected)
        ratio = ratio + part(everyone - people - total + cases, everyone - people - total + expected)
    return np.where(cases > expected + _TIE, np.maximum(ratio, 0), 0.0)


def _scan(
    tree: Tree, level_names: list[str], cases: np.ndarray, people: np.ndarray | None, expected: np.ndarray,
    draw: Callable[[np.random.Generator, int], np.ndarray], order: np.ndarray,
    *, left_out: int, replicates: int, seed: int, min_cases: int,
) -> TreeScan:  # fmt: skip
    """Ratio of every node, held against the largest ratio of each draw."""
    if replicates < 1:
        raise ValueError(f"{replicates} replicates: at least 1 is needed, 9,999 for a p-value to report")
    nodes, matrix = tree.nodes(level_names)
    total, everyone = int(cases.sum()), None if people is None else int(people.sum())
    c, e = matrix @ cases, matrix @ expected
    n = np.full(len(c), total) if people is None else matrix @ people

    def ratio(count: np.ndarray, at: np.ndarray) -> np.ndarray:
        found = _llr(count, n[at], e[at], total, everyone)
        return np.where(count >= min_cases, found, 0.0)

    llr = ratio(c, np.arange(len(c)))
    # A node's count takes few values: its ratios are tabulated once, not worked out a hundred million times.
    candidates = np.flatnonzero((n >= min_cases) & (e < total - _TIE))
    inside = matrix[candidates][:, order]
    top = np.minimum(n[candidates], total) + 1
    start = np.cumsum(top) - top
    tabulated = top.sum() <= _CELLS_PER_BATCH
    if tabulated:
        table = ratio(np.arange(top.sum()) - np.repeat(start, top), np.repeat(candidates, top))
    rng = np.random.default_rng(seed)
    largest = np.zeros(replicates)
    batch = max(1, _CELLS_PER_BATCH // max(len(nodes), len(order)))
    for first in range(0, replicates if len(candidates) else 0, batch):
        size = min(batch, replicates - first)
        counts = inside @ np.ascontiguousarray(draw(rng, size).T)
        ratios = table[start[:, None] + counts] if tabulated else ratio(counts, candidates[:, None])
        largest[first : first + size] = ratios.max(axis=0)
    largest.sort()
    outside = (total - c) / np.where(total - e > _TIE, total - e, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = (c / e) / outside
    nodes = nodes.assign(
        cases=c, people=pd.Series(n, dtype="Int64") if people is not None else pd.Series(pd.NA, nodes.index, "Int64"),
        expected=e, llr=llr, relative_risk=relative,
        p_value=(1 + replicates - np.searchsorted(largest, llr - _TIE)) / (1 + replicates),
    )  # fmt: skip
    nodes = nodes.sort_values(["llr", "depth", "path"], ascending=[False, True, True], ignore_index=True)
    return TreeScan(
        nodes.drop(columns="depth").assign(places=[tuple(p.split(" / ")) for p in nodes["path"]]).drop(columns="path"),
        float(nodes["p_value"].iloc[0]),
        total,
        everyone or total,
        left_out,
        replicates,
    )
