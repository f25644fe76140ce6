"""Chunks of messages by number, and their n-grams in arrays that compiled functions read: most chunks of a message stood in others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from threading import Lock

import numpy as np

from tasrib.text.compiled.loading import Compiled
from tasrib.text.grown import Grown
from tasrib.text.laid import Laid
from tasrib.text.ngrams import skeleton_range, words_and_skeletons

# N-grams that are remembered: some 16 MB, and as much again for chunks and words.
_MOST = 1 << 22


class Numbers(dict):
    """Numbers of strings, in the order in which they are met."""

    def __missing__(self, key: str) -> int:
        self[key] = number = len(self)
        return number


@dataclass(frozen=True)
class Counted:
    """
    N-grams of a batch of messages.

    Attributes
    ----------
    first_chunk, bounds : numpy.ndarray of int64, shape (n_texts + 1,)
        Where the chunks and the entries of each message begin.
    columns, times : numpy.ndarray of int32, shape (n_entries,)
        The n-grams of each message, each once, and how often they occur in it.
    shares : (numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray)
        Where the shares of each message begin; of each the entry, the chunk, and of how many it is one.
    most : int
        The largest of `times`.
    """

    first_chunk: np.ndarray
    bounds: np.ndarray
    columns: np.ndarray
    times: np.ndarray
    shares: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
    most: int


class MetChunks:
    """
    The n-grams of chunks, remembered.

    Parameters
    ----------
    char_range, word_range, bits
        As in `tasrib.text.hashed_ngrams`.
    """

    def __init__(self, char_range: tuple[int, int], word_range: tuple[int, int], bits: int) -> None:
        self._char_range, self._word_range, self._bits = char_range, word_range, bits
        self._lock = Lock()
        self._forget()

    def count(self, texts: Sequence[str], functions: Compiled) -> Counted:
        """
        Count the n-grams of messages: what `tasrib.text.Ngrams` counts, in another order.

        Parameters
        ----------
        texts : sequence of str
            Normalised messages.
        functions : Compiled
            From `tasrib.text.compiled.loading.compiled`.

        Returns
        -------
        Counted
            All kinds of them.
        """
        parts, first_chunk = parted(texts)
        # While one thread counts, another must not move the arrays.
        with self._lock:
            if len(self._columns) > _MOST:
                self._forget()
            known = len(self._numbers)
            flat = chain.from_iterable(parts)
            chunks = np.fromiter(map(self._numbers.__getitem__, flat), np.int64, first_chunk[-1])
            if len(self._numbers) > known:
                self._add(list(islice(self._numbers, known, None)))
            return self._count(chunks, first_chunk, functions)

    def _count(self, chunks: np.ndarray, first_chunk: np.ndarray, functions: Compiled) -> Counted:
        columns = np.diff(self._column_starts.values)[chunks]
        occurrences = _by_message(columns, first_chunk)
        n_shares = int(columns.sum())
        for words in self._words:
            of_message = _by_message(np.diff(words.first.values)[chunks], first_chunk)
            for size in range(self._word_range[0], self._word_range[1] + 1):
                runs = np.maximum(of_message - size + 1, 0)
                occurrences += runs
                n_shares += size * int(runs.sum())
        most_words = max(int(np.diff(words.first.values)[chunks].sum()) for words in self._words)
        n_entries, longest = int(occurrences.sum()), int(occurrences.max(initial=0))
        bounds, share_bounds = np.zeros((2, len(first_chunk)), np.int64)
        entries, times, share_entry, share_chunk = (
            np.empty(n, np.int32) for n in (n_entries, n_entries, n_shares, n_shares)
        )
        share_of = np.empty(n_shares, np.int8)
        slots = np.full(1 << (2 * longest).bit_length(), -1, np.int32)
        numbers, owners = np.empty((2, most_words), np.int32)
        most = functions.count(
            chunks, first_chunk, self._column_starts.values, self._columns.values,
            *(words.arrays() for words in self._words), self._word_range[0], self._word_range[1], self._bits,
            slots, numbers, owners, bounds, entries, times, share_bounds, share_entry, share_chunk, share_of,
        )  # fmt: skip
        n = bounds[-1]
        return Counted(
            first_chunk, bounds, entries[:n], times[:n], (share_bounds, share_entry, share_chunk, share_of), most
        )

    def _add(self, new: list[str]) -> None:
        parts = list(map(words_and_skeletons, new))
        written = Laid([part[0] for part in parts], [part[1] for part in parts])
        bare = Laid([part[2] for part in parts], [part[3] for part in parts])
        of_chunks, chunk = Laid(new, [1] * len(new)).characters(self._char_range, self._bits)
        of_bare, word = bare.characters(skeleton_range(self._char_range), self._bits)
        column = np.concatenate([of_chunks, of_bare + np.int32(2 << self._bits)])
        chunk = np.concatenate([chunk, bare.line[word]])
        begin = len(self._columns)
        self._columns.add(column[np.argsort(chunk, kind="stable")])
        self._column_starts.add(begin + np.cumsum(np.bincount(chunk, minlength=len(new))))
        for words, laid in zip(self._words, (written, bare), strict=True):
            words.add(laid, len(new))

    def _forget(self) -> None:
        self._numbers = Numbers()
        self._columns, self._column_starts = Grown(np.int32), Grown(np.int64)
        self._column_starts.add(np.zeros(1, np.int64))
        self._words = (_Words(), _Words())


class _Words:
    """Words of chunks as bytes."""

    def __init__(self) -> None:
        self._data, self._begin, self._end = Grown(np.uint8), Grown(np.int64), Grown(np.int64)
        self.first = Grown(np.int64)
        self.first.add(np.zeros(1, np.int64))

    def add(self, laid: Laid, n_lines: int) -> None:
        """Take the words of further chunks, a line each."""
        data, begin, end = laid.words()
        before, so_far = len(self._data), len(self._begin)
        self._data.add(data)
        self._begin.add(before + begin)
        self._end.add(before + end)
        self.first.add(so_far + np.cumsum(np.bincount(laid.line, minlength=n_lines)))

    def arrays(self) -> tuple[np.ndarray, ...]:
        """All bytes, where each word begins and ends, and the first word of each chunk."""
        return self._data.values, self._begin.values, self._end.values, self.first.values


def parted(texts: Sequence[str]) -> tuple[list[list[str]], np.ndarray]:
    """
    Part messages into chunks.

    Parameters
    ----------
    texts : sequence of str
        Messages.

    Returns
    -------
    (parts, first_chunk) : (list of list of str, numpy.ndarray of int64, shape (n + 1,))
        The chunks of each, and where those of each begin among all.
    """
    parts = [text.split() for text in texts]
    first_chunk = np.zeros(len(parts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, parts), np.int64, len(parts)), out=first_chunk[1:])
    return parts, first_chunk


def _by_message(of_chunks: np.ndarray, first_chunk: np.ndarray) -> np.ndarray:
    so_far = np.concatenate([[0], np.cumsum(of_chunks)])
    return so_far[first_chunk[1:]] - so_far[first_chunk[:-1]]


@lru_cache(maxsize=8)
def met_chunks(char_range: tuple[int, int], word_range: tuple[int, int], bits: int) -> MetChunks:
    """
    Give what is remembered of chunks by all who ask for the same n-grams.

    Parameters
    ----------
    char_range, word_range, bits
        As of `MetChunks`.

    Returns
    -------
    MetChunks
        The same for the same.
    """
    return MetChunks(char_range, word_range, bits)
