"""A sign of dialled numbers that needs none: people of one operator crowd into few of its prefixes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.tracing.stats.dialling import NOT_TESTED, SubTest

# Lists differ a little in their prefixes, as in the age of their customers' cards. Two people reached must share a prefix this much more
# often than two controls do: a third of an operator's people dialled in one prefix make twice as much.
LEAST_CROWDING = 0.04


def prefix_concentration(
    reached: pd.DataFrame,
    controls: pd.DataFrame,
    *,
    least: float = LEAST_CROWDING,
    replicates: int = 1_999,
    seed: int = 0,
) -> SubTest:
    """
    Test whether people reached crowd into far fewer prefixes than controls of the same operator.

    Parameters
    ----------
    reached, controls : pandas.DataFrame
        One row a person: ``operator``, ``prefix`` and ``stratum`` (month, channel, region). A row without operator or prefix is left out.
    least : float
        How much more often two people reached with one operator must share a prefix than two controls with it, as a share of pairs.
    replicates, seed : int
        Random draws, and their seed.

    Returns
    -------
    SubTest
        ``statistic``: pairs of people reached with the same operator and prefix; ``expected`` on average when who was
        reached is exchanged with controls of the same operator and stratum (nothing is drawn, and ``p_value`` is 1,
        where they crowd by less than `least`). Not tested where no operator has two people reached and a control in
        their strata.

    Notes
    -----
    Permutation test within strata (Fisher, "The Design of Experiments", 1935), drawn as multivariate hypergeometric counts. Within operators,
    because a list of one operator's customers must not look dialled: its prefixes are those of the controls. Within strata, because
    prefixes were given out region by region and year by year. Two controls share a prefix as often as two draws from their shares do,
    stratum by stratum as people were reached; this counts a control twice, so that few controls make the sign rarer.
    """
    table = _tabulate(reached, controls)
    observed, pairs, usual = 0.0, 0.0, 0.0
    for _, rows in table.groupby("operator"):
        by_prefix = rows.groupby("prefix")[["reached", "expected"]].sum().to_numpy(float)
        n = by_prefix[:, 0].sum()
        observed += float(_pairs(by_prefix[:, 0]))
        pairs += n * (n - 1) / 2
        usual += n * (n - 1) / 2 * float(((by_prefix[:, 1] / n) ** 2).sum())
    if pairs == 0:
        return NOT_TESTED
    if observed - usual < least * pairs:
        return SubTest(observed, usual, 1.0)
    rng = np.random.default_rng(seed)
    drawn = np.zeros(replicates)
    for _, rows in table.groupby("operator"):
        place = pd.factorize(rows["prefix"])[0]
        counts = np.zeros((replicates, place.max() + 1))
        for _, here in rows.assign(place=place).groupby("stratum"):
            people = (here["reached"] + here["controls"]).to_numpy(int)
            counts[:, here["place"]] += rng.multivariate_hypergeometric(people, int(here["reached"].sum()), replicates)
        drawn += _pairs(counts)
    return SubTest(observed, float(drawn.mean()), float((1 + (drawn >= observed).sum()) / (1 + replicates)))


def crowded_prefixes(reached: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """
    Say which prefixes hold far more people than their operator's controls make expect.

    Parameters
    ----------
    reached, controls : pandas.DataFrame
        As in `prefix_concentration`.

    Returns
    -------
    pandas.DataFrame
        ``prefix``, ``reached``, ``controls``: prefixes with at least two people more than, and twice as many as,
        expected; the most crowded first.
    """
    rows = _tabulate(reached, controls).groupby("prefix", as_index=False)[["reached", "controls", "expected"]].sum()
    rows = rows[(rows["reached"] >= 2 * rows["expected"]) & (rows["reached"] >= rows["expected"] + 2)]
    order = rows.assign(more=rows["expected"] - rows["reached"]).sort_values(["more", "prefix"]).index
    return rows.loc[order, ["prefix", "reached", "controls"]].reset_index(drop=True)


def _tabulate(reached: pd.DataFrame, controls: pd.DataFrame) -> pd.DataFrame:
    """People by operator, stratum and prefix, where operator and stratum hold both; ``expected`` if reached were spread as controls."""
    both = pd.concat([reached.assign(kind="reached"), controls.assign(kind="controls")], ignore_index=True)
    both = both[(both["operator"] != "") & (both["prefix"] != "")]
    cell = ["operator", "stratum"]
    table = both.groupby([*cell, "prefix", "kind"]).size().unstack("kind", fill_value=0)
    table = table.reindex(columns=["reached", "controls"], fill_value=0).reset_index()
    n, m = (table.groupby(cell)[kind].transform("sum") for kind in ("reached", "controls"))
    table = table.assign(expected=n * table["controls"] / m.where(m > 0, 1))[(n > 0) & (m > 0)]
    return table.astype({"reached": int, "controls": int, "expected": float}).reset_index(drop=True)


def _pairs(counts: np.ndarray) -> np.ndarray:
    return (counts * (counts - 1) / 2).sum(axis=-1)
