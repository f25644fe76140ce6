"""Numbers of one person: was the operator's number the one reached more often than chance, or the everyday number, makes it?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from scipy.interpolate import CubicSpline
from scipy.special import betaln, log_expit, logsumexp, softmax

from tasrib.tracing.stats.likelihood import baseline_grid
from tasrib.tracing.stats.quadrature import legendre
from tasrib.tracing.stats.stratified import stratified_excess

PAIRED_COLUMNS = (
    "operator",
    "n_pairs",
    "observed",
    "expected",
    "odds_ratio",
    "ci_low",
    "ci_high",
    "p_value",
)
_SHARES = 64
# A uniform everyday share, before a control is seen.
_EVERYDAY = (1.0, 1.0)
# Log odds of the everyday number that are looked at, and values of a leak's odds ratio between which is interpolated.
_WIDEST, _MOST_POINTS, _KNOTS = 15.0, 4_000, 65


def paired_excess(
    reached: Sequence[Sequence[str]],
    not_reached: Sequence[Sequence[str]],
    operators: Sequence[str] | None = None,
    *,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """
    Compare, within each person, the numbers that were reached with those that were not.

    Parameters
    ----------
    reached, not_reached : sequence of sequence of str, shape (n_people,)
        For each person, the operator that each reached number, and each other number of theirs, was allocated to.
        Empty or missing operators are left out.
    operators : sequence of str, optional
        Operators to test; all that occur, sorted, unless given.
    confidence : float
        Of the interval.

    Returns
    -------
    pandas.DataFrame
        One row an operator: ``operator``; ``n_pairs``, people whose own numbers inform on it (with one number reached
        and one not, the discordant pairs); ``observed`` and ``expected``, their reached numbers with that operator;
        ``odds_ratio`` with its exact ``ci_low`` and ``ci_high``; ``p_value``, one-sided for excess, not adjusted for
        the number of operators.

    Raises
    ------
    ValueError
        When the two sequences differ in length.

    Notes
    -----
    Given how many of a person's numbers were reached, each of them is as likely as another when no list was used: the
    reached numbers with the operator are hypergeometric in each person, and each person is a stratum of
    `stratified_excess`. One number against one gives McNemar's exact test (McNemar, Psychometrika 1947; Breslow & Day,
    "Statistical Methods in Cancer Research" I, 1980, eq. 5.2, the Clopper-Pearson interval included); one against m and
    several against several its generalisation, the exact form of conditional logistic regression with one covariate
    (Breslow & Day, ch. 7). Who complains drops out, since nobody is compared with anybody else. One thing does not drop
    out: a person's everyday number is in more lists than a second one, so an operator that is everyone's main SIM shows an
    excess too: `paired_beside_controls` takes that out.
    """
    cases, others = _sims(reached, not_reached)
    if operators is None:
        operators = sorted({name for person in (*cases, *others) for name in person})
    rows = []
    for operator in operators:
        found = stratified_excess(*_counts(cases, others, operator), confidence=confidence)
        rows.append(
            (
                operator,
                found.n_informative,
                found.observed,
                found.expected,
                found.odds_ratio,
                found.ci_low,
                found.ci_high,
                found.p_value,
            )
        )
    return pd.DataFrame(rows, columns=list(PAIRED_COLUMNS))


def paired_beside_controls(
    reached: Sequence[Sequence[str]],
    not_reached: Sequence[Sequence[str]],
    controls: tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]],
    operators: Sequence[str],
    *,
    strata: tuple[ArrayLike, ArrayLike] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """
    Ask whether, of their own numbers, people were reached on the operator's more often than control people were.

    Parameters
    ----------
    reached, not_reached : sequence of sequence of str, shape (n_people,)
        As in `paired_excess`, with one reached number a person at most.
    controls : (reached, not_reached)
        The same of people who complained of other messages: the number these came to, and their other numbers.
    operators : sequence of str
        Operators to test.
    strata : (array, array), optional
        Stratum (month, channel, region) of each person and of each control; one for all unless given.
    confidence : float
        Of the interval.

    Returns
    -------
    pandas.DataFrame
        One row an operator, the columns of `paired_excess` and ``n_controls``, ``controls_observed``. Counted are
        people with numbers both of the operator and of another, in strata that hold both reached and controls:
        ``n_pairs`` of them reached, ``observed`` on the operator's number, of ``n_controls`` ``controls_observed``;
        ``expected``, had they been reached on it as often as the controls of their stratum; ``odds_ratio`` of the two
        groups, with its exact interval; one-sided exact ``p_value``, not adjusted for the number of operators.

    Raises
    ------
    ValueError
        When sequences differ in length, or a person has several reached numbers.

    Notes
    -----
    A person is compared with controls who have numbers of the very same operators, so that whichever of two numbers is
    the everyday one is so in both groups alike, and their leaning to one of them cancels; the test is that of
    `stratified_excess`, a stratum being the operators of all a person's numbers within the stratum given (the idea of
    Suissa, "The case-time-control design", Epidemiology 1995, where controls tell what leans to one side within persons
    without any cause; Mehta, Patel & Gray, JASA 1985, for the exact test).
    """
    sides = [_sims(reached, not_reached), _sims(*controls)]
    given = (np.zeros(len(reached)), np.zeros(len(controls[0]))) if strata is None else strata
    # Many people have the same numbers: each kind of them is counted once.
    rows: Counter[_Kind] = Counter()
    for is_case, (cases, others), names in zip((True, False), sides, given, strict=True):
        if any(len(person) > 1 for person in cases):
            raise ValueError("a person has several reached numbers: give one each, or use paired_excess")
        people = zip(np.asarray(names).astype(str).tolist(), map(tuple, cases), map(tuple, others), strict=True)
        for (name, person, rest), times in Counter(people).items():
            if person:
                rows[name, tuple(sorted([*person, *rest])), person[0], is_case] += times
    return pd.DataFrame(
        [_beside(rows, operator, confidence) for operator in operators],
        columns=[*PAIRED_COLUMNS, "n_controls", "controls_observed"],
    )


# Stratum, operators of all numbers, that of the number reached, and whether it is somebody whom the campaign reached.
_Kind = tuple[str, tuple[str, ...], str, bool]


def _beside(rows: Counter[_Kind], operator: str, confidence: float) -> tuple:
    counts: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for (stratum, sims, one, is_case), times in rows.items():
        if 0 < sims.count(operator) < len(sims):
            table = counts.setdefault((stratum, sims), [0, 0, 0, 0])
            table[0 if is_case else 2] += times * (one == operator)
            table[1 if is_case else 3] += times
    # In a set order, so that neither the order of people nor of strata changes the last digit.
    tables = [counts[key] for key in sorted(counts) if counts[key][1] and counts[key][3]]
    a, n, b, m = np.array(tables, int).reshape(-1, 4).T
    found = stratified_excess(a, n, b, m, confidence=confidence)
    expected = float((n * b / np.maximum(m, 1)).sum())
    return (
        operator, int(n.sum()), int(a.sum()), expected, found.odds_ratio, found.ci_low, found.ci_high, found.p_value,
        int(m.sum()), int(b.sum()),
    )  # fmt: skip


def paired_posterior(
    reached: Sequence[Sequence[str]],
    not_reached: Sequence[Sequence[str]],
    baseline: Mapping[str, float],
    ported: tuple[float, float],
    *,
    controls: tuple[Sequence[Sequence[str]], Sequence[Sequence[str]]] | None = None,
    prior_no_leak: float = 0.5,
) -> dict[str, float]:
    """
    Weigh "no leak" against "a share of the list came from operator s" by what each person's own numbers say.

    Parameters
    ----------
    reached, not_reached : sequence of sequence of str, shape (n_people,)
        As in `paired_excess`.
    baseline : mapping of str to float
        Share of each operator among all allocated numbers; any positive scale. The operators are the hypotheses; a
        number of any other operator counts as one that did not leak.
    ported : (float, float)
        Parameters of the Beta distribution of the share of an operator's customers whose number was allocated to
        another.
    controls : (reached, not_reached), optional
        The same of people who complained of other messages: they tell which of two numbers is the everyday one. Without them each of a
        person's numbers is taken to be as likely as another.
    prior_no_leak : float
        Prior probability that the list came from no operator; the rest is shared out equally among the operators.

    Returns
    -------
    dict of str to float
        Posterior probability of each operator, in the order of `baseline`, and of none, under "" and first; they sum to
        1. The prior where nobody's numbers inform.

    Raises
    ------
    ValueError
        When the two sequences differ in length, the baseline has fewer than two operators, an empty name or a share
        that is not positive, or a parameter is out of range.

    Notes
    -----
    A list with a share λ of the customers of s holds a number allocated to s in proportion to (1 - λ) + λ (1 - π) / b[s],
    and one allocated to another operator in proportion to (1 - λ) + λ π / (1 - b[s]): the mixture of `leak_posterior` over
    the baseline b, with the ported share π. Given how many of a person's numbers were reached, those allocated to s follow Fisher's
    noncentral hypergeometric distribution with the ratio of the two as odds ratio (McCullagh & Nelder, "Generalized
    Linear Models", 1989, 7.3.2; for one number reached, the conditional logit of McFadden, 1974). Who complains, and
    which operators that person is with, cancels. λ is uniform (Gauss-Legendre), π ~ Beta (trapezoids in its log-odds).

    With controls that ratio multiplies the odds at which, without a leak, a number of s is the one reached, as an
    everyday number is both in more lists and read more. They are one unknown for each combination of operators, 1:1 at
    its prior median (their logistic is uniform), known from controls and people reached together, and integrated out;
    combinations that no control has say nothing.
    """
    cases, others = _sims(reached, not_reached)
    scale = sum(baseline.values())
    if len(baseline) < 2 or "" in baseline or not all(0 < share < np.inf for share in baseline.values()):
        raise ValueError(f"baseline {dict(baseline)}: give at least two named operators, each with a positive share")
    if not (len(ported) == 2 and all(0 < parameter < np.inf for parameter in ported)):
        raise ValueError(f"ported {ported}: both parameters of a Beta distribution must be positive")
    if not 0 < prior_no_leak < 1:
        raise ValueError(f"prior_no_leak {prior_no_leak} is not between 0 and 1")
    nodes, weights = legendre(0.0, 1.0, _SHARES)
    share = nodes[:, None]
    grid, log_weights = baseline_grid(*ported, 0, 0, 0)
    log_weights = log_weights + ported[0] * log_expit(grid) + ported[1] * log_expit(-grid) - betaln(*ported)
    log_mass = np.log(weights)[:, None] + log_weights - logsumexp(log_weights)
    log_joint = {"": np.log(prior_no_leak)}
    beside = None if controls is None else _sims(*controls)
    for operator, size in baseline.items():
        b = size / scale
        log_odds = np.log((1 - share) + share * np.exp(log_expit(-grid)) / b)
        log_odds = log_odds - np.log((1 - share) + share * np.exp(log_expit(grid)) / (1 - b))
        if beside is None:
            ratio = _log_likelihood_ratio(np.column_stack(_counts(cases, others, operator)), log_odds)
        else:
            ratio = _log_ratio_beside(_by_sims(cases, others, operator), _by_sims(*beside, operator), log_odds)
        log_joint[operator] = np.log((1 - prior_no_leak) / len(baseline)) + float(logsumexp(log_mass + ratio))
    return dict(zip(log_joint, softmax(list(log_joint.values())).tolist(), strict=True))


def _log_likelihood_ratio(tables: np.ndarray, log_odds: np.ndarray) -> np.ndarray:
    """Log-likelihood at each log odds ratio, less that without a leak, summed over people."""
    found = np.zeros_like(log_odds)
    kinds, times = np.unique(tables, axis=0, return_counts=True)
    for (x, cases, y, others), people in zip(kinds.tolist(), times.tolist(), strict=True):
        possible = np.arange(max(0, x + y - others), min(cases, x + y) + 1)
        if len(possible) > 1:
            log_null = stats.hypergeom.logpmf(possible, cases + others, x + y, cases)
            found += people * (x * log_odds - logsumexp(log_null + log_odds[..., None] * possible, axis=-1))
    return found


_Sims = tuple[int, int, tuple[str, ...]]


def _by_sims(cases: list[list[str]], others: list[list[str]], operator: str) -> dict[_Sims, tuple[int, int]]:
    """People, and reached numbers with the operator, for each way to have numbers: how many reached, how many with it, operators of all."""
    found: dict[_Sims, tuple[int, int]] = {}
    for (one, rest), times in Counter(zip(map(tuple, cases), map(tuple, others), strict=True)).items():
        sims = tuple(sorted([*one, *rest]))
        own = sims.count(operator)
        if one and rest and 0 < own < len(sims):
            people, hits = found.get((len(one), own, sims), (0, 0))
            found[len(one), own, sims] = people + times, hits + times * one.count(operator)
    return found


def _log_ratio_beside(
    cases: dict[_Sims, tuple[int, int]],
    controls: dict[_Sims, tuple[int, int]],
    log_odds: np.ndarray,
    everyday: tuple[float, float] = _EVERYDAY,
) -> np.ndarray:
    """As `_log_likelihood_ratio`, the everyday odds of each combination of numbers integrated out."""
    knots = np.linspace(min(0.0, log_odds.min()), max(log_odds.max(), 1e-6), _KNOTS)
    ratio = np.zeros(len(knots))
    for kind in sorted(cases.keys() & controls.keys()):
        (n, hits), (m, control_hits) = cases[kind], controls[kind]
        width = 1.8 / np.sqrt(max(n + m, 4))
        grid = np.linspace(-_WIDEST, _WIDEST, min(int(np.ceil(2 * _WIDEST / width)), _MOST_POINTS))
        known = everyday[0] * log_expit(grid) + everyday[1] * log_expit(-grid)
        known = known + control_hits * grid - m * _log_constant(kind, grid)
        at = grid + np.append(0.0, knots)[:, None]
        log_whole = np.logaddexp.reduce(known + hits * at - n * _log_constant(kind, at), axis=1)
        ratio += log_whole[1:] - log_whole[0]
    return CubicSpline(knots, ratio)(log_odds)


def _log_constant(kind: _Sims, log_odds: np.ndarray) -> np.ndarray:
    """Logarithm of what Fisher's noncentral hypergeometric distribution is divided by, at each log odds ratio."""
    reached, own, sims = kind
    possible = np.arange(max(0, own - (len(sims) - reached)), min(reached, own) + 1)
    log_null = stats.hypergeom.logpmf(possible, len(sims), own, reached)
    return np.logaddexp.reduce(log_null + log_odds[..., None] * possible, axis=-1)


def _sims(reached: Sequence[Sequence[str]], not_reached: Sequence[Sequence[str]]) -> tuple[list, list]:
    """Known operators of each person's reached and other numbers."""
    if len(reached) != len(not_reached):
        raise ValueError(
            f"{len(reached)} people with reached numbers but {len(not_reached)} with others: give one entry a person "
            "in both, empty where there is none"
        )
    cases, others = ([[name for name in person if _known(name)] for person in side] for side in (reached, not_reached))
    return cases, others


def _counts(cases: list[list[str]], others: list[list[str]], operator: str) -> tuple[np.ndarray, ...]:
    """For each person: reached numbers with the operator, all reached, other numbers with the operator, all others."""
    counts = [(a.count(operator), len(a), b.count(operator), len(b)) for a, b in zip(cases, others, strict=True)]
    return tuple(np.array(counts, int).reshape(-1, 4).T)


def _known(name: object) -> bool:
    return isinstance(name, str) and name != ""
