"""Which parts of the message carried the decision: pieces of the original text whose weights add up to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.special import softmax
from scipy.stats import entropy

from tasrib.classify.campaign import CampaignClassifier
from tasrib.classify.categories import CAMPAIGN
from tasrib.classify.reading import Reading
from tasrib.text import Aligned, chunk_ngrams

WHOLE = "whole message"
UNREAD = "cannot be read: its letters, script or spelling are unknown to the model"


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
class Explained:
    """
    A message, what was decided, and why.

    Attributes
    ----------
    text : str
        The message as received.
    category, decision : str
        As in a scored complaint.
    probability : float
        Calibrated probability of political campaign.
    base : float
        Log-odds before any word is read, with what the spread over the other categories takes away.
    whole : float
        What the message as a whole adds, by the encoder; 0 for a model without one.
    log_odds : float
        ``base`` plus ``whole`` plus the weights of all pieces; its sigmoid is `probability`.
    pieces : tuple of Piece
        Parts of the text in their order.
    unread : bool
        Whether the message cannot be read, so that it is left to a person though its probability is low.
    """

    text: str
    category: str
    decision: str
    probability: float
    base: float
    whole: float
    log_odds: float
    pieces: tuple[Piece, ...]
    unread: bool = False

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)

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
            Such as ``"whole message +3.0; صوتوا +2.1; promo -0.8"``, heaviest first, in log-odds; before them, that it cannot be read.
        """
        named = [(WHOLE, self.whole), *((piece.text, piece.weight) for piece in self.pieces)]
        ranked = sorted(named, key=lambda each: -abs(each[1]))[:most]
        weighed = [f"{name} {weight:+.1f}" for name, weight in ranked if abs(weight) >= 0.05]
        return "; ".join([UNREAD, *weighed] if self.unread else weighed)


def weigh_pieces(
    classifier: CampaignClassifier, reading: Reading, aligned: Sequence[Aligned], texts: Sequence[str], rows: slice
) -> list[tuple[float, tuple[Piece, ...]]]:
    """
    Share the score of each message out among its pieces.

    Parameters
    ----------
    classifier : CampaignClassifier
        The classifier that read the messages.
    reading : Reading
        What it found.
    aligned : sequence of Aligned
        The messages, normalised.
    texts : sequence of str
        The messages as received.
    rows : slice
        Which of them.

    Returns
    -------
    list of (float, tuple of Piece)
        Base and pieces of each. An n-gram's part goes to the piece it lies in, or in equal parts to the pieces it joins.

    Notes
    -----
    The score is campaign's less the log-sum-exp of the others'. With *w* the softmax of the others' scores *z*, that
    log-sum-exp is exactly sum(w z) + H(w), H the entropy (Boyd & Vandenberghe, *Convex Optimization*, 2004, exercise 3.25's
    conjugate). So each n-gram weighs by its weight for campaign less the *w*-mean of its weights for the others, the
    entropy goes to the base, and the sum is the score itself. What the encoder adds is one part more, which no word can claim.
    """
    texts, aligned = texts[rows], aligned[rows]
    bases, each = _parts_of_ngrams(classifier, reading, rows)
    places, chunks = chunk_ngrams(
        [message.text for message in aligned],
        char_range=classifier.char_range,
        word_range=classifier.word_range,
        bits=classifier.bits,
    )
    message = np.repeat(np.arange(len(texts)), [len(spans) for spans in places])
    weights = _weights_of_chunks(chunks, message, each)

    found, chunk = [], 0
    for text, source, spans, base in zip(texts, aligned, places, bases.tolist(), strict=True):
        pieces = []
        for a, b in spans:
            start, end = source.span(a, b)
            pieces.append(Piece(start, end, text[start:end].strip(), float(weights[chunk])))
            chunk += 1
        found.append((base, tuple(pieces)))
    return found


def _weights_of_chunks(chunks: sparse.csr_matrix, message: np.ndarray, each: sparse.csr_matrix) -> np.ndarray:
    """What the n-grams of each chunk add, found by message and column: a row of the message's weights a chunk would be quadratic."""
    width = chunks.shape[1]
    asked = np.repeat(message, np.diff(chunks.indptr)) * width + chunks.indices
    known = np.repeat(np.arange(each.shape[0]), np.diff(each.indptr)) * width + each.indices
    if not len(known):
        return np.zeros(len(message))
    place = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    parts = np.where(known[place] == asked, chunks.data * each.data[place], 0)
    return np.bincount(np.repeat(np.arange(len(message)), np.diff(chunks.indptr)), parts, minlength=len(message))


def _parts_of_ngrams(classifier: CampaignClassifier, reading: Reading, rows: slice) -> tuple[np.ndarray, Any]:
    """Log-odds before any word, and what one occurrence of each n-gram adds in each message."""
    slope, intercept = classifier.calibration_
    campaign = classifier.classes_ == CAMPAIGN
    counts, each, scores = reading.counts[rows], reading.features[rows], reading.scores[rows]
    rivals = softmax(scores[:, ~campaign], axis=1)
    against = np.zeros_like(scores)
    against[:, campaign], against[:, ~campaign] = 1, -rivals
    bases = slope * (against @ classifier.intercept_ - entropy(rivals, axis=1)) + intercept
    row = np.repeat(np.arange(len(scores)), np.diff(each.indptr))
    weight = np.einsum("ij,ji->i", against[row], classifier.coef_[:, each.indices])
    # Of one occurrence: the n-gram's part of the score, divided by how often it occurs in the message.
    each.data = (slope * each.data * weight / counts.data).astype(np.float32)
    return bases, each
