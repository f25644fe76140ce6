"""What survey tools add to the answers: columns of their own, and rows below the headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from tasrib.complaints.words import fold, reference

Kind = Literal["time", "id", "other", "device_number"]
_KINDS: tuple[Kind, ...] = ("device_number", "time", "id", "other")
_IMPORT_ID = re.compile(r'\{\s*"ImportId"')
_LONGEST = 80  # characters of a name that a tool gives
_SURE = 2  # columns of a tool that show a file to be its export


@dataclass(frozen=True)
class Added:
    """A column that a tool added: what it holds, and its place among those of its kind, the best first."""

    kind: Kind
    place: int


@dataclass(frozen=True)
class _Tool:
    columns: dict[str, Added]
    only_there: frozenset[str]


def _spelt(name: str) -> str:
    """A name as machines tell it from others: `phonenumber` is not a person's "Phone number"."""
    return " ".join(name.replace("\ufeff", "").casefold().split())


@cache
def _tools() -> list[_Tool]:
    tools = []
    for entry in reference("survey_columns.toml")["tool"].values():
        columns: dict[str, Added] = {}
        for kind in _KINDS:
            for place, name in enumerate(entry.get(kind, ())):
                columns.setdefault(_spelt(name), Added(kind, place))
        tools.append(_Tool(columns, frozenset(map(_spelt, entry.get("only_there", ())))))
    return tools


def _spellings(column: str) -> tuple[str, ...]:
    """What a column may be called in a tool; a path before its name does not count."""
    if len(column) > _LONGEST:
        return ()
    spelt = _spelt(column)
    return tuple(dict.fromkeys((spelt, spelt.rpartition("/")[2], spelt.rpartition("meta-")[2])))


def added_columns(columns: Sequence[str]) -> dict[str, Added]:
    """
    Find the columns that no citizen answered.

    Parameters
    ----------
    columns : sequence of str
        All headings of a table: some names are a tool's only beside others of that tool.

    Returns
    -------
    dict
        Heading → what the tool put there; the tool of which most columns are there is asked first.
    """
    found: dict[str, Added] = {}
    named = []
    spellings = {column: _spellings(column) for column in columns}
    known = {column: some for column, some in spellings.items() if not _of_any_tool().isdisjoint(some)}
    for tool in _tools():
        names = {column: name for column, some in known.items() for name in some if name in tool.columns}
        named.append((len(set(names.values())), tool, names))
    for _, tool, names in sorted(named, key=lambda item: -item[0]):
        sure = set(names.values()) - tool.only_there
        for column, name in names.items():
            others = set(names.values()) - {name}
            if name not in tool.only_there or sure - {name} or len(others) >= _SURE:
                found.setdefault(column, tool.columns[name])
    return found


@cache
def _of_any_tool() -> frozenset[str]:
    return frozenset(name for tool in _tools() for name in tool.columns)


@cache
def _subheadings() -> frozenset[str]:
    return frozenset(map(fold, reference("survey_columns.toml")["subheading"]["words"]))


def is_import_row(cells: Sequence[str]) -> bool:
    """Whether a row is the third of a Qualtrics export, which holds the identities of the questions."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and all(_IMPORT_ID.match(cell.strip()) for cell in filled)


def is_response_row(cells: Sequence[str], columns: Sequence[str]) -> bool:
    """
    Tell the second row of a SurveyMonkey export, which says of each question what kind of answer stands below.

    Parameters
    ----------
    cells, columns : sequence of str
        The row, and the headings above it.

    Returns
    -------
    bool
        True where the tool's own columns are blank, no cell is long, and at least two cells, or one in an export of a survey tool, are such words.
    """
    added = added_columns(columns)
    words = 0
    for column, cell in zip(columns, cells, strict=False):
        if cell.strip() and (column in added or len(cell) > _LONGEST):
            return False
        words += bool(cell.strip()) and fold(cell) in _subheadings()
    return words >= _SURE or (words == 1 and len(added) >= _SURE)
