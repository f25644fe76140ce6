"""
A page of the report taken apart into what is laid out on paper.

What is said stands in the templates of the page only. Paper takes it from the page that they make: so the two cannot say different things.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, TypeAlias
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from tasrib.report.labels import taken_apart

# A stretch of text in one style, and what is laid out one below the other: as the layout in `templates/report.typ` reads them.
Run: TypeAlias = dict[str, Any]
Block: TypeAlias = dict[str, Any]

# Without a meaning on paper; `data` is the table of a figure, which goes to the end.
_LEFT_OUT_TAGS = {"head", "nav", "caption"}
_LEFT_OUT_CLASSES = {"skip", "unseen", "data"}
_VOID = {"meta"}
_DRAWING = re.compile(r'<svg [^>]*?role="img".*?</svg>', re.DOTALL)
_BLANKS = re.compile("[ \t\n\r\f]+")
# Longer words are parted where a line ends, after any this many characters: those of a cell, which is narrow, and all others.
_LONGEST_IN_CELL, _LONGEST, _PARTS = 20, 60, 5
_WORD = re.compile(rf"\S{{{_LONGEST_IN_CELL},}}")
_PART = "\u200b"
_WORDS = re.compile(rf"[\s{_PART}]+")
# A cell of so few characters, such as a date, has one line where there is room.
_ONE_LINE = 14
# Characters in a line of a table on paper, and of one in small type; what stands between two columns.
_LINE, _WIDE_LINE, _GAP = 105, 120, 2


def paper_blocks(page: str) -> tuple[list[Block], list[Block]]:
    """
    Take a page apart.

    Parameters
    ----------
    page : str
        HTML of `tasrib.report.html.render_html`.

    Returns
    -------
    tuple of list of dict
        What stands on the page in its order, folded or not, and the tables of its figures. Each block has a ``kind``: ``title``, ``heading``,
        ``label``, ``text``, ``quote``, ``totals``, ``table``, ``terms`` or ``figure`` (which ``floats`` where it is one of a campaign); words are in lists of runs, a text ``s`` each with its
        style. A block that is folded on the first screen of the page is ``folded``.
    """
    drawings: list[str] = []

    def kept(drawing: re.Match[str]) -> str:
        drawings.append(drawing.group())
        return f'<svg role="img" id="{len(drawings) - 1}"></svg>'

    tree = _Tree()
    # HTML's parser takes capitals from names, and a drawing is XML, which needs them.
    tree.feed(_DRAWING.sub(kept, page))
    tree.close()
    reader = _Reader(drawings)
    blocks = list(reader.blocks(tree.root))
    known = {block["id"] for block in blocks if "id" in block}
    for run in _runs_within(blocks):
        # A link that leads nowhere would stop the layout.
        if run.get("to") not in known:
            run.pop("to", None)
            run.pop("ends", None)
    return blocks, reader.tables


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._builder = ElementTree.TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._builder.start(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.data(data)

    @property
    def root(self) -> Element:
        return self._builder.close()


class _Reader:
    def __init__(self, drawings: list[str]) -> None:
        self._drawings = drawings
        self.tables: list[Block] = []

    def blocks(self, element: Element, *, folded: bool = False) -> Iterator[Block]:
        """What an element lays out."""
        tag, classes = element.tag, _classes(element)
        if tag in _LEFT_OUT_TAGS or classes & _LEFT_OUT_CLASSES:
            return
        read = getattr(self, f"_{tag}", None)
        if read is not None:
            for block in read(element):
                yield {**block, "folded": True} if folded else block
            return
        folded = folded or tag == "details"
        here = element.get("id") if tag == "article" else None
        for child in element:
            for block in self.blocks(child, folded=folded):
                if tag == "article" and block["kind"] == "figure":
                    block = {**block, "floats": True}
                # What a link leads to is named at its heading.
                if here and block["kind"] == "heading":
                    block, here = {**block, "id": here}, None
                yield block

    def _h1(self, element: Element) -> Iterator[Block]:
        yield {"kind": "title", "runs": _runs(element)}

    def _heading(self, element: Element) -> Iterator[Block]:
        level = int(element.tag[1]) - 1
        found = {"kind": "heading", "level": level, "runs": _runs(element)}
        # The sections of the page name themselves.
        yield {**found, "id": element.get("id")} if element.get("id") else found

    _h2 = _h3 = _h4 = _heading

    def _summary(self, element: Element) -> Iterator[Block]:
        heading = next((child for child in element if child.tag in ("h3", "h4")), None)
        if heading is None:
            yield {"kind": "label", "runs": _runs(element)}
            return
        yield from self._heading(heading)
        beside = Element("p")
        beside.extend(child for child in element if child is not heading)
        yield {"kind": "text", "style": "beside", "runs": _runs(beside)}

    def _p(self, element: Element) -> Iterator[Block]:
        runs = _runs(element)
        if runs:
            yield {"kind": "text", "style": element.get("class", ""), "runs": runs}

    def _blockquote(self, element: Element) -> Iterator[Block]:
        yield _quote(element, _LONGEST)

    def _ul(self, element: Element) -> Iterator[Block]:
        parts = [(item.find("strong"), item) for item in element.iter("li")]
        yield {
            "kind": "totals",
            "items": [
                {"value": _words(strong), "name": _words(item, without=strong)}
                for strong, item in parts
                if strong is not None
            ],
        }

    def _dl(self, element: Element) -> Iterator[Block]:
        pairs = [(div.find("dt"), div.findall("dd")) for div in element.iter("div")]
        yield {
            "kind": "terms",
            "items": [[_runs(term), _said(texts)] for term, texts in pairs if term is not None and texts],
        }

    def _table(self, element: Element) -> Iterator[Block]:
        yield _table(element)

    def _figure(self, element: Element) -> Iterator[Block]:
        heading = next(each for each in element.iter() if each.tag in ("h3", "h4"))
        marker = element.find("svg")
        if marker is None:
            raise ValueError("a figure of the page has no drawing")
        sentence = element.find("p")
        yield {
            "kind": "figure",
            "floats": False,
            "level": int(heading.tag[1]) - 1,
            "runs": _runs(heading),
            "sentence": [] if sentence is None else _runs(sentence),
            **taken_apart(self._drawings[int(marker.get("id", ""))]),
        }
        data = element.find("details/table")
        if data is not None:
            self.tables += [{"kind": "label", "runs": _runs(heading)}, _table(data)]


def _table(element: Element) -> Block:
    head = [_runs(cell, _LONGEST_IN_CELL) for cell in element.findall("thead/tr/th")]
    rows = [[_cell(cell) for cell in row if cell.tag in ("th", "td")] for row in element.findall("tbody/tr")]
    style = element.get("class", "")
    line = _WIDE_LINE if "wide" in _classes(element) else _LINE
    return {"kind": "table", "style": style, "columns": _widths(head, rows, line), "head": head, "rows": rows}


def _cell(element: Element) -> list[Run]:
    quote = element.find("blockquote")
    if quote is not None:
        return _quote(quote, _LONGEST_IN_CELL)["runs"]
    runs = _runs(element, _LONGEST_IN_CELL)
    # What is said quietly has its own line, and so has what the page sets below.
    return [
        {**run, "s": f"\n{run['s']}"} if at and (run.get("quiet") or run.get("line")) else run
        for at, run in enumerate(runs)
    ]


def _said(texts: list[Element]) -> list[Run]:
    """All that is said of a term, each part from a line of its own."""
    runs: list[Run] = []
    for text in texts:
        style = _style(text)
        part = [{**style, **run} for run in _runs(text)]
        if runs and part:
            part[0] = {**part[0], "s": f"\n{part[0]['s']}"}
        runs += part
    return runs


def _widths(head: list[list[Run]], rows: list[list[list[Run]]], line: int) -> list[float]:
    """By column its share of the line; empty where all columns can be as wide as what stands in them."""
    names = [_text(runs) for runs in head]
    columns = [[_broad(runs) for runs in column] for column in zip(*rows, strict=True)] or [[] for _ in names]
    lengths = [max((len(part) for text in column for part in text.split("\n")), default=0) for column in columns]
    if sum(max(len(name), length) + _GAP for name, length in zip(names, lengths, strict=True)) <= line:
        return []
    # No word is cut, a heading may have two lines; what room is left goes to those who need it. A cell is about as high as its need by its width, so
    # that parts by the square root of the need give the lowest rows.
    least = [
        max(
            length if length <= _ONE_LINE else 0,
            *(len(word) for text in (name, *column) for word in _WORDS.split(text)),
        )
        + _GAP
        for name, column, length in zip(names, columns, lengths, strict=True)
    ]
    needs = [
        max(length, len(name) / 2) + _GAP - given for name, length, given in zip(names, lengths, least, strict=True)
    ]
    widths, room = [float(each) for each in least], float(line - sum(least))
    weights = [math.sqrt(max(need, 0.0)) for need in needs]
    for at in sorted(range(len(needs)), key=needs.__getitem__):
        if weights[at]:
            more = max(min(needs[at], room * weights[at] / sum(weights)), 0.0)
            widths[at] += more
            room -= more
            weights[at] = 0.0
    return widths


def _broad(runs: list[Run]) -> str:
    """The words of a cell, with signs for what the layout puts beside them: dots in a badge, a page behind a link."""
    return "".join(
        run["s"] + ("•" * 5 if "badge" in run else "") + (" " + "•" * 4 if "ends" in run else "") for run in runs
    )


def _quote(element: Element, longest: int) -> Block:
    runs = [{**run, "s": run["s"].replace("\t", " ")} for run in _flat(element) if run["s"]]
    direction = element.get("dir") if element.get("dir") in ("rtl", "ltr") else _first_direction(_text(runs))
    return {"kind": "quote", "direction": direction, "runs": [_parted(run, longest) for run in runs]}


def _first_direction(text: str) -> str:
    """As a browser finds it for ``dir="auto"``: by the first letter that has a direction."""
    kinds = (unicodedata.bidirectional(sign) for sign in text)
    return next(("rtl" if kind in ("R", "AL") else "ltr" for kind in kinds if kind in ("L", "R", "AL")), "ltr")


def _runs(element: Element, longest: int = _LONGEST) -> list[Run]:
    """The words of an element, with blanks as a page shows them."""
    runs: list[Run] = []
    for run in _flat(element):
        text = _BLANKS.sub(" ", run["s"])
        if text.startswith(" ") and (not runs or runs[-1]["s"].endswith(" ")):
            text = text[1:]
        if text:
            runs.append({**run, "s": text})
    if runs:
        runs[-1]["s"] = runs[-1]["s"].rstrip(" ")
    for run, after in pairwise([*runs, {}]):
        if "to" in run and run["to"] != after.get("to"):
            run["ends"] = True
    return [_parted(run, longest) for run in runs if run["s"]]


def _flat(element: Element, style: Run | None = None) -> Iterator[Run]:
    style = {} if style is None else style
    yield {**style, "s": element.text or ""}
    for child in element:
        if child.tag != "svg" and not _classes(child) & _LEFT_OUT_CLASSES:
            yield from _flat(child, style | _style(child))
        yield {**style, "s": child.tail or ""}


def _style(element: Element) -> Run:
    """What an element within a line adds."""
    classes = _classes(element)
    if element.tag == "li" or "line" in classes:
        return {"line": True}
    if element.tag == "strong":
        return {"bold": True}
    if element.tag == "a":
        return {"to": element.get("href", "").removeprefix("#")}
    if element.tag == "mark":
        return {
            "mark": "for" if "for" in classes else "against",
            "strength": max(int(each[1]) for each in classes if each in ("s1", "s2", "s3")),
        }
    if "badge" in classes:
        return {"badge": next(iter(classes - {"badge"}))}
    if "id" in classes:
        return {"whole": True}
    return {"quiet": True} if "quiet" in classes else {}


def _parted(run: Run, longest: int) -> Run:
    """With places at which a word that is longer than a line can be parted: it would run out of the paper."""

    def parted(word: re.Match[str]) -> str:
        text, parts, start = word.group(), [], 0
        while len(text) > longest and len(text) - start > _PARTS:
            end = start + _PARTS
            # A mark stays with its letter, and what is joined stays joined.
            while end < len(text) and (
                unicodedata.category(text[end])[0] == "M" or "\u200d" in text[end - 1 : end + 1]
            ):
                end += 1
            parts.append(text[start:end])
            start = end
        return _PART.join(filter(None, [*parts, text[start:]]))

    return {**run, "s": _WORD.sub(parted, run["s"])}


def _words(element: Element, without: Element | None = None) -> str:
    text = "".join(
        [element.text or "", *(("" if child is without else _words(child)) + (child.tail or "") for child in element)]
    )
    return _BLANKS.sub(" ", text).strip(" ")


def _text(runs: Iterable[Run]) -> str:
    return "".join(run["s"] for run in runs)


def _classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())


def _runs_within(part: Any) -> Iterator[Run]:
    if isinstance(part, dict) and "s" in part:
        yield part
    elif isinstance(part, dict | list):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _runs_within(each)
