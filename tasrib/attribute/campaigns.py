"""Which messages belong to one campaign: near-duplicates of one contestant, under a name that stays when more complaints come."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.attribute.contest import Contest
from tasrib.attribute.rules import without_contestants
from tasrib.text import near_duplicate_groups, normalise

SIMILARITY = 0.45
# Of the messages of a group that show a contestant, the share that makes it the contestant of those that show none. Below, two
# contestants use one text, and whose a message without a name is stays open.
_ONE_CONTESTANT = 0.9
_SEEN = ("party", "against", "named")
# Messages of a campaign that stand for it where templates are compared. One message alone, as somebody may have quoted it among
# words of their own, makes no template.
_LOOKED_AT, _FEWEST_MESSAGES = 5, 2


def campaign_ids(
    texts: pd.Series, received_at: pd.Series | None = None, *, similarity: float = SIMILARITY
) -> pd.Series:
    """
    Name the group of near-duplicates of each message, whoever its contestant.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Campaign messages.
    received_at : pandas.Series of datetime, shape (n,), optional
        When each was received.
    similarity : float
        Least Jaccard similarity of normalised character 5-grams that links two messages. 0.45 keeps a long message
        with another name, town or link together; `training.evaluate` measures what it joins and parts.

    Returns
    -------
    pandas.Series of str, shape (n,)
        Such as ``c-3f0a91d2``, with the index of `texts`. The name is taken from the text of the cluster's earliest
        message (the alphabetically first among equals), so it does not depend on the order of the rows, and later
        complaints of the same campaign do not change it.
    """
    return name_campaigns(texts, received_at, similarity=similarity)["campaign_id"]


def name_campaigns(
    texts: pd.Series,
    received_at: pd.Series | None = None,
    attributed: pd.DataFrame | None = None,
    contest: Contest | None = None,
    *,
    similarity: float = SIMILARITY,
    plain: Sequence[str] | None = None,
) -> pd.DataFrame:
    """
    Name the campaign of each message: near-duplicates that are attributed to one contestant, or to none.

    Parameters
    ----------
    texts, received_at, similarity
        As for `campaign_ids`.
    attributed : pandas.DataFrame, shape (n, 3), optional
        Of each message ``party``, ``against`` and ``named``, as from `attribute_parties`; without it all are of one contestant.
    contest : Contest, optional
        The contestants, to be masked where templates are compared; Morocco's by default.
    plain : sequence of str, shape (n,), optional
        The texts as `tasrib.text.normalise` gives them, where that was done already.

    Returns
    -------
    pandas.DataFrame, shape (n, 2)
        ``campaign_id`` as of `campaign_ids`, and ``template_id``, such as ``t-3f0a91d2``: the same for campaigns of different contestants
        whose messages are near-duplicates once names, symbols and emoji of contestants are masked; empty where no other contestant's is.

    Notes
    -----
    In a group of near-duplicates a message that shows no contestant goes with the one that at least 90% of the others show. Where there is
    none such, those messages are a campaign by themselves. So are messages that are against a contestant, or name another one in a way that
    does not say whose they are.
    """
    if attributed is None:
        attributed = pd.DataFrame("", index=texts.index, columns=list(_SEEN), dtype="str")
    seen = attributed[list(_SEEN)].to_numpy(dtype=object)
    plain = [normalise(text) for text in texts] if plain is None else list(plain)
    when = np.zeros(len(texts)) if received_at is None else _order(received_at)
    group = near_duplicate_groups(plain, similarity, normalised=True)
    contestant = _contestants(seen, group)
    whose, names = pd.factorize(contestant)
    campaign, _ = pd.factorize(group * max(1, len(names)) + whose)
    rank = {text: place for place, text in enumerate(sorted(set(plain)))}
    place = np.array([rank[text] for text in plain], dtype=int)
    # A message that shows no contestant leaves when another contestant uses the same text: it must not have named the campaign.
    by_first = np.lexsort((place, when, seen[:, 0] == "", campaign))
    firsts = by_first[np.flatnonzero(np.diff(campaign[by_first], prepend=-1))].tolist()
    names_of = np.array(_names(firsts, plain, when, contestant), dtype=object)
    templates = np.full(len(names_of), "", dtype=object)
    if (seen[:, 0] != "").any():
        rows = np.lexsort((place, when, campaign))
        by = np.split(rows, np.flatnonzero(np.diff(campaign[rows])) + 1)
        templates[:] = _templates(by, firsts, group, contestant, texts.tolist(), plain, when, contest, similarity)
    named = {"campaign_id": names_of[campaign], "template_id": templates[campaign]}
    return pd.DataFrame(named, index=texts.index, dtype="str")


def _contestants(seen: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Whose each message is, group by group."""
    whose = seen[:, 0].copy()
    shows = whose != ""
    # Only where some messages of a group show a contestant and some do not is there anything to find out.
    mixed = np.bincount(group, shows) * np.bincount(group, ~shows) > 0
    among = np.flatnonzero(mixed[group])
    for rows in pd.Series(among).groupby(group[among]).agg(list):
        whose[rows] = _contestants_of(seen[rows])
    return whose


def _contestants_of(seen: np.ndarray) -> np.ndarray:
    """Whose each message of a group is: a party, nobody's (empty), or ``-`` and those it is against, ``?`` and those it may be of."""
    whose = seen[:, 0].copy()
    shown = whose[whose != ""]
    names, counts = np.unique(shown.astype(str), return_counts=True)
    owner = str(names[counts.argmax()]) if counts.max() >= _ONE_CONTESTANT * len(shown) else ""
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
    by: Sequence[np.ndarray], firsts: Sequence[int], group: np.ndarray, contestant: np.ndarray, texts: Sequence[str],
    plain: Sequence[str], when: np.ndarray, contest: Contest | None, similarity: float,
) -> list[str]:  # fmt: skip
    """The template of each campaign, its rows in order; empty where only one contestant uses it."""
    templates = [""] * len(by)
    if (
        len({contestant[first] for rows, first in zip(by, firsts, strict=True) if _may_share(rows, contestant[first])})
        < 2
    ):
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
        known = [number for number in members if len(by[number]) >= _FEWEST_MESSAGES]
        parties = {contestant[firsts[number]] for number in known}
        if len({party for party in parties if party and party[0] not in "-?"}) > 1:
            first = min(known, key=lambda number: (when[firsts[number]], first_masked[number]))
            for number in known:
                templates[number] = _hash("t-", first_masked[first])
    return templates


def _may_share(rows: np.ndarray, contestant: str) -> bool:
    """Whether a campaign is a contestant's, and of enough messages to have a template."""
    return len(rows) >= _FEWEST_MESSAGES and contestant != "" and contestant[0] not in "-?"


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


def _order(received_at: pd.Series) -> np.ndarray:
    # Undated messages come last: they must not rename a campaign whose dated messages are known.
    return received_at.astype("int64").where(received_at.notna(), np.iinfo(np.int64).max).to_numpy()
