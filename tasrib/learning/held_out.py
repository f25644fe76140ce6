"""The user's own labels as a test: each is predicted by a model fitted without it and what resembles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from tasrib.classify import CAMPAIGN, CampaignClassifier, judge
from tasrib.classify.crossfit import Counted, Start, fold_of
from tasrib.classify.real_text import RealText
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
    real : RealText, optional
        Text that is learnt from in every fit, known by its counts alone.
    """

    combined: Combined
    texts: np.ndarray
    categories: np.ndarray
    unseen: np.ndarray
    real: RealText | None = None

    @classmethod
    def of(cls, combined: Combined, real: RealText | None = None) -> Labels:
        """Take them from the user's labels and the corpus together."""
        return cls(
            combined,
            combined.frame["text"].to_numpy(dtype=object),
            combined.frame["category"].to_numpy(dtype=str),
            np.array([is_calibration_batch(batch) for batch in combined.batches]),
            real,
        )

    def counted(self, estimator: CampaignClassifier) -> Counted:
        """Count them as an estimator does, and divide those that are fitted on into its parts."""
        folds = self._folds(estimator, np.flatnonzero(self.combined.fitted))
        counts, groups = estimator.count(self.texts.tolist()), self.combined.groups
        found = Counted(self.texts.tolist(), self.categories, counts, folds, self.unseen, groups)
        # Counted otherwise than the model that it came with, it cannot be put beside these.
        if self.real is None or self.real.counts.shape[1] != counts.shape[1]:
            return found
        n = len(self.real.categories)
        return Counted(
            [*found.texts, *[""] * n],
            np.append(self.categories, self.real.categories),
            sparse.vstack([counts, self.real.counts], format="csr"),
            np.append(folds, np.arange(n) % max(1, folds.max() + 1)),
            np.append(self.unseen, np.zeros(n, bool)),
            np.append(groups, groups.max() + 1 + np.arange(n)),
        )

    def _with_real(self, messages: Counted, rows: np.ndarray) -> np.ndarray:
        """Some rows, and those of the real text, which stand behind all others."""
        return np.append(rows, np.arange(len(self.texts), len(messages.labels)))

    def fit(
        self,
        estimator: CampaignClassifier,
        messages: Counted,
        rows: np.ndarray,
        starts: Mapping[int | None, Start] | None = None,
    ) -> CampaignClassifier:
        """Fit a copy of an estimator on some rows."""
        if not _both_sides_outside(messages.folds[rows], messages.labels[rows] == CAMPAIGN):
            folds = np.append(self._folds(estimator, rows), messages.folds[len(self.texts) :])
            messages, starts = replace(messages, folds=folds), None
        rows = self._with_real(messages, rows)
        return clone(estimator).fit_counted(messages, rows, starts)

    def start(self, estimator: CampaignClassifier, messages: Counted) -> Mapping[int | None, Start] | None:
        """
        Fit the n-grams on the corpus alone, for every other fit to start from.

        None of these fits has seen a row of the user, and none that leaves a part out has seen that part, so where the others end tells
        nothing of what they are to be measured on, however near they come to their own optimum.
        """
        rows = np.flatnonzero(self.combined.fitted & ~self.combined.own)
        if not len(rows) or not _both_sides_outside(messages.folds[rows], messages.labels[rows] == CAMPAIGN):
            return None
        return estimator.cross_fit(messages, self._with_real(messages, rows)).starts

    def _folds(self, estimator: CampaignClassifier, rows: np.ndarray) -> np.ndarray:
        folds = np.full(len(self.texts), -1)
        campaign = self.categories[rows] == CAMPAIGN
        folds[rows] = fold_of(campaign, self.combined.groups[rows], estimator.n_folds, estimator.random_state)
        return folds

    def predict(self, classifier: CampaignClassifier, rows: np.ndarray) -> pd.DataFrame:
        """Category, probability and decision of some rows."""
        return judge(classifier, self.texts[rows].tolist()).table()


def _both_sides_outside(folds: np.ndarray, campaign: np.ndarray) -> bool:
    """Whether there is campaign and something else outside each part."""
    return all(len(np.unique(campaign[folds != part])) == 2 for part in np.unique(folds))


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
