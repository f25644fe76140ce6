"""Which of many texts were met before, in 20 bytes each: ids and complaints of any number of rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import pairwise

import numpy as np

_BYTES = 16
# Texts are parted by the first bits of their hash: only one of so many parts lies in memory twice while it is sorted anew.
_PARTS = 64


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
        self._parts = [_Runs() for _ in range(_PARTS)]

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
        for part, rows in _parted(hashed):
            found[rows] = self._parts[part].first(hashed[rows])
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
        numbers = numbers.astype(np.int32 if numbers.max() < 2**31 else np.int64)
        for part, rows in _parted(hashed):
            self._parts[part].add(hashed[rows], numbers[rows])

    def isdisjoint(self, texts: Iterable[str]) -> bool:
        """Whether none of these texts was met."""
        return not any(part.runs for part in self._parts) or bool((self.first(digests(texts)) < 0).all())

    def update(self, texts: Iterable[str]) -> None:
        """Take in texts, whatever their numbers."""
        hashed = digests(texts)
        self.add(hashed, np.zeros(len(hashed), np.int64))


class _Runs:
    """Sorted runs, each at least as long as all after it, so that few are searched and few are merged."""

    def __init__(self) -> None:
        self.runs: list[tuple[np.ndarray, np.ndarray]] = []

    def first(self, hashed: np.ndarray) -> np.ndarray:
        found = np.full(len(hashed), -1)
        for known, numbers in self.runs:
            place = np.minimum(np.searchsorted(known, hashed), len(known) - 1)
            new = (found < 0) & (known[place] == hashed)
            found[new] = numbers[place[new]]
        return found

    def add(self, hashed: np.ndarray, numbers: np.ndarray) -> None:
        self.runs.append(_sorted(hashed, numbers))
        while len(self.runs) > 1 and len(self.runs[-2][0]) <= len(self.runs[-1][0]):
            later, earlier = self.runs.pop(), self.runs.pop()
            self.runs.append(_sorted(*(np.concatenate(both) for both in zip(earlier, later, strict=True))))


def _parted(hashed: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Which of some hashes are of which part, in their order."""
    part = np.ascontiguousarray(hashed).view(np.uint8).reshape(-1, _BYTES)[:, 0] % _PARTS
    order = np.argsort(part, kind="stable")
    bounds = np.searchsorted(part[order], np.arange(_PARTS + 1))
    yield from ((number, order[start:stop]) for number, (start, stop) in enumerate(pairwise(bounds)) if start < stop)


def _sorted(hashed: np.ndarray, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    # Stable: the earlier of equal ones stays the first; and quick where two sorted runs are put together.
    order = np.argsort(hashed, kind="stable")
    return hashed[order], numbers[order]
