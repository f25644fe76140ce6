"""Real text of `../shared/pool`, where this machine has it, and the labels that readers gave to some of it: `data/real_labels.csv`."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd

from tasrib.classify import CATEGORIES
from tasrib.errors import TasribError
from tasrib.tables.named import read_named
from training.paths import POOL, REAL_LABELS

# Files whose source states a licence that lets weights learn from them (the pool's README, column "licence stated there").
FREE = (
    "ar_abusive_tweets_mlma", "aeb_tsac_facebook_comments", "fr_abusive_tweets_mlma", "fr_municipal_party_columns_2012_2024",
    "fr_news_headlines_2022_2023", "fr_professions_de_foi_1981_1993",
)  # fmt: skip
# What a reader may also say: a fragment or a mixture of which nobody can tell what it was.
UNCLEAR = "unclear"
PURPOSES = ("choose", "report", "train")


def digest(text: str) -> str:
    """
    Name a text without quoting it.

    Parameters
    ----------
    text : str
        As in the pool, line breaks as they are there.

    Returns
    -------
    str
        First 16 digits of its SHA-256.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_pool(folder: Path = POOL) -> pd.DataFrame:
    """
    Read all files of the pool.

    Parameters
    ----------
    folder : pathlib.Path
        With ``*.tsv`` files, columns ``text``, ``kind``, ``lang``, ``weak_label``.

    Returns
    -------
    pandas.DataFrame
        These columns, ``file`` (without suffix) and ``hash`` (`digest`); without rows where the folder is missing. Line breaks are as in the
        message again.
    """
    parts = [
        pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False, quoting=3).assign(file=file.stem)
        for file in sorted(folder.glob("*.tsv"))
    ]
    if not parts:
        return pd.DataFrame(columns=["text", "kind", "lang", "weak_label", "file", "hash"], dtype="str")
    found = pd.concat(parts, ignore_index=True)
    return found.assign(hash=found["text"].map(digest), text=found["text"].str.replace("\\n", "\n", regex=False))


def load_real_labels(file: Path = REAL_LABELS) -> pd.DataFrame:
    """
    Read what readers said of the pool.

    Parameters
    ----------
    file : pathlib.Path
        CSV with the columns ``file``, ``hash``, ``first``, ``second`` and ``settled`` (categories, or ``unclear``; ``second`` is empty where a message
        was read once) and ``purpose``: ``choose`` (models may be chosen and calibrated by it), ``report`` (only measured) or ``train``.

    Returns
    -------
    pandas.DataFrame
        As in the file, all text.

    Raises
    ------
    TasribError
        When a message stands there twice, a value is unknown, or a message of a file without a free licence is there to be learnt from.
    """
    labels = read_named(file, ("file", "hash", "first", "second", "settled", "purpose"), "write them as CSV")[0]
    known = {*CATEGORIES, UNCLEAR}
    problems = [f"{row.hash} stands there twice" for row in labels[labels["hash"].duplicated()].itertuples()]
    for row in labels.itertuples():
        if not {row.first, row.settled} <= known or row.second not in known | {""}:
            problems.append(f"{row.hash} has a category that is unknown")
        if row.purpose not in PURPOSES or (row.purpose != "train" and not row.second):
            problems.append(f"{row.hash}: {row.purpose!r} with {'one reading' if not row.second else 'two readings'}")
        if row.purpose == "train" and row.file not in FREE:
            problems.append(f"{row.hash} is of {row.file}, whose licence does not let weights learn from it")
    if problems:
        raise TasribError(f"{file}: {'; '.join(problems[:5])}")
    return labels


def real_messages(purpose: str, pool: pd.DataFrame | None = None, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Join labels and texts.

    Parameters
    ----------
    purpose : str
        One of ``PURPOSES``.
    pool : pandas.DataFrame, optional
        From `read_pool`.
    labels : pandas.DataFrame, optional
        From `load_real_labels`.

    Returns
    -------
    pandas.DataFrame
        Columns of the pool and ``category``, of what is not ``unclear``; without rows where the pool is missing.
    """
    pool = read_pool() if pool is None else pool
    labels = load_real_labels() if labels is None else labels
    mine = labels[(labels["purpose"] == purpose) & (labels["settled"] != UNCLEAR)]
    return pool.merge(mine[["hash", "settled"]].rename(columns={"settled": "category"}), on="hash")
