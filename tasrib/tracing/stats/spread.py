"""Is an operator more frequent on this list than on other lists, given how much lists differ from each other anyway?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, expit, gammaln, logit, logsumexp
from scipy.stats import binom

# How much alike lists are, as the number of people that a Dirichlet distribution of their mixes is worth, and what is believed of it
# before any list is seen: a judgement, stated in every report. 2,000 is the spread of sampling alone; 40 is a standard deviation of 7
# points for an operator with 30%.
ALIKE = (10.0, 20.0, 40.0, 80.0, 160.0, 400.0, 2000.0)
BELIEF = (0.05, 0.22, 0.32, 0.22, 0.11, 0.06, 0.02)
# A campaign beside this one may be a leak itself: so often it counts as one that has any share.
_LEAKS = 0.1
_POINTS, _REACH = 49, 1.6
_NEGLIGIBLE = 1e-5
# From here on the Beta distribution of the share stands for the count.
_MANY = 2_000


@dataclass(frozen=True)
class Lists:
    """
    Lists of people, and how often each operator's numbers are on each.

    Attributes
    ----------
    observed : numpy.ndarray of int, shape (n_lists, n_operators)
        People by operator.
    offset : numpy.ndarray of float, shape (n_lists, n_operators)
        By how much the log-odds of the operator are higher where the list's people live than on the whole.
    may_leak : numpy.ndarray of bool, shape (n_lists,)
        Campaigns may be leaks; lists of shops and swindlers are taken as none.
    alone : numpy.ndarray of int, shape (n_operators,)
        People who are on no list with others.
    """

    observed: np.ndarray
    offset: np.ndarray
    may_leak: np.ndarray
    alone: np.ndarray

    @property
    def people(self) -> np.ndarray:
        """How many are on each list."""
        return self.observed.sum(1)


@dataclass(frozen=True)
class Asked:
    """
    A list that is compared with others.

    Attributes
    ----------
    observed : numpy.ndarray of int, shape (n_operators,)
        People by operator.
    offset : numpy.ndarray of float, shape (n_operators,)
        As in `Lists`.
    leave_out : sequence of int
        Places among the others that tell nothing of it: itself, and lists of the same sender.
    """

    observed: np.ndarray
    offset: np.ndarray
    leave_out: Sequence[int] = ()


@dataclass(frozen=True)
class BesideLists:
    """
    What `beside_lists` says of an operator on one list.

    Attributes
    ----------
    p_value : float
        Probability that another list of this size has at least as many of the operator: one-sided.
    spread : float
        Standard deviation of the operator's log-odds between lists, as now believed.
    """

    p_value: float
    spread: float


def beside_lists(lists: Lists, asked: Sequence[Asked]) -> list[tuple[BesideLists, ...]]:
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
    list of tuple of BesideLists
        One for each of `asked`, in it one an operator.

    Notes
    -----
    Each list has a share of its own, Beta(μ φ, (1 - μ) φ) with the log-odds of μ moved by its offset, so that its count is
    beta-binomial (Skellam, JRSS B 1948); μ and φ are known from the other lists and, where these are few, from ``BELIEF``. The p-value is
    the posterior predictive one (Box, JRSS A 1980; Gelman, Meng & Stern, Statistica Sinica 1996), by sums over a grid: what random-effects
    meta-analysis does with a normal distribution and the Hartung-Knapp t (DerSimonian & Laird 1986; Hartung & Knapp 2001), without an
    approximation for small counts. That campaigns beside this one may be leaks is a mixture with a uniform share (Box & Tiao 1968).

    How alike lists are is one thing for all operators (the Dirichlet distribution of a list's mix has one φ), so each operator's evidence
    of φ counts for all. They are the parts of one mix: of k operators k - 1 are free, and their composite likelihood is taken to
    the power (k - 1) / k (Varin, Reid & Firth, Statistica Sinica 2011).
    """
    grids = [
        _Grid.of(int(lists.observed[:, s].sum() + lists.alone[s]), int(lists.people.sum() + lists.alone.sum()))
        for s in range(len(lists.alone))
    ]
    known = [_log_chance(lists, s, grid) for s, grid in enumerate(grids)]
    whole = [grid.alone(lists.alone[s], lists.alone.sum()) + known[s].sum(0) for s, grid in enumerate(grids)]
    found = []
    for one in asked:
        left = list(one.leave_out)
        belief = [all_of_it - each[left].sum(0) for all_of_it, each in zip(whole, known, strict=True)]
        alike = _how_alike([grid.of_alike(each) for grid, each in zip(grids, belief, strict=True)])
        people = int(one.observed.sum())
        found.append(
            tuple(
                _judge(int(one.observed[s]), people, *grid.weighed(belief[s], alike, float(one.offset[s])))
                for s, grid in enumerate(grids)
            )
        )
    return found


