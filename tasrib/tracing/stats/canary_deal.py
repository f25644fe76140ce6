"""Which of the numbers go to whom, once it is known how many do: apart from each other, lest one dialled range hit them together."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

FREE = -1


def ranges_of(values: np.ndarray, apart: int) -> np.ndarray:
    """
    Tell numbers that may lie in one dialled range from others.

    Parameters
    ----------
    values : numpy.ndarray of int, shape (n,)
        Numbers in ascending order.
    apart : int
        Numbers closer together than this may lie in one range.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The range of each number, counted from 0.
    """
    return np.concatenate([[0], np.cumsum(np.diff(values) >= apart)])[: len(values)]


def deal(ranges: np.ndarray, operator: np.ndarray, holder: np.ndarray, left: np.ndarray, rng: Generator) -> np.ndarray:
    """
    Deal numbers to holders.

    Parameters
    ----------
    ranges : numpy.ndarray of int, shape (n,)
        Range of each number, in ascending order of the numbers: see `ranges_of`.
    operator : numpy.ndarray of int, shape (n,)
        Of each number.
    holder : numpy.ndarray of int, shape (n,)
        Of each number; `FREE` for those to be dealt.
    left : numpy.ndarray of int, shape (n_holders, n_operators)
        How many numbers each holder gets; as many of each operator as are free. Being given to nobody is a holder too.
    rng : numpy.random.Generator
        Decides between equals.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The holder of each number. In each range as few numbers of a holder as can be, since the crowded ranges choose first, and where
        others can lie between them no two side by side.
    """
    dealt, left = holder.copy(), left.copy()
    crowded = np.argsort(-np.bincount(ranges), kind="stable")
    for each in crowded:
        places = np.flatnonzero(ranges == each)
        _arrange(places, operator, dealt, _choose(places, operator, dealt, left, rng), rng)
    return dealt


def _choose(places: np.ndarray, operator: np.ndarray, dealt: np.ndarray, left: np.ndarray, rng: Generator) -> np.ndarray:  # fmt: skip
    """How many numbers of each operator each holder gets in a range: those who have fewest there, and of them those with most to get."""
    here = np.bincount(dealt[places][dealt[places] != FREE], minlength=len(left))
    chosen = np.zeros_like(left)
    for place in rng.permutation(places[dealt[places] == FREE]):
        of = operator[place]
        order = np.lexsort((rng.random(len(left)), -left[:, of], here, left[:, of] == 0))
        chosen[order[0], of] += 1
        left[order[0], of] -= 1
        here[order[0]] += 1
    return chosen


def _arrange(places: np.ndarray, operator: np.ndarray, dealt: np.ndarray, chosen: np.ndarray, rng: Generator) -> None:  # fmt: skip
    """Put the chosen holders on the places of a range, the one with most left first, but none beside itself."""
    for at, place in enumerate(places):
        if dealt[place] != FREE:
            continue
        before = dealt[places[at - 1]] if at else FREE
        behind = dealt[places[at + 1]] if at + 1 < len(places) else FREE
        mine = chosen[:, operator[place]]
        beside = np.isin(np.arange(len(mine)), [before, behind])
        order = np.lexsort((rng.random(len(mine)), -mine, beside, mine == 0))
        dealt[place] = order[0]
        mine[order[0]] -= 1


def side_by_side(ranges: np.ndarray, holder: np.ndarray, nobody: int) -> tuple[np.ndarray, np.ndarray]:
    """
    Find numbers of one holder that a dialled range would hit together.

    Parameters
    ----------
    ranges, holder
        As for `deal`.
    nobody : int
        The holder that is none, for whom it does not matter.

    Returns
    -------
    neighbours : numpy.ndarray of int
        The holder of each pair that follow on each other in one range.
    together : numpy.ndarray of int
        The holder of each range that holds several of its numbers.
    """
    next_to = (ranges[1:] == ranges[:-1]) & (holder[1:] == holder[:-1]) & (holder[1:] != nobody)
    pairs, counts = np.unique(np.stack([ranges, holder]), axis=1, return_counts=True)
    return holder[1:][next_to], pairs[1][(counts > 1) & (pairs[1] != nobody)]
