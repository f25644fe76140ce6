"""People with several numbers: which operator's was reached, and which of their others was not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from tasrib.tracing.caveats import Caveat, caveats_within_people
from tasrib.tracing.comparison import Case, Column, Comparison, Finding, Found, Setting
from tasrib.tracing.controls import stratum_names
from tasrib.tracing.methods.paired import paired_beside_controls, paired_excess, paired_posterior
from tasrib.tracing.stats.adjust import holm

# Fewer people with numbers of two operators say nothing.
_LEAST_PAIRS = 5
# Share of them for whom strata must leave a control.
_COVERED = 0.9


def compare_pairs(case: Case, setting: Setting) -> Found:
    """
    Compare the reached numbers of people with their other numbers, beside those of controls.

    Parameters
    ----------
    case : Case
        The campaign and its controls.
    setting : Setting
        Operators, market, portability, prior, and how many controls a comparison needs.

    Returns
    -------
    Found
        One finding an operator, where at least five people have numbers of two operators. At most ``weak``, with the
        caveat ``everyday_number``, where fewer than ``setting.min_people`` controls have numbers both of it and of
        another operator that people reached have too.
    """
    reached, others, people = _with_others(case.people, setting.operators)
    if len(reached) < _LEAST_PAIRS:
        return Found()
    alone = paired_excess(reached, others, setting.operators)
    if len(alone) == 0 or alone["n_pairs"].max() < _LEAST_PAIRS:
        return Found()
    reached_controls, other_controls, controls = _with_others(case.controls, setting.operators)
    pairs = reached_controls, other_controls
    beside, strata = _in_strata(case.counts.strata, (reached, others, people), (*pairs, controls), setting.operators)
    # Among fewer controls even a list that is wholly an operator's hardly shows: better a weak sign than none.
    controlled = (beside["n_controls"] >= setting.min_people).to_numpy()
    baseline = dict(zip(setting.operators, setting.shares, strict=True))
    belief = {
        told: paired_posterior(
            reached, others, baseline, setting.ported, controls=pairs if told else None,
            prior_no_leak=setting.prior_no_leak,
        )
        for told in np.unique(controlled).tolist()
    }  # fmt: skip
    tables = zip(controlled.tolist(), alone.itertuples(), beside.itertuples(), strict=True)
    rows = [(told, with_controls if told else by_itself) for told, by_itself, with_controls in tables]
    within = holm([row.p_value for _, row in rows])
    findings = []
    for (told, row), counts, p_within in zip(rows, beside.itertuples(), within.tolist(), strict=True):
        finding = _finding(row, p_within, belief[told][row.operator])
        findings.append(finding | (_beside_controls(row, strata) if told else _by_itself(int(counts.n_controls))))
    return Found(findings)


_Sims = tuple[list[list[str]], list[list[str]], pd.DataFrame]


def _in_strata(
    strata: tuple[str, ...], people: _Sims, controls: _Sims, operators: Sequence[str]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """
    Compare in the finest of the campaign's strata that leave people a control with the same operators, and say which.

    Only some people list another number: in strata made for everybody most of them would have nobody to be compared with. Within one
    person where and when hardly matters, only whether it decides which of two numbers is the everyday one.
    """
    whole = _compared_in((), people, controls, operators)
    for k in range(len(strata), 0, -1):
        found = _compared_in(strata[:k], people, controls, operators)
        if found["n_pairs"].sum() >= _COVERED * whole["n_pairs"].sum():
            return found, strata[:k]
    return whole, ()


def _compared_in(strata: tuple[str, ...], people: _Sims, controls: _Sims, operators: Sequence[str]) -> pd.DataFrame:
    names = stratum_names(people[2], strata), stratum_names(controls[2], strata)
    return paired_beside_controls(people[0], people[1], (controls[0], controls[1]), operators, strata=names)


def _with_others(people: pd.DataFrame, operators: Sequence[str]) -> _Sims:
    """Operator of the reached number and of the other ones, of people who list another number; and their rows."""
    two = ((people["other_operators"] != "") & people["operator"].isin(operators)).to_numpy()
    known = set(operators)
    others = [[name for name in cell.split(";") if name in known] for cell in people["other_operators"][two]]
    return [[name] for name in people["operator"][two]], others, people[two]


def _finding(row: Any, p_within: float, posterior: float) -> Finding:
    return {
        "name": row.operator,
        "n_reached": int(row.n_pairs),
        "observed": int(row.observed),
        "expected": float(row.expected),
        "odds_ratio": row.odds_ratio,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "p_value": row.p_value,
        "p_within": p_within,
        "posterior": posterior,
        "baseline": "controls",
    }


def _beside_controls(row: Any, strata: tuple[str, ...]) -> Finding:
    within = f", within {', '.join(strata)}" if strata else ""
    return {
        "method": f"paired SIMs beside those of controls, exact conditional{within}",
        "n_controls": int(row.n_controls),
        "controls_observed": int(row.controls_observed),
    }


def _by_itself(n_controls: int) -> Finding:
    return {
        "method": "paired SIMs, exact conditional (McNemar)",
        "at_most": "weak",
        "doubts": (Caveat("everyday_number", {"n_controls": n_controls}),),
    }


COMPARISON = Comparison(
    key="pairs",
    compare=compare_pairs,
    within_people=True,
    group="paired",
    caveats=caveats_within_people,
    columns=(
        Column("number_of", ("name",), "label"),
        Column("reached_on_it", ("observed", "n_reached"), "of"),
        Column("expected", ("expected",), "ratio"),
        Column("controls_on_it", ("controls_observed", "n_controls"), "of"),
        Column("odds_ratio", ("odds_ratio", "ci_low", "ci_high"), "interval"),
        Column("p_adjusted", ("p_adjusted",), "p_value"),
        Column("posterior", ("posterior",), "posterior"),
        Column("evidence", ("evidence",), "word"),
    ),
)
