"""How good are the labels? On messages that the model was not fitted on."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from sklearn.metrics import average_precision_score, f1_score

from tasrib.classify.calibration import calibration_error
from tasrib.classify.campaign import CampaignClassifier
from tasrib.classify.categories import CAMPAIGN


def predict_table(classifier: CampaignClassifier, texts: Iterable[str]) -> pd.DataFrame:
    """
    What a classifier says of messages.

    Parameters
    ----------
    classifier : CampaignClassifier
        A fitted classifier.
    texts : sequence of str, shape (n,)
        Messages.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        ``category``, ``probability`` (calibrated, of campaign), ``decision``.
    """
    texts = list(texts)
    if not texts:
        return pd.DataFrame({"category": [], "probability": [], "decision": []}).astype({"probability": float})
    probabilities = classifier.predict_proba(texts)
    probability = probabilities[:, classifier.classes_ == CAMPAIGN].ravel()
    return pd.DataFrame(
        {
            "category": classifier.classes_[probabilities.argmax(axis=1)],
            "probability": probability,
            "decision": classifier.decide(probability),
        }
    )


def measures(labels: ArrayLike, predicted: pd.DataFrame) -> dict[str, float]:
    """
    Sum up predictions.

    Parameters
    ----------
    labels : sequence of str, shape (n,)
        True categories.
    predicted : pandas.DataFrame, shape (n, 3)
        From `predict_table`.

    Returns
    -------
    dict of str to float
        ``n``; ``macro_f1`` of the categories; of the decision ``campaign``: ``campaign_precision``,
        ``campaign_recall``, ``campaign_f1``; ``review_share`` of all messages; ``missed``, the share of the campaign messages
        decided ``not_campaign``; ``average_precision`` and ``calibration_error`` of the probability.
    """
    truth = np.asarray(labels, dtype=str)
    campaign = truth == CAMPAIGN
    decision = predicted["decision"].to_numpy()
    called = decision == "campaign"
    known = {
        "n": len(truth),
        "macro_f1": float(f1_score(truth, predicted["category"], average="macro", zero_division=0)),
        "campaign_precision": _mean(campaign[called]),
        "campaign_recall": _mean(called[campaign]),
        "review_share": _mean(decision == "review"),
        "missed": _mean(decision[campaign] == "not_campaign"),
        "average_precision": float(average_precision_score(campaign, predicted["probability"]))
        if campaign.any()
        else float("nan"),
        "calibration_error": calibration_error(predicted["probability"].to_numpy(), campaign),
    }
    known["campaign_f1"] = float(f1_score(campaign, called, zero_division=0))
    return known


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
