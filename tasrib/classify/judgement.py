"""What is said of a message: label, probability, decision and reasons, from one reading of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib._arguments import as_kind
from tasrib.classify.campaign import CampaignClassifier
from tasrib.classify.categories import CAMPAIGN, DECISIONS
from tasrib.classify.chosen import choose_model
from tasrib.classify.legible import cannot_read
from tasrib.classify.reading import read_messages
from tasrib.classify.reasons import Explained, weigh_pieces
from tasrib.classify.store import Model
from tasrib.text import align
from tasrib.text.messages import as_texts

# Messages scored and explained at a time. To explain a message takes a row of weights for each of its n-grams, about 50 KB for a
# text message: in batches of this size 50 MB, and progress is shown every few seconds.
BATCH = 1_000


@dataclass(frozen=True)
class Judgement:
    """
    What a classifier says of messages.

    Attributes
    ----------
    category : numpy.ndarray of str, shape (n,)
        The likeliest of each.
    probability : numpy.ndarray of float, shape (n,)
        Calibrated, of political campaign.
    decision : numpy.ndarray of str, shape (n,)
        ``campaign``, ``review`` or ``not_campaign``; what cannot be read is never the last.
    explanations : tuple of Explained
        One a message; none where reasons were not asked for.
    """

    category: np.ndarray
    probability: np.ndarray
    decision: np.ndarray
    explanations: tuple[Explained, ...] = ()

    def table(self) -> pd.DataFrame:
        """
        Label, probability and decision as a table.

        Returns
        -------
        pandas.DataFrame, shape (n, 3)
            ``category``, ``probability``, ``decision``.
        """
        return pd.DataFrame({"category": self.category, "probability": self.probability, "decision": self.decision})


def judge(classifier: CampaignClassifier, texts: Iterable[str], *, reasons: bool = False) -> Judgement:
    """
    Label messages and say why.

    Parameters
    ----------
    classifier : CampaignClassifier
        A fitted classifier.
    texts : iterable of str, shape (n,)
        Messages as received.
    reasons : bool
        Whether to explain as well; it takes about as long as the n-grams do.

    Returns
    -------
    Judgement
        All of it from one reading: each n-gram is hashed once for the label, and the encoder is asked once for each distinct
        message.

    Raises
    ------
    ValueError
        When the texts are one string, or something among them is no string.
    """
    messages = as_texts(texts)
    if not messages:
        return Judgement(np.empty(0, str), np.empty(0), np.empty(0, str))
    aligned = [align(text) for text in messages] if reasons else None
    reading = read_messages(classifier, messages, None if aligned is None else [each.text for each in aligned])
    probability = reading.probabilities[:, classifier.classes_ == CAMPAIGN].ravel()
    category = classifier.classes_[reading.probabilities.argmax(axis=1)]
    decision = classifier.decide(probability)
    # What could not be read was not found to be no campaign: a person looks at it.
    dismissed = np.flatnonzero(decision == DECISIONS[2])
    unread = np.zeros(len(messages), bool)
    unread[dismissed] = cannot_read(classifier, reading.counts[dismissed], [messages[row] for row in dismissed])
    decision = np.where(unread, DECISIONS[1], decision)
    if aligned is None:
        return Judgement(category, probability, decision)
    parts = []
    for start in range(0, len(messages), BATCH):
        parts += weigh_pieces(classifier, reading, aligned, messages, slice(start, start + BATCH))
    said = zip(
        messages, category, decision, probability.tolist(), reading.whole.tolist(), parts, unread.tolist(), strict=True
    )
    explanations = tuple(
        Explained(text, str(c), str(d), p, base, whole, base + whole + sum(part.weight for part in pieces), pieces, un)
        for text, c, d, p, whole, (base, pieces), un in said
    )
    return Judgement(category, probability, decision, explanations)


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
    messages = [texts] if isinstance(texts, str) else texts
    chosen = choose_model().model if model is None else as_kind(model, Model, "a model, as from tasrib.load_model")
    classifier = chosen.classifier
    return list(judge(classifier, messages, reasons=True).explanations)
