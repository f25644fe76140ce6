"""The estimator: what kind of message is this, and how sure is it that it campaigns?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from scipy.special import logit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from tasrib.classify.blend import campaign_log_odds
from tasrib.classify.calibration import choose_thresholds, fit_blend, fit_sigmoid
from tasrib.classify.categories import CAMPAIGN
from tasrib.classify.crossfit import Counted, CrossFit, Start, Whole, cross_fit, fit_whole, fold_of
from tasrib.classify.encoder import Encoder
from tasrib.classify.gate import Gate, fit_gate
from tasrib.classify.log_odds import sigmoid
from tasrib.classify.reading import read_in_batches
from tasrib.classify.referring import refer
from tasrib.classify.scorer import Scorer
from tasrib.classify.weighing import add_up, weigh
from tasrib.text import hashed_ngrams, near_duplicate_groups
from tasrib.text.messages import as_texts


class CampaignClassifier(ClassifierMixin, BaseEstimator, Scorer):
    """
    Sort messages into the eight categories and give a calibrated probability of political campaign.

    A multinomial logistic regression over weighted, hashed n-grams of characters, words and their consonants. The
    campaign score is calibrated, and the review band chosen, on scores of messages held out by groups. With an encoder, its
    campaign score joins that of the n-grams: the calibrated log-odds are a weighted sum of the two.

    Parameters
    ----------
    regularisation : float
        ``C`` of the logistic regression: larger fits closer.
    char_range, word_range : (int, int)
        Lengths of the n-grams: see `tasrib.text.hashed_ngrams`.
    bits : int
        Each kind of n-grams is hashed into ``2 ** bits`` columns.
    min_messages : int
        An n-gram found in fewer messages of the training set is ignored.
    precision : float
        Precision that the decision ``campaign`` aims at.
    recall : float
        Share of the campaign messages that ``campaign`` and ``review`` together aim at.
    n_folds : int
        Folds for the calibration.
    n_jobs : int or None
        Threads for fitting, as in joblib.
    random_state : int
        Seed of the folds.
    encoder : Encoder, optional
        A fine-tuned one. Fitting changes nothing in it; only its weight, against that of the n-grams, is fitted.

    Attributes
    ----------
    classes_ : numpy.ndarray of str, shape (n_classes,)
        The categories seen in fitting, sorted.
    coef_ : numpy.ndarray of float32, shape (n_classes, KINDS * 2 ** bits)
        Weight of each n-gram for each category.
    intercept_ : numpy.ndarray of float32, shape (n_classes,)
        Log-odds at no evidence.
    idf_ : numpy.ndarray of float32, shape (KINDS * 2 ** bits,)
        Inverse document frequency of each n-gram; that of an n-gram never seen where it is ignored.
    calibration_ : (float, float)
        Slope on `campaign_score` and intercept of the calibrated log-odds.
    encoder_weight_ : float
        Slope on the encoder's log-odds of campaign; 0 without an encoder.
    gate_ : Gate
        Scores of the n-grams between which the encoder is asked, and the log-odds it is taken to give outside.
    thresholds_ : (float, float)
        Lower and upper end of the review band, as calibrated probabilities.
    alone_ : (float, float, float, float)
        Calibration and thresholds where the encoder is never asked (`Scorer.without_encoder`).
    reference_, reference_alone_ : Reference
        What batches are held against, with the encoder and without it.

    Notes
    -----
    One model of all categories, not one a category: what is no campaign is seven different things, and a message is
    campaign when it is nearer to that than to the nearest of them. Compared in ``training/compare.py``.
    """

    def __init__(
        self,
        regularisation: float = 30.0,
        char_range: tuple[int, int] = (2, 5),
        word_range: tuple[int, int] = (1, 2),
        bits: int = 18,
        min_messages: int = 2,
        precision: float = 0.97,
        recall: float = 0.97,
        n_folds: int = 5,
        n_jobs: int | None = None,
        random_state: int = 0,
        encoder: Encoder | None = None,
    ):
        self.regularisation = regularisation
        self.char_range = char_range
        self.word_range = word_range
        self.bits = bits
        self.min_messages = min_messages
        self.precision = precision
        self.recall = recall
        self.n_folds = n_folds
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.encoder = encoder

    def fit(
        self, X: Iterable[str], y: ArrayLike, groups: ArrayLike | None = None, unseen: ArrayLike | None = None
    ) -> CampaignClassifier:
        """
        Learn from labelled messages.

        Parameters
        ----------
        X : sequence of str, shape (n,)
            Messages.
        y : sequence of str, shape (n,)
            Their categories; ``political_campaign`` and at least one other.
        groups : sequence, shape (n,), optional
            Messages of one group stay in one fold of the calibration. Near-duplicates by default.
        unseen : sequence of bool, shape (n,), optional
            Messages that the encoder was not fine-tuned on: the weights of the blend, the calibration and the review band come from
            them alone. All by default; without an encoder it does not matter.

        Returns
        -------
        CampaignClassifier
            Itself.

        Raises
        ------
        ValueError
            When the lengths differ, a message or label is missing or no text, or the labels, or those of the unseen messages, lack
            ``political_campaign`` or have nothing else.
        """
        texts = as_texts(X)
        labels = _labels(y, len(texts))
        for name, values in (("groups", groups), ("unseen", unseen)):
            if values is not None and np.shape(values) != (len(texts),):
                raise ValueError(
                    f"{name} has the shape {np.shape(values)}; give one for each of the {len(texts)} texts"
                )
        _check_sides(labels)
        counts = self.count(texts)
        group_of = near_duplicate_groups(texts) if groups is None else np.unique(groups, return_inverse=True)[1]
        folds = fold_of(labels == CAMPAIGN, group_of, self.n_folds, self.random_state)
        asked = np.ones(len(texts), bool) if unseen is None else np.asarray(unseen, bool)
        return self.fit_counted(Counted(texts, labels, counts, folds, asked, group_of), np.arange(len(texts)))

    def fit_counted(
        self, messages: Counted, rows: np.ndarray, starts: Mapping[int | None, Start] | None = None,
        scored: CrossFit | None = None,
    ) -> CampaignClassifier:  # fmt: skip
        """
        Learn from messages that were counted before: several fits on parts of the same messages share that.

        Parameters
        ----------
        messages : Counted
            Counted with this classifier's settings.
        rows : numpy.ndarray of int
            Those to learn from.
        starts : mapping of int or None to Start, optional
            As in `tasrib.classify.crossfit.cross_fit`.
        scored : CrossFit, optional
            Of nearly all of these messages, by which the weights are then calibrated: they are fitted once instead of once a part as well.
            Right where the few others hardly move the scores of these. By default the same messages are learnt from and calibrated on.

        Returns
        -------
        CampaignClassifier
            Itself.

        Raises
        ------
        ValueError
            When the labels, or those of the unseen messages, lack ``political_campaign`` or have nothing else.
        """
        _check_sides(messages.labels[rows])
        found: Whole
        if scored is None:
            found = scored = self.cross_fit(messages, rows, starts)
        else:
            start = None if starts is None else starts.get(None)
            found = fit_whole(
                messages, rows, regularisation=self.regularisation, min_messages=self.min_messages, start=start
            )
        self.classes_ = found.classes
        self._calibrate(messages, scored)
        self.idf_, self.coef_, self.intercept_ = found.idf, found.coef, found.intercept
        return self

    def cross_fit(
        self, messages: Counted, rows: np.ndarray, starts: Mapping[int | None, Start] | None = None
    ) -> CrossFit:
        """Fit the n-grams alone, with these settings: see `tasrib.classify.crossfit.cross_fit`."""
        return cross_fit(
            messages,
            rows,
            regularisation=self.regularisation,
            min_messages=self.min_messages,
            n_jobs=self.n_jobs,
            starts=starts,
        )

    def decision_function(self, X: Iterable[str]) -> np.ndarray:
        """
        Score of each category by the n-grams, uncalibrated; their softmax is the regression's own probability.

        Parameters
        ----------
        X : sequence of str, shape (n,)
            Messages.

        Returns
        -------
        numpy.ndarray of float, shape (n, n_classes)
            Columns in the order of ``classes_``.
        """
        check_is_fitted(self)
        counts = self.count(as_texts(X))
        return add_up(counts, weigh(counts, self.idf_), self.coef_) + self.intercept_

    def predict_proba(self, X: Iterable[str]) -> np.ndarray:
        """
        Probability of each category.

        Parameters
        ----------
        X : sequence of str, shape (n,)
            Messages.

        Returns
        -------
        numpy.ndarray of float, shape (n, n_classes)
            Rows sum to 1. The column of ``political_campaign`` is calibrated; the others share the remainder in
            proportion to the softmax of their scores (with an encoder, of the same weighted sum) and are not calibrated.
        """
        check_is_fitted(self)
        read = read_in_batches(self, as_texts(X))
        return np.concatenate([np.empty((0, len(self.classes_))), *(reading.probabilities for _, reading in read)])

    def predict(self, X: Iterable[str]) -> np.ndarray:
        """
        The likeliest category of each message.

        Parameters
        ----------
        X : sequence of str, shape (n,)
            Messages.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            Categories.
        """
        best = self.predict_proba(X).argmax(axis=1)
        return self.classes_[best]

    def decide(self, probability: ArrayLike) -> np.ndarray:
        """As `Scorer.decide`."""
        check_is_fitted(self)
        return super().decide(probability)

    def count(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """
        Count the n-grams of messages with this classifier's settings.

        Parameters
        ----------
        texts : iterable of str
            Messages.

        Returns
        -------
        scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
            From `tasrib.text.hashed_ngrams`.
        """
        return hashed_ngrams(texts, char_range=self.char_range, word_range=self.word_range, bits=self.bits)

    def __sklearn_tags__(self) -> Tags:
        """Declare to scikit-learn that the input is a sequence of strings."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags

    def _calibrate(self, messages: Counted, scored: CrossFit) -> None:
        """Calibrate on scores held out: with an encoder on those of the messages that it has not seen."""
        held_out, positive = scored.held_out, messages.labels[scored.rows] == CAMPAIGN
        rows = np.arange(len(held_out))
        self.encoder_weight_, self.gate_ = 0.0, Gate()
        if self.encoder is None:
            slope, intercept = fit_sigmoid(held_out, positive)
            log_odds = slope * held_out + intercept
        else:
            rows = np.flatnonzero(messages.unseen[scored.rows])
            texts = [messages.texts[row] for row in scored.rows[rows]]
            if len(set(positive[rows])) < 2:
                raise ValueError("the messages unseen by the encoder must be of both sides; add labelled messages")
            whole = campaign_log_odds(self.encoder.scores(texts), self.encoder.classes)
            slope, weight, intercept = fit_blend(held_out[rows], whole, positive[rows])
            log_odds = slope * held_out[rows] + weight * whole + intercept
            lower, upper = (float(logit(end)) for end in self._thresholds(log_odds, positive[rows]))
            self.gate_ = fit_gate(held_out[rows], whole, log_odds, (lower, upper))
            whole = np.where(self.gate_.asked(held_out[rows]), whole, self.gate_.stand_in(held_out[rows]))
            slope, self.encoder_weight_, intercept = fit_blend(held_out[rows], whole, positive[rows])
            log_odds = slope * held_out[rows] + self.encoder_weight_ * whole + intercept
        self.calibration_ = slope, intercept
        self.thresholds_ = self._thresholds(log_odds, positive[rows])
        about = positive[rows], messages.groups[scored.rows[rows]], scored.strange[rows]
        self.reference_ = refer(log_odds, *about)
        alone = fit_sigmoid(held_out[rows], positive[rows])
        log_odds = alone[0] * held_out[rows] + alone[1]
        self.alone_ = *alone, *self._thresholds(log_odds, positive[rows])
        self.reference_alone_ = refer(log_odds, *about)

    def _thresholds(self, log_odds: np.ndarray, positive: np.ndarray) -> tuple[float, float]:
        return choose_thresholds(sigmoid(log_odds), positive, precision=self.precision, recall=self.recall)


def _check_sides(labels: np.ndarray) -> None:
    known = np.unique(labels)
    if CAMPAIGN not in known or len(known) < 2:
        raise ValueError(f"the labels must hold {CAMPAIGN!r} and at least one other category, not {known.tolist()}")


def _labels(y: ArrayLike, n_texts: int) -> np.ndarray:
    given = np.asarray(y, dtype=object)
    if given.ndim != 1:
        raise ValueError(
            f"expected one label for each of the {n_texts} texts, in a list or column; got {type(y).__name__}"
        )
    if len(given) != n_texts:
        raise ValueError(f"{n_texts} texts but {len(given)} labels; give one label for each text")
    # A missing label would become a category by the name of nan.
    for position, label in enumerate(given):
        if not isinstance(label, str):
            missing = label is None or label != label
            what = "missing" if missing is True else f"{type(label).__name__}, not the name of a category"
            raise ValueError(f"label {position} is {what}; write one, or drop its message")
    return given.astype(str)
