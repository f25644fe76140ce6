"""Organisations that hold the number: which do the people reached name more often than the controls?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tasrib.tracing.answers import read_answers
from tasrib.tracing.caveats import Caveat, caveats_of_everyone
from tasrib.tracing.comparison import Case, Column, Comparison, Found, Setting
from tasrib.tracing.methods.exposures import Holders, holder_excess, operator_label, strata_counts
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.mixture import LeakShare, leak_posterior

# Fewer people who named an organisation, or answered at all, say nothing.
_LEAST_ANSWERS = 10
# Who is in an organisation's file need not know or say so: up to a few in ten do not.
_UNTOLD = (1.0, 4.0)
# What the others leave of an excess counts as a finding below this p-value.
_LEFT = 0.05
# How many people the organisation's share among all controls is worth in a stratum. Small strata need some prior that knows of the others: with
# a flat one, 22 in 100 campaigns without a leak had a Bayes factor above 20 in 36 strata of two reached and seven controls; with these none.
_WORTH = (3.0, 10.0, 30.0)


def compare_holders(case: Case, setting: Setting) -> Found:
    """
    Compare who else holds the numbers of the people reached and of controls.

    Parameters
    ----------
    case : Case
        The campaign.
    setting : Setting
        Operators and prior.

    Returns
    -------
    Found
        One finding an organisation that at least ten people named, where at least ten of either group answered.
    """
    told = pd.concat([case.people.assign(case=True), case.controls.reset_index().assign(case=False)], ignore_index=True)
    answers = read_answers(told["known_to"], _LEAST_ANSWERS)
    answered, stratum = answers.answered, pd.factorize(np.concatenate(case.strata()))[0]
    reached = told["case"].to_numpy(bool)
    if min((reached & answered).sum(), (~reached & answered).sum()) < _LEAST_ANSWERS or answers.named.shape[1] == 0:
        return Found()
    reached, stratum, named = reached[answered], stratum[answered], answers.named[answered].reset_index(drop=True)
    known = told["operator"].where(told["operator"].isin(setting.operators), "")[answered]
    compared = holder_excess(
        reached,
        named,
        strata=stratum if len(set(stratum)) > 1 else None,
        operator=known,
        answered=np.ones(len(named), bool),
    )
    counts = [strata_counts(reached, named[name].to_numpy(), stratum) for name in compared.table["organisation"]]
    weighed = [_weigh(*of_strata) for of_strata in counts]
    prior = (1 - setting.prior_no_leak) / len(compared.table)
    total = setting.prior_no_leak + prior * sum(factor for factor, _ in weighed)
    left = _left(compared.table["adjusted_p"])
    rows = zip(compared.table.itertuples(), left, counts, weighed, strict=True)
    return Found(
        [
            _finding(row, p, _expected(*of_strata), prior * factor / total, share)
            | {"confounded_with": _told_apart(row.organisation, compared, known)}
            for row, p, of_strata, (factor, share) in rows
        ]
    )


def _left(adjusted: pd.Series) -> list[float]:
    """P-values of what the others and the operators leave, for all organisations in the model (Holm); 0 for one that is not in it."""
    left, fitted = np.zeros(len(adjusted)), adjusted.notna().to_numpy()
    # Of several that an operator explains, each would have its own chance of ringing.
    left[fitted] = holm(adjusted[fitted])
    return left.tolist()


def _told_apart(organisation: str, compared: Holders, operators: pd.Series) -> tuple[str, ...]:
    """Organisations and operators that the data hardly tell apart from this organisation."""
    alike = {name for group in compared.collinear if organisation in group for name in group} - {organisation}
    operator = {operator_label(name): name or "unknown" for name in operators.unique()}
    return tuple(sorted(operator.get(name, name) for name in alike))


def _finding(row: Any, left: float, expected: float, posterior: float, share: LeakShare) -> dict:
    # What the other holders and the operators explain is no finding of this one.
    return {
        "name": row.organisation,
        "method": "other holders, exact; logistic model with all holders and operators",
        "n_reached": int(row.cases),
        "n_controls": int(row.controls),
        "observed": int(row.cases_exposed),
        "controls_observed": int(row.controls_exposed),
        "expected": expected,
        "odds_ratio": row.odds_ratio,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "leak_share": share.share,
        "leak_share_low": share.low,
        "leak_share_high": share.high,
        "p_value": float(np.nanmax([row.p_value, row.adjusted_p])),
        "p_within": max(row.p_adjusted, left),
        "posterior": posterior if left < _LEFT else min(posterior, 0.5),
        "baseline": "controls",
        "adjusted_odds_ratio": row.adjusted_odds_ratio,
        "adjusted_low": row.adjusted_low,
        "adjusted_high": row.adjusted_high,
        **({"at_most": "weak", "doubts": (Caveat("not_adjusted"),)} if row.unadjusted else {}),
    }


def _expected(a: np.ndarray, n: np.ndarray, b: np.ndarray, m: np.ndarray) -> float:
    """People reached who would name the organisation as the controls of their stratum do; where it has none, as all controls do."""
    share = np.where(m > 0, b / np.maximum(m, 1), b.sum() / max(m.sum(), 1))
    return float((n * share).sum())


def _weigh(a: np.ndarray, n: np.ndarray, b: np.ndarray, m: np.ndarray) -> tuple[float, LeakShare]:
    """Bayes factor of a share of the list from the organisation's file, and that share."""
    met = (n > 0) & (m > 0)
    if not met.any():
        return 1.0, LeakShare(np.nan, np.nan, np.nan, np.nan)
    usual = (b[met].sum() + 0.5) / (m[met].sum() + 1)
    found = leak_posterior(
        np.column_stack([a, n - a])[met],
        np.column_stack([b, m - b])[met],
        [usual, 1 - usual],
        _UNTOLD,
        prior_no_leak=0.5,
        prior_pairs=0.0,
        weights=_WORTH,
    )
    leak = found.operators[0]
    return leak.posterior / 0.25 / max(found.none / 0.5, 1e-300), leak


COMPARISON = Comparison(
    key="holders",
    compare=compare_holders,
    subjects=("organisation",),
    names="words",
    group="organisation",
    chance="odds",
    caveats=caveats_of_everyone,
    columns=(
        Column("organisation", ("name",), "label"),
        Column("reached", ("observed", "n_reached"), "of"),
        Column("controls", ("controls_observed", "n_controls"), "of"),
        Column("odds_ratio", ("odds_ratio", "ci_low", "ci_high"), "interval"),
        Column("adjusted_odds_ratio", ("adjusted_odds_ratio",), "ratio"),
        Column("p_adjusted", ("p_adjusted",), "p_value"),
        Column("posterior", ("posterior",), "posterior"),
        Column("evidence", ("evidence",), "word"),
    ),
)
