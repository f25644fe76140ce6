"""What a letter says of where the numbers may have come from: the report's words, and never more than these."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.report.alias import names_shown
from tasrib.report.catalogue import say
from tasrib.report.first import FirstRow, first_rows
from tasrib.report.letters.happened import MOST_CAMPAIGNS
from tasrib.report.narrative import narrate
from tasrib.report.sections import caveat_paragraph
from tasrib.tracing import TraceResult
from tasrib.tracing.caveats import isolated
from tasrib.tracing.evidence import ABOVE_WEAK


def origins(party: str, campaigns: set[str], result: TraceResult, language: str) -> dict[str, Any]:
    """
    Say what was found of one party's campaigns.

    Parameters
    ----------
    party : str
        Its id; empty for messages that show none.
    campaigns : set of str
        Campaigns that its messages are in.
    result : TraceResult
        From `tasrib.trace`, aliases applied.
    language : str
        ``ar`` or ``fr``.

    Returns
    -------
    dict
        ``sources``: of each campaign that is this party's as a whole ``line`` (with the word for its evidence) and ``told``, the paragraphs on it;
        ``sources_more``. Of what is not above weak nobody is named, as on the first page of the report; a finding above weak is told
        with what else makes the same picture and what to bear in mind.
    """
    there = result.campaigns["campaign_id"].isin(campaigns)
    whole = result.campaigns[there & (result.campaigns["party"] == party)]
    shown = first_rows(result, whole, language)[:MOST_CAMPAIGNS]
    more = len(whole) - len(shown)
    elsewhere = int(there.sum()) - len(whole)
    left = [
        say("letter.campaigns_more", language, n=more) if more else "",
        say("letter.part_of_others", language, n=elsewhere) if elsewhere else "",
    ]
    return {"sources": [_source(row, result, language) for row in shown], "sources_more": " ".join(filter(None, left))}


def _source(row: FirstRow, result: TraceResult, language: str) -> dict[str, Any]:
    level = say(f"evidence.{row.level}", language)
    line = say("letter.source", language, id=isolated(row.campaign_id, language), level=level)
    return {"line": line, "told": [row.found, *_strongest(row, result, language), row.ask]}


def _strongest(row: FirstRow, result: TraceResult, language: str) -> list[str]:
    """Of the strongest finding above weak the whole paragraph, and what is to be borne in mind of all that are."""
    mine = result.findings["campaign_id"] == row.campaign_id
    above: pd.DataFrame = result.findings[mine & result.findings["evidence"].isin(ABOVE_WEAK)]
    if above.empty:
        return []
    caveats = caveat_paragraph((caveat for each in above["caveats"] for caveat in each), language)
    return [
        narrate(above.iloc[0], language, alias=names_shown(result)),
        say("letter.bear_in_mind", language, caveats=caveats),
    ]
