"""The words for how much the figures say, and what to bear in mind beside them."""

from __future__ import annotations

LEVELS = ("none", "weak", "moderate", "strong")


def evidence_level(p_value: float, p_adjusted: float, posterior: float, *, controlled: bool) -> str:
    """
    Word for a finding, by the scale of `tracing.md`.

    Parameters
    ----------
    p_value, p_adjusted : float
        Before and after adjustment for the other hypotheses.
    posterior : float
        Probability of the hypothesis.
    controlled : bool
        Whether the comparison is with controls or within pairs. Market shares alone support ``weak`` at most.

    Returns
    -------
    str
        ``strong``, ``moderate``, ``weak`` or ``none``.
    """
    if controlled and p_adjusted < 0.01 and posterior > 0.95:
        return "strong"
    if controlled and p_adjusted < 0.05 and posterior > 0.8:
        return "moderate"
    return "weak" if p_value < 0.05 else "none"


def caveats(
    *, n_reached: int, n_controls: int, n_unknown: int, controlled: bool, relaxed: bool, top_region: tuple[str, float]
) -> list[str]:
    """
    What a reader must bear in mind beside a finding, chosen by what the data show.

    Parameters
    ----------
    n_reached, n_controls : int
        People in the comparison.
    n_unknown : int
        People reached whose prefix belongs to no known operator; they are left out of it.
    controlled : bool
        Whether there were enough controls to compare with.
    relaxed : bool
        Whether controls had to be taken from other months or channels.
    top_region : (str, float)
        The most frequent region of the people reached and its share of those with a region.

    Returns
    -------
    list of str
        Sentences.
    """
    said = []
    if not controlled:
        said.append(
            "No sufficient controls: compared with market shares only, which cannot support more than weak evidence."
        )
    elif n_controls < 2 * n_reached:
        said.append(f"Few controls ({n_controls} for {n_reached} people reached): the interval is wide.")
    if relaxed:
        said.append("Controls were taken from other months or channels, since too few reported in the same ones.")
    if n_unknown > 0.05 * (n_reached + n_unknown):
        said.append(
            f"{n_unknown} of {n_reached + n_unknown} people have a prefix of no known operator and are left out."
        )
    region, share = top_region
    if share > 0.5:
        said.append(
            f"{share:.0%} of the people with a region are in {region}: one operator may simply be strong there."
        )
    if n_reached < 30:
        said.append(f"Only {n_reached} people: a leak of part of the list could go unseen.")
    said.append(
        "A skew also arises when the operator itself sent targeted SMS without handing over a list, when a bulk route "
        "reaches one network only, or when numbers were dialled at random within its prefixes."
    )
    return said
