"""What peers, and an oracle, say of a case of the core."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from scipy import stats

from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.stratified import stratified_excess
from training.simulation.cells import mixture, region_sizes
from training.simulation.judging import ALPHA
from training.simulation.scene import MARKET, baseline
from training.simulation.world import World

_ORACLE = 200_000
# Papadimitriou & Garcia-Molina's p, the chance that the target guessed an object: their examples take 0.5.
_GUESS = 0.5


def peers_say(x: np.ndarray, y: np.ndarray, world: World) -> dict[str, float]:
    """
    Ask the peers.

    Parameters
    ----------
    x, y : numpy.ndarray of int, shape (n_regions, 3)
        People reached and controls, by region and operator.
    world : World
        Its settings, for the oracle and to know whether the right operator was pointed to.

    Returns
    -------
    dict of str to float
        Whether each flags an operator: ``fisher_holm`` (exact, one-sided, over strata where there are), ``fisher_right``; ``chi_square``
        (against market shares); ``guilt`` (any operator's guilt above 0.95, and above that of both others), ``guilt_cut``, the same model with
        its cut set to ring in 5 of 100 campaigns drawn from the market; ``oracle``.
    """
    n = x.sum()
    found = {"chi_square": float(stats.chisquare(x.sum(0), n * MARKET).pvalue <= ALPHA)}
    reached = x.sum(0)
    # Each number has one operator, so an operator is guilty unless every one of its numbers was guessed: 1 - p^k.
    guilt = 1 - _GUESS ** reached.astype(float)
    found["guilt"] = float(guilt.max() > 0.95)
    found["guilt_cut"] = float(reached.max() > _guilt_cut(int(n)))
    if has_oracle(world):
        found["oracle"] = float(_log_ratio(x, world) > oracle(world)[0])
    if y.sum() and world.situation == "plain":
        strata = [k for k in range(len(x)) if x[k].sum() and y[k].sum()]
        if len(strata) == 1:
            a, b = x[strata[0]], y[strata[0]]
            p = stats.hypergeom.sf(a - 1, a.sum() + b.sum(), a + b, a.sum())
        else:
            p = [
                stratified_excess(x[strata, s], x[strata].sum(1), y[strata, s], y[strata].sum(1)).p_value
                for s in range(3)
            ]
        adjusted = holm(np.minimum(p, 1.0))
        found["fisher_holm"] = float(adjusted.min() <= ALPHA)
        found["fisher_right"] = float(adjusted.min() <= ALPHA and adjusted.argmin() == world.operator)
    return found


def has_oracle(world: World) -> bool:
    """Whether all that is uncertain of a world is who is on the list."""
    return world.core and world.share > 0 and world.situation == "plain"


def oracle(world: World) -> tuple[float, float]:
    """
    The Neyman-Pearson test that is told the baseline, portability, λ and the operator.

    Parameters
    ----------
    world : World
        One with a leak.

    Returns
    -------
    (threshold, power) : (float, float)
        Of the log-likelihood ratio at size 5%, from 200,000 campaigns each without and with the leak.
    """
    # NaN is not equal to itself: with it no world would be found again.
    return _oracle(replace(world, earlier=0.0))


@cache
def _oracle(world: World) -> tuple[float, float]:
    rng = np.random.default_rng(7)
    b, p = baseline(world.regions, world.bias), mixture(world)
    sizes = rng.multinomial(world.n, region_sizes(world), _ORACLE)
    without, with_leak = np.zeros(_ORACLE), np.zeros(_ORACLE)
    for k in range(world.regions):
        gain = np.log(p[k] / b[k])
        without += rng.multinomial(sizes[:, k], b[k]) @ gain
        with_leak += rng.multinomial(sizes[:, k], p[k]) @ gain
    threshold = float(np.quantile(without, 1 - ALPHA))
    # Sums that differ by rounding alone are one value.
    return threshold + 1e-9, float((with_leak > threshold + 1e-9).mean())


def _log_ratio(x: np.ndarray, world: World) -> float:
    return float((x * np.log(mixture(world) / baseline(world.regions, world.bias))[: len(x)]).sum())


@cache
def _guilt_cut(n: int) -> float:
    rng = np.random.default_rng(11)
    return float(np.quantile(rng.multinomial(n, MARKET, 50_000).max(1), 1 - ALPHA))
