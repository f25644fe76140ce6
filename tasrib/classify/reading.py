"""One reading of messages: n-grams hashed once, the encoder asked once, and all that is said of them comes from that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tasrib.classify.blend import blend, campaign_log_odds, places_of
from tasrib.classify.scorer import Scorer
from tasrib.classify.weighed import Weighed, weigh_messages
from tasrib.text.messages import in_batches
from tasrib.text.normal_form import normalise


@dataclass(frozen=True)
class Reading:
    """
    What a classifier finds in messages.

    Attributes
    ----------
    normalised : sequence of str
        The messages as `tasrib.text.normalise` rewrites them.
    of : numpy.ndarray of int, shape (n,)
        The place of each among those that differ once they are normalised: what is said of n-grams is said of these.
    weighed : Weighed
        What their n-grams say.
    scores : numpy.ndarray of float, shape (n_distinct, n_classes)
        Of each category by the n-grams, uncalibrated.
    whole : numpy.ndarray of float, shape (n,)
        What the encoder adds to the calibrated log-odds of campaign; 0 without one.
    probabilities : numpy.ndarray of float, shape (n, n_classes)
        Of each category; that of campaign is calibrated.
    strange : numpy.ndarray of float, shape (n,)
        Share of the n-grams of each that the classifier does not know.
    """

    normalised: Sequence[str]
    of: np.ndarray
    weighed: Weighed
    scores: np.ndarray
    whole: np.ndarray
    probabilities: np.ndarray
    strange: np.ndarray


def read_in_batches(
    classifier: Scorer, texts: Sequence[str], normalised: Sequence[str] | None = None
) -> Iterator[tuple[slice, Reading]]:
    """
    Read many messages, some at a time.

    Parameters
    ----------
    classifier : Scorer
        A fitted classifier.
    texts : sequence of str, shape (n,)
        Messages as received.
    normalised : sequence of str, shape (n,), optional
        The same as `tasrib.text.normalise` rewrites them, where that was done already.

    Yields
    ------
    (slice, Reading)
        Which messages, and what was found in them.
    """
    for rows in in_batches(texts):
        yield rows, read_messages(classifier, texts[rows], None if normalised is None else normalised[rows])


def read_messages(classifier: Scorer, texts: Sequence[str], normalised: Sequence[str] | None = None) -> Reading:
    """
    Read messages once.

    Parameters
    ----------
    classifier : Scorer
        A fitted classifier.
    texts : sequence of str, shape (n,)
        Messages as received.
    normalised : sequence of str, shape (n,), optional
        The same as `tasrib.text.normalise` rewrites them, where that was done already.

    Returns
    -------
    Reading
        The n-grams of messages that are the same once they are normalised were counted once. The encoder, many times slower than these,
        was asked once for each distinct message in which the n-grams leave a doubt.
    """
    plain = [normalise(text) for text in texts] if normalised is None else normalised
    number: dict[str, int] = {}
    of = np.array([number.setdefault(text, len(number)) for text in plain], np.intp)
    weighed = weigh_messages(classifier, list(number))
    scores = weighed.scores + classifier.intercept_
    words = classifier.campaign_score(scores)[of]
    whole, by_category = _ask_encoder(classifier, texts, words)
    slope, intercept = classifier.calibration_
    probabilities = blend(
        classifier.classes_,
        scores[of],
        slope * words + whole + intercept,
        by_category,
        (slope, classifier.encoder_weight_),
    )
    return Reading(plain, of, weighed, scores, whole, probabilities, weighed.strange[of])


def _ask_encoder(classifier: Scorer, texts: Sequence[str], words: np.ndarray) -> tuple[np.ndarray, np.ndarray | None]:
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
