"""A user's own labels in, a user's own model out, measured on messages it was not fitted on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.classify import CAMPAIGN, CATEGORIES, CampaignClassifier, Model, load_model, save_model
from tasrib.classify.measure import cross_predict, measures, predict_table
from tasrib.complaints.scored import read_named
from tasrib.errors import UnreadableInput
from tasrib.text import VarietyClassifier, near_duplicate_groups
from tasrib.text.language import VARIETIES

_HINT = "labelled messages need the columns text and category"
_FEWEST = 10
_LANGUAGES = (*VARIETIES, "mixed")


def read_labelled(paths: Sequence[str | Path]) -> pd.DataFrame:
    """
    Read labelled messages.

    Parameters
    ----------
    paths : sequence of path
        Tables with the columns ``text``, ``category`` and, where known, ``language``.

    Returns
    -------
    pandas.DataFrame
        All rows, with the columns ``text``, ``category``, ``language`` ("" where unknown).

    Raises
    ------
    UnreadableInput
        When a file cannot be read or lacks a column, or a row has no text, an unknown category or language: with its row and value.
    """
    parts = []
    for path in paths:
        frame, numbers = read_named(path, ("text", "category"), _HINT)
        frame["category"] = frame["category"].str.strip()
        frame["language"] = frame["language"].str.strip() if "language" in frame else ""
        for number, text, category, language in zip(
            numbers, frame["text"], frame["category"], frame["language"], strict=True
        ):
            if not text.strip():
                raise UnreadableInput(f"{path}, row {number}, column 'text': empty; fill it or delete the row")
            if category not in CATEGORIES:
                raise UnreadableInput(
                    f"{path}, row {number}, column 'category': {category!r} is unknown; write one of {', '.join(CATEGORIES)}"
                )
            if language not in ("", *_LANGUAGES):
                raise UnreadableInput(
                    f"{path}, row {number}, column 'language': {language!r} is unknown; "
                    f"write one of {', '.join(_LANGUAGES)} or leave it empty"
                )
        parts.append(frame[["text", "category", "language"]])
    return pd.concat(parts, ignore_index=True)


def train_model(labelled: pd.DataFrame, folder: str | Path) -> dict[str, float]:
    """
    Fit, measure and store a model.

    Parameters
    ----------
    labelled : pandas.DataFrame
        From `read_labelled`.
    folder : path
        Where the model is written, with ``metrics.json``.

    Returns
    -------
    dict of str to float
        Cross-validated figures, folds grouped by near-duplicate cluster: see `tasrib.classify.measure.measures`.

    Raises
    ------
    UnreadableInput
        When there are too few distinct messages on one side to measure anything.
    """
    texts, labels = labelled["text"].tolist(), labelled["category"].to_numpy()
    groups = near_duplicate_groups(texts)
    for side, rows in (("campaign", labels == CAMPAIGN), ("other", labels != CAMPAIGN)):
        distinct = len(np.unique(groups[rows]))
        if distinct < _FEWEST:
            raise UnreadableInput(
                f"only {distinct} distinct {side} messages are labelled; at least {_FEWEST} are needed to fit and measure"
            )
    classifier = CampaignClassifier()
    found = measures(labels, cross_predict(classifier, texts, labels, groups))
    classifier.fit(texts, labels, groups)
    known = labelled[labelled["language"].isin(VARIETIES)]
    if known["language"].nunique() > 1:
        variety = VarietyClassifier().fit(known["text"].tolist(), known["language"])
    else:
        variety = load_model().variety
    folder = save_model(classifier, variety, folder)
    (folder / "metrics.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return found


def evaluate_model(model: Model, labelled: pd.DataFrame) -> dict[str, float]:
    """
    Measure a model on labelled messages.

    Parameters
    ----------
    model : Model
        From `tasrib.load_model`.
    labelled : pandas.DataFrame
        From `read_labelled`; messages the model was not fitted on.

    Returns
    -------
    dict of str to float
        See `tasrib.classify.measure.measures`; also ``variety_accuracy`` where the language is given.
    """
    texts = labelled["text"].tolist()
    found = measures(labelled["category"], predict_table(model.classifier, texts))
    known = (labelled["language"] != "").to_numpy()
    if known.any():
        found["variety_accuracy"] = float(
            (model.variety.predict(texts) == labelled["language"].to_numpy())[known].mean()
        )
    return found
