"""The contestants of a country, and how their names and the words around them are found in normalised text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

# The file's own comments say what each kind holds.
PartyKind = Literal[
    "name",
    "proper name",
    "short name",
    "short initials",
    "symbol",
    "everyday",
    "homely",
    "emoji",
    "everyday emoji",
    "daily",
]
CueKind = Literal["cue", "vote", "own", "against", "repel", "hostile", "doubt", "trade", "when", "speaks"]
# A full name of a contestant of another country: nobody's here.
Kind = PartyKind | CueKind | Literal["foreign"]
# By the first word of a phrase: its other words, its kind and its party.
Index = dict[str, list[tuple[tuple[str, ...], Kind, str]]]
# A clitic, whether it holds the article, and the rest of a phrase as in the index.
_Opening = tuple[str, bool, tuple[str, ...], Kind, str]
# What may begin with a word: the first phrase of that word alone, and by their second word the longer ones.
_Opens = tuple[_Opening | None, dict[str, list[_Opening]]]

ARABIC = re.compile(r"[\u0600-\u06ff]")
# Clitics and articles that Arabic and Darija write together with the noun; those with the article make it definite.
ARABIC_BEFORE = r"[وف]?(?:[بك]?ال|[بلكعد]?ل|[بلكد])?"
LATIN_BEFORE = r"(?:[dlwfbk]['’ -]?)?(?:al|el|l|d)?[' -]?"
_CLITICS = re.compile(rf"{ARABIC_BEFORE}|[وف]?[عدف]ال|[وف]?[بع]?لل|[wfbdkmn]?(?:al|el|l)?")
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


class Mark(NamedTuple):
    """
    Something in a message that a party or a cue is known by.

    Attributes
    ----------
    kind : Kind
        Kind of mention or cue.
    party : str
        Its party's id; empty for a cue, and for a contestant of another country.
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
        Initials by which it is known, elsewhere than in Morocco after the country's code ("fr-ps").
    name_ar, name_fr : str
        Official names; where one is not known, the other.
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
    members : dict of str to frozenset of str
        By the id of an alliance, the parties in it.
    """

    parties: tuple[Party, ...]
    index: Index
    leading: frozenset[str]
    rejecting: frozenset[str]
    members: dict[str, frozenset[str]]

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


class _Openings(dict[str, _Opens | None]):
    """The phrases that may begin with a word, which is parted into clitics and the rest the first time it is met."""

    def __init__(self, index: Index) -> None:
        super().__init__()
        self.index = index

    def __missing__(self, token: str) -> _Opens | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        alone: _Opening | None = None
        longer: dict[str, list[_Opening]] = {}
        for clitic, definite, stem in _stems(token):
            for rest, kind, party in self.index.get(stem, ()):
                opening = (clitic, definite, rest, kind, party)
                if rest:
                    longer.setdefault(rest[0], []).append(opening)
                else:
                    alone = alone or opening
        self[token] = found = (alone, longer) if alone or longer else None
        return found


def _mark_at(tokens: list[str], opens: _Opens, at: int) -> Mark | None:
    best, longer = opens
    longest = at + 1
    if longer and longest < len(tokens):
        for opening in longer.get(key_of(tokens[longest]), ()):
            rest = opening[2]
            end = at + 1 + len(rest)
            if end > longest and tuple(map(key_of, tokens[at + 2 : end])) == rest[1:]:
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
def key_of(word: str) -> str:
    """
    Part a word from how it is spelt.

    Parameters
    ----------
    word : str
        From `tokens_of`.

    Returns
    -------
    str
        The same for the spellings of a word of Darija or Tamazight; Arabic letters stay.
    """
    word = word.translate(_TIFINAGH)
    if len(word) <= _LEAST_STEM or ARABIC.search(word):
        return word
    for written, meant in _EXCHANGED:
        word = word.replace(written, meant)
    return _DOUBLED.sub(r"\1", word)


def _stems(token: str) -> tuple[tuple[str, bool, str], ...]:
    """Each way to part a word into clitics and the rest: (clitics, whether they hold the article, key of the rest)."""
    ways = [("", False, key_of(token))]
    token = token.translate(_TIFINAGH)
    for length in range(1, min(_LONGEST_CLITIC, len(token) - _LEAST_STEM) + 1):
        clitic = token[:length]
        # One Latin letter alone is a clitic before longer words only: "mois", "fois" and "dans" have none.
        if _CLITICS.fullmatch(clitic) and (
            length > 1 or len(token) > _LEAST_STEM + 1 or ARABIC.match(token) or clitic == "l"
        ):
            definite = clitic.endswith(("ال", "لل", "l")) or clitic in ("ل", "عل", "بل", "كل", "دل")
            ways.append((clitic, definite, key_of(token[length:])))
    # "our tractor" is the tractor.
    ways += [
        (clitic, True, stem[:-2]) for clitic, _, stem in ways if len(stem) > _LEAST_STEM + 2 and stem.endswith("نا")
    ]
    return tuple(ways)
