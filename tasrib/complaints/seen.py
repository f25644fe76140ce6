"""Which of many texts were met before, in 16 bytes each: ids and complaints of any number of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

_BYTES = 16


def digests(texts: Iterable[str]) -> np.ndarray:
    """
    Shorten texts.

    Parameters
    ----------
    texts : iterable of str
        Any texts.

    Returns
    -------
    numpy.ndarray of bytes, shape (n,)
        A hash of each: of ten million million texts hardly two have the same.
    """
    return np.array(
        [hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest() for text in texts],
        f"S{_BYTES}",
    )


class Seen:
    """Texts that were met, each with a number."""

    def __init__(self) -> None:
        # Sorted runs, each at least as long as all after it, so that few are searched and few are merged.
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []

    def first(self, hashed: np.ndarray) -> np.ndarray:
        """
        Find texts.

        Parameters
        ----------
        hashed : numpy.ndarray of bytes, shape (n,)
            From `digests`.

        Returns
        -------
        numpy.ndarray of int, shape (n,)
            The number that each was met with first; -1 where it was not met.
        """
        found = np.full(len(hashed), -1)
        for known, numbers in self._runs:
            place = np.minimum(np.searchsorted(known, hashed), len(known) - 1)
            new = (found < 0) & (known[place] == hashed)
            found[new] = numbers[place[new]]
        return found

    def add(self, hashed: np.ndarray, numbers: np.ndarray) -> None:
        """
        Take in texts.

        Parameters
        ----------
        hashed : numpy.ndarray of bytes, shape (n,)
            From `digests`; those of equal texts in the order in which they were met.
        numbers : numpy.ndarray of int, shape (n,)
            A number for each, none of them negative.
        """
        if not len(hashed):
            return
        self._runs.append(_sorted(hashed, numbers.astype(np.int64)))
        while len(self._runs) > 1 and len(self._runs[-2][0]) <= len(self._runs[-1][0]):
            later, earlier = self._runs.pop(), self._runs.pop()
            self._runs.append(_sorted(*(np.concatenate(both) for both in zip(earlier, later, strict=True))))

    def isdisjoint(self, texts: Iterable[str]) -> bool:
        """Whether none of these texts was met."""
        return not self._runs or bool((self.first(digests(texts)) < 0).all())

    def update(self, texts: Iterable[str]) -> None:
        """Take in texts, whatever their numbers."""
        hashed = digests(texts)
        self.add(hashed, np.zeros(len(hashed), np.int64))


def _sorted(hashed: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # Stable: the earlier of equal ones stays the first; and quick where two sorted runs are put together.
    order = np.argsort(hashed, kind="stable")
    return hashed[order], numbers[order]
