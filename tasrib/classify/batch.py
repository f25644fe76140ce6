"""
Decisions that fit the batch: its own share of campaign messages, and thresholds that keep what was promised there.

A message that is campaign with a probability of 0.9 is one of many among the complaints of an election, and an odd one among the alerts of a bank. The
model was calibrated where three messages of ten are campaign; what share a batch has is found from its own probabilities, and so is how sure a message
must be for as many of those called ``campaign`` to be it as was asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tasrib.classify.categories import DECISIONS
from tasrib.classify.log_odds import sigmoid

# Log-odds are counted in steps of a sixteenth, beyond 12 together.
_STEP, _END = 1 / 16, 12.0
CENTRES = np.arange(-_END + _STEP / 2, _END, _STEP)
# So many messages of the calibration stand beside those of the batch when its share is estimated, and beside a small batch when its thresholds are
# chosen: one of three messages is judged nearly as they are.
_BELIEF = 100
# No message that is not this likely to be campaign is called so, however sure all others are; and none as likely as this is dismissed.
LEAST_CALLED, MOST_DISMISSED = 0.8, 0.5
# Nor is one that by itself is likelier to be none, though all others of its batch are; and none that by itself is likelier to be one is dismissed.
LEAST_ALONE = 0.5
# Where hardly any message is campaign nobody looks through all others for the last of them: not at those of which three in a hundred are.
LEAST_LOOKED_AT = 0.03
# Of fewer messages no share is told: all of nine are as likely to be a third less.
LEAST_TOLD = 10
# Batches with fewer messages tell nothing of being unlike others.
_FEWEST = 30


@dataclass(frozen=True)
class Reference:
    """
    What a model knows of the messages that it was calibrated on.

    Attributes
    ----------
    counts : tuple of int
        How many have which calibrated log-odds, by `CENTRES`.
    prior : float
        Share of campaign.
    wobble : tuple of (float, float)
        Slopes and intercepts of calibrations on other draws of the hands that wrote them: how far the calibration can be trusted.
    floor : float
        Probability below which a message is dismissed in whatever batch.
    strange : float
        Mean share of unknown n-grams that a new hand's messages hardly exceed.
    """

    counts: tuple[int, ...]
    prior: float
    wobble: tuple[tuple[float, float], ...]
    floor: float
    strange: float

    def stored(self) -> dict[str, Any]:
        """As a dictionary for JSON."""
        return vars(self) | {"counts": list(self.counts), "wobble": [list(each) for each in self.wobble]}

    @classmethod
    def of(cls, stored: dict[str, Any] | None) -> Reference | None:
        """From such a dictionary; None for a model that was made before there was one."""
        if stored is None:
            return None
        wobble = tuple((float(slope), float(intercept)) for slope, intercept in stored["wobble"])
        return cls(**stored | {"counts": tuple(stored["counts"]), "wobble": wobble})


@dataclass(frozen=True)
class Expected:
    """
    What is to be expected of the decisions in a batch: each share with a 95% interval, None where it would be one of fewer than `LEAST_TOLD` messages.

    Attributes
    ----------
    n : int
        Distinct messages.
    campaign : float
        Share of them that is campaign, as estimated.
    precision : tuple of float or None
        Share of campaign among those called so.
    recall : tuple of float or None
        Share of the campaign messages called so.
    with_review : tuple of float or None
        Share of them called so or sent to review.
    unlike : bool
        Whether the batch holds more unknown words than what the model was measured on, so that all of this is less sure.
    """

    n: int
    campaign: float
    precision: tuple[float, float, float] | None
    recall: tuple[float, float, float] | None
    with_review: tuple[float, float, float] | None
    unlike: bool


@dataclass(frozen=True)
class Terms:
    """
    How a batch is decided.

    Attributes
    ----------
    shift : float
        Added to the log-odds of campaign.
    lower, upper : float
        Below `lower` a message is ``not_campaign``, from `upper` on ``campaign``, as probabilities after the shift.
    floor, least : float
        Below `floor` a message is ``not_campaign``, and below `least` it is not ``campaign``, as probabilities before the shift: whatever company it
        is in. Nor is what is likelier to be campaign than not, before the shift, ever ``not_campaign``.
    expected : Expected or None
        What comes of it; None of a model that cannot say.
    """

    shift: float
    lower: float
    upper: float
    floor: float = 0.0
    least: float = 0.0
    expected: Expected | None = None

    def probabilities(self, probability: np.ndarray) -> np.ndarray:
        """
        Adapt probabilities to the batch.

        Parameters
        ----------
        probability : numpy.ndarray of float, shape (n,)
            As calibrated.

        Returns
        -------
        numpy.ndarray of float, shape (n,)
            As the batch's share of campaign makes them.
        """
        return sigmoid(_log_odds(probability) + self.shift) if self.shift else probability

    def decide(self, probability: np.ndarray) -> np.ndarray:
        """
        Turn probabilities into decisions.

        Parameters
        ----------
        probability : numpy.ndarray of float, shape (n,)
            As calibrated, before the shift.

        Returns
        -------
        numpy.ndarray of str, shape (n,)
            ``campaign``, ``review`` or ``not_campaign``.
        """
        adapted = self.probabilities(probability)
        looked_at = ((adapted >= self.lower) | (probability >= LEAST_ALONE)) & (probability >= self.floor)
        called = (adapted >= self.upper) & (probability >= self.least)
        return np.select([called, looked_at], DECISIONS[:2], DECISIONS[2])


def count_log_odds(probability: np.ndarray) -> np.ndarray:
    """
    Count messages by their log-odds.

    Parameters
    ----------
    probability : numpy.ndarray of float, shape (n,)
        Calibrated.

    Returns
    -------
    numpy.ndarray of int, shape (len(CENTRES),)
        How many are nearest to each of `CENTRES`. Counts of parts add up to those of the whole.
    """
    place = np.clip(np.floor((_log_odds(probability) + _END) / _STEP), 0, len(CENTRES) - 1).astype(np.int64)
    return np.bincount(place, minlength=len(CENTRES))


def estimate_share(log_odds: np.ndarray, counts: np.ndarray, prior: float) -> float:
    """
    Estimate which share of a batch is campaign.

    Parameters
    ----------
    log_odds : numpy.ndarray of float, shape (k,)
        Calibrated where the share was `prior`.
    counts : numpy.ndarray of int, shape (k,)
        Messages of each.
    prior : float
        Where the model was calibrated.

    Returns
    -------
    float
        The share, drawn to `prior` as if a hundred messages of that share stood beside them.

    Notes
    -----
    By expectation and maximisation: Saerens, Latinne & Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities", Neural
    Computation 2002.
    """
    share, odds = prior, np.log(prior / (1 - prior))
    for _ in range(1_000):
        adapted = sigmoid(log_odds + np.log(share / (1 - share)) - odds)
        found = (float(counts @ adapted) + _BELIEF * prior) / (float(counts.sum()) + _BELIEF)
        moved, share = abs(found - share), found
        if moved < 1e-6:
            break
    return share


def terms_of(
    counts: np.ndarray, strange: float, reference: Reference, *, precision: float, recall: float, seed: int = 0
) -> Terms:
    """
    Settle how a batch is decided.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape (len(CENTRES),)
        Its distinct messages, from `count_log_odds`.
    strange : float
        Mean share of unknown n-grams in them.
    reference : Reference
        Of the model.
    precision : float
        Share of campaign among the messages called so that is aimed at.
    recall : float
        Share of the campaign messages to be called so or sent to review.
    seed : int
        Of the intervals.

    Returns
    -------
    Terms
        Where a batch is unlike what the model was measured on, twice as few false alarms are aimed at, and no message is dismissed but those that are in
        any batch.
    """
    n = int(counts.sum())
    unlike = n >= _FEWEST and strange > reference.strange
    share = estimate_share(CENTRES, counts, reference.prior)
    shift = _logit(share) - _logit(reference.prior)
    known = np.array(reference.counts, float)
    probability = sigmoid(np.concatenate([CENTRES + shift, CENTRES]))
    # Of so few that many messages of the batch are soon without company.
    beside = _BELIEF * _BELIEF / (_BELIEF + n)
    mass = np.concatenate([counts, known * (beside / known.sum())])
    lower, upper = _thresholds(probability, mass, 1 - (1 - precision) / 2 if unlike else precision, recall)
    terms = Terms(shift, 0.0 if unlike else lower, upper, reference.floor, LEAST_ALONE)
    return replace(terms, expected=_expected(counts, share, unlike, terms, reference, seed))


def _thresholds(probability: np.ndarray, mass: np.ndarray, precision: float, recall: float) -> tuple[float, float]:
    order = np.argsort(-probability, kind="stable")
    ranked, weight = probability[order], mass[order]
    hits, called = np.cumsum(ranked * weight), np.cumsum(weight)
    precise = np.flatnonzero((called > 0) & (hits >= precision * called))
    # All messages of a step are on one side.
    upper = _edge(ranked[precise[-1]]) if len(precise) else 1.0
    lower = _edge(ranked[np.flatnonzero(hits >= recall * hits[-1])[0]])
    upper = max(upper, LEAST_CALLED)
    return min(max(lower, LEAST_LOOKED_AT), MOST_DISMISSED, upper), upper


def _edge(centre: float) -> float:
    return float(sigmoid(np.array(_logit(centre) - _STEP / 2)))


def _expected(
    counts: np.ndarray, share: float, unlike: bool, terms: Terms, reference: Reference, seed: int
) -> Expected:
    rng = np.random.default_rng(seed)
    n = int(counts.sum())
    decided = terms.decide(sigmoid(CENTRES))
    called, seen = decided == DECISIONS[0], decided != DECISIONS[2]

    def true(slope: float, intercept: float) -> np.ndarray:
        log_odds = slope * CENTRES + intercept
        prior = estimate_share(log_odds, counts, reference.prior)
        return sigmoid(log_odds + _logit(prior) - _logit(reference.prior))

    best = true(1.0, 0.0)
    draws = []
    for slope, intercept in reference.wobble:
        likely = true(slope, intercept)
        # What is true of messages that are as likely varies as well.
        draws.append(rng.binomial(counts, likely))

    def ratio(hit: np.ndarray, among: np.ndarray | None) -> tuple[float, float, float] | None:
        def of(found: np.ndarray) -> float:
            below = float(counts[hit].sum() if among is None else found[among].sum())
            return float(found[hit].sum()) / below if below > 0 else np.nan

        value, spread = of(counts * best), [each for each in map(of, draws) if each == each]
        below = float(counts[hit].sum() if among is None else (counts * best)[among].sum())
        if value != value or not spread or round(below) < LEAST_TOLD:
            return None
        low, high = np.quantile(spread, [0.025, 0.975])
        # So sure the model may be of each of a few messages that all draws are alike; that many messages cannot show a share any closer.
        least, most = _exact(value * below, below)
        return value, min(float(low), least, value), max(float(high), most, value)

    everything = np.ones(len(CENTRES), bool)
    return Expected(n, share, ratio(called, None), ratio(called, everything), ratio(seen, everything), unlike)


def _exact(hits: float, n: float) -> tuple[float, float]:
    """
    The 95% interval of a share by the number of messages alone, which need not be whole.

    Clopper & Pearson, "The use of confidence or fiducial limits", Biometrika 1934.
    """
    # Taken up late: who only looks at a message asks for no interval.
    from scipy.special import betaincinv

    missed = max(n - hits, 0.0)
    low = float(betaincinv(hits, missed + 1, 0.025)) if hits > 0 else 0.0
    return low, float(betaincinv(hits + 1, missed, 0.975)) if missed > 0 else 1.0


def _log_odds(probability: np.ndarray) -> np.ndarray:
    # Of a probability that rounding made 0 or 1.
    inside = np.clip(np.asarray(probability, float), 1e-12, 1 - 1e-12)
    return np.log(inside) - np.log1p(-inside)


def _logit(share: float) -> float:
    return float(_log_odds(np.array(share)))
