"""Who stands where: the contestants of a country, from `data/reference/parties.toml` and `parties_<country>.toml`."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from tasrib._resources import resource
from tasrib.attribute.contest import (
    ARABIC,
    ARABIC_BEFORE,
    LATIN_BEFORE,
    Contest,
    CueKind,
    Index,
    Kind,
    Party,
    PartyKind,
    key_of,
    tokens_of,
)
from tasrib.errors import BadReferenceData
from tasrib.text import normalise

_SHARED = "parties.toml"
# What `normalise` writes for a date, a link or a number.
_PLACEHOLDERS = frozenset({"AMOUNT", "CODE", "DATE", "EMAIL", "NUM", "PERCENT", "PHONE", "TIME", "URL"})
# Fields of a [[party]] table: what kind of mention their phrases are. `tasrib.attribute.rules` decides what each kind takes to count.
_PARTY_KINDS: dict[str, PartyKind] = {
    "names": "name",
    "initials": "name",
    "names_with_capital": "proper name",
    "names_in_context": "short name",
    "initials_in_context": "short initials",
    "symbols": "symbol",
    "everyday": "everyday",
    "homely": "homely",
    "emoji": "emoji",
    "emoji_everyday": "everyday emoji",
    "daily": "daily",
}
# Fields of the [cues] table: what kind of cue their phrases are.
_CUE_KINDS: dict[str, CueKind] = {
    "when": "when",
    "speaks": "speaks",
    "trade": "trade",
    "doubt": "doubt",
    "words": "cue",
    "votes": "vote",
    "own": "own",
    "hostile": "hostile",
    "against": "against",
    "repel": "repel",
}
_REQUIRED = {"id", "country", "source", "date"}
_NAMES = ("name_ar", "name_fr")
_LISTS = {*_PARTY_KINDS, "tags", "members"}


@cache
def load_contest(country: str = "MA", file: Path | None = None) -> Contest:
    """
    Read the contestants of a country.

    Parameters
    ----------
    country : str
        ISO 3166 code, in capitals or not. A country without contestants has an empty contest.
    file : pathlib.Path, optional
        Instead of ``data/reference/parties_<country>.toml``: [[party]] tables, and where it has its own, [cues].

    Returns
    -------
    Contest
        Compiled for use on normalised text.

    Raises
    ------
    BadReferenceData
        When a table of a file lacks a field, or has one that nobody reads, or when two parties have one id.
    """
    country = country.strip().upper()
    shared = resource("reference", _SHARED)
    own = _file_of(country) if file is None else file
    others = [each for each in sorted(shared.parent.glob("parties_*.toml")) if each.name != _name_of(country)]
    contents = {each: _content(each) for each in (shared, own, *others) if each is not None}
    tables = [
        _checked(table, number, each)
        for each, content in contents.items()
        for number, table in enumerate(content.get("party", []), 1)
    ]
    twice = [name for name, times in Counter(table["id"] for table in tables).items() if times > 1]
    if twice:
        raise BadReferenceData(f"{own or shared}: two parties have the id {twice[0]}; give each its own")
    cues: dict[str, list[str]] = {}
    for each in (shared, own):
        for field, words in contents[each].get("cues", {}).items() if each else ():
            cues[field] = [*cues.get(field, []), *words]
    mine = [table for table in tables if table["country"] == country]
    elsewhere = [table for table in tables if table["country"] != country]
    leading, rejecting = (frozenset(map(normalise, cues.get(name, []))) for name in ("leading", "rejecting"))
    members = {table["id"]: frozenset(table["members"]) for table in mine if "members" in table}
    return Contest(tuple(map(_party, mine)), _index(cues, mine, elsewhere), leading, rejecting, members)


def _name_of(country: str) -> str:
    return f"parties_{country.lower()}.toml"


def _file_of(country: str) -> Path | None:
    try:
        return resource("reference", _name_of(country))
    except FileNotFoundError:
        return None


@cache
def _content(file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        return tomllib.load(stream)


def _checked(table: dict[str, Any], number: int, file: Path) -> dict[str, Any]:
    missing = _REQUIRED - table.keys()
    if table.keys().isdisjoint(_NAMES):
        missing = {*missing, " or ".join(_NAMES)}
    unknown = table.keys() - _REQUIRED - set(_NAMES) - _LISTS
    if missing or unknown:
        problem = (
            f"lacks {', '.join(sorted(missing))}" if missing else f"has unknown fields {', '.join(sorted(unknown))}"
        )
        raise BadReferenceData(f"{file}: [[party]] number {number} ({table.get('id', 'no id')}) {problem}")
    return table


def _party(table: dict[str, Any]) -> Party:
    sure = _words(table.get("names", []) + table.get("initials", []))
    tags = frozenset(normalise(tag) for tag in table.get("tags", []))
    arabic, french = (table.get(name, "") for name in _NAMES)
    return Party(table["id"], arabic or french, french or arabic, sure, tags)


def _index(cues: dict[str, list[str]], mine: list[dict[str, Any]], elsewhere: list[dict[str, Any]]) -> Index:
    # Later ones win: a symbol that is listed as everyday too is everyday, and a name that two countries have is this one's.
    phrases: dict[tuple[str, ...], tuple[Kind, str]] = {
        phrase: ("foreign", "")
        for table in elsewhere
        for phrase in map(_phrase, _with_party(table.get("names", [])))
        # Short ones may be anything in another country.
        if len(phrase) > 1
    }
    for field, cue in _CUE_KINDS.items():
        phrases |= {_phrase(words): (cue, "") for words in cues.get(field, [])}
    for table in mine:
        phrases |= {_phrase(words): ("name", table["id"]) for words in _with_party(table.get("names", []))}
        for field, mention in _PARTY_KINDS.items():
            phrases |= {_phrase(words): (mention, table["id"]) for words in table.get(field, [])}
    index: Index = {}
    for words, (kind, party) in sorted(phrases.items(), key=lambda item: -len(item[0])):
        index.setdefault(words[0], []).append((words[1:], kind, party))
    return index


def _with_party(names: list[str]) -> list[str]:
    """The names, and the Arabic ones behind "party": "party of" is itself the beginning of other names, whose longest wins."""
    arabic = [name for name in names if " " in name and ARABIC.match(name) and not name.startswith("حزب ")]
    return [*names, *(f"حزب {article}{name}" for name in arabic for article in ("", "ال"))]


def _phrase(words: str) -> tuple[str, ...]:
    plain = " ".join(word if word in _PLACEHOLDERS else normalise(word) for word in words.split())
    return tuple(map(key_of, tokens_of(plain)))


def _words(words: Iterable[str]) -> re.Pattern[str]:
    plain = sorted({normalise(word) for word in words} - {""}, key=len, reverse=True)
    arabic = "|".join(re.escape(word) for word in plain if ARABIC.search(word))
    latin = "|".join(re.escape(word) for word in plain if not ARABIC.search(word))
    branches = []
    if arabic:
        branches.append(rf"(?<!\w){ARABIC_BEFORE}(?:{arabic})(?!\w)")
    if latin:
        branches.append(rf"(?<!\w)(?:{LATIN_BEFORE})(?:{latin})(?!\w)")
    return re.compile("|".join(branches) if branches else r"(?!)")
