"""
Multinomial logistic regression with far more features than messages.

scikit-learn's solvers keep a vector of all weights for each of the steps that they remember, and take the features by rows only: of
300,000 n-grams and eight categories each step costs five times what it does here, where whatever is in the span of the messages is kept
as one number a message and category. The objective is theirs, and so is the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

# Steps whose curvature is remembered: they are small here, and the more the fewer steps are needed.
_REMEMBERED, _MOST_STEPS, _MOST_TRIALS = 30, 300, 12
# Loss a message, in nats, that another step would still save: where it ends, starting elsewhere moves no score that matters.
_ENOUGH = 1e-7
# Of the slope at the beginning of a step so much may be left at its end.
_FLAT = 0.3


@dataclass(frozen=True)
class Solution:
    """
    Weights, as sums over messages.

    Attributes
    ----------
    duals : numpy.ndarray of float, shape (n, k)
        The weights of a category are the messages' features, times these, added up.
    intercept : numpy.ndarray of float, shape (k,)
        Log-odds at no evidence.
    """

    duals: np.ndarray
    intercept: np.ndarray


class _Problem:
    """The loss over all messages, and the products that it takes."""

    def __init__(self, features: sparse.csc_matrix, codes: np.ndarray, n_classes: int, regularisation: float):
        # By columns one product reads the weights in their order and writes few numbers, the other the reverse: both stay in the cache.
        self.features, self.transposed = features, features.T
        self.truth = np.eye(n_classes, dtype=bool)[codes]
        self.penalty = 1 / regularisation

    def scores(self, duals: np.ndarray) -> np.ndarray:
        """What the weights made of these duals give each message."""
        if duals.shape[1] == 2:
            # Duals of a message add up to 0, so the second category is the first one's mirror; and one column is three times as fast as two.
            first = (self.features @ (self.transposed @ duals[:, 0].astype(self.features.dtype))).astype(float)
            return np.stack([first, -first], axis=1)
        return (self.features @ (self.transposed @ duals.astype(self.features.dtype))).astype(float)

    def at(self, place: _Vector) -> tuple[float, np.ndarray]:
        """Loss, and the probabilities of the categories."""
        scores = place.on_messages()
        scores -= scores.max(axis=1, keepdims=True)
        likely = np.exp(scores)
        total = likely.sum(axis=1, keepdims=True)
        loss = np.log(total).sum() - scores[self.truth].sum()
        return float(loss + self.penalty / 2 * np.vdot(place.duals, place.scores)), likely / total

    def gradient(self, place: _Vector, likely: np.ndarray) -> _Vector:
        error = likely - self.truth
        duals = error + self.penalty * place.duals
        return _Vector(duals, self.scores(duals), error.sum(axis=0))

    def slope(self, place: _Vector, likely: np.ndarray, step: _Vector) -> tuple[float, float]:
        """First and second derivative of the loss along a step."""
        moved = step.on_messages()
        first = np.vdot(likely - self.truth, moved) + self.penalty * np.vdot(place.duals, step.scores)
        mean = (likely * moved).sum(axis=1)
        second = np.vdot(likely * moved, moved) - np.vdot(mean, mean) + self.penalty * np.vdot(step.duals, step.scores)
        return float(first), float(second)


@dataclass
class _Vector:
    """Weights or a gradient of them: duals, what they give the messages, and the intercepts."""

    duals: np.ndarray
    scores: np.ndarray
    intercept: np.ndarray

    def on_messages(self) -> np.ndarray:
        return self.scores + self.intercept

    def dot(self, other: _Vector) -> float:
        """Inner product of the weights and intercepts that they stand for."""
        return float(np.vdot(self.duals, other.scores) + np.vdot(self.intercept, other.intercept))

    def plus(self, factor: float, other: _Vector) -> _Vector:
        return _Vector(
            self.duals + factor * other.duals,
            self.scores + factor * other.scores,
            self.intercept + factor * other.intercept,
        )

    def times(self, factor: float) -> _Vector:
        return _Vector(factor * self.duals, factor * self.scores, factor * self.intercept)


def fit_softmax(
    features: sparse.csc_matrix, codes: np.ndarray, n_classes: int, *, regularisation: float,
    start: Solution | None = None,
) -> Solution:  # fmt: skip
    """
    Find the weights.

    Parameters
    ----------
    features : scipy.sparse.csc_matrix, shape (n, m)
        Of each message.
    codes : numpy.ndarray of int, shape (n,)
        Its category, 0 to ``n_classes - 1``.
    n_classes : int
        Two or more.
    regularisation : float
        ``C``, as in `sklearn.linear_model.LogisticRegression` with three categories or more.
    start : Solution, optional
        Of a similar problem, for the same messages. The nearer, the sooner it ends; where it ends does not depend on it.

    Returns
    -------
    Solution
        At the optimum, but for rounding. Intercepts are not penalised.

    Notes
    -----
    L-BFGS (Nocedal & Wright, "Numerical Optimization", 2006, algorithm 7.4) in the span of the messages, where by the representer
    theorem the optimum lies. A step along a line costs no product with the features, so its length is nearly the best one.
    """
    problem = _Problem(features, codes, n_classes, regularisation)
    if start is None:
        start = Solution(np.zeros((len(codes), n_classes)), np.zeros(n_classes))
    # What all categories share changes no probability and is only penalised: at the optimum the duals of a message add up to 0.
    duals = start.duals - start.duals.mean(axis=1, keepdims=True)
    place = _Vector(duals, problem.scores(duals), start.intercept)
    loss, likely = problem.at(place)
    gradient = problem.gradient(place, likely)
    history: list[tuple[_Vector, _Vector]] = []
    for _ in range(_MOST_STEPS):
        direction = _direction(gradient, history)
        promised = -gradient.dot(direction)
        if promised <= _ENOUGH * len(codes):
            break
        found = _along(problem, place, loss, direction, promised)
        if found is None:
            break
        length, loss, likely = found
        step = direction.times(length)
        place = place.plus(1, step)
        before, gradient = gradient, problem.gradient(place, likely)
        change = gradient.plus(-1, before)
        if step.dot(change) > 0:
            history = [*history, (step, change)][-_REMEMBERED:]
    return Solution(place.duals, place.intercept)


def _direction(gradient: _Vector, history: list[tuple[_Vector, _Vector]]) -> _Vector:
    if not history:
        return gradient.times(-1 / max(gradient.dot(gradient), 1e-30) ** 0.5)
    found, factors = gradient, []
    for step, change in reversed(history):
        factors.append(step.dot(found) / step.dot(change))
        found = found.plus(-factors[-1], change)
    step, change = history[-1]
    found = found.times(step.dot(change) / change.dot(change))
    for (step, change), factor in zip(history, reversed(factors), strict=True):
        found = found.plus(factor - change.dot(found) / step.dot(change), step)
    return found.times(-1)


def _along(
    problem: _Problem, place: _Vector, loss: float, direction: _Vector, promised: float
) -> tuple[float, float, np.ndarray] | None:
    """How far to go, and loss and probabilities there; None where rounding lets nothing be gained any more."""
    length, shortest, longest = 1.0, 0.0, np.inf
    best = None
    for _ in range(_MOST_TRIALS):
        there = place.plus(length, direction)
        new, likely = problem.at(there)
        first, second = problem.slope(there, likely, direction)
        if new < loss and (best is None or new < best[1]):
            best = (length, new, likely)
            if abs(first) <= _FLAT * promised:
                break
        if first > 0 or new >= loss:
            longest = length
        else:
            shortest = length
        wanted = length - first / second if second > 0 else np.inf
        if not shortest < wanted < longest:
            wanted = (shortest + longest) / 2 if np.isfinite(longest) else 2 * length
        length = wanted
    return best
