"""Distinct messages of scored complaints: what people decide about, under a name that the text alone gives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pandas as pd

from tasrib.numbering import without_numbers
from tasrib.text import normalise
from tasrib.text.private import same_shape

# Characters shown in a cell: Excel takes 32,767, and nobody reads more to decide.
_MOST_SHOWN = 6_000
_CUT = " […]"


def message_key(text: str) -> str:
    """
    Name a message by what it says.

    Parameters
    ----------
    text : str
        A message as received.

    Returns
    -------
    str
        Such as ``m-3f0a91d2c4b5e6f7``: the same for all texts that `tasrib.text.normalise` makes one, whatever file, row or run they
        stand in.
    """
    return f"m-{hashlib.sha256(normalise(text).encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def message_keys(texts: pd.Series) -> pd.Series:
    """
    Name many messages.

    Parameters
    ----------
    texts : pandas.Series of str
        Messages as received.

    Returns
    -------
    pandas.Series of str
        With the same index; each different text is looked at once.
    """
    codes, distinct = pd.factorize(texts)
    keys = pd.Series([message_key(text) for text in distinct], dtype="str")
    return pd.Series(keys.iloc[codes].to_numpy(), index=texts.index, dtype="str")


def masked(text: str, countries: Iterable[str]) -> str:
    """
    Write a message without numbers and addresses that might lead to a person.

    Parameters
    ----------
    text : str
        A message as received.
    countries : iterable of str
        Where it was received, as from `tasrib.numbering.received_in`.

    Returns
    -------
    str
        Of the same length, with others of the same shape in their place. Mostly it has the key of the original; where a number was written like
        a date (``06.12.34.56.78``) it has another.
    """
    return without_numbers(text, countries, same_shape)


def is_cut(text: str) -> bool:
    """Whether a message is too long to be shown whole; masking changes no length."""
    return len(text) > _MOST_SHOWN


def shown(text: str, countries: Iterable[str]) -> str:
    """A message as a cell of the workbook holds it: masked, and cut where it is very long."""
    whole = masked(text, countries)
    return whole[:_MOST_SHOWN] + _CUT if is_cut(text) else whole


def most_frequent(frame: pd.DataFrame, by: str, columns: Iterable[str]) -> pd.DataFrame:
    """
    Take of each group the value that most of its rows have.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows.
    by : str
        Column that groups them.
    columns : iterable of str
        Columns to take values of.

    Returns
    -------
    pandas.DataFrame
        One row a group, indexed by `by`; of values that are equally frequent the first in the alphabet.
    """
    found = {}
    for name in columns:
        counts = frame.groupby([by, name], sort=True).size().rename("n").reset_index()
        counts = counts.sort_values([by, "n", name], ascending=[True, False, True], kind="stable")
        found[name] = counts.drop_duplicates(by).set_index(by)[name]
    return pd.DataFrame(found)


class CampaignNames:
    """
    The name that a campaign has in a table now, whatever run named it when somebody spoke of it.

    Parameters
    ----------
    campaign_ids : pandas.Series of str
        The model's.
    keys : pandas.Series of str
        Of the messages.
    """

    def __init__(self, campaign_ids: pd.Series, keys: pd.Series) -> None:
        named = campaign_ids != ""
        self._present = set(campaign_ids[named])
        self._of = dict(zip(keys[named], campaign_ids[named], strict=True))

    def __call__(self, campaign: str, anchor: str | None) -> str:
        """Give the name: of a campaign that has gone, that of the one its message is in now."""
        return campaign if campaign in self._present or anchor is None else self._of.get(anchor, campaign)
