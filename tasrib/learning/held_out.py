"""The user's own labels as a test: each is predicted by a model fitted without it and what resembles it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from tasrib.classify import CAMPAIGN, CampaignClassifier, judge
from tasrib.classify.crossfit import Counted, CrossFit, fold_of
from tasrib.classify.real_text import RealText
from tasrib.classify.starts import Starts, keys_of
from tasrib.learning.combine import Combined
from tasrib.learning.corpus import is_calibration_batch

_FOLDS = 3
# Of the messages that weights are calibrated on, so many may be the user's before scores must be held out from them too.
_FEW = 0.1


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
    known : Starts, optional
        Where fits on the corpus alone ended before, and how it was divided for them.
    """

    combined: Combined
    texts: np.ndarray
    categories: np.ndarray
    unseen: np.ndarray
    real: RealText | None = None
    known: Starts | None = None

    @classmethod
    def of(cls, combined: Combined, real: RealText | None = None, known: Starts | None = None) -> Labels:
        """Take them from the user's labels and the corpus together."""
        return cls(
            combined,
            combined.frame["text"].to_numpy(dtype=object),
            combined.frame["category"].to_numpy(dtype=str),
            np.array([is_calibration_batch(batch) for batch in combined.batches]),
            real,
            known,
        )

    def counted(self, estimator: CampaignClassifier) -> Counted:
        """Count them as an estimator does, and divide those that are fitted on into its parts."""
        counts, labels, groups = estimator.count(self.texts.tolist()), self.categories, self.combined.groups
        n = 0
        # Counted otherwise than the model that it came with, it cannot be put beside these.
        if self.real is not None and self.real.counts.shape[1] == counts.shape[1]:
            n = len(self.real.categories)
            labels = np.append(labels, self.real.categories)
            counts = sparse.vstack([counts, self.real.counts], format="csr")
            groups = np.append(groups, groups.max() + 1 + np.arange(n))
        texts, unseen = [*self.texts.tolist(), *[""] * n], np.append(self.unseen, np.zeros(n, bool))
        places = None
        if self.known is not None:
            places = self.known.places(keys_of(counts))
            places[np.flatnonzero(self.combined.own | self.combined.test)] = -1
        messages = Counted(texts, labels, counts, np.full(len(labels), -1), unseen, groups, places)
        folds = None if self.known is None else self._settled(messages, self.known.folds, self.known.n_folds)
        if folds is None:
            folds = self._folds(estimator, np.flatnonzero(self.combined.fitted))
            folds = np.append(folds, np.arange(n) % max(1, folds.max() + 1))
            return replace(messages, folds=folds, places=None)
        return replace(messages, folds=folds)

    def halves(self, messages: Counted) -> np.ndarray | None:
        """The folds of the tuning, where they are known."""
        return None if self.known is None else self._settled(messages, self.known.halves, 2)

    def _settled(self, messages: Counted, parts: np.ndarray, n_parts: int) -> np.ndarray | None:
        """
        Divide messages as the corpus was before, and others among the same parts.

        None where nothing is known of any, or what belongs together stands in two parts.
        """
        if messages.places is None:
            return None
        # A message of the user goes where those of the corpus are that it resembles, also the ones that give way to it.
        known = messages.places >= 0
        if not known.any():
            return None
        at, of = parts[messages.places], messages.groups
        of_group = np.full(of.max() + 1, -1)
        of_group[of[known]] = at[known]
        if (of_group[of[known]] != at[known]).any():
            return None
        # The rest is dealt out, one side after the other, a group at a time.
        groups, first = np.unique(of, return_index=True)
        campaign = messages.labels[first] == CAMPAIGN
        for side in (True, False):
            left = groups[(of_group[groups] < 0) & (campaign == side)]
            of_group[left] = np.arange(len(left)) % n_parts
        return of_group[of]

    def _with_real(self, messages: Counted, rows: np.ndarray) -> np.ndarray:
        """Some rows, and those of the real text, which stand behind all others."""
        return np.append(rows, np.arange(len(self.texts), len(messages.labels)))

    def fit(
        self, estimator: CampaignClassifier, messages: Counted, rows: np.ndarray, corpus: CrossFit | None = None,
        *, measured: bool = False,
    ) -> CampaignClassifier:  # fmt: skip
        """
        Fit a copy of an estimator on some rows.

        Parameters
        ----------
        estimator : CampaignClassifier
            Unfitted.
        messages : Counted
            Counted with its settings.
        rows : numpy.ndarray of int
            To fit on.
        corpus : CrossFit, optional
            From `start`.
        measured : bool
            The copy is only to be measured on rows of the user that are not among these. Where the user's are few, it is then calibrated by
            the scores that the fits on the corpus alone hold out: those weights have seen neither the message that they score nor any row of
            the user, so nothing that is measured has come near weights or calibration; and what is measured are weights fitted on all of
            `rows`. How few: fewer than would move a calibration of so many.
        """
        if not _both_sides_outside(messages.folds[rows], messages.labels[rows] == CAMPAIGN):
            folds = np.append(self._folds(estimator, rows), messages.folds[len(self.texts) :])
            messages, corpus = replace(messages, folds=folds), None
        few = measured and corpus is not None and self._few(estimator, corpus, rows)
        starts = None if corpus is None else corpus.starts
        rows = self._with_real(messages, rows)
        copy = clone(estimator)
        return copy.fit_counted(messages, rows, starts, corpus) if few else copy.fit_counted(messages, rows, starts)

    def _few(self, estimator: CampaignClassifier, corpus: CrossFit, rows: np.ndarray) -> bool:
        """Whether the user's among these rows hardly change a calibration on the corpus."""
        # Without an encoder all messages calibrate.
        there = self.unseen if estimator.encoder is not None else np.ones(len(self.texts), bool)
        of_corpus = rows[~self.combined.own[rows]]
        few = self.combined.own[rows].sum() <= _FEW * there[of_corpus].sum()
        return bool(few) and np.array_equal(np.unique(self.categories[rows]), corpus.classes)

    def start(self, estimator: CampaignClassifier, messages: Counted) -> CrossFit | None:
        """
        Fit the n-grams on the corpus alone, for every other fit to start from.

        None of these fits has seen a row of the user, and none that leaves a part out has seen that part, so where the others end tells
        nothing of what they are to be measured on, however near they come to their own optimum. The same is true of where these start, if
        that came with the model.
        """
        rows = np.flatnonzero(self.combined.fitted & ~self.combined.own)
        if not len(rows) or not _both_sides_outside(messages.folds[rows], messages.labels[rows] == CAMPAIGN):
            return None
        starts = None
        if self.known is not None and messages.places is not None:
            starts = self.known.starts(messages.places, messages.labels, estimator.regularisation)
        return estimator.cross_fit(messages, self._with_real(messages, rows), starts)

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
