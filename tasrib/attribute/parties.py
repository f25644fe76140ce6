"""The contestants, as `data/reference/parties.toml` lists them, and the patterns that find them in normalised text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tasrib._resources import resource
from tasrib.errors import BadReferenceData
from tasrib.text import normalise

_ARABIC = re.compile(r"[\u0600-\u06ff]")
# Clitics and articles that Arabic and Darija write together with the noun.
_ARABIC_BEFORE = r"[وف]?(?:[بك]?ال|[بلكعد]?ل|[بلكد])?"
_LATIN_BEFORE = r"(?:[dlwfbk]['’ -]?)?(?:al|el|l|d)?[' -]?"
# The same with the article in them, French ones too.
_ARABIC_THE = r"[وف]?(?:[بكعدف]?ال|[بع]?لل)"
_LATIN_THE = r"(?:[dwfbk]['’ -]?)?(?:al|el|l)[' -]?|(?:la|le|au|du) |l'"
_REQUIRED = {"id", "country", "name_ar", "name_fr", "source", "date"}
_LISTS = {
    "names", "names_in_context", "initials", "initials_in_context", "symbols", "everyday", "emoji", "tags",
}  # fmt: skip


@dataclass(frozen=True)
class Party:
    """
    A contestant and how it shows itself.

    Attributes
    ----------
    id : str
        Initials by which it is known.
    name_ar, name_fr : str
        Official names.
    sure : re.Pattern
        Names and initials that stand for it anywhere in a campaign message.
    in_context : re.Pattern
        Names, initials, symbols and emoji that stand for it beside a cue.
    definite : re.Pattern
        Symbols with the article, which stand for it in a campaign message without a cue.
    everyday : re.Pattern
        Symbols that any message may mention: they stand for it right after a cue.
    tags : frozenset of str
        Words in links, hashtags and sender names.
    """

    id: str
    name_ar: str
    name_fr: str
    sure: re.Pattern[str]
    in_context: re.Pattern[str]
    definite: re.Pattern[str]
    everyday: re.Pattern[str]
    tags: frozenset[str]


@dataclass(frozen=True)
class Contest:
    """
    All contestants of a country, and the words around a mention that decide its sense.

    Attributes
    ----------
    parties : tuple of Party
        In the order of the file.
    cue : re.Pattern
        A word beside which a symbol is a ballot symbol.
    against : re.Pattern
        Words that turn the mention after them against the party.
    """

    parties: tuple[Party, ...]
    cue: re.Pattern[str]
    against: re.Pattern[str]


@cache
def load_contest(country: str = "MA", file: Path | None = None) -> Contest:
    """
    Read the contestants of a country.

    Parameters
    ----------
    country : str
        ISO 3166 code, as in the file.
    file : pathlib.Path, optional
        ``data/reference/parties.toml`` by default.

    Returns
    -------
    Contest
        Compiled for use on normalised text.

    Raises
    ------
    BadReferenceData
        When a table of the file lacks a field, or has one that nobody reads.
    """
    file = resource("reference", "parties.toml") if file is None else file
    with file.open("rb") as stream:
        content = tomllib.load(stream)
    tables = [_checked(table, number, file) for number, table in enumerate(content["party"], 1)]
    parties = tuple(_party(table) for table in tables if table["country"] == country)
    return Contest(parties, _words(content["cues"]["words"]), _words(content["cues"]["against"]))


def _checked(table: dict, number: int, file: Path) -> dict:
    missing = _REQUIRED - table.keys()
    unknown = table.keys() - _REQUIRED - _LISTS
    if missing or unknown:
        problem = (
            f"lacks {', '.join(sorted(missing))}" if missing else f"has unknown fields {', '.join(sorted(unknown))}"
        )
        raise BadReferenceData(f"{file}: [[party]] number {number} ({table.get('id', 'no id')}) {problem}")
    return table


def _party(table: dict) -> Party:
    field = {name: table.get(name, []) for name in _LISTS}
    symbols = [word for word in field["symbols"] if word not in field["everyday"]]
    loose = field["names_in_context"] + field["initials_in_context"] + symbols
    return Party(
        table["id"],
        table["name_ar"],
        table["name_fr"],
        _words(field["names"] + field["initials"]),
        _words(loose, signs=field["emoji"]),
        _words(symbols, definite=True),
        _words(field["everyday"]),
        frozenset(normalise(tag) for tag in field["tags"]),
    )


def _words(words: Iterable[str], signs: Iterable[str] = (), *, definite: bool = False) -> re.Pattern[str]:
    before_arabic, before_latin = (_ARABIC_THE, _LATIN_THE) if definite else (_ARABIC_BEFORE, _LATIN_BEFORE)
    plain = sorted({normalise(word) for word in words} - {""}, key=len, reverse=True)
    arabic = "|".join(re.escape(word) for word in plain if _ARABIC.search(word))
    latin = "|".join(re.escape(word) for word in plain if not _ARABIC.search(word))
    branches = []
    if arabic:
        branches.append(rf"(?<!\w){before_arabic}(?:{arabic})(?!\w)")
    if latin:
        branches.append(rf"(?<!\w)(?:{before_latin})(?:{latin})(?!\w)")
    branches += [re.escape(sign) for sign in signs]
    return re.compile("|".join(branches) if branches else r"(?!)")
