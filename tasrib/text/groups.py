"""Groups that are joined by links."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components


class Groups:
    """
    Things of which links make groups, in 4 bytes each.

    Parameters
    ----------
    n : int
        How many things.
    """

    def __init__(self, n: int) -> None:
        # Another of its group, that before it; the first of a group has itself.
        self._before = np.arange(n, dtype=np.int32)

    def of(self, things: np.ndarray) -> np.ndarray:
        """
        Tell the groups of things.

        Parameters
        ----------
        things : numpy.ndarray of int
            Some of them.

        Returns
        -------
        numpy.ndarray of int32
            The first of the group of each.
        """
        found = self._before[things]
        while True:
            further = self._before[found]
            if np.array_equal(further, found):
                return found
            found = further

    def join(self, left: np.ndarray, right: np.ndarray) -> None:
        """
        Link things.

        Parameters
        ----------
        left, right : numpy.ndarray of int, shape (n_links,)
            Each link's two ends.
        """
        if not len(left):
            return
        ends = np.concatenate([self.of(left), self.of(right)])
        firsts, place = np.unique(ends, return_inverse=True)
        n, ones = len(firsts), np.ones(len(left), np.int8)
        links = sparse.coo_matrix((ones, (place[: len(left)], place[len(left) :])), shape=(n, n))
        _, number = connected_components(links, directed=False)
        _, first = np.unique(number, return_index=True)
        self._before[firsts] = firsts[first[number]]

    def settle(self) -> np.ndarray:
        """
        Tell the groups of all things.

        Returns
        -------
        numpy.ndarray of int32, shape (n,)
            The first of the group of each; not to be changed.
        """
        while True:
            further = self._before[self._before]
            if np.array_equal(further, self._before):
                return self._before
            self._before = further
