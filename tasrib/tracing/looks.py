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
    Blocks are a week and stratum; those without a date are left out. `conditional_process` makes them evidence. What it claims holds of
    looks at the ends of weeks. A complaint that arrives late joins the week in which the message was received, and changes the products
    from that week on: last Monday's figure may then differ from today's row for it. The claim stays true where *whether* a complaint is
    late has nothing to do with the operator. Like the exact test beside it, it takes a list without a link for a random draw: the spread
    between lists is in neither. Which controls are taken depends on how many people were reached, not on their operators, and does no
    harm either.
    """
    # In numpy: there may be thousands of campaigns, and pandas takes ten times as long over tables as small as these.
    parts = case.people, case.controls
    operator = pd.Index(operators).get_indexer(np.concatenate([part["operator"].to_numpy(object) for part in parts]))
    week = np.concatenate([part["week"].to_numpy(object) for part in parts])
    group = np.repeat([0, 1], [len(part) for part in parts])
    known = operator >= 0
    dated = known & (week != "")
    if any((dated & (group == each)).sum() <= _DATED * (known & (group == each)).sum() for each in (0, 1)):
        return Looks(pd.DataFrame(columns=list(_COLUMNS[1:])), None)
    of_week, weeks = pd.factorize(week[dated], sort=True)
    of_stratum, strata = pd.factorize(np.concatenate(case.strata())[dated], sort=True)
    # By week first: the blocks of all strata stand in the order of time.
    blocks, block = np.unique(of_week * len(strata) + of_stratum, return_inverse=True)
    counts = np.zeros((2, len(blocks), len(operators)), int)
    np.add.at(counts, (group[dated], block, operator[dated]), 1)
    people, controls = counts.sum(2)
    evidence = tuple(
        conditional_process(counts[0, :, i], people, counts[1, :, i], controls, blocks % len(strata))
        for i in range(len(operators))
    )
    in_week = blocks // len(strata)
    reached, compared = (np.bincount(in_week, each).astype(int) for each in (people, controls))
    shown = np.flatnonzero(np.cumsum(reached) > 0)
    last = np.searchsorted(in_week, shown, side="right") - 1
    table = pd.DataFrame(
        {
            "operator": np.repeat(np.array(operators, object), len(shown)),
            "week": np.tile(weeks[shown], len(operators)),
            "people": np.tile(reached[shown], len(operators)),
            "controls": np.tile(compared[shown], len(operators)),
            "e": np.concatenate([each.e[last] for each in evidence]),
        }
    )
    return Looks(table, evidence)


def _alias(table: pd.DataFrame, aliases: Aliases) -> pd.DataFrame:
    # In an order that does not tell which operator is behind an alias.
    table = table.assign(operator=[aliases.operator(name) for name in table["operator"]])
    return table.sort_values(["campaign_id", "operator", "week"], kind="stable", ignore_index=True)


SIDE = SideTable(name="looks", sheet="looks", columns=_COLUMNS, alias=_alias)
