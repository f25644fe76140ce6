"""The case in a few paragraphs, for a reader who reads nothing else."""

from __future__ import annotations

import pandas as pd

from tasrib.report.words import METHOD_NAMES, campaign_name, finding_sentence, method_of, points_to
from tasrib.tracing import TraceResult


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
    aliases = result.settings.get("aliased", ())
    found = result.findings[result.findings["evidence"].isin(["strong", "moderate"])]
    for _, row in found.iterrows():
        within = f" ({METHOD_NAMES['pairs']})" if method_of(row) == "pairs" else ""
        said.append(
            f"Campaign {campaign_name(row['campaign_id'], row['party'])}, {points_to(row['hypothesis'])}{within}: "
            f"{row['evidence']} evidence of a skew. {finding_sentence(row, aliases=aliases)}"
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
    said += _of_dialling_and_sharing(result)
    said.append(
        "A skew is a lead for an inspection, not a verdict: it does not say who took a list, nor that one was taken. "
        "Ask the sender for the source and date of each number, and whoever held the numbers for export and access logs."
    )
    return said


def _of_dialling_and_sharing(result: TraceResult) -> list[str]:
    said = []
    dialled, shared = looks_dialled(result), shared_lists(result)
    if len(dialled):
        names = ", ".join(campaign_name(row.campaign_id, row.party) for row in dialled.itertuples())
        said.append(f"Numbers that look dialled or made up, which speaks against any list: campaign {names}.")
    for row in shared.itertuples():
        a, b = campaign_name(row.campaign_a, row.party_a), campaign_name(row.campaign_b, row.party_b)
        said.append(
            f"Campaigns {a} and {b} reached {row.overlap} of the same people, where about {row.expected:.0f} would be "
            "expected by chance: consistent with one list, or one supplier, behind both."
        )
    return said


def looks_dialled(result: TraceResult) -> pd.DataFrame:
    """
    Campaigns whose numbers look dialled.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    pandas.DataFrame
        Rows of ``result.generated``.
    """
    table = result.generated
    return table[table["pattern"] != "none"] if len(table) else table


def shared_lists(result: TraceResult) -> pd.DataFrame:
    """
    Pairs of campaigns that share more people than chance makes.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.

    Returns
    -------
    pandas.DataFrame
        Rows of ``result.overlaps`` with an adjusted p-value below 0.05.
    """
    table = result.overlaps
    return table[table["p_adjusted"] < 0.05] if len(table) else table
