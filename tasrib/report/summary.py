"""The case in a few paragraphs, for a reader who reads nothing else."""

from __future__ import annotations

import pandas as pd

from tasrib.report.alias import names_shown
from tasrib.report.narrative import narrate
from tasrib.report.sections import verdicts_found
from tasrib.report.words import campaign_name, points_to
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import SIDES, by_key


def summary_sentences(scored: pd.DataFrame, result: TraceResult, n_rejected: int) -> list[str]:
    """
    Summarise a case for a reader who reads nothing else.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Its findings.
    n_rejected : int
        Rows in quarantine.

    Returns
    -------
    list of str
        One paragraph each.
    """
    decisions = scored["decision"].value_counts()
    campaigns = result.campaigns
    people = scored["recipient"].nunique()
    said = [
        f"{len(scored) + n_rejected} complaints were read; {n_rejected} could not be used and are in quarantine. "
        f"The {len(scored)} others come from {people} people. {decisions.get('campaign', 0)} messages were decided to be "
        f"political campaign, {decisions.get('review', 0)} need a human's reading, "
        f"{decisions.get('not_campaign', 0)} are something else.",
        f"The campaign messages fall into {len(campaigns)} campaigns, of which {int(campaigns['tested'].sum())} "
        "reached enough people to be compared with people who were not reached by them.",
    ]
    aliases = names_shown(result)
    found = result.findings[result.findings["evidence"].isin(["strong", "moderate"])]
    for _, row in found.iterrows():
        said.append(
            f"Campaign {campaign_name(row['campaign_id'], row['party'])}, {points_to_how(row)}: "
            f"{row['evidence']} evidence of a skew. {narrate(row, 'en', alias=aliases, brief=True)}"
        )
    only_weak = set(result.findings.loc[result.findings["evidence"] == "weak", "campaign_id"]) - set(
        found["campaign_id"]
    )
    if weak := len(only_weak):
        said.append(
            f"{weak} campaign{'s show' if weak > 1 else ' shows'} only weak signs, which chance or complaint habits can make."
        )
    if nothing := nothing_compared(result):
        said.append(f"{nothing} So nothing is said here for or against a skew towards one source.")
    elif found.empty:
        said.append("No campaign shows more than weak signs of a skew towards one source.")
    for side in SIDES:
        said += side.summary(verdicts_found(side, result.table(side.name)), campaign_name)
    said.append(
        "A skew is a lead for an inspection, not a verdict: it does not say who took a list, nor that one was taken. "
        "Ask the sender for the source and date of each number, and whoever held the numbers for export and access logs."
    )
    return said


def nothing_compared(result: TraceResult) -> str:
    """
    Say why no campaign was compared.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    str
        A sentence: how many people the largest reached, and how many are needed; empty where one was compared.
    """
    campaigns = result.campaigns
    if campaigns["tested"].any():
        return ""
    if campaigns.empty:
        return "No message was decided to belong to a campaign, so there was none to compare."
    least = result.settings["min_people"]
    largest = int((campaigns["n_valid"] - campaigns["n_unknown"]).max())
    reached = f"{largest} {'person' if largest == 1 else 'people'}"
    if largest < least:
        return f"No campaign was large enough to be compared: the largest reached {reached} with a known operator, and {least} are needed."
    return f"No campaign could be compared: the largest reached {reached} with a known operator, but fewer than {least} controls stand beside it."


def points_to_how(finding: pd.Series) -> str:
    """
    Name what a finding points to, and how where it is not by the campaign's own people beside others.

    Parameters
    ----------
    finding : pandas.Series
        A row of ``TraceResult.findings``.

    Returns
    -------
    str
        Such as ``operator A`` or ``operator A (two SIMs, one person)``.
    """
    comparison = by_key()[finding["comparison"]]
    how = f" ({comparison.by})" if comparison.within_people or comparison.compare_union is not None else ""
    return f"{points_to(finding)}{how}"
