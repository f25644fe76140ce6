"""Signs that numbers were made up, from how they lie in the numbering plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats
from scipy.special import gammaln

BLOCK = 10_000
# A range with fewer gaps says nothing of how even they are.
_FEWEST_GAPS = 2
# One step, a few steps, and a dialled range of which few complain.
WINDOWS = (1, 10, 100)
_MOST_SIMULATED_GAPS = 20_000
_MOST_CELLS = 4_000_000


@dataclass(frozen=True)
class SubTest:
    """
    One sign of numbers that were made up.

    Attributes
    ----------
    statistic : float
        What was observed; its meaning is in the function that gives it.
    expected : float
        The same on average, were the numbers a list of people.
    p_value : float
        One-sided, before adjustment for the other signs; NaN where there was nothing to test.
    p_adjusted : float
        After adjustment (Holm) for the other signs; NaN until several signs are put together.
    """

    statistic: float
    expected: float
    p_value: float
    p_adjusted: float = float("nan")


NOT_TESTED = SubTest(float("nan"), float("nan"), float("nan"))


def close_gaps(numbers: np.ndarray, unit: int = BLOCK, windows: Sequence[int] = WINDOWS) -> SubTest:
    """
    Count neighbours that are consecutive or nearly so.

    Parameters
    ----------
    numbers : numpy.ndarray of int, shape (n,)
        Distinct.
    unit : int
        Size of the blocks; neighbours in different blocks do not count.
    windows : sequence of int
        Largest differences that count as close; the most telling is reported, and paid for (Bonferroni).

    Returns
    -------
    SubTest
        ``statistic``: pairs of neighbours at most that far apart; ``expected``: of numbers drawn uniformly within each
        block, given how many each has. Never untested.

    Notes
    -----
    Of n distinct numbers among m, two neighbours differ by more than k with probability C(m - k, n) / C(m, n): take k
    numbers out of the gap. Such events are negatively associated (Joag-Dev & Proschan, 1983), so their count spreads less
    than if they were independent, and the Poisson tail above the mean bounds that of independent events (Anderson &
    Samuels, "Some inequalities among binomial and Poisson probabilities", 1967): the p-value errs to the large side.
    """
    numbers = np.sort(numbers)
    gaps = np.diff(numbers)[np.diff(numbers // unit) == 0]
    _, size = np.unique(numbers // unit, return_counts=True)
    found = []
    for k in windows:
        close, mean = int((gaps <= k).sum()), float(expected_close(size, k, unit).sum())
        found.append(SubTest(close, mean, float(stats.poisson.sf(close - 1, mean)) if close else 1.0))
    best = min(found, key=lambda test: test.p_value)
    return replace(best, p_value=min(1.0, len(windows) * best.p_value))


def even_spacing(numbers: np.ndarray, units: Sequence[int], *, replicates: int = 1_999, seed: int = 0) -> SubTest:
    """
    Test whether gaps between neighbours are too equal, as when every hundredth number was dialled.

    Parameters
    ----------
    numbers : numpy.ndarray of int, shape (n,)
        Distinct.
    units : sequence of int
        Sizes of the ranges within which gaps are compared; the most telling is reported, and paid for (Bonferroni).
    replicates, seed : int
        Random draws, and their seed.

    Returns
    -------
    SubTest
        ``statistic``: mean over gaps of Greenwood's statistic over its expectation: 1 by chance, larger where numbers
        cluster, down to one half where all gaps are equal. Not tested where no range has enough gaps.

    Notes
    -----
    Greenwood, "The statistical study of infectious diseases", JRSS 109, 1946: the sum of squared gaps, as parts of their
    range; moments by Moran, "The random division of an interval", JRSS B 9, 1947. Given the outermost numbers the inner
    gaps of a uniform draw are exponential variables over their sum. Numbers are whole and distinct, so a gap counts from
    the next free number; that, and customers being spread unevenly, only make the statistic larger and the test careful.
    """
    numbers = np.sort(numbers)
    found = []
    for unit in units:
        spaces = np.diff(numbers) - 1.0
        group = numbers[1:] // unit
        inside = np.diff(numbers // unit) == 0
        _, row, size = np.unique(group[inside], return_inverse=True, return_counts=True)
        enough = (size >= _FEWEST_GAPS) & (np.bincount(row, spaces[inside], len(size)) > 0)
        if enough.any():
            found.append(_greenwood(spaces[inside][enough[row]], row[enough[row]], replicates, seed))
    if not found:
        return NOT_TESTED
    best = min(found, key=lambda test: test.p_value)
    return replace(best, p_value=min(1.0, len(found) * best.p_value))


def block_concentration(
    numbers: np.ndarray,
    controls: np.ndarray,
    prefix_size: int,
    *,
    replicates: int = 1_999,
    seed: int = 0,
) -> SubTest:
    """
    Test whether people reached crowd into fewer blocks than controls with the same prefix.

    Parameters
    ----------
    numbers, controls : numpy.ndarray of int, shapes (n,), (m,)
        Distinct, none in both.
    prefix_size : int
        Numbers that share a prefix.
    replicates, seed : int
        Random draws, and their seed.

    Returns
    -------
    SubTest
        ``statistic``: pairs of people reached in the same block, over prefixes where it can vary; ``expected`` on average
        when who was reached is exchanged with controls within the prefix. Not tested where no prefix has two people
        reached and a control.

    Notes
    -----
    Permutation test within strata (Fisher 1935), drawn as multivariate hypergeometric counts. Within prefixes, because a
    list of one operator's customers also crowds into that operator's prefixes.
    """
    if not len(controls):
        return NOT_TESTED
    rng = np.random.default_rng(seed)
    per_prefix = prefix_size // BLOCK
    at, row, people = np.unique(np.concatenate([numbers, controls]) // BLOCK, return_inverse=True, return_counts=True)
    cases = np.bincount(row[: len(numbers)], minlength=len(at))
    observed, drawn, tested = 0.0, np.zeros(replicates), False
    for prefix in np.unique(at // per_prefix):
        here = at // per_prefix == prefix
        n = int(cases[here].sum())
        if n < 2 or here.sum() < 2 or n == people[here].sum():
            continue
        tested = True
        observed += float(_pairs(cases[here]))
        drawn += _pairs(rng.multivariate_hypergeometric(people[here], n, replicates))
    if not tested:
        return NOT_TESTED
    return SubTest(observed, float(drawn.mean()), float((1 + (drawn >= observed).sum()) / (1 + replicates)))


def expected_close(size: np.ndarray, k: int, unit: int) -> np.ndarray:
    """
    Neighbours that chance alone puts at most `k` apart.

    Parameters
    ----------
    size : numpy.ndarray of int, shape (n_blocks,)
        Numbers drawn from each block.
    k : int
        Largest difference that counts as close.
    unit : int
        Size of a block.

    Returns
    -------
    numpy.ndarray of float, shape (n_blocks,)
        Expected pairs of neighbours in each block; see `close_gaps`.
    """
    room = np.maximum(unit - k - size, 0)
    apart = gammaln(unit - k + 1.0) - gammaln(room + 1.0) - gammaln(unit + 1.0) + gammaln(unit - size + 1.0)
    return (size - 1) * np.where(unit - k < size, 1.0, -np.expm1(np.minimum(apart, 0)))


def _pairs(counts: np.ndarray) -> np.ndarray:
    return (counts * (counts - 1) / 2).sum(axis=-1)


def _greenwood(spaces: np.ndarray, group: np.ndarray, replicates: int, seed: int) -> SubTest:
    start = np.flatnonzero(np.append(True, np.diff(group) != 0))
    m = np.diff(np.append(start, len(group)))

    def ratio(gaps: np.ndarray) -> np.ndarray:
        total, squares = np.add.reduceat(gaps, start, axis=-1), np.add.reduceat(gaps**2, start, axis=-1)
        return (squares / total**2 * m * (m + 1) / 2).sum(axis=-1) / m.sum()

    observed = float(ratio(spaces))
    if len(spaces) > _MOST_SIMULATED_GAPS:
        # The lower tail of a sum skewed to the right is lighter than the normal one: again on the careful side.
        variance = (m**2 * (m - 1) / ((m + 2) * (m + 3))).sum() / m.sum() ** 2
        return SubTest(observed, 1.0, float(stats.norm.cdf((observed - 1) / np.sqrt(variance))))
    rng = np.random.default_rng(seed)
    batch = max(1, _MOST_CELLS // len(spaces))
    lower = 0
    for first in range(0, replicates, batch):
        gaps = rng.standard_exponential((min(batch, replicates - first), len(spaces)))
        lower += int((ratio(gaps) <= observed).sum())
    return SubTest(observed, 1.0, (1 + lower) / (1 + replicates))
