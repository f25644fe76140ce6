"""Cells as databases write them: quotes, line ends and backslashes stand behind a backslash."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence

from tasrib.tables.window import Window

_SAMPLE = 1_000
MOST_LINES = 200  # of one record
_MOST_TRIES = 5
# MySQL reference manual, "LOAD DATA": what a backslash stands before, and for what.
_MEANT = {"0": "", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a"}
_PAIR = re.compile(r"\\(.)", re.DOTALL)
_QUOTES_ONLY = re.compile(r'\\(["])')
_KNOWN = frozenset("\\\"'0bnrtZN%_\r\n")


class Marked:
    """The first lines of a text that have a backslash, each with those below it that its record may go on to."""

    def __init__(self) -> None:
        self.lines: list[list[str]] = []
        self._open: list[list[str]] = []

    def add(self, line: str) -> None:
        """
        Take the next line.

        Parameters
        ----------
        line : str
            With its end.
        """
        if "\\" in line and len(self.lines) < _SAMPLE:
            self.lines.append([])
            self._open.append(self.lines[-1])
        if self._open:
            for lines in self._open:
                lines.append(line)
            # They were opened one after the other.
            if len(self._open[0]) == MOST_LINES:
                del self._open[0]


class Backslashes:
    """
    How a file uses its backslashes, by what gives its lines the right number of cells.

    Parameters
    ----------
    marked : sequence of list of str
        Lines with a backslash, each with those below it, as from `Marked`.
    delimiter : str
        What stands between cells.
    width : int
        Cells of the header.
    """

    def __init__(self, marked: Sequence[list[str]], delimiter: str, width: int) -> None:
        self.delimiter, self.width = delimiter, width
        mark = re.escape(delimiter)
        self._cell = re.compile(
            rf'"((?:[^"\\]|\\.|"")*+)"(?={mark}|[\r\n]*\Z)|((?:[^{mark}"\\\r\n]|\\.)(?:[^{mark}\\\r\n]|\\.)*+|)',
            re.DOTALL,
        )
        self.is_used = self.is_everywhere = False
        if not marked or width < 1:
            return
        plain = [self._is_plain(lines[0]) for lines in marked]
        self.is_used = any(not good and self._read(lines) for lines, good in zip(marked, plain, strict=True))
        # Who writes a backslash before other characters, or before the quote that ends a cell, does not mean them to be taken away.
        self.is_everywhere = (
            self.is_used
            and all(char in _KNOWN or char == delimiter for lines in marked for char in _PAIR.findall(lines[0]))
            and not any(good and self._read(lines) is None for lines, good in zip(marked, plain, strict=True))
        )

    def undone(self, cell: str) -> str:
        """
        Take backslashes away.

        Parameters
        ----------
        cell : str
            As it stands in the file.

        Returns
        -------
        str
            As it was before; the same where the file means its backslashes.
        """
        if not self.is_everywhere:
            return cell
        return _PAIR.sub(lambda pair: _MEANT.get(pair[1], pair[1]), cell)

    def record(self, lines: Window, start: int) -> tuple[list[str], int] | None:
        """
        Read a record with backslashes.

        Parameters
        ----------
        lines : Window
            The file.
        start : int
            The line on which it begins.

        Returns
        -------
        tuple of list of str and int, or None
            Its cells and the line after it; None where that does not give the right number of cells.
        """
        if not self.is_used:
            return None
        found = self._read(lines.between(start, start + MOST_LINES))
        return found and (found[0], start + found[1])

    def _is_plain(self, line: str) -> bool:
        try:
            return len(next(csv.reader([line], delimiter=self.delimiter, strict=True), [])) == self.width
        except csv.Error:
            return False

    def _read(self, lines: Sequence[str]) -> tuple[list[str], int] | None:
        """The cells of the record that begins on the first line, and its lines; None where there is none of the right width."""
        tries = 0
        for last, line in enumerate(lines):
            bare = line.rstrip("\r\n")
            if (len(bare) - len(bare.rstrip("\\"))) % 2 and bare != line:
                continue
            if last and '"' not in line and not lines[last - 1].rstrip("\r\n").endswith("\\"):
                continue
            text = "".join(lines[: last + 1])
            cells = self._cells(text)
            if cells is not None:
                return (cells, last + 1) if len(cells) == self.width and "\\" in text else None
            tries += 1
            if tries > _MOST_TRIES:
                break
        return None

    def _cells(self, text: str) -> list[str] | None:
        """None for what ends within a cell."""
        cells, at = [], 0
        while True:
            cell = self._cell.match(text, at)
            if cell is None:
                return None
            quoted, bare = cell.groups()
            if quoted is not None:
                cells.append(self._quoted(quoted))
            else:
                cells.append("" if bare == "\\N" else self._bare(bare))
            at = cell.end()
            if not text[at:].strip("\r\n"):
                return cells
            if text[at] != self.delimiter:
                return None
            at += 1

    def _bare(self, cell: str) -> str:
        return self.undone(cell) if self.is_everywhere else cell.replace(f"\\{self.delimiter}", self.delimiter)

    def _quoted(self, cell: str) -> str:
        if self.is_everywhere:
            return self.undone(cell).replace('""', '"')
        return _QUOTES_ONLY.sub(r"\1", cell).replace('""', '"')
