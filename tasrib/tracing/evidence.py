"""The words for how much the figures say."""

from __future__ import annotations

LEVELS = ("none", "weak", "moderate", "strong")
# Adjusted p-value and posterior from which a finding is strong, and moderate; p-value from which it is weak.
STRONG, MODERATE, WEAK = (0.01, 0.95), (0.05, 0.8), 0.05


def evidence_level(p_value: float, p_adjusted: float, posterior: float, *, may_exceed_weak: bool) -> str:
    """
    Word for a finding.

    Parameters
    ----------
    p_value, p_adjusted : float
        Before and after adjustment for the other hypotheses.
    posterior : float
        Probability of the hypothesis.
    may_exceed_weak : bool
        Whether the comparison is with controls or within pairs. Market shares alone support ``weak`` at most.

    Returns
    -------
    str
        Where it may exceed weak, ``strong``: adjusted p below 0.01, posterior above 0.95; ``moderate``: adjusted p below 0.05,
        posterior above 0.8. ``weak``: p below 0.05. Else ``none``.
    """
    for level, (p_below, above) in (("strong", STRONG), ("moderate", MODERATE)):
        if may_exceed_weak and p_adjusted < p_below and posterior > above:
            return level
    return "weak" if p_value < WEAK else "none"


def strongest_first(evidence: str) -> int:
    """Place of a level in a table that begins with the strongest."""
    return len(LEVELS) - 1 - LEVELS.index(evidence)
