"""Disguises that only the whole text gives away: letters as flags, upside down, mirrored, backwards, spread out, digits for letters."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from phonenumbers import SUPPORTED_REGIONS

from tasrib._resources import resource
from tasrib.complaints.common_words import LEAST_WITH_ARTICLE, common_words, known_words

Simple = dict[int, str] | tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]] | list[int]
"""What is done to a text: a table of characters, a pattern and what replaces it, or the order in which its characters are read."""

_OVERRIDES = ("\u202d", "\u202e")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+")
# Those with telephones, and the others that have a flag (Unicode TS 51, emoji flag sequences).
_WITHOUT_TELEPHONES = (
    "AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "EH", "EU", "GS", "HM", "IC", "PN", "TA", "TF", "UM", "UN", "XK",
)  # fmt: skip
_REGIONS = frozenset({*SUPPORTED_REGIONS, *_WITHOUT_TELEPHONES})
_FLAG_LETTERS = {0x1F1E6 + n: chr(ord("a") + n) for n in range(26)}
# Of a text that is turned, this many letters give it away, and this share of all.
_LEAST_UPSIDE_DOWN, _LEAST_SHARE = 3, 0.1
# Words that must make sense backwards or read with letters for digits; and how many times as many as forwards.
LEAST_TURNED, _TIMES = 3, 3

_WORD_OF_LETTERS = re.compile(r"[^\W\d_A-Z]{3}")
# Shorter ones are often words both ways.
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_ALONE = re.compile(r"(?<![^\W_])[^\W\d_](?![^\W_])")
_GAP = re.compile(r"(?<=[^\W_])[\W_]+(?=[^\W_])")
_SIGNS_BETWEEN = re.compile(r"(?<=[^\W_])(?:[^\w\s]|_)+(?=[^\W_])")
_LEAST_ALONE = 8

_LEET_WORD = re.compile(r"(?<!\S)(?=\S{0,30}[a-z])(?=\S{0,30}[0134578@$!+])[a-z0134578@$!+]{2,30}(?=[.,;:?»)]*(?!\S))")
LEET_SPOT = re.compile(r"[a-z][0134578@$+!]|[0134578@$+!][a-z]")
_LEET = [str.maketrans("034578@$+!1", "oeastbast" + "i" + one) for one in "il"]
# Alone, or before a number, it is the sign of a diameter.
_BARRED_O = re.compile("(?<=[a-z])ø|ø(?=[a-z])")


def unveil(text: str) -> tuple[Simple, ...]:
    """
    Find what undoes the disguise of a text that was not folded yet.

    Parameters
    ----------
    text : str
        A message as received.

    Returns
    -------
    tuple
        What to do to it, in order: letters for regional indicators that spell words and not flags, upright letters for turned and
        mirrored ones, the order of reading where it runs backwards or the writing direction is overridden. Mostly nothing.
    """
    if text.isascii():
        return ()
    steps: list[Simple] = []
    if any(not _all_flags(run) for run in _FLAGS.findall(text)):
        steps.append(_as_table(_FLAG_LETTERS, text))
    steps += _upright(text)
    if any(mark in text for mark in _OVERRIDES) and _backwards_makes_more_sense(text, 1, 1):
        steps.append(_backwards(text))
    return tuple(steps)


def is_odd(word: str) -> bool:
    """
    Tell what `unveil` might undo by one word.

    Parameters
    ----------
    word : str
        A word as received.

    Returns
    -------
    bool
        False where it holds nothing that `unveil` looks for; of a text of such words `unveil` finds nothing.
    """
    return not word.isascii() and _odd_letters().search(word) is not None


def backwards(word: str) -> int:
    """
    Count what makes sense backwards in one word.

    Parameters
    ----------
    word : str
        A folded word.

    Returns
    -------
    int
        How many of its runs of letters do. In a text that has fewer than `LEAST_TURNED` of them, as many of `LEET_SPOT`, and no barred o,
        `turn_round` finds nothing.
    """
    common = _common_backwards()
    return sum(
        run in common or (len(run) >= LEAST_WITH_ARTICLE and run.endswith("لا")) for run in _LONG_WORD.findall(word)
    )


def turn_round(text: str) -> tuple[Simple, ...]:
    """
    Find whether a folded text is written backwards or with digits for letters.

    Parameters
    ----------
    text : str
        A folded message.

    Returns
    -------
    tuple
        What to do to it: nothing unless several of its common words stand there backwards, or in digits.
    """
    words = text.split()
    found: list[Simple] = []
    if not _common_backwards().isdisjoint(words) and _backwards_makes_more_sense(text, LEAST_TURNED, _TIMES):
        found.append(_backwards(text))
    if len(LEET_SPOT.findall(text)) >= LEAST_TURNED and sum(map(_spells_a_word, set(words))) >= LEAST_TURNED:
        found.append((_LEET_WORD, lambda m: _read_leet(m.group())))
    if "ø" in text:
        found.append((_BARRED_O, "o"))
    return tuple(found)


def draw_together(text: str) -> tuple[Simple, ...]:
    """
    Find whether a folded text is spread out letter by letter as a whole.

    Parameters
    ----------
    text : str
        A folded message, links and numbers replaced by typed tokens.

    Returns
    -------
    tuple
        A pattern for what stands between the letters of one word; words stay apart where more stands between them.
    """
    if _WORD_OF_LETTERS.search(text) or len(_ALONE.findall(text)) < _LEAST_ALONE:
        return ()
    gaps = Counter(_GAP.findall(text))
    gap, times = gaps.most_common(1)[0]
    if 2 * times < gaps.total():
        return ((_SIGNS_BETWEEN, ""),)
    return ((re.compile(rf"(?<=[^\W_A-Z]){re.escape(gap)}(?=[^\W_A-Z])"), ""),)


@cache
def look_alikes() -> dict[str, str]:
    """
    Letters that have one reading wherever they stand.

    Returns
    -------
    dict of str to str
        From ``data/reference/look_alikes.toml``.
    """
    return {a: b for table in _tables()["one"] for a, b in zip(table["drawn"], table["read"], strict=True)}


@cache
def _tables() -> dict[str, list[dict[str, Any]]]:
    with resource("reference", "look_alikes.toml").open("rb") as file:
        return tomllib.load(file)


def _all_flags(run: str) -> bool:
    letters = run.translate(_FLAG_LETTERS).upper()
    return len(letters) % 2 == 0 and all(letters[i : i + 2] in _REGIONS for i in range(0, len(letters), 2))


def _as_table(table: dict[int, str], text: str) -> dict[int, str]:
    """A table that knows all characters of a text."""
    return {ord(c): table.get(ord(c), c) for c in set(text)}


@cache
def _odd_letters() -> re.Pattern[str]:
    return re.compile("|".join((_FLAGS.pattern, _turned_letters().pattern, *_OVERRIDES)))


@cache
def _turned_letters() -> re.Pattern[str]:
    return re.compile(
        "[" + re.escape("".join({c for t in _tables()["turned"] for c in t["drawn"] if c.isalpha()})) + "]"
    )


def _upright(text: str) -> list[Simple]:
    found = len(_turned_letters().findall(text))
    if found < _LEAST_UPSIDE_DOWN or found < _LEAST_SHARE * sum(map(str.isalpha, text)):
        return []
    best: list[Simple] = []
    most = known_words(text)[0]
    for table in _tables()["turned"]:
        drawn = dict(zip(map(ord, table["drawn"]), table["read"], strict=True))
        swapped = dict(zip(map(ord, table["swapped"]), table["for"], strict=True))
        for letters in (drawn | swapped, drawn):
            upright = _as_table(letters, text.casefold() + text)
            ways: list[list[Simple]] = [[upright, _backwards(text)], [upright]]
            for way in ways:
                known = known_words(apply_simple(text, way))[0]
                if known > most:
                    best, most = way, known
    return best


def apply_simple(text: str, steps: Iterable[Simple]) -> str:
    """
    Do to a text what was found.

    Parameters
    ----------
    text : str
        A text.
    steps : iterable
        From the functions of this module.

    Returns
    -------
    str
        The text after all of them.
    """
    for step in steps:
        if isinstance(step, dict):
            text = text.translate(step)
        elif isinstance(step, list):
            text = "".join([text[place] for place in step])
        else:
            text = step[0].sub(step[1], text)
    return text


def _backwards(text: str) -> list[int]:
    """The order of reading of each line from its end."""
    order, start = [], 0
    for line in text.splitlines(keepends=True):
        body = len(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
        order += [*range(start + body - 1, start - 1, -1), *range(start + body, start + len(line))]
        start += len(line)
    return order


def _backwards_makes_more_sense(text: str, least: int, times: int) -> bool:
    ways = (apply_simple(text, [_backwards(text)]), text)
    backwards, forwards = (known_words(" ".join({*_LONG_WORD.findall(way)}))[0] for way in ways)
    return backwards >= least and backwards >= times * forwards


@cache
def _common_backwards() -> frozenset[str]:
    return frozenset(word[::-1] for word in common_words())


def _spells_a_word(word: str) -> bool:
    bare = word.strip(".,;:?»()\"'")
    return _LEET_WORD.fullmatch(bare) is not None and any(bare.translate(table) in common_words() for table in _LEET)


def _read_leet(word: str) -> str:
    ways: Sequence[str] = [word.translate(table) for table in _LEET]
    return next((way for way in ways if way in common_words()), ways[0])
