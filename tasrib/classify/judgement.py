"""What is said of a message: label, probability, decision and reasons, from one reading of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from tasrib._arguments import as_kind
from tasrib.classify.batch import MOST_DISMISSED
from tasrib.classify.categories import CAMPAIGN, DECISIONS
from tasrib.classify.chosen import choose_model
from tasrib.classify.legible import cannot_read
from tasrib.classify.reading import Reading, read_in_batches
from tasrib.classify.reasons import Explained, weigh_chunks
from tasrib.classify.scorer import Scorer
from tasrib.classify.store import Model
from tasrib.text.compiled.loading import expect, met
from tasrib.text.messages import as_texts

if TYPE_CHECKING:
    import pandas as pd

# What is known of a message until it is decided among all others of its batch.
UNDECIDED = ("other", "share", "unread", "strange")
# The arrays of a judgement, and what an empty one holds.
ARRAYS: dict[str, type] = {
    "category": str, "probability": float, "decision": str, "other": str, "share": float, "unread": bool, "strange": float,
}  # fmt: skip


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
    other : numpy.ndarray of str, shape (n,)
        The likeliest category of each besides campaign.
    share : numpy.ndarray of float, shape (n,)
        Probability of that category among those besides campaign.
    unread : numpy.ndarray of bool, shape (n,)
        Which could not be read; of those surely campaign it was not asked.
    strange : numpy.ndarray of float, shape (n,)
        Share of the n-grams of each that the classifier does not know.
    explanations : tuple of Explained or None
        One a message, None where no reasons were asked for; none at all where they were asked for nowhere.
    """

    category: np.ndarray
    probability: np.ndarray
    decision: np.ndarray
    other: np.ndarray
    share: np.ndarray
    unread: np.ndarray
    strange: np.ndarray
    explanations: tuple[Explained | None, ...] = ()

    def table(self) -> pd.DataFrame:
        """
        Label, probability and decision as a table.

        Returns
        -------
        pandas.DataFrame, shape (n, 3)
            ``category``, ``probability``, ``decision``.
        """
        # Taken up late: to explain a message takes no table.
        import pandas as pd

        return pd.DataFrame({"category": self.category, "probability": self.probability, "decision": self.decision})


def judge(
    classifier: Scorer,
    texts: Iterable[str],
    *,
    reasons: Literal["none", "not_dismissed", "all"] = "none",
    normalised: Sequence[str] | None = None,
) -> Judgement:
    """
    Label messages and say why.

    Parameters
    ----------
    classifier : Scorer
        A fitted classifier.
    texts : iterable of str, shape (n,)
        Messages as received.
    reasons : {"none", "not_dismissed", "all"}
        Which to explain as well: none, those that are not ``not_campaign``, or all.
    normalised : sequence of str, shape (n,), optional
        The same as `tasrib.text.normalise` rewrites them, where that was done already.

    Returns
    -------
    Judgement
        All of it from one reading: each n-gram is hashed once for the label, and the encoder is asked once for each distinct
        message of a batch.

    Raises
    ------
    ValueError
        When the texts are one string, or something among them is no string.
    """
    messages = as_texts(texts)
    expect(len(messages))
    parts = [
        _judge_batch(classifier, reading, messages[rows], reasons)
        for rows, reading in read_in_batches(classifier, messages, normalised)
    ]
    met(len(messages))
    arrays = {
        name: np.concatenate([*(getattr(part, name) for part in parts), np.empty(0, kind)])
        for name, kind in ARRAYS.items()
    }
    return Judgement(**arrays, explanations=tuple(each for part in parts for each in part.explanations))


def _judge_batch(classifier: Scorer, reading: Reading, texts: Sequence[str], reasons: str) -> Judgement:
    probability = reading.probabilities[:, classifier.classes_ == CAMPAIGN].ravel()
    category = classifier.classes_[reading.probabilities.argmax(axis=1)]
    decision = classifier.decide(probability)
    # What could not be read was not found to be no campaign: a person looks at it.
    doubtful = np.flatnonzero((decision == DECISIONS[2]) | (probability < MOST_DISMISSED))
    unread = np.zeros(len(texts), bool)
    unread[doubtful] = cannot_read(classifier, reading, texts, doubtful)
    decision = np.where(unread & (decision == DECISIONS[2]), DECISIONS[1], decision)
    others = np.where(classifier.classes_ == CAMPAIGN, -1.0, reading.probabilities)
    second = others.argmax(axis=1)
    share = others[np.arange(len(texts)), second] / np.maximum(1 - probability, 1e-300)
    said = Judgement(category, probability, decision, classifier.classes_[second], share, unread, reading.strange)
    if reasons == "none":
        return said
    rows = np.arange(len(texts)) if reasons == "all" else np.flatnonzero(decision != DECISIONS[2])
    explanations: list[Explained | None] = [None] * len(texts)
    for row, (base, weights) in zip(rows.tolist(), weigh_chunks(classifier, reading, rows), strict=True):
        whole = float(reading.whole[row])
        explanations[row] = Explained(
            texts[row], str(category[row]), str(decision[row]), float(probability[row]), base, whole,
            base + whole + sum(weights), reading.normalised[row], weights, bool(unread[row]),
        )  # fmt: skip
    return replace(said, explanations=tuple(explanations))


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
    return [each for each in judge(chosen.scorer, messages, reasons="all").explanations if each is not None]
