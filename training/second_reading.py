"""
Did two readers see the same in a message? `data/second_reading.csv` against itself and the corpus.

Every message was labelled again by a reader who saw text, channel and sender only, in random order. Where the two differ, a third reading by the
guide settled it; the corpus holds the settled label.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sklearn.metrics import cohen_kappa_score

from tasrib.errors import TasribError
from tasrib.tables.named import read_named
from training.paths import SECOND_READING


def load_second_reading(file: Path = SECOND_READING) -> pd.DataFrame:
    """
    Read the labels of both readings.

    Parameters
    ----------
    file : pathlib.Path
        CSV with the columns ``id``, ``first``, ``second``, ``settled`` (categories) and ``why``.

    Returns
    -------
    pandas.DataFrame
        As in the file, all text.
    """
    return read_named(file, ("id", "first", "second", "settled", "why"), "write them as CSV")[0]


def agreement(readings: pd.DataFrame) -> dict:
    """
    Measure how far two readings agree.

    Parameters
    ----------
    readings : pandas.DataFrame
        From `load_second_reading`.

    Returns
    -------
    dict
        ``n``; ``kappa``, Cohen's (1960); ``kappa_campaign``, that of campaign against the rest; ``disagreements``; ``by_pair``, how often each pair of
        categories was confused, commonest first.
    """
    first, second = readings["first"], readings["second"]
    differ = readings[first != second]
    pairs = pd.Series([" / ".join(sorted(pair)) for pair in zip(differ["first"], differ["second"], strict=True)])
    return {
        "n": len(readings),
        "kappa": float(cohen_kappa_score(first, second)),
        "kappa_campaign": float(cohen_kappa_score(first == "political_campaign", second == "political_campaign")),
        "disagreements": len(differ),
        "by_pair": pairs.value_counts().to_dict(),
    }


def check_settled(readings: pd.DataFrame, corpus: pd.DataFrame) -> list[str]:
    """
    Find messages that were not read twice, or whose label is not the settled one.

    Parameters
    ----------
    readings : pandas.DataFrame
        From `load_second_reading`.
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.

    Returns
    -------
    list of str
        One line a problem.

    Raises
    ------
    TasribError
        When an id is read twice over.
    """
    if readings["id"].duplicated().any():
        raise TasribError(
            f"{SECOND_READING}: id {readings.loc[readings['id'].duplicated(), 'id'].iloc[0]} stands there twice"
        )
    settled = corpus["id"].map(readings.set_index("id")["settled"])
    unread = [f"{name} has no second reading" for name in corpus.loc[settled.isna(), "id"]]
    other = corpus[settled.notna() & (settled != corpus["category"])]
    return unread + [f"{row.id} is {row.category}, but was settled otherwise" for row in other.itertuples()]
