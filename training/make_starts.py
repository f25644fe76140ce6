"""Compute where the fits on the corpus end, for `tasrib train` to start from, and pack it with the model: `python -m training.make_starts`."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from sklearn.base import clone

from tasrib.classify import CAMPAIGN, Model, load_model, save_model
from tasrib.classify.crossfit import Start, fold_of
from tasrib.classify.real_text import RealText
from tasrib.classify.starts import STARTS, Starts, keys_of
from tasrib.learning import load_shipped_corpus
from tasrib.learning.combine import combine
from tasrib.learning.held_out import Labels
from tasrib.learning.tune import FOLDS, GRID, tune
from training.paths import MODEL


def main(folder: Path = MODEL) -> None:
    """
    Add the starts to a model that is there; its weights stay as they are, but a file more in the manifest makes it another version.

    Parameters
    ----------
    folder : pathlib.Path
        Of the model.
    """
    model = load_model(folder)
    starts, tried = corpus_starts(model, load_shipped_corpus())
    print("\n".join(f"regularisation {row['regularisation']:g}: log loss {row['log_loss']:.4f}" for row in tried))
    with TemporaryDirectory() as made:
        starts.store(Path(made) / STARTS)
        # What lies in the folder would be replaced while it is copied.
        answers, real_text = (file and shutil.copy(file, made) for file in (model.answers, model.real_text))
        save_model(
            model.classifier, model.variety, folder, answers=answers, real_text=real_text, starts=Path(made) / STARTS
        )
    print(
        f"{len(starts.keys)} messages in {starts.n_folds} parts, regularisation {float(starts.regularisation):g}; "
        f"{(folder / STARTS).stat().st_size / 1e6:.1f} MB; the model is now {load_model(folder).version}"
    )


def corpus_starts(
    model: Model, corpus: pd.DataFrame, grid: Sequence[float] = GRID
) -> tuple[Starts, list[dict[str, float]]]:
    """
    Fit on the corpus and the real text of a model, as `tasrib train` would with no label.

    Parameters
    ----------
    model : Model
        Its settings are taken, and its real text.
    corpus : pandas.DataFrame
        From `tasrib.learning.load_shipped_corpus`.
    grid : sequence of float
        As for `tasrib.learning.tune.tune`.

    Returns
    -------
    (starts, tried) : (Starts, list of dict)
        Of the setting that the tuning finds best; and how it did with each.
    """
    combined = combine(corpus, corpus.head(0))
    labels = Labels.of(combined, None if model.real_text is None else RealText.load(model.real_text))
    estimator = clone(model.classifier).set_params(encoder=None, n_jobs=2)
    messages = labels.counted(estimator)
    rows = np.flatnonzero(combined.fitted)
    halves = np.arange(len(messages.labels)) % FOLDS
    halves[rows] = fold_of(messages.labels[rows] == CAMPAIGN, combined.groups[rows], FOLDS, 0)
    tuned, tried = tune(estimator, messages, rows, combined.groups[rows], grid, halves=halves)
    found = labels.start(tuned, messages)
    if found is None:
        raise SystemExit("the corpus is too small to be divided; add labelled messages")
    at = found.rows
    ends = {part: Start(end.classes, end.duals[at], end.intercept) for part, end in found.starts.items()}
    keys = keys_of(messages.counts[at])
    return Starts.of(keys, messages.labels[at], messages.folds[at], halves[at], tuned.regularisation, ends), tried


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
