"""One reading of messages: n-grams hashed once, the encoder asked once, and all that is said of them comes from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.utils.validation import check_is_fitted

from tasrib.classify.blend import blend, campaign_log_odds, places_of
from tasrib.classify.ngrams import weigh

if TYPE_CHECKING:
    from tasrib.classify.campaign import CampaignClassifier


@dataclass(frozen=True)
class Reading:
    """
    What a classifier finds in messages.

    Attributes
    ----------
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        How often each n-gram occurs; columns of a row in ascending order.
    features : scipy.sparse.csr_matrix of float32, shape (n, KINDS * 2 ** bits)
        What the weights of the n-grams apply to; entries in the order of `counts`.
    scores : numpy.ndarray of float, shape (n, n_classes)
        Of each category by the n-grams, uncalibrated.
    whole : numpy.ndarray of float, shape (n,)
        What the encoder adds to the calibrated log-odds of campaign; 0 without one.
    probabilities : numpy.ndarray of float, shape (n, n_classes)
        Of each category; that of campaign is calibrated.
    """

    counts: sparse.csr_matrix
    features: sparse.csr_matrix
    scores: np.ndarray
    whole: np.ndarray
    probabilities: np.ndarray


def read_messages(
    classifier: CampaignClassifier, texts: Sequence[str], normalised: Sequence[str] | None = None
) -> Reading:
    """
    Read messages once.

    Parameters
    ----------
    classifier : CampaignClassifier
        A fitted classifier.
    texts : sequence of str, shape (n,)
        Messages as received.
    normalised : sequence of str, shape (n,), optional
        The same as `tasrib.text.normalise` rewrites them, where that was done already.

    Returns
    -------
    Reading
        The encoder, many times slower than the n-grams, was asked once for each distinct message in which the n-grams leave a
        doubt.
    """
    check_is_fitted(classifier)
    counts = classifier.count(texts if normalised is None else normalised, normalised=normalised is not None)
    counts.sort_indices()
    features = weigh(counts, classifier.idf_)
    scores = np.asarray(features @ classifier.coef_.T + classifier.intercept_, float)
    words = classifier.campaign_score(scores)
    whole, by_category = _ask_encoder(classifier, texts, words)
    slope, intercept = classifier.calibration_
    probabilities = blend(
        classifier.classes_,
        scores,
        slope * words + whole + intercept,
        by_category,
        (slope, classifier.encoder_weight_),
    )
    return Reading(counts, features, scores, whole, probabilities)


def _ask_encoder(
    classifier: CampaignClassifier, texts: Sequence[str], words: np.ndarray
) -> tuple[np.ndarray, np.ndarray | None]:
    """What the encoder adds to the log-odds of campaign, and its log-probabilities of the categories where it knows them all."""
    encoder, weight = classifier.encoder, classifier.encoder_weight_
    if encoder is None or not weight:
        return np.zeros(len(texts)), None
    asked = np.flatnonzero(classifier.gate_.asked(words)).tolist()
    answers = encoder.scores([texts[row] for row in asked])
    log_odds = classifier.gate_.stand_in(words)
    log_odds[asked] = campaign_log_odds(answers, encoder.classes)
    places = places_of(classifier.classes_.tolist(), encoder.classes)
    if places is None:
        return weight * log_odds, None
    by_category = np.zeros((len(texts), len(places)))
    by_category[asked] = answers[:, places]
    return weight * log_odds, by_category
