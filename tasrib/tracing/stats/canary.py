"""Hits on numbers that one holder only was given: by the holder's file, or by chance?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import betaln, comb, logsumexp

from tasrib.tracing.stats.exact import clopper_pearson


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
    # Any `leaked` of the hits are by the file, and chance hit the rest or would have.
    by_file = [
        np.log(comb(hit, leaked))
        + _log_marginal(leaked, canaries, chances.coverage)
        + _log_by_chance(hit + others_hit - leaked, canaries + others - leaked, chances)
        for leaked in range(hit + 1)
    ]
    log_lr = logsumexp(by_file) - _log_by_chance(hit + others_hit, canaries + others, chances)
    q = chances.dialled
    if others_hit:
        q = max(q, float(clopper_pearson(others_hit, others, tail=0.05)[1]))
    return WeighedHits(float(log_lr / np.log(10)), float(stats.binom.sf(hit - 1, canaries, q)), q)


def _log_marginal(hits: int, tried: int, prior: tuple[float, float]) -> float:
    """Log probability of these hits, in their order, over a Beta distribution of the chance."""
    return float(betaln(prior[0] + hits, prior[1] + tried - hits) - betaln(*prior))


def _log_by_chance(hits: int, tried: int, chances: HitChances) -> float:
    """The same when dialling or a source that holds everyone hits them."""
    # With first parameter 1 the mean is 1 / (1 + b).
    bounded = _log_marginal(hits, tried, (1.0, max(1 / chances.dialled - 1, 1e-9)))
    anything = _log_marginal(hits, tried, (1.0, 1.0))
    return float(logsumexp([bounded, anything], b=[1 - chances.everywhere, chances.everywhere]))