def least_excess(people: int, controls: tuple[int, int], level: float, *, senders: int, n_operators: int) -> int:
    """
    Least count of an operator on a list that other lists would hardly make, where those that were seen do not differ.

    Parameters
    ----------
    people : int
        On the list.
    controls : (int, int)
        With the operator, and all.
    level : float
        Significance level.
    senders : int
        Of whose messages the controls complained, as often of each. The customers of one are one list: what the mix of all
        complainants is, they hardly say.
    n_operators : int
        How many there are; the others are taken to have equal shares.

    Returns
    -------
    int
        Above `people` where not even all of them are rare enough.
    """
    observed, total = controls
    grid = _Grid.of(observed, total)
    if senders <= 1:
        one = Lists(np.array([[observed, total - observed]]), np.zeros((1, 2)), np.zeros(1, bool), np.zeros(2, int))
        belief = grid.alone(0, 0) + _log_chance(one, 0, grid).sum(0)
        alike = _how_alike([np.zeros(len(ALIKE))])
    else:
        belief = grid.alone(observed, total)
        share = (observed + 0.5) / (total + 1)
        shares = [share, *[(1 - share) / max(n_operators - 1, 1)] * (n_operators - 1)]
        alike = _how_alike([_alike_evidence(max(total // senders, 1), senders, each) for each in shares])
    mu, phi, weight = grid.weighed(belief, alike, 0.0)
    low, high = int(people * float(weight @ mu)), people + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _judge(middle, people, mu, phi, weight).p_value <= level else (middle, high)
    return high


@dataclass(frozen=True)
class _Grid:
    """Points of μ (its log-odds) and φ, around the share of an operator."""

    log_odds: np.ndarray
    phi: np.ndarray

    @classmethod
    def of(cls, observed: int, people: int) -> _Grid:
        total = (observed + 0.5) / (people + 1)
        middle = np.linspace(logit(total) - _REACH, logit(total) + _REACH, _POINTS)
        return cls(*(part.ravel() for part in np.meshgrid(middle, np.array(ALIKE), indexing="ij")))

    def alone(self, observed: int, people: int) -> np.ndarray:
        """What is believed of μ but for lists."""
        # Log-odds of the mean, each way as likely before the data as a Beta(1/2, 1/2) share has it.
        sure, other = np.log(expit(self.log_odds)), np.log(expit(-self.log_odds))
        return (observed + 0.5) * sure + (people - observed + 0.5) * other

    def of_alike(self, belief: np.ndarray) -> np.ndarray:
        """Evidence of each φ, whatever μ is."""
        return np.asarray(logsumexp(belief.reshape(_POINTS, -1), axis=0))

    def weighed(
        self, belief: np.ndarray, alike: np.ndarray, offset: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """μ, φ and weight of the points that count: μ as believed at each φ, φ as all operators have it."""
        by_alike = belief.reshape(_POINTS, -1)
        weight = np.exp(by_alike - self.of_alike(belief) + alike).ravel()
        kept = weight > _NEGLIGIBLE * weight.max()
        return expit(self.log_odds[kept] + offset), self.phi[kept], weight[kept] / weight[kept].sum()


def _how_alike(evidence: Sequence[np.ndarray]) -> np.ndarray:
    """Logarithm of what is believed of φ, after the evidence of each operator."""
    k = len(evidence)
    belief = np.log(BELIEF) + (k - 1) / k * np.sum(evidence, axis=0)
    return np.asarray(belief - logsumexp(belief))


def _alike_evidence(people: int, n_lists: int, share: float) -> np.ndarray:
    """Evidence of each φ that so many lists give on average where they do not differ."""
    counts = np.arange(people + 1)
    mean = [binom.pmf(counts, people, share) @ _beta_binomial(counts, people, share, phi) for phi in ALIKE]
    return n_lists * np.array(mean)


def _log_chance(lists: Lists, s: int, grid: _Grid) -> np.ndarray:
    """Log-likelihood of each list at each point, of one operator: shape (n_lists, n_points)."""
    rows = np.column_stack([lists.observed[:, s], lists.people, lists.offset[:, s].round(2), lists.may_leak])
    if len(rows) == 0:
        return np.zeros((0, len(grid.phi)))
    kinds, of = np.unique(rows, axis=0, return_inverse=True)
    x, n, offset, may_leak = kinds.T[:, :, None]
    log_chance = _beta_binomial(x, n, expit(grid.log_odds + offset), grid.phi)
    leak = np.logaddexp(np.log1p(-_LEAKS) + log_chance, np.log(_LEAKS) + betaln(x + 1, n - x + 1))
    return np.where(may_leak > 0, leak, log_chance)[of.ravel()]


def _beta_binomial(
    x: int | np.ndarray, n: int | np.ndarray, mu: float | np.ndarray, phi: float | np.ndarray
) -> np.ndarray:
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
