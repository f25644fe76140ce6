"""Columns of the n-grams of words, hashed the first time that a word is met: most words of a message stood in others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from threading import Lock

import numpy as np

from tasrib.text.grown import Grown
from tasrib.text.laid import Laid

# N-grams that are remembered: some 16 MB.
_MOST = 1 << 22


class WordColumns:
    """
    N-grams of the characters of words, remembered.

    Parameters
    ----------
    lengths : (int, int)
        Shortest and longest, as of `tasrib.text.laid.Laid.characters`.
    bits : int
        There are ``2 ** bits`` columns.
    """

    def __init__(self, lengths: tuple[int, int], bits: int) -> None:
        self._lengths, self._bits = lengths, bits
        self._lock = Lock()
        self._forget()

    def of(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """
        Give the columns of words.

        Parameters
        ----------
        words : sequence of str
            Words without blanks in them, none of them empty.

        Returns
        -------
        (columns, word) : (numpy.ndarray of int32, numpy.ndarray of int), shape (n,)
            Column of each n-gram, and the place of the word that it is of, ascending.
        """
        with self._lock:
            if len(self._columns) > _MOST:
                self._forget()
            new = [word for word in dict.fromkeys(words) if word not in self._number]
            if new:
                self._add(new)
            number = np.fromiter(map(self._number.__getitem__, words), np.int64, len(words))
            starts = self._starts.values
            sizes = starts[number + 1] - starts[number]
            ends = np.cumsum(sizes)
            word = np.repeat(np.arange(len(words)), sizes)
            return self._columns.values[(starts[number] - ends + sizes)[word] + np.arange(len(word))], word

    def _add(self, new: list[str]) -> None:
        columns, word = Laid(new, [1] * len(new)).characters(self._lengths, self._bits)
        begin, before = len(self._columns), len(self._number)
        self._columns.add(columns[np.argsort(word, kind="stable")])
        self._starts.add(begin + np.cumsum(np.bincount(word, minlength=len(new))))
        self._number.update(zip(new, range(before, before + len(new)), strict=True))

    def _forget(self) -> None:
        self._number: dict[str, int] = {}
        self._columns, self._starts = Grown(np.int32), Grown(np.int64)
        self._starts.add(np.zeros(1, np.int64))


@lru_cache(maxsize=8)
def word_columns(lengths: tuple[int, int], bits: int) -> WordColumns:
    """
    Give what is remembered of words by all who ask for the same n-grams.

    Parameters
    ----------
    lengths, bits
        As of `WordColumns`.

    Returns
    -------
    WordColumns
        The same for the same.
    """
    return WordColumns(lengths, bits)
