"""Fit a model on a user's own labels, and compare it with the shipped one on messages that neither was fitted on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from tasrib._arguments import as_frame, as_kind, as_number, as_path, as_whole
from tasrib.classify import CAMPAIGN, CampaignClassifier, Model, load_model, save_model
from tasrib.classify.real_text import RealText
from tasrib.classify.starts import Starts
from tasrib.classify.store import MODEL_FILES, check_model_folder
from tasrib.errors import UnreadableInput, WrongArgument
from tasrib.learning.card import model_card
from tasrib.learning.combine import Combined, combine
from tasrib.learning.compare import OWN_LABELS, TEST_SPLIT, HeldOut, compare_models, reasons_worse
from tasrib.learning.corpus import is_calibration_batch, load_shipped_corpus
from tasrib.learning.evaluation import fingerprint
from tasrib.learning.held_out import Labels, own_folds
from tasrib.learning.intervals import RESAMPLES
from tasrib.learning.labels import Labelled, as_labelled
from tasrib.learning.promotion import METRICS
from tasrib.learning.tune import FOLDS, GRID, tune
from tasrib.text import VarietyClassifier, near_duplicate_groups
from tasrib.text.varieties import PURE_VARIETIES

FEWEST = 10
CORPUS_COLUMNS = ("text", "category", "language", "batch", "test")
CARD = "MODEL_CARD.md"
# All that `train` writes into the folder of a model.
TRAINED_FILES = (*MODEL_FILES, METRICS, CARD)
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

    def __repr__(self) -> str:
        """Where it lies and whether it is worse: model, figures and comparison fill pages."""
        judged = (
            f"worse than the shipped one: {'; '.join(self.worse)}" if self.worse else "not worse than the shipped one"
        )
        return f"Trained({str(self.folder)!r}, {self.model.version}, {judged})"


def train(
    labelled: Labelled,
    folder: str | Path,
    *,
    only_mine: bool = False,
    corpus: pd.DataFrame | None = None,
    shipped: Model | str | Path | None = None,
    estimator: CampaignClassifier | None = None,
    grid: Sequence[float] | None = None,
    n_resamples: int = RESAMPLES,
    progress: Progress | None = None,
) -> Trained:
    """
    Fit a model on the user's labels and the shipped corpus, and compare it with the shipped model.

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
    shipped : Model or path, optional
        The model to start from and to compare with, or its folder; it was fitted on that corpus without the test batches. The one
        that tasrib ships by default.
    estimator : CampaignClassifier, optional
        Its settings are the starting point; those of the shipped model by default.
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
    folder, n_resamples = as_path(folder, "the folder of a model"), as_whole(n_resamples, "n_resamples")
    check_model_folder(folder, TRAINED_FILES)
    if estimator is not None:
        as_kind(estimator, CampaignClassifier, "a tasrib.CampaignClassifier for estimator")
    # What is quickly known to be wrong is told before the corpus is read.
    base = shipped if isinstance(shipped, Model) else load_model(shipped)
    grid = GRID if grid is None else _multiples(grid)
    frame = as_labelled(labelled)
    if only_mine:
        _check_enough(frame)
    if corpus is None:
        corpus = load_shipped_corpus()
    else:
        corpus = as_frame(corpus, "labelled messages for corpus", CORPUS_COLUMNS)
    combined = combine(corpus, frame, only_mine=only_mine)
    recipe = clone(base.classifier).set_params(encoder=None) if estimator is None else estimator
    # The folds, the final fit and the shipped model are asked about the same messages.
    plan = _Plan(
        frame,
        Labels.of(combined, _real_text(base, recipe, only_mine), _starts(base, recipe, only_mine)),
        _remembering(base, corpus),
        only_mine,
        recipe,
        grid,
    )
    steps = _Steps(progress, plan.n_steps)
    classifier, tried, sets = _fit(plan, steps)
    variety = _variety(combined, base)
    steps.done()
    comparison = compare_models(sets, n_resamples)
    # A model that was measured on nothing has not been shown to be no worse.
    worse = reasons_worse(comparison) if sets else ["no message could be held out to compare them on"]
    metrics: dict[str, Any] = {}

    def figures(made: Path) -> dict[str, str]:
        metrics.update(_metrics(plan, load_model(made), tried, worse, comparison))
        return {
            METRICS: json.dumps(metrics, indent=2, ensure_ascii=False) + "\n",
            CARD: model_card(metrics, comparison),
        }

    came_with = {"answers": base.answers, "real_text": base.real_text, "starts": base.starts}
    folder = save_model(classifier, variety, folder, **came_with, beside=figures)
    steps.done()
    return Trained(folder, load_model(folder), comparison, worse, metrics)


def _remembering(base: Model, corpus: pd.DataFrame) -> Model:
    """With an encoder that keeps its answers, and knows those about the corpus that came with the model."""
    may_be_asked = corpus["test"].to_numpy(bool) | corpus["batch"].map(is_calibration_batch).to_numpy(bool)
    return base.remembering(corpus.loc[may_be_asked, "text"])


def _real_text(base: Model, recipe: CampaignClassifier, only_mine: bool) -> RealText | None:
    """The real text that came with the model, where the new one counts as it does."""
    counted = ("char_range", "word_range", "bits")
    alike = all(getattr(recipe, name) == getattr(base.scorer, name) for name in counted)
    return RealText.load(base.real_text) if base.real_text is not None and alike and not only_mine else None


