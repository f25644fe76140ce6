"""Which messages are the same message, but for a name, a town, a link or some disguise."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from scipy import sparse

from tasrib.text.bands import StoredBands, bands_of
from tasrib.text.groups import Groups
from tasrib.text.normal_form import normalise
from tasrib.text.shingles import StoredShingles, shingles
from tasrib.text.stored import Scratch, Stored

# Pairs looked at, and texts parted, at a time.
_BLOCK, _TEXTS = 10_000, 4_000


class Texts(Protocol):
    """Normalised texts that are read some at a time."""

    def some(self, places: np.ndarray) -> Sequence[str]:
        """Give those at some places."""


class _Listed:
    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def some(self, places: np.ndarray) -> Sequence[str]:
        return [self._texts[place] for place in places.tolist()]


def similar_pairs(sets: sparse.csr_matrix, threshold: float, *, seed: int = 0) -> np.ndarray:
    """
    Pairs of sets whose Jaccard similarity reaches a threshold.

    Parameters
    ----------
    sets : scipy.sparse.csr_matrix, shape (n, m)
        One set a row, as from `tasrib.text.shingles.shingles`.
    threshold : float
        Least Jaccard similarity, 0 to 1.
    seed : int
        Seed of the hash functions.

    Returns
    -------
    numpy.ndarray of int, shape (n_pairs, 2)
        Candidate pairs by MinHash bands, each checked exactly. A pair at Jaccard 0.5 is missed with probability 0.004;
        of many that share a band, neighbours are paired, and the first with all.
    """
    order = np.arange(sets.shape[0])
    candidates = [np.column_stack(each) for band in bands_of(sets, seed=seed) for each in _candidates(band, order)]
    pairs = np.unique(np.concatenate([np.empty((0, 2), int), *candidates]), axis=0)
    similar = [_similar(sets, pairs[start : start + _BLOCK], threshold) for start in range(0, len(pairs), _BLOCK)]
    return pairs[np.concatenate(similar)] if similar else pairs


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
    at = np.arange(len(distinct))
    group = _linked(_Listed(distinct), at, at, threshold, io.BytesIO)[place[inverse]]
    _, first, group = np.unique(group, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[group]


def groups_of_stored(stored: Stored, ranks: np.ndarray, threshold: float, scratch: Scratch = io.BytesIO) -> np.ndarray:
    """
    Find the groups that `near_duplicate_groups` finds, of texts in a file.

    Parameters
    ----------
    stored : Stored
        Texts that went through `tasrib.text.normalise`.
    ranks : numpy.ndarray of int, shape (n_texts,)
        From ``stored.ranks()``.
    threshold : float
        As of `near_duplicate_groups`.
    scratch : callable
        Makes a file.

    Returns
    -------
    numpy.ndarray of int32, shape (n_texts,)
        The same for messages of one group, and the smaller the earlier the first of them was stored. In memory are some 40 bytes a message.
    """
    order = np.argsort(ranks, kind="stable").astype(np.int32)
    opens = np.diff(ranks[order], prepend=-1) != 0
    # Of equal texts the first.
    first = np.empty(len(order), np.int32)
    first[order] = order[np.maximum.accumulate(np.where(opens, np.arange(len(order), dtype=np.int32), 0))]
    by_alphabet = order[opens]
    del order, opens
    places = np.sort(by_alphabet)
    row = np.searchsorted(places, by_alphabet).astype(np.int32)
    del by_alphabet
    group = _linked(stored, places, row, threshold, scratch)
    return places[group[np.searchsorted(places, first)]]


def _linked(
    texts: Texts, places: np.ndarray, by_alphabet: np.ndarray, threshold: float, scratch: Scratch
) -> np.ndarray:
    """
    Group distinct texts, without looking at pairs within a group that is known.

    `places` are those of the texts, ascending; `by_alphabet` says which of `places` come in the order of the alphabet.
    """
    bands, kept = StoredBands(len(places), scratch), StoredShingles(scratch)
    for start in range(0, len(places), _TEXTS):
        sets = shingles(texts.some(places[start : start + _TEXTS]), normalised=True)
        bands.put(start, bands_of(sets))
        kept.add(sets)
    groups = Groups(len(places))
    for band in bands:
        # In a bucket of many the chain mostly joins all, so that nothing is left for the star.
        for left, right in _candidates(band, by_alphabet):
            small, large = np.sort([kept.sizes(left), kept.sizes(right)], axis=0)
            open_to = (small >= threshold * large) & (groups.of(left) != groups.of(right))
            left, right = left[open_to], right[open_to]
            mine, at = np.unique(np.concatenate([left, right]), return_inverse=True)
            similar = _similar(kept.some(mine), at.reshape(2, -1).T, threshold)
            groups.join(left[similar], right[similar])
        groups.settle()
    return groups.settle()


def _similar(sets: sparse.csr_matrix, pairs: np.ndarray, threshold: float) -> np.ndarray:
    """Which pairs of sets reach the threshold."""
    if not len(pairs):
        return np.empty(0, bool)
    sizes = np.diff(sets.indptr)
    left, right = pairs.T
    # Of a product of zeros and ones only the ones are stored.
    shared = np.diff(sets[left].multiply(sets[right]).indptr)
    return shared >= threshold * (sizes[left] + sizes[right] - shared)  # type: ignore[no-any-return]


def _candidates(band: np.ndarray, order: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs within each bucket, its rows in a given order: neighbours in a chain, then the first with all, so that links close quickly."""
    # A row's place in the order stands for the low bits of its hash: equal hashes come in that order, whatever the sorting.
    low = np.uint64(max(1, len(band) - 1).bit_length())
    keys = band[order]
    keys >>= low
    keys <<= low
    keys |= np.arange(len(band), dtype=np.uint64)
    keys.sort()
    differs = keys[1:] ^ keys[:-1]
    differs >>= low
    # Pairs are made some at a time, from four bytes a row: in a large batch most rows share a bucket with others.
    opens = np.append(True, differs != 0)[: len(band)]
    keys &= (np.uint64(1) << low) - np.uint64(1)
    row = order[keys.astype(np.int32)]
    del keys, differs
    firsts, again = (np.flatnonzero(which).astype(np.int32) for which in (opens, ~opens))
    del opens
    for start in range(0, len(again), _BLOCK):
        later = again[start : start + _BLOCK]
        yield row[later - 1], row[later]
    for start in range(0, len(again), _BLOCK):
        later = again[start : start + _BLOCK]
        first = firsts[np.searchsorted(firsts, later, "right") - 1]
        far = first != later - 1
        yield row[first[far]], row[later[far]]
