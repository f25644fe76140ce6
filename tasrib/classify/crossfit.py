"""Fit the n-grams on all messages, and again without each part of them, so that every message is scored by weights that never saw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from tasrib.classify.blend import campaign_log_odds
from tasrib.classify.fitting import Design, features_of
from tasrib.classify.softmax import Solution
from tasrib.classify.weighing import unknown_share


@dataclass(frozen=True)
class Counted:
    """
    Labelled messages, read once for however many fits.

    Attributes
    ----------
    texts : sequence of str, shape (n,)
        As received.
    labels : numpy.ndarray of str, shape (n,)
        Their categories.
    counts : scipy.sparse.csr_matrix, shape (n, KINDS * 2 ** bits)
        From `tasrib.text.hashed_ngrams`.
    folds : numpy.ndarray of int, shape (n,)
        Part of each message: see `fold_of`.
    unseen : numpy.ndarray of bool, shape (n,)
        Messages that the encoder was not fine-tuned on.
    groups : numpy.ndarray of int, shape (n,)
        What belongs together: near-duplicates, or what one hand wrote.
    places : numpy.ndarray of int, shape (n,), optional
        Of each message among those that are known from before: see `tasrib.classify.starts`.
    """

    texts: Sequence[str]
    labels: np.ndarray
    counts: sparse.csr_matrix
    folds: np.ndarray
    unseen: np.ndarray
    groups: np.ndarray
    places: np.ndarray | None = None


@dataclass(frozen=True)
class Start:
    """
    Where a fit ended, for another on nearly the same messages.

    Attributes
    ----------
    classes : numpy.ndarray of str, shape (k,)
        Its categories.
    duals : numpy.ndarray of float, shape (n, k)
        For all messages; 0 for those that it was not fitted on.
    intercept : numpy.ndarray of float, shape (k,)
        As in `tasrib.classify.softmax.Solution`.
    """

    classes: np.ndarray
    duals: np.ndarray
    intercept: np.ndarray

    def among(self, rows: np.ndarray, classes: np.ndarray) -> Solution | None:
        """For some messages; None where they have other categories."""
        if not np.array_equal(classes, self.classes):
            return None
        return Solution(self.duals[rows], self.intercept)


@dataclass(frozen=True)
class Whole:
    """
    Weights fitted on some messages.

    Attributes
    ----------
    classes : numpy.ndarray of str, shape (k,)
        The categories.
    idf, coef, intercept : numpy.ndarray of float32
        Fitted on all messages: see `tasrib.classify.fitting.Design`.
    """

    classes: np.ndarray
    idf: np.ndarray
    coef: np.ndarray
    intercept: np.ndarray


@dataclass(frozen=True)
class CrossFit(Whole):
    """
    What `cross_fit` finds.

    Attributes
    ----------
    rows : numpy.ndarray of int, shape (n_rows,)
        The messages that it was fitted on.
    held_out : numpy.ndarray of float, shape (n_rows,)
        Log-odds of campaign of each message by weights that were fitted without its part.
    strange : numpy.ndarray of float, shape (n_rows,)
        Share of its n-grams that these weights do not know.
    starts : mapping of int or None to Start
        By the part that was left out, None for the fit on all.
    """

    rows: np.ndarray
    held_out: np.ndarray
    strange: np.ndarray
    starts: Mapping[int | None, Start]


def fold_of(positive: np.ndarray, groups: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """
    Divide messages into parts.

    Parameters
    ----------
    positive : numpy.ndarray of bool, shape (n,)
        Which are campaign.
    groups : numpy.ndarray, shape (n,)
        Messages of one group stay in one part.
    n_folds : int
        Parts at most; fewer where one side has fewer groups.
    seed : int
        Of their order.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Part of each message.

    Raises
    ------
    ValueError
        When a side has fewer than two groups.
    """
    n_folds = min(n_folds, *(len(np.unique(groups[positive == side])) for side in (True, False)))
    if n_folds < 2:
        raise ValueError("calibration needs at least two distinct messages on each side; add labelled messages")
    folds = np.empty(len(positive), int)
    parts = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed).split(positive, positive, groups)
    for number, (_, held) in enumerate(parts):
        folds[held] = number
    return folds


def cross_fit(
    messages: Counted, rows: np.ndarray, *, regularisation: float, min_messages: int, n_jobs: int | None = None,
    starts: Mapping[int | None, Start] | None = None,
) -> CrossFit:  # fmt: skip
    """
    Fit on some messages, and on each part's complement.

    Parameters
    ----------
    messages : Counted
        Of which some are taken.
    rows : numpy.ndarray of int, shape (n_rows,)
        Which.
    regularisation : float
        ``C`` of the logistic regression.
    min_messages : int
        An n-gram found in fewer messages gets no weight.
    n_jobs : int, optional
        Fits at a time, as in joblib. In threads: nearly all their time goes into products that need no lock, and of the counts there
        is one copy.
    starts : mapping of int or None to Start, optional
        Of an earlier `cross_fit` on other rows of the same messages. Where those were no others than these, but for messages in their
        own part, a message is still scored by weights that never saw it.

    Returns
    -------
    CrossFit
        The weights, the scores held out, and where the fits ended.
    """
    folds = messages.folds[rows]
    parts: list[int | None] = [None, *np.unique(folds).tolist()]

    def fit(part: int | None) -> tuple[Design, Solution, Start]:
        fit_on = rows if part is None else rows[folds != part]
        known = None if starts is None else starts.get(part)
        return _fit(messages, fit_on, regularisation, min_messages, known)

    def whole() -> tuple[Any, ...]:
        design, solution, start = fit(None)
        return design.classes, design.idf, *design.weights(solution), start

    def without(part: int) -> tuple[np.ndarray, np.ndarray, Start]:
        design, solution, start = fit(part)
        coef, intercept = design.weights(solution)
        counts = messages.counts[rows[folds == part]]
        scores = features_of(counts, design.idf) @ coef.T + intercept
        return campaign_log_odds(scores, design.classes), unknown_share(counts, design.idf), start

    # The solver's BLAS calls are tiny: on busy cores, threads that wait for each other make it many times slower.
    with threadpool_limits(1, user_api="blas"):
        done = Parallel(n_jobs=n_jobs, prefer="threads")(
            delayed(whole)() if part is None else delayed(without)(part) for part in parts
        )
    (classes, idf, coef, intercept, start), *others = done
    held_out, strange = np.empty(len(rows)), np.empty(len(rows))
    found: dict[int | None, Start] = {None: start}
    for part, (scores, unknown, start) in zip(parts[1:], others, strict=True):
        held_out[folds == part], strange[folds == part] = scores, unknown
        found[part] = start
    return CrossFit(classes, idf, coef, intercept, rows, held_out, strange, found)


def fit_whole(
    messages: Counted, rows: np.ndarray, *, regularisation: float, min_messages: int, start: Start | None = None,
) -> Whole:  # fmt: skip
    """
    Fit on some messages, and score none of them.

    Parameters
    ----------
    messages, rows, regularisation, min_messages
        As for `cross_fit`.
    start : Start, optional
        Of an earlier fit on other rows of the same messages.

    Returns
    -------
    Whole
        The weights.
    """
    with threadpool_limits(1, user_api="blas"):
        design, solution, _ = _fit(messages, rows, regularisation, min_messages, start)
        return Whole(design.classes, design.idf, *design.weights(solution))


def _fit(
    messages: Counted, rows: np.ndarray, regularisation: float, min_messages: int, start: Start | None
) -> tuple[Design, Solution, Start]:
    design = Design(messages.counts[rows], messages.labels[rows], min_messages)
    solution = design.solve(regularisation, None if start is None else start.among(rows, design.classes))
    duals = np.zeros((len(messages.labels), len(design.classes)))
    duals[rows] = solution.duals
    return design, solution, Start(design.classes, duals, solution.intercept)
