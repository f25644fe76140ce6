"""The other comparisons of a campaign: own second numbers, other holders, the numbering tree, dialled numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tasrib.tracing.comparisons.canaries import canary_evidence
from tasrib.tracing.comparisons.dialling import generated_numbers
from tasrib.tracing.comparisons.holders import holder_excess
from tasrib.tracing.comparisons.pairs import paired_excess, paired_posterior
from tasrib.tracing.comparisons.tree import TreeScan, numbering_paths, tree_scan
from tasrib.tracing.stats.adjust import holm
from tasrib.tracing.stats.market import shares_or_even
from tasrib.tracing.stats.mixture import LeakShare, leak_posterior

# Beyond some controls a case, more add hardly anything (Ury, Biometrics 1975) and cost time.
CONTROLS_PER_CASE = 8
_LEAST_PAIRS, _LEAST_ANSWERS = 5, 10
# Who is in an organisation's file need not know or say so: up to a few in ten do not.
_UNTOLD = (1.0, 4.0)


@dataclass(frozen=True)
class Setting:
    """What all comparisons of one run share."""

    operators: list[str]
    market: np.ndarray | None
    ported: tuple[float, float]
    country: str
    prior_no_leak: float
    prior_pairs: float
    replicates: int
    seed: int


def paired_rows(cases: pd.DataFrame, setting: Setting) -> list[dict]:
    """
    Compare the reached numbers of people with their other numbers.

    Parameters
    ----------
    cases : pandas.DataFrame
        A campaign's people, as from `People.reached`.
    setting : Setting
        Operators, market, portability.

    Returns
    -------
    list of dict
        One an operator, where at least five people have numbers of two operators; empty otherwise.
    """
    two = cases[(cases["other_operators"] != "") & cases["operator"].isin(setting.operators)]
    if len(two) < _LEAST_PAIRS:
        return []
    reached = [[name] for name in two["operator"]]
    others = [[each for each in cell.split(";") if each in setting.operators] for cell in two["other_operators"]]
    table = paired_excess(reached, others, setting.operators)
    if len(table) == 0 or table["n_pairs"].max() < _LEAST_PAIRS:
        return []
    market = shares_or_even(setting.market, len(setting.operators))
    baseline = dict(zip(setting.operators, market, strict=True))
    belief = paired_posterior(reached, others, baseline, setting.ported, prior_no_leak=setting.prior_no_leak)
    table["p_within"] = holm(table["p_value"].to_numpy(float))
    return [
        {
            "hypothesis": f"operator:{row.operator}",
            "method": "paired SIMs, exact conditional (McNemar)",
            "n_reached": int(row.n_pairs),
            "observed": int(row.observed),
            "expected": float(row.expected),
            "odds_ratio": row.odds_ratio,
            "ci_low": row.ci_low,
            "ci_high": row.ci_high,
            "p_value": row.p_value,
            "p_within": row.p_within,
            "posterior": belief[row.operator],
            "baseline": "controls",
        }
        for row in table.itertuples()
    ]


def holder_rows(cases: pd.DataFrame, controls: pd.DataFrame, setting: Setting) -> list[dict]:
    """
    Compare who else holds the numbers of the people reached and of controls.

    Parameters
    ----------
    cases, controls : pandas.DataFrame
        A campaign's people, and controls row by row.
    setting : Setting
        Operators and prior.

    Returns
    -------
    list of dict
        One an organisation that at least ten people named, where at least ten of either group answered.
    """
    told = pd.concat([cases.assign(case=True), controls.reset_index().assign(case=False)], ignore_index=True)
    told = told[told["known_to"] != ""].reset_index(drop=True)
    if min(told["case"].sum(), (~told["case"]).sum()) < _LEAST_ANSWERS:
        return []
    named = told["known_to"].str.get_dummies(";")
    named.columns = named.columns.str.strip()
    named = named.T.groupby(level=0).max().T.astype(bool)
    named = named.loc[:, (named.sum() >= _LEAST_ANSWERS) & (named.columns != "")]
    if named.shape[1] == 0:
        return []
    known = told["operator"].where(told["operator"].isin(setting.operators), "")
    compared = holder_excess(told["case"], named, operator=known)
    found = compared.table
    weighed = [_holder_posterior(row) for row in found.itertuples()]
    prior = (1 - setting.prior_no_leak) / len(found)
    total = setting.prior_no_leak + prior * sum(each[0] for each in weighed)
    rows = []
    for row, (factor, share) in zip(found.itertuples(), weighed, strict=True):
        checked = row.adjusted_p if np.isfinite(row.adjusted_p) else 0.0
        alike = {name for group in compared.collinear if row.organisation in group for name in group}
        apart = ", ".join(sorted(name.removeprefix("operator:") for name in alike - {row.organisation}))
        rows.append(
            {
                "hypothesis": f"organisation:{row.organisation}",
                "method": "other holders, exact; logistic model with all holders and operators",
                "n_reached": int(row.cases),
                "n_controls": int(row.controls),
                "observed": int(row.cases_exposed),
                "controls_observed": int(row.controls_exposed),
                "expected": row.cases * row.controls_exposed / max(row.controls, 1),
                "odds_ratio": row.odds_ratio,
                "ci_low": row.ci_low,
                "ci_high": row.ci_high,
                "leak_share": share.share,
                "leak_share_low": share.low,
                "leak_share_high": share.high,
                "p_value": max(row.p_value, checked),
                # What the other holders and the operators explain is no finding of this one.
                "p_within": max(row.p_adjusted, checked),
                "posterior": prior * factor / total if checked < 0.05 else min(prior * factor / total, 0.5),
                "baseline": "controls",
                "confounded_with": apart,
                "adjusted_odds_ratio": row.adjusted_odds_ratio,
                "adjusted_low": row.adjusted_low,
                "adjusted_high": row.adjusted_high,
            }
        )
    return rows


def scan_rows(cases: pd.DataFrame, controls: pd.DataFrame, setting: Setting) -> tuple[list[dict], pd.DataFrame]:
    """
    Find where in the numbering tree the people reached are most in excess.

    Parameters
    ----------
    cases, controls : pandas.DataFrame
        A campaign's people, and controls row by row.
    setting : Setting
        Country, replicates and seed.

    Returns
    -------
    rows : list of dict
        The most likely cut, where it lies below the operators.
    nodes : pandas.DataFrame
        All nodes with their p-values, as from `tree_scan`.
    """
    both = pd.concat([cases, controls.reset_index()], ignore_index=True)
    both = both[both["operator"] != ""]
    is_case = np.arange(len(both)) < (cases["operator"] != "").sum()
    if len(both) == 0 or is_case.all() or not is_case.any():
        return [], pd.DataFrame()
    numbers = both["person"].where(both["person"].str.startswith("+"), "").tolist()
    paths = numbering_paths(
        both["operator"].tolist(), both["prefix"].tolist(), numbers if any(numbers) else None, country=setting.country
    )
    # Few draws settle that there is nothing; many are for what may be a finding.
    found: TreeScan = tree_scan(paths, is_case, replicates=min(199, setting.replicates), seed=setting.seed)
    if found.p_value <= 0.1 and setting.replicates > 199:
        found = tree_scan(paths, is_case, replicates=setting.replicates, seed=setting.seed)
    nodes = found.nodes
    below = nodes[~nodes["level"].isin(["country", "operator"])]
    if len(below) == 0:
        return [], nodes
    top = below.iloc[0]
    kind = "block" if "block" in str(top["level"]) else "prefix"
    return [
        {
            "hypothesis": f"{kind}:{top['node']}",
            "method": f"tree scan, conditional Bernoulli, {found.replicates} replicates",
            "n_reached": found.cases,
            "n_controls": found.people - found.cases,
            "observed": int(top["cases"]),
            "controls_observed": int(top["people"] - top["cases"]),
            "expected": float(top["expected"]),
            "odds_ratio": np.nan,
            "p_value": float(top["p_value"]),
            "p_within": float(top["p_value"]),
            "posterior": np.nan,
            "baseline": "controls",
            # A prefix alone does not say whose it is.
            "note": top["places"][1],
        }
    ], nodes


def generated_row(cases: pd.DataFrame, controls: pd.DataFrame, setting: Setting) -> dict:
    """
    Say whether the numbers of a campaign look dialled.

    Parameters
    ----------
    cases, controls : pandas.DataFrame
        A campaign's people, and controls row by row.
    setting : Setting
        Country and seed.

    Returns
    -------
    dict
        ``n``, ``p_value``, ``pattern``, ``ranges``, ``reason``; p-value NaN where numbers are pseudonyms.
    """
    mine = cases.loc[cases["person"].str.startswith("+"), "person"]
    if len(mine) == 0:
        reason = "numbers are pseudonyms; score with --keep-numbers to test this"
        return {"n": 0, "p_value": np.nan, "pattern": "none", "ranges": "", "reason": reason}
    others = [name for name in controls.index if str(name).startswith("+")]
    found = generated_numbers(mine, others, country=setting.country, seed=setting.seed)
    ranges = "; ".join(" ".join(str(cell) for cell in row) for row in found.ranges.to_numpy()[:5])
    return {"n": found.n, "p_value": found.p_value, "pattern": found.pattern, "ranges": ranges, "reason": found.reason}


def canary_rows(
    canaries: pd.DataFrame,
    reached: dict[str, list[str]],
    sent_at: dict[str, pd.Timestamp],
    pseudonym: Callable[[str], str] | None,
    setting: Setting,
) -> list[dict]:
    """
    Weigh what hits on numbers given to one holder only say of each campaign.

    Parameters
    ----------
    canaries : pandas.DataFrame
        As from `read_canaries`.
    reached : dict of str to list of str
        Campaign to the persons it reached: numbers or pseudonyms.
    sent_at : dict of str to pandas.Timestamp
        Campaign to its first message.
    pseudonym : callable or None
        How numbers were replaced.
    setting : Setting
        Country and prior.

    Returns
    -------
    list of dict
        One a campaign and holder with at least one hit, with ``campaign_id``.
    """
    table = canary_evidence(canaries, reached, sent_at=sent_at, pseudonym=pseudonym, country=setting.country)
    rows = []
    for name, group in table.groupby("campaign_id", sort=False):
        within = holm(group["p_value"].to_numpy(float))
        prior = (1 - setting.prior_no_leak) / len(group)
        factors = 10.0 ** group["log10_lr"].to_numpy(float)
        total = setting.prior_no_leak + prior * factors.sum()
        for row, p, factor in zip(group.itertuples(), within, factors, strict=True):
            if row.hit == 0:
                continue
            rows.append(
                {
                    "campaign_id": name,
                    "hypothesis": f"canary:{row.holder}",
                    "method": "canary numbers, likelihood ratio",
                    "n_reached": int(row.canaries),
                    "n_controls": int(row.others),
                    "observed": int(row.hit),
                    "controls_observed": int(row.others_hit),
                    "expected": np.nan,
                    "p_value": float(row.p_value),
                    "p_within": float(p),
                    "posterior": float(prior * factor / total),
                    "baseline": "controls",
                    "log10_lr": float(row.log10_lr),
                    "note": row.note,
                }
            )
    return rows


def _holder_posterior(row: Any) -> tuple[float, LeakShare]:
    """Bayes factor of a share of the list from the organisation's file, and that share."""
    found = leak_posterior(
        [row.cases_exposed, row.cases - row.cases_exposed],
        [row.controls_exposed, row.controls - row.controls_exposed],
        [0.5, 0.5],
        _UNTOLD,
        prior_no_leak=0.5,
        prior_pairs=0.0,
        weights=(1.0,),
    )
    leak = found.operators[0]
    return leak.posterior / 0.25 / max(found.none / 0.5, 1e-300), leak
