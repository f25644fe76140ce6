"""Of a case as a whole: what a finding points to and how, and why nothing was compared."""

from __future__ import annotations

import pandas as pd

from tasrib.report.catalogue import say
from tasrib.report.words import points_to
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import by_key


def nothing_compared(result: TraceResult, language: str = "en") -> str:
    """
    Say why no campaign was compared.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        A sentence: how many people the largest reached, and how many are needed; empty where one was compared.
    """
    campaigns = result.campaigns
    if campaigns["tested"].any():
        return ""
    if campaigns.empty:
        return say("nothing.no_campaign", language)
    least, largest = int(result.settings["min_people"]), largest_reached(campaigns)
    return say("nothing.too_few" if largest < least else "nothing.no_controls", language, n=largest, least=least)


def largest_reached(campaigns: pd.DataFrame) -> int:
    """
    Count the people of a known operator that the largest of some campaigns reached.

    Parameters
    ----------
    campaigns : pandas.DataFrame
        Rows of ``TraceResult.campaigns``, one at least.

    Returns
    -------
    int
        Their number.
    """
    return int((campaigns["n_valid"] - campaigns["n_unknown"]).max())


def points_to_how(finding: pd.Series, language: str = "en") -> str:
    """
    Name what a finding points to, and how where it is not by the campaign's own people beside others.

    Parameters
    ----------
    finding : pandas.Series
        A row of ``TraceResult.findings``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``operator A`` or ``operator A (two SIMs, one person)``.
    """
    comparison = by_key()[finding["comparison"]]
    told = comparison.within_people or comparison.compare_union is not None
    how = f" ({say(f'comparison.{comparison.key}.by', language)})" if told else ""
    return f"{points_to(finding, language)}{how}"
