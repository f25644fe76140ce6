"""The study as a document: tables, figures, goals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.report.figures import to_svg
from training.simulation.cells import Cell

_OPERATORS = "ABC"
HEADER = """# Operating characteristics: how often the tracer is right

Written by `python -m training.simulation_study`; every figure is in `operating_characteristics.json` too. {cases} simulated
campaigns a cell, seeded. Three operators A, B, C with shares of 39%, 33.5% and 27.5%; the leaking one is C unless said.
Bias: how many times as often B's customers complain, of anything. tasrib is told neither bias, baseline, portability nor λ: it has
controls, market shares, the reference prior on portability (mean 6%), and what 30% of the people declare, 2% of them wrongly.

- **flagged**: an adjusted p-value at or below 5% (joint test over operators). Without a leak this is the false alarm rate.
- **oracle**: Neyman-Pearson test at 5%, told baseline, portability, λ and the operator. Nobody has that; it is the ceiling. **ratio**: flagged
  over the oracle's power.
- **Fisher+Holm**: one-sided, exact, per operator (over the strata where there are). **chi²**: against market shares. **guilt**: Papadimitriou &
  Garcia-Molina (IEEE TKDE 23:51, 2011), guilt above 0.95; its agents' sets are the operators' numbers and p = 0.5. **guilt, cut**: the same
  with a cut that rings in 5% of campaigns drawn from the market.
- **coverage**: of the 95% profile likelihood interval of λ, for the leaking operator (without a leak: for C).
- **right**: among flagged, the operator pointed to is the one that leaked.
"""


def frame(study: list[tuple[Cell, dict]]) -> pd.DataFrame:
    """
    Turn sums into rates.

    Parameters
    ----------
    study : list of (Cell, dict)
        Cells and what `run_cell` found.

    Returns
    -------
    pandas.DataFrame
        One row a cell: its settings, ``cases``, rates, ``oracle_power``, ``ratio``, ``right``.
    """
    rows = []
    for cell, found in study:
        cases = found["cases"]
        rates = {name: value / cases for name, value in found["sums"].items()}
        flagged = found["sums"]["flagged"]
        power = found["oracle_power"]
        rows.append(
            vars(cell)
            | {"cases": cases, "oracle_power": power}
            | rates
            | {
                "right": found["sums"]["right"] / flagged if cell.share and flagged else np.nan,
                "ratio": rates["flagged"] / power if power else np.nan,
                "fisher_ratio": rates.get("fisher_holm", np.nan) / power if power else np.nan,
            }
        )
    table = pd.DataFrame(rows)
    for name in ("covered", "low", "high", "estimate", "fisher_holm"):
        if name not in table:
            table[name] = np.nan
    return table


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
        One line a goal: met, or missed and by how much.
    """
    lines = []
    held = table[(table["share"] == 0) & ((table["per_case"] > 0) | table["paired"])]
    limit = 0.05 + 2 * np.sqrt(0.05 * 0.95 / held["cases"])
    worst = (held["flagged"] - limit).idxmax()
    lines.append(
        _line(
            "False alarms at most 5% + 2 standard errors in every cell with controls or pairs",
            bool((held["flagged"] <= limit).all()),
            f"highest {held['flagged'].max():.1%} of {len(held)} cells; limit {limit[worst]:.2%}",
        )
    )
    core = table[~table["paired"] & (table["bias"] == 1) & (table["ported"] == 0.06) & (table["regions"] == 1)]
    core = core[core["per_case"] == 2]
    for n, least in ((30, 0.60), (100, 0.94)):
        mine = core[(core["n"] == n) & (core["share"] == 0.3)].sort_values("operator")
        said = ", ".join(
            f"{_OPERATORS[row.operator]} {row.ratio:.3f} (Fisher+Holm {row.fisher_ratio:.3f})"
            for row in mine.itertuples()
        )
        main = mine.loc[mine["operator"] == 2, "ratio"].iloc[0]
        lines.append(
            _line(f"Power at least {least:.2f} of the oracle at n={n}, λ=0.3, operator C", bool(main >= least), said)
        )
        lines.append(
            _line(
                f"The same, mean of the three operators at n={n}",
                bool(mine["ratio"].mean() >= least),
                f"{mine['ratio'].mean():.3f}",
            )
        )
    covered = table[(table["share"] > 0) & (table["per_case"] > 0) & ~table["paired"]]
    error = 2 * np.sqrt(0.05 * 0.95 / covered["cases"])
    inside = covered["covered"].between(0.93, 0.97)
    close = covered["covered"].between(0.93 - error, 0.97 + error)
    lines.append(
        _line(
            "Coverage of the 95% interval of λ between 93% and 97%",
            bool(inside.all()),
            f"{inside.sum()} of {len(covered)} cells with a leak inside, {close.sum()} within 2 standard errors of it; "
            f"lowest {covered['covered'].min():.1%}, highest {covered['covered'].max():.1%}, mean {covered['covered'].mean():.1%}",
        )
    )
    named = table[(table["share"] > 0) & ((table["per_case"] > 0) | table["paired"])]
    flags = named["flagged"] * named["cases"]
    overall = float((named["right"] * flags).sum() / flags.sum())
    strong = named[named["share"] >= 0.3]
    lines.append(
        _line(
            "Right operator in at least 99% of the flagged",
            overall >= 0.99,
            f"{overall:.2%} over all cells; lowest cell with λ of 0.3 or more {strong['right'].min():.1%}, "
            f"lowest of all {named['right'].min():.1%}",
        )
    )
    return lines


