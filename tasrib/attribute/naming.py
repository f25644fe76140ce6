"""Distinct messages to campaigns: groups of near-duplicates parted by contestant, and a name for each that its first message gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from tasrib.attribute.contest import Contest
from tasrib.attribute.templates import Parted, hashed, templates_of
from tasrib.text.near_duplicates import groups_of_stored
from tasrib.text.stored import Scratch, Stored

# Of the messages of a group that show a contestant, the share that makes it the contestant of those that show none. Below, two
# contestants use one text, and whose a message without a name is stays open.
_ONE_CONTESTANT = 0.9
# Names made at a time.
_BLOCK = 10_000


class Messages(NamedTuple):
    """
    Messages, equal ones once.

    Attributes
    ----------
    stored : Stored
        As `tasrib.text.normalise` gives them, and beside each as received.
    seen : numpy.ndarray of int, shape (n,)
        What is seen of contestants in each: a place in `kinds`.
    kinds : sequence of (str, str, str)
        ``party``, ``against`` and ``named``, as from `attribute_parties`; all that are seen.
    when : numpy.ndarray of int, shape (n,)
        When each was received first.
    times : numpy.ndarray of int, shape (n,)
        How often.
    """

    stored: Stored
    seen: np.ndarray
    kinds: Sequence[tuple[str, str, str]]
    when: np.ndarray
    times: np.ndarray


@dataclass(frozen=True)
class Names:
    """
    Names of campaigns, in some bytes each.

    Attributes
    ----------
    campaign : numpy.ndarray of int32, shape (n,)
        The campaign of each message, by number.
    ids : numpy.ndarray of uint32, shape (n_campaigns,)
        The name of each campaign, as a number.
    templates : numpy.ndarray of int64, shape (n_campaigns,)
        That of its template; negative where it has none.
    """

    campaign: np.ndarray
    ids: np.ndarray
    templates: np.ndarray

    def of(self, messages: np.ndarray) -> tuple[list[str], list[str]]:
        """
        Write the names of the campaigns and templates of messages.

        Parameters
        ----------
        messages : numpy.ndarray of int
            Their numbers.

        Returns
        -------
        campaign_id, template_id : list of str
            As from `tasrib.attribute.name_campaigns`.
        """
        campaign = self.campaign[messages]
        ids = [f"c-{number:08x}" for number in self.ids[campaign].tolist()]
        return ids, [f"t-{number:08x}" if number >= 0 else "" for number in self.templates[campaign].tolist()]


def named(met: Messages, contest: Contest | None, similarity: float, scratch: Scratch) -> Names:
    """
    Name the campaign of each message, and its template.

    Parameters
    ----------
    met : Messages
        In the order in which they were met.
    contest, similarity
        As for `tasrib.attribute.name_campaigns`.
    scratch : callable
        Makes a file for what is too much for memory.

    Returns
    -------
    Names
        Those of all.
    """
    rank = met.stored.ranks()
    group = groups_of_stored(met.stored, rank, similarity, scratch)
    whose, contestants = _contestants(met, group)
    silent = np.array([party == "" for party, _, _ in met.kinds], bool)[met.seen]
    # A message that shows no contestant leaves when another contestant uses the same text: it must not have named the campaign.
    order = np.lexsort((rank, met.when, silent, whose, group))
    opens = np.diff(group[order], prepend=-1) != 0
    opens |= np.diff(whose[order], prepend=-1) != 0
    campaign = np.empty(len(order), np.int32)
    campaign[order] = np.cumsum(opens) - 1
    firsts = order[opens]
    del order, opens, silent
    ids = _ids(met, rank, firsts, whose, contestants)
    parted = Parted(campaign, firsts, group[firsts], whose[firsts], contestants, rank)
    del group, whose
    return Names(campaign, ids, templates_of(met.stored, met.when, met.times, parted, contest, similarity, scratch))


def _contestants(met: Messages, group: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Whose each message is, as a place in a list of names in the order of the alphabet."""
    number: dict[str, int] = {}
    parties = np.array([number.setdefault(party, len(number)) for party, _, _ in met.kinds], np.int32)
    whose = parties[met.seen]
    shows = np.array([party != "" for party, _, _ in met.kinds], bool)[met.seen]
    # Only where some messages of a group show a contestant and some do not is there anything to find out.
    some, others = np.zeros(len(group), bool), np.zeros(len(group), bool)
    some[group[shows]] = True
    others[group[~shows]] = True
    among = np.flatnonzero((some & others)[group])
    among = among[np.argsort(group[among], kind="stable")]
    for rows in np.split(among, np.flatnonzero(np.diff(group[among])) + 1) if len(among) else ():
        seen, of = np.unique(met.seen[rows], return_inverse=True)
        found = _contestants_of([met.kinds[each] for each in seen], np.bincount(of, met.times[rows]))
        whose[rows] = np.array([number.setdefault(each, len(number)) for each in found], np.int32)[of]
    names = sorted(number)
    place = np.empty(len(names), np.int32)
    place[[number[name] for name in names]] = np.arange(len(names))
    return place[whose], names


