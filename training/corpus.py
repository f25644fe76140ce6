"""The labelled messages of `data/corpus/`, read and checked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.classify import CAMPAIGN, CATEGORIES
from tasrib.complaints.schema import CHANNELS
from tasrib.learning import load_shipped_corpus
from tasrib.text.varieties import VARIETIES
from training.paths import CORPUS

COLUMNS = ("id", "text", "category", "language", "party", "target", "sender", "channel", "batch", "hard", "note")
TARGETS = ("support", "attack")


def load_corpus(folder: Path = CORPUS) -> pd.DataFrame:
    """
    Read all batches, checked against the whole schema.

    Parameters
    ----------
    folder : pathlib.Path
        With ``*.jsonl`` files, one labelled message a line.

    Returns
    -------
    pandas.DataFrame
        Columns of ``COLUMNS``, in the order of the files' names and lines.

    Raises
    ------
    UnreadableInput
        At the first row that breaks the schema, with its file, line and what is wrong.
    """
    return load_shipped_corpus(folder, problem=schema_problem)[list(COLUMNS)]


def schema_problem(row: object) -> str:
    """
    What is wrong with a labelled message.

    Parameters
    ----------
    row : object
        A line of a batch, parsed.

    Returns
    -------
    str
        Empty when it has the fields of ``COLUMNS``, each with a value that the corpus knows.
    """
    if not isinstance(row, dict) or set(row) != set(COLUMNS):
        return f"the fields must be exactly {', '.join(COLUMNS)}"
    campaign = row["category"] == CAMPAIGN
    checks = {
        "text is empty": bool(row["text"].strip()),
        f"category {row['category']!r} is unknown": row["category"] in CATEGORIES,
        f"language {row['language']!r} is unknown": row["language"] in VARIETIES,
        f"channel {row['channel']!r} is unknown": row["channel"] in CHANNELS,
        f"target {row['target']!r} does not go with {row['category']}": (
            row["target"] in TARGETS if campaign else row["target"] == ""
        ),
        f"party {row['party']!r} stands in a message that is no campaign": campaign or row["party"] == "",
        "hard must be true or false": isinstance(row["hard"], bool),
    }
    return "; ".join(problem for problem, fine in checks.items() if not fine)


def joined_groups(clusters: np.ndarray, batches: pd.Series) -> np.ndarray:
    """
    Groups that part neither a near-duplicate cluster nor a batch.

    Parameters
    ----------
    clusters : numpy.ndarray of int, shape (n,)
        Cluster of each message.
    batches : pandas.Series, shape (n,)
        Batch of each message.

    Returns
    -------
    numpy.ndarray of int, shape (n,)
        Connected components of messages that share either.
    """
    batch = np.unique(batches, return_inverse=True)[1]
    offset = clusters.max() + 1
    size = int(offset + batch.max() + 1)
    links = sparse.coo_matrix((np.ones(len(clusters)), (clusters, offset + batch)), shape=(size, size))
    return connected_components(links, directed=False)[1][clusters]
