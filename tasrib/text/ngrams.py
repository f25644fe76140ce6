"""All n-grams of a batch of messages, where each stands, and how often it occurs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from tasrib.text.grid import on_grid
from tasrib.text.laid import Laid
from tasrib.text.remembered import Remembered
from tasrib.text.skeleton import skeleton_tokens
from tasrib.text.word_columns import word_columns

KINDS = 4
"""Kinds of n-grams, each in a table of its own: characters, words, skeleton characters, skeleton words."""

_WORD = re.compile(r"[^\W_]+|[^\w\s]")


@dataclass(frozen=True)
class Counts:
    """
    How often each n-gram occurs in each message, as a `scipy.sparse.csr_matrix` holds it.

    Attributes
    ----------
    indptr, indices, data : numpy.ndarray
        Where the entries of each row begin and end, their columns (ascending in a row), and the counts.
    shape : (int, int)
        Messages and columns.
    """

    indptr: np.ndarray
    indices: np.ndarray
    data: np.ndarray
    shape: tuple[int, int]


class Ngrams:
    """
    Count the n-grams of messages, and remember which chunk, or run between blanks, each is of.

    Parameters
    ----------
    texts : sequence of str
        Normalised messages.
    char_range, word_range, bits
        As in `tasrib.text.hashed_ngrams`.

    Attributes
    ----------
    counts : Counts of float32, shape (n_texts, KINDS * 2 ** bits)
        How often each n-gram occurs.
    """

    def __init__(self, texts: Sequence[str], char_range: tuple[int, int], word_range: tuple[int, int], bits: int):
        chunks = [text.split() for text in texts]
        sizes = [len(each) for each in chunks]
        message = np.repeat(np.arange(len(texts)), sizes)
        self._first_chunk = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        flat = list(chain.from_iterable(chunks))
        parts = list(map(_PARTED.__getitem__, flat))
        words = Laid([part[0] for part in parts], [part[1] for part in parts])
        bare = Laid([part[2] for part in parts], [part[3] for part in parts])
        # A key is a message and, in its low bits, a column. In 32 bits, where they suffice, keys are sorted in half the time.
        width = KINDS << bits
        whole = np.uint32 if width * max(len(texts), 1) <= 2**32 else np.uint64
        self._low = whole(width.bit_length() - 1)
        high = np.left_shift(message.astype(whole), self._low)
        keys, self._runs = [], []
        skeletons = " ".join([part[2] for part in parts]).split()
        for kind, of, line, lengths in (
            (0, flat, np.arange(len(flat)), char_range),
            (2, skeletons, bare.line, skeleton_range(char_range)),
        ):
            column, word = word_columns(tuple(lengths), bits).of(of)
            keys.append(_keys(high[line] + whole(kind << bits), word, column))
            self._runs.append((line, word, np.ones(len(word), int)))
        for kind, laid, lengths in ((1, words, word_range), (3, bare, word_range)):
            column, first, length = laid.runs(lengths, bits, message)
            keys.append(_keys(high[laid.line] + whole(kind << bits), first, column))
            self._runs.append((laid.line, first, length))
        self._key = np.concatenate(keys)
        ordered = np.sort(self._key)
        new = np.ones(len(ordered), bool)
        new[1:] = ordered[1:] != ordered[:-1]
        first = np.flatnonzero(new)
        self._unique = ordered[first]
        bounds = np.searchsorted(self._unique >> self._low, np.arange(len(texts) + 1, dtype=whole))
        times = np.diff(first, append=len(ordered)).astype(np.float32)
        indices = (self._unique & whole(width - 1)).astype(np.int32)
        self.counts = Counts(bounds.astype(np.int32), indices, times, (len(texts), width))

    def share_out(self, weights: np.ndarray, messages: np.ndarray) -> list[np.ndarray]:
        """
        Give the weight of each n-gram to the chunks that it stands in.

        Parameters
        ----------
        weights : numpy.ndarray of float, shape (nnz,)
            Of one occurrence of each entry of `counts`.
        messages : numpy.ndarray of int
            Which messages, ascending.

        Returns
        -------
        list of numpy.ndarray of float
            For each of `messages` the weight of each of its chunks. A run of several words counts in equal parts for the chunks it joins,
            so that the chunks of a message add up to its n-grams.
        """
        wanted = np.zeros(self.counts.shape[0], bool)
        wanted[messages] = True
        total = np.zeros(self._first_chunk[-1])
        done = 0
        for line, first, length in self._runs:
            here = done + np.flatnonzero(wanted[self._key[done : done + len(first)] >> self._low])
            share = on_grid(weights[np.searchsorted(self._unique, self._key[here])] / length[here - done])
            for nth in range(int(length.max(initial=1))):
                of = np.flatnonzero(length[here - done] > nth)
                total += np.bincount(line[first[here[of] - done] + nth], share[of], minlength=len(total))
            done += len(first)
        bounds = self._first_chunk
        return [total[bounds[row] : bounds[row + 1]] for row in messages.tolist()]


def _keys(of_words: np.ndarray, word: np.ndarray, column: np.ndarray) -> np.ndarray:
    keys = of_words[word]
    return np.add(keys, column, out=keys, casting="unsafe")


def skeleton_range(char_range: tuple[int, int]) -> tuple[int, int]:
    """
    Say how long the n-grams of skeletons are.

    Parameters
    ----------
    char_range : (int, int)
        Shortest and longest n-grams of characters.

    Returns
    -------
    (int, int)
        Shortest and longest: without vowels, as much of a word is in fewer letters.
    """
    return char_range[0], max(char_range[0], char_range[1] - 1)


def words_and_skeletons(chunk: str) -> tuple[str, int, str, int]:
    """
    Part a chunk.

    Parameters
    ----------
    chunk : str
        A run between blanks of a normalised message.

    Returns
    -------
    (str, int, str, int)
        Its words and its skeletons, blanks between them, and how many each are.
    """
    words, skeletons = _WORD.findall(chunk), skeleton_tokens(chunk)
    return " ".join(words), len(words), " ".join(skeletons), len(skeletons)


_PARTED = Remembered(words_and_skeletons, 1 << 17)
