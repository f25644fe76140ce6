"""Is an operator more frequent on this list than on other lists, given how much lists differ from each other anyway?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, expit, gammaln, logit, logsumexp

# How much alike lists are, as the number of people that a Dirichlet distribution of their mixes is worth, and what is believed of it
# before any list is seen: a judgement, stated in every report. 2,000 is the spread of sampling alone; 40 is a standard deviation of 7
# points for an operator with 30%.
ALIKE = (10.0, 20.0, 40.0, 80.0, 160.0, 400.0, 2000.0)
BELIEF = (0.10, 0.28, 0.30, 0.18, 0.09, 0.04, 0.01)
# A campaign beside this one may be a leak itself: so often it counts as one that has any share.
_LEAKS = 0.1
_POINTS, _REACH = 49, 1.6
_NEGLIGIBLE = 1e-5
# From here on the Beta distribution of the share stands for the count.
_MANY = 2_000


@dataclass(frozen=True)
class Lists:
    """
    Lists of people, and how often an operator's numbers are on each.

    Attributes
    ----------
    observed, people : numpy.ndarray of int, shape (n_lists,)
        Of each list: people with the operator, and all.
    offset : numpy.ndarray of float, shape (n_lists,)
        By how much the log-odds of the operator are higher where the list's people live than on the whole.
    may_leak : numpy.ndarray of bool, shape (n_lists,)
        Campaigns may be leaks; lists of shops and swindlers are taken as none.
    alone : (int, int)
        People who are on no list with others: with the operator, and all.
    """

    observed: np.ndarray
    people: np.ndarray
    offset: np.ndarray
    may_leak: np.ndarray
    alone: tuple[int, int]


@dataclass(frozen=True)
class Asked:
    """
    A list that is compared with others.

    Attributes
    ----------
    observed, people, offset
        As in `Lists`.
    leave_out : sequence of int
        Places among the others that tell nothing of it: itself, and lists of the same sender.
    """

    observed: int
    people: int
    offset: float
    leave_out: Sequence[int] = ()


@dataclass(frozen=True)
class BesideLists:
    """
    What `beside_lists` says of one list.

    Attributes
    ----------
    p_value : float
        Probability that another list of this size has at least as many of the operator: one-sided.
    spread : float
        Standard deviation of the operator's log-odds between lists, as now believed.
    """

    p_value: float
    spread: float


def beside_lists(lists: Lists, asked: Sequence[Asked]) -> list[BesideLists]:
    """
    Compare some lists with others.

    Parameters
    ----------
    lists : Lists
        Lists of one time and channel.
    asked : sequence of Asked
        Which to compare.

    Returns
    -------
    list of BesideLists
        One for each of `asked`.

    Notes
    -----
    Each list has a share of its own, Beta(μ φ, (1 - μ) φ) with the log-odds of μ moved by its offset, so that its count is
    beta-binomial (Skellam, JRSS B 1948); μ and φ are known from the other lists and, where these are few, from ``BELIEF``. The p-value is
    the posterior predictive one (Box, JRSS A 1980; Gelman, Meng & Stern, Statistica Sinica 1996), by sums over a grid: what random-effects
    meta-analysis does with a normal distribution and the Hartung-Knapp t (DerSimonian & Laird 1986; Hartung & Knapp 2001), without an
    approximation for small counts. That campaigns beside this one may be leaks is a mixture with a uniform share (Box & Tiao 1968).
    """
    log_odds, phi, before = _belief(
        int(lists.observed.sum()) + lists.alone[0], int(lists.people.sum()) + lists.alone[1], lists.alone
    )
    known = _log_chance(lists, log_odds, phi)
    whole = before + known.sum(0)
    found = []
    for one in asked:
        belief = whole - known[list(one.leave_out)].sum(0)
        weight = np.exp(belief - logsumexp(belief))
        kept = weight > _NEGLIGIBLE * weight.max()
        mu = expit(log_odds[kept] + one.offset)
        found.append(_judge(one.observed, one.people, mu, phi[kept], weight[kept] / weight[kept].sum()))
    return found


def least_excess(people: int, alone: tuple[int, int], level: float) -> int:
    """
    Least count of an operator on a list that other lists would hardly make, where none has been seen.

    Parameters
    ----------
    people : int
        On the list.
    alone : (int, int)
        Controls: with the operator, and all.
    level : float
        Significance level.

    Returns
    -------
    int
        Above `people` where not even all of them are rare enough.
    """
    log_odds, phi, belief = _belief(*alone, alone)
    weight = np.exp(belief - logsumexp(belief))
    kept = weight > _NEGLIGIBLE * weight.max()
    mu, phi, weight = expit(log_odds[kept]), phi[kept], weight[kept] / weight[kept].sum()
    low, high = int(people * float(weight @ mu)), people + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _judge(middle, people, mu, phi, weight).p_value <= level else (middle, high)
    return high


def _belief(observed: int, people: int, alone: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of μ (its log-odds) and φ around a share, and the logarithm of what is believed of them but for other lists."""
    total = (observed + 0.5) / (people + 1)
    middle = np.linspace(logit(total) - _REACH, logit(total) + _REACH, _POINTS)
    log_odds, phi = (part.ravel() for part in np.meshgrid(middle, np.array(ALIKE), indexing="ij"))
    prior = np.tile(np.log(np.array(BELIEF) / np.sum(BELIEF)), _POINTS)
    # Log-odds of the mean, each way as likely before the data as a Beta(1/2, 1/2) share has it.
    prior = prior + 0.5 * (np.log(expit(log_odds)) + np.log(expit(-log_odds)))
    counts = alone[0] * np.log(expit(log_odds)) + (alone[1] - alone[0]) * np.log(expit(-log_odds))
    return log_odds, phi, prior + counts


def _log_chance(lists: Lists, log_odds: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """Log-likelihood of each list at each point: shape (n_lists, n_points)."""
    rows = np.column_stack([lists.observed, lists.people, lists.offset.round(2), lists.may_leak])
    if len(rows) == 0:
        return np.zeros((0, len(log_odds)))
    kinds, of = np.unique(rows, axis=0, return_inverse=True)
    x, n, offset, may_leak = kinds.T[:, :, None]
    mu = expit(log_odds + offset)
    log_chance = _beta_binomial(x, n, mu, phi)
    leak = np.logaddexp(np.log1p(-_LEAKS) + log_chance, np.log(_LEAKS) + betaln(x + 1, n - x + 1))
    return np.where(may_leak > 0, leak, log_chance)[of.ravel()]


def _beta_binomial(x: int | np.ndarray, n: int | np.ndarray, mu: np.ndarray, phi: np.ndarray) -> np.ndarray:
    """Logarithm of the chance of one order of a count."""
    a, b = mu * phi, (1 - mu) * phi
    return betaln(x + a, n - x + b) - betaln(a, b)


def _judge(x: int, n: int, mu: np.ndarray, phi: np.ndarray, weight: np.ndarray) -> BesideLists:
    spread = float(weight @ np.sqrt(1 / ((phi + 1) * mu * (1 - mu))))
    if x <= n * float(weight @ mu):
        # Nothing to find: half the lists have more.
        return BesideLists(1.0, spread)
    if n > _MANY:
        p = float(weight @ (1 - betainc(mu * phi, (1 - mu) * phi, (x - 0.5) / n)))
    else:
        counts = np.arange(x, n + 1)[:, None]
        ways = gammaln(n + 1) - gammaln(counts + 1) - gammaln(n - counts + 1)
        p = float((np.exp(ways + _beta_binomial(counts, n, mu, phi)) @ weight).sum())
    return BesideLists(min(1.0, p), spread)
