"""Senders that are no controls, as the report names them."""

from __future__ import annotations

import pandas as pd

from tasrib.report.catalogue import say
from tasrib.report.personal import hidden_parts, in_language, without_parts
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
        Columns ``ASIDE_COLUMNS``; no wording calls its recipient by name.
    """
    table = result.table("set_aside")
    if table.empty:
        return pd.DataFrame(columns=list(ASIDE_COLUMNS))
    countries = [str(result.settings["country"])]
    shown = [without_parts(wording, hidden_parts(wording, countries=countries)) for wording in table["wording"]]
    return table.assign(wording=shown)


def aside_of(campaign_id: str, result: TraceResult, language: str) -> str:
    """
    Name the senders set aside for a campaign.

    Parameters
    ----------
    campaign_id : str
        The campaign.
    result : TraceResult
        From `tasrib.trace`, aliases applied.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        One sentence; empty where there are none.
    """
    table = written_aside(result)
    mine = table[table["campaign_id"] == campaign_id]
    if mine.empty:
        return ""
    named = [_named(row, language) for row in mine.head(_MOST).to_dict("records")]
    if len(mine) > _MOST:
        named.append(say("aside.more", language, n=len(mine) - _MOST, file=isolated("tables.xlsx", language)))
    return say("aside.sentence", language, names=("؛ " if language == "ar" else "; ").join(named))


def _named(row: dict, language: str) -> str:
    words = (
        say("aside.wording", language, wording=isolated(in_language(row["wording"], language), language))
        if row["wording"]
        else ""
    )
    sender = isolated(row["sender"], language) if row["sender"] else ""
    who = " ".join(filter(None, [sender, words])) or say("aside.withheld", language)
    return say(
        "aside.sender", language, who=who, n=int(row["people"]), share=percent_words(row["share"], language),
        operator=isolated(row["operator"], language),
    )  # fmt: skip
