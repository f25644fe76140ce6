"""How the chance to see a leak grows with the people who report, as a figure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tasrib.report.figures import ACCENT, INK, QUIET, specification

MARKET_ONLY = "market shares only"
_SHADES = ("#9cc9d8", "#4f9db8", ACCENT, "#07455a", "#b3472d")
_MARK = "#b3472d"


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
    shades = [_SHADES[round(at)] for at in np.linspace(0, len(_SHADES) - 2, len(with_controls))]
    colours = dict(zip(with_controls, shades, strict=True)) | ({MARKET_ONLY: QUIET} if MARKET_ONLY in names else {})
    dashes = [[4, 4] if name == MARKET_ONLY else [1, 0] for name in colours]
    x = {"field": "people", "type": "quantitative", "title": "people who report the campaign",
         "scale": {"type": "log", "nice": False}, "axis": {"tickCount": 6, "format": ",d", "grid": False}}  # fmt: skip
    y = {"field": "power", "type": "quantitative", "title": "chance to find it moderate or strong",
         "scale": {"domain": [0, 1]}, "axis": {"format": ".0%", "tickCount": 6}}  # fmt: skip
    by = {"field": "controls", "type": "nominal"}
    line = {
        "mark": {"type": "line", "strokeWidth": 2.5},
        "encoding": {
            "x": x,
            "y": y,
            "color": {**by, "scale": {"domain": list(colours), "range": list(colours.values())}},
            "strokeDash": {**by, "scale": {"domain": list(colours), "range": dashes}},
        },
    }
    layers = [line, *_marked("y", power, f"{power:.0%} wanted")]
    if people is not None:
        layers += _marked("x", people, f"{people:,} people")
    return specification(values, height=300, layer=layers)


def _marked(axis: str, at: float, words: str) -> list[dict]:
    """A rule across the figure and what it stands for."""
    place = {"align": "left", "dx": 4, "dy": -6} if axis == "y" else {"align": "left", "dx": 4, "dy": 0}
    other = {"x": {"value": 0}} if axis == "y" else {"y": {"value": 290}}
    position = {axis: {"datum": at}}
    colour = INK if axis == "y" else _MARK
    # One row of their own, else they are drawn once for every point of the lines.
    once: dict = {"data": {"values": [{}]}}
    return [
        {**once, "mark": {"type": "rule", "color": colour, "strokeDash": [2, 3]}, "encoding": position},
        {**once, "mark": {"type": "text", "color": colour, "text": words, **place}, "encoding": {**position, **other}},
    ]
