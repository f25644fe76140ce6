"""The user's own labels as a test: each is predicted by a model fitted without it and what resembles it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from tasrib.classify import CAMPAIGN, CampaignClassifier, judge
from tasrib.learning.combine import Combined
from tasrib.learning.corpus import is_calibration_batch

_FOLDS = 3


@dataclass(frozen=True)
class Labels:
    """
    Labelled messages of both origins, as a classifier takes them.

    Attributes
    ----------
    combined : Combined
        Which row plays which part.
    texts : numpy.ndarray of str, shape (n,)
        Messages.
    categories : numpy.ndarray of str, shape (n,)
        Their labels.
    unseen : numpy.ndarray of bool, shape (n,)
        Messages that the encoder was not fine-tuned on.
    """

    combined: Combined
    texts: np.ndarray
    categories: np.ndarray
    unseen: np.ndarray

    @classmethod
    def of(cls, combined: Combined) -> Labels:
        """Take them from the user's labels and the corpus together."""
        return cls(
            combined,
            combined.frame["text"].to_numpy(dtype=object),
            combined.frame["category"].to_numpy(dtype=str),
            np.array([is_calibration_batch(batch) for batch in combined.batches]),
        )

    def fit(self, estimator: CampaignClassifier, rows: np.ndarray) -> CampaignClassifier:
        """Fit a copy of an estimator on some rows."""
        return clone(estimator).fit(
            self.texts[rows].tolist(),
            self.categories[rows],
            groups=self.combined.groups[rows],
            unseen=self.unseen[rows],
        )

    def predict(self, classifier: CampaignClassifier, rows: np.ndarray) -> pd.DataFrame:
        """Category, probability and decision of some rows."""
        return judge(classifier, self.texts[rows].tolist()).table()


def own_folds(combined: Combined, only_mine: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """
    Divide the user's rows that the shipped model does not know.

    Parameters
    ----------
    combined : Combined
        The user's labels and the corpus.
    only_mine : bool
        Whether the model is fitted on the user's rows alone.

    Returns
    -------
    list of (numpy.ndarray, numpy.ndarray)
        For each fold the rows to fit on and the rows to predict; no fold where the labels are too few to hold any out.
    """
    rows = np.flatnonzero(combined.unseen)
    n_folds = min(_FOLDS, len(np.unique(combined.groups[rows])))
    if n_folds < 2:
        return []
    campaign = (combined.frame["category"] == CAMPAIGN).to_numpy()[rows]
    smaller = min(len(np.unique(combined.groups[rows][campaign == side])) for side in (True, False))
    if smaller >= n_folds:
        parts = StratifiedGroupKFold(n_folds, shuffle=True, random_state=0).split(rows, campaign, combined.groups[rows])
    else:
        # With one side missing or nearly so there is nothing to stratify; alone, such labels could not be fitted.
        if only_mine:
            return []
        parts = GroupKFold(n_folds).split(rows, groups=combined.groups[rows])
    folds = []
    for _, held in parts:
        fit_on = combined.fitted.copy()
        fit_on[rows[held]] = False
        folds.append((np.flatnonzero(fit_on), rows[held]))
    return folds
