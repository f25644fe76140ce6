"""The contestants, as `data/reference/parties.toml` lists them, and the patterns that find them in normalised text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from tasrib._resources import resource
from tasrib.errors import BadReferenceData
from tasrib.text import normalise

# The file's own comments say what each kind holds.
PartyKind = Literal[
    "name", "short name", "short initials", "symbol", "everyday", "homely", "emoji", "everyday emoji", "daily"
]
CueKind = Literal["cue", "vote", "own", "against", "repel", "hostile", "doubt", "trade", "when"]
Kind = PartyKind | CueKind
# By the first word of a phrase: its other words, its kind and its party.
Index = dict[str, list[tuple[tuple[str, ...], Kind, str]]]
# A clitic, whether it holds the article, and the rest of a phrase as in the index.
_Opening = tuple[str, bool, tuple[str, ...], Kind, str]

_ARABIC = re.compile(r"[\u0600-\u06ff]")
# Clitics and articles that Arabic and Darija write together with the noun; those with the article make it definite.
_ARABIC_BEFORE = r"[وف]?(?:[بك]?ال|[بلكعد]?ل|[بلكد])?"
_LATIN_BEFORE = r"(?:[dlwfbk]['’ -]?)?(?:al|el|l|d)?[' -]?"
_CLITICS = re.compile(rf"{_ARABIC_BEFORE}|[وف]?[عدف]ال|[وف]?[بع]?لل|[wfbdkmn]?(?:al|el|l)?")
_ARTICLES = frozenset({"la", "le", "l", "au", "du", "el", "al", "d", "dial", "dyal"})
# Letters: shorter words are not parted from a clitic, and no clitic is longer.
_LEAST_STEM, _LONGEST_CLITIC = 3, 4
# Words whose phrases are kept at hand.
_REMEMBERED = 200_000
_TOKEN = re.compile(r"\w+|[^\w\s]")
_JOINT = re.compile(r"(?<=\w)['\-](?=\w)")
# Darija and Tamazight have no settled Latin spelling: letters that writers double or exchange become one.
_DOUBLED = re.compile(r"([a-z])\1")
_EXCHANGED = (("ou", "o"), ("u", "o"), ("kh", "5"), ("x", "5"), ("7", "h"), ("9", "q"))
_TIFINAGH = str.maketrans("ⴰⴱⴳⴷⴹⴻⴼⴽⵀⵃⵇⵉⵊⵍⵎⵏⵓⵔⵕⵙⵚⵛⵜⵟⵡⵢⵣⵥⵄɛⵖɣⵅⵯ", "abgddefkhhqijlmnorrsscttwizz33ggxw")
# Fields of a [[party]] table: what kind of mention their phrases are. `tasrib.attribute.rules` decides what each kind takes to count.
_PARTY_KINDS: dict[str, PartyKind] = {
    "names": "name",
    "initials": "name",
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
    "trade": "trade",
    "doubt": "doubt",
    "words": "cue",
    "votes": "vote",
    "own": "own",
    "hostile": "hostile",
    "against": "against",
    "repel": "repel",
}
_REQUIRED = {"id", "country", "name_ar", "name_fr", "source", "date"}
_LISTS = {*_PARTY_KINDS, "tags"}


class Mark(NamedTuple):
    """
    Something in a message that a party or a cue is known by.

    Attributes
    ----------
    kind : Kind
        Kind of mention or cue.
    party : str
        Its party's id; empty for a cue.
    start, end : int
        Its tokens, from ``start`` up to but without ``end``.
    definite : bool
        Whether it bears the article.
    clitic : str
        What is written together with the word, before it.
    """

    kind: Kind
    party: str
    start: int
    end: int
    definite: bool
    clitic: str

    @property
    def governed(self) -> bool:
        """Whether a preposition is written together with it, which no adjective bears."""
        return self.clitic.removesuffix("ال").removesuffix("el").removesuffix("al").removesuffix("l") not in (
            "",
            "و",
            "w",
        )


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
    tags : frozenset of str
        Words in links, hashtags and sender names.
    """

    id: str
    name_ar: str
    name_fr: str
    sure: re.Pattern[str]
    tags: frozenset[str]


# Compared by identity, so that what was found with one can be remembered.
@dataclass(frozen=True, eq=False)
class Contest:
    """
    All contestants of a country, and the words around a mention that decide its sense.

    Attributes
    ----------
    parties : tuple of Party
        In the order of the file.
    index : dict
        By the first word of each phrase of the file: its other words, its kind and its party, longest first.
    leading : frozenset of str
        Words after which a short name is a name.
    rejecting : frozenset of str
        Words that make a link, hashtag or sender one against the party in it.
    """

    parties: tuple[Party, ...]
    index: Index
    leading: frozenset[str]
    rejecting: frozenset[str]

    def marks(self, tokens: list[str]) -> list[Mark]:
        """
        Find the mentions and cues of a message.

        Parameters
        ----------
        tokens : list of str
            From `tokens_of`.

        Returns
        -------
        list of Mark
            In order; where phrases overlap, the one that starts first, and of those the longest.
        """
        opening = [(at, opens) for at, opens in enumerate(map(self._openings.__getitem__, tokens)) if opens]
        found: list[Mark] = []
        end = 0
        for at, opens in opening:
            if at >= end and (mark := _mark_at(tokens, opens, at)):
                found.append(mark)
                end = mark.end
        return found

    @cached_property
    def _openings(self) -> _Openings:
        return _Openings(self.index)


