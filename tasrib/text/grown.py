"""Arrays that grow in their place."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike


class Grown:
    """
    Values that are met some at a time, in one array that never lies in memory twice.

    Parameters
    ----------
    dtype : dtype
        Of the values.
    """

    def __init__(self, dtype: DTypeLike) -> None:
        self._room = np.empty(0, dtype)
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def add(self, values: np.ndarray) -> None:
        """Take further values."""
        stop = self._n + len(values)
        if stop > len(self._room):
            # Where the system can, it moves no byte; where it cannot, each is moved some ten times in all.
            self._room.resize(stop + stop // 8, refcheck=False)
        self._room[self._n : stop] = values
        self._n = stop

    @property
    def values(self) -> np.ndarray:
        """All values, to be read or changed before others are taken."""
        return self._room[: self._n]
