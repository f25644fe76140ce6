"""Which parts of the message carried the decision: pieces of the original text whose weights add up to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tasrib.classify.campaign import CAMPAIGN, CampaignClassifier
from tasrib.text import align, chunk_ngrams, hashed_ngrams

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
        Log-odds before any word is read.
    log_odds : float
        ``base`` plus the weights of all pieces: the calibrated log-odds of campaign.
    """

    pieces: tuple[Piece, ...]
    base: float
    log_odds: float

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
            Such as ``"صوتوا +2.1; الوردة +1.4; promo -0.8"``, heaviest first, in log-odds.
        """
        ranked = sorted(self.pieces, key=lambda piece: -abs(piece.weight))[:most]
        return "; ".join(f"{p.text} {p.weight:+.1f}" for p in ranked if abs(p.weight) >= 0.05)


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
        One a message. The weights are exact, since the score is linear in the n-grams: each n-gram's part goes to the
        piece it lies in, or in equal parts to the pieces it joins.
    """
    found: list[Explanation] = []
    for start in range(0, len(texts), _BATCH):
        found += _explain_batch(classifier, texts[start : start + _BATCH])
    return found


def _explain_batch(classifier: CampaignClassifier, texts: Sequence[str]) -> list[Explanation]:
    slope, intercept = classifier.calibration_
    campaign = int(np.flatnonzero(classifier.classes_ == CAMPAIGN)[0])
    base = float(slope * classifier.intercept_[campaign] + intercept)
    aligned = [align(text) for text in texts]
    plain = [each.text for each in aligned]
    settings: dict[str, Any] = {
        "char_range": classifier.char_range,
        "word_range": classifier.word_range,
        "bits": classifier.bits,
    }

    # What one occurrence of an n-gram adds: its part of the score, divided by how often it occurs in the message.
    counts = hashed_ngrams(plain, normalised=True, **settings)
    counts.sort_indices()
    each = classifier.weighted(counts)
    each.data = slope * each.data * classifier.coef_[campaign, each.indices] / counts.data
    places, chunks = chunk_ngrams(plain, **settings)
    message = np.repeat(np.arange(len(texts)), [len(spans) for spans in places])
    weights = np.asarray(chunks.multiply(each[message]).sum(axis=1)).ravel() if len(message) else np.empty(0)

    found, row = [], 0
    for text, source, spans in zip(texts, aligned, places, strict=True):
        pieces = []
        for a, b in spans:
            start, end = source.span(a, b)
            pieces.append(Piece(start, end, text[start:end].strip(), float(weights[row])))
            row += 1
        found.append(Explanation(tuple(pieces), base, base + sum(piece.weight for piece in pieces)))
    return found
