"""Words of chunks by number, and their scores for each variety: most chunks of a message stood in others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, islice
from threading import Lock

import numpy as np

from tasrib.text.compiled.chunks_met import Numbers, parted
from tasrib.text.compiled.loading import Compiled
from tasrib.text.grown import Grown

# Words that are remembered: some 16 MB.
_MOST = 1 << 18


class MetWords:
    """
    Scores of the words of chunks, remembered.

    Parameters
    ----------
    words_of : callable
        Gives the words of a chunk.
    score : callable
        Gives the scores of words, an array of shape (n_words, n_varieties).
    n_varieties : int
        How many varieties there are.
    """

    def __init__(
        self, words_of: Callable[[str], list[str]], score: Callable[[list[str]], np.ndarray], n_varieties: int
    ) -> None:
        self._words_of, self._score, self._width = words_of, score, n_varieties
        self._lock = Lock()
        self._forget()

    def vote(
        self, plain: Sequence[str], functions: Compiled, families: np.ndarray, intercept: np.ndarray,
        neighbours: float, share: float,
    ) -> np.ndarray:  # fmt: skip
        """
        Decide on messages.

        Parameters
        ----------
        plain : sequence of str
            Normalised messages.
        functions : Compiled
            From `tasrib.text.compiled.loading.compiled`.
        families : numpy.ndarray of int64, shape (n_varieties,)
            Which family each variety is of, numbered from 0 without gaps.
        intercept : numpy.ndarray of float, shape (n_varieties,)
            Log-odds at no evidence.
        neighbours, share : float
            As of `tasrib.text.VarietyClassifier`.

        Returns
        -------
        numpy.ndarray of int64, shape (n,)
            The variety of each; -1 of a message without words, as many as there are varieties of a mixture.
        """
        parts, first_chunk = parted(plain)
        found = np.empty(len(plain), np.int64)
        with self._lock:
            if len(self._letters) > _MOST:
                self._forget()
            known = len(self._numbers)
            flat = chain.from_iterable(parts)
            chunks = np.fromiter(map(self._numbers.__getitem__, flat), np.int64, first_chunk[-1])
            if len(self._numbers) > known:
                self._add(list(islice(self._numbers, known, None)))
            most_words = np.diff(self._first.values)[chunks].sum()
            functions.vote(
                chunks, first_chunk, self._first.values, self._scores.values.reshape(-1, self._width),
                self._letters.values, np.empty(most_words, np.int64), families, int(families.max()) + 1,
                intercept.astype(float), float(neighbours), float(share), found,
            )  # fmt: skip
        return found

    def _add(self, new: list[str]) -> None:
        words = [self._words_of(chunk) for chunk in new]
        flat = list(chain.from_iterable(words))
        self._first.add(len(self._letters) + np.cumsum([len(each) for each in words]))
        self._letters.add(np.fromiter(map(len, flat), np.int64, len(flat)))
        self._scores.add(self._score(flat).ravel())

    def _forget(self) -> None:
        self._numbers = Numbers()
        self._first, self._letters, self._scores = Grown(np.int64), Grown(np.int64), Grown(np.float64)
        self._first.add(np.zeros(1, np.int64))
