"""How one message comes to look like many: names and towns filled in, and how people pass it on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from numpy.random import Generator

T = TypeVar("T")

_CHOICE = re.compile(r"\{([^{}]*)\}")
_LONG_WORD = re.compile(r"[^\W\d_]{5,9}")
_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{4,}")
_HARAKAT = "\u064e\u064f\u0650\u0652"
_ACCENTS = str.maketrans("éèêàâçùôîïÉÈÀ", "eeeaacuoiiEEA")
_HAMZAS = str.maketrans("أإآة", "اااه")


def pick(rng: Generator, items: Sequence[T], weights: Sequence[float] | None = None) -> T:
    """
    Draw one item.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    items : sequence
        What to draw from.
    weights : sequence of float, optional
        Weight of each item, on any scale; equal by default.

    Returns
    -------
    object
        The item itself, not numpy's copy of it.
    """
    if weights is None:
        return items[int(rng.integers(len(items)))]
    total = sum(weights)
    return items[int(rng.choice(len(items), p=[weight / total for weight in weights]))]


def filled(rng: Generator, text: str, fill: dict[str, list[str]]) -> str:
    """
    Put a word in each brace of a message.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    text : str
        With ``{one|of|several}`` or ``{name}``.
    fill : dict
        Name to words.

    Returns
    -------
    str
        The message as it was sent to one person.
    """
    return _CHOICE.sub(lambda brace: pick(rng, fill.get(brace[1]) or brace[1].split("|")), text)


def passed_on(
    rng: Generator, text: str, language: str, comments: dict[str, list[str]], endings: dict[str, list[str]]
) -> str:
    """
    A message as a complainant hands it in.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    text : str
        The message as it was sent.
    language : str
        Variety in which the complainant comments on it.
    comments : dict
        Variety to remarks.
    endings : dict
        ``emoji`` and ``stop`` to what stands at the end.

    Returns
    -------
    str
        Half of the messages unchanged; the others cut, disguised, misspelled, lengthened or quoted.
    """
    ways = ["as it is", "cut", "disguised", "typed", "emoji", "stop", "quoted"]
    way = pick(rng, ways, [48, 9, 8, 11, 8, 6, 10])
    if way == "cut":
        words = text.split(" ")
        return " ".join(words[: round(len(words) * rng.uniform(0.68, 0.88))]) + pick(rng, ["…", "...", ""])
    if way == "disguised":
        return _disguised(rng, text)
    if way == "typed":
        return _typed_again(rng, text)
    if way in endings:
        return text + pick(rng, endings[way])
    if way == "quoted":
        comment, before = pick(rng, comments[language]), rng.random() < 0.5
        return f"{comment} «{text}»" if before else f"«{text}» {comment}"
    return text


def _disguised(rng: Generator, text: str) -> str:
    """A word in dots, or some in capitals."""
    if text.isascii() and rng.random() < 0.5:
        return text.upper()
    words = list(_LONG_WORD.finditer(text))
    if not words:
        return text
    word = pick(rng, words)
    changed = ".".join(word[0]) if rng.random() < 0.6 else word[0].upper()
    return text[: word.start()] + changed + text[word.end() :]


def _typed_again(rng: Generator, text: str) -> str:
    """Accents and hamzas gone, or diacritics and a tatweel added."""
    arabic = list(_ARABIC_WORD.finditer(text))
    if not arabic or rng.random() < 0.4:
        return text.translate(_ACCENTS).translate(_HAMZAS)
    for word in reversed(arabic):
        if rng.random() < 0.35:
            changed = "".join(letter + pick(rng, _HARAKAT) for letter in word[0][:-1]) + word[0][-1]
            text = text[: word.start()] + changed + text[word.end() :]
    return text.replace("لا", "لـا", 1) if rng.random() < 0.3 else text