class _Openings(dict[str, tuple[_Opening, ...]]):
    """The phrases that may begin with a word, which is parted into clitics and the rest the first time it is met."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index

    def __missing__(self, token: str) -> tuple[_Opening, ...]:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[token] = found = tuple(
            (clitic, definite, *phrase)
            for clitic, definite, stem in _stems(token)
            for phrase in self.index.get(stem, ())
        )
        return found


def _mark_at(tokens: list[str], openings: tuple[_Opening, ...], at: int) -> Mark | None:
    best, longest = None, at
    next_key = _key(tokens[at + 1]) if at + 1 < len(tokens) else ""
    for opening in openings:
        rest = opening[2]
        end = at + 1 + len(rest)
        if end > longest and (not rest or (rest[0] == next_key and tuple(map(_key, tokens[at + 2 : end])) == rest[1:])):
            best, longest = opening, end
    if best is None:
        return None
    clitic, definite, _, kind, party = best
    return Mark(kind, party, at, longest, definite or (at > 0 and is_article(tokens[at - 1])), clitic)


def is_article(token: str) -> bool:
    """
    Tell an article, or what Darija puts in its place.

    Parameters
    ----------
    token : str
        From `tokens_of`.

    Returns
    -------
    bool
        Whether the noun after it is definite.
    """
    return token in _ARTICLES


def tokens_of(plain: str) -> list[str]:
    """
    Words and single signs of a normalised text.

    Parameters
    ----------
    plain : str
        From `tasrib.text.normalise`.

    Returns
    -------
    list of str
        An apostrophe or hyphen within a word parts it ("l'epi", "d-lwarda").
    """
    return _TOKEN.findall(_JOINT.sub(" ", plain) if "'" in plain or "-" in plain else plain)


@lru_cache(maxsize=100_000)
def _key(word: str) -> str:
    word = word.translate(_TIFINAGH)
    if len(word) <= _LEAST_STEM or _ARABIC.search(word):
        return word
    for written, meant in _EXCHANGED:
        word = word.replace(written, meant)
    return _DOUBLED.sub(r"\1", word)


def _stems(token: str) -> tuple[tuple[str, bool, str], ...]:
    """Each way to part a word into clitics and the rest: (clitics, whether they hold the article, key of the rest)."""
    ways = [("", False, _key(token))]
    token = token.translate(_TIFINAGH)
    for length in range(1, min(_LONGEST_CLITIC, len(token) - _LEAST_STEM) + 1):
        clitic = token[:length]
        # One Latin letter alone is a clitic before longer words only: "mois", "fois" and "dans" have none.
        if _CLITICS.fullmatch(clitic) and (
            length > 1 or len(token) > _LEAST_STEM + 1 or _ARABIC.match(token) or clitic == "l"
        ):
            definite = clitic.endswith(("ال", "لل", "l")) or clitic in ("ل", "عل", "بل", "كل", "دل")
            ways.append((clitic, definite, _key(token[length:])))
    # "our tractor" is the tractor.
    ways += [
        (clitic, True, stem[:-2]) for clitic, _, stem in ways if len(stem) > _LEAST_STEM + 2 and stem.endswith("نا")
    ]
    return tuple(ways)


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
    cues = content["cues"]
    leading, rejecting = (frozenset(map(normalise, cues.get(name, []))) for name in ("leading", "rejecting"))
    return Contest(
        parties, _index(cues, [table for table in tables if table["country"] == country]), leading, rejecting
    )


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
    sure = _words(table.get("names", []) + table.get("initials", []))
    tags = frozenset(normalise(tag) for tag in table.get("tags", []))
    return Party(table["id"], table["name_ar"], table["name_fr"], sure, tags)


def _index(cues: dict, tables: list[dict]) -> Index:
    phrases: dict[tuple[str, ...], tuple[Kind, str]] = {}
    # Later ones win: a symbol that is listed as everyday too is everyday.
    for field, cue in _CUE_KINDS.items():
        phrases |= {_phrase(words): (cue, "") for words in cues.get(field, [])}
    for table in tables:
        for field, mention in _PARTY_KINDS.items():
            phrases |= {_phrase(words): (mention, table["id"]) for words in table.get(field, [])}
    index: Index = {}
    for words, (kind, party) in sorted(phrases.items(), key=lambda item: -len(item[0])):
        index.setdefault(words[0], []).append((words[1:], kind, party))
    return index


def _phrase(words: str) -> tuple[str, ...]:
    return tuple(_key(token) for token in tokens_of(normalise(words)))


def _words(words: Iterable[str]) -> re.Pattern[str]:
    plain = sorted({normalise(word) for word in words} - {""}, key=len, reverse=True)
    arabic = "|".join(re.escape(word) for word in plain if _ARABIC.search(word))
    latin = "|".join(re.escape(word) for word in plain if not _ARABIC.search(word))
    branches = []
    if arabic:
        branches.append(rf"(?<!\w){_ARABIC_BEFORE}(?:{arabic})(?!\w)")
    if latin:
        branches.append(rf"(?<!\w)(?:{_LATIN_BEFORE})(?:{latin})(?!\w)")
    return re.compile("|".join(branches) if branches else r"(?!)")
