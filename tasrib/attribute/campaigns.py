"""Which messages belong to one campaign: near-duplicates, under a name that stays when more complaints come."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from tasrib.text import near_duplicate_groups, normalise

SIMILARITY = 0.45


def campaign_ids(
    texts: pd.Series, received_at: pd.Series | None = None, *, similarity: float = SIMILARITY
) -> pd.Series:
    """
    Name the campaign of each message.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Campaign messages.
    received_at : pandas.Series of datetime, shape (n,), optional
        When each was received.
    similarity : float
        Least Jaccard similarity of normalised character 5-grams that links two messages. 0.45 keeps a long message
        with another name, town or link together; `training.evaluate` measures what it joins and parts.

    Returns
    -------
    pandas.Series of str, shape (n,)
        Such as ``c-3f0a91d2``, with the index of `texts`. The name is taken from the text of the cluster's earliest
        message (the alphabetically first among equals), so it does not depend on the order of the rows, and later
        complaints of the same campaign do not change it.
    """
    group = near_duplicate_groups(texts.tolist(), similarity)
    plain = np.array([normalise(text) for text in texts], dtype=object)
    when = np.zeros(len(texts)) if received_at is None else _order(received_at)
    names = {}
    for number, rows in pd.Series(np.arange(len(texts))).groupby(group):
        first = min(rows, key=lambda row: (when[row], plain[row]))
        names[number] = "c-" + hashlib.sha256(plain[first].encode()).hexdigest()[:8]
    return pd.Series([names[number] for number in group], index=texts.index, dtype="str")


def _order(received_at: pd.Series) -> np.ndarray:
    # Undated messages come last: they must not rename a campaign whose dated messages are known.
    return received_at.astype("int64").where(received_at.notna(), np.iinfo(np.int64).max).to_numpy()
