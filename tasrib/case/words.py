"""The headings and choices of the workbook in which people decide: as they are shown, and as they are read back in any of three languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from tasrib.complaints.words import fold, reference

Sheet = Literal["message", "campaign"]
SHEETS: tuple[Sheet, ...] = ("message", "campaign")
LANGUAGES = ("ar", "fr", "en")
# Columns whose cells are one of a list, and the name that takes a party away.
DECISION, CATEGORY, PARTY = "decision", "category", "party"
_UNDECIDED = "undecided"
NO_PARTY = "none"
# What people type into a cell to say that they have nothing to say.
_NOTHING = frozenset({"", "-", "–", "—", "_", ".", "…", "...", "/"})


def _said() -> dict[str, Any]:
    return reference("decisions.toml")


def sheet_title(name: str, language: str) -> str:
    """Title of a sheet: ``messages``, ``campaigns``, ``choices`` or ``guide``."""
    return _said()["sheet"][name][language]


def guide_lines(language: str) -> list[str]:
    """What the workbook says of itself."""
    return _said()["guide"][language]


def category_hints(language: str) -> dict[str, str]:
    """What belongs to each category, by its shown name."""
    return {entry[language]: entry["hint"][language] for entry in _said()[CATEGORY].values()}


def columns(sheet: Sheet) -> dict[str, dict[str, Any]]:
    """The columns of a sheet in order: headings, ``width``, and ``fill`` where people write in it."""
    return _said()[sheet]


def filled_by_people(sheet: Sheet) -> list[str]:
    """The columns of a sheet that people write in."""
    return [name for name, column in columns(sheet).items() if column.get("fill")]


def choice(column: str, code: str, language: str) -> str:
    """
    Word a choice.

    Parameters
    ----------
    column : str
        ``decision``, ``category`` or ``party``.
    code : str
        Such as ``not_campaign``.
    language : str
        ``ar``, ``fr`` or ``en``.

    Returns
    -------
    str
        Such as ``pas une campagne``; the code itself where there is no word, as for a party's initials.
    """
    entry = _said()[column].get(code)
    return code if entry is None else entry[language]


def choices(column: str, language: str) -> list[str]:
    """All words of a column's choices, in the order of the list."""
    return [entry[language] for entry in _said()[column].values()]


@cache
def _codes(column: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, entry in _said()[column].items():
        for word in (code, *(entry[language] for language in LANGUAGES), *entry.get("also", ())):
            found[fold(word)] = code
    return found


def read_choice(column: str, typed: str) -> str | None:
    """
    Read a choice as its writer meant it.

    Parameters
    ----------
    column : str
        As for `choice`.
    typed : str
        What stands in the cell, in any of the three languages.

    Returns
    -------
    str or None
        The code; None for what is no choice. Case, accents, blanks and punctuation do not count, but a word with a question mark behind it
        is a doubt and none of them.
    """
    code = _codes(column).get(fold(typed.strip()))
    return code if code == _UNDECIDED or not typed.strip().endswith(("?", "؟")) else None


@cache
def _no_names() -> frozenset[str]:
    return frozenset(map(fold, _said()["no_name"]["words"]))


def is_name(typed: str) -> bool:
    """Whether what stands in a cell may name a party or a campaign: it has a letter, and is no word for "the same" or "none"."""
    return any(map(str.isalpha, typed)) and fold(typed) not in _no_names()


def clean(cell: str) -> str:
    """A cell on one line; empty where somebody only drew a dash."""
    text = " ".join(cell.split())
    return "" if text in _NOTHING else text


@cache
def _headings(sheet: Sheet) -> dict[str, tuple[str, int]]:
    """Folded heading → its column, and whether it is one that tasrib writes (1) or another spelling of it (0)."""
    found: dict[str, tuple[str, int]] = {}
    for name, column in columns(sheet).items():
        found |= {fold(word): (name, 0) for word in (name, *column.get("also", ()))}
    for name, column in columns(sheet).items():
        found |= {fold(column[language]): (name, 1) for language in LANGUAGES}
    return found


def recognise(sheet: Sheet, cells: Sequence[str]) -> dict[str, list[int]]:
    """
    Say which columns of a sheet stand in a row of headings.

    Parameters
    ----------
    sheet : {"message", "campaign"}
        Whose columns.
    cells : sequence of str
        A row.

    Returns
    -------
    dict of str to list of int
        Of each column that is there its places: one, or those that claim it equally.
    """
    claims: dict[str, list[tuple[int, int]]] = {}
    for place, cell in enumerate(cells):
        name, rank = _headings(sheet).get(fold(cell.strip()), ("", 0)) if cell.strip() else ("", 0)
        if name:
            claims.setdefault(name, []).append((rank, place))
    return {name: [place for rank, place in claimed if rank == max(claimed)[0]] for name, claimed in claims.items()}


def language_of(sheet: Sheet, cells: Sequence[str]) -> str:
    """The language that most headings of a row are in; English of equals."""
    there = {" ".join(cell.split()) for cell in cells}
    counts = {
        language: sum(column[language] in there for column in columns(sheet).values())
        for language in reversed(LANGUAGES)
    }
    return max(counts, key=lambda language: counts[language])
