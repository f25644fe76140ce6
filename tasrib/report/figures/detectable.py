"""What campaigns without a finding could have shown: the least share of their list that would mostly have been found."""

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
    room_for,
    rows_of,
    specification,
    wrapped,
)
from tasrib.report.figures.wording import campaign, count, headings, label, name, percent, say
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import COMPARISONS

_MOST, _STEP = 20, 26


def draw(_: pd.DataFrame, result: TraceResult, language: str) -> Figure | None:
    """
    Draw from which share of the list on a campaign would have shown something, in four cases of five.

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
        One row a campaign of which the leading comparison says ``none`` throughout, the largest ones: from the operator where least is
        enough to that where most is needed (``detectable_share`` of their findings). None where there is no such campaign.
    """
    leading = [comparison.key for comparison in COMPARISONS if comparison.leads]
    mine = result.findings[result.findings["comparison"].isin(leading)]
    silent = mine.groupby("campaign_id")["evidence"].transform(lambda words: (words == "none").all()).astype(bool)
    # Beside market shares alone nothing above weak could have been shown, and behind an alias the figure is withheld.
    mine = mine[silent & (mine["baseline"] != "market")]
    if mine.empty:
        return None
    sizes = mine.groupby("campaign_id")["n_reached"].max().sort_values(ascending=False, kind="stable")
    names = sizes.index[:_MOST]
    table = mine[mine["campaign_id"].isin(names)].pivot(index="campaign_id", columns="name", values="detectable_share")
    rows = [
        {"campaign_id": each, "party": mine.loc[mine["campaign_id"] == each, "party"].iloc[0], "people": int(sizes[each]),
         "shares": {str(operator): float(share) for operator, share in table.loc[each].items()}}
        for each in names
    ]  # fmt: skip
    sentence = _sentence(rows, language)
    if len(sizes) > len(rows):
        sentence += say("sentence.more_small", language, more=count(len(sizes) - len(rows), language))
    return figure(
        "detectable",
        say("title.detectable", language),
        _spec(rows, language),
        sentence,
        _table(rows, language),
        language,
    )


def _known(row: dict[str, Any]) -> dict[str, float]:
    return {operator: share for operator, share in row["shares"].items() if share == share and share < 1}


def _spec(rows: list[dict[str, Any]], language: str) -> dict:
    values: list[dict] = []
    for i, row in enumerate(rows):
        known = _known(row)
        if not known:
            values.append({"row": i, "nothing": label(say("part.none", language), language)})
            continue
        low, high = min(known.values()), max(known.values())
        everywhere = len(known) == len(row["shares"])
        values.append({"row": i, "low": low, "high": high if everywhere else 1.0})
        values.append({"row": i, "end": "easiest", "at": low, "said": label(percent(low, language), language)})
        if everywhere and high > low:
            values.append({"row": i, "end": "hardest", "at": high})
        if not everywhere:
            values.append({"row": i, "beyond": 1.0})
    names = [campaign(row, language, ROOM) for row in rows]
    left = room_for(names)
    title = wrapped(say("axis.least_share", language), language, left, 30)
    ends = ["easiest", "hardest"]
    by = {"field": "end", "type": "nominal"}
    entries = legend({end: say(f"legend.{end}", language) for end in ends}, language, left, symbolStrokeColor=ACCENT)
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "title": title,
        "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]},
    }
    return specification(
        values, language=language, left=left, right=30, top=above(2), bottom=below(title), height=len(rows) * _STEP,
        encoding={"y": rows_of(names, language)},
        layer=[
            {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
             "encoding": {"x": {"field": "low", **x}, "x2": {"field": "high"}}},
            {"transform": [{"filter": "isValid(datum.beyond)"}],
             "mark": {"type": "point", "shape": "triangle-right", "filled": True, "size": 70, "color": INK, "opacity": 1},
             "encoding": {"x": {"field": "beyond", **x}}},
            {"transform": [{"filter": "isValid(datum.end)"}],
             "mark": {"type": "point", "shape": "circle", "size": 90, "strokeWidth": 2, "opacity": 1, "stroke": ACCENT},
             "encoding": {"x": {"field": "at", **x},
                          "fill": {**by, "scale": {"domain": ends, "range": [ACCENT, PAPER]}, "legend": entries}}},
            {"transform": [{"filter": "isValid(datum.said)"}], "mark": {"type": "text", "align": "right", "dx": -9, "fontSize": 13},
             "encoding": {"x": {"field": "at", **x}, "text": {"field": "said"}}},
            {"transform": [{"filter": "isValid(datum.nothing)"}], "mark": {"type": "text", "align": "left", "fontSize": 13},
             "encoding": {"x": {"value": 4}, "text": {"field": "nothing"}}},
        ],
    )  # fmt: skip


def _table(rows: list[dict[str, Any]], language: str) -> pd.DataFrame:
    operators = list(rows[0]["shares"])
    heads = [
        *headings(("campaign", "people"), language),
        *(say("head.least_share", language, name=name(each, language)) for each in operators),
    ]
    cells = [
        [
            campaign(row, language),
            count(row["people"], language),
            *(
                percent(share, language) if share < 1 else say("part.none", language)
                for share in row["shares"].values()
            ),
        ]
        for row in rows
    ]
    return pd.DataFrame(cells, columns=heads)


def _sentence(rows: list[dict[str, Any]], language: str) -> str:
    blind, shown = sum(not _known(row) for row in rows), count(len(rows), language)
    if blind == len(rows):
        return say("sentence.detectable_none", language, shown=shown)
    best = min((row for row in rows if _known(row)), key=lambda row: min(_known(row).values()))
    operator = min(_known(best), key=_known(best).__getitem__)
    return say(
        "sentence.detectable",
        language,
        campaign=campaign(best, language),
        share=percent(best["shares"][operator], language),
        operator=name(operator, language, None),
        blind=count(blind, language),
        shown=shown,
    )
