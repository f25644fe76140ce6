"""Senders that are no controls, as the report names them."""

from __future__ import annotations

import pandas as pd

from tasrib.report.words import percent_words
from tasrib.tracing import TraceResult
from tasrib.tracing.aside import ASIDE_COLUMNS
from tasrib.tracing.caveats import isolated

# Beyond these the workbook has the rest.
_MOST = 5


def written_aside(result: TraceResult) -> pd.DataFrame:
    """
    List the senders set aside, for the workbook and ``findings.json``.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    pandas.DataFrame
        Columns ``ASIDE_COLUMNS``.
    """
    table = result.table("set_aside")
    return table if len(table) else pd.DataFrame(columns=list(ASIDE_COLUMNS))


def aside_of(campaign_id: str, result: TraceResult) -> str:
    """
    Name the senders set aside for a campaign.

    Parameters
    ----------
    campaign_id : str
        The campaign.
    result : TraceResult
        From `tasrib.trace`, aliases applied.

    Returns
    -------
    str
        One sentence; empty where there are none.
    """
    table = written_aside(result)
    mine = table[table["campaign_id"] == campaign_id]
    if mine.empty:
        return ""
    named = [_named(row) for row in mine.head(_MOST).to_dict("records")]
    more = [f"{len(mine) - _MOST} more in tables.xlsx"] if len(mine) > _MOST else []
    return (
        "No controls are those who complained of the following senders, since nearly all are customers of one operator, as with its own "
        f"advertising: {'; '.join(named + more)}."
    )


def _named(row: dict) -> str:
    words = f"“{isolated(row['wording'], 'en')}”" if row["wording"] else ""
    who = " ".join(filter(None, [isolated(row["sender"], "en"), words])) or "sender and wording withheld"
    share = percent_words(row["share"])
    return f"{who} ({row['people']} people, {share} with {isolated(row['operator'], 'en')})"
