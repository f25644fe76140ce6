"""Headings that are questions: what they speak of, and which field they ask for. The words are in ``headers.toml``."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from typing import Any

from tasrib.complaints.words import forms, reference, tokens, vocabulary

_TAG = re.compile(r"<[^<>]{0,300}>")
_LANGUAGE = re.compile(r"::[^:]*$")
# "Q1.", "G01Q02.", "[SQ001]", "1)", "a)", "Question 3 :", "السؤال 2 -"; the same again may follow.
_NUMBERING = re.compile(
    r"(?:(?:question|السؤال|سؤال|س)?\s{0,3}(?:[(\[]{0,2}(?:[a-z]{0,4}\d{1,6}°?){1,3}(?:_\w{1,12})?(?:\[\w{1,12}\])?[)\]]{0,2}|[(\[][a-z]{1,3}\d{0,6}[)\]]|[a-z]\))"
    r"\s{0,3}(?:[.):\-–—/]|\s(?=\D)|_(?=[a-z]{3,20}_))\s{0,3})",
    re.IGNORECASE,
)
_LONGEST_WORD = 20
# After one of these "avez-vous" does not ask for yes or no.
_OPENS = frozenset({"interrogative", "how", "who", "polite", "count", "why"})
_MARKS_AT_END = " \t\r\n*:؟?.…-–—"


class Rank(IntEnum):
    """How strongly a column claims a field."""

    MAPPED = 6
    FIELD_NAME = 5
    EXPLICIT = 4
    NAME = 3
    WEAK_NAME = 1
    OF_THE_FORM = 0


_RANKS = {"explicit": Rank.EXPLICIT, "plain": Rank.NAME, "weak": Rank.WEAK_NAME, "form": Rank.OF_THE_FORM}


@dataclass(frozen=True)
class Spoken:
    """
    What a heading speaks of.

    Parameters
    ----------
    parts : tuple of frozenset of str
        Of each word or phrase, in order, the concepts it stands for; an unknown word stands for none.
    """

    parts: tuple[frozenset[str], ...]

    @property
    def concepts(self) -> frozenset[str]:
        """All of them."""
        return frozenset().union(*self.parts)

    @property
    def strange(self) -> bool:
        """Whether there is a word that nothing is known of."""
        return not all(self.parts)


@lru_cache(maxsize=65_536)
def plain(heading: str) -> str:
    """
    Take from a heading what tools and forms put round it.

    Parameters
    ----------
    heading : str
        Such as ``<p>Q1. Votre num&eacute;ro *</p>``.

    Returns
    -------
    str
        Without tags, entities, numbering, the name of a language, and marks at the end.

    Examples
    --------
    >>> plain("<b>Q1.</b> Votre num&eacute;ro&nbsp;? *")
    'Votre numéro'
    """
    text = heading
    if "<" in heading or "&" in heading:
        text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", heading)))
    text = " ".join(_LANGUAGE.sub("", text.replace("\ufeff", "")).split())
    while match := _NUMBERING.match(text):
        if match.end() >= len(text):
            break
        text = text[match.end() :]
    return text.lstrip("*").rstrip(_MARKS_AT_END).strip()


@dataclass(frozen=True)
class _Phrase:
    """Some words that stand for concepts; `begun`: the last of them may end in any way."""

    words: tuple[str, ...]
    begun: bool
    concepts: frozenset[str]

    def fits(self, given: Sequence[str]) -> bool:
        """Whether words of a heading, as many as these and the first of them the same, are these."""
        *middle, last = given
        return tuple(middle[1:]) == self.words[1:-1] and (
            last.startswith(self.words[-1]) if self.begun else last == self.words[-1]
        )


@cache
def _lexicon() -> tuple[dict[str, list[_Phrase]], dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Phrases by their first word, longest first; single words; beginnings of words."""
    found: dict[tuple[tuple[str, ...], bool], set[str]] = {}
    for name, entry in vocabulary("concept").items():
        for words in entry["words"]:
            found.setdefault((tuple(tokens(words)), words.endswith("*")), set()).add(name)
    asking = {words[0] for (words, _), names in found.items() if len(words) == 1 and "interrogative" in names}
    for (words, _), names in found.items():
        if len(words) > 1 and asking.intersection(words):
            names.add("interrogative")
    phrases: dict[str, list[_Phrase]] = {}
    for (words, begun), names in sorted(found.items(), key=lambda item: -len(item[0][0])):
        if len(words) > 1:
            phrases.setdefault(words[0], []).append(_Phrase(words, begun, frozenset(names)))
    single = {words[0]: frozenset(names) for (words, begun), names in found.items() if len(words) == 1 and not begun}
    begins = {words[0]: frozenset(names) for (words, begun), names in found.items() if len(words) == 1 and begun}
    return phrases, single, begins


