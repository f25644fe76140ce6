"""Which parts of the message carried the decision: pieces of the original text whose weights add up to the score."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np

from tasrib.classify.categories import CAMPAIGN
from tasrib.classify.log_odds import entropy, softmax
from tasrib.classify.reading import Reading
from tasrib.classify.scorer import Scorer
from tasrib.text.chunks import places_of_chunks

WHOLE = "whole message"
UNREAD = "cannot be read: its letters, script or spelling are unknown to the model"
_WEIGHT = re.compile(r"( [+-]\d+\.\d(?:; |\Z))")


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
    normalised : str
        The message as `tasrib.text.normalise` rewrites it.
    weights : tuple of float
        Of each of its runs between blanks.
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
    normalised: str
    weights: tuple[float, ...]
    unread: bool = False

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """Parts of the text in their order."""
        return tuple(self._pieces(range(len(self.weights))))

    def _pieces(self, wanted: Sequence[int]) -> list[Piece]:
        places = places_of_chunks(self.text, self.normalised, wanted)
        return [
            Piece(start, end, self.text[start:end].strip(), self.weights[chunk])
            for chunk, (start, end) in zip(wanted, places, strict=True)
        ]

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        shown = [each.name for each in fields(self) if each.name not in ("normalised", "weights", "unread")]
        pieces = tuple(map(asdict, self.pieces))
        return {name: getattr(self, name) for name in shown} | {"pieces": pieces, "unread": self.unread}

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
        weights = [self.whole, *self.weights]
        heavy = [abs(weight) for weight in weights]
        ranked = sorted(range(len(weights)), key=heavy.__getitem__, reverse=True)[:most]
        ranked = [at for at in ranked if heavy[at] >= 0.05]
        # To find their places takes longer than to weigh them.
        pieces = iter(self._pieces([at - 1 for at in ranked if at]))
        weighed = [f"{next(pieces).text if at else WHOLE} {weights[at]:+.1f}" for at in ranked]
        return "; ".join([UNREAD, *weighed] if self.unread else weighed)


def pieces_and_weights(heaviest: str) -> list[str]:
    """
    Take apart what `Explained.heaviest` put together.

    Parameters
    ----------
    heaviest : str
        The pieces that weighed most.

    Returns
    -------
    list of str
        A piece, its weight with the signs round it, and so on; together they are what was given.
    """
    return _WEIGHT.split(heaviest)


def weigh_chunks(classifier: Scorer, reading: Reading, rows: np.ndarray) -> list[tuple[float, tuple[float, ...]]]:
    """
    Share the score of messages out among their chunks, the runs between blanks.

    Parameters
    ----------
    classifier : Scorer
        The classifier that read the messages.
    reading : Reading
        What it found.
    rows : numpy.ndarray of int
        Which of its messages.

    Returns
    -------
    list of (float, tuple of float)
        Base of each, and the weights of its chunks. An n-gram's part goes to the chunk it lies in, or in equal parts to the chunks it joins.

    Notes
    -----
    The score is campaign's less the log-sum-exp of the others'. With *w* the softmax of the others' scores *z*, that
    log-sum-exp is exactly sum(w z) + H(w), H the entropy (Boyd & Vandenberghe, *Convex Optimization*, 2004, exercise 3.25's
    conjugate). So each n-gram weighs by its weight for campaign less the *w*-mean of its weights for the others, the
    entropy goes to the base, and the sum is the score itself. What the encoder adds is one part more, which no word can claim.
    """
    distinct, of = np.unique(reading.of[rows], return_inverse=True)
    bases, against = _against(classifier, reading.scores[distinct])
    of_chunks = reading.weighed.share_out(classifier.calibration_[0], against, distinct)
    found = [(base, tuple(weights.tolist())) for base, weights in zip(bases.tolist(), of_chunks, strict=True)]
    return [found[at] for at in of.tolist()]


def _against(classifier: Scorer, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log-odds of messages before any word, and how much the weight of an n-gram for each category counts in each of them."""
    slope, intercept = classifier.calibration_
    campaign = classifier.classes_ == CAMPAIGN
    rivals = softmax(scores[:, ~campaign])
    against = np.zeros_like(scores)
    against[:, campaign], against[:, ~campaign] = 1, -rivals
    # Not as a product of matrices, whose last bit depends on how many rows they have, and on the machine.
    bases = slope * ((against * classifier.intercept_).sum(axis=1) - entropy(rivals)) + intercept
    return bases, against
