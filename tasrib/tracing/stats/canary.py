"""Hits on numbers that one holder only was given: by the holder's file, or by chance?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import betaln, gammaln, logsumexp

from tasrib.tracing.stats.exact import clopper_pearson

# Assumed unless the caller knows better. At most so many numbers were dialled, of so many that are worth dialling: in
# Morocco half of what 06 and 07 with eight digits could hold, since the other prefixes are allocated to nobody.
MOST_DIALLED = 1e6
NUMBER_SPACE = 1e8
# A leaked canary is hit with any chance alike: nothing is known of the share of the file that was used.
COVERAGE = (1.0, 1.0)
# One campaign in a hundred dials without limit or has a source that holds everyone: then any share of all canaries is
# hit, and only canaries of others can tell.
EVERYWHERE = 0.01
# Numbers closer together than this may lie in one dialled range.
ONE_RANGE = 10_000


@dataclass(frozen=True)
class HitChances:
    """
    How likely numbers are hit.

    Attributes
    ----------
    dialled : float
        Chance, over 0 to 1, that random dialling hits a number: the mean of a Beta(1, b) distribution.
    everywhere : float
        Prior probability, 0 to under 1, that `dialled` is no bound; then any chance is alike.
    coverage : (float, float)
        Beta distribution of the chance that a canary is hit when its holder's file is in the list.
    """

    dialled: float
    everywhere: float
    coverage: tuple[float, float]


@dataclass(frozen=True)
class WeighedHits:
    """
    Result of `weigh_hits`.

    Attributes
    ----------
    log10_lr : float
        Likelihood ratio: positive for the holder's file, negative against.
    p_value : float
        Of at least so many hits by chance.
    chance : float
        Chance of a hit under which that is.
    """

    log10_lr: float
    p_value: float
    chance: float


def weigh_hits(hit: int, canaries: int, others_hit: int, others: int, chances: HitChances) -> WeighedHits:
    """
    Weigh "the list holds the holder's file" against chance by hits on the holder's canaries and on others.

    Parameters
    ----------
    hit, canaries : int
        Canaries of the holder that were hit, and all of them.
    others_hit, others : int
        The same of canaries of nobody or somebody else.
    chances : HitChances
        How likely numbers are hit.

    Returns
    -------
    WeighedHits

    Notes
    -----
    Marginal likelihoods over all chances, exactly (Kass & Raftery, "Bayes factors", JASA 1995, eq. 1). The p-value is the exact upper
    binomial tail under `dialled` or, when others were hit, the upper 95% limit of their share (Clopper & Pearson 1934) if that is larger.
    """
    ratio = log_ratios(np.array([hit]), canaries, np.array([others_hit]), others, chances)[0]
    q = chances.dialled
    if others_hit:
        q = max(q, float(clopper_pearson(others_hit, others, tail=0.05)[1]))
    return WeighedHits(float(ratio / np.log(10)), float(stats.binom.sf(hit - 1, canaries, q)), q)


def log_ratios(hit: np.ndarray, canaries: int, others_hit: np.ndarray, others: int, chances: HitChances) -> np.ndarray:
    """
    Weigh many outcomes of one set of canaries at once.

    Parameters
    ----------
    hit, others_hit : numpy.ndarray of int, shape (n,)
        Hits on the canaries of a source, and on all others.
    canaries, others : int
        How many there are of each.
    chances : HitChances
        How likely numbers are hit.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Natural logarithm of the likelihood ratio, as in `weigh_hits`.
    """
    # Any `leaked` of the hits are by the file, and chance hit the rest or would have.
    leaked = np.arange(int(hit.max(initial=0)) + 1)[:, None]
    possible = np.minimum(leaked, hit)
    by_file = (
        _log_choose(hit, possible)
        + _log_marginal(possible, canaries, chances.coverage)
        + _log_by_chance(hit + others_hit - possible, canaries + others - possible, chances)
    )
    total = logsumexp(np.where(leaked <= hit, by_file, -np.inf), axis=0)
    return total - _log_by_chance(hit + others_hit, np.array(canaries + others), chances)


def source_posteriors(
    hits: np.ndarray, sizes: Sequence[int], total: np.ndarray, tried: int, chances: HitChances, prior_none: float
) -> np.ndarray:
    """
    Probability of each source of a list, of which one at most is in it, and of none.

    Parameters
    ----------
    hits : numpy.ndarray of int, shape (n_sources, n)
        Of each source the canaries in its file that were hit, in each of n outcomes. Sources may hold the same canaries: an operator holds
        those of its network that were given to others.
    sizes : sequence of int
        Canaries in the file of each source.
    total : numpy.ndarray of int, shape (n,)
        All canaries that were hit.
    tried : int
        All canaries.
    chances : HitChances
        How likely numbers are hit.
    prior_none : float
        Prior probability, 0 to 1, that no source is in the list; the rest is shared alike.

    Returns
    -------
    numpy.ndarray of float, shape (n_sources + 1, n)
        Sums to 1 over the sources; the last is none of them: numbers dialled, or a source that is not named.
    """
    # Among many outcomes few pairs of counts differ.
    ratios = np.zeros((len(sizes) + 1, len(total)))
    for ratio, mine, size in zip(ratios, hits, sizes, strict=False):
        pairs, which = np.unique(np.stack([mine, total - mine]), axis=1, return_inverse=True)
        ratio[:] = log_ratios(pairs[0], size, pairs[1], tried - size, chances)[which.reshape(-1)]
    with np.errstate(divide="ignore"):
        ratios[:-1] += np.log((1 - prior_none) / max(len(sizes), 1))
        ratios[-1] = np.log(prior_none)
    return np.exp(ratios - logsumexp(ratios, axis=0))


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def _log_marginal(hits: np.ndarray, tried: int | np.ndarray, prior: tuple[float, float]) -> np.ndarray:
    """Log probability of these hits, in their order, over a Beta distribution of the chance."""
    return betaln(prior[0] + hits, prior[1] + tried - hits) - betaln(*prior)


def _log_by_chance(hits: np.ndarray, tried: np.ndarray, chances: HitChances) -> np.ndarray:
    """The same when dialling or a source that holds everyone hits them."""
    # With first parameter 1 the mean is 1 / (1 + b).
    bounded = _log_marginal(hits, tried, (1.0, max(1 / chances.dialled - 1, 1e-9)))
    anything = _log_marginal(hits, tried, (1.0, 1.0))
    with np.errstate(divide="ignore"):
        weights = np.log([1 - chances.everywhere, chances.everywhere])
    return np.logaddexp(bounded + weights[0], anything + weights[1])
