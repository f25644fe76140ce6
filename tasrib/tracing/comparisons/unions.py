"""Campaigns of one sender, party or link taken together: do the people of all of them point to an operator?"""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.tracing.caveats import caveats_beside_controls
from tasrib.tracing.comparison import Case, Column, Comparison, Found, Setting
from tasrib.tracing.comparisons.operators import compare_operators

_METHOD = """Campaigns of one sender, one party or one link in the same weeks may be one list, sent in several wordings or languages. Their
people are compared together, as those of one campaign are. Where this shows nothing, a finding of one wording alone counts as weak at most: a list
that is sent in parts, operator by operator, makes each part look like one operator's."""


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


def _line(findings: pd.DataFrame) -> str:
    others = str(findings["note"].iloc[0]).replace("{", "{{").replace("}", "}}")
    return f"together with {others}: {len(findings)} operators compared, smallest adjusted p {{p}}"


COMPARISON = Comparison(
    key="unions",
    title="Campaigns taken together",
    by="campaigns together",
    method=_METHOD,
    compare_union=compare_together,
    group="union",
    caveats=caveats_beside_controls,
    columns=(
        Column("operator", ("name",), "label"),
        Column("together with", ("note",)),
        Column("people reached", ("observed", "n_reached"), "of"),
        Column("controls", ("controls_observed", "n_controls"), "of"),
        Column("odds ratio (95%)", ("odds_ratio", "ci_low", "ci_high"), "interval"),
        Column("p adjusted", ("p_adjusted",), "p_value"),
        Column("evidence", ("evidence",)),
    ),
    listed=_listed,
    line=_line,
    sizes_share=False,
)
