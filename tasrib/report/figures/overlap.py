"""People whom two campaigns reached, beside how many chance puts in both."""

from __future__ import annotations

from typing import Any

import pandas as pd

from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.measure import ROOM
from tasrib.report.figures.style import (
    ACCENT,
    INK,
    PAPER,
    above,
    below,
    legend,
    line_above,
    rows_of,
    specification,
    top_of,
    wrapped,
)
from tasrib.report.figures.wording import campaign, count, headings, label, probability, ratio, say
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import by_key

_MOST, _STEP = 12, 46
_HEADS = ("campaign", "other_campaign", "size", "in_both", "expected", "p")
_SIDE = by_key()["overlap"].side


def draw(_: pd.DataFrame, result: TraceResult, language: str) -> Figure | None:
    """
    Draw the pairs of campaigns that reached the same people.

    Parameters
    ----------
    _ : pandas.DataFrame
        Scored complaints, of which nothing is needed.
    result : TraceResult
        Findings.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    Figure or None
        The pairs with the smallest p-values; None where no two campaigns reached the same person.
    """
    pairs = result.overlaps
    if pairs.empty:
        return None
    rows = pairs.head(_MOST).to_dict("records")
    top = rows[0]
    sentence = say(
        "sentence.overlap",
        language,
        **{side: _campaign(top, side, language) for side in "ab"},
        overlap=count(top["overlap"], language),
        expected=ratio(top["expected"], language),
        found=count(sum(map(_is_shared, rows)), language),
        shown=count(len(rows), language),
    )
    if len(pairs) > len(rows):
        sentence += say("sentence.more", language, more=count(len(pairs) - len(rows), language))
    table = pd.DataFrame([_cells(row, language) for row in rows], columns=headings(_HEADS, language))
    return figure("overlap", say("title.overlap", language), _spec(rows, language), sentence, table, language)


def _spec(rows: list[dict[str, Any]], language: str) -> dict:
    values = [
        {
            "row": i, "overlap": int(row["overlap"]), "expected": float(row["expected"]), "said": label(count(row["overlap"], language), language),
            "kind": "shared" if _is_shared(row) else "not_shared",
            "head": label(say("part.and", language, **{side: _campaign(row, side, language, ROOM) for side in "ab"}), language),
        }
        for i, row in enumerate(rows)
    ]  # fmt: skip
    title = wrapped(say("axis.in_both", language), language, 8, 44)
    kinds = ["shared", "not_shared"]
    by = {"field": "kind", "type": "nominal"}
    entries = legend(
        {kind: say(f"legend.{kind}", language) for kind in kinds},
        language,
        8,
        1,
        symbolType="square",
        symbolStrokeColor=ACCENT,
    )
    expected = legend(
        {"expected": say("legend.expected", language)}, language, 8, symbolStrokeColor=INK, symbolStrokeWidth=3
    )
    tick = {"field": "tick", "type": "nominal",
            "scale": {"domain": ["expected"], "range": ["M0,-1V1"]}, "legend": expected}  # fmt: skip
    end = top_of([max(float(row["overlap"]), float(row["expected"])) for row in rows])
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, end]},
        "title": title,
        "axis": {"tickCount": 5, "format": ",d", "tickMinStep": 1},
    }
    return specification(
        values, language=language, left=8, right=44, top=above(3), bottom=below(title), height=len(rows) * _STEP,
        encoding={"y": rows_of([""] * len(rows), language)},
        layer=[
            {"mark": {"type": "bar", "height": 14, "yOffset": 9, "stroke": ACCENT, "strokeWidth": 1.5},
             "encoding": {"x": {"field": "overlap", **x},
                          "fill": {**by, "scale": {"domain": kinds, "range": [ACCENT, PAPER]}, "legend": entries}}},
            {"transform": [{"calculate": "'expected'", "as": "tick"}],
             "mark": {"type": "point", "yOffset": 9, "size": 420, "stroke": INK, "strokeWidth": 3, "opacity": 1},
             "encoding": {"x": {"field": "expected", **x}, "shape": tick}},
            {"mark": {"type": "text", "align": "left", "dx": 6, "yOffset": 9, "fontSize": 13},
             "encoding": {"x": {"field": "overlap", **x}, "text": {"field": "said"}}},
            line_above(language, 8, yOffset=-10),
        ],
    )  # fmt: skip


def _is_shared(row: dict[str, Any]) -> bool:
    return _SIDE is not None and _SIDE.is_found(row)


def _campaign(row: dict[str, Any], side: str, language: str, room: float | None = None) -> str:
    return campaign({"campaign_id": row[f"campaign_{side}"], "party": row[f"party_{side}"]}, language, room)


def _cells(row: dict[str, Any], language: str) -> list[str]:
    return [
        _campaign(row, "a", language),
        _campaign(row, "b", language),
        " / ".join(count(row[f"n_{side}"], language) for side in "ab"),
        count(row["overlap"], language),
        ratio(row["expected"], language),
        probability(row["p_adjusted"], language),
    ]
