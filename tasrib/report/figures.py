"""Figures as Vega-Lite specifications, and the same drawn as SVG that needs no script and no network."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import vl_convert

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
INK, QUIET, ACCENT = "#1f2933", "#7b8794", "#0b6e8f"
PALETTE = {
    "political_campaign": "#b3472d",
    "civic_information": "#0b6e8f",
    "news": "#5b7f95",
    "commercial": "#c99a2e",
    "service": "#6b8e4e",
    "scam": "#5d3a6e",
    "community": "#4aa391",
    "personal": "#9aa5b1",
}
# Of messages that a person called no campaign, without a category in place of the model's.
NOT_SAID = "(not said)"
_CONFIG = {
    "font": "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Arabic', sans-serif",
    "background": None,
    "view": {"stroke": None},
    "axis": {"labelColor": INK, "titleColor": QUIET, "gridColor": "#e4e7eb", "domain": False, "ticks": False,
             "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 260},
    "legend": {"labelColor": INK, "titleColor": QUIET, "orient": "top", "title": None, "labelFontSize": 12},
}  # fmt: skip


def specification(values: list[dict], **parts) -> dict:
    """
    Begin a figure in the report's type, colours and width.

    Parameters
    ----------
    values : list of dict
        The rows that are drawn.
    **parts
        The rest of the specification, such as ``mark`` and ``encoding``.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": _CONFIG,
        "width": 640,
        "data": {"values": values},
        **parts,
    }


def by_day(scored: pd.DataFrame) -> dict:
    """
    Messages a day, by category.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.

    Returns
    -------
    dict
        Vega-Lite specification; messages without a date are left out.
    """
    days = scored["received_at"].dt.strftime("%Y-%m-%d")
    table = pd.DataFrame({"day": days, "category": scored["category"].replace("", NOT_SAID)}).dropna()
    colours = PALETTE | ({NOT_SAID: QUIET} if NOT_SAID in set(table["category"]) else {})
    counts = table.value_counts().rename("messages").reset_index().sort_values(["day", "category"])
    return specification(
        counts.to_dict("records"),
        height=200,
        mark={"type": "bar", "width": {"band": 0.85}},
        encoding={
            "x": {"field": "day", "type": "temporal", "timeUnit": "yearmonthdate", "title": None,
                  "axis": {"format": "%-d %b", "grid": False}},
            "y": {"field": "messages", "type": "quantitative", "title": "messages"},
            "color": {"field": "category", "type": "nominal",
                      "scale": {"domain": list(colours), "range": list(colours.values())}},
        },
    )  # fmt: skip


def bars(counts: pd.Series, title: str, colours: dict[str, str] | None = None) -> dict:
    """
    Counts as horizontal bars, largest first.

    Parameters
    ----------
    counts : pandas.Series of int
        Counts by name.
    title : str
        What is counted.
    colours : dict of str to str, optional
        Colour of each name.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    values = [{"name": str(name), "count": int(count)} for name, count in counts.items()]
    colour: dict = {"value": ACCENT}
    if colours:
        colour = {"field": "name", "type": "nominal", "legend": None,
                  "scale": {"domain": list(colours), "range": list(colours.values())}}  # fmt: skip
    order = [str(name) for name in counts.sort_values(ascending=False).index]
    y = {"field": "name", "type": "nominal", "sort": order, "title": None}
    return specification(
        values,
        height={"step": 24},
        encoding={"y": y, "x": {"field": "count", "type": "quantitative", "title": title}},
        layer=[
            {"mark": {"type": "bar", "height": 14}, "encoding": {"color": colour}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": INK},
                "encoding": {"text": {"field": "count"}},
            },
        ],
    )


def operator_shares(shares: pd.DataFrame) -> dict:
    """
    Operators among the people reached and among the controls, with intervals, beside the market.

    Parameters
    ----------
    shares : pandas.DataFrame
        The rows of ``TraceResult.shares`` of one campaign.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    values = []
    for row in shares.itertuples():
        reached = {"group": "people reached", "share": row.share, "low": row.share_low, "high": row.share_high}
        values.append({"operator": row.operator, **reached})
        if row.controls > 0:
            control = {
                "group": "controls",
                "share": row.controls_share,
                "low": row.controls_low,
                "high": row.controls_high,
            }
            values.append({"operator": row.operator, **control})
        if pd.notna(row.market_share):
            values.append({"operator": row.operator, "group": "market", "share": row.market_share})
    groups = ["people reached", "controls", "market"]
    colour = {"field": "group", "type": "nominal",
              "scale": {"domain": groups, "range": ["#b3472d", ACCENT, QUIET]}}  # fmt: skip
    shape = {"field": "group", "type": "nominal", "scale": {"domain": groups, "range": ["circle", "diamond", "stroke"]}}
    x_axis = {"format": ".0%", "tickCount": 6}
    return specification(
        values,
        height={"step": 20},
        encoding={
            "y": {"field": "operator", "type": "nominal", "title": None},
            "yOffset": {"field": "group", "type": "nominal", "sort": groups},
            "x": {"type": "quantitative", "title": "share of the people, with exact 95% interval", "axis": x_axis,
                  "scale": {"domainMin": 0}, "field": "share"},
            "color": colour,
        },
        layer=[
            {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"}}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}, "encoding": {"shape": shape}},
        ],
    )  # fmt: skip


def _drawable(part: Any) -> Any:
    """Without control characters in names: XML has no place for them, and vl-convert fails over one or ends the process."""
    if isinstance(part, dict):
        return {name: _drawable(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_drawable(value) for value in part]
    return _CONTROLS.sub(" ", part) if isinstance(part, str) else part


def to_svg(spec: dict, label: str) -> str:
    """
    Draw a specification.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification.
    label : str
        What the figure shows, for those who cannot see it.

    Returns
    -------
    str
        An ``<svg>`` element that scales to its container.
    """
    svg = vl_convert.vegalite_to_svg(_drawable(spec))
    head = re.match(r"<svg[^>]*>", svg)
    assert head is not None, "vl-convert returned no SVG"
    width = re.search(r'\bwidth="([\d.]+)"', head.group())
    opening = re.sub(r'\s(?:width|height)="[^"]*"', "", head.group())
    safe = _drawable(label).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    style = f"width:100%;max-width:{float(width.group(1)):.0f}px" if width else "width:100%"
    return opening.replace("<svg", f'<svg role="img" aria-label="{safe}" style="{style}"', 1) + svg[head.end() :]
