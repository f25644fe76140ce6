"""Files found again by their content: people rename them, and systems spell names in ways of their own."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

from tasrib.case.hashes import Digest
from tasrib.errors import TasribError


def same_name(one: str, other: str) -> bool:
    """
    Tell whether two names are one.

    Parameters
    ----------
    one, other : str
        Names of files.

    Returns
    -------
    bool
        Also where a Mac took an accent off its letter, or an old disk wrote capitals.
    """
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


class Shelf:
    """
    Files among which others are looked for.

    Parameters
    ----------
    folders : iterable of Path
        Where files lie, the nearest first; folders within them are not looked into.
    deep : iterable of Path
        Folders that are looked into with all that is below them, and files.
    """

    def __init__(self, folders: Iterable[Path], deep: Iterable[Path] = ()) -> None:
        self._paths: dict[Path, int] = {}
        self._digests: dict[Path, Digest | None] = {}
        for folder in folders:
            self._add(_files_in(folder))
        for place in deep:
            self._add(sorted(place.rglob("*")) if place.is_dir() else [place])

    def _add(self, paths: Iterable[Path]) -> None:
        for path in paths:
            try:
                if path.is_file():
                    self._paths.setdefault(path, path.stat().st_size)
            except OSError:
                continue

    def find(self, digest: Digest, name: str) -> Path | None:
        """
        Find a file by what it holds.

        Parameters
        ----------
        digest : Digest
            Its hash and size.
        name : str
            What it was called; files of that name are looked at first.

        Returns
        -------
        pathlib.Path or None
            None where no file has that content.
        """
        alike = [path for path, size in self._paths.items() if size == digest.size]
        alike.sort(key=lambda path: not same_name(path.name, name))
        return next((path for path in alike if self._digest(path) == digest), None)

    def called(self, name: str) -> Path | None:
        """Find the nearest file by its name, whatever it holds."""
        return next((path for path in self._paths if same_name(path.name, name)), None)

    def _digest(self, path: Path) -> Digest | None:
        if path not in self._digests:
            try:
                self._digests[path] = Digest.of_file(path)
            except TasribError:
                self._digests[path] = None
        return self._digests[path]


def _files_in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
