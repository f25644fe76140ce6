"""What a model says of each message, and then what is decided of it among all others of its batch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from tasrib.classify import CAMPAIGN, Model, judge
from tasrib.classify.batch import CENTRES, Terms, count_log_odds, terms_of
from tasrib.classify.categories import DECISIONS
from tasrib.classify.judgement import UNDECIDED
from tasrib.complaints.seen import Seen, digests

# Said of what is not dismissed alone.
_OF_LOOKED_AT = ("reasons", "plain", "party", "party_evidence", "against", "named")
# Shares are added up as whole numbers, so that the order of the parts changes nothing.
_MILLION = 1_000_000


class Deciding:
    """
    Learns what a batch is like, and decides.

    Parameters
    ----------
    model : Model
        That judged the messages.
    precision : float, optional
        Aimed at among those called ``campaign``; the model's own aim by default.
    """

    def __init__(self, model: Model, precision: float | None = None) -> None:
        scorer = model.scorer
        self._reference = scorer.reference_
        self._aims = precision or scorer.settings["precision"], scorer.settings["recall"]
        self._as_they_are = Terms(0.0, *scorer.thresholds_)
        self._counts, self._strange = np.zeros(len(CENTRES), np.int64), 0
        self._seen = Seen()
        self._terms: Terms | None = None

    def meet(self, part: pd.DataFrame) -> None:
        """
        Look at messages, each text once.

        Parameters
        ----------
        part : pandas.DataFrame
            With ``text``, ``probability`` and ``strange``, as from `tasrib.pipeline.parts.judged`.
        """
        if self._reference is None:
            return
        distinct = part.drop_duplicates("text")
        hashed = digests(distinct["text"])
        new = self._seen.first(hashed) < 0
        self._seen.add(hashed[new], np.zeros(int(new.sum()), np.int64))
        self._counts += count_log_odds(distinct["probability"].to_numpy(float)[new])
        self._strange += int(np.rint(distinct["strange"].to_numpy(float)[new] * _MILLION).sum())

    @property
    def terms(self) -> Terms:
        """How the batch is decided, once all its messages were met."""
        if self._terms is None:
            self._terms = self._as_they_are
            if self._reference is not None:
                strange = self._strange / _MILLION / max(1, int(self._counts.sum()))
                precision, recall = self._aims
                self._terms = terms_of(self._counts, strange, self._reference, precision=precision, recall=recall)
            self._seen = Seen()
        return self._terms

    def decided(self, part: pd.DataFrame) -> pd.DataFrame:
        """
        Decide.

        Parameters
        ----------
        part : pandas.DataFrame
            As from `tasrib.pipeline.parts.judged`, or some of its columns.

        Returns
        -------
        pandas.DataFrame
            ``probability``, ``decision`` and ``category`` as they fit the batch. Nothing more is said of what is dismissed.
        """
        terms = self.terms
        if self._reference is None:
            return part
        before = part["probability"].to_numpy(float)
        probability = terms.probabilities(before)
        # What was dismissed can be in no batch what it is not.
        decision = np.where(part["decision"] == DECISIONS[2], DECISIONS[2], terms.decide(before))
        decision = np.where(part["unread"], DECISIONS[1], decision)
        likeliest = probability >= (1 - probability) * part["share"].to_numpy(float)
        # What is dismissed is said to be something else, and the likeliest of that.
        campaign = likeliest & (decision != DECISIONS[2])
        category = np.where(campaign, CAMPAIGN, part["other"])
        found = part.assign(
            probability=probability,
            decision=pd.Series(decision, part.index, dtype="str"),
            category=pd.Series(category, part.index, dtype="str"),
        )
        dismissed = (decision == DECISIONS[2]) & (part["decision"] != DECISIONS[2]).to_numpy()
        return found.assign(**{name: found[name].mask(dismissed, "") for name in _OF_LOOKED_AT if name in found})


def judge_batch(model: Model, texts: Sequence[str], precision: float | None = None) -> pd.DataFrame:
    """
    Judge messages as one batch, and say no more of them than that.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    texts : sequence of str, shape (n,)
        Messages as received.
    precision : float, optional
        As for `tasrib.score`.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        ``category``, ``probability``, ``decision``, as `tasrib.score` gives them.
    """
    judged = judge(model.for_batches().scorer, texts)
    fields = {name: getattr(judged, name) for name in ("category", "probability", "decision", *UNDECIDED)}
    table = pd.DataFrame(fields).assign(text=list(texts))
    deciding = Deciding(model, precision)
    deciding.meet(table)
    return deciding.decided(table)[["category", "probability", "decision"]]
