"""Measure a model on labelled messages, every figure with its interval."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from tasrib._arguments import as_path, as_whole
from tasrib.attribute import attribute_parties
from tasrib.classify import CAMPAIGN, Model, load_model
from tasrib.errors import WrongArgument
from tasrib.learning.intervals import RESAMPLES, interval, resampling_weights, share_of, weighted_measures
from tasrib.learning.labels import Labelled, as_labelled
from tasrib.learning.promotion import METRICS
from tasrib.pipeline.deciding import judge_batch
from tasrib.text import near_duplicate_groups, normalise

_BY_LANGUAGE = ("campaign_precision", "campaign_recall", "review_share", "macro_f1")


def evaluate(
    model: Model | str | Path | None,
    labelled: Labelled,
    *,
    groups: ArrayLike | None = None,
    n_resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """
    Measure a model on labelled messages that it was not fitted on.

    Parameters
    ----------
    model : Model or path or None
        From `tasrib.load_model`, or its folder; None for the shipped one.
    labelled : pandas.DataFrame, path or sequence of path
        Messages with ``text`` and ``category``, and where known ``language``, ``party``, ``sender``.
    groups : sequence, shape (n,), optional
        Rows of one group come and go together in the bootstrap; near-duplicate clusters by default: a campaign reported often is one
        thing seen.
    n_resamples : int
        Bootstrap resamples for the intervals.

    Returns
    -------
    dict
        ``n``, ``clusters``; ``fitted_on``, how many of the messages are among the user's labels that a model in a folder was fitted
        on, so that the figures flatter it; the measures of `tasrib.learning.intervals.weighted_measures`; ``variety_accuracy`` where
        languages are given; ``party_precision`` and ``party_recall``, on the campaign messages, where parties are; ``intervals``, the
        95% interval of each; ``by_language``, the main ones for each language given.

    Raises
    ------
    UnreadableInput
        When the labels cannot be read: see `tasrib.learning.labels.read_labelled`.
    ModelRefused
        When the folder holds no model.
    """
    n_resamples = as_whole(n_resamples, "n_resamples")
    seen = set() if model is None or isinstance(model, Model) else _fitted_on(as_path(model, "the folder of a model"))
    model = model if isinstance(model, Model) else load_model(model)
    frame = as_labelled(labelled)
    texts, labels, languages = frame["text"].tolist(), frame["category"].to_numpy(), frame["language"].to_numpy()
    groups = near_duplicate_groups(texts) if groups is None else np.asarray(groups)
    if groups.shape != (len(texts),):
        raise WrongArgument(f"groups has the shape {groups.shape}; give one for each of the {len(texts)} messages")
    predicted = judge_batch(model, texts)
    weights = resampling_weights(groups, n_resamples)
    found = weighted_measures(labels, predicted, weights)
    known = languages != ""
    if known.any():
        found["variety_accuracy"] = share_of(known & (model.variety.predict(texts) == languages), known, weights)
    found |= _party(frame, weights)
    by_language = {}
    for name in sorted(set(languages[known])):
        rows = languages == name
        mine = weighted_measures(labels[rows], predicted[rows], weights[:, rows])
        by_language[name] = {"n": int(rows.sum())} | {key: rounded_interval(mine[key]) for key in _BY_LANGUAGE}
    return {
        "n": len(frame),
        "clusters": len(np.unique(groups)),
        "fitted_on": sum(fingerprint(text) in seen for text in texts),
        **{name: float(values[0]) for name, values in found.items()},
        "intervals": {name: list(interval(values)[1:]) for name, values in found.items()},
        "by_language": by_language,
    }


def fingerprint(text: str) -> str:
    """
    Name a text without repeating it.

    Parameters
    ----------
    text : str
        A message.

    Returns
    -------
    str
        Twelve digits of the SHA-256 of the normalised text: enough to tell whether a model was fitted on it.
    """
    return hashlib.sha256(normalise(text).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def rounded_interval(values: np.ndarray) -> list[float]:
    """
    A figure and its interval, for a table.

    Parameters
    ----------
    values : numpy.ndarray, shape (m,)
        As for `tasrib.learning.intervals.interval`.

    Returns
    -------
    list of float
        Value, low, high, to four decimals.
    """
    return [round(value, 4) for value in interval(values)]


def _party(frame: pd.DataFrame, weights: np.ndarray) -> dict[str, np.ndarray]:
    campaign = (frame["category"] == CAMPAIGN).to_numpy()
    true = frame["party"].to_numpy().astype(str)
    if not (campaign & (true != "")).any():
        return {}
    found = np.full(len(frame), "", dtype=object)
    mine = frame[campaign]
    found[campaign] = attribute_parties(mine["text"].tolist(), mine["sender"].tolist())["party"].to_numpy()
    right = campaign & (found == true) & (true != "")
    return {
        "party_precision": share_of(right, campaign & (found != ""), weights),
        "party_recall": share_of(right, campaign & (true != ""), weights),
    }


def _fitted_on(folder: Path) -> set[str]:
    try:
        return set(json.loads((folder / METRICS).read_text(encoding="utf-8"))["own_texts"])
    except (OSError, ValueError, KeyError, TypeError):
        # A model of another making: nothing is known of what it was fitted on.
        return set()
