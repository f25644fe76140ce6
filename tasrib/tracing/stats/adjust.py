"""Adjusting p-values for the number of hypotheses, within campaigns and across them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests


def holm(p_values: ArrayLike) -> np.ndarray:
    """
    Adjust the p-values of one family by Holm's step-down method.

    Parameters
    ----------
    p_values : sequence of float, shape (n,)
        One a hypothesis.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Adjusted p-values, which control the family-wise error rate under any dependence.

    Raises
    ------
    ValueError
        When a value is no probability.

    Notes
    -----
    Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 1979.
    """
    # Own code: statsmodels' multipletests runs a full garbage collection a call (0.15 s in a loaded process), which a
    # call a campaign cannot afford; scipy has no Holm.
    p = _probabilities(p_values)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return adjusted


def adjust_across(p_within: ArrayLike, family: ArrayLike, n_families: int = 0) -> np.ndarray:
    """
    Adjust across campaigns what is already adjusted within each.

    Parameters
    ----------
    p_within : sequence of float, shape (n,)
        P-values that control the family-wise error rate within their campaign, as from `holm` or a joint test.
    family : sequence, shape (n,)
        The campaign that each belongs to.
    n_families : int
        Campaigns that were looked at, where more than those in `family`: in the others there was nothing, so their p-value is 1.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Each value times its campaign's penalty: the factor by which Benjamini & Hochberg's procedure over the campaigns
        raises the campaign's smallest value. At most 1, never below ``p_within``.

    Raises
    ------
    ValueError
        When a value is no probability or the lengths differ.

    Notes
    -----
    Benjamini & Hochberg, JRSS B 1995; the nesting follows Benjamini & Bogomolov, "Selective inference on multiple
    families of hypotheses", JRSS B 2014.
    """
    within, of = _in_families(p_within, family)
    if len(within) == 0:
        return within
    smallest = np.ones(of.max() + 1)
    np.minimum.at(smallest, of, within)
    # A p-value too small for a float must not lift the penalty off the others of its campaign.
    smallest = np.maximum(smallest, np.finfo(float).tiny)
    with_nothing = np.ones(max(n_families - len(smallest), 0))
    penalty = multipletests(np.append(smallest, with_nothing), method="fdr_bh")[1][: len(smallest)] / smallest
    return np.minimum(1, np.maximum(within * penalty[of], within))


def _probabilities(p_values: ArrayLike) -> np.ndarray:
    p = np.asarray(p_values, float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p-values must lie between 0 and 1; leave out what was not tested")
    return p


def _in_families(p_values: ArrayLike, family: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """P-values, and their campaigns counted from 0."""
    p, of = _probabilities(p_values), np.unique(np.asarray(family).astype(str), return_inverse=True)[1]
    if len(p) != len(of):
        raise ValueError(f"{len(p)} p-values but {len(of)} campaigns: name one for each")
    return p, of
