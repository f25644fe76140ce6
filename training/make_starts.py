"""Compute where the fits on the corpus end, for `tasrib train` to start from, and pack it with the model: `python -m training.make_starts`."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.base import clone

from tasrib.classify import CAMPAIGN, load_model, save_model
from tasrib.classify.crossfit import fold_of
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
    with TemporaryDirectory() as made:
        starts = corpus_starts(folder)
        starts.store(Path(made) / STARTS)
        kept = {"answers": model.answers, "real_text": model.real_text, "starts": Path(made) / STARTS}
        save_model(model.classifier, model.variety, folder, **kept)
    print(
        f"{len(starts.keys)} messages in {starts.n_folds} parts, regularisation {starts.regularisation:g}; "
        f"{(folder / STARTS).stat().st_size / 1e6:.1f} MB; the model is now {load_model(folder).version}"
    )


def corpus_starts(folder: Path) -> Starts:
    """
    Fit on the corpus and the real text of a model, as `tasrib train` would with no label.

    Parameters
    ----------
    folder : pathlib.Path
        Of the model.

    Returns
    -------
    Starts
        Of the setting that the tuning finds best.
    """
    model, corpus = load_model(folder), load_shipped_corpus()
    combined = combine(corpus, corpus.head(0))
    labels = Labels.of(combined, None if model.real_text is None else RealText.load(model.real_text))
    estimator = clone(model.classifier).set_params(encoder=None, n_jobs=2)
    messages = labels.counted(estimator)
    rows = np.flatnonzero(combined.fitted)
    tuned, tried = tune(estimator, messages, rows, combined.groups[rows], GRID)
    print("\n".join(f"regularisation {row['regularisation']:g}: log loss {row['log_loss']:.4f}" for row in tried))
    found = labels.start(tuned, messages)
    if found is None:
        raise SystemExit("the corpus is too small to be divided")
    halves = np.full(len(messages.labels), -1)
    halves[rows] = fold_of(messages.labels[rows] == CAMPAIGN, combined.groups[rows], FOLDS, 0)
    halves[len(labels.texts) :] = np.arange(len(halves) - len(labels.texts)) % FOLDS
    at = found.rows
    starts = {part: type(start)(start.classes, start.duals[at], start.intercept) for part, start in found.starts.items()}
    keys = keys_of(messages.counts[at], messages.labels[at])
    return Starts.of(keys, messages.folds[at], halves[at], tuned.regularisation, starts)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
