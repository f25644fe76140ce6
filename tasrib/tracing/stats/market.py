"""People reached against market shares, where there are no controls or as a second figure."""

from __future__ import annotations

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
