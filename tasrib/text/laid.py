"""Words of many messages in one row of characters, so that all their n-grams are found and hashed without a Python object for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from tasrib.text.murmur import ROOM, Hashed


class Laid:
    """
    Lines of words, one behind the other.

    Parameters
    ----------
    lines : sequence of str
        Words, single blanks between them, none at the ends.
    counts : sequence of int
        How many words each line has.

    Attributes
    ----------
    line : numpy.ndarray of int, shape (n_words,)
        Which line each word stands in.
    """

    def __init__(self, lines: Sequence[str], counts: Sequence[int]):
        row = f" {' '.join(filter(None, lines))} "
        # Half of a surrogate pair may stand in what was received.
        points = np.frombuffer(row.encode("utf-32-le", "surrogatepass"), np.uint32)
        width = 1 + (points >= 0x80) + (points >= 0x800).astype(np.int64) + (points >= 0x10000)
        self._place = np.concatenate([[0], np.cumsum(width)])
        self._bytes = row.encode("utf-8", "surrogatepass")
        blanks = np.flatnonzero(points == 0x20)
        # Where there is no word at all, two blanks stand side by side and have none between them.
        self._before, self._behind = (blanks[:-1], blanks[1:]) if any(counts) else (blanks[:0], blanks[:0])
        self.line = np.repeat(np.arange(len(lines)), counts)

    def words(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """
        Give the words as bytes.

        Returns
        -------
        (data, begin, end) : (numpy.ndarray of uint8, numpy.ndarray of int64, numpy.ndarray of int64)
            All lines in UTF-8, and where each word begins and ends in them; before and behind each stands a blank.
        """
        return np.frombuffer(self._bytes, np.uint8), self._place[self._before + 1], self._place[self._behind]

    def characters(self, lengths: tuple[int, int], bits: int) -> tuple[np.ndarray, np.ndarray]:
        """
        N-grams of the characters of each word, a blank before and behind it.

        Parameters
        ----------
        lengths : (int, int)
            Shortest and longest; a word that is shorter, its blanks included, is one n-gram.
        bits : int
            There are ``2 ** bits`` columns.

        Returns
        -------
        (columns, word) : (numpy.ndarray of int32, numpy.ndarray of int), shape (n,)
            Column of each n-gram, and the word it is of. What `sklearn.feature_extraction.text.HashingVectorizer` counts with
            ``analyzer="char_wb"``.
        """
        room = self._behind - self._before + 1
        starts, ends, words = [], [], []
        for n in range(lengths[0], lengths[1] + 1):
            # A word that is no longer than this has been counted as a whole, once.
            holds = np.flatnonzero((room >= n) | (n == lengths[0]))
            times = np.maximum(room[holds] - n + 1, 1)
            word = np.repeat(holds, times)
            nth = np.arange(len(word)) - np.repeat(np.cumsum(times) - times, times)
            start = self._before[word] + nth
            starts.append(start)
            ends.append(np.minimum(start + n, self._behind[word] + 1))
            words.append(word)
        return self._columns(np.concatenate(starts), np.concatenate(ends), bits), np.concatenate(words)

    def runs(self, lengths: tuple[int, int], bits: int, text: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """
        Runs of words of a text.

        Parameters
        ----------
        lengths : (int, int)
            Fewest and most words of a run.
        bits : int
            There are ``2 ** bits`` columns.
        text : numpy.ndarray of int, shape (n_lines,)
            To which text each line belongs, ascending.

        Returns
        -------
        (columns, first, length) : (numpy.ndarray of int32, numpy.ndarray of int, numpy.ndarray of int), shape (n,)
            Column of each run, its first word, and how many it has.
        """
        of, firsts, sizes = text[self.line], [], []
        for n in range(lengths[0], lengths[1] + 1):
            first = np.flatnonzero(of[: max(len(of) - n + 1, 0)] == of[n - 1 :])
            firsts.append(first)
            sizes.append(np.full(len(first), n))
        first, size = np.concatenate(firsts), np.concatenate(sizes)
        return self._columns(self._before[first] + 1, self._behind[first + size - 1], bits), first, size

    @cached_property
    def _hashed(self) -> Hashed:
        return Hashed(self._bytes + bytes(ROOM))

    def _columns(self, start: np.ndarray, stop: np.ndarray, bits: int) -> np.ndarray:
        return self._hashed.columns(self._place[start], self._place[stop], bits)