def _concepts_of(token: str) -> frozenset[str]:
    """What one word stands for: itself, or the longest beginning that is known."""
    _, single, begins = _lexicon()
    begun = frozenset[str]()
    for form in forms(token):
        begun = begun or next(
            (
                begins[form[:length]]
                for length in range(min(len(form), _LONGEST_WORD), 1, -1)
                if form[:length] in begins
            ),
            frozenset(),
        )
        if form in single:
            return single[form] | begun
    return begun


def _phrase_at(words: Sequence[str], start: int) -> tuple[int, frozenset[str]]:
    """How many words the longest phrase at a place has, and what it stands for."""
    phrases, _, _ = _lexicon()
    for first in forms(words[start]):
        for phrase in phrases.get(first, ()):
            given = words[start : start + len(phrase.words)]
            if len(given) == len(phrase.words) and phrase.fits(given):
                return len(given), phrase.concepts
    return 1, _concepts_of(words[start])


@lru_cache(maxsize=65_536)
def speak(heading: str) -> Spoken:
    """
    Say what a heading speaks of.

    Parameters
    ----------
    heading : str
        Any text.

    Returns
    -------
    Spoken
        Its concepts, as ``headers.toml`` lists them.
    """
    words, parts, position, asked = tokens(heading), list[frozenset[str]](), 0, False
    while position < len(words):
        length, concepts = _phrase_at(words, position)
        asked = asked or not concepts.isdisjoint(_OPENS)
        # "À quelle date avez-vous …" asks for a date; only without "quelle" it asks for yes or no.
        parts.append(concepts - {"closed"} | {"filler"} if asked and "closed" in concepts else concepts)
        position += length
    return Spoken(tuple(parts))


@cache
def _heads() -> frozenset[str]:
    return frozenset(name for rule in reference("headers.toml")["question"] for name in rule.get("head", ()))


def _head(spoken: Spoken) -> frozenset[str]:
    """What is asked for, or nothing where a word that is unknown stands before it."""
    for opening in ("interrogative", "copy"):
        asked = [position for position, part in enumerate(spoken.parts) if opening in part]
        if asked:
            break
    for part in spoken.parts[asked[0] if asked else 0 :]:
        if part & _heads():
            return part & _heads()
        if not part:
            return frozenset()
    for part in spoken.parts if asked else ():
        if part & _heads():
            return part & _heads()
        if not part:
            break
    return spoken.concepts & {"copy"}


def _fits(rule: dict[str, Any], spoken: Spoken, head: frozenset[str]) -> bool:
    concepts = spoken.concepts
    return (
        (not rule.get("head") or bool(head.intersection(rule["head"])))
        and concepts.issuperset(rule.get("all", ()))
        and (not rule.get("any") or not concepts.isdisjoint(rule["any"]))
        and concepts.isdisjoint(rule.get("never", ()))
        and (rule.get("closed", False) or "closed" not in concepts)
        and not (rule.get("alone") and spoken.strange)
    )


@lru_cache(maxsize=65_536)
def ask(heading: str) -> tuple[str, Rank] | None:
    """
    Say which field a heading asks for.

    Parameters
    ----------
    heading : str
        A question, a request, or some words; see `plain`.

    Returns
    -------
    tuple of str and Rank, or None
        The field and how sure it is; None where nothing is sure.

    Examples
    --------
    >>> ask("Quel numéro vous a envoyé le message ?")
    ('sender', <Rank.EXPLICIT: 4>)
    """
    spoken = speak(heading)
    head = _head(spoken)
    for rule in reference("headers.toml")["question"]:
        if _fits(rule, spoken, head):
            return (rule["field"], _RANKS[rule["rank"]]) if rule["field"] else None
    return None
