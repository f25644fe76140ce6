"""What a trace said of campaigns whose truth is known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.tracing import TraceResult
from tasrib.tracing.evidence import LEVELS
from training.simulation.scene import OPERATORS
from training.simulation.situations import Drawn

ALPHA = 0.05


def judge(result: TraceResult, truth: Drawn) -> list[dict[str, Any]]:
    """
    Hold a result against the truth, campaign by campaign.

    Parameters
    ----------
    result : TraceResult
        From `tasrib.trace`.
    truth : Drawn
        What was drawn.

    Returns
    -------
    list of dict
        One a campaign: ``campaign_id``, ``share`` (λ), ``words`` (comparison and name to word), ``worst`` (strongest word of a finding that is
        not true), ``best`` (of one that is), ``false_moderate``, ``false_strong``, ``found``, ``found_strong``; of the operators' comparison
        ``flagged`` (an adjusted p-value at or below 5%), ``pointed`` (its smallest is of the operator whose list it was), ``covered``, ``low``,
        ``high``, ``estimate`` of λ (None where it gives none).

    Notes
    -----
    A finding is true where the campaign leaked and it points to the operator, or into its numbers. What is said of several campaigns together is
    true where all of them leaked, and counts for the first.
    """
    findings = result.findings.to_dict("records")
    return [_campaign(name, findings, truth) for name in truth.truth]


def _campaign(name: str, findings: list[dict[str, Any]], truth: Drawn) -> dict[str, Any]:
    share, operator = truth.truth[name], OPERATORS[truth.operator]
    mine = [finding for finding in findings if _first(finding["campaign_id"], truth) == name]
    is_true = [_is_true(finding, operator, truth) for finding in mine]
    words = {f"{finding['comparison']}: {_said(finding)}": finding["evidence"] for finding in mine}
    worst = _strongest(finding["evidence"] for finding, true in zip(mine, is_true, strict=True) if not true)
    best = _strongest(finding["evidence"] for finding, true in zip(mine, is_true, strict=True) if true)
    judged = {
        "campaign_id": name, "share": share, "words": words, "worst": worst, "best": best,
        "false_moderate": worst in LEVELS[2:], "false_strong": worst == LEVELS[3],
        "found": best in LEVELS[2:], "found_strong": best == LEVELS[3],
    }  # fmt: skip
    operators = [f for f in mine if f["comparison"] == "operators" and f["campaign_id"] == name]
    if not operators:
        return judged | {
            "flagged": False,
            "pointed": False,
            "covered": None,
            "low": None,
            "high": None,
            "estimate": None,
        }
    top = min(operators, key=lambda finding: finding["p_adjusted"])
    flagged = bool(top["p_adjusted"] <= ALPHA)
    judged |= {"flagged": flagged, "pointed": flagged and top["name"] == operator}
    leak = next(finding for finding in operators if finding["name"] == operator)
    low, high, estimate = (leak[name] for name in ("leak_share_low", "leak_share_high", "leak_share"))
    known = not pd.isna(low)
    return judged | {
        "covered": bool(low <= share <= high) if known else None,
        "low": float(low) if known else None,
        "high": float(high) if known else None,
        "estimate": float(estimate) if known else None,
    }


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


def _strongest(words: Any) -> str:
    return max(words, key=LEVELS.index, default=LEVELS[0])
