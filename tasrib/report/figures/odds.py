"""Odds ratios of operators with their intervals, campaign by campaign: a forest plot."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.style import (
    GRID,
    INK,
    PAPER,
    QUIET,
    REACHED,
    WIDTH,
    above,
    below,
    legend,
    line_above,
    room_for,
    rows_of,
    specification,
    wrapped,
)
from tasrib.report.figures.wording import (
    campaign,
    count,
    estimate,
    headings,
    label,
    name,
    probability,
    ratio,
    say,
)
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import COMPARISONS
from tasrib.tracing.evidence import ABOVE_WEAK

# Intervals that are drawn; a ratio and its inverse beyond which an axis says no more, and up to which it always goes.
_MOST, _FAR, _NEAR = 24, 50.0, 4.0
_STEP, _RIGHT, _NAMES = 22, 122, 116
# Numbers of the axis: of a short one, and of one that goes beyond.
_TICKS, _SHORT = {True: (0.1, 0.2, 0.5, 1, 2, 5, 10), False: (0.02, 0.1, 0.3, 1, 3, 10, 50)}, 12.0
_ESTIMATE = ("odds_ratio", "ci_low", "ci_high")
_HEADS = ("campaign", "operator", "observed", "people", "expected", "odds_ratio", "p", "evidence")


def draw(_: pd.DataFrame, result: TraceResult, language: str) -> Figure | None:
    """
    Draw the odds ratios of the leading comparison.

    Parameters
    ----------
    _ : pandas.DataFrame
        Scored complaints, of which nothing is needed.
    result : TraceResult
        Findings, aliases applied.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    Figure or None
        Those with the smallest p-values, campaigns together; None where no campaign was compared with controls.
    """
    leading = [comparison.key for comparison in COMPARISONS if comparison.leads]
    all_of_them = result.findings[result.findings["comparison"].isin(leading) & _drawable(result.findings)]
    if all_of_them.empty:
        return None
    chosen = all_of_them.sort_values(["p_adjusted", "p_value"], kind="stable").head(_MOST)
    # The campaign with the smallest p-value first, and its operators together.
    first = {name: i for i, name in enumerate(chosen["campaign_id"].unique())}
    rows = chosen.assign(_at=chosen["campaign_id"].map(first)).sort_values("_at", kind="stable").to_dict("records")
    table = pd.DataFrame([_cells(row, language) for row in rows], columns=headings(_HEADS, language))
    sentence = _sentence(rows, language)
    if len(all_of_them) > len(rows):
        sentence += say("sentence.more", language, more=count(len(all_of_them) - len(rows), language))
    return figure("odds", say("title.odds", language), _spec(rows, language), sentence, table, language)


def _drawable(findings: pd.DataFrame) -> pd.Series:
    return findings[list(_ESTIMATE)].notna().all(axis=1)


def _spec(rows: list[dict[str, Any]], language: str) -> dict:
    low, high = _span(rows)
    values: list[dict] = []
    labels: list[str] = []
    for row in rows:
        if not values or values[-1]["campaign"] != row["campaign_id"]:
            values.append(
                {
                    "row": len(labels),
                    "campaign": row["campaign_id"],
                    "head": label(campaign(row, language, WIDTH - 2 * _NAMES), language),
                }
            )
            labels.append("")
        values.append({"row": len(labels), "campaign": row["campaign_id"], **_mark(row, low, high, language)})
        labels.append(name(row["name"], language, _NAMES))
    left = room_for(labels)
    title = wrapped(say("axis.odds_ratio", language), language, left, _RIGHT)
    ticks = [tick for tick in _TICKS[high < _SHORT] if low <= tick <= high]
    sides = ["sure", "unsure"]
    by = {"field": "side", "type": "nominal"}
    entries = legend({side: say(f"legend.{side}", language) for side in sides}, language, left)
    x = {"type": "quantitative", "scale": {"type": "log", "domain": [low, high], "nice": False}, "title": title,
         "axis": {"values": ticks, "format": "~g", "gridColor": {"condition": {"test": "datum.value === 1", "value": INK}, "value": GRID}}}  # fmt: skip
    interval_of = {"transform": [{"filter": "isValid(datum.middle)"}]}
    return specification(
        values, language=language, left=left, right=_RIGHT, top=above(2), bottom=below(title), height=len(labels) * _STEP,
        encoding={"y": rows_of(labels, language)},
        layer=[
            {**interval_of, "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
             "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}}},
            *[_arrows(side) for side in ("low", "high")],
            {**interval_of, "mark": {"type": "point", "shape": "square", "size": 80, "strokeWidth": 2, "opacity": 1},
             "encoding": {"x": {"field": "middle", **x},
                          "stroke": {**by, "scale": {"domain": sides, "range": [REACHED, QUIET]}, "legend": entries},
                          "fill": {**by, "scale": {"domain": sides, "range": [REACHED, PAPER]}, "legend": entries}}},
            {**interval_of, "mark": {"type": "text", "align": "left", "fontSize": 13},
             "encoding": {"x": {"value": {"expr": "width + 16"}}, "text": {"field": "said"}}},
            line_above(language, left),
        ],
    )  # fmt: skip


def _arrows(end: str) -> dict:
    """An interval goes on beyond the axis."""
    return {
        "transform": [{"filter": f"datum.{end}_cut === true"}],
        "mark": {"type": "point", "shape": "triangle-left" if end == "low" else "triangle-right", "filled": True,
                 "xOffset": -9 if end == "low" else 9, "color": INK, "size": 70, "opacity": 1},
        "encoding": {"x": {"field": end, "type": "quantitative"}},
    }  # fmt: skip


def _span(rows: list[dict[str, Any]]) -> tuple[float, float]:
    """Ends of the axis, alike on both sides of 1."""
    known = [abs(math.log(row[each])) for row in rows for each in _ESTIMATE if 0 < row[each] < math.inf]
    far = 1.15 * math.exp(min(max([*known, math.log(_NEAR)]), math.log(_FAR)))
    return 1 / far, far


def _mark(row: dict[str, Any], low: float, high: float, language: str) -> dict:
    """An interval, cut at the ends of the axis where it goes further."""

    def cut(value: float) -> float:
        return float(min(max(value, low), high))

    middle, ends = row["odds_ratio"], (row["ci_low"], row["ci_high"])
    printed = [ratio(value, language) for value in (middle, *ends)]
    return {
        "middle": cut(middle), "low": cut(ends[0]), "high": cut(ends[1]), "low_cut": bool(ends[0] < low), "high_cut": bool(ends[1] > high),
        "side": "sure" if row["evidence"] in ABOVE_WEAK else "unsure",
        # In Arabic too the number, then its interval from left to right.
        "said": f"\u2066{printed[0]} ({printed[1]}–{printed[2]})\u2069" if language == "ar" else f"{printed[0]} ({printed[1]}–{printed[2]})",
    }  # fmt: skip


def _cells(row: dict[str, Any], language: str) -> list[str]:
    return [
        campaign(row, language),
        name(row["name"], language, None),
        count(row["observed"], language),
        count(row["n_reached"], language),
        ratio(row["expected"], language),
        estimate([ratio(row[each], language) for each in _ESTIMATE], language),
        probability(row["p_adjusted"], language),
        say(f"evidence.{row['evidence']}", language),
    ]


def _sentence(rows: list[dict[str, Any]], language: str) -> str:
    beyond = [row for row in rows if row["ci_low"] > 1]
    shown = count(len(rows), language)
    if not beyond:
        return say("sentence.odds_none", language, shown=shown)
    most = max(beyond, key=lambda row: row["ci_low"])
    return say(
        "sentence.odds_some",
        language,
        above=count(len(beyond), language),
        shown=shown,
        low=ratio(most["ci_low"], language),
        operator=name(most["name"], language, None),
        campaign=campaign(most, language),
    )
