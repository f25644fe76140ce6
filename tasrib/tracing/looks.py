"""A campaign looked at every week: how the evidence against chance grew, by figures that hold however often one looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.tracing.comparison import Aliases, Case, SideTable
from tasrib.tracing.stats.safe import Evidence, conditional_process

_COLUMNS = ("campaign_id", "operator", "week", "people", "controls", "e")
# With fewer dates those who have one are no picture of the rest.
_DATED = 0.5


@dataclass(frozen=True)
class Looks:
    """
    What a look each week would have shown.

    Attributes
    ----------
    table : pandas.DataFrame
        One row an operator and week, from the campaign's first: ``operator``, ``week`` (the Monday), ``people`` reached and ``controls`` of that
        week, ``e`` (the product at its end).
    evidence : tuple of Evidence or None
        Of each operator; None where most dates are missing.
    """

    table: pd.DataFrame
    evidence: tuple[Evidence, ...] | None

    def figures(self, i: int) -> dict[str, float]:
        """
        Say what holds of an operator however often one looked.

        Parameters
        ----------
        i : int
            Its place.

        Returns
        -------
        dict of str to float
            ``anytime_e``, the product today, and ``anytime_p``: the number of operators over the largest product so far, 1 at most. The mean of
            the products of all operators is an e-process, and none is more than their number times it. Missing without dates.
        """
        if self.evidence is None:
            return {"anytime_p": np.nan, "anytime_e": np.nan}
        mine = self.evidence[i]
        p = min(1.0, len(self.evidence) * mine.p_value)
        return {"anytime_p": p, "anytime_e": float(mine.e[-1]) if len(mine.e) else 1.0}


def look_back(case: Case, operators: Sequence[str]) -> Looks:
    """
    Compare a campaign with its controls week by week.

    Parameters
    ----------
    case : Case
        People and controls with ``week``, the Monday of the week in which a message was received; empty where unknown.
    operators : sequence of str
        Names.

    Returns
    -------
    Looks
        All of it made anew from all weeks, so that nothing has to be kept between reports.

    Notes
    -----
    Blocks are a week and stratum; those without a date are left out. `conditional_process` makes them evidence. What it claims holds of looks at
    the ends of weeks. A complaint that arrives late joins the week in which the message was received, and changes the products from that
    week on: last Monday's figure may then differ from today's row for it. The claim stays true where *whether* a complaint is late has nothing
    to do with the operator. Which controls are taken depends on how many people were reached, not on their operators, and does no harm either.
    """
    rows = pd.concat(
        [
            pd.DataFrame({**part[["week", "operator"]], "stratum": stratum, "case": reached})
            for part, stratum, reached in zip((case.people, case.controls), case.strata(), (True, False), strict=True)
        ],
        ignore_index=True,
    )
    rows = rows[rows["operator"].isin(operators)]
    dated = rows[rows["week"] != ""]
    if any(dated["case"].eq(group).sum() <= _DATED * rows["case"].eq(group).sum() for group in (True, False)):
        return Looks(pd.DataFrame(columns=list(_COLUMNS[1:])), None)
    # By week first: the blocks of all strata stand in the order of time.
    keys = dated.groupby(["week", "stratum"], sort=True).ngroup().to_numpy()
    names = dated.drop_duplicates(["week", "stratum"]).sort_values(["week", "stratum"])
    exposure = pd.Index(operators).get_indexer(dated["operator"])
    counts = np.zeros((2, len(names), len(operators)), int)
    np.add.at(counts, ((~dated["case"]).astype(int).to_numpy(), keys, exposure), 1)
    evidence = tuple(
        conditional_process(
            counts[0, :, i], counts[0].sum(1), counts[1, :, i], counts[1].sum(1), names["stratum"].tolist()
        )
        for i in range(len(operators))
    )
    blocks = pd.DataFrame({"week": names["week"].to_numpy(), "people": counts[0].sum(1), "controls": counts[1].sum(1)})
    weeks = blocks.groupby("week", sort=True)
    last = weeks.tail(1).index.to_numpy()
    per_week = weeks[["people", "controls"]].sum().reset_index()
    met = per_week["people"].cumsum() > 0
    parts = [
        per_week.assign(operator=name, e=each.e[last])[met] for name, each in zip(operators, evidence, strict=True)
    ]
    return Looks(pd.concat(parts, ignore_index=True)[list(_COLUMNS[1:])], evidence)


def _alias(table: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    # In an order that does not tell which operator is behind an alias.
    table = table.assign(operator=[aliases.operator(name) for name in table["operator"]])
    return table.sort_values(["campaign_id", "operator", "week"], kind="stable", ignore_index=True)


SIDE = SideTable(name="looks", sheet="looks", columns=_COLUMNS, alias=_alias)
