"""Campaigns of one sender, party or link taken together: do the people of all of them point to an operator?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.tracing.caveats import caveats_beside_controls
from tasrib.tracing.comparison import Case, Column, Comparison, Found, Line, Setting
from tasrib.tracing.comparisons.operators import compare_operators


def compare_together(case: Case, setting: Setting) -> Found:
    """
    Compare the people of several campaigns together with their controls.

    Parameters
    ----------
    case : Case
        All of them, as one campaign.
    setting : Setting
        Operators, market, portability, priors.

    Returns
    -------
    Found
        As from `compare_operators`; nothing without controls, since a part is compared with the market already.
    """
    if not case.controlled:
        return Found()
    return Found(compare_operators(case, setting).findings)


def _listed(findings: pd.DataFrame, _: Any) -> pd.DataFrame:
    return findings


def _line(findings: pd.DataFrame) -> Line:
    return Line({"n": len(findings), "others": str(findings["note"].iloc[0])})


COMPARISON = Comparison(
    key="unions",
    compare_union=compare_together,
    group="union",
    caveats=caveats_beside_controls,
    columns=(
        Column("operator", ("name",), "label"),
        Column("together_with", ("note",)),
        Column("reached", ("observed", "n_reached"), "of"),
        Column("controls", ("controls_observed", "n_controls"), "of"),
        Column("odds_ratio", ("odds_ratio", "ci_low", "ci_high"), "interval"),
        Column("p_adjusted", ("p_adjusted",), "p_value"),
        Column("evidence", ("evidence",), "word"),
    ),
    listed=_listed,
    line=_line,
    sizes_share=False,
)
