"""Messages over time, one row a category or a campaign."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd

from tasrib.report.categories import category_words
from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.style import ACCENT, GRID, INK, QUIET, line_above, specification
from tasrib.report.figures.wording import campaign, count, day, label, named, say
from tasrib.tracing import TraceResult
from tasrib.tracing.messages import of_campaigns

# Bars that there is room for, days that one may stand for, rows.
_MOST_BARS, _SPANS, _MOST_ROWS = 62, (1, 7, 14, 28, 84, 364), 8
# Parts of a row that the highest bar takes, and that one message takes at least, so that it is seen.
_STEP, _PART, _LEAST = 52, 0.55, 0.04


def by_day(scored: pd.DataFrame, language: str = "en") -> dict:
    """
    Messages a day, one row a category.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict
        Vega-Lite specification; messages without a date are left out. Where there are many days, several make one bar.
    """
    return _spec(_counted(scored, "category"), category_words(language), language)


def draw_categories(scored: pd.DataFrame, _: TraceResult, language: str) -> Figure | None:
    """
    Draw the messages a day of each category.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    _ : TraceResult
        Not needed.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    Figure or None
        None where no message has a date.
    """
    return _figure("days", _counted(scored, "category"), category_words(language), language)


def draw_campaigns(scored: pd.DataFrame, result: TraceResult, language: str) -> Figure | None:
    """
    Draw the messages a day of each campaign, the largest ones.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    result : TraceResult
        Names the campaigns.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    Figure or None
        None where no message of a campaign has a date.
    """
    mine = of_campaigns(scored)
    names = {row["campaign_id"]: campaign(row, language) for row in result.campaigns.to_dict("records")}
    more = mine.loc[mine["received_at"].notna(), "campaign_id"].nunique() - _MOST_ROWS
    return _figure("campaign_days", _counted(mine, "campaign_id"), names, language, more)


def _counted(scored: pd.DataFrame, column: str) -> pd.DataFrame:
    """Messages by first day of each bar, from the first to the last; columns by how many, the largest ones."""
    dated = scored[scored["received_at"].notna()]
    if dated.empty:
        return pd.DataFrame()
    days = dated["received_at"].dt.tz_localize(None).dt.normalize()
    first, n_days = days.min(), (days.max() - days.min()).days + 1
    span = next((each for each in _SPANS if n_days / each <= _MOST_BARS), -(-n_days // _MOST_BARS))
    bar = (days - first).dt.days // span
    counts = pd.crosstab(bar, dated[column]).reindex(range(int(bar.max()) + 1), fill_value=0)
    counts = counts[counts.sum().sort_values(ascending=False, kind="stable").index[:_MOST_ROWS]]
    counts.index = pd.Index([(first + timedelta(days=int(i) * span)).date() for i in counts.index])
    return counts


def _span(counts: pd.DataFrame) -> int:
    return (counts.index[1] - counts.index[0]).days if len(counts) > 1 else 1


def _figure(key: str, counts: pd.DataFrame, names: Mapping[str, str], language: str, more: int = 0) -> Figure | None:
    if counts.empty:
        return None
    total = counts.sum(axis=1)
    busiest, span = total.idxmax(), _span(counts)
    sentence = say(
        "sentence.days" if span == 1 else "sentence.weeks",
        language,
        day=day(busiest, language, year=True),
        messages=count(total.max(), language),
        n=count(span, language),
    )
    if more > 0:
        sentence += say("sentence.more_small", language, more=count(more, language))
    # Days on which nothing came would fill pages of a table.
    came = counts[total > 0]
    table = pd.DataFrame(
        {
            say("head.day" if span == 1 else "head.from_day", language): [day(each, language, year=True) for each in came.index],
            **{names.get(str(column), str(column)): [count(n, language) for n in came[column]] for column in came.columns},
        }
    )  # fmt: skip
    return figure(key, say(f"title.{key}", language), _spec(counts, names, language), sentence, table, language)


def _spec(counts: pd.DataFrame, names: Mapping[str, str], language: str) -> dict:
    most, n_rows, n_bars = max(int(counts.to_numpy().max(initial=0)), 1), counts.shape[1], len(counts)
    values: list[dict] = []
    for i, column in enumerate(counts.columns):
        base, part = n_rows - 1.0 - i, counts[column].to_numpy()
        values += [
            {
                "row": i,
                "at": at,
                "to": at + 1,
                "n": int(n),
                "base": base,
                "top": base + max(_PART * int(n) / most, _LEAST),
            }
            for at, n in enumerate(part)
            if n
        ]
        said = named(names.get(str(column), str(column)), count(int(part.max()), language), language)
        values.append({"line": base, "above": base + _PART, "head": label(said, language)})
    marked = _marked_days(list(counts.index))
    marks = [label(day(counts.index[at], language), language) for at in marked]
    axis = {"values": marked, "grid": True, "gridColor": GRID, "labelFlush": True, "labelOverlap": False,
            "labelExpr": f"({json.dumps(dict(zip(map(str, marked), marks, strict=True)), ensure_ascii=False)})[datum.value]"}  # fmt: skip
    x = {"type": "quantitative", "scale": {"domain": [0, max(n_bars, 1)]}, "title": None, "axis": axis}
    y = {"type": "quantitative", "scale": {"domain": [-0.05, max(n_rows, 1)]}, "axis": None}
    return specification(
        values, language=language, left=10, right=24, bottom=30, height=max(n_rows, 1) * _STEP,
        layer=[
            {"transform": [{"filter": "isValid(datum.n)"}], "mark": {"type": "rect", "color": ACCENT, "opacity": 1},
             "encoding": {"x": {"field": "at", **x}, "x2": {"field": "to"}, "y": {"field": "base", **y}, "y2": {"field": "top"}}},
            {"transform": [{"filter": "isValid(datum.line)"}], "mark": {"type": "rule", "color": QUIET},
             "encoding": {"y": {"field": "line", **y}}},
            {**line_above(language, 10, dy=-9, color=INK), "encoding": {
                "text": {"field": "head"}, "y": {"field": "above", **y},
                "x": {"value": {"expr": "width"} if language == "ar" else 0}}},
        ],
    )  # fmt: skip


def _marked_days(days: list[date]) -> list[int]:
    """Bars whose day is written below: five at most, evenly."""
    step = max(1, int(np.ceil(len(days) / 5)))
    return list(range(0, len(days), step))
