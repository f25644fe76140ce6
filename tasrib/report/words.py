"""Findings in plain words: what was seen, how likely it is by chance, what it is and is not consistent with."""

from __future__ import annotations

import pandas as pd

from tasrib.trace import TraceResult

CATEGORY_NAMES = {
    "political_campaign": "political campaign",
    "civic_information": "civic information",
    "news": "news",
    "commercial": "commercial",
    "service": "service notice",
    "scam": "scam",
    "community": "community",
    "personal": "personal",
}


def operator_of(hypothesis: str) -> str:
    """
    Name the operator of a hypothesis.

    Parameters
    ----------
    hypothesis : str
        Such as ``operator:A``.

    Returns
    -------
    str
        Such as ``A``.
    """
    return hypothesis.partition(":")[2]


def probability_words(p: float) -> str:
    """
    Print a p-value as readers expect it.

    Parameters
    ----------
    p : float
        A probability.

    Returns
    -------
    str
        Such as ``0.03``, ``0.004`` or ``less than 0.0001``.
    """
    if pd.isna(p):
        return "–"
    if p < 0.0001:
        return "less than 0.0001"
    return f"{p:.4f}" if p < 0.001 else (f"{p:.3f}" if p < 0.1 else f"{p:.2f}")


def ratio_words(ratio: float) -> str:
    """
    Print an odds ratio or an end of its interval.

    Parameters
    ----------
    ratio : float
        0 or more; may be infinite, or NaN where there is none.

    Returns
    -------
    str
        With one decimal, ``∞`` or ``–``.
    """
    if pd.isna(ratio):
        return "–"
    return "∞" if ratio == float("inf") else f"{ratio:.1f}"


def posterior_words(probability: float) -> str:
    """
    Print a posterior without claiming certainty.

    Parameters
    ----------
    probability : float
        A probability.

    Returns
    -------
    str
        Such as ``0.87`` or ``above 0.99``.
    """
    if pd.isna(probability):
        return "–"
    return "above 0.99" if probability > 0.99 else f"{probability:.2f}"


def campaign_name(campaign_id: str, party: str) -> str:
    """
    Name a campaign for a reader.

    Parameters
    ----------
    campaign_id, party : str
        Of the campaign; the party may be empty.

    Returns
    -------
    str
        Such as ``c-3f0a91d2 (PPS)``.
    """
    return f"{campaign_id} ({party})" if party else campaign_id


def finding_sentence(finding: pd.Series) -> str:
    """
    Say one finding in a sentence or two.

    Parameters
    ----------
    finding : pandas.Series
        A row of ``TraceResult.findings``.

    Returns
    -------
    str
        Without the words proof or culprit: a finding is a lead for an inspection.
    """
    operator = operator_of(finding["hypothesis"])
    seen = f"{finding['observed']} of the {finding['n_reached']} people reached have a number allocated to {operator}"
    if pd.isna(finding["p_value"]):
        return f"{seen}. The comparison with market shares is withheld, since it would tell who is behind an alias."
    baseline = "the market shares" if finding["baseline"] == "market" else "the controls"
    seen += f"; {finding['expected']:.0f} would be expected from {baseline}"
    if pd.notna(finding["odds_ratio"]):
        ratio, low, high = (ratio_words(finding[name]) for name in ("odds_ratio", "ci_low", "ci_high"))
        seen += f" (odds ratio {ratio}, 95% interval {low} to {high})"
    chance = f"Without a leak, an excess like this has a probability of {probability_words(finding['p_value'])}"
    chance += f", {probability_words(finding['p_adjusted'])} after adjustment for all comparisons made."
    if finding["evidence"] == "none":
        # Little evidence for a leak is not yet evidence against one.
        if finding["leak_share_high"] < 0.5 or finding["posterior"] < 0.01:
            meaning = f"The pattern is not consistent with a list drawn mainly from {operator}'s customers."
        else:
            meaning = (
                f"So few people neither show nor rule out that a part of the list came from {operator}'s customers."
            )
        return f"{seen}. {chance} {meaning}"
    share = (
        f"It is consistent with a list of which about {finding['leak_share']:.0%} "
        f"({finding['leak_share_low']:.0%} to {finding['leak_share_high']:.0%}) came from {operator}'s customers; "
        f"posterior probability of that {posterior_words(finding['posterior'])}."
    )
    return f"{seen}. {chance} {share}"


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
    found = result.findings[result.findings["evidence"].isin(["strong", "moderate"])]
    for _, row in found.iterrows():
        said.append(
            f"Campaign {campaign_name(row['campaign_id'], row['party'])}, {operator_of(row['hypothesis'])}: "
            f"{row['evidence']} evidence of a skew. {finding_sentence(row)}"
        )
    weak = result.findings.loc[result.findings["evidence"] == "weak", "campaign_id"].nunique()
    if weak:
        said.append(
            f"{weak} campaign{'s show' if weak > 1 else ' shows'} only weak signs, which chance or complaint habits can make."
        )
    if not campaigns["tested"].any():
        said.append(
            "No campaign could be compared, so nothing is said here for or against a skew towards one operator."
        )
    elif found.empty:
        said.append("No campaign shows more than weak signs of a skew towards one operator.")
    said.append(
        "A skew is a lead for an inspection, not a verdict: it does not say who took a list, nor that one was taken. "
        "Ask the sender for the source and date of each number, and the operator for its export and access logs."
    )
    return said