def write_study(study: list[tuple[Cell, dict]], folder: Path) -> str:
    """
    Write the document, its figures and its figures as JSON.

    Parameters
    ----------
    study : list of (Cell, dict)
        Cells and what `run_cell` found.
    folder : pathlib.Path
        Where they go.

    Returns
    -------
    str
        The document.
    """
    table = frame(study)
    core = table[~table["paired"] & (table["bias"] == 1) & (table["ported"] == 0.06) & (table["regions"] == 1)]
    core = core[(core["per_case"] == 2) & (core["operator"] == 2)]
    parts = [HEADER.format(cases=int(table["cases"].min()))]
    parts += ["## Goals\n", *(f"- {line}" for line in goals(table)), ""]
    parts += ["## Without a leak: false alarms\n", _markdown(table[table["share"] == 0], leak=False), ""]
    parts += ["A standard error is about 0.5 points. Market shares alone (0 controls) support `weak` at most, and here is why: with "
              "biased complaints they ring in most leak-free campaigns, as chi² does everywhere.\n"]  # fmt: skip
    parts += ["## With a leak\n", _markdown(table[table["share"] > 0], leak=True), ""]
    parts += ["![Power by number of people](operating_characteristics_power.svg)\n"]
    parts += ["![False alarms by bias](operating_characteristics_alarms.svg)\n"]
    parts += [_NOTES]
    text = "\n".join(parts)
    (folder / "operating_characteristics.md").write_text(text, encoding="utf-8")
    rows = json.loads(table.round(5).to_json(orient="records"))
    (folder / "operating_characteristics.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    power = to_svg(_power_figure(core[core["share"] > 0]), "power by number of people reached")
    (folder / "operating_characteristics_power.svg").write_text(str(power), encoding="utf-8")
    alarms = to_svg(_alarm_figure(table[(table["share"] == 0) & (table["n"] == 100)]), "false alarms by bias")
    (folder / "operating_characteristics_alarms.svg").write_text(str(alarms), encoding="utf-8")
    return text


_NOTES = """## What to read from it

- The test is exact: given how many people of both groups each operator has, the reached are a random part of them without a leak, whatever the
  bias. Market shares steer where its power goes; they cannot make it ring. Discreteness keeps the rate somewhat below 5% at small n.
- With four regions or 400 people tables are drawn, 1,000 a campaign here (the tool draws 10,000), instead of listed; the noise of the draws adds
  a little to the false alarms of these cells.
- The oracle knows the baseline. Whoever has to learn it from two controls a case compares two samples, and for one known operator no test
  that holds its size at every baseline has more power than the conditional one (Lehmann & Romano 2005, 4.4-4.5). The larger an operator's
  share, the further that is from the oracle.
- The market as a prior has its price: where complaints are strongly biased (2.5×) and people few (30), Fisher with Holm finds a little more.
- Where λ is small the interval starts at 0 and covers more often than 95%.
- Paired cells compare the two SIMs of one person: the bias of 2.5 does nothing to them.
"""


def _line(goal: str, met: bool, said: str) -> str:
    return f"{goal}: **{'met' if met else 'MISSED'}** ({said})"


def _markdown(table: pd.DataFrame, *, leak: bool) -> str:
    columns = ["n", *(["λ", "operator"] if leak else []), "bias", "ported", "controls", "regions", "flagged"]
    columns += ["oracle", "ratio"] if leak else []
    columns += [
        "Fisher+Holm",
        "chi²",
        "guilt",
        "guilt, cut",
        *(["coverage", "λ mean", "right"] if leak else ["coverage"]),
    ]
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    for row in table.itertuples():
        cells = [
            str(row.n),
            *([f"{row.share:.2f}", _OPERATORS[row.operator]] if leak else []),
            f"{row.bias:g}×",
            f"{row.ported:.0%}",
        ]
        cells += ["pairs" if row.paired else str(row.per_case), str(row.regions), _share(row.flagged)]
        cells += [_share(row.oracle_power), "–" if pd.isna(row.ratio) else f"{row.ratio:.3f}"] if leak else []
        cells += [_share(value) for value in (row.fisher_holm, row.chi_square, row.guilt, row.guilt_cut)]
        cells += [_share(row.covered), _share(row.estimate), _share(row.right)] if leak else [_share(row.covered)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None or pd.isna(value) else f"{value:.1%}"


def _power_figure(core: pd.DataFrame) -> dict:
    named = {"flagged": "tasrib", "oracle_power": "oracle", "fisher_holm": "Fisher + Holm"}
    values = [
        {"n": int(row["n"]), "λ": f"λ = {row['share']:g}", "method": label, "power": float(row[name])}
        for row in core.to_dict("records")
        for name, label in named.items()
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "facet": {"column": {"field": "λ", "type": "nominal", "title": None}},
        "spec": {
            "width": 190,
            "height": 170,
            "mark": {"type": "line", "point": True},
            "encoding": {
                "x": {"field": "n", "type": "quantitative", "scale": {"type": "log"}, "title": "people reached"},
                "y": {"field": "power", "type": "quantitative", "title": "flagged", "axis": {"format": "%"}},
                "color": {"field": "method", "type": "nominal", "title": None},
            },
        },
    }


def _alarm_figure(table: pd.DataFrame) -> dict:
    kept = table[~table["paired"] & (table["per_case"] == 2) & (table["ported"] == 0.06) & (table["regions"] == 1)]
    named = {
        "flagged": "tasrib",
        "fisher_holm": "Fisher + Holm",
        "chi_square": "chi² against the market",
        "guilt_cut": "guilt, cut",
    }
    values = [
        {"bias": f"{row['bias']:g}×", "method": label, "rate": float(row[name])}
        for row in kept.to_dict("records")
        for name, label in named.items()
    ]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "width": 420,
        "height": 200,
        "mark": "bar",
        "encoding": {
            "x": {
                "field": "bias",
                "type": "nominal",
                "title": "how often B's customers complain",
                "axis": {"labelAngle": 0},
            },
            "xOffset": {"field": "method"},
            "y": {
                "field": "rate",
                "type": "quantitative",
                "title": "leak-free campaigns flagged",
                "axis": {"format": "%"},
            },
            "color": {"field": "method", "type": "nominal", "title": None},
        },
    }
