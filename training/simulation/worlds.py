"""The worlds of the study: every situation that occurs, at the sizes that are measured."""

from __future__ import annotations

from dataclasses import dataclass, replace


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
        Point of ``tracing.md`` that it is about.
    goal : str
        ``clean`` (leak-free and to be held), ``power``, ``coverage``, or empty where it is told only.
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


def all_worlds() -> list[World]:
    """
    List the worlds.

    Returns
    -------
    list of World
        Leak-free situations by point of ``tracing.md``, then leaks, reports of twenty campaigns, and where nobody declares an operator.
    """
    return [*_leak_free(), *_leaks(), *_reports(), *_undeclared()]


def _leak_free() -> list[World]:
    found = [World("plain"), World("plain 30", n=30, controls=90), World("plain 200", n=200, controls=600)]
    found += [
        World("plain, B's customers complain 2.5x", bias=2.5),
        World("plain, regions as strata", regions=4, bias=1.5),
    ]
    found += [
        World(
            f"lists differ, Dirichlet({spread}), {senders} control senders", spread=spread, senders=senders, point="13"
        )
        for spread in (100, 30)
        for senders in (1, 5, 12)
    ]
    own = World("", "advertising", size=0.3, point="14")
    variants = {"sender": "one sender", "senders": "several senders", "text": "no sender, one text"}
    variants |= {"varied": "no sender, near-duplicates", "mostly": "one sender, 85% its customers"}
    found += [replace(own, name=f"own advertising 30%, {said}", kind=kind) for kind, said in variants.items()]
    found += [replace(own, name=f"own advertising {size:.0%}", kind="sender", size=size) for size in (0.1, 0.5)]
    found += [World(f"zeal, B x{size:g}", "zeal", size=size, point="15") for size in (2, 3)]
    found += [World(f"earlier months, x{size:g}", "months", size=size, point="15") for size in (2, 3)]
    found += [
        World("bank of one region", "region", regions=4, kind="bank", point="16"),
        World(
            "bank and shop of one region", "region", regions=4, kind="bank and shop", n=150, controls=450, point="16"
        ),
        World("campaign in one region", "region", regions=4, kind="operators", point="16"),
        World("prefixes that follow the region", "region", regions=4, kind="prefix", point="16"),
    ]
    found += [
        World("everyday SIM", "two sims", point="17"),
        World("everyday SIM 200", "two sims", n=200, controls=400, point="17"),
    ]
    for known in (True, False):
        said = "filer known" if known else "filer unknown"
        found += [
            World(
                f"one for thirty relatives, {said}", "filers", kind="relatives", size=30, filer_known=known, point="18"
            ),
            World(
                f"one for fifteen relatives, {said}", "filers", kind="relatives", size=15, filer_known=known, point="18"
            ),
            World(f"households, {said}", "filers", kind="households", filer_known=known, point="18"),
            World(f"second numbers, {said}", "filers", kind="second", size=0.15, filer_known=known, point="18"),
        ]
    found += [
        World(f"{wordings} wordings, same {kind}", "wordings", kind=kind, size=wordings, point="19")
        for wordings, kind in ((2, "sender"), (2, "party"), (2, "link"), (3, "sender"), (2, "languages"))
    ]
    found += [
        World(
            f"dialled block, {said}, 1 of {campaigns}",
            "dialled",
            campaigns=campaigns,
            numbers=numbers,
            controls=400,
            point="20",
        )
        for numbers, said in ((True, "numbers"), (False, "pseudonyms"))
        for campaigns in (1, 7)
    ]
    found += [World("unknown prefixes differ", "unknown", size=0.25, point="22")]
    return [*found, World("every column, no leak", "everything", filer_known=True, regions=4)]


def _leaks() -> list[World]:
    half = World("", n=80, share=0.5, leaking=1, goal="power")
    found = []
    for spread, said in ((0, ""), (100, ", Dirichlet(100)")):
        found += [
            replace(half, name=f"half a list among 80, {letter}{said}", operator=operator, spread=spread)
            for operator, letter in enumerate("ABC")
        ]
        found += [
            replace(
                half,
                name=f"whole list among 40, {letter}{said}",
                n=40,
                controls=120,
                share=1.0,
                operator=operator,
                spread=spread,
            )
            for operator, letter in enumerate("ABC")
        ]
        found += [
            replace(half, name=f"λ 0.3 among {n}, C{said}", n=n, controls=3 * n, share=0.3, spread=spread)
            for n in (30, 100)
        ]
    found += [
        replace(half, name="every column, half a list", situation="everything", filer_known=True, regions=4),
        replace(
            half,
            name="half a list, beside own advertising",
            situation="advertising",
            kind="sender",
            size=0.3,
            point="14",
        ),
        replace(half, name="half a list, two SIMs", situation="two sims", point="17"),
        replace(
            half,
            name="half a list, Arabic and French",
            situation="wordings",
            kind="languages",
            size=2,
            n=40,
            point="19",
        ),
    ]
    return found


def _reports() -> list[World]:
    twenty = World("", campaigns=20, controls=480)
    found = [
        replace(twenty, name=f"report of 20, no leak{said}", spread=spread, point="13")
        for spread, said in ((0, ""), (100, ", Dirichlet(100)"), (30, ", Dirichlet(30)"))
    ]
    found += [
        replace(twenty, name=f"report of 20, three leaks{said}", spread=spread, leaking=3, share=0.5, goal="power")
        for spread, said in ((0, ""), (100, ", Dirichlet(100)"))
    ]
    dialled = replace(twenty, situation="dialled", point="20")
    return [
        *found,
        replace(dialled, name="report of 20, one a dialled block, numbers", numbers=True),
        replace(dialled, name="report of 20, one a dialled block, pseudonyms"),
    ]


def _undeclared() -> list[World]:
    return [
        World(
            f"nobody declares, {ported:.0%} ported, λ {share:g}", n=100, controls=200, leaking=1, share=share, ported=ported,
            declared=0.0, point="24", goal="coverage",
        )
        for ported in (0.0, 0.06, 0.15)
        for share in (0.3, 0.6, 0.9)
    ]  # fmt: skip
