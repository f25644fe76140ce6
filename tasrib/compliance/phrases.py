"""Phrases that messages are searched for: lists in a data file, found in one pass over the words of a normalised text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from tasrib.text import normalise

Tier = Literal["sure", "maybe", "never"]
_TIERS: tuple[Tier, ...] = ("sure", "maybe", "never")
LISTS = (*_TIERS, "links", "negations")

_ARABIC = re.compile(r"[\u0600-\u06ff]")
_WORD = re.compile(r"\w+")
# What Arabic writes together with the word that follows it.
_CLITICS = re.compile(r"[وف]?(?:[بكل]?ال|لل|[بلك])?")
_LONGEST_CLITIC, _SHORTEST_STEM = 4, 3
_BETWEEN = r"[\W_]{1,6}"
# Signs of the lists, and what stands for them in a normalised text.
_SIGNS = {
    "<number>": "(?:NUM|CODE|PHONE|AMOUNT)",
    "<link>": "URL",
    "<address>": "EMAIL",
    "...": rf"\w+(?:{_BETWEEN}\w+){{0,3}}",
    "<end>": r"\W*$",
}
_SIGN = re.compile(r"<\w+>|\.\.\.|[^<>\s]+")
# A word that denies stands at most so many words before what it denies.
_DENIES_WITHIN = 3


# A phrase that was found: its kind, and where it begins and ends.
_Place = tuple[Tier, int, int]


@dataclass(frozen=True)
class _Entry:
    """A phrase behind its first word: the rest of it, and whose it is."""

    rest: re.Pattern[str]
    name: str
    tier: Tier


@dataclass
class Lexicon:
    """
    All lists of phrases, ready to be searched for together.

    Parameters
    ----------
    lists : mapping of str to mapping
        Name of each list, and its phrases by kind: ``sure`` say it, ``maybe`` leave it open, ``never`` look like it and are something
        else; ``links`` are words in an address that say it; ``negations`` are words that, shortly before, turn ``sure`` into ``maybe``.

    Notes
    -----
    In a phrase ``<number>`` stands for a number, code or telephone number, ``<link>`` and ``<address>`` for a web and an e-mail address,
    ``...`` for one to four words, ``<end>`` for the end of the message. Spelling, case, accents and what Arabic writes onto the
    beginning of a word do not matter.
    """

    lists: Mapping[str, Mapping[str, Any]]
    _index: dict[str, list[_Entry]] = field(init=False, default_factory=dict)
    _negations: dict[str, frozenset[str]] = field(init=False, default_factory=dict)
    _links: dict[str, tuple[str, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Compile each phrase once."""
        for name, kinds in self.lists.items():
            for tier in _TIERS:
                for phrase in kinds.get(tier, ()):
                    first, rest = _compiled(phrase)
                    self._index.setdefault(first, []).append(_Entry(rest, name, tier))
            self._negations[name] = frozenset(normalise(word) for word in kinds.get("negations", ()))
            self._links[name] = tuple(kinds.get("links", ()))

    def find(self, plain: str, links: Iterable[str] = ()) -> dict[str, Tier]:
        """
        Say which lists a message speaks of.

        Parameters
        ----------
        plain : str
            The message, normalised.
        links : iterable of str
            The web addresses in it, folded.

        Returns
        -------
        dict of str to {"sure", "maybe"}
            Lists of which something was found. What lies inside a phrase of ``never`` does not count.
        """
        words = [match.span() for match in _WORD.finditer(plain)]
        found: dict[str, list[_Place]] = {}
        for at, (start, end) in enumerate(words):
            for stem in _stems(plain[start:end]):
                for entry in self._index.get(stem, ()):
                    match = entry.rest.match(plain, end)
                    if match:
                        tier = entry.tier
                        if tier == "sure" and self._denied(entry.name, plain, words, at):
                            tier = "maybe"
                        found.setdefault(entry.name, []).append((tier, start, match.end()))
        strongest = {name: _strongest(places) for name, places in found.items()}
        said = {name: how for name, how in strongest.items() if how is not None}
        for name, parts in self._links.items():
            if any(part in link for link in links for part in parts):
                said[name] = "sure"
        return said

    def _denied(self, name: str, plain: str, words: list[tuple[int, int]], at: int) -> bool:
        denying = self._negations[name]
        if not denying:
            return False
        before = words[max(0, at - _DENIES_WITHIN) : at]
        return any(plain[start:end] in denying and "." not in plain[end : words[at][0]] for start, end in before)


def _strongest(places: list[_Place]) -> Tier | None:
    """The surest of the phrases found, in the order of their beginnings, that do not begin inside one of ``never``."""
    masks = iter([(start, end) for tier, start, end in places if tier == "never"])
    mask, hidden_until, left = next(masks, None), 0, set[Tier]()
    for tier, start, _ in places:
        while mask and mask[0] <= start:
            hidden_until = max(hidden_until, mask[1])
            mask = next(masks, None)
        if tier != "never" and start >= hidden_until:
            left.add(tier)
    return "sure" if "sure" in left else ("maybe" if left else None)


def _stems(word: str) -> list[str]:
    """A word as it is, and without what Arabic may have written onto its beginning."""
    ways = [word]
    if _ARABIC.match(word):
        for length in range(1, min(_LONGEST_CLITIC, len(word) - _SHORTEST_STEM) + 1):
            if _CLITICS.fullmatch(word[:length]):
                ways.append(word[length:])
    return ways


def _compiled(phrase: str) -> tuple[str, re.Pattern[str]]:
    """The first word of a phrase, and a pattern for what follows it."""
    parts: list[str] = []
    for piece in _SIGN.findall(phrase):
        if piece in _SIGNS:
            parts.append(piece)
        else:
            parts += _WORD.findall(normalise(piece))
    first, rest = parts[0], parts[1:]
    pattern = ""
    for part in rest:
        if part == "<end>":
            pattern += _SIGNS[part]
        else:
            pattern += _BETWEEN + (_SIGNS.get(part) or re.escape(part))
    return first, re.compile(rf"(?!\w){pattern}(?!\w)")


def faulty_phrase(phrase: object) -> str:
    """
    Say what is wrong with a phrase of a list.

    Parameters
    ----------
    phrase : object
        As it stands in the file.

    Returns
    -------
    str
        What is wrong; empty where nothing is.
    """
    if not isinstance(phrase, str) or not phrase.strip():
        return "is no text"
    pieces = _SIGN.findall(phrase)
    unknown = [piece for piece in pieces if piece.startswith("<") and piece not in _SIGNS]
    if unknown:
        return f"has the sign {unknown[0]}; known are {' '.join(_SIGNS)}"
    if pieces[0] in _SIGNS or not _WORD.findall(normalise(pieces[0])):
        return "begins with no word"
    return ""
