"""What the model says of a message, and which of its words made it say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tasrib.classify import Model
from tasrib.classify import explain as explain_scores
from tasrib.classify.default import resolve_model
from tasrib.classify.measure import predict_table
from tasrib.classify.reasons import Piece


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
        Log-odds before any word is read.
    whole : float
        What the message as a whole adds, by the encoder; 0 for a model without one.
    log_odds : float
        ``base`` plus ``whole`` plus the weights of all pieces; its sigmoid is `probability`.
    pieces : tuple of Piece
        Parts of the text in their order, each with ``start``, ``end``, ``text`` and ``weight`` (log-odds; negative speaks against
        campaign).
    """

    text: str
    category: str
    decision: str
    probability: float
    base: float
    whole: float
    log_odds: float
    pieces: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def explain(texts: str | Sequence[str], model: Model | None = None) -> list[Explained]:
    """
    Take the model's judgement of messages apart.

    Parameters
    ----------
    texts : str or sequence of str
        One message or several, as received.
    model : Model, optional
        From `tasrib.load_model`; the default one (see `tasrib.promote`) where none is given.

    Returns
    -------
    list of Explained
        One a message. The weights are exact, since the score is linear in the n-grams and in the encoder's score.

    Raises
    ------
    ModelRefused
        When no model is given and the default one cannot be used.
    """
    messages = [texts] if isinstance(texts, str) else list(texts)
    classifier = (resolve_model() if model is None else model).classifier
    table = predict_table(classifier, messages)
    return [
        Explained(
            text,
            str(category),
            str(decision),
            float(probability),
            float(parts.base),
            float(parts.whole),
            float(parts.log_odds),
            parts.pieces,
        )
        for text, category, probability, decision, parts in zip(
            messages,
            table["category"],
            table["probability"],
            table["decision"],
            explain_scores(classifier, messages),
            strict=True,
        )
    ]
