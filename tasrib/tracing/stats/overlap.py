"""Do two sets of reports share more people than chance puts there? Sums of hypergeometric variables over groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse, special, stats

# Lower ends of the classes of how many things a person reported.
ACTIVITY_CLASSES = (1, 2, 3, 4, 5, 7, 10, 15)
# Multiplications (a group costs its overhead besides): of one convolution, of all; some seconds and some tens of seconds.
_PAIR_COST, _TOTAL_COST, _GROUP_COST = 1e9, 1e10, 1.5e4
_CELLS_AT_ONCE = 4_000_000
_NEGLIGIBLE = 230.0


class Urns(Protocol):
    """In each group, what the smaller campaign of a pair draws from."""

    n_groups: int

    def of(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """
        Give the urns of some pairs.

        Parameters
        ----------
        a, b : numpy.ndarray of int, shape (n_pairs,)
            Numbers of the campaigns.

        Returns
        -------
        good, draws, balls : numpy.ndarray of int, shape (n_groups, n_pairs)
            Balls that make an overlap when drawn, balls drawn, all balls.
        """
        ...


class ReportUrns:
    """
    Urns of reports: people who report as much are alike, and a report falls on any report of their group.

    Parameters
    ----------
    people : scipy.sparse.csr_array of int, shape (n_people, n_campaigns)
        1 where the person is in the campaign.
    activity : numpy.ndarray of int, shape (n_people,)
        Things that each person reported, campaigns included.
    strata : numpy.ndarray of int, shape (n_people,)
        Stratum of each person; people stay in theirs.

    Notes
    -----
    A person of the larger campaign with d reports holds d - 1 of those that are left, so that one who reported a single
    thing cannot be in both: drawing people instead of reports would expect d / (d - 1) times too many.
    """

    def __init__(self, people: sparse.csr_array, activity: np.ndarray, strata: np.ndarray) -> None:
        n = len(activity)
        classes = strata * (len(ACTIVITY_CLASSES) + 1) + np.searchsorted(ACTIVITY_CLASSES, activity, side="right")
        group = np.unique(classes, return_inverse=True)[1]
        self.n_groups = max(int(group.max(initial=-1)) + 1, 1)
        to_group = sparse.csr_array((np.ones(n, np.int64), (group, np.arange(n))), shape=(self.n_groups, n))
        self._members = (to_group @ people).toarray()
        self._reports = to_group @ activity
        self._held = (to_group @ people.multiply(activity[:, None]).tocsr()).toarray()

    def of(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """
        Give the urns of some pairs.

        Parameters
        ----------
        a, b : numpy.ndarray of int, shape (n_pairs,)
            Numbers of the campaigns.

        Returns
        -------
        good, draws, balls : numpy.ndarray of int, shape (n_groups, n_pairs)
            Other reports of the larger campaign's people, reports of the smaller campaign, all reports but the larger one's.
        """
        in_a, in_b = self._members[:, a], self._members[:, b]
        larger = np.maximum(in_a, in_b)
        good = np.where(in_a >= in_b, self._held[:, a], self._held[:, b]) - larger
        return good, np.minimum(in_a, in_b), self._reports[:, None] - larger


@dataclass(frozen=True)
class OverlapTest:
    """
    Result of `overlap_test`, pair by pair.

    Attributes
    ----------
    expected : numpy.ndarray of float, shape (n_pairs,)
        Mean overlap by chance.
    n_groups : numpy.ndarray of int, shape (n_pairs,)
        Groups that can add to it.
    p_value : numpy.ndarray of float, shape (n_pairs,)
        Probability of an overlap at least as large.
    exact : numpy.ndarray of bool, shape (n_pairs,)
        Whether that is the probability itself; else it is an upper bound.
    """

    expected: np.ndarray
    n_groups: np.ndarray
    p_value: np.ndarray
    exact: np.ndarray


def overlap_test(urns: Urns, a: np.ndarray, b: np.ndarray, overlap: np.ndarray) -> OverlapTest:
    """
    Test for each pair whether the overlap is larger than chance makes it.

    Parameters
    ----------
    urns : Urns
        What is drawn in each group.
    a, b : numpy.ndarray of int, shape (n_pairs,)
        Numbers of the campaigns.
    overlap : numpy.ndarray of int, shape (n_pairs,)
        People in both.

    Returns
    -------
    OverlapTest
        One-sided for excess.

    Notes
    -----
    Sums over groups are convolved exactly, the least p-values first. Where a convolution is long, and where too many of
    them are wanted, the tail is that of a binomial with the same mean: a hypergeometric variable is a sum of independent
    unequal coin tosses (Vatutin & Mikhailov, Theory of Probability and its Applications 1982), and among those equal tosses
    have the largest tail from one above the mean on (Hoeffding, Annals of Mathematical Statistics 1956).
    """
    mean, possible, p_value, cost = _bounds(urns, a, b, overlap)
    exact = possible <= 1
    several = np.flatnonzero(~exact & (cost <= _PAIR_COST))
    several = several[np.argsort(p_value[several], kind="stable")]
    for pair in several[np.cumsum(cost[several]) <= _TOTAL_COST]:
        good, draws, balls = (part[:, 0] for part in urns.of(a[[pair]], b[[pair]]))
        at = (good > 0) & (draws > 0)
        p_value[pair], exact[pair] = _convolved_tail(overlap[pair], good[at], draws[at], balls[at]), True
    return OverlapTest(mean, possible, np.clip(p_value, 0, 1), exact)


def _bounds(urns: Urns, a: np.ndarray, b: np.ndarray, overlap: np.ndarray) -> tuple[np.ndarray, ...]:
    """Mean overlap, groups that add to it, a bound of the tail (exact where one group does), and cost of the exact one."""
    mean, p_value, cost = np.zeros(len(a)), np.ones(len(a)), np.zeros(len(a))
    possible = np.zeros(len(a), int)
    size = max(1, _CELLS_AT_ONCE // urns.n_groups)
    for start in range(0, len(a), size):
        part = slice(start, start + size)
        good, draws, balls = urns.of(a[part], b[part])
        some = np.maximum(balls, 1).astype(float)
        means = good * (draws / some)
        variances = means * (1 - good / some) * (balls - draws) / np.maximum(some - 1, 1)
        mean[part], possible[part] = means.sum(axis=0), (means > 0).sum(axis=0)
        spans = np.minimum(good, draws)
        p_value[part] = _binomial_tail(overlap[part], mean[part], spans.sum(axis=0))
        spans = np.minimum(spans, 10 + 45 * np.sqrt(variances))
        cost[part] = (np.cumsum(spans, axis=0) * spans).sum(axis=0) + _GROUP_COST * possible[part]
        alone, where = np.flatnonzero(possible[part] == 1), means.argmax(axis=0)
        one = (where[alone], alone)
        p_value[start + alone] = stats.hypergeom.sf(overlap[part][alone] - 1, balls[one], good[one], draws[one])
    return mean, possible, p_value, cost


def _binomial_tail(overlap: np.ndarray, mean: np.ndarray, tosses: np.ndarray) -> np.ndarray:
    tosses = np.maximum(tosses, overlap)
    return stats.binom.sf(overlap - 1, tosses, np.minimum(mean / tosses, 1))


def _convolved_tail(overlap: int, good: np.ndarray, draws: np.ndarray, balls: np.ndarray) -> float:
    least, pmf = 0, np.ones(1)
    for g, d, n in zip(good.tolist(), draws.tolist(), balls.tolist(), strict=True):
        k = np.arange(max(0, g + d - n), min(g, d) + 1)
        # scipy.stats.hypergeom.pmf checks its arguments anew each time: ten times as slow, over millions of calls.
        log_pmf = -special.gammaln([k + 1, g - k + 1, d - k + 1, n - g - d + k + 1]).sum(axis=0)
        seen = np.flatnonzero(log_pmf > log_pmf.max() - _NEGLIGIBLE)
        pmf = np.convolve(pmf, special.softmax(log_pmf[seen[0] : seen[-1] + 1]))
        least += int(k[seen[0]])
    return float(pmf[max(0, overlap - least) :].sum())
