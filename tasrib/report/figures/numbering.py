"""
The people reached in the numbering tree: operator, prefixes, blocks, as an icicle.

It lies on its side: the taller a box, the more people, so that each box has a line for its name on a telephone too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tasrib.report.figures.drawing import Figure, figure
from tasrib.report.figures.measure import FONT, breadth
from tasrib.report.figures.style import INK, PAPER, QUIET, WIDTH, above, legend, specification
from tasrib.report.figures.wording import apart, campaign, count, headings, label, name, named, ratio, say
from tasrib.report.words import number_words, ratio_words
from tasrib.tracing import TraceResult
from tasrib.tracing.comparisons import COMPARISONS

_HEIGHT, _LINE, _MARGIN, _SIZE = 420, 15, 4, 13
# Of the columns, by how long their names are: operators, three digits, four, blocks.
_BREADTHS = (1.5, 0.9, 0.9, 1.3)
# Reached over expected from which on a box has a shade; from the third on its text is white.
_SHADES = ((0.0, "#eef1f4"), (1.25, "#cfe2ea"), (2.0, "#2f7d9c"), (3.0, "#07455a"))
_WHITE_FROM = 2.0
# Labels of an operator: the country, and its own.
_OPERATOR = 2
_HEADS = ("place", "people", "expected", "ratio")


@dataclass(frozen=True)
class _Box:
    """A node, or what is left of one beside its parts: people, and how many would be expected."""

    places: tuple[str, ...]
    depth: int
    start: float
    people: float
    expected: float
    is_rest: bool = False

    @property
    def ratio(self) -> float:
        return self.people / self.expected if self.expected > 0 else float("inf")


def draw(result: TraceResult, campaign_id: str, language: str) -> Figure | None:
    """
    Draw where in the numbering tree the people of a campaign are.

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
        None where the tree was not searched, and where neither it nor the operators show anything: all trees look alike then.
    """
    nodes = result.nodes
    nodes = nodes[nodes["campaign_id"] == campaign_id] if "campaign_id" in nodes else nodes
    mine = result.findings[result.findings["campaign_id"] == campaign_id]
    shown = [comparison.key for comparison in COMPARISONS if comparison.leads or comparison.names == "places"]
    says = mine["comparison"].isin(shown) & (mine["evidence"] != "none")
    if nodes.empty or not says.any():
        return None
    boxes = list(_boxes({row["places"]: row for row in nodes.to_dict("records")}))
    if not boxes:
        return None
    row = result.campaigns[result.campaigns["campaign_id"] == campaign_id].iloc[0]
    title = say("title.tree", language, campaign=campaign(row, language))
    table = pd.DataFrame([_cells(box, language) for box in boxes], columns=headings(_HEADS, language))
    return figure("tree", title, _spec(boxes, language), _sentence(nodes, language), table, language)


def _boxes(nodes: dict[tuple[str, ...], dict[str, Any]]) -> Iterator[_Box]:
    """Boxes from the operators down, each beside the one that it is part of."""
    known = {places: (float(row["cases"]), float(row["expected"])) for places, row in nodes.items()}
    # A node with the same people as the one above it is not listed: it takes its figures.
    for places in sorted(known, key=len, reverse=True):
        for depth in range(len(places) - 1, 0, -1):
            above_it = next((places[:d] for d in range(depth, 0, -1) if places[:d] in nodes), None)
            if places[:depth] not in known and above_it is not None:
                known[places[:depth]] = known[above_it]
    for root in sorted({places[:1] for places in known}):
        if root in known:
            yield from _parts(known, root, 0.0)


def _parts(known: dict[tuple[str, ...], tuple[float, float]], places: tuple[str, ...], start: float) -> Iterator[_Box]:
    parts = [each for each in known if each[:-1] == places]
    parts.sort(key=lambda each: (-known[each][0], each))
    people, expected = known[places]
    rest, rest_expected = people, expected
    for part in parts:
        here, wanted = known[part]
        if here <= 0:
            continue
        yield _Box(part, len(part) - 1, start, here, wanted)
        yield from _parts(known, part, start)
        start, rest, rest_expected = start + here, rest - here, rest_expected - wanted
    if parts and rest >= 1:
        yield _Box(places, len(places), start, rest, max(rest_expected, 0.0), is_rest=True)


def _spec(boxes: list[_Box], language: str) -> dict:
    total = sum(box.people for box in boxes if box.depth == 1)
    breadths = np.array(_BREADTHS[: max(box.depth for box in boxes)])
    edges = np.concatenate([[0.0], breadths.cumsum() / breadths.sum() * (WIDTH - 2 * _MARGIN)]).round(1).tolist()
    values = [_drawn(box, total, (edges[box.depth - 1], edges[box.depth]), language) for box in boxes]
    steps = [say("part.below", language, x=_times(_SHADES[1][0], language))]
    for (low, _), (high, _) in pairwise(_SHADES[1:]):
        steps.append(say("part.range", language, low=_times(low, language), high=_times(high, language)))
    steps.append(say("part.from", language, x=_times(_SHADES[-1][0], language)))
    said = {str(i): named(say("legend.ratio", language), step, language) for i, step in enumerate(steps)}
    colour = {"field": "shade", "type": "ordinal", "scale": {"domain": list(range(len(_SHADES))), "range": [shade for _, shade in _SHADES]},
              "legend": legend(said, language, _MARGIN, symbolType="square", symbolStrokeColor=INK, symbolSize=140, rowPadding=3)}  # fmt: skip
    y = {"type": "quantitative", "scale": {"domain": [0, total], "reverse": True}, "axis": None}
    x = {"type": "quantitative", "scale": {"domain": [0, edges[-1]]}, "axis": None}
    return specification(
        values, language=language, left=_MARGIN, right=_MARGIN, top=above(len(_SHADES)), bottom=_MARGIN, height=_HEIGHT,
        layer=[
            {"mark": {"type": "rect", "stroke": INK, "strokeWidth": 1},
             "encoding": {"x": {"field": "left", **x}, "x2": {"field": "right"}, "y": {"field": "start", **y}, "y2": {"field": "end"},
                          "fill": colour}},
            {"transform": [{"filter": "isValid(datum.said)"}],
             "mark": {"type": "text", "fontSize": _SIZE, "baseline": "middle", **({"align": "right", "dx": -5} if language == "ar" else {"align": "left", "dx": 5})},
             "encoding": {"x": {"field": "right" if language == "ar" else "left", **x}, "y": {"field": "middle", **y}, "text": {"field": "said"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}},
        ],
    )  # fmt: skip


def _drawn(box: _Box, total: float, sides: tuple[float, float], language: str) -> dict:
    shade = sum(box.ratio >= least for least, _ in _SHADES) - 1
    left, right = sides
    drawn = {
        "left": left, "right": right, "start": box.start, "end": box.start + box.people, "middle": box.start + box.people / 2,
        "people": box.people, "expected": round(box.expected, 4), "shade": shade, "is_rest": box.is_rest,
        "ink": PAPER if box.ratio >= _WHITE_FROM else QUIET if box.is_rest else INK,
    }  # fmt: skip
    if box.people / total * _HEIGHT < _LINE:
        return drawn
    times = _times(box.ratio, language)
    room = (right - left - 10) * FONT / _SIZE - breadth(f" {times}")
    what = say("part.other", language) if box.is_rest else name(box.places[-1], language, room)
    return drawn | {"said": label(f"{what} {times}", language)}


def _times(value: float, language: str) -> str:
    """A ratio such as ``×1.3``; a boundary of the shades keeps both its decimals."""
    at_boundary = any(value == least for least, _ in _SHADES)
    printed = number_words(value, language, 2).rstrip("0").rstrip(".,") if at_boundary else ratio_words(value, language)
    # The sign belongs to the number: in one isolate with it.
    return apart("×" + printed.strip("\u2066\u2069"), language)


def _path(places: tuple[str, ...], language: str) -> str:
    # The country is the same for all.
    return " / ".join(name(place, language, None) for place in places[1:] or places)


def _cells(box: _Box, language: str) -> list[str]:
    path = _path(box.places, language)
    if box.is_rest:
        path = (
            named(path, say("part.other", language), language) if len(box.places) > 1 else say("part.other", language)
        )
    return [path, count(box.people, language), ratio(box.expected, language), ratio(box.ratio, language)]


def _sentence(nodes: pd.DataFrame, language: str) -> str:
    # Of operators there is a figure beside controls; here it is the place within one, as in the finding.
    parts = nodes[(nodes["places"].map(len) > _OPERATOR) & (nodes["llr"] > 0)]
    if parts.empty:
        return say("sentence.tree_even", language)
    most = parts.loc[parts["llr"].idxmax()]
    return say(
        "sentence.tree",
        language,
        place=_path(most["places"], language),
        people=count(most["cases"], language),
        expected=ratio(most["expected"], language),
    )
