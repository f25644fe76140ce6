"""Which messages are the same message, but for a name, a town, a link or some disguise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from tasrib.text.normal_form import normalise

SHINGLE = 5
_WIDTH = 2**31 - 1
_BANDS, _ROWS = 42, 3
# Of many messages the hashes of all bands at once would take more room than their 5-grams.
_AT_A_TIME = 7
# Pairs looked at, texts parted and 5-grams hashed at a time; so many 5-grams stay in a processor's cache.
_BLOCK, _TEXTS, _GRAMS = 20_000, 4_000, 2**16
# Odd numbers without a pattern: the high bits of a product with them are a hash (Dietzfelbinger et al. 1997).
_OF_LETTERS, _OF_GRAMS, _OF_BANDS = map(np.uint64, (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F))


def shingles(texts: Sequence[str], *, normalised: bool = False) -> sparse.csr_matrix:
    """
    Sets of character 5-grams of normalised messages.

    Parameters
    ----------
    texts : sequence of str
        Messages as received.
    normalised : bool
        The texts went through `tasrib.text.normalise` already.

    Returns
    -------
    scipy.sparse.csr_matrix of int8, shape (n_texts, 2 ** 31 - 1)
        1 where the message has the 5-gram, by its hash; a shorter message is its own shingle.
    """
    n = len(texts)
    # One array from the start: parts put together would lie in memory twice. What is not filled takes no room.
    columns = np.empty(sum(map(len, texts)) + SHINGLE * n, np.int32)
    starts = np.zeros(n + 1, np.int64)
    for start in range(0, n, _TEXTS):
        part, counts = _grams([_framed(text, normalised) for text in texts[start : start + _TEXTS]])
        stop = start + len(counts)
        starts[start + 1 : stop + 1] = starts[start] + np.cumsum(counts)
        if starts[stop] > len(columns):
            # A few letters are two once they are small, and texts may grow when they are rewritten.
            columns = np.concatenate([columns, np.empty(len(columns) + len(part), np.int32)])
        columns[starts[start] : starts[stop]] = part
    columns = columns[: starts[-1]]
    sets = sparse.csr_matrix((np.ones(len(columns), np.int8), columns, starts), shape=(n, _WIDTH))
    sets.has_canonical_format = True
    return sets


def _framed(text: str, normalised: bool) -> str:
    # Somebody who writes "url" where another has a link, which is a token in capitals, writes the same message.
    return f" {(text if normalised else normalise(text)).lower()} ".ljust(SHINGLE, "_")


def _grams(plain: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The hashed 5-grams of each text in order, each once, and how many each text has."""
    codes = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.fromiter(map(len, plain), np.int64, len(plain))
    hashed = np.zeros(len(codes) - SHINGLE + 1, np.uint64)
    for place in range(SHINGLE):
        hashed *= _OF_LETTERS
        hashed += codes[place : place + len(hashed)]
    hashed *= _OF_GRAMS
    # What begins in the last letters of a text ends in the next one.
    begins = np.ones(len(codes), bool)
    ends = np.cumsum(lengths)
    for back in range(1, SHINGLE):
        begins[ends - back] = False
    of = np.repeat(np.arange(len(plain), dtype=np.uint64), lengths - SHINGLE + 1)
    keys = np.sort((of << np.uint64(32)) | (hashed[begins[: len(hashed)]] >> np.uint64(33)) % np.uint64(_WIDTH))
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.int32), np.bincount(keys >> np.uint64(32), minlength=len(plain))


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
        of many that share a band, neighbours are paired, and the first with all.

    Notes
    -----
    Broder, "On the resemblance and containment of documents", 1997; Leskovec, Rajaraman & Ullman, "Mining of Massive
    Datasets", 3.4 (bands).
    """
    candidates = [_candidates(band) for band in _bands(sets, seed)]
    pairs = np.unique(np.concatenate(candidates), axis=0)
    return pairs[_similar(sets, pairs, threshold)]


def near_duplicate_groups(texts: Sequence[str], threshold: float = 0.6, *, normalised: bool = False) -> np.ndarray:
    """
    Number the groups of messages that are linked by near-duplication.

    Parameters
    ----------
    texts : sequence of str
        Messages as received.
    threshold : float
        Least Jaccard similarity of character 5-grams that links two messages.
    normalised : bool
        The texts went through `tasrib.text.normalise` already.

    Returns
    -------
    numpy.ndarray of int, shape (n_texts,)
        Group of each message, numbered in the order in which the groups first appear.
    """
    if len(texts) == 0:
        return np.empty(0, int)
    plain = list(texts) if normalised else [normalise(text) for text in texts]
    number: dict[str, int] = {}
    inverse = np.array([number.setdefault(text, len(number)) for text in plain])
    # In the order of the alphabet: which pairs are looked at must not depend on the order of the messages.
    distinct = sorted(number)
    place = np.empty(len(distinct), int)
    place[[number[text] for text in distinct]] = np.arange(len(distinct))
    component = _linked(shingles(distinct, normalised=True), threshold)[place[inverse]]
    _, first, group = np.unique(component, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[group]


def _linked(sets: sparse.csr_matrix, threshold: float, *, seed: int = 0) -> np.ndarray:
    """Number the components that `similar_pairs` link, without looking at pairs within a component that is known."""
    n = sets.shape[0]
    component = np.arange(n)
    for band in _bands(sets, seed):
        pairs = _candidates(band)
        pairs = pairs[component[pairs[:, 0]] != component[pairs[:, 1]]]
        left, right = component[pairs[_similar(sets, pairs, threshold)]].T
        if len(left):
            links = sparse.coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(n, n))
            component = connected_components(links, directed=False)[1][component]
    return component


def _similar(sets: sparse.csr_matrix, pairs: np.ndarray, threshold: float) -> np.ndarray:
    """Which pairs of sets reach the threshold."""
    sizes = np.diff(sets.indptr)
    found = np.zeros(len(pairs), bool)
    for start in range(0, len(pairs), _BLOCK):
        left, right = pairs[start : start + _BLOCK].T
        # Of a product of zeros and ones only the ones are stored.
        shared = np.diff(sets[left].multiply(sets[right]).indptr)
        found[start : start + _BLOCK] = shared >= threshold * (sizes[left] + sizes[right] - shared)
    return found


def _bands(sets: sparse.csr_matrix, seed: int) -> Iterator[np.ndarray]:
    """Yield for each band one hash a row, equal with probability similarity ** _ROWS."""
    rng = np.random.default_rng(seed)
    factors, shifts = rng.integers(0, 2**32, (2, _BANDS, _ROWS), dtype=np.uint32)
    factors |= np.uint32(1)
    for first in range(0, _BANDS, _AT_A_TIME):
        some = slice(first, first + _AT_A_TIME)
        yield from _some_bands(sets, factors[some], shifts[some])


def _some_bands(sets: sparse.csr_matrix, factors: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    bands = np.zeros((len(factors), sets.shape[0]), np.uint64)
    filled = np.flatnonzero(np.diff(sets.indptr))
    starts = sets.indptr[:-1][filled]
    # Rows until a block of 5-grams is full: what is done to a block 126 times should be in the processor's cache.
    edges = np.flatnonzero(np.diff(starts // _GRAMS, prepend=-1))
    for first, last in pairwise(np.append(edges, len(filled))):
        rows, begin = filled[first:last], starts[first]
        columns = sets.indices[begin : sets.indptr[rows[-1] + 1]].astype(np.uint32)
        hashed = np.empty_like(columns)
        for number in range(len(factors)):
            band = np.zeros(len(rows), np.uint64)
            for factor, shift in zip(factors[number], shifts[number], strict=True):
                np.multiply(columns, factor, out=hashed)
                np.add(hashed, shift, out=hashed)
                band = band * _OF_BANDS + np.minimum.reduceat(hashed, starts[first:last] - begin)
            bands[number, rows] = band * _OF_BANDS
    return bands


def _candidates(band: np.ndarray) -> np.ndarray:
    """Pairs within each bucket: neighbours in a chain, and the first with all, so that links close quickly."""
    # A row's number in the place of the low bits of its hash: equal hashes come in the order of the rows, whatever the sorting.
    low = np.uint64(max(1, len(band) - 1).bit_length())
    keys = np.sort((band >> low << low) | np.arange(len(band), dtype=np.uint64))
    row = (keys & ((np.uint64(1) << low) - np.uint64(1))).astype(np.int64)
    again = np.flatnonzero((keys[1:] >> low) == (keys[:-1] >> low)) + 1
    opens = np.ones(len(band), bool)
    opens[again] = False
    first = np.maximum.accumulate(np.where(opens, np.arange(len(band)), 0))[again]
    chain = np.column_stack([row[again - 1], row[again]])
    star = np.column_stack([row[first], row[again]])[first != again - 1]
    return np.concatenate([chain, star])
