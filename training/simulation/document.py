"""The study as a document: what was drawn, goals, tables, figures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd

from tasrib.report.figures import to_svg
from training.simulation.figures import alarm_figure, power_figure, situations_figure
from training.simulation.goals import goals
from training.simulation.running import tracer_version
from training.simulation.tables import core_table, coverage_table, frame, leak_free_table, power_table
from training.simulation.world import World

_HEADER = """# Operating characteristics: how often the tracer is right

Written by `python -m training.simulation_study`; every figure is in `operating_characteristics.json` too. Every case is a table of scored
complaints with a known truth (`training/simulation/`), drawn from a seed, that went through `tasrib.trace`: {cases} cases a situation; of leaks
{half}, of reports of twenty campaigns {reports}. Three operators A, B, C with shares of 39%, 33.5% and 27.5%; which of them leaks in a simulation says
nothing of any real one. Unless a row says otherwise: 80 people reached, 240 reports of the messages of 12 other senders in the same month, 6% ported numbers,
30% of the people say who serves them, 2% of these wrongly; a Dirichlet(100) or (30) list has a mix of operators of its own, 5 or 8 points around that of all
complainants. tasrib is told neither bias, baseline, portability nor λ.

- **`moderate` or `strong`**: some finding of some comparison in the case is graded so. Without a leak each of them is wrong; with one, those are counted that
  point to the operator or into its numbers.
- **p ≤ 5%**: an adjusted p-value of the operators' comparison (of the pairs, where people have two SIMs) at or below 5%; in the core also **flagged**.
- **oracle**: Neyman-Pearson test at 5%, told baseline, portability, λ and the operator. Nobody has that; it is the ceiling. **ratio**: flagged
  over the oracle's power.
- **Fisher+Holm**: one-sided, exact, per operator (over the strata where there are). **chi²**: against market shares. **guilt**: Papadimitriou &
  Garcia-Molina (IEEE TKDE 23:51, 2011), guilt above 0.95; its agents' sets are the operators' numbers and p = 0.5. **guilt, cut**: the same
  with a cut that rings in 5% of campaigns drawn from the market.
- **coverage**: of the 95% interval of λ, for the leaking operator (without a leak: for C).
- **right**: among flagged, the operator pointed to is the one that leaked.
"""
_SITUATIONS = """## Without a leak, as people really complain

Nobody leaked anything; what the campaign is compared with, or who files, or how the list is told, is not as simple as in the core below. ±: one standard error.
"""
_REPORTS = """## Reports of twenty campaigns

A case is a whole report. "Wrong of what is said": the false discovery proportion, of campaigns with `moderate` or `strong`, 0 where nothing is said.
"""
_CORE = """## The core: cases and controls from one baseline

Here peers can be asked too. Bias: how many times as often B's customers complain, of anything. **earlier**: what the study flagged when the joint test
was called by itself on drawn counts.
"""
_NOTES = """## What to read from it

- The exact test holds its size whatever the bias: given how many people of both groups each operator has, the reached are a random part of them
  without a leak. Market shares steer where its power goes; they cannot make it ring. Alone (0 controls) they ring in most leak-free campaigns with
  biased complaints, as chi² does everywhere, and so support `weak` at most.
- That the list is a random draw from those who complain is not so where lists differ; p-values of the exact test alone ring there, and the words
  ask for more than it.
- The oracle knows the baseline. Whoever has to learn it from two controls a case compares two samples, and for one known operator no test
  that holds its size at every baseline has more power than the conditional one (Lehmann & Romano 2005, 4.4-4.5). The larger an operator's
  share, the further that is from the oracle.
