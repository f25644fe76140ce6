"""Counts of messages by category and by party."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from tasrib.report.categories import category_words
from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.style import ACCENT, below, called, room_for, specification, top_of, wrapped
from tasrib.report.figures.wording import count, headings, label, name, say
from tasrib.report.tables import count_tables
from tasrib.tracing import TraceResult

_MOST, _STEP = 15, 26


def bars(counts: pd.Series, title: str, colours: Mapping[str, str] | None = None, language: str = "en") -> dict:
    """
    Counts as horizontal bars, largest first.

    Parameters
    ----------
    counts : pandas.Series of int
        Counts by name.
    title : str
        What is counted.
    colours : mapping of str to str, optional
        Colour of each name.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    ordered = counts.sort_values(ascending=False, kind="stable")
    values = [
        {"row": i, "name": str(each), "count": int(n), "said": label(count(int(n), language), language),
         "colour": (colours or {}).get(str(each), ACCENT)}
        for i, (each, n) in enumerate(ordered.items())
    ]  # fmt: skip
    names = [name(str(each), language) for each in ordered.index]
    left = room_for(names)
    lines = wrapped(title, language, left, 56)
    x = {"field": "count", "type": "quantitative", "title": lines, "scale": {"domain": [0, top_of(list(map(float, ordered)))]},
         "axis": {"format": ",d", "tickCount": 4, "tickMinStep": 1}}  # fmt: skip
    y = {
        "field": "row",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(range(len(names)))},
        "axis": {"labelExpr": called(names, language)},
    }
    return specification(
        values, language=language, left=left, right=56, bottom=below(lines), height=max(len(names), 1) * _STEP,
        encoding={"y": y, "x": x},
        layer=[
            {"mark": {"type": "bar", "height": 15}, "encoding": {"color": {"field": "colour", "type": "nominal", "scale": None}}},
            {"mark": {"type": "text", "align": "left", "dx": 5}, "encoding": {"text": {"field": "said"}}},
        ],
    )  # fmt: skip


def draw_categories(scored: pd.DataFrame, _: TraceResult, language: str) -> Figure | None:
    """
    Draw the messages by category.

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
        None where there is no message.
    """
    counted = count_tables(scored)["by_category"].set_index("category")["messages"]
    words = category_words(language)
    named = counted.rename(index=lambda category: words.get(category, category))
    return _figure("categories", named, "category", language)


def draw_parties(scored: pd.DataFrame, _: TraceResult, language: str) -> Figure | None:
    """
    Draw the campaign messages by party.

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
        None where no campaign message shows its party.
    """
    mine = scored[scored["decision"] == "campaign"]
    counted = mine["party"].value_counts()
    if not (counted.index != "").any():
        return None
    named = counted.rename(index=lambda party: party or say("part.not_clear", language))
    return _figure("parties", named, "party", language)


def _figure(key: str, counts: pd.Series, head: str, language: str) -> Figure | None:
    if counts.empty:
        return None
    ordered = counts.sort_values(ascending=False, kind="stable")
    shown = ordered.head(_MOST)
    sentence = say(
        "sentence.counts",
        language,
        name=name(str(shown.index[0]), language, None),
        count=count(int(shown.iloc[0]), language),
        total=count(int(ordered.sum()), language),
    )
    if len(ordered) > len(shown):
        sentence += say("sentence.counts_more", language, more=count(len(ordered) - len(shown), language))
    table = pd.DataFrame(
        [[name(str(each), language, None), count(int(n), language)] for each, n in shown.items()],
        columns=headings((head, "messages"), language),
    )
    return figure(
        key,
        say(f"title.{key}", language),
        bars(shown, say("axis.messages", language), language=language),
        sentence,
        table,
        language,
    )
