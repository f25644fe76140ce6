"""What a fitted classifier is to those who only ask it: arrays and settings, without scikit-learn, which takes longer to import than to ask."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tasrib._fitted import Fitted
from tasrib.classify.batch import Reference
from tasrib.classify.blend import campaign_log_odds
from tasrib.classify.categories import DECISIONS
from tasrib.classify.encoder import Encoder
from tasrib.classify.gate import Gate
from tasrib.errors import ModelRefused


class Scorer(Fitted):
    """
    A fitted classifier that scores messages and cannot be fitted again.

    Made of the settings and attributes of a fitted `tasrib.CampaignClassifier`.
    """

    char_range: tuple[int, int]
    word_range: tuple[int, int]
    bits: int
    encoder: Encoder | None
    classes_: np.ndarray
    coef_: np.ndarray
    intercept_: np.ndarray
    idf_: np.ndarray
    calibration_: tuple[float, float]
    encoder_weight_: float
    gate_: Gate
    thresholds_: tuple[float, float]
    alone_: tuple[float, float, float, float] | None
    reference_: Reference | None
    reference_alone_: Reference | None

    def campaign_score(self, scores: np.ndarray) -> np.ndarray:
        """
        Log-odds of campaign against all other categories, uncalibrated.

        Parameters
        ----------
        scores : numpy.ndarray, shape (n, n_classes)
            Of each category, by the n-grams.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            Score of campaign less the log-sum-exp of the others.
        """
        return campaign_log_odds(scores, self.classes_)

    def decide(self, probability: ArrayLike) -> np.ndarray:
        """
        Turn calibrated probabilities into decisions.

        Parameters
        ----------
        probability : sequence of float, shape (n,)
            Calibrated probabilities of campaign.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            ``campaign``, ``review`` or ``not_campaign``.
        """
        lower, upper = self.thresholds_
        probability = np.asarray(probability, float)
        return np.select([probability >= upper, probability >= lower], DECISIONS[:2], DECISIONS[2])

    def without_encoder(self) -> Scorer:
        """
        Make the scorer that goes by the n-grams alone, with a calibration and thresholds of its own.

        Returns
        -------
        Scorer
            Itself where it has no encoder.

        Raises
        ------
        ModelRefused
            When the model was made before models knew how sure their n-grams are by themselves.
        """
        if self.encoder is None:
            return self
        if self.alone_ is None:
            raise ModelRefused(
                "this model was made by an earlier tasrib and cannot do without its encoder; make it anew with tasrib train"
            )
        slope, intercept, lower, upper = self.alone_
        return Scorer(
            self.settings | {"encoder": None},
            self.fitted
            | {
                "calibration_": (slope, intercept),
                "encoder_weight_": 0.0,
                "gate_": Gate(),
                "thresholds_": (lower, upper),
                "reference_": self.reference_alone_,
            },
        )

    def for_batches(self) -> Scorer:
        """
        Make the scorer that dismisses what no batch could keep, and nothing else: what it calls ``review`` is to be settled by `terms_of`.

        Returns
        -------
        Scorer
            Itself where the model does not know what batches are to be held against.
        """
        if self.reference_ is None:
            return self
        floor = min(self.reference_.floor, self.thresholds_[0])
        return Scorer(self.settings, self.fitted | {"thresholds_": (floor, self.thresholds_[1])})
