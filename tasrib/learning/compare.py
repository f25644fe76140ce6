"""A new model compared with the shipped one on the same held-out messages, and whether it is worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.learning.intervals import RESAMPLES, interval, resampling_weights, weighted_measures

MARGIN = 0.02
# What decides, in which direction it is worse, and how it is called.
_DECIDING = {"log_loss": (1, "log loss"), "campaign_precision": (-1, "precision of “campaign”")}
TEST_SPLIT, OWN_LABELS = "test split", "own labels"
COLUMNS = (
    "held_out", "n", "measure", "new", "new_low", "new_high", "shipped", "shipped_low", "shipped_high",
    "difference", "difference_low", "difference_high",
)  # fmt: skip


@dataclass(frozen=True)
class HeldOut:
    """
    Messages that neither model was fitted on, with what each says of them.

    Attributes
    ----------
    name : str
        How the set is called.
    labels : numpy.ndarray of str, shape (n,)
        True categories.
    groups : numpy.ndarray, shape (n,)
        Rows of one group are resampled together.
    new, shipped : pandas.DataFrame, shape (n, 3)
        ``category``, ``probability`` and ``decision``: the table of `tasrib.classify.judge`.
    """

    name: str
    labels: np.ndarray
    groups: np.ndarray
    new: pd.DataFrame
    shipped: pd.DataFrame


def compare_models(sets: Sequence[HeldOut], n_resamples: int = RESAMPLES) -> pd.DataFrame:
    """
    Measure two models side by side.

    Parameters
    ----------
    sets : sequence of HeldOut
        Held-out messages.
    n_resamples : int
        Bootstrap resamples; both models are measured on the same ones, so that the difference has its own interval.

    Returns
    -------
    pandas.DataFrame
        One row a set and measure, with the columns of ``COLUMNS``; intervals at 95%.
    """
    rows = []
    for each in sets:
        weights = resampling_weights(each.groups, n_resamples)
        new, shipped = (weighted_measures(each.labels, table, weights) for table in (each.new, each.shipped))
        for name in new:
            figures = (*interval(new[name]), *interval(shipped[name]), *interval(new[name] - shipped[name]))
            rows.append((each.name, len(each.labels), name, *figures))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def reasons_worse(comparison: pd.DataFrame) -> list[str]:
    """
    Say why the new model is worse than the shipped one.

    Parameters
    ----------
    comparison : pandas.DataFrame
        From `compare_models`.

    Returns
    -------
    list of str
        One sentence a reason; empty when it is not worse. It is worse when, on either held-out set, its log loss is higher
        or the precision of its decision ``campaign`` lower with a 95% interval of the difference that leaves out 0;
        or when either is worse by more than ``MARGIN`` on the test split, whatever the interval.

    Notes
    -----
    Log loss is a proper score: a model gains nothing by claiming more or less than it knows (Gneiting & Raftery, "Strictly
    proper scoring rules, prediction, and estimation", JASA 2007). Precision is watched as well, because a false accusation
    is the costlier error.
    """
    said = []
    for _, row in comparison[comparison["measure"].isin(list(_DECIDING))].iterrows():
        sign, words = _DECIDING[row["measure"]]
        worse_by, low = sign * row["difference"], min(sign * row["difference_low"], sign * row["difference_high"])
        sure, large = low > 0, row["held_out"] == TEST_SPLIT and worse_by > MARGIN
        if sure or large:
            how = "the interval leaves out 0" if sure else f"more than {MARGIN}"
            said.append(
                f"{row['held_out']}: {words} {row['new']:.3f} against {row['shipped']:.3f}, difference {row['difference']:+.3f} "
                f"({row['difference_low']:+.3f} to {row['difference_high']:+.3f}), {how}"
            )
    # Without a decision “campaign” there is no precision: such a model finds nothing, which the log loss may not show.
    blind = comparison[(comparison["measure"] == "campaign_precision") & (comparison["held_out"] == TEST_SPLIT)]
    if blind["new"].isna().any() and blind["shipped"].notna().any():
        said.append(f"{TEST_SPLIT}: it never decides “campaign”")
    return said
