"""The words for how much the figures say."""

from __future__ import annotations

LEVELS = ("none", "weak", "moderate", "strong")
# Of these alone a probability or a share of the list is told: beside a weaker word it is read as a chance of guilt.
ABOVE_WEAK = ("moderate", "strong")
# Adjusted p-value and posterior from which a finding is strong, and moderate; p-value, adjusted within the campaign, from which it is weak.
STRONG, MODERATE, WEAK = (0.01, 0.95), (0.05, 0.8), 0.05


def evidence_level(p_within: float, p_adjusted: float, posterior: float, *, at_most: str = "strong") -> str:
    """
    Word for a finding.

    Parameters
    ----------
    p_within, p_adjusted : float
        Adjusted for the other hypotheses of the campaign, and for the other campaigns too.
    posterior : float
        Probability of the hypothesis.
    at_most : str
        The strongest word that the comparison supports: ``weak`` of market shares alone.

    Returns
    -------
    str
        ``strong``: p adjusted across campaigns below 0.01, posterior above 0.95; ``moderate``: below 0.05, above 0.8. ``weak``: p adjusted
        within the campaign below 0.05. Else ``none``. Never more than `at_most`.
    """
    for level, (p_below, above) in (("strong", STRONG), ("moderate", MODERATE)):
        if p_within <= p_adjusted < p_below and posterior > above:
            return weaker(level, at_most)
    return weaker("weak", at_most) if p_within < WEAK else "none"


def weaker(*levels: str) -> str:
    """The weakest of some words."""
    return min(levels, key=LEVELS.index)


def strongest_first(evidence: str) -> int:
    """Place of a level in a table that begins with the strongest."""
    return len(LEVELS) - 1 - LEVELS.index(evidence)
