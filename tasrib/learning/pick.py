"""Which messages are most worth a human's label: those the model is unsure of, unlike the corpus, and unlike each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import logit
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from tasrib._arguments import as_frame
from tasrib.errors import TasribError
from tasrib.scored import check
from tasrib.text import near_duplicate_groups, normalise

COLUMNS = ("text", "language", "category", "probability", "decision", "messages", "uncertainty", "novelty")
_NEEDED = ("text", "probability", "decision", "category", "language")
# As campaigns are clustered: two wordings of one campaign are one thing to label.
_SIMILARITY = 0.45
_MOST_CANDIDATES = 4_000
_UNSURE, _NOVEL = 0.6, 0.4
_LIKE_PICKED, _SAME_LANGUAGE = 0.5, 0.25
_BLOCK = 500


def pick_for_labelling(
    scored: pd.DataFrame, corpus_texts: Sequence[str], own_texts: Sequence[str] = (), *, most: int = 100, seed: int = 0
) -> pd.DataFrame:
    """
    Pick messages for a person to label.

    Parameters
    ----------
    scored : pandas.DataFrame
        Scored complaints.
    corpus_texts : sequence of str
        Messages the model was fitted on.
    own_texts : sequence of str
        Messages the user has labelled: nothing like them is picked.
    most : int
        How many at most.
    seed : int
        For the sample that stands for the messages the model is sure of, where they are very many.

    Returns
    -------
    pandas.DataFrame
        The columns of ``COLUMNS``, the most useful message first, one a near-duplicate cluster: ``messages`` is the size of the
        cluster, ``uncertainty`` 1 inside the review band and falling with the distance from it in log-odds, ``novelty`` 1 minus the
        greatest cosine similarity of character n-grams to a message of the corpus.

    Raises
    ------
    TasribError
        When the complaints are not scored or `most` is not positive.

    Notes
    -----
    Uncertainty: Lewis & Gale, "A sequential algorithm for training text classifiers", SIGIR 1994. The greedy choice that also
    weighs likeness to what is picked already: maximal marginal relevance, Carbonell & Goldstein, SIGIR 1998.
    """
    scored = as_frame(scored, "scored complaints, as from tasrib.score or tasrib.read_scored")
    lacking = [name for name in _NEEDED if name not in scored.columns]
    if lacking:
        raise TasribError(
            f"column {lacking[0]!r} is missing, so these complaints are not scored; run tasrib score first"
        )
    if most < 1:
        raise TasribError(f"most is {most}; ask for at least one message")
    clusters = _one_a_cluster(check(scored, _NEEDED), own_texts, most, seed)
    if clusters.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    counter = HashingVectorizer(
        n_features=2**18,
        analyzer="char_wb",
        ngram_range=(3, 5),
        lowercase=False,
        norm=None,
        alternate_sign=False,
        dtype="float32",
    )
    plain = counter.transform([normalise(text) for text in (*corpus_texts, *own_texts)])
    mine = counter.transform([normalise(text) for text in clusters["text"]])
    weigher = TfidfTransformer(sublinear_tf=True).fit(sparse.vstack([plain, mine]))
    known, mine = weigher.transform(plain), weigher.transform(mine)
    clusters["novelty"] = 1 - _nearest(mine, known)
    order = _greedy(clusters, mine, most)
    return clusters.iloc[order][list(COLUMNS)].reset_index(drop=True)


def uncertainty(probability: np.ndarray, decision: np.ndarray) -> np.ndarray:
    """
    Say how unsure the model is of each message.

    Parameters
    ----------
    probability : numpy.ndarray, shape (n,)
        Calibrated probabilities of campaign.
    decision : numpy.ndarray of str, shape (n,)
        What was decided; the ends of the review band are read off it.

    Returns
    -------
    numpy.ndarray of float, shape (n,)
        1 for ``review`` and at the band's ends, ``exp(-distance)`` beyond, the distance in log-odds.
    """
    odds = logit(np.clip(probability, 1e-6, 1 - 1e-6))
    above, below = decision == "campaign", decision == "not_campaign"
    distance = np.zeros(len(odds))
    # The least sure message of each side marks that side's end of the band.
    if above.any():
        distance[above] = odds[above] - odds[above].min()
    if below.any():
        distance[below] = odds[below].max() - odds[below]
    return np.exp(-distance)


def _one_a_cluster(scored: pd.DataFrame, own_texts: Sequence[str], most: int, seed: int) -> pd.DataFrame:
    frame = scored[list(_NEEDED)].reset_index(drop=True)
    frame["uncertainty"] = uncertainty(frame["probability"].to_numpy(), frame["decision"].to_numpy())
    counts = frame["text"].map(frame["text"].value_counts())
    distinct = frame.assign(messages=counts)[frame["text"].str.strip() != ""].drop_duplicates("text")
    limit = max(_MOST_CANDIDATES, 10 * most)
    if len(distinct) > limit:
        # The least sure half is taken; the other half stands for the rest, where the model may be sure and wrong.
        unsure = distinct.nlargest(limit // 2, "uncertainty", keep="first")
        rest = distinct.drop(unsure.index).sample(limit - len(unsure), random_state=seed)
        distinct = pd.concat([unsure, rest]).sort_index()
    cluster = near_duplicate_groups([*own_texts, *distinct["text"]], _SIMILARITY)
    done, cluster = cluster[: len(own_texts)], cluster[len(own_texts) :]
    distinct = distinct.assign(cluster=cluster)[~np.isin(cluster, done)]
    total = distinct.groupby("cluster")["messages"].sum()
    best = distinct.sort_values("uncertainty", ascending=False, kind="stable").drop_duplicates("cluster")
    return best.assign(messages=best["cluster"].map(total)).reset_index(drop=True)


def _nearest(mine: sparse.csr_matrix, known: sparse.csr_matrix) -> np.ndarray:
    if not known.shape[0]:
        return np.zeros(mine.shape[0])
    blocks = [mine[start : start + _BLOCK] @ known.T for start in range(0, mine.shape[0], _BLOCK)]
    return np.concatenate([np.asarray(block.max(axis=1).todense()).ravel() for block in blocks]).clip(0, 1)


def _greedy(clusters: pd.DataFrame, vectors: sparse.csr_matrix, most: int) -> list[int]:
    worth = (_UNSURE * clusters["uncertainty"] + _NOVEL * clusters["novelty"]).to_numpy()
    language = np.unique(clusters["language"], return_inverse=True)[1]
    picked: list[int] = []
    likeness = np.zeros(len(clusters))
    taken = np.zeros(language.max() + 1)
    open_ = np.ones(len(clusters), bool)
    while len(picked) < min(most, len(clusters)):
        crowded = taken[language] / max(len(picked), 1)
        value = worth - _LIKE_PICKED * likeness - _SAME_LANGUAGE * crowded
        best = int(np.where(open_, value, -np.inf).argmax())
        picked.append(best)
        open_[best] = False
        taken[language[best]] += 1
        likeness = np.maximum(likeness, np.asarray((vectors @ vectors[best].T).todense()).ravel())
    return picked