def _starts(base: Model, recipe: CampaignClassifier, only_mine: bool) -> Starts | None:
    """Where the fits on the corpus ended that the model came with, divided as these are to be."""
    found = None if base.starts is None or only_mine else Starts.load(base.starts)
    return found if found is not None and found.n_folds == recipe.n_folds else None


def _multiples(grid: Sequence[float]) -> list[float]:
    if isinstance(grid, str | bytes) or not isinstance(grid, Iterable):
        raise WrongArgument("grid holds multiples of the regularisation, such as (0.5, 1.0, 2.0)")
    multiples = [as_number(factor, "each of grid") for factor in grid]
    if not multiples or not all(0 < factor < np.inf for factor in multiples):
        raise WrongArgument("grid holds multiples of the regularisation, one or more, each above 0")
    return multiples


@dataclass(frozen=True)
class _Plan:
    """What is fitted, on what, and compared with what."""

    frame: pd.DataFrame
    labels: Labels
    shipped: Model
    only_mine: bool
    recipe: CampaignClassifier
    grid: Sequence[float]

    @cached_property
    def folds(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return own_folds(self.labels.combined, self.only_mine)

    @property
    def n_steps(self) -> int:
        return 4 + len(self.folds) + (FOLDS if len(self.grid) > 1 else 0)


class _Steps:
    """Counts the steps done and reports progress."""

    def __init__(self, progress: Progress | None, total: int):
        self.progress, self.total, self.n_done = progress, total, 0

    def done(self) -> None:
        self.n_done += 1
        if self.progress is not None:
            self.progress(min(self.n_done, self.total), self.total)


def _fit(plan: _Plan, steps: _Steps) -> tuple[CampaignClassifier, list[dict[str, float]], list[HeldOut]]:
    """The new classifier, the settings that were tried, and what both models say of messages that neither was fitted on."""
    labels, combined, shipped = plan.labels, plan.labels.combined, plan.shipped.classifier
    rows = np.flatnonzero(combined.fitted)
    start = _with_workers(clone(plan.recipe), len(rows))
    messages = labels.counted(start)
    halves = labels.halves(messages)
    tuned, tried = tune(start, messages, rows, combined.groups[rows], plan.grid, halves=halves, step=steps.done)
    # Only the n-grams are tuned and fitted anew; the encoder is the shipped one, weighed on what it was not fine-tuned on.
    tuned.set_params(encoder=shipped.encoder)
    starts = labels.start(tuned, messages) if plan.folds else None
    steps.done()
    sets = []
    parts = []
    for fit_on, held in plan.folds:
        measured = labels.fit(tuned, messages, fit_on, starts, measured=True)
        parts.append(labels.predict(measured, held).set_index(held))
        steps.done()
    if parts:
        own = pd.concat(parts).sort_index()
        at = own.index.to_numpy()
        tables = own.reset_index(drop=True), labels.predict(shipped, at)
        sets.append(HeldOut(OWN_LABELS, labels.categories[at], combined.groups[at], *tables))
    classifier = labels.fit(tuned, messages, rows, starts)
    steps.done()
    test = np.flatnonzero(combined.test)
    if len(test):
        tables = labels.predict(classifier, test), labels.predict(shipped, test)
        sets.append(HeldOut(TEST_SPLIT, labels.categories[test], combined.batches[test], *tables))
    # How many threads fitted it is nothing about the model.
    return classifier.set_params(n_jobs=plan.recipe.n_jobs), tried, sets


def _metrics(
    plan: _Plan, model: Model, tried: list[dict[str, float]], worse: list[str], comparison: pd.DataFrame
) -> dict[str, Any]:
    """What ``metrics.json`` holds."""
    frame, combined = plan.frame, plan.labels.combined
    return {
        "model": model.version,
        "shipped": plan.shipped.version,
        "tasrib": version("tasrib"),
        "n": len(frame),
        "fitted_on": {"own": int(combined.own.sum()), "corpus": int((combined.fitted & ~combined.own).sum())},
        "corpus_rows_replaced": combined.replaced,
        "test_rows_left_out": combined.left_out,
        "own_rows_the_shipped_model_knew": int((combined.own & ~combined.unseen).sum()),
        "only_mine": plan.only_mine,
        "own_folds": len(plan.folds),
        "tuning": tried,
        "review_band": [float(value) for value in model.classifier.thresholds_],
        "own_by_category": frame["category"].value_counts().to_dict(),
        "own_by_language": frame["language"].replace("", "not stated").value_counts().to_dict(),
        "worse": worse,
        "own_texts": sorted(map(fingerprint, frame["text"])),
        "comparison": _records(comparison),
    }


def _with_workers(estimator: CampaignClassifier, n_rows: int) -> CampaignClassifier:
    # Threads cost more than they gain on few rows.
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


def _variety(combined: Combined, shipped: Model) -> VarietyClassifier:
    stated = combined.frame["language"].isin(PURE_VARIETIES).to_numpy() & combined.fitted
    if not (stated & combined.own).any() or combined.frame["language"][stated].nunique() < 2:
        return shipped.variety
    known = combined.frame[stated]
    return clone(shipped.variety).fit(known["text"].tolist(), known["language"])


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    finite = frame.astype(object).where(frame.notna(), None)
    return finite.to_dict("records")
