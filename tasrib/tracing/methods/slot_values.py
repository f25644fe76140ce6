"""Whether what stands at one place of many messages is as varied as names are, or a few wordings and their misspellings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

import numpy as np

from tasrib.text.skeleton import consonant_skeleton
from tasrib.tracing.methods.slot_words import MASK

# Of two people with a value, the most that may share it: 20 values that are equally frequent. First names share less (the commonest hundred
# of a country together about 0.01 to 0.02).
_ALIKE = 0.05
# Of the people with a value, the least that have one of their own: of 200 people with first names a third, of 200 who were sent the
# candidate of one of 31 districts nobody.
_ALONE = 0.15
# Spellings are compared with the most frequent ones: a misspelling is one of something.
_LEADERS, _NEAR = 10, 0.75
_SHORTEST = 3


def kept_values(fills: Mapping[int, tuple[str, ...]]) -> dict[int, str]:
    """
    Name what stands at a place, spellings of one word alike.

    Parameters
    ----------
    fills : mapping of int to tuple of str
        By person the words at the place.

    Returns
    -------
    dict of int to str
        By person a name of what stands there. Left out is who hid it: a mask, or one letter, shows that something stood there, not what.

    Notes
    -----
    Alike are words with the same consonants (`tasrib.text.skeleton`: Mohamed, Mohammed, Mouhamad), and words that resemble one of the ten
    most frequent (Ratcliff & Obershelp similarity of 0.75, as in `difflib`): letters swapped, dropped, drawn out.
    """
    known = {i: fill for i, fill in fills.items() if MASK not in fill and any(len(word) > 1 for word in fill)}
    named = {fill: _by_consonants(fill) for fill in set(known.values())}
    written: dict[str, str] = {}
    for fill in sorted(named):
        # What many names begin with (El, Al, Ben) makes none a misspelling of another.
        written.setdefault(named[fill], "".join([word for word in fill if len(word) > _SHORTEST] or fill))
    count = Counter(named[fill] for fill in known.values())
    order = sorted(count, key=lambda name: (-count[name], name))
    alike = {name: name for name in order[:1]}
    leaders = order[:1]
    for name in order[1:]:
        near = next((leader for leader in leaders if _near(written[name], written[leader])), None)
        alike[name] = near or name
        if near is None and len(leaders) < _LEADERS:
            leaders.append(name)
    return {i: alike[named[fill]] for i, fill in known.items()}


def is_varied(counts: Iterable[int]) -> bool:
    """
    Tell whether values are as varied as names.

    Parameters
    ----------
    counts : iterable of int
        How many people have each value.

    Returns
    -------
    bool
        Whether two people hardly ever share one, and enough have one of their own. Both hold for first names from 8 people to hundreds.
    """
    n = np.array(list(counts), float)
    total = n.sum()
    if total < 2:
        return False
    share_one = (n * (n - 1)).sum() / (total * (total - 1))
    return bool(share_one <= _ALIKE and (n == 1).sum() >= _ALONE * total)


def wordings_p(people: int, values: int, wordings: int) -> float:
    """
    Probability of that many different values if each person had got one of some wordings.

    Parameters
    ----------
    people, values : int
        People, and different values among them.
    wordings : int
        Wordings sent in rotation. Equally frequent, which gives the most different ones.

    Returns
    -------
    float
        Of `values` or more; 0 where there are more than `wordings`.

    Notes
    -----
    Classical occupancy: Feller, "An Introduction to Probability Theory and Its Applications", 1968, II.11.
    """
    if values > wordings:
        return 0.0
    seen = np.zeros(wordings + 1)
    seen[0] = 1.0
    k = np.arange(wordings + 1)
    for _ in range(people):
        new = np.zeros_like(seen)
        new[1:] = seen[:-1] * (wordings - k[:-1]) / wordings
        seen = seen * k / wordings + new
    return float(min(1.0, seen[values:].sum()))


def _by_consonants(fill: tuple[str, ...]) -> str:
    if any(":" in word for word in fill):
        return " ".join(fill)
    bones = "".join(consonant_skeleton(word) for word in fill).replace("_", "")
    return bones if len(bones) >= _SHORTEST else "".join(fill)


def _near(one: str, other: str) -> bool:
    if ":" in one or ":" in other:
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR
