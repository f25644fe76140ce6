"""Campaigns that may be one list sent in several wordings: of one sender, party or link, in the same weeks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.tracing.messages import of_campaigns
from tasrib.tracing.senders import is_named

# Waves of one mailing lie closer together than this.
_APART = pd.Timedelta(days=14)
# Of the messages of a campaign, the share that must have a sender or a link for it to be the campaign's.
_OFTEN = 0.2
_LINK = re.compile(r"(?:https?://|www\.)([^\s/?#]+)(/[^\s?#]*)?", re.IGNORECASE)
# Many use the host: what follows it says whose the link is.
_SHARED_HOSTS = frozenset(
    {
        "bit.ly", "t.co", "tinyurl.com", "goo.gl", "cutt.ly", "is.gd", "rb.gy", "shorturl.at", "linktr.ee", "t.me", "wa.me", "chat.whatsapp.com",
        "facebook.com", "fb.me", "fb.com", "instagram.com", "youtube.com", "youtu.be", "tiktok.com", "twitter.com", "x.com", "forms.gle",
        "docs.google.com",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Union:
    """
    Campaigns that are looked at together.

    Attributes
    ----------
    campaigns : tuple of str
        Their ids, that of most people first.
    shared : tuple of str
        What links them: ``sender``, ``party``, ``link``.
    """

    campaigns: tuple[str, ...]
    shared: tuple[str, ...]


def find_unions(scored: pd.DataFrame, campaigns: pd.DataFrame) -> list[Union]:
    """
    Find the campaigns that may be one list in several wordings.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints, checked.
    campaigns : pandas.DataFrame
        One row a campaign, as from `describe`.

    Returns
    -------
    list of Union
        Of two campaigns or more. A list is cut by operator by those who send it through one operator's route and then another's, and by
        language; each part alone then looks like one operator's customers, and only the whole tells.
    """
    place = pd.Series(range(len(campaigns)), index=campaigns["campaign_id"])
    signs = pd.concat([_signs(of_campaigns(scored), campaigns), _parties(campaigns)], ignore_index=True)
    links = []
    for (kind, _), rows in signs.groupby(["kind", "value"], sort=False):
        links += [(kind, a, b) for a, b in _close(place[rows["campaign_id"]].to_numpy(), campaigns)]
    if not links:
        return []
    kinds, a, b = zip(*links, strict=True)
    n = len(campaigns)
    of = connected_components(sparse.coo_array((np.ones(len(a)), (a, b)), shape=(n, n)), directed=False)[1]
    found = []
    for part in sorted(set(of[list(a)])):
        members = campaigns.loc[of == part, "campaign_id"]
        shared = sorted({kind for kind, first in zip(kinds, a, strict=True) if of[first] == part})
        found.append(Union(tuple(members), tuple(shared)))
    return found


def _signs(messages: pd.DataFrame, campaigns: pd.DataFrame) -> pd.DataFrame:
    """Senders and links of each campaign."""
    sender = messages["sender"].str.strip().str.casefold()
    parts = [
        pd.DataFrame({"campaign_id": messages["campaign_id"], "kind": "sender", "value": sender})[is_named(sender)]
    ]
    wordings = pd.DataFrame({"campaign_id": messages["campaign_id"], "text": messages["text"]})
    wordings = wordings[wordings["text"].str.contains("://|www\\.")]
    links = [
        (campaign, "link", link) for campaign, text in wordings.itertuples(index=False) for link in _links_in(text)
    ]
    parts.append(pd.DataFrame(links, columns=["campaign_id", "kind", "value"]))
    counts = pd.concat(parts).value_counts().rename("n").reset_index()
    n_messages = campaigns.set_index("campaign_id")["n_messages"]
    return counts[counts["n"] >= _OFTEN * counts["campaign_id"].map(n_messages)][["campaign_id", "kind", "value"]]


def _links_in(text: str) -> set[str]:
    found = set()
    for host, path in _LINK.findall(text):
        host = host.casefold().removeprefix("www.")
        found.add(host + path.rstrip("/") if host in _SHARED_HOSTS else host)
    return found - _SHARED_HOSTS


def _parties(campaigns: pd.DataFrame) -> pd.DataFrame:
    named = campaigns[campaigns["party"] != ""]
    return pd.DataFrame({"campaign_id": named["campaign_id"], "kind": "party", "value": named["party"]})


def _close(places: np.ndarray, campaigns: pd.DataFrame) -> list[tuple[int, int]]:
    """Neighbours in time; those without a date are near to all."""
    rows = campaigns.iloc[np.unique(places)]
    undated = rows["first"].isna()
    start = rows["first"].fillna(rows["first"].min())
    order = start.sort_values(kind="stable").index
    pairs, ends = [], rows["last"]
    for before, after in pairwise(order):
        reach = ends[order[: order.get_loc(after)]].max()
        if undated.any() or pd.isna(reach) or start[after] <= reach + _APART:
            pairs.append((before, after))
    return pairs
