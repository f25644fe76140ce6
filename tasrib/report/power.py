"""A power analysis told: in sentences, as a table, as a page with its curve."""

from __future__ import annotations

import json

import pandas as pd
from markupsafe import Markup

from tasrib.report.environment import language_environment
from tasrib.report.figures import to_svg
from tasrib.report.figures.power_curve import MARKET_ONLY, controls_name, power_curve
from tasrib.tracing.power_analysis import PowerAnalysis, PowerDesign
from tasrib.tracing.stats.power import controls_for

FIGURES = (".svg", ".html", ".json")
_FIGURE = "chance that the leak is found moderate or strong, by people who report and controls"
_ALWAYS = (
    "Without controls, market shares stand in for the people who complain; tasrib then says no more than “weak”, however "
    "many people report.",
    "Computed for both tests that the words ask for: beside controls (Fisher's exact test; the joint test has somewhat more power) and "
    "beside other lists, those of the senders of the other messages, supposed not to differ from each other: docs/operating_characteristics.md.",
)


def power_question(design: PowerDesign) -> str:
    """
    Say what was asked.

    Parameters
    ----------
    design : PowerDesign
        What was asked.

    Returns
    -------
    str
        One sentence: the leak, and what of it the numbers would show.
    """
    source = design.source
    known = "" if source.given else f" ({source.baseline:.1%} of the numbers on {source.at}, {source.baseline_from})"
    return (
        f"If {design.leak_share:.0%} of a campaign's list came from {source.operator}{known}, {design.exposed_share:.0%} of "
        f"the people reached would have its numbers, not {source.baseline:.0%}; {source.ported:.0%} of numbers taken as ported."
    )


def power_answers(analysis: PowerAnalysis) -> list[str]:
    """
    Say what was found.

    Parameters
    ----------
    analysis : PowerAnalysis
        What was found.

    Returns
    -------
    list of str
        Sentences: the people needed, what those asked about could show, and the limits of both.
    """
    answers = [_needed(analysis)]
    if analysis.design.people is not None:
        answers.append(_shown_by_people(analysis))
    return [*answers, *_ALWAYS]


def power_cells(analysis: PowerAnalysis) -> pd.DataFrame:
    """
    Show the table.

    Parameters
    ----------
    analysis : PowerAnalysis
        What was found.

    Returns
    -------
    pandas.DataFrame
        Text: the people, the power with each number of controls, and the least share found.
    """
    design = analysis.design
    cells = analysis.table.apply(lambda column: column.map(_percent)).rename(
        columns=lambda ratio: controls_name(float(ratio))
    )
    beside = "market shares" if design.controls_per_case == 0 else controls_name(design.controls_per_case)
    cells.insert(0, "people", [f"{n:,}" for n in analysis.table.index])
    cells[f"least share found at {design.power:.0%}, {beside}"] = [
        "–" if pd.isna(share) else f"{share:.0%}" for share in analysis.detectable
    ]
    return cells


def power_rows(analysis: PowerAnalysis) -> pd.DataFrame:
    """
    Lay the table out for a file.

    Parameters
    ----------
    analysis : PowerAnalysis
        What was found.

    Returns
    -------
    pandas.DataFrame
        ``n_people``, ``power_2_controls`` and its like, ``detectable_share``.
    """
    flat = analysis.table.rename(columns=lambda ratio: f"power_{ratio:g}_controls").reset_index()
    return flat.assign(detectable_share=analysis.detectable.to_numpy())


def power_file(analysis: PowerAnalysis, suffix: str) -> str:
    """
    Draw the curve.

    Parameters
    ----------
    analysis : PowerAnalysis
        What was found.
    suffix : {".svg", ".html", ".json"}
        The figure alone, a page with sentences and table, or the Vega-Lite specification.

    Returns
    -------
    str
        What the file is to hold.
    """
    design = analysis.design
    curve = power_curve(analysis.curve(), power=design.power, people=design.people)
    title = f"Power to see a leak of {design.leak_share:.0%} of a list from {design.source.operator}"
    if suffix == ".json":
        return json.dumps(curve, ensure_ascii=False, indent=2) + "\n"
    if suffix == ".svg":
        return to_svg(curve, title)
    return (
        language_environment("en")
        .get_template("power.html.j2")
        .render(
            title=title,
            # The drawing escapes its own text.
            figure=Markup(to_svg(curve, _FIGURE)),
            sentences=[power_question(design), *power_answers(analysis)],
            table=power_cells(analysis),
        )
        + "\n"
    )


def _needed(analysis: PowerAnalysis) -> str:
    design, n = analysis.design, analysis.people_needed
    if design.exposed_share <= design.source.baseline:
        return "Such a leak leaves no trace in the prefixes: the operator's numbers are as frequent without it."
    if n is None:
        return (
            f"No number of people {_beside(design)} is enough to find it with a chance of {design.power:.0%}: lists differ by that much "
            "by themselves."
        )
    controls = controls_for(n, design.controls_per_case)
    total = f" ({controls:,} in all)" if controls else ""
    return f"People needed for a chance of {design.power:.0%}: {n:,}, {_beside(design)}{total}."


def _shown_by_people(analysis: PowerAnalysis) -> str:
    design, share = analysis.design, analysis.detectable_share
    what = "no leak, not even of a whole list," if share is None else f"shares of {share:.0%} or more"
    return (
        f"{design.people:,} people {_beside(design)} would find this leak moderate or strong with a chance of {analysis.power_of_people:.0%}, "
        f"and {what} with a chance of {design.power:.0%}."
    )


def _beside(design: PowerDesign) -> str:
    ratio = design.controls_per_case
    return f"compared with {MARKET_ONLY}" if ratio == 0 else f"with {ratio:g} controls each"


def _percent(value: float) -> str:
    return "> 99%" if value > 0.99 else f"{value:.0%}"
