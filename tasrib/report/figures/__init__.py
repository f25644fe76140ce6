"""
The figures of a report, one file each, in Arabic, French and English.

A new figure is a new module here with a function that draws it, its wordings in ``data/reference/figure_words.toml``, and a line in
``OF_CASE`` or ``OF_CAMPAIGN``. The report loops over the registry.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from tasrib.report.figures import counts, days, detectable, list_share, numbering, odds, overlap, shares
from tasrib.report.figures.counts import bars
from tasrib.report.figures.days import by_day
from tasrib.report.figures.drawing import Figure, to_svg
from tasrib.report.figures.shares import operator_shares
from tasrib.report.figures.style import PALETTE, specification
from tasrib.tracing import TraceResult

__all__ = [
    "OF_CAMPAIGN", "OF_CASE", "PALETTE", "Figure", "bars", "by_day", "figures_of_campaign", "figures_of_case",
    "operator_shares", "specification", "to_svg",
]  # fmt: skip

# In the order in which a report shows them: those of all complaints, and those of one campaign.
OF_CASE: dict[str, Callable[[pd.DataFrame, TraceResult, str], Figure | None]] = {
    "odds": odds.draw,
    "detectable": detectable.draw,
    "overlap": overlap.draw,
    "categories": counts.draw_categories,
    "parties": counts.draw_parties,
    "days": days.draw_categories,
    "campaign_days": days.draw_campaigns,
}
OF_CAMPAIGN: dict[str, Callable[[TraceResult, str, str], Figure | None]] = {
    "shares": shares.draw,
    "list_share": list_share.draw,
    "tree": numbering.draw,
}


def figures_of_case(scored: pd.DataFrame, result: TraceResult, language: str) -> dict[str, Figure]:
    """
    Draw the figures of all complaints.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Findings, aliases applied.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict of str to Figure
        By key, in the order of the registry; without those of which there is nothing to draw.
    """
    drawn = {key: draw(scored, result, language) for key, draw in OF_CASE.items()}
    return {key: figure for key, figure in drawn.items() if figure is not None}


def figures_of_campaign(result: TraceResult, campaign_id: str, language: str) -> dict[str, Figure]:
    """
    Draw the figures of one campaign.

    Parameters
    ----------
    result : TraceResult
        Findings, aliases applied.
    campaign_id : str
        The campaign.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict of str to Figure
        As `figures_of_case`.
    """
    drawn = {key: draw(result, campaign_id, language) for key, draw in OF_CAMPAIGN.items()}
    return {key: figure for key, figure in drawn.items() if figure is not None}
