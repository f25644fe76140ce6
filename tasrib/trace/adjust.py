"""Many operators in many campaigns: which p-values are still small?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from statsmodels.stats.multitest import multipletests


def adjust(p_values: Sequence[float], family: Sequence) -> np.ndarray:
    """
    Adjust p-values within each campaign and across campaigns.

    Parameters
    ----------
    p_values : sequence of float, shape (n,)
        One a hypothesis.
    family : sequence, shape (n,)
        The campaign that each belongs to.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        Adjusted p-values: within a campaign the family-wise error rate is controlled (Holm), across campaigns the
        false discovery rate (Benjamini-Hochberg on each campaign's smallest Holm value).

    Raises
    ------
    ValueError
        When a value is no probability.

    Notes
    -----
    Holm, Scandinavian Journal of Statistics 1979; Benjamini & Hochberg, JRSS B 1995; the nesting follows Benjamini &
    Bogomolov, "Selective inference on multiple families of hypotheses", JRSS B 2014.
    """
    p = np.asarray(p_values, float)
    if len(p) == 0:
        return p
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p-values must lie between 0 and 1; leave out what was not tested")
    names, of = np.unique(np.asarray(family).astype(str), return_inverse=True)
    holm = np.empty_like(p)
    for number in range(len(names)):
        holm[of == number] = multipletests(p[of == number], method="holm")[1]
    # A p-value too small for a float must not lift the penalty off the others of its campaign.
    smallest = np.array([max(holm[of == number].min(), np.finfo(float).tiny) for number in range(len(names))])
    penalty = multipletests(smallest, method="fdr_bh")[1] / smallest
    return np.minimum(1, np.maximum(holm * penalty[of], holm))
