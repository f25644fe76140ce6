"""Places of a campaign's message where the words differ from person to person: names, addresses, numbers, links of each one's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from tasrib.complaints.common_words import common_words
from tasrib.tracing.methods.slot_kinds import LINKED, NAMED, NONE, Place, kind_of
from tasrib.tracing.methods.slot_values import is_varied, kept_values, wordings_p
from tasrib.tracing.methods.slot_words import BEGIN, END, FAMILY, FEWEST_WORDS, GREETING, MASK, TITLE, words_of

# People whose messages are looked at; with a few dozen a slot shows already.
LOOKED_AT = 200
# People of whom a word is known at the place, and the least share of those looked at, and of those who have the words around it.
FEWEST, _SHARE, _SHARE_AROUND = 8, 0.1, 0.3
# At the very beginning people write their own words too.
_SHARE_FIRST, _LONGEST_FIRST = 0.6, 2
_LONGEST = 4
# A word is fixed that so many of the messages have; the share is low, as some campaigns have several wordings.
_FIXED, _FIXED_SHARE = 4, 1 / 8
# A fixed word is shown that half of the messages have, or that everybody uses: nobody's name is.
_SHOWN_SHARE = 0.5
_MOST_PLACES = 12
# A wording that this few people share is taken for their own.
_OWN = 2
_CONFIDENCE = 0.975
_CALLED_FIRST = re.compile(r"\W{0,10}\w{1,30}(?:[ -]\w{1,30})?\s{0,2}[,،!]")
# Most telling first.
_ORDER = (NAMED, "place-or-number", LINKED)

Words = tuple[str, ...]


@dataclass(frozen=True)
class Slots:
    """
    What `find_slots` found. No word that stood in a slot is kept.

    Attributes
    ----------
    n : int
        People whose message was looked at and has three words or more.
    n_with_slot : int
        Those who have something at a place of the kind, hidden or not.
    n_values : int
        Different words at the place where most people have some; spellings of one word count once, hidden ones do not count.
    kind : str
        ``name-like``, ``place-or-number``, ``tracked link`` or ``none``; of several the first.
    context : str
        The fixed words around that place, with ``…`` for what differs.
    p_value : float
        The larger of two, times the places looked at: see `find_slots`. 1 where nothing differs as a slot would.
    n_places : int
        Places looked at.
    """

    n: int
    n_with_slot: int
    n_values: int
    kind: str
    context: str
    p_value: float
    n_places: int


@dataclass(frozen=True)
class _Found:
    kind: str
    people: frozenset[int]
    n_values: int
    context: str
    p_value: float


def find_slots(texts: Iterable[str], regions: Sequence[str] | None = None) -> Slots:
    """
    Look for places of one campaign's message where the words differ from person to person.

    Parameters
    ----------
    texts : iterable of str, n_people of them
        What each person handed in, one message a person, in any order.
    regions : sequence of str, shape (n_people,), optional
        Where each lives; empty where unknown. A word that people of one region share is a town, or somebody who stands for
        election there.

    Returns
    -------
    Slots
        Always.

    Notes
    -----
    Words that many messages have are fixed; up to four others between two fixed ones are a place to look at, and what stands between
    the same two is collected from all messages. A rule says whether it differs as a slot does: enough people and values, few who share one,
    many with one of their own (`is_varied`); spellings near a frequent one count as it. The p-value is of an intersection-union test (Berger,
    Technometrics 1982): under "each person's edits hit this place as often as the most edited fixed word" (binomial, with the upper
    97.5% Clopper-Pearson bound of that word's rate), and under "some wordings were sent in rotation", 12 of them where somebody is called and of
    links, 30 elsewhere (`wordings_p`), whichever is larger; Bonferroni over the places.

    At most 200 people are looked at, drawn evenly from all; the work is linear in them.
    """
    rows = _drawn(list(texts), regions)
    cut = {text: words_of(text) for text in {text for text, _ in rows}}
    rows = [(text, region) for text, region in rows if len(cut[text]) >= FEWEST_WORDS + 2]
    words = [cut[text] for text, _ in rows]
    if len(rows) < FEWEST or len(set(words)) < FEWEST:
        return Slots(len(rows), 0, 0, NONE, "", 1.0, 0)
    often = Counter(word for each in words for word in set(each))
    least = max(_FIXED, len(rows) * _FIXED_SHARE)
    fixed = {word for word, n in often.items() if n >= least and word != MASK}
    places = _places(words, fixed)
    rate = _most_edited(words, fixed, set(places))
    shown = {word for word, n in often.items() if n >= _SHOWN_SHARE * len(rows) and not word.startswith(MASK)}
    found = [slot for place in places if (slot := _slot(place, rows, words, rate, shown)) is not None]
    return _told(found, len(rows), len(places))


def _drawn(texts: list[str], regions: Sequence[str] | None) -> list[tuple[str, str]]:
    """At most `LOOKED_AT` people, whatever the order in which they come."""
    rows = sorted(zip(texts, [""] * len(texts) if regions is None else regions, strict=True))
    if len(rows) <= LOOKED_AT:
        return rows
    chosen = np.random.default_rng(0).choice(len(rows), LOOKED_AT, replace=False)
    return [rows[i] for i in np.sort(chosen)]


def _told(found: list[_Found], n: int, n_places: int) -> Slots:
    for kind in _ORDER:
        of_kind = [slot for slot in found if slot.kind == kind]
        if of_kind:
            most = max(of_kind, key=lambda slot: (len(slot.people), slot.context))
            people = frozenset[int]().union(*(slot.people for slot in of_kind))
            p = min(1.0, min(slot.p_value for slot in of_kind) * n_places)
            return Slots(n, len(people), most.n_values, kind, most.context, p, n_places)
    return Slots(n, 0, 0, NONE, "", 1.0, n_places)


def _places(words: Sequence[Words], fixed: set[str]) -> list[tuple[str, str]]:
    """Pairs of fixed words with something rare between them in enough messages, most frequent first."""
    count: Counter[tuple[str, str]] = Counter()
    for each in words:
        seen = set()
        last = 0
        for i, word in enumerate(each):
            if word not in fixed:
                continue
            if 1 < i - last <= _LONGEST + 1:
                seen.add((each[last], word))
            last = i
        count.update(seen)
    # What stands last was added by who complained, or is where the message was cut off.
    kept = [(n, pair) for pair, n in count.items() if n >= FEWEST and pair[1] != END]
    return [pair for _, pair in sorted(kept, key=lambda each: (-each[0], each[1]))[:_MOST_PLACES]]


def _between(words: Words, left: str, right: str) -> Words | None:
    """What stands between two words, where they are near each other."""
    for i, word in enumerate(words):
        if word == left:
            for j in range(i + 1, min(i + _LONGEST + 2, len(words))):
                if words[j] == right:
                    return words[i + 1 : j]
    return None


def _most_edited(words: Sequence[Words], fixed: set[str], places: set[tuple[str, str]]) -> float:
    """
    How often people's own edits hit one place, at most: of three fixed words in a row, the share that has something of its own for the second.

    Half where no three stand in a row often enough.
    """
    rows: Counter[Words] = Counter()
    for each in words:
        threes = zip(each, each[1:], each[2:], strict=False)
        rows.update({three for three in threes if fixed.issuperset(three)})
    neighbours = {(first, third) for (first, _, third), n in rows.items() if 2 * n >= len(words)} - places
    rates = []
    for left, right in sorted(neighbours):
        there = Counter(fill for each in words if (fill := _between(each, left, right)) is not None)
        own = sum(n for fill, n in there.items() if fill and n <= _OWN)
        rates.append(_upper(own, there.total()))
    return max(rates, default=0.5)


def _upper(k: int, n: int) -> float:
    return 1.0 if k >= n else float(stats.beta.ppf(_CONFIDENCE, k + 1, n - k))


def _slot(
    place: tuple[str, str], rows: Sequence[tuple[str, str]], words: Sequence[Words], rate: float, shown: set[str]
) -> _Found | None:
    there = {i: fill for i, each in enumerate(words) if (fill := _between(each, *place)) is not None}
    filled = {i: fill for i, fill in there.items() if fill}
    if place[0] == BEGIN and not _called_first(filled, rows):
        return None
    values = kept_values(filled)
    if len(values) < FEWEST or len(filled) < max(_SHARE * len(rows), _SHARE_AROUND * len(there)):
        return None
    counts = Counter(values.values())
    if not is_varied(counts.values()):
        return None
    beside = Counter(_beside(words[i], place) for i in filled)
    near = max(beside, key=lambda each: (beside[each], each))
    said = Place(
        fills=[filled[i] for i in values],
        texts=[rows[i][0] for i in values],
        values=list(values.values()),
        regions=[rows[i][1] for i in values],
        before=near[0],
        after=near[1],
    )
    kind, wordings = kind_of(said)
    if kind == NONE:
        return None
    own = sum(n for n in Counter(filled.values()).values() if n <= _OWN)
    p_edits = float(stats.binom.sf(own - 1, len(there), rate))
    p = max(p_edits, wordings_p(len(values), len(counts), wordings))
    return _Found(kind, frozenset(filled), len(counts), _context(near, shown), p)


def _called_first(filled: dict[int, Words], rows: Sequence[tuple[str, str]]) -> bool:
    """Whether messages begin by calling somebody ("Fatima, ..."), and not with a remark or the header of a chat that was copied."""
    short = [i for i, fill in filled.items() if len(fill) <= _LONGEST_FIRST]
    called = sum(_CALLED_FIRST.match(rows[i][0]) is not None for i in short)
    return called >= _SHARE_FIRST * len(rows)


def _beside(words: Words, place: tuple[str, str]) -> tuple[Words, Words]:
    """Up to four words before the place and two after it."""
    left = next(i for i, word in enumerate(words) if word == place[0] and place[1] in words[i + 1 : i + _LONGEST + 2])
    right = words.index(place[1], left + 1)
    return words[max(0, left - 3) : left + 1], words[right : right + 2]


def _context(near: tuple[Words, Words], shown: set[str]) -> str:
    """Words around the slot. One that too few messages have might be somebody's: nothing beyond it is shown."""
    before, after = near
    left: list[str] = []
    for word in reversed(before):
        if (said := _said(word, shown)) is None:
            break
        left.insert(0, said)
    right: list[str] = []
    for word in after:
        if (said := _said(word, shown)) is None:
            break
        right.append(said)
    return " ".join(filter(None, [*left[-2:], "…", *right]))


def _said(word: str, shown: set[str]) -> str | None:
    if word in (BEGIN, END):
        return ""
    if word in (GREETING, TITLE, FAMILY):
        return f"[{word.casefold()}]"
    if ":" in word or word.isupper():
        return "#"
    return word if word in shown or word in common_words() else None
