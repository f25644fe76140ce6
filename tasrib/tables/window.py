"""Lines of a text that is never held as a whole: those at work and those ahead of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

# Lines that are forgotten at a time: to do so line by line would take longer than to read them.
_MANY = 4_096


class Window:
    """
    Lines by their number, the earlier ones forgotten.

    Parameters
    ----------
    lines : iterable of str
        With their ends.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._source: Iterator[str] = iter(lines)
        self._held: list[str] = []
        self._begin = 0

    def reaches(self, number: int) -> bool:
        """
        Tell whether there is a line.

        Parameters
        ----------
        number : int
            From 0; not one that was forgotten.

        Returns
        -------
        bool
            False beyond the end.
        """
        missing = number - self._begin - len(self._held) + 1
        while missing > 0:
            line = next(self._source, None)
            if line is None:
                return False
            self._held.append(line)
            missing -= 1
        return True

    def __getitem__(self, number: int) -> str:
        at = number - self._begin
        if at >= len(self._held) and not self.reaches(number):
            raise IndexError(number)
        return self._held[at]

    def between(self, start: int, stop: int) -> list[str]:
        """
        Take several lines.

        Parameters
        ----------
        start, stop : int
            The first, and the one after the last.

        Returns
        -------
        list of str
            Fewer where the text ends before.
        """
        self.reaches(stop - 1)
        return self._held[start - self._begin : stop - self._begin]

    def forget(self, before: int) -> None:
        """
        Give up lines that nobody asks for again.

        Parameters
        ----------
        before : int
            The first line that may still be asked for.
        """
        if before - self._begin >= _MANY:
            del self._held[: before - self._begin]
            self._begin = before
