"""Which messages belong to one campaign: near-duplicates of one contestant, under a name that stays when more complaints come."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tasrib.attribute.contest import Contest
from tasrib.attribute.naming import Messages, Names, named
from tasrib.complaints.seen import Seen, digests
from tasrib.text import normalise
from tasrib.text.grown import Grown
from tasrib.text.stored import Scratch, Stored

SIMILARITY = 0.45
SHOWN = ("party", "against", "named")


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
        attributed = pd.DataFrame("", index=texts.index, columns=list(SHOWN), dtype="str")
    met = Campaigns()
    met.add(texts, received_at, attributed, plain)
    return met.named(contest, similarity=similarity).of(texts, attributed)


class Campaigns:
    """
    Messages of campaigns that are met some at a time, to be named when all have been.

    Parameters
    ----------
    scratch : callable
        Makes a file, in which the messages are kept; in memory by default. In memory are some 45 bytes of each then, and some 135 while they are
        named.
    """

    def __init__(self, scratch: Scratch = io.BytesIO) -> None:
        self._scratch = scratch
        self._known = Seen()
        self._stored = Stored(scratch)
        self._kinds: dict[tuple[str, str, str], int] = {}
        self._seen, self._when, self._times = Grown(np.int32), Grown(np.int64), Grown(np.int32)

    def add(
        self, texts: pd.Series, received_at: pd.Series | None, attributed: pd.DataFrame, plain: Sequence[str] | None
    ) -> None:
        """
        Take further messages.

        Parameters
        ----------
        texts, received_at, attributed, plain
            As for `name_campaigns`.
        """
        n = len(texts)
        if not n:
            return
        when = np.zeros(n, np.int64) if received_at is None else _order(received_at)
        hashed = _hashed(texts, attributed)
        distinct, first, inverse = np.unique(hashed, return_index=True, return_inverse=True)
        number = self._known.first(distinct)
        new = np.flatnonzero(number < 0)
        # In the order of the rows.
        new = new[np.argsort(first[new])]
        number[new] = len(self._stored) + np.arange(len(new))
        self._known.add(distinct[new], number[new])
        at = first[new]
        mine = texts.iloc[at].tolist()
        self._stored.add([normalise(text) for text in mine] if plain is None else [plain[i] for i in at], mine)
        kinds = attributed[list(SHOWN)].iloc[at].itertuples(index=False, name=None)
        self._seen.add(np.array([self._kinds.setdefault(kind, len(self._kinds)) for kind in kinds], np.int32))
        self._when.add(np.full(len(new), np.iinfo(np.int64).max))
        self._times.add(np.zeros(len(new), np.int32))
        np.minimum.at(self._when.values, number[inverse], when)
        np.add.at(self._times.values, number[inverse], 1)

    def named(self, contest: Contest | None = None, *, similarity: float = SIMILARITY) -> Named:
        """
        Name the campaigns of all messages that were met.

        Parameters
        ----------
        contest, similarity
            As for `name_campaigns`.

        Returns
        -------
        Named
            Tells the name of each.
        """
        met = Messages(self._stored, self._seen.values, list(self._kinds), self._when.values, self._times.values)
        return Named(self._known, named(met, contest, similarity, self._scratch))


@dataclass(frozen=True)
class Named:
    """
    The names of campaigns, by message.

    Attributes
    ----------
    known : Seen
        The number of each message.
    names : Names
        By its number.
    """

    known: Seen
    names: Names

    def of(self, texts: pd.Series, attributed: pd.DataFrame) -> pd.DataFrame:
        """
        Tell the campaign and template of messages.

        Parameters
        ----------
        texts, attributed
            As they were met.

        Returns
        -------
        pandas.DataFrame
            As from `name_campaigns`.
        """
        number = self.known.first(_hashed(texts, attributed)) if len(texts) else np.empty(0, int)
        campaigns, templates = self.names.of(number)
        return pd.DataFrame({"campaign_id": campaigns, "template_id": templates}, index=texts.index, dtype="str")


def _hashed(texts: pd.Series, attributed: pd.DataFrame) -> np.ndarray:
    # What is seen in a message holds no sign but letters; the text, which may hold any, comes last.
    parts = zip(*(attributed[name].tolist() for name in SHOWN), texts.tolist(), strict=True)
    return digests("\x1f".join(each) for each in parts)


def _order(received_at: pd.Series) -> np.ndarray:
    # Undated messages come last: they must not rename a campaign whose dated messages are known.
    return received_at.astype("int64").where(received_at.notna(), np.iinfo(np.int64).max).to_numpy()
