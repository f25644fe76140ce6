"""Is an operator more frequent among the people reached than in the market? A second look, never a first."""

from __future__ import annotations

import numpy as np
from scipy import stats


def binomial_excess(observed: int, n: int, share: float) -> float:
    """
    Exact binomial test of an operator's count against its market share, one-sided for excess.

    Parameters
    ----------
    observed : int
        People reached whose number was allocated to the operator.
    n : int
        All people reached.
    share : float
        The operator's share of the market, 0 to 1.

    Returns
    -------
    float
        Probability of at least `observed` if the people reached were drawn from the market.

    Notes
    -----
    Complainants are not drawn from the market: when one operator's customers complain 1.5 times as often, this test at
    5% gives a false alarm in most campaigns of 100 people. It supports no more than ``weak`` evidence by itself.
    The interval of the same test is `tasrib.tracing.stats.exact.clopper_pearson`.
    """
    return float(stats.binomtest(observed, n, share, alternative="greater").pvalue)


def shares_or_even(market: np.ndarray | None, n_operators: int) -> np.ndarray:
    """
    Market shares to start from, where they may be unknown.

    Parameters
    ----------
    market : numpy.ndarray or None, shape (n_operators,)
        Market shares.
    n_operators : int
        How many operators there are.

    Returns
    -------
    numpy.ndarray, shape (n_operators,)
        The shares, or all alike where none are known.
    """
    return market if market is not None else np.full(n_operators, 1 / max(n_operators, 1))
