"""
What bounds the power against lists that may differ: `python -m training.spread_bound`.

A test that is told each operator's share among all complainants exactly, and that lists may differ from it as a Dirichlet distribution
worth so many people, rings for an operator from the least count on that lists without a leak reach in at most 5% / 3 (one of three operators).
How often does it find half a list among 80 people? The tracer is told neither share nor spread; nobody who keeps false alarms at 5% where lists
differ that much can find more, on counts alone.
"""

from __future__ import annotations

from scipy.stats import betabinom, binom

SHARES = {"A": 0.39, "B": 0.335, "C": 0.275}
PEOPLE, LEAK_SHARE, PORTED, LEVEL = 80, 0.5, 0.06, 0.05
SPREADS = (30, 40, 50, 100, 1_000_000)


def power(share: float, alike: float) -> float:
    """
    Work out the power of the test that is told everything.

    Parameters
    ----------
    share : float
        Of the operator among all complainants.
    alike : float
        How many people a Dirichlet distribution of the lists' mixes is worth, as the test is told; the list that leaked does not differ.

    Returns
    -------
    float
        Probability that half a list is found.
    """
    counts = range(PEOPLE + 1)
    clean = betabinom(PEOPLE, share * alike, (1 - share) * alike)
    least = next(count for count in counts if clean.sf(count - 1) <= LEVEL / len(SHARES))
    leaked = LEAK_SHARE * (1 - PORTED) + (1 - LEAK_SHARE) * share
    return float(binom.sf(least - 1, PEOPLE, leaked))


def main() -> None:
    """Print the power by operator and by the spread that the test allows for."""
    print(
        "| lists may differ as Dirichlet | "
        + " | ".join(f"{name}, {share:.1%}" for name, share in SHARES.items())
        + " |"
    )
    print("| --- " * (len(SHARES) + 1) + "|")
    for alike in SPREADS:
        name = f"({alike})" if alike < 1_000 else "(not at all)"
        print(f"| {name} | " + " | ".join(f"{power(share, alike):.1%}" for share in SHARES.values()) + " |")


if __name__ == "__main__":
    main()
