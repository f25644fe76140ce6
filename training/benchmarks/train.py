"""
What `tasrib train` costs: `python -m training.benchmarks.train [LABELS]`.

Messages of the corpus's test batches stand for a user's labels. They are trained on twice: as anybody does, and with nothing known before,
neither the encoder's answers about the corpus nor where the fits on the corpus alone end, nor calibrated by these what is only measured; both models are measured, so that what is saved
can be seen to cost nothing. Then one fit of all n-grams beside scikit-learn's LogisticRegression on the same features, with the tolerance
that it has by default and with finer ones, and how low the penalised loss came that all of them minimise. CPU seconds are of this process
and its threads.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

import tasrib
from tasrib.classify import CampaignClassifier, load_model
from tasrib.classify.fitting import Design, features_of
from tasrib.learning import load_shipped_corpus
from tasrib.learning.held_out import Labels

LABELS = 100
SHOWN = ("log_loss", "campaign_precision", "campaign_recall", "review_share", "calibration_error")
TOLERANCES = (1e-4, 1e-5, 1e-6)


def spent(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """
    Do something and look at both clocks.

    Parameters
    ----------
    work : callable
        To be done.

    Returns
    -------
    (cpu, wall, result) : (float, float, object)
        Seconds of processor time, user and system, of this process; seconds that passed; and what it gave.
    """
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    result = work()
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall, result


def train_knowing_nothing(labels: pd.DataFrame, folder: Path) -> tasrib.learning.fit.Trained:
    """
    Train without what came with the model, and start every fit at zero.

    Parameters
    ----------
    labels : pandas.DataFrame
        ``text``, ``category``.
    folder : pathlib.Path
        Of the new model.

    Returns
    -------
    Trained
        As `tasrib.train`.
    """
    with patch.object(Labels, "start", lambda *_: None):
        return tasrib.train(labels, folder, shipped=replace(load_model(), answers=None, starts=None))


def main(n_labels: int = LABELS) -> None:
    """
    Print what training costs.

    Parameters
    ----------
    n_labels : int
        How many labels.
    """
    corpus = load_shipped_corpus()
    labels = corpus[corpus["test"]].sample(n_labels, random_state=7)[["text", "category"]]
    costs = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, work in (
            ("tasrib train", partial(tasrib.train, labels, Path(folder) / "a")),
            ("with nothing known before", partial(train_knowing_nothing, labels, Path(folder) / "b")),
        ):
            cpu, wall, trained = spent(work)
            costs[name] = cpu
            print(f"{name}, {n_labels} labels: {cpu:.0f} s of CPU, {wall:.0f} s passed")
            found = trained.comparison.set_index(["held_out", "measure"])["new"]
            for held_out in found.index.unique("held_out"):
                figures = ", ".join(f"{measure} {found[held_out, measure]:.4f}" for measure in SHOWN)
                print(f"  {held_out}: {figures}")
    mine, peer = costs.values()
    print(f"ratio of CPU: {peer / mine:.2f}")
    _one_fit(corpus[~corpus["test"]])


def _one_fit(corpus: pd.DataFrame) -> None:
    classifier = CampaignClassifier()
    counts, names = classifier.count(corpus["text"]), corpus["category"].to_numpy(str)
    design = Design(counts, names, classifier.min_messages)
    with threadpool_limits(1, user_api="blas"):
        mine, _, solution = spent(lambda: design.solve(classifier.regularisation))
        used = np.flatnonzero(np.bincount(counts.indices, minlength=counts.shape[1]) >= classifier.min_messages)
        features = features_of(counts, design.idf)[:, used]
        coef, intercept = design.weights(solution)
        low = _minimised(features, names, coef[:, used], intercept, classifier.regularisation)
        print(f"one fit of the n-grams of {len(names)} messages: {mine:.1f} s of CPU, loss {low:.2f}")
        for tolerance in TOLERANCES:
            peer = LogisticRegression(C=classifier.regularisation, tol=tolerance, max_iter=1_000)
            theirs, _, _ = spent(partial(peer.fit, features, names))
            low = _minimised(features, names, peer.coef_, peer.intercept_, classifier.regularisation)
            print(
                f"  scikit-learn, tol={tolerance:g}: {theirs:.1f} s of CPU, ratio {theirs / mine:.1f}, loss {low:.2f}"
            )


def _minimised(
    features: sparse.csr_matrix, names: np.ndarray, coef: np.ndarray, intercept: np.ndarray, size: float
) -> float:
    coef = coef.astype(float)
    likely = log_softmax(features @ coef.T + intercept, axis=1)
    truth = np.unique(names, return_inverse=True)[1]
    return float(np.vdot(coef, coef) / (2 * size) - likely[np.arange(len(truth)), truth].sum())


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
