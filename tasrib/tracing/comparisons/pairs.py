"""People with several numbers: which operator's was reached, and which of their others was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import betaln, log_expit, logsumexp, softmax

from tasrib.tracing.caveats import caveats_within_people
from tasrib.tracing.comparison import Case, Column, Comparison, Found, Setting
from tasrib.tracing.stats.adjust import holm
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
# Fewer people with numbers of two operators say nothing.
_LEAST_PAIRS = 5
_METHOD = """Where people list other numbers of theirs that were not reached, the numbers of one person are compared
with each other (McNemar's exact test, extended to several numbers). Nobody is compared with anybody else, so who complains does not matter."""


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
    excess too.
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


def paired_posterior(
    reached: Sequence[Sequence[str]],
    not_reached: Sequence[Sequence[str]],
    baseline: Mapping[str, float],
    ported: tuple[float, float],
    *,
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
    for operator, size in baseline.items():
        b = size / scale
        log_odds = np.log((1 - share) + share * np.exp(log_expit(-grid)) / b)
        log_odds = log_odds - np.log((1 - share) + share * np.exp(log_expit(grid)) / (1 - b))
        ratio = _log_likelihood_ratio(np.column_stack(_counts(cases, others, operator)), log_odds)
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


def compare_pairs(case: Case, setting: Setting) -> Found:
    """
    Compare the reached numbers of people with their other numbers.

    Parameters
    ----------
    case : Case
        The campaign.
    setting : Setting
        Operators, market, portability, prior.

    Returns
    -------
    Found
        One finding an operator, where at least five people have numbers of two operators.
    """
    people = case.people
    two = people[(people["other_operators"] != "") & people["operator"].isin(setting.operators)]
    if len(two) < _LEAST_PAIRS:
        return Found()
    reached = [[name] for name in two["operator"]]
    others = [[each for each in cell.split(";") if each in setting.operators] for cell in two["other_operators"]]
    table = paired_excess(reached, others, setting.operators)
    if len(table) == 0 or table["n_pairs"].max() < _LEAST_PAIRS:
        return Found()
    baseline = dict(zip(setting.operators, setting.shares, strict=True))
    belief = paired_posterior(reached, others, baseline, setting.ported, prior_no_leak=setting.prior_no_leak)
    within = holm(table["p_value"].to_numpy(float))
    return Found(
        [
            {
                "name": row.operator,
                "method": "paired SIMs, exact conditional (McNemar)",
                "n_reached": int(row.n_pairs),
                "observed": int(row.observed),
                "expected": float(row.expected),
                "odds_ratio": row.odds_ratio,
                "ci_low": row.ci_low,
                "ci_high": row.ci_high,
                "p_value": row.p_value,
                "p_within": p_within,
                "posterior": belief[row.operator],
                "baseline": "controls",
            }
            for row, p_within in zip(table.itertuples(), within, strict=True)
        ]
    )


COMPARISON = Comparison(
    key="pairs",
    title="Two SIMs, one person",
    by="two SIMs, one person",
    method=_METHOD,
    compare=compare_pairs,
    within_people=True,
    group="paired",
    caveats=caveats_within_people,
    columns=(
        Column("number of", ("name",), "label"),
        Column("reached on it / people with two SIMs", ("observed", "n_reached"), "of"),
        Column("expected", ("expected",), "ratio"),
        Column("odds ratio (95%)", ("odds_ratio", "ci_low", "ci_high"), "interval"),
        Column("p adjusted", ("p_adjusted",), "p_value"),
        Column("posterior", ("posterior",), "posterior"),
        Column("evidence", ("evidence",)),
    ),
    unit="with two SIMs",
)
