"""Which control messages came from one sender: reports of one list, not of many people by chance."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.text import near_duplicate_groups

# Links two wordings of one advertisement, and not two advertisements of one trade.
_SIMILARITY = 0.6
# Beyond so many different texts only those that are the same but for digits, links and spaces are one message.
_COMPARED = 20_000
_VARIABLE = re.compile(r"https?://\S+|www\.\S+|\d+|[\W_]+")
# What stands where nobody knew the sender: it links nothing.
_UNKNOWN = re.compile(
    r"\W*|unknown|private( number)?|withheld|hidden|inconnue?|masqu[ée]e?|priv[ée]e?|non identifi[ée]|sms|n/?a|none|"
    r"مجهول|غير معروف|مخفي|بدون|رقم مخفي"
)


def name_senders(texts: pd.Series, senders: pd.Series) -> np.ndarray:
    """
    Number the senders of messages.

    Parameters
    ----------
    texts, senders : pandas.Series of str, shape (n,)
        Messages, and from whom each came; empty where unknown.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        The same for messages of one sender, and for near-duplicates of one message, whoever sent them: an advertisement is sent from many
        numbers, and a shop sends many advertisements. A message without text and sender is by itself.
    """
    text, wording = pd.factorize(texts.astype("str").str.strip())
    message = _messages(list(wording))[text]
    name = senders.astype("str").str.strip().str.casefold()
    known = is_named(name).to_numpy(bool)
    sender, senders_known = pd.factorize(name)
    has_text = (wording != "")[text] if len(wording) else np.zeros(0, bool)
    n_messages = int(message.max(initial=-1)) + 1
    # Messages, then senders, then rows that have neither: linked where a row has both.
    apart = n_messages + len(senders_known) + np.arange(len(texts))
    first = np.where(has_text, message, np.where(known, n_messages + sender, apart))
    second = np.where(known, n_messages + sender, first)
    size = n_messages + len(senders_known) + len(texts)
    links = sparse.coo_array((np.ones(len(first), np.int8), (first, second)), shape=(size, size))
    found = connected_components(links, directed=False)[1][first] if len(first) else np.zeros(0, int)
    return np.unique(found, return_inverse=True)[1]


def is_named(senders: pd.Series) -> pd.Series:
    """
    Whether senders are known.

    Parameters
    ----------
    senders : pandas.Series of str
        Without spaces around them, casefolded.

    Returns
    -------
    pandas.Series of bool
        False for blanks and words such as "unknown" and "masqué".
    """
    return ~senders.str.fullmatch(_UNKNOWN).astype(bool)


def _messages(wordings: list[str]) -> np.ndarray:
    """Group of each wording."""
    if len(wordings) <= _COMPARED:
        return near_duplicate_groups(wordings, _SIMILARITY)
    return pd.factorize(pd.Series([_VARIABLE.sub(" ", each.casefold()).strip() for each in wordings]))[0]
