"""One campaign, operator by operator: exact test, odds ratio, share of the list, posterior."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.tracing.controls import Comparison
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.joint import joint_excess
from tasrib.tracing.stats.market import binomial_excess, shares_or_even
from tasrib.tracing.stats.mixture import LeakPosterior, leak_posterior
from tasrib.tracing.stats.power import detectable_share
from tasrib.tracing.stats.share import profile_share
from tasrib.tracing.stats.stratified import stratified_excess

# Where no operator alone is below this, the joint test is not worth its time: Bonferroni's bound is far from any finding.
_SCREEN = 0.1
OPERATOR_COLUMNS = (
    "operator", "method", "observed", "expected", "odds_ratio", "ci_low", "ci_high", "leak_share", "leak_share_low",
    "leak_share_high", "p_value", "p_within", "posterior", "overdispersion", "detectable_share", "controls_observed",
    "expected_market", "p_market",
)  # fmt: skip


def operator_excess(
    comparison: Comparison,
    operators: list[str],
    market: np.ndarray | None,
    ported: tuple[float, float],
    *,
    controlled: bool,
    prior_no_leak: float,
    prior_pairs: float,
) -> tuple[pd.DataFrame, LeakPosterior]:
    """
    Compare the people of one campaign with their controls, or, without any, with the market.

    Parameters
    ----------
    comparison : Comparison
        Counts by stratum and operator.
    operators : list of str
        Names, in the order of the counts.
    market : numpy.ndarray or None, shape (n_operators,)
        Market shares, summing to 1; None where they are unknown.
    ported : (float, float)
        Parameters of the Beta distribution of the share of ported numbers.
    controlled : bool
        Whether there are enough controls to compare with; else the market is the baseline.
    prior_no_leak, prior_pairs : float
        See `leak_posterior`.

    Returns
    -------
    table : pandas.DataFrame
        One row an operator, columns ``OPERATOR_COLUMNS``. ``p_within`` is adjusted for the other operators.
    posterior : LeakPosterior
        Of all hypotheses, pairs included.

    Raises
    ------
    ValueError
        When there are neither controls nor market shares.

    Notes
    -----
    ``p_value`` is the exact conditional one of the operator alone (Fisher's, or over the strata), or the joint test's where
    that is smaller; ``p_within`` is the joint test's (`joint_excess`). Market: exact binomial test and Holm.
    """
    if not controlled and market is None:
        raise ValueError("neither controls nor market shares: nothing to compare with")
    x, y = comparison.reached, comparison.controls
    n, m, k = int(x.sum()), int(y.sum()), len(operators)
    shares = shares_or_even(market, k)
    mean_ported = ported[0] / sum(ported)
    posterior = leak_posterior(
        x, y if controlled else np.zeros_like(y), shares, ported, prior_no_leak=prior_no_leak, prior_pairs=prior_pairs
    )
    rows = [_operator(i, comparison, shares, ported, posterior, controlled) for i in range(k)]
    table = pd.DataFrame(rows)
    if controlled and table["p_value"].min() < _SCREEN:
        table["p_within"] = joint_excess(x, y, shares, ported=mean_ported).p_adjusted
        table["p_value"] = np.minimum(table["p_value"], table["p_within"])
    else:
        table["p_within"] = holm(table["p_value"].to_numpy(float))
    table["operator"] = operators
    table["method"] = _method(comparison, controlled)
    table["expected_market"] = n * shares if market is not None else np.nan
    seen = [binomial_excess(int(a), n, min(1.0, share)) for a, share in zip(x.sum(0), shares, strict=True)]
    table["p_market"] = seen if market is not None else np.nan
    expected = y.sum(0) / m if controlled else shares
    table["detectable_share"] = [
        detectable_share(
            n, m if controlled else 100 * n, float(np.clip(b, 1e-3, 0.999)), ported=mean_ported, n_operators=k
        )
        for b in expected
    ]
    return table[list(OPERATOR_COLUMNS)], posterior


def _operator(
    i: int,
    comparison: Comparison,
    market: np.ndarray,
    ported: tuple[float, float],
    posterior: LeakPosterior,
    controlled: bool,
) -> dict:
    x, y = comparison.reached, comparison.controls
    a, n, b, m = x[:, i], x.sum(1), y[:, i], y.sum(1)
    leak = posterior.operators[i]
    found = {
        "observed": int(a.sum()),
        "controls_observed": int(b.sum()),
        "posterior": posterior.involved(i),
        "overdispersion": np.nan,
        "odds_ratio": np.nan,
        "ci_low": np.nan,
        "ci_high": np.nan,
        "leak_share": leak.share,
        "leak_share_low": leak.low,
        "leak_share_high": leak.high,
    }
    if not controlled:
        share = float(market[i])
        return found | {
            "expected": n.sum() * share,
            "p_value": binomial_excess(int(a.sum()), int(n.sum()), min(1.0, share)),
        }
    # With one stratum this is Fisher's test, and many times as fast as scipy's odds ratio on thousands of controls.
    met = (n > 0) & (m > 0)
    exact = stratified_excess(a[met], n[met], b[met], m[met])
    if met.sum() > 1:
        found["overdispersion"] = exact.overdispersion
    likeliest = profile_share(a, n, b, m, ported)
    found |= {"leak_share": likeliest.share, "leak_share_low": likeliest.low, "leak_share_high": likeliest.high}
    found |= {"odds_ratio": exact.odds_ratio, "ci_low": exact.ci_low, "ci_high": exact.ci_high}
    # People of a stratum without controls are expected as the others are.
    share_of_controls = np.where(m > 0, b / np.maximum(m, 1), b.sum() / max(m.sum(), 1))
    return found | {"expected": float((n * share_of_controls).sum()), "p_value": exact.p_value}


def _method(comparison: Comparison, controlled: bool) -> str:
    if not controlled:
        return "binomial exact, one-sided"
    if comparison.n_strata > 1:
        return f"exact conditional, {comparison.n_strata} strata ({', '.join(comparison.strata)}), joint over operators"
    return "Fisher exact, one-sided, joint over operators"
