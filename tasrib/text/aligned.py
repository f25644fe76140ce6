"""Text that remembers where each of its characters came from, so that a weight can be shown on the original."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

Replacement = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True)
class Aligned:
    """
    A rewritten text with the span of the original behind each character.

    Attributes
    ----------
    text : str
        The text as rewritten so far.
    starts, ends : tuple of int
        For character ``i`` of `text`, the original characters ``starts[i]:ends[i]`` that it stands for.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> Aligned:
        """Align a text with itself."""
        return cls(original, tuple(range(len(original))), tuple(range(1, len(original) + 1)))

    def translate(self, table: Mapping[int, str]) -> Aligned:
        """Replace each character by `table`'s string for it, as `str.translate` does."""
        whole = self.text.translate(table)
        # A table that makes its entries as they are asked for has them all now.
        if all(len(table.get(point, " ")) == 1 for point in set(map(ord, self.text))):
            return Aligned(whole, self.starts, self.ends)
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for character, start, end in zip(self.text, self.starts, self.ends, strict=True):
            try:
                new = table[ord(character)]
            except LookupError:
                new = character
            text.append(new)
            starts.extend([start] * len(new))
            ends.extend([end] * len(new))
        return Aligned("".join(text), tuple(starts), tuple(ends))

    def sub(self, pattern: re.Pattern[str], replacement: Replacement) -> Aligned:
        """
        Replace each match, as `re.sub` does; what replaces it stands for the whole of it.

        A replacement that is the match with some characters left out keeps each remaining character's own place.
        """
        if pattern.search(self.text) is None:
            return self
        text: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        position = 0
        # To expand a template takes much longer than to find the match.
        fixed = replacement if isinstance(replacement, str) and "\\" not in replacement else None
        for match in pattern.finditer(self.text):
            begin, stop = match.span()
            if fixed is None:
                new = match.expand(replacement) if isinstance(replacement, str) else replacement(match)
            else:
                new = fixed
            text += [self.text[position:begin], new]
            starts += self.starts[position:begin]
            ends += self.ends[position:begin]
            places = _subsequence(new, match.group()) if stop > begin else None
            if places is None:
                # The first character need not stand first in the original: text may have been turned round before.
                left, right = self.span(begin, stop) if stop > begin else self._gap(begin)
                starts += [left] * len(new)
                ends += [right] * len(new)
            else:
                starts += [self.starts[begin + i] for i in places]
                ends += [self.ends[begin + i] for i in places]
            position = stop
        text.append(self.text[position:])
        starts += self.starts[position:]
        ends += self.ends[position:]
        return Aligned("".join(text), tuple(starts), tuple(ends))

    def reordered(self, order: Sequence[int]) -> Aligned:
        """Read the characters in another order."""
        return Aligned(
            "".join([self.text[place] for place in order]),
            tuple([self.starts[place] for place in order]),
            tuple([self.ends[place] for place in order]),
        )

    def after(self, step: Mapping[int, str] | tuple[re.Pattern[str], Replacement] | list[int]) -> Aligned:
        """Take a step of `tasrib.text.normal_form`: a table, a pattern and what replaces it, or an order of reading."""
        if isinstance(step, Mapping):
            return self.translate(step)
        return self.reordered(step) if isinstance(step, list) else self.sub(*step)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original span behind the characters ``start:end`` of `text` (at least one character)."""
        return min(self.starts[start:end]), max(self.ends[start:end])

    def _gap(self, at: int) -> tuple[int, int]:
        place = self.starts[at] if at < len(self.starts) else (self.ends[-1] if self.ends else 0)
        return place, place


def _subsequence(short: str, long: str) -> list[int] | None:
    places = []
    at = -1
    for letter in short:
        at = long.find(letter, at + 1)
        if at < 0:
            return None
        places.append(at)
    return places
