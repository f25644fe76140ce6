"""Tree-based scan statistic: in which node of a tree are cases most in excess?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import xlogy

from tasrib.tracing.stats.tree import Nodes, Tree

_CELLS_PER_BATCH = 4_000_000
# Sums of the same terms in another order differ by less; a tie must count as a tie.
_TIE = 1e-9


@dataclass(frozen=True)
class LeafCounts:
    """
    Cases and people of each leaf of a tree, stratum by stratum.

    Attributes
    ----------
    cases, people : numpy.ndarray of int, shape (n_leaves, n_strata)
        Cases, and cases and controls together.
    """

    cases: np.ndarray
    people: np.ndarray

    @property
    def expected(self) -> np.ndarray:
        """Cases of each leaf if those of each stratum were spread evenly over its people."""
        return (self.people * (self.cases.sum(axis=0) / self.people.sum(axis=0))).sum(axis=1)


@dataclass(frozen=True)
class ScannedNodes:
    """
    Result of `scan_nodes`, one entry a node.

    Attributes
    ----------
    nodes : Nodes
        Of the tree, in the order of the other attributes.
    cases, people : numpy.ndarray of int
        Cases of the node and below it, and cases and controls together.
    expected : numpy.ndarray of float
        Cases without a cut.
    llr : numpy.ndarray of float
        Log-likelihood ratio, 0 without excess.
    relative_risk : numpy.ndarray of float
        Cases per expected case inside over the same outside.
    p_value : numpy.ndarray of float
        Of a largest ratio like this one anywhere in the tree.
    """

    nodes: Nodes
    cases: np.ndarray
    people: np.ndarray
    expected: np.ndarray
    llr: np.ndarray
    relative_risk: np.ndarray
    p_value: np.ndarray


def count_leaves(leaf: np.ndarray, stratum: np.ndarray, is_case: np.ndarray) -> LeafCounts:
    """
    Count people by leaf and stratum.

    Parameters
    ----------
    leaf, stratum : numpy.ndarray of int, shape (n,)
        Of each person, from 0.
    is_case : numpy.ndarray of bool, shape (n,)
        True for people reached.

    Returns
    -------
    LeafCounts
        Strata in an order that does not depend on how they are numbered (those of the same make-up apart).
    """
    stratum = np.unique(stratum, return_inverse=True)[1]
    shape = (leaf.max() + 1, stratum.max() + 1)
    people, cases = np.zeros(shape, int), np.zeros(shape, int)
    np.add.at(people, (leaf, stratum), 1)
    np.add.at(cases, (leaf[is_case], stratum[is_case]), 1)
    total = cases.sum(axis=0)
    order = sorted(
        range(shape[1]), key=lambda s: (people[:, s].sum(), total[s], tuple(np.sort(people[:, s])), tuple(people[:, s]))
    )
    return LeafCounts(cases[:, order], people[:, order])


def excess_ratio(cells: Sequence[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """
    Log-likelihood ratio of a node against no cut, one-sided for excess.

    Parameters
    ----------
    cells : sequence of (numpy.ndarray, numpy.ndarray)
        Count and expected count of each cell; cases inside the node come first. Bernoulli model: cases inside and outside,
        controls inside and outside. Poisson model: the first two.

    Returns
    -------
    numpy.ndarray
        Half the G-statistic of the cells; 0 where the cases inside are no more than expected.

    Notes
    -----
    Kulldorff, "A spatial scan statistic", Communications in Statistics 1997, section 3.
    """
    inside, mean = cells[0]
    return np.where(inside > mean + _TIE, np.maximum(sum(_deviance(*cell) for cell in cells), 0), 0.0)


def scan_nodes(tree: Tree, counts: LeafCounts, *, replicates: int, seed: int = 0, min_cases: int = 2) -> ScannedNodes:
    """
    Find each node's ratio, and hold it against the largest ratio of each draw.

    Parameters
    ----------
    tree : Tree
        Nodes and leaves.
    counts : LeafCounts
        Of the tree's leaves.
    replicates : int
        Random draws under the null hypothesis.
    seed : int
        Of the draws.
    min_cases : int
        A node with fewer cases is no candidate.

    Returns
    -------
    ScannedNodes
        Their counts, ratios and p-values.

    Raises
    ------
    ValueError
        When there is no replicate.

    Notes
    -----
    Kulldorff, Fang & Walsh, "A tree-based scan statistic for database disease surveillance", Biometrics 59:323-331, 2003, in
    the conditional Bernoulli model. Cases are redrawn within strata: counts by leaf (multivariate hypergeometric), in an
    order given by the tree's shape, so that neither the order of people nor their labels change a p-value.
    """
    if replicates < 1:
        raise ValueError(f"{replicates} replicates: at least 1 is needed, 9,999 for a p-value to report")
    nodes = tree.nodes()
    below = nodes.below
    mine = _NodeCounts(
        below @ counts.cases.sum(axis=1), below @ counts.people.sum(axis=1), below @ counts.expected,
        int(counts.cases.sum()), int(counts.people.sum()), min_cases,
    )  # fmt: skip
    order = tree.canonical_order(counts.people)
    drawn = LeafCounts(counts.cases[order], counts.people[order])
    # A node's count takes few values: its ratios are tabulated once, not worked out a hundred million times.
    candidates = np.flatnonzero((mine.people >= min_cases) & (mine.expected < mine.total - _TIE))
    inside = below[candidates][:, order]
    top = np.minimum(mine.people[candidates], mine.total) + 1
    start = np.cumsum(top) - top
    tabulated = top.sum() <= _CELLS_PER_BATCH
    if tabulated:
        table = mine.ratio(np.arange(top.sum()) - np.repeat(start, top), np.repeat(candidates, top))
    rng = np.random.default_rng(seed)
    largest = np.zeros(replicates)
    batch = max(1, _CELLS_PER_BATCH // max(len(mine.cases), len(order)))
    for first in range(0, replicates if len(candidates) else 0, batch):
        size = min(batch, replicates - first)
        reached = inside @ np.ascontiguousarray(_redraw(drawn, rng, size).T)
        ratios = table[start[:, None] + reached] if tabulated else mine.ratio(reached, candidates[:, None])
        largest[first : first + size] = ratios.max(axis=0)
    largest.sort()
    llr = mine.ratio(mine.cases, np.arange(len(mine.cases)))
    p_value = (1 + replicates - np.searchsorted(largest, llr - _TIE)) / (1 + replicates)
    return ScannedNodes(nodes, mine.cases, mine.people, mine.expected, llr, mine.relative_risk(), p_value)


@dataclass(frozen=True)
class _NodeCounts:
    cases: np.ndarray
    people: np.ndarray
    expected: np.ndarray
    total: int
    everyone: int
    min_cases: int

    def ratio(self, count: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Ratio of some nodes, had they so many cases."""
        people, expected, total, everyone = self.people[at], self.expected[at], self.total, self.everyone
        found = excess_ratio(
            [
                (count, expected),
                (total - count, total - expected),
                (people - count, people - expected),
                (everyone - people - total + count, everyone - people - total + expected),
            ]
        )
        return np.where(count >= self.min_cases, found, 0.0)

    def relative_risk(self) -> np.ndarray:
        """Cases per expected case inside over the same outside."""
        left = self.total - self.expected
        outside = (self.total - self.cases) / np.where(left > _TIE, left, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            return (self.cases / self.expected) / outside


def _deviance(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    return xlogy(count, np.divide(count, mean, out=np.ones(np.broadcast(count, mean).shape), where=mean > _TIE))


def _redraw(counts: LeafCounts, rng: np.random.Generator, size: int) -> np.ndarray:
    """Cases by leaf, redrawn within strata: shape (size, n_leaves)."""
    found = np.zeros((size, len(counts.people)), int)
    for people, cases in zip(counts.people.T, counts.cases.T, strict=True):
        some = np.flatnonzero(people)
        # "count" costs time by people, "marginals" by leaves times a far larger constant.
        method: Literal["count", "marginals"] = "count" if people.sum() < 20 * len(some) else "marginals"
        found[:, some] += rng.multivariate_hypergeometric(people[some], int(cases.sum()), size, method=method)
    return found
