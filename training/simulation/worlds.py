"""The worlds of the study: every situation that occurs, at the sizes that are measured."""

from __future__ import annotations

from dataclasses import replace

from training.simulation.cells import core_worlds
from training.simulation.world import World


def all_worlds() -> list[World]:
    """
    List the worlds.

    Returns
    -------
    list of World
        The core, where peers are asked too; leak-free situations of how people really complain; leaks; reports of twenty campaigns; nobody
        who declares an operator. The name says what is drawn, `World.name` seeds it.
    """
    return [*core_worlds(), *_lists_and_controls(), *_people(), *_messages(), *_leaks(), *_reports(), *_undeclared()]


def _lists_and_controls() -> list[World]:
    found = [
        World(
            f"lists differ, Dirichlet({spread}), control senders: {senders}", spread=spread, senders=senders, point="13"
        )
        for spread in (100, 30)
        for senders in (1, 5, 12)
    ]
    own = World("", "advertising", size=0.3, point="14")
    variants = {"sender": "one sender", "senders": "several senders", "text": "no sender, one text"}
    variants |= {"varied": "no sender, near-duplicates", "mostly": "one sender, 85% its customers"}
    found += [
        replace(own, name=f"an operator's own advertising 30%, {said}", kind=kind) for kind, said in variants.items()
    ]
    return found + [
        replace(own, name=f"an operator's own advertising {size:.0%}, one sender", kind="sender", size=size) for size in (0.1, 0.5)
    ]  # fmt: skip


def _people() -> list[World]:
    found = [World(f"zeal, B's customers {size}x", "zeal", size=size, point="15") for size in (2, 3)]
    found += [World(f"complained in earlier months, {size}x", "months", size=size, point="15") for size in (2, 3)]
    regions = {
        "bank": "a bank strong in one region",
        "operators": "operators differ by region",
        "prefix": "prefixes follow the region",
    }
    found += [World(f"{said}", "region", regions=4, kind=kind, point="16") for kind, said in regions.items()]
    found += [
        World("a bank and a shop strong in one region", "region", 150, 450, regions=4, kind="bank and shop", point="16")
    ]
    found += [World(f"everyday SIM, n {n}", "two sims", n, 3 * n, point="17") for n in (80, 200)]
    filers = World("", "filers", point="18")
    for size, known in ((30, True), (30, False), (15, False)):
        said = f"one files for {size} relatives{_filer(known)}"
        found += [replace(filers, name=said, kind="relatives", size=size, filer_known=known)]
    for known in (True, False):
        found += [replace(filers, name=f"households{_filer(known)}", kind="households", filer_known=known)]
    return [*found, replace(filers, name="second numbers 15%", kind="second", size=0.15)]


def _messages() -> list[World]:
    shared = ((2, "sender"), (2, "party"), (2, "link"), (3, "sender"), (2, "languages"))
    found = [
        World(f"one list, {wordings} wordings, shared: {kind}", "wordings", kind=kind, size=wordings, point="19")
        for wordings, kind in shared
    ]
    block = World("", "dialled", controls=400, point="20")
    for numbers, campaigns in ((True, 1), (True, 7), (False, 1)):
        said = f"a dialled block, {'numbers' if numbers else 'pseudonyms'}, campaigns: {campaigns}"
        found += [replace(block, name=said, numbers=numbers, campaigns=campaigns)]
    return [
        *found,
        World("unknown prefixes differ", "unknown", size=0.25, point="22"),
        World("every column filled, no leak", "everything", filer_known=True, regions=4, point="22"),
    ]


def _leaks() -> list[World]:
    leak = World("", share=0.5, leaking=1, goal="power", point="13")
    found: list[World] = []
    for spread, said in ((0, ""), (100, ", Dirichlet(100)")):
        for operator, letter in enumerate("ABC"):
            at = replace(leak, operator=operator, spread=spread)
            found += [replace(at, name=f"half a list among 80, {letter}{said}")]
            found += [replace(at, name=f"a whole list among 40, {letter}{said}", n=40, controls=120, share=1.0)]
    return [
        *found,
        replace(leak, name="λ 0.3 among 100, C, Dirichlet(100)", n=100, controls=300, share=0.3, spread=100),
        replace(leak, name="half a list, beside own advertising", situation="advertising", kind="sender", size=0.3, point="14"),
        replace(leak, name="half a list, two SIMs", situation="two sims", point="17"),
        replace(leak, name="half a list, Arabic and French", situation="wordings", kind="languages", size=2, n=40, point="19"),
        replace(leak, name="half a list, every column filled", situation="everything", filer_known=True, regions=4, point="22"),
    ]  # fmt: skip


def _reports() -> list[World]:
    twenty = World("", campaigns=20, controls=480, point="13")
    found = [
        replace(twenty, name=f"report of 20, no leak{said}", spread=spread)
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
            f"nobody declares, ported {ported:.0%}, λ {share:g}", n=100, controls=200, leaking=1, share=share, ported=ported,
            declared=0.0, point="24", goal="coverage",
        )
        for ported in (0.0, 0.06, 0.15)
        for share in (0.3, 0.6, 0.9)
    ]  # fmt: skip


def _filer(known: bool) -> str:
    return ", filer told" if known else ""
