"""Which test numbers to give to whom, so that hits on them tell one source from another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.random import Generator
from scipy import stats
from scipy.special import betaln, gammaln, logsumexp

from tasrib.tracing.stats.canary import HitChances, source_posteriors

# All outcomes of a leak are gone through up to so many; of more, so many are drawn.
MOST_OUTCOMES = 10_000
DRAWS = 10_000


@lru_cache(maxsize=200_000)
def resemblance(one: int, other: int, shared: int) -> float:
    """
    Say how much the hits that one source's leak makes resemble those of another's.

    Parameters
    ----------
    one, other : int
        Numbers that each source holds.
    shared : int
        Those that both hold.

    Returns
    -------
    float
        Bhattacharyya coefficient, from 0 (never alike) to 1 (always).

    Notes
    -----
    Any share of a leaked file may be used, all alike, so hits on given x of n numbers have the probability B(1 + x, 1 + n - x), and only hits
    on shared numbers can come from either. Sums of the coefficient over pairs bound the chance of naming the wrong source (Kailath, "The
    divergence and Bhattacharyya distance measures in signal selection", IEEE Trans. Communication Technology 15:52, 1967).
    """
    x = np.arange(shared + 1)
    ways = gammaln(shared + 1) - gammaln(x + 1) - gammaln(shared - x + 1)
    return float(np.exp(logsumexp(ways + (betaln(1 + x, 1 + one - x) + betaln(1 + x, 1 + other - x)) / 2)))


def ambiguity(table: np.ndarray, supply: np.ndarray, weights: np.ndarray) -> float:
    """
    Say how hard it is to tell by hits who leaked.

    Parameters
    ----------
    table : numpy.ndarray of int, shape (n_holders, n_operators)
        Numbers of each operator that were given to each holder.
    supply : numpy.ndarray of int, shape (n_operators,)
        All numbers of each operator.
    weights : numpy.ndarray of float, shape (n_holders,)
        How much it matters to tell each holder; an operator, and no leak at all, have 1.

    Returns
    -------
    float
        Resemblance, summed over all pairs of a holder with another holder, with an operator, and with no leak.
    """
    root = np.sqrt(weights)
    alone = root / np.sqrt(table.sum(axis=1) + 1)
    holders = (alone.sum() ** 2 - (alone**2).sum()) / 2
    return float(alone.sum() + holders + root @ _beside_operators(table, supply))


def _beside_operators(table: np.ndarray, supply: np.ndarray) -> np.ndarray:
    """Of each holder how much it resembles the operators together."""
    sizes = supply.tolist()
    return np.array(
        [
            sum(resemblance(sum(row), size, shared) for size, shared in zip(sizes, row, strict=True))
            for row in table.tolist()
        ]
    )


def allocate(
    supply: np.ndarray, given: np.ndarray, silent: np.ndarray, weights: np.ndarray, *, at_least_one: bool = True
) -> np.ndarray:
    """
    Say how many numbers of each operator to give to each holder.

    Parameters
    ----------
    supply : numpy.ndarray of int, shape (n_operators,)
        All numbers of each operator.
    given : numpy.ndarray of int, shape (n_holders, n_operators)
        What each holder has already.
    silent : numpy.ndarray of int, shape (n_operators,)
        How many numbers of each operator to give to nobody, at least.
    weights : numpy.ndarray of float, shape (n_holders,)
        As for `ambiguity`.
    at_least_one : bool
        Whether a holder without a number comes first, whatever `ambiguity` says.

    Returns
    -------
    numpy.ndarray of int, shape (n_holders, n_operators)
        With what was given before. Numbers whose giving would make sources harder to tell stay.

    Notes
    -----
    The greedy e-optimal of Papadimitriou & Garcia-Molina ("Data Leakage Detection", IEEE TKDE 23:51, 2011, section 6.1): one number after
    another goes where it lowers the objective most. Their objective, the sum over sources of overlaps by size, cannot choose here: each
    number is held by its one operator, so a holder's overlaps always sum to its size. `ambiguity` asks what two sources do *not* share. One
    number more can be worse and two better, so the best table on the way is taken.
    """
    table, left = given.copy(), supply - silent - given.sum(axis=0)
    best, least = table.copy(), np.inf
    while True:
        without = table.sum(axis=1) == 0
        value = ambiguity(table, supply, weights)
        if value < least or (at_least_one and without.any()):
            best, least = table.copy(), value
        if not (left > 0).any():
            return best
        holder, operator = _best_step(table, supply, weights, left, without if at_least_one else without & False)
        table[holder, operator] += 1
        left[operator] -= 1


def _best_step(
    table: np.ndarray, supply: np.ndarray, weights: np.ndarray, left: np.ndarray, first: np.ndarray
) -> tuple[int, int]:
    """Holder and operator whose next number lowers the ambiguity most; of equal ones the first."""
    root, sizes = np.sqrt(weights), table.sum(axis=1)
    alone = root / np.sqrt(sizes + 1)
    more = root / np.sqrt(sizes + 2)
    # What no longer resembles no leak, and the other holders.
    gained = (alone - more) * (1 + alone.sum() - alone)
    change = np.full(table.shape, np.inf)
    for operator in np.flatnonzero(left > 0):
        after = table.copy()
        after[:, operator] += 1
        change[:, operator] = root * (_beside_operators(after, supply) - _beside_operators(table, supply)) - gained
    if first.any():
        change[~first] = np.inf
    # Rounded, lest equal steps be told apart by the last bit.
    holder, operator = np.unravel_index(np.argmin(change.round(12)), change.shape)
    return int(holder), int(operator)


def overlaps(table: np.ndarray, supply: np.ndarray) -> tuple[float, float]:
    """
    Objectives of Papadimitriou & Garcia-Molina, for comparison.

    Parameters
    ----------
    table, supply
        As for `ambiguity`.

    Returns
    -------
    total : float
        Sum over all sources of what each shares with the others, by its own size.
    largest : float
        The largest share of a source's numbers that another holds too.
    """
    holders = np.divide(table, table.sum(axis=1, keepdims=True), out=np.zeros(table.shape), where=table > 0)
    operators = np.divide(table, supply, out=np.zeros(table.shape), where=table > 0)
    return float(holders.sum() + operators.sum()), float(max(holders.max(initial=0), operators.max(initial=0)))


@dataclass(frozen=True)
class Weighing:
    """
    How a leak shows, and how what shows is weighed.

    Attributes
    ----------
    hit : float
        Chance, 0 to 1, that a number of the leaking source is hit and noticed.
    chances : HitChances
        What hits are weighed by.
    prior_none : float
        As for `source_posteriors`.
    clear : float
        Probability above which a source is told clearly.
    least_hits : int
        Hits on its numbers without which it is not.
    """

    hit: float
    chances: HitChances
    prior_none: float
    clear: float
    least_hits: int = 2


@dataclass(frozen=True)
class Telling:
    """
    What hits would tell if one source leaked.

    Attributes
    ----------
    hit : float
        Chance that at least one of its numbers is hit.
    first : float
        Chance that it then has the highest probability of all; where several have it, in equal parts.
    clear : float
        Chance that it is told clearly, as `Weighing` has it.
    wrong : float
        Chance that another source is, which did not leak.
    error : float
        Standard error of these three, at most; 0 where all outcomes were gone through.
    """

    hit: float
    first: float
    clear: float
    wrong: float
    error: float


def tell(
    table: np.ndarray, supply: np.ndarray, weighing: Weighing, rng: Generator, *, sources: Sequence[int] | None = None
) -> list[Telling]:
    """
    Let each source leak, and say how often hits name it.

    Parameters
    ----------
    table, supply
        As for `ambiguity`.
    weighing : Weighing
        How a leak shows, and how that is weighed.
    rng : numpy.random.Generator
        For outcomes that are too many to go through.
    sources : sequence of int, optional
        Which to let leak, holders counted first; all by default.

    Returns
    -------
    list of Telling
        Of the holders, then of the operators.
    """
    n_holders, n_operators = table.shape
    sizes, tried = [*table.sum(axis=1).tolist(), *supply.tolist()], int(supply.sum())
    told = []
    for source in range(len(sizes)) if sources is None else sources:
        size, is_holder = sizes[source], source < n_holders
        # Those that hold some of its numbers too; numbers that nobody was given come last.
        rivals = np.arange(n_holders, n_holders + n_operators) if is_holder else np.arange(n_holders)
        cells = table[source] if is_holder else table[:, source - n_holders]
        outcomes, weights, is_exact = _outcomes([*cells.tolist(), size - int(cells.sum())], weighing.hit, rng)
        hits = np.zeros((len(sizes), len(weights)), int)
        hits[rivals] = outcomes[:-1]
        hits[source] = outcomes.sum(axis=0)
        odds = source_posteriors(hits, sizes, hits[source], tried, weighing.chances, weighing.prior_none)
        best = odds >= odds.max(axis=0) * (1 - 1e-9)
        seen, several = hits[source] > 0, hits >= weighing.least_hits
        first = min(float(weights @ (seen * best[source] / best.sum(axis=0))), 1.0)
        clear = (odds[:-1] > weighing.clear) & several
        right, wrong = (min(float(weights @ some), 1.0) for some in (clear[source], clear.any(axis=0) & ~clear[source]))
        error = 0.0 if is_exact else max(np.sqrt(p * (1 - p) / len(weights)) for p in (first, right, wrong))
        told.append(Telling(float(1 - (1 - weighing.hit) ** size), first, right, wrong, float(error)))
    return told


def _outcomes(parts: Sequence[int], chance: float, rng: Generator) -> tuple[np.ndarray, np.ndarray, bool]:
    """Hits in each part, the probability of each outcome, and whether these are all."""
    shape = [n + 1 for n in parts]
    if np.prod(shape, dtype=float) > MOST_OUTCOMES:
        drawn = np.stack([rng.binomial(n, chance, DRAWS) for n in parts])
        return drawn, np.full(DRAWS, 1 / DRAWS), False
    every = np.indices(shape).reshape(len(parts), -1)
    probability = np.prod(
        [stats.binom.pmf(hits, n, chance) for hits, n in zip(every, parts, strict=True)], axis=0, dtype=float
    )
    return every, probability, True


def one_hit(table: np.ndarray, supply: np.ndarray, weighing: Weighing) -> np.ndarray:
    """
    Say what a single hit would tell, by whose number it is.

    Parameters
    ----------
    table, supply, weighing
        As for `tell`.

    Returns
    -------
    numpy.ndarray of float, shape (n_holders + 1, n_operators, n_holders + n_operators + 1)
        Of a number given to each holder, last to nobody, of each operator: the probability of each holder, each operator, and neither.
    """
    n_holders, n_operators = table.shape
    sizes = [*table.sum(axis=1).tolist(), *supply.tolist()]
    holder, operator = (index.reshape(-1) for index in np.indices((n_holders + 1, n_operators)))
    hits = np.zeros((len(sizes) + 1, len(holder)), int)
    every = np.arange(len(holder))
    hits[n_holders + operator, every] = 1
    hits[np.where(holder < n_holders, holder, len(sizes)), every] = 1
    # A number that is not there is hit by nobody.
    hits[:-1] = np.minimum(hits[:-1], np.array(sizes)[:, None])
    total = np.ones(len(holder), int)
    odds = source_posteriors(hits[:-1], sizes, total, int(supply.sum()), weighing.chances, weighing.prior_none)
    return odds.T.reshape(n_holders + 1, n_operators, len(sizes) + 1)
