"""From what each method found to the table of findings: adjusted across campaigns, graded, with caveats."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tasrib.tracing.controls import Comparison
from tasrib.tracing.evidence import caveats, evidence_level
from tasrib.tracing.people import top_region
from tasrib.tracing.stats.adjust import adjust_across, holm

FINDING_COLUMNS = (
    "campaign_id", "party", "hypothesis", "method", "n_reached", "observed", "expected", "odds_ratio", "ci_low",
    "ci_high", "leak_share", "leak_share_low", "leak_share_high", "p_value", "p_adjusted", "posterior", "baseline",
    "evidence", "caveats", "n_controls", "controls_observed", "expected_market", "p_market", "overdispersion",
    "detectable_share", "adjusted_odds_ratio", "adjusted_low", "adjusted_high", "confounded_with", "log10_lr", "note",
)  # fmt: skip
GENERATED_COLUMNS = ("campaign_id", "party", "n", "p_value", "p_adjusted", "pattern", "ranges", "reason")
_DIALLED = 0.01
_TEXT = ("campaign_id", "party", "hypothesis", "method", "baseline", "evidence", "caveats", "confounded_with", "note")
_COUNTS = ("n_reached", "observed", "n_controls", "controls_observed")
_RANK = {"strong": 0, "moderate": 1, "weak": 2, "none": 3}


def dialled(rows: list[dict], party: pd.Series) -> pd.DataFrame:
    """
    Say of each campaign whether its numbers look dialled.

    Parameters
    ----------
    rows : list of dict
        One a campaign, as from `generated_row`, with ``campaign_id``.
    party : pandas.Series of str
        Party by campaign.

    Returns
    -------
    pandas.DataFrame
        Columns ``GENERATED_COLUMNS``; a pattern is named where the p-value, adjusted over the campaigns (Holm), is small.
    """
    table = pd.DataFrame(rows, columns=[name for name in GENERATED_COLUMNS if name not in ("party", "p_adjusted")])
    table["party"] = table["campaign_id"].map(party)
    table["p_adjusted"] = np.nan
    known = table["p_value"].notna()
    table.loc[known, "p_adjusted"] = holm(table.loc[known, "p_value"].to_numpy(float))
    table.loc[~(table["p_adjusted"] < _DIALLED), ["pattern", "ranges"]] = ["none", ""]
    return table[list(GENERATED_COLUMNS)]


def graded(
    rows: list[dict],
    party: pd.Series,
    generated: pd.DataFrame,
    cases: Mapping[str, pd.DataFrame],
    compared: Mapping[str, Comparison],
) -> pd.DataFrame:
    """
    Adjust findings across campaigns, method by method, say how strong they are and what to bear in mind.

    Parameters
    ----------
    rows : list of dict
        One a campaign, hypothesis and method, with ``campaign_id``, ``p_value``, ``p_within``, ``posterior`` and
        ``baseline`` at least.
    party : pandas.Series of str
        Party by campaign.
    generated : pandas.DataFrame
        From `dialled`.
    cases : mapping of str to pandas.DataFrame
        The people of each tested campaign.
    compared : mapping of str to Comparison
        What they were compared with.

    Returns
    -------
    pandas.DataFrame
        Columns ``FINDING_COLUMNS``, strongest evidence first.
    """
    findings = pd.DataFrame(rows)
    for name in FINDING_COLUMNS:
        if name not in findings:
            findings[name] = "" if name in _TEXT else np.nan
    findings[list(_TEXT)] = findings[list(_TEXT)].fillna("").astype("str")
    findings["party"] = findings["campaign_id"].map(party).fillna("").astype("str")
    for name in _COUNTS:
        findings[name] = findings[name].fillna(0).astype(int)
    if len(findings) == 0:
        return findings[list(FINDING_COLUMNS)]
    kind = findings["hypothesis"].str.partition(":")[0] + findings["method"].str.startswith("paired").map(str)
    findings["p_adjusted"] = np.nan
    for _, group in findings.groupby(kind):
        findings.loc[group.index, "p_adjusted"] = adjust_across(
            group["p_within"].to_numpy(float), group["campaign_id"].tolist()
        )
    looks = set(generated.loc[generated["pattern"] != "none", "campaign_id"])
    p_dialled = generated.set_index("campaign_id")["p_adjusted"].to_dict()
    shown = {
        name: _shown(cases.get(name), compared.get(name), p_dialled.get(name, np.nan) if name in looks else np.nan)
        for name in findings["campaign_id"].unique()
    }
    levels, said = [], []
    for row in findings.to_dict("records"):
        name, paired = row["campaign_id"], row["method"].startswith("paired")
        # Who holds a number predicts nothing when numbers are dialled: prefixes and blocks are then the dialler's choice.
        sure = row["baseline"] != "market" and (name not in looks or paired)
        levels.append(evidence_level(row["p_value"], row["p_adjusted"], row["posterior"], controlled=sure))
        here = dict(shown[name])
        if not row["hypothesis"].startswith("operator:"):
            here["n_unknown"] = 0
        found = caveats(
            n_reached=row["n_reached"],
            n_controls=row["n_controls"],
            controlled=row["baseline"] != "market",
            overdispersion=row["overdispersion"],
            confounded_with=row["confounded_with"],
            paired=paired,
            **here,
        )
        said.append(" ".join(found))
    findings["evidence"], findings["caveats"] = pd.array(levels, dtype="str"), pd.array(said, dtype="str")
    rank = findings["evidence"].map(_RANK)
    by = ["rank", "p_adjusted", "campaign_id", "hypothesis", "method"]
    order = findings.assign(rank=rank).sort_values(by, kind="stable").index
    return findings.loc[order, list(FINDING_COLUMNS)].reset_index(drop=True)


def _shown(reached: pd.DataFrame | None, mine: Comparison | None, generated_p: float) -> dict:
    """What the caveats of all findings of a campaign need to know of it."""
    return {
        "n_unknown": 0 if reached is None else int((reached["operator"] == "").sum()),
        "declared": 0 if reached is None else int((reached["serving"] != "").sum()),
        "top_region": ("", 0.0) if reached is None else top_region(reached),
        "relaxed": mine is not None and mine.relaxed,
        "stratified": mine is not None and mine.n_strata > 1,
        "n_strata": 0 if mine is None else mine.n_strata,
        "generated_p": generated_p,
    }
