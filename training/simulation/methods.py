"""What tasrib and its peers say of one simulated campaign."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy import stats

from tasrib.numbering import portability
from tasrib.tracing.comparisons.pairs import paired_excess
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.joint import joint_excess
from tasrib.tracing.stats.market import binomial_excess
from tasrib.tracing.stats.ported import update_ported
from tasrib.tracing.stats.share import profile_share
from tasrib.tracing.stats.stratified import stratified_excess
from training.simulation.cells import MARKET, MARKET_DAY, MISDECLARED, Campaign, Cell, baselines, mixture, region_sizes

ALPHA = 0.05
_DRAWS = 1_000
_ORACLE = 200_000
# Papadimitriou & Garcia-Molina's p, the chance that the target guessed an object: their examples take 0.5.
_GUESS = 0.5
OPERATORS = ["A", "B", "C"]


def tasrib_says(campaign: Campaign, cell: Cell) -> dict[str, float]:
    """
    Trace one campaign as `tasrib.trace` does.

    Parameters
    ----------
    campaign : Campaign
        What is seen.
    cell : Cell
        Its settings; of these only the number of controls and whether people are paired steer the method, and the true λ and operator
        are used to judge the interval.

    Returns
    -------
    dict of str to float
        ``flagged``, ``right`` (flagged, and the right operator pointed to), ``covered``, ``low``, ``high``, ``estimate`` of λ.
    """
    if campaign.pairs is not None:
        reached, other = ([[OPERATORS[o]] for o in side] for side in campaign.pairs)
        p = holm(paired_excess(reached, other, OPERATORS)["p_value"].to_numpy(float))
        return _judged(p, int(p.argmin()), cell)
    x, y = campaign.reached, campaign.controls
    if y.sum() == 0:
        p = holm([binomial_excess(int(a), int(x.sum()), b) for a, b in zip(x.sum(0), MARKET, strict=True)])
        return _judged(p, int(p.argmin()), cell)
    known = portability(MARKET_DAY)
    belief = update_ported((known.beta_a, known.beta_b), campaign.declared, campaign.differs, misdeclared=MISDECLARED)
    joint = joint_excess(x, y, MARKET, ported=belief.mean, draws=_DRAWS)
    found = _judged(joint.p_adjusted, joint.pointed, cell)
    if cell.share or cell.bias == 1:
        s = cell.operator
        share = profile_share(x[:, s], x.sum(1), y[:, s], y.sum(1), (belief.beta_a, belief.beta_b))
        found |= {
            "covered": float(share.low <= cell.share <= share.high),
            "low": share.low, "high": share.high, "estimate": share.share,
        }  # fmt: skip
    return found


def peers_say(campaign: Campaign, cell: Cell) -> dict[str, float]:
    """
    Ask the peers.

    Parameters
    ----------
    campaign : Campaign
        What is seen.
    cell : Cell
        Its settings.

    Returns
    -------
    dict of str to float
        Whether each flags an operator: ``fisher_holm`` (exact, one-sided, over strata where there are), ``fisher_right``; ``chi_square``
        (against market shares); ``guilt`` (any operator's guilt above 0.95, and above that of both others), ``guilt_cut``, the same model with
        its cut set to ring in 5 of 100 campaigns drawn from the market; ``oracle``.
    """
    x, y = campaign.reached, campaign.controls
    n = x.sum()
    found = {"chi_square": float(stats.chisquare(x.sum(0), n * MARKET).pvalue <= ALPHA)}
    counts = x.sum(0)
    # Each number has one operator, so an operator is guilty unless every one of its numbers was guessed: 1 - p^k.
    guilt = 1 - _GUESS ** counts.astype(float)
    found["guilt"] = float(guilt.max() > 0.95)
    found["guilt_cut"] = float(counts.max() > _guilt_cut(int(n)))
    if campaign.pairs is None:
        found["oracle"] = float(_log_ratio(x, cell) > oracle(cell)[0]) if cell.share else float("nan")
    if y.sum():
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
        found["fisher_right"] = float(adjusted.min() <= ALPHA and adjusted.argmin() == cell.operator)
    return found


@cache
def oracle(cell: Cell) -> tuple[float, float]:
    """
    The Neyman-Pearson test that is told the baseline, portability, λ and the operator.

    Parameters
    ----------
    cell : Cell
        A cell with a leak.

    Returns
    -------
    (threshold, power) : (float, float)
        Of the log-likelihood ratio at size 5%, from 200,000 campaigns each without and with the leak.
    """
    rng = np.random.default_rng(7)
    b, p = baselines(cell), mixture(cell)
    sizes = rng.multinomial(cell.n, region_sizes(cell), _ORACLE)
    without, with_leak = np.zeros(_ORACLE), np.zeros(_ORACLE)
    for k in range(cell.regions):
        gain = np.log(p[k] / b[k])
        without += rng.multinomial(sizes[:, k], b[k]) @ gain
        with_leak += rng.multinomial(sizes[:, k], p[k]) @ gain
    threshold = float(np.quantile(without, 1 - ALPHA))
    # Sums that differ by rounding alone are one value.
    return threshold + 1e-9, float((with_leak > threshold + 1e-9).mean())


def _log_ratio(x: np.ndarray, cell: Cell) -> float:
    return float((x * np.log(mixture(cell) / baselines(cell))).sum())


@cache
def _guilt_cut(n: int) -> float:
    rng = np.random.default_rng(11)
    return float(np.quantile(rng.multinomial(n, MARKET, 50_000).max(1), 1 - ALPHA))


def _judged(p: np.ndarray, pointed: int, cell: Cell) -> dict[str, float]:
    flagged = float(p.min() <= ALPHA)
    return {"flagged": flagged, "right": float(flagged and pointed == cell.operator)}
