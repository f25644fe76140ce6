"""What was worked out of words before: nearly all words of a message stood in others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_LONGEST = 100
Value = TypeVar("Value")


class Remembered(dict[str, Value], Generic[Value]):
    """
    A function of strings that remembers what it said.

    Parameters
    ----------
    function : callable
        Of one string; the same for the same.
    most : int
        How many strings are remembered; once there are more, all are forgotten.

    Notes
    -----
    `functools.lru_cache` notes at each question which was asked last, in places far apart in memory: among 100,000 words that takes several
    times as long as to find the answer.
    """

    def __init__(self, function: Callable[[str], Value], most: int) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, key: str) -> Value:
        value = self._function(key)
        # What is longer is a link or no word at all, and hardly comes again.
        if len(key) > _LONGEST:
            return value
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
