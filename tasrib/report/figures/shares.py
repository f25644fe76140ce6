"""Operators among the people reached, with exact intervals, beside the controls and the market."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.style import (
    ACCENT,
    INK,
    PAPER,
    REACHED,
    above,
    below,
    legend,
    room_for,
    rows_of,
    specification,
    top_of,
    wrapped,
)
from tasrib.report.figures.wording import campaign, count, estimate, headings, label, name, percent, say
from tasrib.tracing import TraceResult

# A country has few operators; of many only the largest are drawn.
_MOST = 10
_STEP, _RIGHT = 18, 52
# A full circle, a hollow diamond, an upright stroke: told apart without colour.
_MARKS = {
    "reached": ("circle", REACHED, REACHED),
    "controls": ("diamond", ACCENT, PAPER),
    "market": ("M0,-1.4V1.4", INK, PAPER),
}
_HEADS = ("operator", "observed", "share", "controls", "controls_share", "market")


def operator_shares(shares: pd.DataFrame, language: str = "en") -> dict:
    """
    Operators among the people reached and among the controls, with intervals, beside the market.

    Parameters
    ----------
    shares : pandas.DataFrame
        The rows of ``TraceResult.shares`` of one campaign.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    drawn = _drawn(shares).to_dict("records")
    values = [
        mark | {"row": i, "said": label(mark["said"], language)}
        for i, row in enumerate(drawn)
        for mark in _marks(row, language)
    ]
    groups = [group for group in _MARKS if any(mark["group"] == group for mark in values)]
    shapes, strokes, fills = (list(part) for part in zip(*(_MARKS[group] for group in groups), strict=True))
    names = [name(row["operator"], language) for row in drawn]
    left = room_for(names)
    title = wrapped(say("axis.share", language), language, left, _RIGHT)
    by = {"field": "group", "type": "nominal"}
    entries = legend({group: say(f"legend.{group}", language) for group in groups}, language, left)
    high = top_of([mark.get("high", mark["share"]) for mark in values], 1.0)
    x = {"field": "share", "type": "quantitative", "title": title, "scale": {"domain": [0, high]},
         "axis": {"format": ".0%", "tickCount": 5}}  # fmt: skip
    beyond = {"field": "reach", "type": "quantitative"}
    return specification(
        values, language=language, left=left, right=_RIGHT, top=above(len(groups)), bottom=below(title),
        height=len(drawn) * (len(groups) * _STEP + 10),
        encoding={
            "y": rows_of(names, language),
            "yOffset": {**by, "scale": {"domain": groups}},
            "x": x,
        },
        layer=[
            {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "strokeWidth": 2},
             "encoding": {"x": {"field": "low", "type": "quantitative"}, "x2": {"field": "high"},
                          "color": {"field": "colour", "type": "nominal", "scale": None}}},
            {"mark": {"type": "point", "strokeWidth": 2.5, "size": 90, "opacity": 1},
             "encoding": {"shape": {**by, "scale": {"domain": groups, "range": shapes}, "legend": entries},
                          "stroke": {**by, "scale": {"domain": groups, "range": strokes}, "legend": entries},
                          "fill": {**by, "scale": {"domain": groups, "range": fills}, "legend": entries}}},
            {"mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 13}, "encoding": {"x": beyond, "text": {"field": "said"}}},
        ],
    )  # fmt: skip


def draw(result: TraceResult, campaign_id: str, language: str) -> Figure | None:
    """
    Draw the operators of the people whom a campaign reached.

    Parameters
    ----------
    result : TraceResult
        Findings, aliases applied.
    campaign_id : str
        The campaign.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    Figure or None
        None where the campaign was not tested.
    """
    mine = result.shares[result.shares["campaign_id"] == campaign_id]
    if mine.empty:
        return None
    row = result.campaigns[result.campaigns["campaign_id"] == campaign_id].iloc[0]
    title = say("title.shares", language, campaign=campaign(row, language))
    drawn = _drawn(mine)
    table = pd.DataFrame(
        [_cells(each, language) for each in drawn.to_dict("records")], columns=headings(_HEADS, language)
    )
    return figure("shares", title, operator_shares(mine, language), _sentence(drawn, language), table, language)


def _drawn(shares: pd.DataFrame) -> pd.DataFrame:
    return shares.nlargest(_MOST, "observed") if len(shares) > _MOST else shares


def _marks(row: Any, language: str) -> Iterator[dict]:
    """What is drawn of one operator; `reach` is where its number is written."""
    groups = [("reached", "share", "share_low", "share_high")]
    if row["controls"] > 0 or pd.notna(row["controls_share"]):
        groups.append(("controls", "controls_share", "controls_low", "controls_high"))
    for group, share, low, high in groups:
        ends = {"low": float(row[low]), "high": float(row[high]), "reach": float(row[high])}
        yield _mark(group, row[share], language) | ends
    if pd.notna(row["market_share"]):
        yield _mark("market", row["market_share"], language)


def _mark(group: str, share: float, language: str) -> dict:
    share = float(share)
    return {
        "group": group,
        "share": share,
        "reach": share,
        "said": percent(share, language),
        "colour": _MARKS[group][1],
    }


def _cells(row: Any, language: str) -> list[str]:
    def share(middle: str, low: str, high: str) -> str:
        return estimate([percent(row[each], language) for each in (middle, low, high)], language)

    return [
        name(row["operator"], language, None),
        count(row["observed"], language),
        share("share", "share_low", "share_high"),
        count(row["controls"], language),
        share("controls_share", "controls_low", "controls_high"),
        percent(row["market_share"], language),
    ]


def _sentence(shares: pd.DataFrame, language: str) -> str:
    """On the operator that is most beyond what it is compared with."""
    beside = next((each for each in ("controls_share", "market_share") if shares[each].notna().any()), None)
    excess = shares["share"] if beside is None else shares["share"] - shares[beside]
    most = shares.loc[excess.idxmax()]
    key = {"controls_share": "controls", "market_share": "market", None: "alone"}[beside]
    return say(
        f"sentence.shares_{key}",
        language,
        share=percent(most["share"], language),
        operator=name(most["operator"], language),
        beside="" if beside is None else percent(most[beside], language),
    )
