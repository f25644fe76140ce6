"""A tree of labelled paths as arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array


@dataclass(frozen=True)
class Nodes:
    """
    Nodes of a `Tree`.

    Attributes
    ----------
    depth : numpy.ndarray of int, shape (n_nodes,)
        Level of each node, 0 for the root.
    places : list of tuple of str
        Labels of each node from the root down, its own last.
    below : scipy.sparse.csr_array of int, shape (n_nodes, n_leaves)
        1 where the leaf is the node or below it.
    """

    depth: np.ndarray
    places: list[tuple[str, ...]]
    below: csr_array


def is_placed(labels: np.ndarray) -> np.ndarray:
    """
    Tell which paths have a known place: a root, a second level and no gap.

    Parameters
    ----------
    labels : numpy.ndarray of str, shape (n, n_levels)
        Labels from the root down; "" where a path has ended.

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

    def nodes(self) -> Nodes:
        """
        List the nodes that are not their parent over again, and which leaves are below them.

        Returns
        -------
        Nodes
            Level by level from the root.
        """
        rows, columns, depths, places = [], [], [], []
        above: list[tuple[str, ...]] = [()]
        leaves_above, n_nodes = np.array([-1]), 0
        for d in range(self.depth):
            at = self.ancestors[:, d]
            inside = np.flatnonzero(at >= 0)
            n_leaves = np.bincount(at[inside], minlength=len(self.names[d]))
            here = [(*above[up], name) for up, name in zip(self.parents[d], self.names[d].tolist(), strict=True)]
            kept = n_leaves != leaves_above[self.parents[d]]
            number = np.where(kept, n_nodes + np.cumsum(kept) - 1, -1)
            depths.append(np.full(int(kept.sum()), d))
            places += [place for place, keep in zip(here, kept, strict=True) if keep]
            inside = inside[kept[at[inside]]]
            rows.append(number[at[inside]])
            columns.append(inside)
            above, leaves_above, n_nodes = here, n_leaves, n_nodes + int(kept.sum())
        row, column = np.concatenate(rows), np.concatenate(columns)
        below = csr_array((np.ones(len(row), int), (row, column)), shape=(n_nodes, len(self.leaf_depth)))
        return Nodes(np.concatenate(depths), places, below)
