"""
Compare the shipped recipe with what people use today and with the steps that led to it: `python -m training.compare`.

The recipe was chosen on the left half of the table: the training batches, cross-validated by batch. The right half is the fixed test
split, by writers that no model was fitted on, scored by models fitted on the whole training part.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.metrics import average_precision_score, f1_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from tasrib.classify import CAMPAIGN, load_model
from tasrib.learning import is_test_batch
from tasrib.text import near_duplicate_groups
from training.corpus import joined_groups, load_corpus
from training.goals import SHIPPED
from training.paths import MODEL, MODEL_COMPARISON
from training.peers import PEERS, Peer, Scores

N_FOLDS = 3


def summary(truth: pd.Series, scores: Scores) -> dict[str, float]:
    """
    Sum up one peer's scores.

    Parameters
    ----------
    truth : pandas.Series of str, shape (n,)
        True categories.
    scores : Scores
        From a peer.

    Returns
    -------
    dict of str to float
        ``AUC-PR``; ``R@P99`` and ``R@P97``, the largest recall at which precision is at least that; ``error``, the share of wrong yes-or-no
        answers about campaign; ``macro-F1`` of the categories, NaN where the peer gives none.
    """
    campaign = (truth == CAMPAIGN).to_numpy()
    score, called, category = scores
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(campaign[order])
    precision, last_of_tie = hits / np.arange(1, len(hits) + 1), np.append(np.diff(score[order]) != 0, True)

    def recall_at(least: float) -> float:
        fine = np.flatnonzero((precision >= least) & last_of_tie)
        return float(hits[fine[-1]] / hits[-1]) if len(fine) else 0.0

    return {
        "AUC-PR": float(average_precision_score(campaign, score)),
        "R@P99": recall_at(0.99),
        "R@P97": recall_at(0.97),
        "error": float(np.mean(called != campaign)),
        "macro-F1": float(f1_score(truth, category, average="macro", zero_division=0))
        if (category != "").any()
        else np.nan,
    }


def _run(peer: Peer, train: pd.DataFrame, test: pd.DataFrame) -> tuple[Scores, float]:
    started = time.perf_counter()
    with threadpool_limits(1):
        return peer.run(train, test), time.perf_counter() - started


def compare(corpus: pd.DataFrame, peers: tuple[Peer, ...] = PEERS, *, n_jobs: int = 2) -> pd.DataFrame:
    """
    Measure every peer in the same run.

    Parameters
    ----------
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.
    peers : tuple of Peer
        What to compare.
    n_jobs : int
        Processes.

    Returns
    -------
    pandas.DataFrame
        One row a peer; columns ``simple``, ``cv`` and ``test`` figures of `summary` (as ``cv AUC-PR``, ``test AUC-PR``, …) and ``time``, the seconds of
        its fits as a ratio to those of the first fitted peer.
    """
    held = corpus["batch"].map(is_test_batch).to_numpy()
    train, test = corpus[~held].reset_index(drop=True), corpus[held].reset_index(drop=True)
    groups = joined_groups(near_duplicate_groups(train["text"].tolist()), train["batch"])
    folds = list(GroupKFold(N_FOLDS, shuffle=True, random_state=0).split(train, groups=groups))
    jobs = [(peer, train.iloc[a], train.iloc[b]) for peer in peers for a, b in folds]
    jobs += [(peer, train, test) for peer in peers]
    done = Parallel(n_jobs=n_jobs)(delayed(_run)(*job) for job in jobs)
    rows = []
    for number, peer in enumerate(peers):
        parts = done[number * N_FOLDS : (number + 1) * N_FOLDS]
        whole: list[np.ndarray] = [
            np.empty(len(train), part.dtype if part.dtype.kind != "U" else object) for part in parts[0][0][:3]
        ]
        for (_, at), (scores, _) in zip(folds, parts, strict=True):
            for into, part in zip(whole, scores, strict=True):
                into[at] = part
        on_test, _ = done[len(peers) * N_FOLDS + number]
        row: dict = {"peer": peer.name, "simple": peer.simple}
        row |= {f"cv {k}": v for k, v in summary(train["category"], (whole[0], whole[1], whole[2])).items()}
        row |= {f"test {k}": v for k, v in summary(test["category"], on_test).items()}
        rows.append(row | {"seconds": sum(seconds for _, seconds in parts)})
    table = pd.DataFrame(rows)
    table["time"] = table["seconds"] / table["seconds"].iloc[1]
    return table.drop(columns="seconds")


def shipped_row(corpus: pd.DataFrame) -> dict:
    """
    The row of the model in `model/`: n-grams and encoder.

    Parameters
    ----------
    corpus : pandas.DataFrame
        From `training.corpus.load_corpus`.

    Returns
    -------
    dict
        As `compare` makes; without cross-validation, since fine-tuning the encoder once takes an hour, and without a time.
    """
    classifier = load_model(MODEL).classifier
    test = corpus[corpus["batch"].map(is_test_batch)]
    probability = classifier.predict_proba(test["text"].tolist())
    campaign = probability[:, classifier.classes_ == CAMPAIGN].ravel()
    scores = campaign, campaign >= 0.5, classifier.classes_[probability.argmax(axis=1)].astype(object)
    return {"peer": SHIPPED, "simple": False} | {f"test {k}": v for k, v in summary(test["category"], scores).items()}


def main() -> None:
    """Print the table and keep it for the model card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=MODEL_COMPARISON)
    parser.add_argument(
        "--shipped", action="store_true", help="measure the shipped model alone anew, beside the others as they stand"
    )
    wanted = parser.parse_args()
    output, corpus = wanted.output, load_corpus()
    if wanted.shipped:
        table = pd.DataFrame(json.loads(output.read_text(encoding="utf-8")))
        table = table[table["peer"] != SHIPPED]
    else:
        table = compare(corpus)
    table = pd.concat([table, pd.DataFrame([shipped_row(corpus)])], ignore_index=True)
    pd.set_option("display.width", 200)
    print(table.drop(columns="simple").round(3).to_string(index=False))
    best = table.loc[table["simple"], "test error"].min()
    ours = float(table.loc[table["peer"] == SHIPPED, "test error"].iloc[0])
    print(
        f"\nerrors on the test split: {ours:.2%}, best simple baseline {best:.2%}: {1 - ours / best:.0%} fewer (goal: 50%)"
    )
    output.write_text(json.dumps(table.to_dict("records"), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
