"""The folder beside an output in which a long run keeps what it has done, and the note of what it was doing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tasrib.errors import TasribError
from tasrib.streaming.parts import PREFIX, SUFFIX, InFolder
from tasrib.tables.files import replace_file
from tasrib.tables.litter import sweep

_ENDING = ".unfinished"
_JOURNAL, _README = "journal.json", "README.txt"
_OURS = re.compile(rf"{_JOURNAL}|{_README}|{PREFIX}\d{{6}}{re.escape(SUFFIX)}|\.tasrib-[0-9a-f-]+\.part")
_TEXT = (
    "What `tasrib score` has done so far of a long run: complaints with telephone numbers, so keep it as you keep them.\n"
    "If the run was broken off, give the same command with --resume, and it goes on from here. The folder goes when it is done.\n"
    "To give the run up, remove the folder.\n"
)
_SAID = {
    "inputs": "the files that are scored",
    "settings": "the options",
    "model": "the model",
    "key_fingerprint": "the pseudonym key",
    "made_by": "the release of tasrib",
}


class WorkFolder:
    """
    Keeps what a run has done.

    Parameters
    ----------
    output : str or Path
        The file that the run is to write.
    """

    def __init__(self, output: str | Path) -> None:
        self.output = Path(output)
        self.path = self.output.with_name(self.output.name + _ENDING)
        self.parts = InFolder(self.path)
        self._held: int | None = None

    def is_there(self) -> bool:
        """
        Tell whether a run was broken off.

        Raises
        ------
        TasribError
            When something else bears the folder's name.
        """
        if not os.path.lexists(self.path):
            return False
        if self.path.is_symlink() or not self.path.is_dir():
            raise TasribError(f"{self.path} is in the way; move it, or name another output")
        try:
            names = [path.name for path in self.path.iterdir()]
        except OSError as error:
            raise TasribError(f"{self.path} cannot be read: {error.strerror}; name another output") from None
        if _JOURNAL in names:
            return True
        if all(map(_OURS.fullmatch, names)):
            # Broken off before anything was done, unless it begins at this moment.
            with self.alone():
                self.remove()
            return False
        raise TasribError(f"{self.path} is in the way; move it, or name another output")

    def refuse_leftovers(self) -> None:
        """
        Refuse to begin anew where a run was broken off.

        Raises
        ------
        TasribError
            When one was.
        """
        if self.is_there():
            self.refuse_another()
            raise TasribError(
                f"{self.path} holds what a run that was broken off has done; go on with it by --resume, or remove that folder to begin anew"
            )

    def refuse_another(self) -> None:
        """
        Refuse to touch the folder of a run that is at work.

        Raises
        ------
        TasribError
            When another run is at work in it.
        """
        with self.alone():
            pass

    def begin(self, journal: Mapping[str, Any]) -> None:
        """
        Make the folder.

        Parameters
        ----------
        journal : mapping
            What the run does: all that its result depends on.
        """
        try:
            self.path.mkdir(mode=0o700)
        except OSError as error:
            raise TasribError(f"the folder {self.path} cannot be made: {error.strerror}; name another output") from None
        self._lock()
        replace_file(self.path / _JOURNAL, json.dumps(journal, ensure_ascii=True, indent=2) + "\n", private=True)
        replace_file(self.path / _README, _TEXT, private=True)

    def journal(self) -> dict[str, Any]:
        """
        Read what the run that was broken off did.

        Raises
        ------
        TasribError
            When it cannot be read.
        """
        try:
            found = json.loads((self.path / _JOURNAL).read_bytes())
            if isinstance(found, dict):
                return found
        except (OSError, ValueError):
            pass
        raise TasribError(f"{self.path} is damaged, so that the run cannot go on; remove it to begin anew")

    def check_same(self, wanted: Mapping[str, Any]) -> None:
        """
        Refuse to go on with another work.

        Parameters
        ----------
        wanted : mapping
            The journal that this run would begin.

        Raises
        ------
        TasribError
            When its result would be another.
        """
        found = self.journal()
        # As it is after a way through JSON.
        wanted = json.loads(json.dumps(wanted))
        other = [said for name, said in _SAID.items() if found.get(name) != wanted.get(name)]
        if other:
            raise TasribError(
                f"{self.path} is of another run, and these are not the same: {', '.join(other)}; give the same command as then, or remove that "
                "folder to begin anew"
            )
        sweep(self.path)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """
        Keep another run out of the folder.

        Yields
        ------
        None
            While the other would be refused; where a system has no such locks, nobody is.

        Raises
        ------
        TasribError
            When another run is at work in it.
        """
        self._lock()
        try:
            yield
        finally:
            if self._held is not None:
                os.close(self._held)
                self._held = None

    def _lock(self) -> None:
        """Hold the folder, from the moment that it is there: the journal comes later."""
        if sys.platform == "win32" or self._held is not None:
            return
        import fcntl

        said = f"another run is at work on {self.output}; wait for it, or name another output"
        try:
            held = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            raise TasribError(said) from None
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(held)
            raise TasribError(said) from None
        except OSError:
            # A disk without locks.
            pass
        self._held = held

    def remove(self) -> None:
        """Take the folder away; what somebody else put into it stays, and the folder with it."""
        with contextlib.suppress(OSError):
            ours = [path for path in self.path.iterdir() if _OURS.fullmatch(path.name)]
            # The journal last: without it nothing would be known of the rest.
            for path in sorted(ours, key=lambda path: path.name == _JOURNAL):
                path.unlink()
            self.path.rmdir()