- Where λ is small the interval starts at 0 and covers more often than 95%.
"""


def write_study(study: list[tuple[World, dict]], folder: Path, missing: Sequence[World] = ()) -> str:
    """
    Write the document, its figures and its figures as JSON.

    The whole study takes the machine for hours. What the document in the folder has of worlds that are missing stays in it, and is listed as
    measured with an earlier tracer where that is so.

    Parameters
    ----------
    study : list of (World, dict)
        Worlds and what `run_world` found.
    folder : pathlib.Path
        Where they go.
    missing : sequence of World
        Worlds that have not been run.

    Returns
    -------
    str
        The document.
    """
    earlier = _kept(folder / "operating_characteristics.json", missing)
    table = frame(study)
    table = pd.concat([table, earlier], ignore_index=True) if len(earlier) else table
    never = [world.name for world in missing if world.name not in set(earlier.get("name", ()))]
    old = table.loc[table["tracer"] != tracer_version(), "name"].tolist()
    core, reports, others = _parted(table)
    clean = others[others["goal"] == "clean"].sort_values("point", kind="stable")
    plain = core[(core["controls"] == 2 * core["n"]) & (core["bias"] == 1) & (core["ported"] == 0.06)]
    text = "\n".join([
        _HEADER.format(
            cases=_range(others.loc[others["share"] == 0, "cases"]), half=_range(others.loc[others["share"] > 0, "cases"]),
            reports=_range(reports["cases"]),
        ),
        "## Goals\n", *(f"- {line}" for line in goals(table)), "",
        _SITUATIONS, leak_free_table(clean), "",
        "![Leak-free situations](operating_characteristics_situations.svg)\n",
        _REPORTS, leak_free_table(reports[reports["leaking"] == 0]), "", power_table(reports[reports["leaking"] > 0]), "",
        "## With a leak\n", power_table(others[others["goal"] == "power"]), "",
        "## Where nobody declares an operator\n", coverage_table(others[others["goal"] == "coverage"]), "",
        _CORE, core_table(core[core["share"] == 0], leak=False), "", core_table(core[core["share"] > 0], leak=True), "",
        "![Power by number of people](operating_characteristics_power.svg)\n",
        "![False alarms by bias](operating_characteristics_alarms.svg)\n",
        _NOTES,
        *(["\n## Measured with an earlier tracer\n", *(f"- {name}" for name in old), ""] if old else []),
        *(["\n## Not run yet\n", *(f"- {name}" for name in never), ""] if never else []),
    ])  # fmt: skip
    (folder / "operating_characteristics.md").write_text(text, encoding="utf-8")
    rows = json.loads(table.round(5).to_json(orient="records"))
    (folder / "operating_characteristics.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    leaks = plain[(plain["share"] > 0) & (plain["operator"] == 2)]
    drawn = {
        "power": (power_figure(leaks), "power by number of people reached"),
        "alarms": (alarm_figure(core[(core["share"] == 0) & (core["n"] == 100)]), "false alarms by bias"),
        "situations": (situations_figure(clean), "leak-free situations"),
    }
    for name, (figure, title) in drawn.items():
        (folder / f"operating_characteristics_{name}.svg").write_text(str(to_svg(figure, title)), encoding="utf-8")
    return text


def _kept(file: Path, worlds: Sequence[World]) -> pd.DataFrame:
    """Rows that an earlier document has of worlds with the same settings."""
    if not file.is_file():
        return pd.DataFrame()
    # What has no value is NaN in a world and null in JSON.
    wanted = {
        world.name: {name: None if value != value else value for name, value in asdict(world).items()}
        for world in worlds
    }
    rows = [{"tracer": ""} | row for row in json.loads(file.read_text(encoding="utf-8"))]
    return pd.DataFrame(
        [
            row
            for row in rows
            if wanted.get(row["name"]) == {name: row.get(name) for name in wanted.get(row["name"], ())}
        ]
    ).replace({None: np.nan})


def _parted(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The core, whole reports, and all others."""
    is_report = table["campaigns"] >= 20
    return table[table["core"]], table[is_report], table[~table["core"] & ~is_report]


def _range(cases: pd.Series) -> str:
    low, high = int(cases.min()), int(cases.max())
    return f"{high:,}" if low == high else f"{low:,} to {high:,}"
