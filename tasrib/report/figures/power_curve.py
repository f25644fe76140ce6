"""How the chance to see a leak grows with the people who report, as a figure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.report.figures.style import ACCENT, INK, QUIET, REACHED, above, legend, specification

MARKET_ONLY = "market shares only"
# Each 3 to 1 on white; their dashes differ too.
_SHADES = ("#4a93ad", ACCENT, "#07455a", INK)
_DASHES = ([8, 3], [1, 0], [12, 3, 2, 3], [2, 2])
_HEIGHT, _LEFT = 300, 52


def controls_name(ratio: float) -> str:
    """
    Name a number of controls for each person reached.

    Parameters
    ----------
    ratio : float
        Controls for each person; 0 for none.

    Returns
    -------
    str
        Such as ``2 controls each``.
    """
    if ratio == 0:
        return MARKET_ONLY
    return f"{ratio:g} control{'' if ratio == 1 else 's'} each"


def power_curve(table: pd.DataFrame, *, power: float = 0.8, people: int | None = None) -> dict:
    """
    Chance that a leak is found moderate or strong, by the number of people, one line a number of controls.

    Parameters
    ----------
    table : pandas.DataFrame
        From `tasrib.tracing.power_analysis.power_table`, with as many rows as the lines should have points.
    power : float
        Wanted chance; drawn as a line across.
    people : int, optional
        A number of people to mark.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    names = [controls_name(float(ratio)) for ratio in table.columns]
    values = [
        {"people": int(str(n)), "controls": name, "power": round(float(value), 4)}
        for n, row in table.iterrows()
        for name, value in zip(names, row, strict=True)
    ]
    with_controls = [name for name in names if name != MARKET_ONLY]
    places = np.linspace(0, len(_SHADES) - 1, len(with_controls)).round().astype(int)
    colours = {name: _SHADES[at] for name, at in zip(with_controls, places, strict=True)}
    dashes = [_DASHES[i % len(_DASHES)] for i in range(len(with_controls))]
    if MARKET_ONLY in names:
        colours, dashes = colours | {MARKET_ONLY: QUIET}, [*dashes, [4, 4]]
    x = {"field": "people", "type": "quantitative", "title": "people who report the campaign",
         "scale": {"type": "log", "nice": False}, "axis": {"tickCount": 5, "format": ",d", "grid": False}}  # fmt: skip
    y = {"field": "power", "type": "quantitative", "title": None,
         "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 6}}  # fmt: skip
    by = {"field": "controls", "type": "nominal"}
    entries = legend({name: name for name in colours}, "en", _LEFT, symbolType="stroke", symbolSize=220)
    line = {
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": x,
            "y": y,
            "color": {**by, "scale": {"domain": list(colours), "range": list(colours.values())}, "legend": entries},
            "strokeDash": {**by, "scale": {"domain": list(colours), "range": dashes}, "legend": entries},
        },
    }
    layers = [line, *_marked("y", power, f"{power:.0%} wanted")]
    if people is not None:
        layers += _marked("x", people, f"{people:,} people")
    title = {
        "text": "chance to find it moderate or strong",
        "anchor": "start",
        "frame": "group",
        "fontSize": 14,
        "fontWeight": "normal",
        "color": QUIET,
    }
    return specification(
        values, height=_HEIGHT, left=_LEFT, right=20, top=above(len(colours)) + 26, bottom=58, title=title, layer=layers
    )


def _marked(axis: str, at: float, words: str) -> list[dict]:
    """A rule across the figure and what it stands for."""
    place = {"align": "right", "dx": -4, "dy": -7} if axis == "y" else {"align": "left", "dx": 4, "dy": 0}
    other: dict = {"x": {"value": {"expr": "width"}}} if axis == "y" else {"y": {"value": _HEIGHT - 10}}
    position = {axis: {"datum": at}}
    colour = INK if axis == "y" else REACHED
    # One row of their own, else they are drawn once for every point of the lines.
    once: dict = {"data": {"values": [{}]}}
    return [
        {**once, "mark": {"type": "rule", "color": colour, "strokeDash": [2, 3]}, "encoding": position},
        {**once, "mark": {"type": "text", "color": colour, "text": words, **place}, "encoding": {**position, **other}},
    ]
