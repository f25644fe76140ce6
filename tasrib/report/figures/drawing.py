"""A figure with its words and its table; and specifications drawn as SVG that needs no script and no network."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import vl_convert

from tasrib.report.figures.measure import FONT

# Of the writing directions all but isolates, of which labels have need.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufffe\uffff]")
_READERS = "system-ui,'Segoe UI','Noto Sans','Noto Sans Arabic','DejaVu Sans',sans-serif"
# What says nothing in a drawing that has one description for all of it, and what is so anyway.
_USELESS = {"class", "pointer-events", "version", "font-family", "stroke-miterlimit"}
_USUAL = {
    "opacity": "1",
    "stroke-width": "1",
    "text-anchor": "start",
    "font-size": f"{FONT}px",
    "font-weight": "normal",
}
# The bounds that Vega draws for itself.
_BOUNDS = ("background", "foreground")
# How much larger than it was drawn a figure may stand, where there is room: its type is then that of a page.
_LARGEST = 1.15
_LONG = re.compile(r"-?\d{1,9}\.\d{2,20}(?:e-?\d{1,3})?")


@dataclass(frozen=True, eq=False)
class Figure:
    """
    A figure with what those need who cannot see it.

    Attributes
    ----------
    key : str
        Name of the figure in the registry.
    title : str
        What it shows.
    spec : dict
        Vega-Lite specification.
    sentence : str
        What one sees, in one sentence or two.
    alt : str
        Text in its place: title and sentence.
    table : pandas.DataFrame
        The numbers that are drawn, as text, with headings in the language.
    language : str
        ``ar``, ``fr`` or ``en``.
    """

    key: str
    title: str
    spec: dict
    sentence: str
    alt: str
    table: pd.DataFrame
    language: str = "en"

    @cached_property
    def svg(self) -> str:
        """The drawing: see `to_svg`."""
        return to_svg(self.spec, self.alt, self.language)


def figure(key: str, title: str, spec: dict, sentence: str, table: pd.DataFrame, language: str) -> Figure:
    """
    Make a figure whose alternative text is its title and its sentence.

    Parameters
    ----------
    key, title, spec, sentence, table, language
        As in `Figure`.

    Returns
    -------
    Figure
        All of it.
    """
    return Figure(key, title, spec, sentence, f"{title}. {sentence}", table, language)


def to_svg(spec: dict, alt: str, language: str = "en") -> str:
    """
    Draw a specification.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification.
    alt : str
        What the figure shows, for those who cannot see it.
    language : str
        Of the words in it.

    Returns
    -------
    str
        An ``<svg>`` element that scales to its container. It runs from left to right in any page: in one that runs from right to left a
        browser would put every label on the wrong side of its place.
    """
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(_drawable(spec)))
    width = root.get("width")
    _slim(root)
    style = f"width:100%;{f'max-width:{_LARGEST * float(width):.0f}px;' if width else ''}direction:ltr;overflow:visible"
    drawing = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-label": _drawable(alt), "lang": language,
            "viewBox": root.get("viewBox", ""), "style": style, "font-family": _READERS, "font-size": f"{FONT}px",
        },
    )  # fmt: skip
    drawing.extend(root)
    return ElementTree.tostring(drawing, encoding="unicode")


def _slim(element: ElementTree.Element) -> None:
    """Take out, from the leaves up, what draws nothing: half of what vl-convert writes."""
    kept: list[ElementTree.Element] = []
    for child in element:
        if child.get("class") in _BOUNDS and not (child.get("fill") or child.get("stroke")):
            continue
        _slim(child)
        if child.tag == "g" and not child.attrib:
            kept.extend(child)
        elif not _is_empty(child):
            kept.append(child)
    element[:] = kept
    element.tag = element.tag.rpartition("}")[2]
    for name, value in list(element.attrib.items()):
        if name in _USELESS or name.startswith("aria-") or name == "role" or _USUAL.get(name) == value:
            del element.attrib[name]
        elif name in ("d", "transform", "x", "y", "x2", "y2", "width", "height"):
            element.attrib[name] = _LONG.sub(lambda number: f"{float(number.group()):.1f}".removesuffix(".0"), value)


def _is_empty(element: ElementTree.Element) -> bool:
    """A group without parts, or a line of text without text."""
    return element.tag in ("g", "text") and not (element.text or len(element))


def _drawable(part: Any) -> Any:
    """Without control characters in names: XML has no place for them, and vl-convert fails over one or ends the process."""
    if isinstance(part, dict):
        return {name: _drawable(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_drawable(value) for value in part]
    return _CONTROLS.sub(" ", part) if isinstance(part, str) else part
