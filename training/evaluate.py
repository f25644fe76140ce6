"""
Measure the shipped recipe by grouped cross-validation: `python -m training.evaluate` (`make evaluate`).

No message is scored by a model that saw a near-duplicate of it; in the second table, nor by one that saw another message
of the same batch, that is, of the same hand.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.base import clone
from sklearn.model_selection import GroupKFold

from tasrib.attribute import attribute_parties
from tasrib.classify import CAMPAIGN, CampaignClassifier
from tasrib.classify.measure import cross_predict, measures
from tasrib.text import VarietyClassifier, near_duplicate_groups
from training.corpus import load_corpus

N_FOLDS = 5


def cross_predict_variety(corpus: pd.DataFrame, groups: np.ndarray) -> np.ndarray:
    """
    Predict the variety of every message with a model fitted on other groups.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Labelled messages.
    groups : numpy.ndarray, shape (n,)
        Messages of one group are never on both sides.

    Returns
    -------
    numpy.ndarray of str, shape (n,)
        Varieties.
    """
    found = np.full(len(corpus), "", dtype="<U8")
    texts, truth = corpus["text"].to_numpy(dtype=object), corpus["language"].to_numpy()
    for train, test in GroupKFold(N_FOLDS).split(texts, groups=groups):
        found[test] = clone(VarietyClassifier()).fit(texts[train], truth[train]).predict(texts[test])
    return found


def party_measures(corpus: pd.DataFrame) -> dict:
    """
    Precision and recall of the party, on the campaign messages of the corpus.

    Parameters
    ----------
    corpus : pandas.DataFrame
        Labelled messages.

    Returns
    -------
    dict
        ``precision`` (of the parties named, right), ``recall`` (of the messages with a party, named right), ``n``.
        The rules of attribution are not fitted, but they were written with part of these messages in sight.
    """
    mine = corpus[corpus["category"] == CAMPAIGN]
    found = attribute_parties(mine["text"].tolist(), mine["sender"].tolist())["party"].to_numpy()
    true = mine["party"].to_numpy()
    right = (found == true) & (true != "")
    return {
        "n": len(mine),
        "precision": float(right.sum() / max((found != "").sum(), 1)),
        "recall": float(right.sum() / max((true != "").sum(), 1)),
    }


def evaluate(corpus: pd.DataFrame | None = None) -> dict:
    """
    Measure the shipped recipe.

    Parameters
    ----------
    corpus : pandas.DataFrame, optional
        ``data/corpus/`` by default.

    Returns
    -------
    dict
        ``by_near_duplicate`` and ``by_batch`` (folds grouped by near-duplicate cluster, and by cluster and batch both),
        each with figures overall and by language; ``party``.
    """
    corpus = load_corpus() if corpus is None else corpus
    texts, labels = corpus["text"].tolist(), corpus["category"].to_numpy()
    clusters = near_duplicate_groups(texts)
    found: dict = {"messages": len(corpus), "near_duplicate_clusters": int(clusters.max() + 1), "folds": N_FOLDS}
    for name, groups in (("by_near_duplicate", clusters), ("by_batch", joined_groups(clusters, corpus["batch"]))):
        predicted = cross_predict(CampaignClassifier(n_jobs=2), texts, labels, groups, n_folds=N_FOLDS)
        variety = cross_predict_variety(corpus, groups) == corpus["language"].to_numpy()
        found[name] = {"all": measures(labels, predicted) | {"variety_accuracy": float(variety.mean())}}
        for language in sorted(corpus["language"].unique()):
            rows = (corpus["language"] == language).to_numpy()
            found[name][language] = measures(labels[rows], predicted[rows]) | {
                "variety_accuracy": float(variety[rows].mean())
            }
    found["party"] = party_measures(corpus)
    return found


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


def print_measures(found: dict) -> None:
    """
    Print what `evaluate` found as tables.

    Parameters
    ----------
    found : dict
        From `evaluate`.
    """
    print(
        f"{found['messages']} messages, {found['near_duplicate_clusters']} near-duplicate clusters, {found['folds']} folds"
    )
    for name in ("by_near_duplicate", "by_batch"):
        print(f"\nfolds grouped {name.replace('_', ' ')}")
        print(pd.DataFrame(found[name]).T.round(3).to_string())
    print("\nparty", json.dumps(found["party"]))


if __name__ == "__main__":
    print_measures(evaluate())
