"""Texts that are too many for memory, in a file, to be read again and brought into the order of the alphabet."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import BinaryIO, TypeAlias

import numpy as np

from tasrib.text.grown import Grown

Scratch: TypeAlias = Callable[[], BinaryIO]
"""Makes a file for what a work needs until it ends, such as `io.BytesIO` or `tempfile.TemporaryFile`."""

# No UTF-8 holds this byte: it ends a text.
_END = 0xFF
# Bytes that are compared, and bytes that are read, at a time.
_KEY, _BLOCK = 8, 1 << 22
# So many texts that begin alike are sorted in memory, once so many bytes are known to be alike.
_SORTED, _ALIKE = 50_000, 32
# Texts that are brought into order at a time, where they begin differently enough: more would need as many times their keys.
_RANGE = 250_000


class Stored:
    """
    Texts in a file, each with another that goes with it; in memory are 8 bytes of each.

    Parameters
    ----------
    scratch : callable
        Makes the file; in memory by default.
    """

    def __init__(self, scratch: Scratch = io.BytesIO) -> None:
        self._file = scratch()
        self._ends = Grown(np.int64)

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, texts: Sequence[str], beside: Sequence[str] | None = None) -> None:
        """
        Take further texts.

        Parameters
        ----------
        texts : sequence of str
            Any texts.
        beside : sequence of str, optional
            What goes with each; the text itself by default.
        """
        records = [
            _bytes(text) + b"\xff" + (_bytes(other) if other != text else b"")
            for text, other in zip(texts, texts if beside is None else beside, strict=True)
        ]
        begin = self._file.seek(0, io.SEEK_END)
        write_all(self._file, b"".join(records))
        self._ends.add(begin + np.cumsum(np.fromiter(map(len, records), np.int64, len(records))))

    def some(self, places: np.ndarray) -> list[str]:
        """
        Read texts.

        Parameters
        ----------
        places : numpy.ndarray of int
            Their places, in the order in which they were taken.

        Returns
        -------
        list of str
            The texts.
        """
        return [text for text, _ in self.both(places)]

    def both(self, places: np.ndarray) -> list[tuple[str, str]]:
        """
        Read texts, and what goes with each.

        Parameters
        ----------
        places : numpy.ndarray of int
            Their places.

        Returns
        -------
        list of (str, str)
            Text and what was given beside it.
        """
        found = []
        for begin, end in zip(self._begins(places).tolist(), self._ends.values[places].tolist(), strict=True):
            self._file.seek(begin)
            text, other = self._file.read(end - begin).split(b"\xff", 1)
            found.append((_text(text), _text(other or text)))
        return found

    def ranks(self) -> np.ndarray:
        """
        Bring the texts into the order of the alphabet.

        Returns
        -------
        numpy.ndarray of int32, shape (n,)
            How many texts come before each: the same for equal texts. The order is Python's, by code points.

        Notes
        -----
        Sorted by eight bytes of UTF-8 at a time, from the first ones on, as long as many texts have them in common: no more than these is in
        memory of each, and of a range of the alphabet only what its sorting takes.
        """
        rank = np.zeros(len(self), np.int32)
        begun = 0
        for tied in self._ranges():
            rank[tied] = begun
            begun += len(tied)
            self._sort(rank, tied)
        return rank

    def _ranges(self) -> Iterator[np.ndarray]:
        """The places of texts, of one range of the alphabet after the other."""
        if len(self) <= _RANGE:
            yield np.arange(len(self), dtype=np.int32)
            return
        keys = np.empty(len(self), np.uint64)
        for start in range(0, len(self), _RANGE):
            keys[start : start + _RANGE] = self._keys(np.arange(start, min(start + _RANGE, len(self))), 0)[0]
        # Ranges of much the same size, by a sample.
        sample = np.sort(keys[:: max(1, len(keys) // _RANGE)])
        edges = np.unique(sample[:: max(1, _RANGE * len(sample) // len(keys))][1:])
        for low, high in pairwise([None, *edges, None]):
            inside = np.ones(len(keys), bool) if low is None else keys >= low
            if high is not None:
                inside &= keys < high
            yield np.flatnonzero(inside).astype(np.int32)

    def _sort(self, rank: np.ndarray, tied: np.ndarray) -> None:
        """Rank texts that have one rank by now."""
        depth = 0
        while len(tied):
            if depth >= _ALIKE or len(tied) <= _SORTED:
                tied = self._sort_small(rank, tied)
            tied = self._sort_by_key(rank, tied, depth)
            depth += _KEY

    def _sort_by_key(self, rank: np.ndarray, tied: np.ndarray, depth: int) -> np.ndarray:
        """Rank texts that are alike up to some byte by the next ones; give those that are alike still."""
        key, length = self._keys(tied, depth)
        order = np.lexsort((length, key, rank[tied]))
        tied, key, length = tied[order], key[order], length[order]
        group = rank[tied]
        differs = (key[1:] != key[:-1]) | (length[1:] != length[:-1]) | (group[1:] != group[:-1])
        rank[tied] = group + _before(group, np.concatenate([[True], differs])[: len(tied)])
        # What has no equal is in its place, and so is what has ended.
        differs = np.concatenate([[True], differs, [True]])
        return tied[~(differs[:-1] & differs[1:])[: len(tied)] & (length == _KEY)]

    def _sort_small(self, rank: np.ndarray, tied: np.ndarray) -> np.ndarray:
        """Rank texts that are alike with few; give the others."""
        tied = tied[np.argsort(rank[tied], kind="stable")]
        begins = np.flatnonzero(np.diff(rank[tied], prepend=-1))
        sizes = np.diff(begins, append=len(tied))
        small = sizes <= _SORTED
        mine = tied[np.repeat(small, sizes)]
        ends = np.cumsum(sizes[small])
        start = 0
        while start < len(mine):
            # Whole groups.
            stop = int(ends[np.searchsorted(ends, start + _SORTED, "right") - 1])
            some = mine[start:stop]
            texts, group = self.some(some), rank[some].tolist()
            order = sorted(range(len(some)), key=lambda at: (group[at], texts[at]))
            differs = [group[a] != group[b] or texts[a] != texts[b] for a, b in zip(order[1:], order, strict=False)]
            rank[some[order]] = rank[some] + _before(rank[some], np.array([True, *differs]))
            start = stop
        return tied[np.repeat(~small, sizes)]

    def _keys(self, places: np.ndarray, depth: int) -> tuple[np.ndarray, np.ndarray]:
        """Of each text the bytes from some depth on, as a number, and how many they are."""
        key, length = np.zeros(len(places), np.uint64), np.zeros(len(places), np.uint8)
        by_place = np.argsort(places)
        start = 0
        while start < len(places):
            some = by_place[start : start + _BLOCK // _KEY]
            begins, ends = self._begins(places[some]), self._ends.values[places[some]]
            n = max(1, int(np.searchsorted(ends, begins[0] + _BLOCK)))
            some, begins, ends = some[:n], begins[:n] - begins[0] + depth, ends[:n] - begins[0]
            self._file.seek(int(self._begins(places[some[:1]])[0]))
            data = np.frombuffer(self._file.read(int(ends[-1])), np.uint8)
            goes_on = np.ones(n, bool)
            for at in range(_KEY):
                byte = data[np.minimum(begins + at, ends - 1)]
                goes_on &= (begins + at < ends) & (byte != _END)
                key[some] = (key[some] << np.uint64(8)) | np.where(goes_on, byte, 0).astype(np.uint64)
                length[some] += goes_on
            start += n
        return key, length

    def _begins(self, places: np.ndarray) -> np.ndarray:
        return np.where(places > 0, self._ends.values[places - 1], 0)


def write_all(file: BinaryIO, data: bytes | memoryview) -> None:
    """
    Write to a file without a buffer, which may take less at a time than it is given: what of it there is room for on a disk that is full.

    Parameters
    ----------
    file : binary file
        Where its place is.
    data : bytes or memoryview
        All that is to be written.

    Raises
    ------
    OSError
        When there is no room.
    """
    left = memoryview(data)
    if left.nbytes:
        left = left.cast("B")
    while len(left):
        left = left[file.write(left) :]


def _before(group: np.ndarray, differs: np.ndarray) -> np.ndarray:
    """How many of its group come before each of sorted texts, given which differ from the one before them."""
    at = np.arange(len(group), dtype=np.int32)
    opens = np.concatenate([[True], group[1:] != group[:-1]])[: len(group)]
    return np.maximum.accumulate(np.where(differs, at, 0)) - np.maximum.accumulate(np.where(opens, at, 0))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _text(record: bytes) -> str:
    return record.decode("utf-8", "surrogatepass")
