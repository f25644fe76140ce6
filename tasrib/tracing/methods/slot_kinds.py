"""What it is that differs from message to message: a name, a place or number, a link, or nothing that says who was written to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

from tasrib.complaints.common_words import common_words
from tasrib.text.fold import FOLD
from tasrib.tracing.methods.slot_words import BEGIN, CODE, FAMILY, GREETING, LINK, NUMBER, TITLE, addressing

NAMED, PLACED, LINKED, NONE = "name-like", "place-or-number", "tracked link", "none"
# Wordings that a sender may have rotated: where somebody is called, a name is what one expects; elsewhere towns and candidates differ too.
_ROTATED_WHERE_CALLED, _ROTATED = 12, 30
_ROTATED_LINKS = 12
_MOST = 0.5
# Of words that are no names most are common ones.
_LEAST_RARE = 0.6
_BY_REGION, _FEWEST_PAIRS = 0.01, 10
_LONG_NUMBER = 4
_IN, _NEARLY_ALL = "بف", 0.8
_LATIN = re.compile(r"[a-z]")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Place:
    """
    A place where words differ.

    Attributes
    ----------
    fills, texts, values, regions : sequences, shape (n_people,)
        The words there, the messages, what the words are a spelling of, and where people live (empty where unknown).
    before, after : tuple of str
        The words before it (four at most) and after it (two at most).
    """

    fills: Sequence[tuple[str, ...]]
    texts: Sequence[str]
    values: Sequence[str]
    regions: Sequence[str]
    before: tuple[str, ...]
    after: tuple[str, ...]


def kind_of(place: Place) -> tuple[str, int]:
    """
    Say what differs at a place.

    Parameters
    ----------
    place : Place
        One whose values are varied.

    Returns
    -------
    kind : str
        ``name-like``: words that are no common ones, after a greeting or a word such as "your son", at the very beginning, or elsewhere with a
        capital (in Arabic letters: without), but not beside words that tell of a candidate, a sender or a town, and not shared by people of one
        region. ``place-or-number``: words or numbers beside words such as school, street or polling station. ``tracked link``: links, codes, and
        numbers of four digits or more that nothing says the meaning of. Else ``none``.
    wordings : int
        How many wordings in rotation have to be ruled out.
    """
    words = addressing()
    before, after = place.before, place.after[:1]
    typed = _typed(place.fills)
    placed = not words["places"].isdisjoint((*before, *after))
    if typed and not (placed and typed == NUMBER):
        return (NONE if typed == NUMBER and _short(place.fills) else LINKED), _ROTATED_LINKS
    if typed:
        return PLACED, _ROTATED
    if _share(_is_rare(fill) for fill in place.fills) < _LEAST_RARE or not words["candidates"].isdisjoint(after):
        return NONE, _ROTATED
    if before[-1] in (GREETING, FAMILY) or before in ((BEGIN,), (BEGIN, TITLE)):
        return NAMED, _ROTATED_WHERE_CALLED
    if not words["candidates"].isdisjoint(before) or not words["senders"].isdisjoint(before[-3:]):
        return NONE, _ROTATED
    if placed:
        return PLACED, _ROTATED
    bare = before[:-1] if before[-1] == TITLE else before
    towns = not words["towns"].isdisjoint((*before, *after)) or not words["prepositions"].isdisjoint(bare[-1:])
    towns = towns or _with_preposition(place.fills) or _goes_by_region(place.values, place.regions)
    return (NAMED if not towns and _capitalised(place) else NONE), _ROTATED


def _short(fills: Sequence[tuple[str, ...]]) -> bool:
    """Whether most numbers are such as count days or seats."""
    return _share(max(sum(map(str.isdecimal, word)) for word in fill) < _LONG_NUMBER for fill in fills) > _MOST


def _with_preposition(fills: Sequence[tuple[str, ...]]) -> bool:
    """Whether nearly all begin with the letter that is "in" when it is written together with an Arabic word."""
    firsts = Counter(fill[0][0] for fill in fills)
    return max(firsts[letter] for letter in _IN) > _NEARLY_ALL * len(fills)


def _typed(fills: Sequence[tuple[str, ...]]) -> str:
    """`LINK`, `CODE` or `NUMBER` where most fills are such; else nothing."""
    kinds: Counter[str] = Counter()
    for fill in fills:
        starts = {start for start in (LINK, CODE, NUMBER) if any(word.startswith(start) for word in fill)}
        kinds.update(starts if len(fill) <= 2 else ())
    kind, n = kinds.most_common(1)[0] if kinds else ("", 0)
    return kind if n > _MOST * len(fills) else ""


def _is_rare(fill: tuple[str, ...]) -> bool:
    return any(word.isalpha() and len(word) > 1 and word not in common_words() for word in fill)


def _capitalised(place: Place) -> bool:
    """
    Whether most words there have a capital where that says something.

    It says nothing of Arabic letters, nor in a message that is written in capitals, nor of one without any.
    """
    told = []
    for fill, text in zip(place.fills, place.texts, strict=True):
        if not _LATIN.search("".join(fill)):
            continue
        spelled = _WORD.findall(text)
        first = fill[0]
        mine = [word for word in spelled if word.translate(FOLD) == first]
        lower = sum(word.islower() for word in spelled)
        if mine and 2 * lower > len(spelled):
            told.append(mine[0][:1].isupper())
    return not told or _share(told) > _MOST


def _goes_by_region(values: Sequence[str], regions: Sequence[str]) -> bool:
    """
    Whether people with the same value live in the same region more often than others do.

    Pairs of people, binomial: an approximation, on the side of taking a word for a place.
    """
    known = [(value, region) for value, region in zip(values, regions, strict=True) if region]
    alike = _pairs(Counter(value for value, _ in known))
    if alike < _FEWEST_PAIRS:
        return False
    both = _pairs(Counter(known))
    expected = _pairs(Counter(region for _, region in known)) / (len(known) * (len(known) - 1) / 2)
    return float(stats.binom.sf(both - 1, alike, expected)) < _BY_REGION


def _pairs(counts: Counter) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def _share(flags) -> float:
    flags = list(flags)
    return sum(flags) / len(flags) if flags else 0.0
