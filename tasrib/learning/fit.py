"""A user's own labels in, a user's own model out, measured beside the shipped one on messages neither was fitted on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold

from tasrib.classify import CAMPAIGN, CampaignClassifier, Model, load_model, save_model
from tasrib.classify.default import METRICS
from tasrib.classify.measure import predict_table
from tasrib.errors import UnreadableInput
from tasrib.learning.card import model_card
from tasrib.learning.combine import Combined, combine
from tasrib.learning.compare import OWN_LABELS, TEST_SPLIT, HeldOut, compare_models, reasons_worse
from tasrib.learning.corpus import is_calibration_batch, load_shipped_corpus
from tasrib.learning.evaluation import fingerprint
from tasrib.learning.intervals import RESAMPLES
from tasrib.learning.labels import Labelled, as_labelled
from tasrib.learning.tune import GRID, tune
from tasrib.text import VarietyClassifier, near_duplicate_groups
from tasrib.text.language import VARIETIES

FEWEST = 10
_FOLDS = 3
_MANY = 2_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trained:
    """
    A new model and how it does.

    Attributes
    ----------
    folder : pathlib.Path
        Where it lies, with ``MODEL_CARD.md``, ``metrics.json`` and ``manifest.json``.
    model : Model
        The fitted estimators.
    comparison : pandas.DataFrame
        The new and the shipped model side by side: see `tasrib.learning.compare.compare_models`.
    worse : list of str
        Why the new model is worse than the shipped one; empty when it is not.
    metrics : dict
        What ``metrics.json`` holds.
    """

    folder: Path
    model: Model
    comparison: pd.DataFrame
    worse: list[str]
    metrics: dict[str, Any]


def train(
    labelled: Labelled,
    folder: str | Path,
    *,
    only_mine: bool = False,
    corpus: pd.DataFrame | None = None,
    estimator: CampaignClassifier | None = None,
    grid: Sequence[float] | None = None,
    n_resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> Trained:
    """
    Fit a model on the user's labels and the shipped corpus, and hold it against the shipped model.

    Parameters
    ----------
    labelled : pandas.DataFrame, path or sequence of path
        Messages with ``text`` and ``category``, and where known ``language``. Few will do: they are added to the corpus, where
        they win over rows with the same or nearly the same text.
    folder : path
        Where the model is written; an earlier one there is replaced. `tasrib.promote` makes it the default.
    only_mine : bool
        Leave the corpus out of the fitting; at least ten distinct messages are needed on each side.
    corpus : pandas.DataFrame, optional
        Another corpus than the shipped one, as from `tasrib.learning.corpus.load_shipped_corpus`.
    estimator : CampaignClassifier, optional
        Its settings are the starting point; those of the shipped recipe by default.
    grid : sequence of float, optional
        Multiples of its ``regularisation`` to try; with a single one nothing is tuned. ``tasrib.learning.tune.GRID`` by default.
    n_resamples : int
        Bootstrap resamples for the intervals.
    progress : callable, optional
        Called with the number of steps done and their total.

    Returns
    -------
    Trained
        The model, its figures and whether it is worse. The figures are those of messages neither model was fitted on: the fixed
        test split of the corpus, and the user's own labels cross-fitted by near-duplicate cluster.

    Raises
    ------
    UnreadableInput
        When the labels cannot be read, or with `only_mine` are too few.
    """
    frame = as_labelled(labelled)
    if only_mine:
        _check_enough(frame)
    combined = combine(load_shipped_corpus() if corpus is None else corpus, frame, only_mine=only_mine)
    return _train(
        frame, combined, Path(folder), only_mine, estimator, GRID if grid is None else grid, n_resamples, progress
    )


def _train(
    frame: pd.DataFrame, combined: Combined, folder: Path, only_mine: bool, estimator: CampaignClassifier | None,
    grid: Sequence[float], n_resamples: int, progress: Progress | None,
) -> Trained:  # fmt: skip
    recipe = CampaignClassifier() if estimator is None else estimator
    start = _with_workers(clone(recipe), int(combined.fitted.sum()))
    folds = _own_folds(combined, only_mine)
    count = _Counter(progress, total=3 + len(folds) + (2 * len(grid) if len(grid) > 1 else 0))

    rows = np.flatnonzero(combined.fitted)
    texts, labels = combined.frame["text"].to_numpy(dtype=object), combined.frame["category"].to_numpy(dtype=str)
    shipped = load_model()
    # Only the n-grams are tuned and fitted anew; the encoder is the shipped one, weighed on what it was not fine-tuned on.
    tuned, tried = tune(start, texts[rows], labels[rows], combined.groups[rows], grid, step=count.step)
    tuned.set_params(encoder=shipped.classifier.encoder)
    unseen = np.array([is_calibration_batch(batch) for batch in combined.batches])
    sets = []
    own = _cross_fitted(tuned, texts, labels, combined, folds, unseen, count)
    if own is not None:
        at = own.index.to_numpy()
        theirs = predict_table(shipped.classifier, texts[at].tolist())
        sets.append(HeldOut(OWN_LABELS, labels[at], combined.groups[at], own.reset_index(drop=True), theirs))
    classifier = clone(tuned).fit(texts[rows].tolist(), labels[rows], groups=combined.groups[rows], unseen=unseen[rows])
    count.step()
    test = np.flatnonzero(combined.test)
    if len(test):
        tables = [predict_table(each, texts[test].tolist()) for each in (classifier, shipped.classifier)]
        sets.append(HeldOut(TEST_SPLIT, labels[test], combined.batches[test], *tables))
    variety = _variety(combined, shipped)
    count.step()
    comparison = compare_models(sets, n_resamples)
    # A model that was measured on nothing has not been shown to be no worse.
    worse = reasons_worse(comparison) if sets else ["no message could be held out to compare them on"]

    # How many processes fitted it is nothing about the model.
    classifier.set_params(n_jobs=recipe.get_params()["n_jobs"])
    folder = save_model(classifier, variety, folder)
    model = load_model(folder)
    metrics = {
        "model": model.version,
        "shipped": shipped.version,
        "tasrib": version("tasrib"),
        "n": len(frame),
        "fitted_on": {"own": int(combined.own.sum()), "corpus": int((combined.fitted & ~combined.own).sum())},
        "corpus_rows_replaced": combined.replaced,
        "test_rows_left_out": combined.left_out,
        "own_rows_the_shipped_model_knew": int((combined.own & ~combined.unseen).sum()),
        "only_mine": only_mine,
        "own_folds": len(folds),
        "tuning": tried,
        "review_band": [float(value) for value in classifier.thresholds_],
        "own_by_category": frame["category"].value_counts().to_dict(),
        "own_by_language": frame["language"].replace("", "not stated").value_counts().to_dict(),
        "worse": worse,
        "own_texts": sorted(map(fingerprint, frame["text"])),
        "comparison": _records(comparison),
    }
    (folder / METRICS).write_text(json.dumps(metrics, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(model_card(metrics, comparison), encoding="utf-8")
    count.step()
    return Trained(folder, model, comparison, worse, metrics)


class _Counter:
    def __init__(self, progress: Progress | None, total: int):
        self.progress, self.total, self.done = progress, total, 0

    def step(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(min(self.done, self.total), self.total)


def _with_workers(estimator: CampaignClassifier, n_rows: int) -> CampaignClassifier:
    # Starting processes costs more than it gains on few rows.
    if estimator.get_params()["n_jobs"] is None and n_rows >= _MANY:
        estimator.set_params(n_jobs=min(4, os.cpu_count() or 1))
    return estimator


def _check_enough(frame: pd.DataFrame) -> None:
    groups = near_duplicate_groups(frame["text"].tolist())
    campaign = (frame["category"] == CAMPAIGN).to_numpy()
    for side, rows in (("campaign", campaign), ("other", ~campaign)):
        distinct = len(np.unique(groups[rows]))
        if distinct < FEWEST:
            raise UnreadableInput(
                f"only {distinct} distinct {side} messages are labelled; at least {FEWEST} are needed to fit and measure "
                "without the corpus; add labels or leave out --only-mine"
            )


def _own_folds(combined: Combined, only_mine: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    """Folds over the user's rows that the shipped model does not know: (rows to fit on, rows to predict)."""
    rows = np.flatnonzero(combined.unseen)
    n_folds = min(_FOLDS, len(np.unique(combined.groups[rows])))
    if n_folds < 2:
        return []
    campaign = (combined.frame["category"] == CAMPAIGN).to_numpy()[rows]
    smaller = min(len(np.unique(combined.groups[rows][campaign == side])) for side in (True, False))
    if smaller >= n_folds:
        parts = StratifiedGroupKFold(n_folds, shuffle=True, random_state=0).split(rows, campaign, combined.groups[rows])
    else:
        # With one side missing or nearly so there is nothing to stratify; alone, such labels could not be fitted.
        if only_mine:
            return []
        parts = GroupKFold(n_folds).split(rows, groups=combined.groups[rows])
    folds = []
    for _, held in parts:
        fit_on = combined.fitted.copy()
        fit_on[rows[held]] = False
        folds.append((np.flatnonzero(fit_on), rows[held]))
    return folds


def _cross_fitted(
    tuned: CampaignClassifier, texts: np.ndarray, labels: np.ndarray, combined: Combined, folds: list, unseen: np.ndarray,
    count: _Counter,
) -> pd.DataFrame | None:  # fmt: skip
    parts = []
    for fit_on, held in folds:
        fitted = clone(tuned).fit(
            texts[fit_on].tolist(), labels[fit_on], groups=combined.groups[fit_on], unseen=unseen[fit_on]
        )
        parts.append(predict_table(fitted, texts[held].tolist()).set_index(held))
        count.step()
    return pd.concat(parts).sort_index() if parts else None


def _variety(combined: Combined, shipped: Model) -> VarietyClassifier:
    stated = combined.frame["language"].isin(VARIETIES).to_numpy() & combined.fitted
    if not (stated & combined.own).any() or combined.frame["language"][stated].nunique() < 2:
        return shipped.variety
    known = combined.frame[stated]
    return VarietyClassifier().fit(known["text"].tolist(), known["language"])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    finite = frame.astype(object).where(frame.notna(), None)
    return finite.to_dict("records")
