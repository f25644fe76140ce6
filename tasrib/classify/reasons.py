"""Which parts of the message carried the decision: pieces of the original text whose weights add up to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax
from scipy.stats import entropy

from tasrib.classify.campaign import CampaignClassifier
from tasrib.classify.categories import CAMPAIGN
from tasrib.text import align, chunk_ngrams, hashed_ngrams

WHOLE = "whole message"
_BATCH = 2_000


@dataclass(frozen=True)
class Piece:
    """
    A part of the original message and its weight.

    Attributes
    ----------
    start, end : int
        Its place in the original text.
    text : str
        The original characters there.
    weight : float
        What it adds to the calibrated log-odds of campaign; negative speaks against.
    """

    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True)
class Explanation:
    """
    The score of one message, taken apart.

    Attributes
    ----------
    pieces : tuple of Piece
        In the order of the text.
    base : float
        Log-odds before any word is read, with what the spread over the other categories takes away.
    log_odds : float
        ``base`` plus ``whole`` plus the weights of all pieces: the calibrated log-odds of campaign.
    whole : float
        What the message as a whole adds, by the encoder; 0 without one.
    """

    pieces: tuple[Piece, ...]
    base: float
    log_odds: float
    whole: float = 0.0

    def heaviest(self, most: int = 5) -> str:
        """
        Name the pieces that weighed most.

        Parameters
        ----------
        most : int
            How many.

        Returns
        -------
        str
            Such as ``"whole message +3.0; صوتوا +2.1; promo -0.8"``, heaviest first, in log-odds.
        """
        named = [(WHOLE, self.whole), *((piece.text, piece.weight) for piece in self.pieces)]
        ranked = sorted(named, key=lambda each: -abs(each[1]))[:most]
        return "; ".join(f"{name} {weight:+.1f}" for name, weight in ranked if abs(weight) >= 0.05)


def explain(classifier: CampaignClassifier, texts: Sequence[str]) -> list[Explanation]:
    """
    Take the scores of messages apart.

    Parameters
    ----------
    classifier : CampaignClassifier
        A fitted classifier.
    texts : sequence of str
        Messages as received.

    Returns
    -------
    list of Explanation
        One a message. An n-gram's part goes to the piece it lies in, or in equal parts to the pieces it joins.

    Notes
    -----
    The score is campaign's less the log-sum-exp of the others'. With *w* the softmax of the others' scores *z*, that
    log-sum-exp is exactly sum(w z) + H(w), H the entropy (Boyd & Vandenberghe, *Convex Optimization*, 2004, exercise 3.25's
    conjugate). So each n-gram weighs by its weight for campaign less the *w*-mean of its weights for the others, the
    entropy goes to the base, and the sum is the score itself. What the encoder adds is one part more, which no word can claim.
    """
    found: list[Explanation] = []
    for start in range(0, len(texts), _BATCH):
        found += _explain_batch(classifier, texts[start : start + _BATCH])
    return found


def _explain_batch(classifier: CampaignClassifier, texts: Sequence[str]) -> list[Explanation]:
    slope, intercept = classifier.calibration_
    campaign = classifier.classes_ == CAMPAIGN
    aligned = [align(text) for text in texts]
    plain = [each.text for each in aligned]
    settings: dict[str, Any] = {
        "char_range": classifier.char_range,
        "word_range": classifier.word_range,
        "bits": classifier.bits,
    }

    counts = hashed_ngrams(plain, normalised=True, **settings)
    counts.sort_indices()
    each = classifier.weighted(counts)
    scores = np.asarray(each @ classifier.coef_.T + classifier.intercept_, float)
    rivals = softmax(scores[:, ~campaign], axis=1)
    against = np.zeros_like(scores)
    against[:, campaign], against[:, ~campaign] = 1, -rivals
    bases = slope * (against @ classifier.intercept_ - entropy(rivals, axis=1)) + intercept
    # What one occurrence of an n-gram adds: its part of the score, divided by how often it occurs in the message.
    row = np.repeat(np.arange(len(texts)), np.diff(each.indptr))
    weight = np.einsum("ij,ji->i", against[row], classifier.coef_[:, each.indices])
    each.data = (slope * each.data * weight / counts.data).astype(np.float32)
    places, chunks = chunk_ngrams(plain, **settings)
    message = np.repeat(np.arange(len(texts)), [len(spans) for spans in places])
    weights = np.asarray(chunks.multiply(each[message]).sum(axis=1)).ravel() if len(message) else np.empty(0)

    found, chunk = [], 0
    wholes = classifier.whole_message(texts, classifier.campaign_score(scores)).tolist()
    for text, source, spans, base, whole in zip(texts, aligned, places, bases.tolist(), wholes, strict=True):
        pieces = []
        for a, b in spans:
            start, end = source.span(a, b)
            pieces.append(Piece(start, end, text[start:end].strip(), float(weights[chunk])))
            chunk += 1
        found.append(Explanation(tuple(pieces), base, base + whole + sum(piece.weight for piece in pieces), whole))
    return found
