"""What a trace said of campaigns whose truth is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.tracing import TraceResult
from tasrib.tracing.evidence import LEVELS
from training.simulation.scene import OPERATORS
from training.simulation.situations import Drawn

ALPHA = 0.05


def judge(result: TraceResult, truth: Drawn, comparison: str = "operators") -> list[dict[str, Any]]:
    """
    Hold a result against the truth, campaign by campaign.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.
    truth : Drawn
        What was drawn.
    comparison : str
        Key of the comparison whose p-values are looked at; words are those of all.

    Returns
    -------
    list of dict
        One a campaign: ``campaign_id``, ``share`` (λ), ``words`` (comparison and name to word), ``by`` (comparisons with `moderate` or
        `strong` that is not true), ``worst`` (strongest word of a finding that is not true), ``best`` (of one that is), ``false_moderate``,
        ``false_strong``, ``found``, ``found_strong``; ``flagged`` (an adjusted p-value at or below 5%), ``pointed`` (its smallest is of the
        operator whose list it was); ``covered``, ``low``, ``high``, ``estimate`` of λ, None where the operators' comparison gives none.

    Notes
    -----
    A finding is true where the campaign leaked and it points to the operator, or into its numbers. What is said of several campaigns together is
    true where all of them leaked, and counts for the first.
    """
    findings = result.findings.to_dict("records")
    return [_campaign(name, findings, truth, comparison) for name in truth.truth]


def _campaign(name: str, findings: list[dict[str, Any]], truth: Drawn, comparison: str) -> dict[str, Any]:
    share, operator = truth.truth[name], OPERATORS[truth.operator]
    mine = [finding for finding in findings if _first(finding["campaign_id"], truth) == name]
    right = [finding for finding in mine if _is_true(finding, operator, truth)]
    wrong = [finding for finding in mine if not _is_true(finding, operator, truth)]
    worst, best = _strongest(wrong), _strongest(right)
    alone = [finding for finding in mine if finding["campaign_id"] == name]
    tested = [finding for finding in alone if finding["comparison"] == comparison]
    top = min(tested, key=lambda finding: finding["p_adjusted"], default=None)
    flagged = top is not None and bool(top["p_adjusted"] <= ALPHA)
    return {
        "campaign_id": name, "share": share,
        "words": {f"{finding['comparison']}: {_said(finding)}": finding["evidence"] for finding in mine},
        "by": sorted({finding["comparison"] for finding in wrong if finding["evidence"] in LEVELS[2:]}),
        "worst": worst, "best": best, "false_moderate": worst in LEVELS[2:], "false_strong": worst == LEVELS[3],
        "found": best in LEVELS[2:], "found_strong": best == LEVELS[3],
        "flagged": flagged, "pointed": flagged and top is not None and top["name"] == operator,
        **_interval(alone, operator, share),
    }  # fmt: skip


def _interval(findings: list[dict[str, Any]], operator: str, share: float) -> dict[str, Any]:
    """What is said of λ of the operator whose list it was."""
    mine = [f for f in findings if f["comparison"] == "operators" and f["name"] == operator]
    if not mine or pd.isna(mine[0]["leak_share_low"]):
        return dict.fromkeys(("covered", "low", "high", "estimate"))
    low, high, estimate = (float(mine[0][name]) for name in ("leak_share_low", "leak_share_high", "leak_share"))
    return {"covered": low <= share <= high, "low": low, "high": high, "estimate": estimate}


def _is_true(finding: dict[str, Any], operator: str, truth: Drawn) -> bool:
    about = _about(finding["campaign_id"], truth)
    if not about or not all(truth.truth[name] for name in about):
        return False
    name = finding["name"]
    return name == operator if isinstance(name, str) else operator in name


def _about(campaign: str, truth: Drawn) -> list[str]:
    """Campaigns that a finding is about: one, or all whose ids stand in the name of a union."""
    return [campaign] if campaign in truth.truth else [name for name in truth.truth if name in campaign]


def _first(campaign: str, truth: Drawn) -> str:
    about = _about(campaign, truth)
    return about[0] if about else ""


def _said(finding: dict[str, Any]) -> str:
    return finding["name"] if isinstance(finding["name"], str) else " / ".join(finding["name"])


def _strongest(findings: list[dict[str, Any]]) -> str:
    return max((finding["evidence"] for finding in findings), key=LEVELS.index, default=LEVELS[0])
