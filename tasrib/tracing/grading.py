"""From what each comparison found to the table of findings: adjusted across campaigns, graded, with caveats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from tasrib.tracing.caveats import DISPERSED, Caveat, Shown
from tasrib.tracing.comparison import Comparison, Finding, label
from tasrib.tracing.controls import Compared
from tasrib.tracing.evidence import evidence_level, strongest_first, weaker
from tasrib.tracing.people import is_skewed, top_region
from tasrib.tracing.stats.adjust import adjust_across

FINDING_COLUMNS = (
    "campaign_id", "party", "comparison", "name", "hypothesis", "method", "n_reached", "observed", "expected", "odds_ratio",
    "ci_low", "ci_high", "leak_share", "leak_share_low", "leak_share_high", "p_value", "p_adjusted", "posterior", "baseline",
    "evidence", "caveats", "within_people", "n_controls", "controls_observed", "expected_market", "p_market", "overdispersion",
    "detectable_share", "adjusted_odds_ratio", "adjusted_low", "adjusted_high", "confounded_with", "log10_lr", "note",
    "bias_factor", "bias_factor_low", "confounder_strength", "confounder_strength_low", "bias_low", "bias_high", "anytime_p", "anytime_e",
    "p_between", "list_spread", "n_senders", "compared_within",
)  # fmt: skip
# P-value below which two groups are taken to differ in unknown prefixes.
_DIFFERS = 0.05
_TEXT = ("campaign_id", "party", "comparison", "hypothesis", "method", "baseline", "evidence", "note")
_COUNTS = ("n_reached", "observed", "n_controls", "controls_observed")
_LISTS = ("name", "caveats", "confounded_with", "compared_within")
_GIVEN = {
    "note": "", "n_controls": 0, "controls_observed": 0, "confounded_with": (), "compared_within": (), "at_most": "strong", "doubts": (),
}  # fmt: skip
# What a comparison says of a finding for its grade alone.
_FOR_GRADING = ("p_within", "p_between_within", "at_most", "doubts", "n_looked_at")


def grade(
    findings: Sequence[Finding],
    comparisons: Mapping[str, Comparison],
    party: pd.Series,
    shown: Mapping[str, Shown],
) -> pd.DataFrame:
    """
    Adjust findings across campaigns, family by family, say how strong they are and what to bear in mind.

    Parameters
    ----------
    findings : sequence of Finding
        One a campaign, comparison and hypothesis, with ``campaign_id``, ``comparison``, ``name``, ``p_value``, ``p_within``,
        ``posterior`` and ``baseline`` at least.
    comparisons : mapping of str to Comparison
        The registry.
    party : pandas.Series of str
        Party by campaign.
    shown : mapping of str to Shown
        What the data show of each campaign.

    Returns
    -------
    pandas.DataFrame
        Columns ``FINDING_COLUMNS``, strongest evidence first.
    """
    rows = [_completed(finding, comparisons[finding["comparison"]], party) for finding in findings]
    adjusted, between = _across_campaigns(rows, "p_within"), _across_campaigns(rows, "p_between_within")
    for row, p_adjusted, p_between in zip(rows, adjusted, between, strict=True):
        comparison, here = comparisons[row["comparison"]], shown[row["campaign_id"]]
        row["p_adjusted"], row["p_between"] = p_adjusted, p_between
        # Where the numbers of one operator are dialled, which of one's own numbers is reached says no more than whose number it is.
        sure = row["baseline"] != "market" and not here.doubts
        at_most = weaker(row["at_most"], "strong" if sure else "weak")
        if comparison.beside_controls and _is_shaky(row, here):
            at_most = weaker(at_most, "moderate")
        p_worst = float(np.fmax(p_adjusted, p_between))
        row["evidence"] = evidence_level(row["p_within"], p_worst, row["posterior"], at_most=at_most)
        row["caveats"] = (*row["doubts"], *comparison.caveats(row, here))
    return sort_findings(as_table(rows), comparisons)


def _is_shaky(row: Finding, here: Shown) -> bool:
    """Whether controls are not quite those of the campaign: such a finding is moderate at most."""
    return here.relaxed or here.is_skewed or here.unknown_differs or bool(row["overdispersion"] > DISPERSED)


def show(
    compared: Compared | None, doubts: Sequence[Caveat], *, filers_said: bool = True, filed: tuple[int, int] = (0, 0)
) -> Shown:
    """
    Say what the caveats of all findings of a campaign need to know of it.

    Parameters
    ----------
    compared : Compared or None
        The campaign beside its controls; None where it was too small to be compared.
    doubts : sequence of Caveat
        Why comparisons between people say little of it.
    filers_said, filed
        As in `Shown`.

    Returns
    -------
    Shown
        People, regions and strata.
    """
    if compared is None:
        return Shown(doubts=tuple(doubts))
    people, counts = compared.people, compared.counts
    n_unknown, region = int((people["operator"] == "").sum()), top_region(people)
    n_controls = int(counts.controls.sum())
    unknown = [[n_unknown, len(people) - n_unknown], [counts.n_unknown, n_controls]]
    return Shown(
        n_unknown=n_unknown,
        n_declared=int((people["serving"] != "").sum()),
        top_region=region,
        has_regions=bool((people["region"] != "").any()),
        is_skewed="region" not in counts.strata and is_skewed(people, region[1], counts.region_share),
        unknown_differs=n_controls > 0 and float(stats.fisher_exact(unknown).pvalue) < _DIFFERS,
        filers_said=filers_said,
        filed=filed,
        n_aside=sum(sender.people for sender in counts.aside),
        relaxed=counts.relaxed,
        n_strata=counts.n_strata,
        doubts=tuple(doubts),
    )


def as_table(rows: Sequence[Finding]) -> pd.DataFrame:
    """
    Give findings their columns and types.

    Parameters
    ----------
    rows : sequence of Finding
        Graded.

    Returns
    -------
    pandas.DataFrame
        Columns ``FINDING_COLUMNS``; figures that a comparison does not have are missing.
    """
    table = {}
    for column in FINDING_COLUMNS:
        values = [row.get(column, np.nan) for row in rows]
        kind = "str" if column in _TEXT else int if column in _COUNTS else object if column in _LISTS else float
        table[column] = pd.Series(values, dtype=bool if column == "within_people" else kind)
    return pd.DataFrame(table)


def sort_findings(findings: pd.DataFrame, comparisons: Mapping[str, Comparison]) -> pd.DataFrame:
    """
    Put the strongest findings first; equal ones by campaign, by what they point to, and as the registry lists the comparisons.

    Parameters
    ----------
    findings : pandas.DataFrame
        Columns ``FINDING_COLUMNS``.
    comparisons : mapping of str to Comparison
        The registry.

    Returns
    -------
    pandas.DataFrame
        Numbered anew.
    """
    rows = findings.to_dict("records")
    order = pd.DataFrame(
        {
            "rank": findings["evidence"].map(strongest_first),
            **findings[["p_adjusted", "campaign_id"]],
            "subject": [comparisons[row["comparison"]].subject(row) for row in rows],
            "label": [label(row) for row in rows],
            "place": findings["comparison"].map(list(comparisons).index),
        }
    )
    return findings.loc[order.sort_values(list(order), kind="stable").index].reset_index(drop=True)


def _completed(finding: Finding, comparison: Comparison, party: pd.Series) -> Finding:
    unknown = sorted(set(finding) - {*FINDING_COLUMNS, *_FOR_GRADING})
    if unknown:
        raise ValueError(f"a finding of {comparison.key!r} has {', '.join(unknown)}: add it to FINDING_COLUMNS")
    return {
        **_GIVEN,
        "overdispersion": np.nan,
        **finding,
        "party": party.get(finding["campaign_id"], ""),
        "hypothesis": comparison.hypothesis(finding),
        "within_people": comparison.within_people,
    }


def _across_campaigns(rows: Sequence[Finding], column: str) -> np.ndarray:
    """P-values adjusted within each family: all findings of one comparison, for what it looks for it finds in one search. NaN without any."""
    adjusted = np.full(len(rows), np.nan)
    families: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        if np.isfinite(row.get(column, np.nan)):
            families.setdefault(row["comparison"], []).append(i)
    for members in families.values():
        within = [float(rows[i][column]) for i in members]
        looked_at = max(int(rows[i].get("n_looked_at", 0)) for i in members)
        adjusted[members] = adjust_across(within, [rows[i]["campaign_id"] for i in members], looked_at)
    return adjusted
