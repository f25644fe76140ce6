"""Which messages are the same message, but for a name, a town, a link or some disguise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import HashingVectorizer

from tasrib.text.normal_form import normalise

SHINGLE = 5
_BANDS, _ROWS = 42, 3
_BLOCK = 20_000

# What is plain already is made plain again by `shingles`, and advertisements come back from batch to batch.
_plain = lru_cache(maxsize=4_096)(normalise)


def shingles(texts: Sequence[str]) -> sparse.csr_matrix:
    """
    Sets of character 5-grams of normalised messages.

    Parameters
    ----------
    texts : sequence of str
        Messages as received.

    Returns
    -------
    scipy.sparse.csr_matrix of float32, shape (n_texts, 2 ** 22)
        1 where the message has the 5-gram; a shorter message is its own shingle.
    """
    plain = [f" {_plain(text)} ".ljust(SHINGLE, "_") for text in texts]
    counter = HashingVectorizer(
        n_features=2**22, analyzer="char", ngram_range=(SHINGLE, SHINGLE), lowercase=False, norm=None,
        binary=True, alternate_sign=False, dtype="float32",
    )  # fmt: skip
    return counter.transform(plain)


def similar_pairs(sets: sparse.csr_matrix, threshold: float, *, seed: int = 0) -> np.ndarray:
    """
    Pairs of sets whose Jaccard similarity reaches a threshold.

    Parameters
    ----------
    sets : scipy.sparse.csr_matrix, shape (n, m)
        One set a row, as from `shingles`.
    threshold : float
        Least Jaccard similarity, 0 to 1.
    seed : int
        Seed of the hash functions.

    Returns
    -------
    numpy.ndarray of int, shape (n_pairs, 2)
        Candidate pairs by MinHash bands, each checked exactly. A pair at Jaccard 0.5 is missed with probability 0.004;
        identical rows are linked in a chain, not pairwise.

    Notes
    -----
    Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman & Ullman, "Mining of Massive
    Datasets", 3.4 (bands).
    """
    candidates = [_candidates(band) for band in _bands(sets, seed)]
    pairs = np.unique(np.concatenate(candidates), axis=0) if candidates else np.empty((0, 2), int)
    sizes = np.asarray(sets.sum(axis=1)).ravel()
    kept = []
    for start in range(0, len(pairs), _BLOCK):
        left, right = pairs[start : start + _BLOCK].T
        shared = np.asarray(sets[left].multiply(sets[right]).sum(axis=1)).ravel()
        kept.append(pairs[start : start + _BLOCK][shared >= threshold * (sizes[left] + sizes[right] - shared)])
    return np.concatenate(kept) if kept else np.empty((0, 2), int)


def near_duplicate_groups(texts: Sequence[str], threshold: float = 0.6) -> np.ndarray:
    """
    Number the groups of messages that are linked by near-duplication.

    Parameters
    ----------
    texts : sequence of str
        Messages as received.
    threshold : float
        Least Jaccard similarity of character 5-grams that links two messages.

    Returns
    -------
    numpy.ndarray of int, shape (n_texts,)
        Group of each message, numbered in the order in which the groups first appear.
    """
    if len(texts) == 0:
        return np.empty(0, int)
    plain = [_plain(text) for text in texts]
    distinct, inverse = np.unique(np.asarray(plain, dtype=object).astype(str), return_inverse=True)
    pairs = similar_pairs(shingles(list(distinct)), threshold)
    n = len(distinct)
    links = sparse.coo_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    component = connected_components(links, directed=False)[1][inverse]
    _, first, group = np.unique(component, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[group]


def _bands(sets: sparse.csr_matrix, seed: int):
    """Yield for each band one hash a row, equal with probability similarity ** _ROWS."""
    rng = np.random.default_rng(seed)
    columns = sets.indices.astype(np.uint64)
    filled = np.flatnonzero(np.diff(sets.indptr))
    starts = sets.indptr[:-1][filled]
    for _ in range(_BANDS):
        band = np.zeros(sets.shape[0], np.uint64)
        for _ in range(_ROWS):
            # Multiply-shift hashing (Dietzfelbinger et al. 1997): the product wraps at 2 ** 64, which mixes its high bits.
            factor, shift = rng.integers(0, 2**64, 2, dtype=np.uint64)
            low = np.minimum.reduceat(columns * (factor | np.uint64(1)) + shift, starts)
            band[filled] = band[filled] * np.uint64(0x9E3779B97F4A7C15) + low
        yield band


def _candidates(band: np.ndarray) -> np.ndarray:
    """Pairs within each bucket: neighbours in a chain, and the first with all, so that links close quickly."""
    order = np.argsort(band, kind="stable")
    edges = np.flatnonzero(np.diff(band[order])) + 1
    pairs = []
    for bucket in np.split(order, edges):
        if len(bucket) > 1:
            pairs += [(bucket[0], other) for other in bucket[1:]]
            pairs += list(pairwise(bucket[1:]))
    return np.sort(np.asarray(pairs, int).reshape(-1, 2), axis=1)
