"""The user's labels and the corpus together: who may be fitted on what, and measured on what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.text import near_duplicate_groups


@dataclass(frozen=True)
class Combined:
    """
    Labelled messages of both origins with the part each plays.

    Attributes
    ----------
    frame : pandas.DataFrame
        ``text``, ``category``, ``language``; first the corpus, then the user's rows.
    groups : numpy.ndarray of int, shape (n,)
        Near-duplicate cluster of each row.
    batches : numpy.ndarray of str, shape (n,)
        Batch of each corpus row, "" for the user's.
    own : numpy.ndarray of bool, shape (n,)
        The user's rows.
    fitted : numpy.ndarray of bool, shape (n,)
        Rows the new model is fitted on.
    test : numpy.ndarray of bool, shape (n,)
        Rows of the fixed test split that resemble none of the user's.
    unseen : numpy.ndarray of bool, shape (n,)
        The user's rows that resemble no row of the corpus outside the test split: the shipped model was not fitted on them.
    replaced : int
        Corpus rows that gave way to a row of the user with the same or nearly the same text.
    left_out : int
        Test rows that resemble one of the user's.
    """

    frame: pd.DataFrame
    groups: np.ndarray
    batches: np.ndarray
    own: np.ndarray
    fitted: np.ndarray
    test: np.ndarray
    unseen: np.ndarray
    replaced: int
    left_out: int


def combine(corpus: pd.DataFrame, labelled: pd.DataFrame, *, only_mine: bool = False) -> Combined:
    """
    Join the user's labels and the corpus.

    Parameters
    ----------
    corpus : pandas.DataFrame
        From `tasrib.learning.corpus.load_shipped_corpus`.
    labelled : pandas.DataFrame
        From `tasrib.learning.labels.read_labelled`.
    only_mine : bool
        Fit on the user's rows alone.

    Returns
    -------
    Combined
        The user's row wins over a corpus row in the same near-duplicate cluster, and a test row in such a cluster is left
        out of the test: the new model would have seen it.
    """
    columns = ["text", "category", "language"]
    frame = pd.concat([corpus[columns], labelled[columns]], ignore_index=True)
    groups = near_duplicate_groups(frame["text"].tolist())
    own = np.arange(len(frame)) >= len(corpus)
    in_test = np.append(corpus["test"].to_numpy(bool), np.zeros(len(labelled), bool))
    touched = np.isin(groups, groups[own])
    seen = np.isin(groups, groups[~own & ~in_test])
    return Combined(
        frame=frame,
        groups=groups,
        batches=np.append(corpus["batch"].to_numpy(dtype=object), np.full(len(labelled), "", dtype=object)),
        own=own,
        fitted=own.copy() if only_mine else own | (~in_test & ~touched),
        test=in_test & ~touched,
        unseen=own & ~seen,
        replaced=0 if only_mine else int((~own & ~in_test & touched).sum()),
        left_out=int((in_test & touched).sum()),
    )
