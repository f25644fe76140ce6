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
        within = f" ({by_key()[row['comparison']].by})" if row["within_people"] else ""
        said.append(
            f"Campaign {campaign_name(row['campaign_id'], row['party'])}, {points_to(row)}{within}: "
            f"{row['evidence']} evidence of a skew. {narrate(row, 'en', alias=aliases, brief=True)}"
        )
    only_weak = set(result.findings.loc[result.findings["evidence"] == "weak", "campaign_id"]) - set(
        found["campaign_id"]
    )
    if weak := len(only_weak):
        said.append(
            f"{weak} campaign{'s show' if weak > 1 else ' shows'} only weak signs, which chance or complaint habits can make."
        )
    if not campaigns["tested"].any():
        said.append("No campaign could be compared, so nothing is said here for or against a skew towards one source.")
    elif found.empty:
        said.append("No campaign shows more than weak signs of a skew towards one source.")
    for side in SIDES:
        said += side.summary(verdicts_found(side, result.table(side.name)), campaign_name)
    said.append(
        "A skew is a lead for an inspection, not a verdict: it does not say who took a list, nor that one was taken. "
        "Ask the sender for the source and date of each number, and whoever held the numbers for export and access logs."
    )
    return said
