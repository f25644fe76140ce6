"""Which shares of the list the counts agree with, of findings above weak alone: beside a weaker word it is read as a chance of guilt."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.style import ACCENT, INK, below, line_above, specification, wrapped
from tasrib.report.figures.wording import (
    campaign,
    estimate,
    headings,
    interval,
    label,
    named,
    percent,
    say,
    subject_words,
)
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import by_key
from tasrib.tracing.evidence import ABOVE_WEAK

_STEP, _PART = 130, 0.7
_LIGHT = "#c3dde6"
_ESTIMATE = ("leak_share", "leak_share_low", "leak_share_high")
_HEADS = ("points_to", "list_share", "evidence")


def draw(result: TraceResult, campaign_id: str, language: str) -> Figure | None:
    """
    Draw which shares of a campaign's list may have come from what its findings point to.

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
        One row a finding that is moderate or strong and has a share, with its interval. The curve is the profile likelihood which that
        interval is cut from (``TraceResult.tables["fits"]``), where there is one. None where there is no such finding.
    """
    mine = result.findings[result.findings["campaign_id"] == campaign_id]
    found = mine[mine["evidence"].isin(ABOVE_WEAK) & mine[list(_ESTIMATE)].notna().all(axis=1)]
    if found.empty:
        return None
    rows = found.to_dict("records")
    top = rows[0]
    title = say("title.list_share", language, campaign=campaign(top, language))
    sentence = say(
        "sentence.list_share",
        language,
        share=percent(top["leak_share"], language),
        interval=_interval(top, language),
        source=subject_words("source_of", top, language),
    )
    table = pd.DataFrame([_cells(row, language) for row in rows], columns=headings(_HEADS, language))
    return figure("list_share", title, _spec(rows, result, language), sentence, table, language)


def _spec(rows: list[dict[str, Any]], result: TraceResult, language: str) -> dict:
    n = len(rows)
    values: list[dict] = []
    for i, row in enumerate(rows):
        base, (low, high) = n - 1.0 - i, (float(row["leak_share_low"]), float(row["leak_share_high"]))
        said = named(subject_words("points_to", row, language), _printed(row, language), language)
        values.append(
            {
                "base": base,
                "top": base + _PART,
                "middle": float(row["leak_share"]),
                "low": low,
                "high": high,
                "head": label(said, language),
            }
        )
        for share, fit in _fit(row, result):
            values.append(
                {"row": i, "share": share, "base": base, "fit": base + _PART * fit, "inside": low <= share <= high}
            )
    title = wrapped(say("axis.list_share", language), language, 16, 24)
    x = {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": title, "axis": {"format": ".0%", "tickCount": 6}}
    y = {"type": "quantitative", "scale": {"domain": [-0.12, n]}, "axis": None}
    area = {
        "x": {"field": "share", **x},
        "y": {"field": "base", **y},
        "y2": {"field": "fit"},
        "detail": {"field": "row"},
    }
    whole = {"transform": [{"filter": "isValid(datum.middle)"}]}
    return specification(
        values, language=language, left=16, right=24, bottom=below(title), height=n * _STEP,
        layer=[
            {"transform": [{"filter": "isValid(datum.fit)"}],
             "mark": {"type": "area", "color": _LIGHT, "line": {"color": ACCENT, "strokeWidth": 1.5}, "opacity": 1}, "encoding": area},
            {"transform": [{"filter": "datum.inside === true"}], "mark": {"type": "area", "color": ACCENT, "opacity": 1}, "encoding": area},
            {**whole, "mark": {"type": "rule", "strokeWidth": 4, "color": INK},
             "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}, "y": {"field": "base", **y}}},
            {**whole, "mark": {"type": "point", "filled": True, "size": 110, "color": INK, "opacity": 1},
             "encoding": {"x": {"field": "middle", **x}, "y": {"field": "base", **y}}},
            {**line_above(language, 16, dy=-12), "encoding": {
                "text": {"field": "head"}, "y": {"field": "top", **y},
                "x": {"value": {"expr": "width"} if language == "ar" else 0}}},
        ],
    )  # fmt: skip


def _fit(row: dict[str, Any], result: TraceResult) -> list[tuple[float, float]]:
    """How well each share agrees with the counts: nothing where the result does not say it."""
    fits = result.table("fits")
    if fits.empty or not by_key()[row["comparison"]].leads:
        return []
    mine = fits[(fits["campaign_id"] == row["campaign_id"]) & (fits["operator"] == row["name"])]
    return [(float(share), float(fit)) for share, fit in zip(mine["share"], mine["fit"], strict=True)]


def _interval(row: dict[str, Any], language: str) -> str:
    return interval(percent(row["leak_share_low"], language), percent(row["leak_share_high"], language), language)


def _printed(row: dict[str, Any], language: str) -> str:
    return estimate([percent(row[each], language) for each in _ESTIMATE], language)


def _cells(row: dict[str, Any], language: str) -> list[str]:
    return [
        subject_words("points_to", row, language),
        _printed(row, language),
        say(f"evidence.{row['evidence']}", language),
    ]