def _contestants_of(seen: Sequence[tuple[str, str, str]], times: np.ndarray) -> list[str]:
    """Whose what is seen in a group is: a party's, nobody's (empty), or ``-`` and those it is against, ``?`` and those it may be of."""
    whose = [party for party, _, _ in seen]
    counts: dict[str, float] = {}
    for party, many in zip(whose, times.tolist(), strict=True):
        if party:
            counts[party] = counts.get(party, 0) + many
    most = min(counts, key=lambda party: (-counts[party], party))
    owner = most if counts[most] >= _ONE_CONTESTANT * sum(counts.values()) else ""
    rows = [(party, against.split(";"), set(named.split(";"))) for party, against, named in seen]
    # What messages of a known contestant name besides is of the text that all share.
    by_the_way = {name for party, _, named in rows if party for name in named - {party}} | {""}
    for i, (party, against, named) in enumerate(rows):
        if party:
            continue
        others = sorted(named - by_the_way)
        if against != [""]:
            whose[i] = "-" + ";".join(against)
        else:
            whose[i] = "?" + ";".join(others) if others and owner not in named else owner
    return whose


def _ids(
    met: Messages, rank: np.ndarray, firsts: np.ndarray, whose: np.ndarray, contestants: Sequence[str]
) -> np.ndarray:
    """One name a campaign, of its first message; of two campaigns with one first message the later bears its contestant too."""
    ids = np.empty(len(firsts), np.uint32)
    for some in _blocks(len(firsts)):
        ids[some] = [hashed(text) for text in met.stored.some(firsts[some])]
    order = np.lexsort((whose[firsts], rank[firsts], met.when[firsts]))
    _, first = np.unique(ids[order], return_index=True)
    if len(first) == len(ids):
        return ids
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    again = np.ones(len(ids), bool)
    again[order[first]] = False
    bears: dict[int, int] = {}
    while new := [int(number) for number in np.flatnonzero(again) if int(number) not in bears]:
        for number in new:
            text = met.stored.some(firsts[[number]])[0]
            bears[number] = hashed(f"{text}\0{contestants[whose[firsts[number]]]}")
        # Such a name may be, once in thousands of millions, that of a later campaign: it bears its contestant then as well.
        met_at: dict[int, int] = {}
        for number, name in bears.items():
            met_at[name] = min(met_at.get(name, len(ids)), int(place[number]))
        for number in np.flatnonzero(np.isin(ids, list(met_at)) & ~again).tolist():
            again[number] = place[number] > met_at[int(ids[number])]
    ids[list(bears)] = list(bears.values())
    return ids


def _blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + _BLOCK) for start in range(0, n, _BLOCK))
