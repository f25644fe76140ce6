"""Distinct messages to campaigns: groups of near-duplicates parted by contestant, a name for each, and the templates that several share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.attribute.contest import Contest
from tasrib.attribute.rules import without_contestants
from tasrib.text import near_duplicate_groups

# Of the messages of a group that show a contestant, the share that makes it the contestant of those that show none. Below, two
# contestants use one text, and whose a message without a name is stays open.
_ONE_CONTESTANT = 0.9
# Messages of a campaign that stand for it where templates are compared. One message alone, as somebody may have quoted it among
# words of their own, makes no template.
_LOOKED_AT, _FEWEST_MESSAGES = 5, 2


class Messages(NamedTuple):
    """
    Messages, equal ones once.

    Attributes
    ----------
    texts, plain : sequence of str, shape (n,)
        As received, and as `tasrib.text.normalise` gives them.
    seen : numpy.ndarray of str, shape (n, 3)
        ``party``, ``against`` and ``named``, as from `attribute_parties`.
    when : numpy.ndarray of int, shape (n,)
        When each was received first.
    times : numpy.ndarray of int, shape (n,)
        How often.
    """

    texts: Sequence[str]
    plain: Sequence[str]
    seen: np.ndarray
    when: np.ndarray
    times: np.ndarray


def named(met: Messages, contest: Contest | None, similarity: float) -> tuple[np.ndarray, np.ndarray]:
    """
    Name the campaign of each message, and its template.

    Parameters
    ----------
    met : Messages
        In the order in which they were received first, equal moments in the order of their rows.
    contest, similarity
        As for `tasrib.attribute.name_campaigns`.

    Returns
    -------
    campaign_id, template_id : numpy.ndarray of str, shape (n,)
        As from `tasrib.attribute.name_campaigns`.
    """
    group = near_duplicate_groups(met.plain, similarity, normalised=True)
    contestant = _contestants(met.seen, met.times, group)
    whose, names = pd.factorize(contestant)
    campaign, _ = pd.factorize(group * max(1, len(names)) + whose)
    rank = {text: place for place, text in enumerate(sorted(set(met.plain)))}
    place = np.array([rank[text] for text in met.plain], dtype=int)
    # A message that shows no contestant leaves when another contestant uses the same text: it must not have named the campaign.
    by_first = np.lexsort((place, met.when, met.seen[:, 0] == "", campaign))
    firsts = by_first[np.flatnonzero(np.diff(campaign[by_first], prepend=-1))].tolist()
    names_of = np.array(_names(firsts, met.plain, met.when, contestant), dtype=object)
    templates = np.full(len(names_of), "", dtype=object)
    if (met.seen[:, 0] != "").any():
        rows = np.lexsort((place, met.when, campaign))
        by = np.split(rows, np.flatnonzero(np.diff(campaign[rows])) + 1)
        templates[:] = _templates(by, firsts, group, contestant, met, contest, similarity)
    return names_of[campaign], templates[campaign]


def _contestants(seen: np.ndarray, times: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Whose each message is, group by group."""
    whose = seen[:, 0].copy()
    shows = whose != ""
    # Only where some messages of a group show a contestant and some do not is there anything to find out.
    mixed = np.bincount(group, shows) * np.bincount(group, ~shows) > 0
    among = np.flatnonzero(mixed[group])
    for rows in pd.Series(among).groupby(group[among]).agg(list):
        whose[rows] = _contestants_of(seen[rows], times[rows])
    return whose


def _contestants_of(seen: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Whose each message of a group is: a party, nobody's (empty), or ``-`` and those it is against, ``?`` and those it may be of."""
    whose = seen[:, 0].copy()
    shows = whose != ""
    names, place = np.unique(whose[shows].astype(str), return_inverse=True)
    counts = np.bincount(place, times[shows])
    owner = str(names[counts.argmax()]) if counts.max() >= _ONE_CONTESTANT * counts.sum() else ""
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


def _names(firsts: Sequence[int], plain: Sequence[str], when: np.ndarray, contestant: np.ndarray) -> list[str]:
    """One name a campaign, of its first message; of two campaigns with one first message the later bears its contestant too."""
    taken: set[str] = set()
    names = [""] * len(firsts)
    for number in sorted(range(len(firsts)), key=lambda n: (when[firsts[n]], plain[firsts[n]], contestant[firsts[n]])):
        first = firsts[number]
        name = _hash("c-", plain[first])
        names[number] = name if name not in taken else _hash("c-", f"{plain[first]}\0{contestant[first]}")
        taken.add(names[number])
    return names


def _templates(
    by: Sequence[np.ndarray], firsts: Sequence[int], group: np.ndarray, contestant: np.ndarray, met: Messages,
    contest: Contest | None, similarity: float,
) -> list[str]:  # fmt: skip
    """The template of each campaign, its messages in order; empty where only one contestant uses it."""
    texts, plain, when = met.texts, met.plain, met.when
    templates = [""] * len(by)
    sizes = [int(met.times[rows].sum()) for rows in by]
    if len({contestant[at] for size, at in zip(sizes, firsts, strict=True) if _may_share(size, contestant[at])}) < 2:
        return templates
    masked: list[str] = []
    of: list[int] = []
    for number, rows in enumerate(by):
        looked_at: dict[str, int] = {}
        for row in (firsts[number], *rows.tolist()):
            looked_at.setdefault(texts[row], row)
            if len(looked_at) == _LOOKED_AT:
                break
        masked += [without_contestants(text, contest, plain=plain[row]) for text, row in looked_at.items()]
        of += [number] * len(looked_at)
    # Campaigns of one group of near-duplicates share it already; the rest may differ by more than a name, once it is masked.
    shared = _joined(
        pd.factorize(group[firsts])[0],
        np.array(of), near_duplicate_groups(masked, similarity, normalised=True), len(by),
    )  # fmt: skip
    first_masked = dict(zip(of[::-1], masked[::-1], strict=True))
    for members in pd.Series(shared).groupby(shared).indices.values():
        known = [number for number in members if sizes[number] >= _FEWEST_MESSAGES]
        parties = {contestant[firsts[number]] for number in known}
        if len({party for party in parties if party and party[0] not in "-?"}) > 1:
            first = min(known, key=lambda number: (when[firsts[number]], first_masked[number]))
            for number in known:
                templates[number] = _hash("t-", first_masked[first])
    return templates


def _may_share(size: int, contestant: str) -> bool:
    """Whether a campaign is a contestant's, and of enough messages to have a template."""
    return size >= _FEWEST_MESSAGES and contestant != "" and contestant[0] not in "-?"


def _joined(group: np.ndarray, of: np.ndarray, alike: np.ndarray, n: int) -> np.ndarray:
    """Number the campaigns that are linked by a group of near-duplicates or by a masked text."""
    # Groups and masked texts are nodes beside the campaigns.
    offset = n + int(group.max()) + 1
    left = np.concatenate([np.arange(n), of])
    right = np.concatenate([n + group, offset + alike])
    size = offset + int(alike.max()) + 1
    links = sparse.coo_matrix((np.ones(len(left)), (left, right)), shape=(size, size))
    return connected_components(links, directed=False)[1][:n]


def _hash(kind: str, text: str) -> str:
    return kind + hashlib.sha256(text.encode()).hexdigest()[:8]
