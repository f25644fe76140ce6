"""What the study is held to: each goal met, or missed and by how much."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from tasrib.tracing.stats.word_power import WordTest, word_power
from training.simulation.scene import MARKET
from training.simulation.tables import error

_OPERATORS = "ABC"
# Points of power that may be lost against the earlier study.
_LOST = 0.03
# Points by which `tasrib power` may differ from what was found.
_PROMISED = 0.05


def goals(table: pd.DataFrame) -> list[str]:
    """
    Hold the figures against the goals.

    Parameters
    ----------
    table : pandas.DataFrame
        From `frame`.

    Returns
    -------
    list of str
        One line a goal; a goal of which nothing was measured is left out.
    """
    asked: tuple[Callable[[pd.DataFrame], str], ...] = (
        _situations, _reports, _false_discoveries, *_found(), _promised, _power_kept, _p_values, *_ratios(), _coverage,
        _coverage_undeclared, _right,
    )  # fmt: skip
    return [line for ask in asked if (line := ask(table))]


def _situations(table: pd.DataFrame) -> str:
    held = table[(table["goal"] == "clean") & (table["campaigns"] < 20)]
    return _at_most(
        held, "alarm", "Every leak-free situation: `moderate` or `strong` in at most 5% + 2 standard errors"
    )


def _reports(table: pd.DataFrame) -> str:
    held = table[(table["goal"] == "clean") & (table["campaigns"] >= 20)]
    return _at_most(
        held,
        "alarm",
        "Reports of 20 leak-free campaigns: at most 5% + 2 standard errors have any `moderate` or `strong`",
    )


def _false_discoveries(table: pd.DataFrame) -> str:
    held = table[(table["campaigns"] >= 20) & (table["leaking"] > 0)]
    if held.empty:
        return ""
    said = "; ".join(
        f"{row.name}: {row.false_share:.1%} of the words, {row.false_share_p:.1%} of adjusted p ≤ 5%"
        for row in held.itertuples()
    )
    return _line(
        "False discovery proportion with three leaks in twenty at most 5%", (held["false_share"] <= 0.05).all(), said
    )


def _found() -> list[Callable[[pd.DataFrame], str]]:
    return [
        lambda table: _at_least(table, "half a list among 80, [ABC]$", 0.90, "Half a list among 80 people found"),
        lambda table: _at_least(
            table, "half a list among 80, .*Dirichlet", 0.80, "Half a list among 80, lists with a spread of Dirichlet(100), found"
        ),
        lambda table: _at_least(table, "whole list among 40, [ABC]$", 0.97, "A whole list among 40 found"),
        lambda table: _at_least(
            table, "whole list among 40, .*Dirichlet", 0.97, "A whole list among 40, Dirichlet(100), found"
        ),
    ]  # fmt: skip


def _promised(table: pd.DataFrame) -> str:
    # As `tasrib power` supposes: lists do not differ, the people of one region complain of all alike.
    held = table[
        (table["share"] > 0) & (table["situation"] == "plain") & (table["goal"] == "power") & (table["campaigns"] == 1)
    ]
    held = held[(held["spread"] == 0) & (held["bias"] == 1) & (held["regions"] == 1) & (held["controls"] > 0)]
    if held.empty:
        return ""
    said = [
        word_power(
            row.n, row.controls, row.share, float(MARKET[row.operator]), WordTest(row.ported, len(MARKET), senders=row.senders)
        )
        for row in held.itertuples()
    ]  # fmt: skip
    off = held["found"] - said
    noise = 2 * np.sqrt(held["found"] * (1 - held["found"]) / held["cases"])
    worst = off.abs().idxmax()
    return _line(
        "`tasrib power` within 5 points of the share found `moderate` or `strong`",
        (off.abs() <= _PROMISED).all(),
        f"{(off.abs() <= _PROMISED).sum()} of {len(held)} cells, {(off.abs() <= _PROMISED + noise).sum()} within 2 standard errors of it; "
        f"farthest {100 * off[worst]:+.1f} points ± {100 * noise[worst]:.1f} ({held.loc[worst, 'name']}: "
        f"{held.loc[worst, 'found'] - off[worst]:.1%} said, {held.loc[worst, 'found']:.1%} found); mean {100 * off.mean():+.1f}",
    )


def _power_kept(table: pd.DataFrame) -> str:
    held = table[table["earlier"].notna()]
    if held.empty:
        return ""
    lost = held["earlier"] - held["flagged"]
    worst = lost.idxmax()
    noise = 2 * error(held.loc[worst, "flagged"], held.loc[worst, "cases"])
    return _line(
        "Power of the earlier study (adjusted p ≤ 5%) kept within 3 points where lists do not differ and controls are clean",
        (lost <= _LOST).all(),
        f"{(lost <= _LOST).sum()} of {len(held)} cells; most lost {100 * lost.max():.1f} points ± {100 * noise:.1f} "
        f"({held.loc[worst, 'name']}: {held.loc[worst, 'earlier']:.1%} → {held.loc[worst, 'flagged']:.1%}); mean {100 * lost.mean():.1f}",
    )


def _p_values(table: pd.DataFrame) -> str:
    # Against market shares alone a biased complaint rings: nothing above `weak` rests on that.
    held = table[table["core"] & (table["share"] == 0) & (table["controls"] > 0)]
    return _at_most(
        held, "alarm_p", "Adjusted p ≤ 5% in at most 5% + 2 standard errors of every core cell with controls or pairs"
    )


def _ratios() -> list[Callable[[pd.DataFrame], str]]:
    def ratio(n: int, least: float) -> Callable[[pd.DataFrame], str]:
        def ask(table: pd.DataFrame) -> str:
            mine = _core_leaks(table, n)
            if mine.empty:
                return ""
            said = ", ".join(
                f"{_OPERATORS[row.operator]} {row.ratio:.3f} (Fisher+Holm {row.fisher_ratio:.3f})"
                for row in mine.itertuples()
            )
            mean = mine["ratio"].mean()
            goal = f"Power at least {least:.2f} of the oracle at n={n}, λ=0.3, mean of the three operators"
            return _line(goal, mean >= least, f"{mean:.3f}: {said}")

        return ask

    return [ratio(30, 0.60), ratio(100, 0.94)]


def _coverage(table: pd.DataFrame) -> str:
    return _within(
        table[(table["share"] > 0) & table["core"] & (table["situation"] == "plain")], "where 30% declare an operator"
    )


def _coverage_undeclared(table: pd.DataFrame) -> str:
    return _within(table[table["goal"] == "coverage"], "where nobody declares an operator")


def _right(table: pd.DataFrame) -> str:
    named = table[table["core"] & (table["share"] > 0) & (table["flagged"] > 0)]
    if named.empty:
        return ""
    flags = named["flagged"] * named["cases"]
    overall = float((named["right"] * flags).sum() / flags.sum())
    lowest = named.loc[named["right"].idxmin()]
    return _line(
        "Right operator in at least 99% of the flagged", overall >= 0.99, f"{overall:.2%}; lowest {lowest['right']:.1%} ({lowest['name']})"
    )  # fmt: skip


def _core_leaks(table: pd.DataFrame, n: int) -> pd.DataFrame:
    core = table[table["core"] & (table["situation"] == "plain") & (table["n"] == n) & (table["share"] == 0.3)]
    core = core[(core["bias"] == 1) & (core["ported"] == 0.06) & (core["regions"] == 1) & (core["controls"] == 2 * n)]
    return core.sort_values("operator")


def _at_most(held: pd.DataFrame, column: str, goal: str) -> str:
    if held.empty:
        return ""
    over = held[held[column] > 0.05 + 2 * np.sqrt(0.05 * 0.95 / held["cases"])]
    worst = held.loc[held[column].idxmax()]
    said = f"{len(held) - len(over)} of {len(held)}; highest {worst[column]:.1%} ({worst['name']})"
    if len(over) > 1:
        said += "; over: " + ", ".join(f"{row['name']} {row[column]:.1%}" for row in over.to_dict("records"))
    return _line(goal, over.empty, said)


def _at_least(table: pd.DataFrame, name: str, least: float, goal: str) -> str:
    mine = table[table["name"].str.contains(name)]
    if mine.empty:
        return ""
    said = ", ".join(f"{_OPERATORS[row.operator]} {row.found:.1%}" for row in mine.itertuples())
    return _line(f"{goal} (`moderate` or `strong`) in at least {least:.0%}", (mine["found"] >= least).all(), said)


def _within(held: pd.DataFrame, where: str) -> str:
    if held.empty:
        return ""
    noise = 2 * np.sqrt(0.05 * 0.95 / held["intervals"])
    inside = held["covered"].between(0.93, 0.97)
    close = held["covered"].between(0.93 - noise, 0.97 + noise)
    low, high = held.loc[held["covered"].idxmin()], held.loc[held["covered"].idxmax()]
    return _line(
        f"Coverage of the 95% interval of λ between 93% and 97% {where}",
        inside.all(),
        f"{inside.sum()} of {len(held)} cells inside, {close.sum()} within 2 standard errors of it; lowest {low['covered']:.1%} ({low['name']}), "
        f"highest {high['covered']:.1%} ({high['name']}), mean {held['covered'].mean():.1%}",
    )


def _line(goal: str, met: object, said: str) -> str:
    return f"{goal}: **{'met' if met else 'MISSED'}** ({said})"
