"""Campaigns of different contestants that use one template: near-duplicates once names, symbols and emoji of contestants are masked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np

from tasrib.attribute.contest import Contest
from tasrib.attribute.rules import without_contestants
from tasrib.text.groups import Groups
from tasrib.text.near_duplicates import groups_of_stored
from tasrib.text.stored import Scratch, Stored

# Messages of a campaign that stand for it where templates are compared. One message alone, as somebody may have quoted it among
# words of their own, makes no template.
_LOOKED_AT, _FEWEST_MESSAGES = 5, 2
# Texts masked at a time.
_BLOCK = 10_000


class Parted(NamedTuple):
    """
    Messages parted into campaigns.

    Attributes
    ----------
    campaign : numpy.ndarray of int, shape (n,)
        Number of the campaign of each message.
    firsts : numpy.ndarray of int, shape (n_campaigns,)
        The message that names each.
    group : numpy.ndarray of int, shape (n_campaigns,)
        Its group of near-duplicates; ascending.
    whose : numpy.ndarray of int, shape (n_campaigns,)
        Its contestant: a place in `contestants`.
    contestants : sequence of str
        A party; or empty, or with ``-`` or ``?`` before it, for what is no party's own.
    rank : numpy.ndarray of int, shape (n,)
        The place of each message in the order of the alphabet.
    """

    campaign: np.ndarray
    firsts: np.ndarray
    group: np.ndarray
    whose: np.ndarray
    contestants: Sequence[str]
    rank: np.ndarray


def templates_of(
    stored: Stored, when: np.ndarray, times: np.ndarray, parted: Parted, contest: Contest | None, similarity: float,
    scratch: Scratch,
) -> np.ndarray:  # fmt: skip
    """
    Find the template of each campaign.

    Parameters
    ----------
    stored, when, times
        As of `tasrib.attribute.naming.Messages`.
    parted : Parted
        The campaigns.
    contest, similarity
        As for `tasrib.attribute.name_campaigns`.
    scratch : callable
        Makes a file for what is too much for memory.

    Returns
    -------
    numpy.ndarray of int64, shape (n_campaigns,)
        Its name as a number; -1 where only one contestant uses it.
    """
    n = len(parted.firsts)
    templates = np.full(n, -1, np.int64)
    known = np.bincount(parted.campaign, times, minlength=n) >= _FEWEST_MESSAGES
    of_party = np.array([name != "" and name[0] not in "-?" for name in parted.contestants], bool)[parted.whose]
    if len(np.unique(parted.whose[known & of_party])) < 2:
        return templates
    masked, begins = _masked(stored, when, parted, contest, scratch)
    alike = groups_of_stored(masked, masked.ranks(), similarity, scratch)
    # Campaigns of one group of near-duplicates share it already; the rest may differ by more than a name, once it is masked.
    shared = Groups(n)
    same = np.flatnonzero(parted.group[1:] == parted.group[:-1])
    shared.join(same, same + 1)
    by_likeness = np.argsort(alike, kind="stable")
    of = (np.searchsorted(begins, by_likeness, "right") - 1).astype(np.int32)
    same = np.flatnonzero(np.diff(alike[by_likeness]) == 0)
    shared.join(of[same], of[same + 1])
    template = shared.settle()
    # Only templates of several parties have a name.
    pairs = np.unique(np.column_stack([template, parted.whose])[known & of_party], axis=0)
    several = np.zeros(n, bool)
    several[pairs[1:, 0][pairs[1:, 0] == pairs[:-1, 0]]] = True
    members = np.flatnonzero(known & several[template])
    members = members[np.argsort(template[members], kind="stable")]
    for numbers in np.split(members, np.flatnonzero(np.diff(template[members])) + 1) if len(members) else ():
        moments = when[parted.firsts[numbers]]
        earliest = numbers[moments == moments.min()]
        templates[numbers] = hashed(min(masked.some(begins[earliest])))
    return templates


def _masked(
    stored: Stored, when: np.ndarray, parted: Parted, contest: Contest | None, scratch: Scratch
) -> tuple[Stored, np.ndarray]:
    """The first messages of each campaign, masked, that which names it before all; and where those of each begin."""
    masked, counts = Stored(scratch), np.empty(len(parted.firsts), np.int8)
    rows = np.lexsort((parted.rank, when, parted.campaign)).astype(np.int32)
    edges = np.flatnonzero(np.diff(parted.campaign[rows], prepend=-1, append=-1))
    texts: list[str] = []
    for number, (start, stop) in enumerate(pairwise(edges)):
        looked_at = dict(_looked_at(stored, int(parted.firsts[number]), rows[start:stop]))
        counts[number] = len(looked_at)
        texts += [without_contestants(text, contest, plain=plain) for text, plain in looked_at.items()]
        if len(texts) >= _BLOCK:
            masked.add(texts)
            texts = []
    masked.add(texts)
    return masked, np.cumsum(counts, dtype=np.int64) - counts


def _looked_at(stored: Stored, first: int, rows: np.ndarray) -> Iterator[tuple[str, str]]:
    """Some messages of a campaign, each text once: as received, and normalised."""
    met: set[str] = set()
    others = (rows[start : start + _LOOKED_AT] for start in range(0, len(rows), _LOOKED_AT) if len(rows) > 1)
    for places in chain([np.array([first])], others):
        for plain, text in stored.both(places):
            if text not in met:
                met.add(text)
                yield text, plain
            if len(met) == _LOOKED_AT:
                return


def hashed(text: str) -> int:
    """
    Make a name of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    int
        The first 32 bits of its SHA-256.
    """
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
