"""What a world of the study is: one situation, at one size."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class World:
    """
    One situation, at one size.

    Attributes
    ----------
    name : str
        What it is called; its random numbers hang on it.
    situation : str
        Key of ``SITUATIONS``: how it is drawn.
    n : int
        People reached by each campaign.
    controls : int
        Reports of control messages, of all senders together.
    campaigns, leaking : int
        How many there are, and how many of them are leaks.
    share, operator : float, int
        λ of the leaks, and whose customers they hold (0, 1, 2 for A, B, C).
    senders : int
        Control senders.
    spread : float
        Concentration of the Dirichlet distribution from which each campaign's and each control sender's mix of operators is drawn; 0: all
        have the same.
    bias : float
        How many times as often B's customers complain, of anything.
    ported, declared : float
        Share of ported numbers, and of people who say who serves them.
    regions : int
        1, or 4 that differ, which complaints then state.
    numbers, filer_known : bool
        Whether numbers were kept, and whether complaints say who filed them.
    kind, size : str, float
        Which variant of the situation, and how much of it.
    point : str
        Number of the question that it is about, which sorts the tables.
    goal : str
        ``clean`` (leak-free, and nothing may be said), ``power``, or ``coverage``.
    core : bool
        Whether peers are asked too: cases and controls come from one baseline.
    earlier : float
        Share flagged by the study before there were whole tables of complaints; NaN where it had no such cell.
    """

    name: str
    situation: str = "plain"
    n: int = 80
    controls: int = 240
    campaigns: int = 1
    leaking: int = 0
    share: float = 0.0
    operator: int = 2
    senders: int = 12
    spread: float = 0.0
    bias: float = 1.0
    ported: float = 0.06
    declared: float = 0.3
    regions: int = 1
    numbers: bool = False
    filer_known: bool = False
    kind: str = ""
    size: float = 0.0
    point: str = ""
    goal: str = "clean"
    core: bool = False
    earlier: float = float("nan")

    @property
    def part(self) -> float:
        """Share of the cases asked for that are drawn: a report of twenty campaigns takes as long as ten of one."""
        if self.campaigns > 1:
            return 0.125 if self.campaigns >= 20 else 0.25
        return 0.5 if self.goal == "power" else 1.0

    @property
    def comparison(self) -> str:
        """The comparison whose p-values are counted."""
        return "pairs" if self.situation == "two sims" else "operators"
