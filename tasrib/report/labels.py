"""
The words of a drawing, apart from its lines: on paper they are set like all other text.

What draws SVG into a PDF leaves boxes in the place of letters where one line needs two fonts and one of them joins letters, as Arabic does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_SVG = "{http://www.w3.org/2000/svg}"
_MOVE = re.compile(r"translate\(\s*([-\d.e]+)[\s,]+([-\d.e]+)\s*\)")
_SHARE = {"start": 0.0, "middle": 0.5, "end": 1.0}


@dataclass(frozen=True)
class Label:
    """
    A line of words in a drawing.

    Attributes
    ----------
    s : str
        The words.
    x, y : float
        Where it stands on its line of writing, in pixels from the left and the top.
    share : float
        Which part of its breadth is left of `x`: 0, 0.5 or 1.
    size : float
        Of the type, in pixels.
    fill : str
        Its colour, ``#1f2933``.
    """

    s: str
    x: float
    y: float
    share: float
    size: float
    fill: str


def taken_apart(svg: str) -> dict[str, Any]:
    """
    Take the words out of a drawing.

    Parameters
    ----------
    svg : str
        From `tasrib.report.figures.to_svg`.

    Returns
    -------
    dict
        ``svg`` without words, ``labels`` (of each the fields of `Label`), ``alt``, and ``width`` and ``height`` in pixels.
    """
    root = ElementTree.fromstring(svg)
    left, top, width, height = (float(size) for size in root.get("viewBox", "").split())
    labels = [asdict(label) for label in _labels(root, -left, -top, _pixels(root.get("font-size"), 14.0))]
    # The words are out of it, and the style is for browsers.
    for name in ("style", "font-family"):
        root.attrib.pop(name, None)
    ElementTree.register_namespace("", _SVG.strip("{}"))
    lines = ElementTree.tostring(root, encoding="unicode")
    return {"svg": lines, "labels": labels, "alt": root.get("aria-label", ""), "width": width, "height": height}


def _labels(element: Element, x: float, y: float, size: float) -> Iterator[Label]:
    """The words within an element, which are taken out of it."""
    for child in list(element):
        moved = _MOVE.search(child.get("transform", ""))
        here = (x + float(moved[1]), y + float(moved[2])) if moved else (x, y)
        if child.tag == f"{_SVG}text":
            element.remove(child)
            yield from _lines(child, *here, _pixels(child.get("font-size"), size))
        else:
            yield from _labels(child, *here, size)


def _lines(text: Element, x: float, y: float, size: float) -> Iterator[Label]:
    share, fill = _SHARE[text.get("text-anchor", "start")], text.get("fill", "#000000")
    for part in (text, *text):
        y += _pixels(part.get("dy"), 0.0)
        if part.text:
            yield Label(part.text, x, y, share, size, fill)


def _pixels(stated: str | None, usual: float) -> float:
    return float(stated.removesuffix("px")) if stated else usual
