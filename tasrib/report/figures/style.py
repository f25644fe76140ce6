"""What all figures have in common: type, colours, one width, and room for labels that no machine's fonts change."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from tasrib.report.figures.measure import FONT, ROOM, breadth
from tasrib.report.figures.wording import label

# Of the whole drawing, in pixels. On a telephone of 390 pixels it stands at four fifths of it, and its type is still read.
WIDTH = 440
_LINE, _ENTRY = 18, 19
# On white: 14.6, 6.6, 5.7 and 7.9 to 1. Whatever they tell apart, shape, place or words tell too.
INK, QUIET, ACCENT, REACHED = "#1f2933", "#52606d", "#0b6e8f", "#9c2f13"
PAPER, GRID = "#ffffff", "#e4e7eb"
# Each 3 to 1 or more on white.
PALETTE = {
    "political_campaign": "#b3472d",
    "civic_information": "#0b6e8f",
    "news": "#5b7f95",
    "commercial": "#9a7416",
    "service": "#5c7d41",
    "scam": "#5d3a6e",
    "community": "#2f8577",
    "personal": "#75808b",
}
# vl-convert carries this one, so that what it measures is the same everywhere; `to_svg` puts the reader's in its place.
MEASURED = "Liberation Sans"
_CONFIG = {
    "aria": False,
    "background": None,
    "font": MEASURED,
    "view": {"stroke": None},
    "axis": {"labelColor": INK, "titleColor": QUIET, "gridColor": GRID, "domain": False, "ticks": False, "labelFontSize": FONT,
             "titleFontSize": FONT, "titleFontWeight": "normal", "labelLimit": 0, "titleLimit": 0, "labelPadding": 6,
             "titleLineHeight": _LINE, "titlePadding": 8},
    "legend": {"labelColor": INK, "orient": "none", "direction": "vertical", "title": None, "labelFontSize": FONT, "labelLimit": 0,
               "rowPadding": 4, "symbolSize": 90},
    "text": {"fontSize": FONT, "color": INK},
}  # fmt: skip
_SIGNS = {"en": (".", ",", "%"), "fr": (",", "\u00a0", "\u00a0%"), "ar": (",", "\u00a0", "%")}


def specification(
    values: list[dict], *, height: float, language: str = "en", left: float = 8, right: float = 12, top: float = 8,
    bottom: float = 30, **parts: Any,
) -> dict:  # fmt: skip
    """
    Begin a figure in the report's type, colours, number signs and width.

    Parameters
    ----------
    values : list of dict
        The rows that are drawn.
    height : float
        Of the part that is drawn on, in pixels.
    language : str
        Whose decimal sign the axes have.
    left, right, top, bottom : float
        Room for labels, in pixels. It is given, not measured: fonts differ, and nothing may be cut.
    **parts
        The rest of the specification, such as ``mark`` and ``encoding``.

    Returns
    -------
    dict
        Vega-Lite specification.
    """
    decimal, thousands, per_cent = _SIGNS[language]
    number = {
        "decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""], "percent": per_cent,
    }  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "config": {**_CONFIG, "locale": {"number": number}},
        "autosize": {"type": "none"},
        "padding": {"left": left, "right": right, "top": top, "bottom": bottom},
        "width": WIDTH - left - right,
        "height": height,
        "data": {"values": values},
        **parts,
    }


def room_for(labels: Sequence[str], most: float = ROOM + 14) -> float:
    """Room that the widest of some labels takes beside an axis, in pixels."""
    return min(max((breadth(text) for text in labels), default=0) + 14, most)


def wrapped(text: str, language: str, left: float, right: float) -> list[str]:
    """
    Break a title of an axis into lines.

    Parameters
    ----------
    text : str
        A wording.
    language : str
        Of the figure.
    left, right : float
        Room for labels on both sides, in pixels: a title stands below the middle of what lies between them, and may reach into both.

    Returns
    -------
    list of str
        Lines, each fit to stand in a drawing.
    """
    width, lines = WIDTH - abs(left - right) - 8, [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and breadth(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [label(line, language) for line in lines]


def below(title: Sequence[str]) -> float:
    """Room below a figure for the numbers of its axis and so many lines of title, in pixels."""
    return 30 + (_LINE * len(title) + 8 if title else 0)


def above(n_entries: int) -> float:
    """Room above a figure for a legend of so many entries, in pixels."""
    return n_entries * _ENTRY + 16


def legend(words: Mapping[str, str], language: str, left: float, entries_below: int = 0, **parts: Any) -> dict:
    """
    Place a legend above a figure, from where the figure begins.

    Parameters
    ----------
    words : mapping of str to str
        Label by value.
    language : str
        Of the figure.
    left : float
        Room beside the axis, in pixels.
    entries_below : int
        Of another legend between this one and the figure.
    **parts
        The rest of it, such as ``symbolType``.

    Returns
    -------
    dict
        To stand in a channel.
    """
    at = {"legendX": 4 - left, "legendY": 5 - above(len(words) + entries_below)}
    return {**at, "labelExpr": called(words, language), **parts}


def called(words: Mapping[Any, str] | Sequence[str], language: str) -> str:
    """
    Name what an axis or a legend shows.

    Parameters
    ----------
    words : mapping or sequence of str
        Label by value, or by row.
    language : str
        Of the figure.

    Returns
    -------
    str
        Expression for ``labelExpr``.
    """
    if isinstance(words, Mapping):
        known = {str(value): label(text, language) for value, text in words.items()}
        return f"({json.dumps(known, ensure_ascii=False)})[datum.value]"
    return f"({json.dumps([label(text, language) for text in words], ensure_ascii=False)})[+datum.value]"


def rows_of(labels: Sequence[str], language: str) -> dict:
    """
    Encode rows one below the other, by the field ``row``, with a label each.

    Parameters
    ----------
    labels : sequence of str
        By row; empty for one without.
    language : str
        Of the figure.

    Returns
    -------
    dict
        The channel ``y``.
    """
    axis = {"labelExpr": called(labels, language)} if any(labels) else None
    return {
        "field": "row",
        "type": "nominal",
        "title": None,
        "scale": {"domain": list(range(len(labels)))},
        "axis": axis,
    }


def line_above(language: str, left: float, **mark: Any) -> dict:
    """
    A layer of texts ``head`` that begin where the figure does, at its right in Arabic.

    Parameters
    ----------
    language : str
        Of the figure.
    left : float
        Room beside the axis, in pixels.
    **mark
        Of the mark, such as ``dy``.

    Returns
    -------
    dict
        To stand in ``layer``.
    """
    at = {"expr": "width"} if language == "ar" else -left + 4
    return {
        "transform": [{"filter": "isValid(datum.head)"}],
        "mark": {"type": "text", "align": "right" if language == "ar" else "left", **mark},
        "encoding": {"text": {"field": "head"}, "x": {"value": at}},
    }


def top_of(values: Sequence[float], most: float = math.inf) -> float:
    """End of an axis that begins at 0: a little beyond the greatest value, `most` at most."""
    known = [value for value in values if value == value and value < math.inf]
    return min(max([*known, 1e-9]) * 1.05, most)
