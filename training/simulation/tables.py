"""The study's figures as rates, and as tables of Markdown."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pandas as pd

from training.simulation.world import World

_OPERATORS = "ABC"
# What is counted a case, a leak, and a stated interval of λ.
_A_CASE = ("alarm", "alarm_strong", "alarm_p", "false_share", "false_share_p")
_A_LEAK = ("found", "found_strong", "flagged")
_AN_INTERVAL = ("covered", "low", "high", "estimate")
_PEERS = ("chi_square", "guilt", "guilt_cut", "oracle", "fisher_holm", "fisher_right")


def frame(study: list[tuple[World, dict]]) -> pd.DataFrame:
    """
    Turn sums into rates.

    Parameters
    ----------
    study : list of (World, dict)
        Worlds and what `run_world` found.

    Returns
    -------
    pandas.DataFrame
        One row a world: its settings, ``cases``, rates (missing where there is nothing to count), ``oracle_power``, ``ratio`` of what is flagged
        to it, ``right`` (of flagged leaks), ``by`` (comparisons that said what is not so, the most frequent first).
    """
    return pd.DataFrame([_row(world, found) for world, found in study])


def _row(world: World, found: dict) -> dict:
    sums, cases, power = found["sums"], found["cases"], found["oracle_power"]
    row = asdict(world) | {"cases": cases, "oracle_power": np.nan if power is None else power}
    row |= {name: sums[name] / cases for name in _A_CASE}
    row |= {name: _rate(sums[name], sums["leaks"]) for name in _A_LEAK}
    row |= {name: _rate(sums[name], sums["known"]) for name in _AN_INTERVAL}
    row |= {name: sums[name] / cases if name in sums else np.nan for name in _PEERS}
    if not sums["leaks"]:
        row["flagged"] = row["alarm_p"]
    said = sorted(((value, name[3:]) for name, value in sums.items() if name.startswith("by ")), reverse=True)
    ratio = np.nan if not power else row["flagged"] / power
    return row | {
        "intervals": sums["known"], "right": _rate(sums["pointed"], sums["flagged"]) if sums["leaks"] else np.nan,
        "ratio": ratio, "fisher_ratio": np.nan if not power else row["fisher_holm"] / power,
        "by": ", ".join(f"{name} {value / cases:.1%}" for value, name in said), "seconds": found["seconds"], "tracer": found["tracer"],
    }  # fmt: skip


def error(rate: float, cases: float) -> float:
    """Standard error of a share of so many cases."""
    return float(np.sqrt(rate * (1 - rate) / cases))


def leak_free_table(table: pd.DataFrame) -> str:
    """Leak-free situations: the words, and p-values, with their simulation error."""
    rows = []
    for row in table.itertuples():
        rows.append(
            [row.name, row.n, row.controls, row.campaigns, f"{_share(row.alarm)} ± {100 * error(row.alarm, row.cases):.1f}", _share(row.alarm_strong), _share(row.alarm_p), row.by]
        )  # fmt: skip
    head = ["situation", "people", "control reports", "campaigns", "`moderate` or `strong`", "`strong`", "p ≤ 5%", "by"]
    return markdown(head, rows)


def power_table(table: pd.DataFrame) -> str:
    """Leaks: how many are found, and what is said that is not so."""
    rows = []
    for row in table.itertuples():
        cells = [row.name, row.n, row.controls, f"{row.leaking} of {row.campaigns}"]
        cells += [f"{_share(row.found)} ± {100 * error(row.found, row.cases * max(row.leaking, 1)):.1f}"]
        rows.append(
            cells + [_share(each) for each in (row.found_strong, row.flagged, row.alarm, row.false_share, row.covered)]
        )
    head = ["leak", "people", "control reports", "leaks", "`moderate` or `strong`", "`strong`", "p ≤ 5%"]
    return markdown([*head, "wrong in a case", "wrong of what is said", "coverage of λ"], rows)


def coverage_table(table: pd.DataFrame) -> str:
    """Intervals of λ where nobody declares an operator."""
    rows = [
        [f"{row.ported:.0%}", f"{row.share:g}", _share(row.covered), _share(row.low), _share(row.estimate), _share(row.high)]
        for row in table.itertuples()
    ]  # fmt: skip
    return markdown(
        ["ported", "λ", "coverage of the 95% interval", "lower end, mean", "estimate, mean", "upper end, mean"], rows
    )


def core_table(table: pd.DataFrame, *, leak: bool) -> str:
    """The core: p-values beside those of peers, and the words."""
    rows = []
    for row in table.itertuples():
        controls = "pairs" if row.situation == "two sims" else f"{row.controls / row.n:g}"
        cells = [row.n, *([f"{row.share:.2f}", _OPERATORS[row.operator]] if leak else []), f"{row.bias:g}×"]
        cells += [f"{row.ported:.0%}", controls, row.regions, _share(row.flagged)]
        cells += [_share(row.earlier), _share(row.oracle_power), _ratio(row.ratio)] if leak else []
        cells += [_share(value) for value in (row.fisher_holm, row.chi_square, row.guilt, row.guilt_cut)]
        cells += [_share(row.found if leak else row.alarm), _share(row.found_strong if leak else row.alarm_strong)]
        cells += [_share(row.covered), *([_share(row.estimate), _share(row.right)] if leak else [])]
        rows.append(cells)
    head = ["n", *(["λ", "operator"] if leak else []), "bias", "ported", "controls", "regions", "flagged"]
    head += ["earlier", "oracle", "ratio"] if leak else []
    head += ["Fisher+Holm", "chi²", "guilt", "guilt, cut", "`moderate`+", "`strong`"]
    return markdown([*head, "coverage", *(["λ mean", "right"] if leak else [])], rows)


def markdown(head: list[str], rows: list[list]) -> str:
    """A table."""
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def _rate(count: float, of: float) -> float:
    return count / of if of else np.nan


def _share(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.1%}"


def _ratio(value: float) -> str:
    return "–" if pd.isna(value) else f"{value:.3f}"
